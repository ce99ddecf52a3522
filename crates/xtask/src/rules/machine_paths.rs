//! Nothing in the project points at one machine.

use crate::finding::Finding;
use crate::tree::Tree;

/// Folders that exist on somebody's machine. Written in halves, or this file would break its own rule.
const FOLDERS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tmp/", "target")];

/// Checks all files.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in &tree.files {
        for (line, text) in (1..).zip(file.text.lines()) {
            if let Some(folder) = FOLDERS.iter().find(|folder| names(text, folder)) {
                let message = format!(
                    "`{folder}` is a path of one machine, and nobody else has it; use one from the project's root"
                );
                found.push(Finding::at(&file.path, line, message));
            }
        }
    }
    found
}

/// Whether it is there as the start of a path, not as the rest of one.
fn names(text: &str, folder: &str) -> bool {
    let inner = |letter: char| letter.is_alphanumeric() || "._-".contains(letter);
    text.match_indices(folder).any(|(at, _)| !text.get(..at).is_some_and(|before| before.ends_with(inner)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::places;

    #[test]
    fn paths_of_a_machine_are_found_everywhere() {
        for folder in FOLDERS {
            let text = format!("fine\ncd \"{folder}here\"\nframe{folder}here\n");
            assert_eq!(places(check, "scripts/test", &text), ["scripts/test:2"]);
            assert_eq!(places(check, "crates/a/src/lib.rs", &text), ["crates/a/src/lib.rs:2"]);
        }
    }
}
