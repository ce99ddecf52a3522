//! The page about notations names each of them, once, and no other.

use std::collections::BTreeSet;

use muster_core::credential::Notation;

const PAGE: &str = include_str!("../../../../docs/passwords.md");

#[test]
fn the_table_names_exactly_the_notations() {
    let table = PAGE.split("## Notations").nth(1).expect("the table").split("\n## ").next().expect("its end");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let rows: Vec<&str> = rows.collect();
    let names: BTreeSet<&str> = Notation::ALL.into_iter().map(Notation::as_str).collect();
    assert_eq!(rows.iter().copied().collect::<BTreeSet<_>>(), names);
    assert_eq!(rows.len(), Notation::ALL.len());
}

#[test]
fn every_notation_has_a_name_of_its_own() {
    let names: BTreeSet<_> = Notation::ALL.into_iter().map(Notation::as_str).collect();
    assert_eq!(names.len(), Notation::ALL.len());
    for notation in Notation::ALL {
        assert_eq!(Notation::from_name(notation.as_str()), Some(notation));
        assert_eq!(Notation::from_name(&notation.as_str().to_uppercase().replace('-', "_")), Some(notation));
    }
    assert_eq!(Notation::from_name("rot13"), None);
}
