//! A lint is never switched off for good: `#[expect]` says why, and speaks up when it is needed no more.

use crate::finding::Finding;
use crate::rust_code::RustCode;
use crate::tree::Tree;

/// Checks all Rust, tests as well.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, code) in tree.rust() {
        found
            .extend(breaches(code).into_iter().map(|(line, message)| Finding::at(&file.path, line, message)));
    }
    found
}

fn breaches(code: &RustCode) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (at, _) in code.code().match_indices('#') {
        let Some(attribute) = attribute(code.code().get(at..).unwrap_or_default()) else { continue };
        let line = 1 + code.code().get(..at).unwrap_or_default().matches('\n').count();
        let switched = |word: &str| attribute.starts_with(word) || attribute.contains(&format!(",{word}"));
        if switched("allow(") {
            found.push((
                line,
                "`allow` stays when its reason is gone; write `#[expect(lint, reason = \"…\")]`",
            ));
        }
        if switched("expect(") && !attribute.contains("reason=") {
            found.push((
                line,
                "an `expect` without a reason can't be judged by the next reader; add `reason = \"…\"`",
            ));
        }
    }
    found
}

/// What stands between the brackets of an attribute, without blanks.
fn attribute(rest: &str) -> Option<String> {
    let rest = rest.strip_prefix('#')?;
    let rest = rest.strip_prefix('!').unwrap_or(rest).trim_start().strip_prefix('[')?;
    let mut depth = 1_usize;
    let inside = rest.chars().take_while(|letter| {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > 0
    });
    Some(inside.filter(|letter| !letter.is_whitespace()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::places;

    #[test]
    fn lints_are_switched_off_with_a_reason_or_not_at_all() {
        let text =
            "#![allow(dead_code)]\n#[expect(\n    clippy::exit\n)]\n#[cfg_attr(test, allow(unused))]\n";
        assert_eq!(
            places(check, "crates/a/src/lib.rs", text),
            ["crates/a/src/lib.rs:1", "crates/a/src/lib.rs:2", "crates/a/src/lib.rs:5"]
        );
    }

    #[test]
    fn a_reason_is_enough() {
        let text = "#[expect(clippy::exit, reason = \"a ] in it\")]\n// #[allow(x)]\nlet a = \"#[allow(x)]\"; a[0].allow(); #[doc(allow)]\n";
        assert!(places(check, "crates/a/tests/it/main.rs", text).is_empty());
    }
}
