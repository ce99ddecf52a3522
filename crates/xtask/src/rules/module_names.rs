//! A module is named by what it holds.

use crate::finding::Finding;
use crate::rust_code::RustCode;
use crate::tree::Tree;

/// Names that fit everything and so say nothing.
const NAMELESS: &[&str] = &["common", "helper", "helpers", "misc", "util", "utils"];

/// Checks files, folders, and modules within files.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, code) in tree.rust() {
        let path = file.path.trim_end_matches(".rs");
        let mut names = path.split('/');
        if let Some(name) = names.find(|name| NAMELESS.contains(name)) {
            found.push(Finding::of(&file.path, message(name)));
        }
        found.extend(
            inline(code).into_iter().map(|(line, name)| Finding::at(&file.path, line, message(name))),
        );
    }
    found
}

/// Modules with a body; the others have a file.
fn inline(code: &RustCode) -> Vec<(usize, &'static str)> {
    let nameless = NAMELESS
        .iter()
        .flat_map(|name| code.lines_with(&format!("mod {name} {{")).into_iter().map(|line| (line, *name)));
    nameless.collect()
}

fn message(name: &str) -> String {
    format!(
        "a module named `{name}` collects whatever comes by; name it by what it holds, or put it where it is used"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::places;

    #[test]
    fn nameless_modules_are_found() {
        for path in ["crates/a/src/utils.rs", "crates/a/src/common/mod.rs", "crates/a/tests/it/helpers.rs"] {
            assert_eq!(places(check, path, ""), [path]);
        }
        assert_eq!(places(check, "crates/a/src/lib.rs", "\npub mod misc { }"), ["crates/a/src/lib.rs:2"]);
        assert!(places(check, "crates/a/src/commons.rs", "mod miscellany { } // mod misc { }").is_empty());
    }
}
