//! Only the binary prints, exits and reads the environment.

use crate::finding::Finding;
use crate::tree::Tree;

/// Who may.
const ROOMS: &[&str] = &["muster", "xtask"];
/// What it looks like, and why it is the binary's.
const DOORS: &[(&str, &str)] = &[
    ("println!", PRINTS),
    ("print!", PRINTS),
    ("eprintln!", PRINTS),
    ("eprint!", PRINTS),
    ("process::exit", EXITS),
    ("env::var", READS),
    ("env::args", READS),
    ("env::{", READS),
];
const PRINTS: &str =
    "only the binary prints, or `--output json` would not be alone on stdout; return it, or log it";
const EXITS: &str = "only the binary exits, or the books would be left open; return an error";
const READS: &str = "only the binary reads the environment, so that `--show-settings` tells everything; take it as an argument";

/// Checks product code.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, code) in tree.rust().filter(|(file, _)| file.is_product()) {
        if file.crate_name().is_some_and(|name| ROOMS.contains(&name)) {
            continue;
        }
        for (word, why) in DOORS {
            let lines = code.lines_with(word).into_iter();
            found.extend(lines.map(|line| Finding::at(&file.path, line, format!("`{word}`: {why}"))));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::places;

    #[test]
    fn doors_are_found_in_other_rooms() {
        for (word, _) in DOORS {
            let text = format!("// {word}\nstd::{word}(\"\");\nwrite(\"{word}\");\n");
            let path = "crates/muster-engine/src/lib.rs";
            assert_eq!(places(check, path, &text), [format!("{path}:2")], "{word}");
            for free in [
                "crates/muster/src/main.rs",
                "crates/xtask/src/main.rs",
                "crates/muster-engine/tests/it/main.rs",
            ] {
                assert!(places(check, free, &text).is_empty(), "{word} in {free}");
            }
        }
        assert!(places(check, "crates/muster-okta/src/lib.rs", "writeln!(out, env!(\"X\"))").is_empty());
    }
}
