//! SQL stands in one room.

use crate::finding::Finding;
use crate::rust_code::RustCode;
use crate::tree::Tree;

/// Who may hold it.
const ROOMS: &[&str] = &["muster-ledger"];
/// How statements start; `DELETE` alone is HTTP.
const STARTS: &[&str] = &["SELECT", "INSERT", "UPDATE", "DELETE FROM", "CREATE", "PRAGMA", "WITH"];

/// Checks the literals of product code, and files of SQL.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    let elsewhere = |name: Option<&str>| name.is_some_and(|name| !ROOMS.contains(&name));
    for file in tree.files.iter().filter(|file| file.is_product() && elsewhere(file.crate_name())) {
        let message = "SQL outside of muster-ledger: only the books know how they are kept; give the ledger a method for it";
        if file.extension() == Some("sql") {
            found.push(Finding::of(&file.path, message));
        }
        let literals = file.rust.iter().flat_map(RustCode::literals);
        let statements = literals.filter(|literal| is_statement(&literal.text));
        found.extend(statements.map(|literal| Finding::at(&file.path, literal.line, message)));
    }
    found
}

fn is_statement(literal: &str) -> bool {
    let body = literal.trim_start_matches(['r', '#', '"']).trim_start_matches(['\\', '\n', ' ']);
    let starts =
        |start: &&str| body.strip_prefix(*start).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    STARTS.iter().any(starts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::places;

    const TEXT: &str = "a(\"SELECT 1\");\nb(r#\"\n  INSERT INTO x\"#);\nc(\"please SELECT one\"); // \"SELECT 1\"\n#[cfg(test)]\nmod tests { const A: &str = \"SELECT 1\"; }\n";

    #[test]
    fn sql_is_found_outside_of_the_books() {
        let path = "crates/muster-engine/src/a.rs";
        assert_eq!(places(check, path, TEXT), [format!("{path}:1"), format!("{path}:2")]);
        assert_eq!(places(check, "crates/muster/src/a.sql", ""), ["crates/muster/src/a.sql"]);
    }

    #[test]
    fn the_books_and_tests_may() {
        for path in ["crates/muster-ledger/src/a.rs", "crates/muster-engine/tests/it/a.rs", "docs/a.sql"] {
            assert!(places(check, path, TEXT).is_empty(), "{path}");
        }
    }
}
