//! The table of `docs/emulator.md` against the tests that it names: whoever reads there that the org does something
//! finds the test that shows it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every source file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let own = files.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    own.chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

fn module(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).expect("a name")
}

/// The tests in a file, as `module::name`. What stands between the attribute and the function is skipped.
fn tests_in(path: &Path) -> BTreeSet<String> {
    let text = text(path);
    let behind = text.split("::test]").skip(1).chain(text.split("#[test]").skip(1));
    let behind = behind.chain(text.split("::test(").skip(1));
    let names = behind.filter_map(|rest| rest.split_once("fn ")?.1.split_once('('));
    names.map(|(name, _)| format!("{}::{name}", module(path))).collect()
}

/// The tests that the rows of the table name.
fn named() -> BTreeSet<String> {
    let document = text(&at("../../docs/emulator.md"));
    let rows = document.lines().filter(|line| line.starts_with('|'));
    let quoted = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    quoted.filter(|word| is_test(word)).map(str::to_owned).collect()
}

fn is_test(word: &str) -> bool {
    let plain = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    word.split_once("::").is_some_and(|(module, name)| !module.is_empty() && plain(module) && plain(name))
}

#[test]
fn every_test_that_the_table_names_is_there() {
    let files = [sources(&at("tests/it")), sources(&at("src"))].concat();
    let there: BTreeSet<_> = files.iter().flat_map(|file| tests_in(file)).collect();
    let named = named();
    assert!(named.len() > 80, "the table names only {} tests", named.len());
    let missing: Vec<_> = named.difference(&there).collect();
    assert!(missing.is_empty(), "docs/emulator.md names tests that are not there: {missing:#?}");
}

#[test]
fn every_subject_has_a_row() {
    let named = named();
    let rows: BTreeSet<_> = named.iter().filter_map(|test| test.split("::").next()).collect();
    let files = sources(&at("tests/it"));
    let subjects = files.iter().filter(|file| !tests_in(file).is_empty()).map(|file| module(file));
    let missing: Vec<_> = subjects.filter(|subject| !rows.contains(subject)).collect();
    assert!(missing.is_empty(), "docs/emulator.md has no row for the tests of {missing:?}");
}
