//! Files that nobody can be read from, each with what it is and what to do.

use crate::world::{World, people};

/// An import of these bytes, refused with this code and these words; nothing stays behind.
fn refused(bytes: impl AsRef<[u8]>, code: i32, words: &[&str]) {
    let world = World::free();
    world.write("people.csv", bytes.as_ref());
    for command in ["import", "plan"] {
        world.muster(&[command, "--yes", "people.csv"]).refused(code, words);
    }
    assert!(world.is_untouched());
    let runs = std::fs::read_dir(world.path("muster/runs"));
    assert_eq!(runs.map_or(0, Iterator::count), 0, "a refused source leaves no run");
}

#[test]
fn no_file() {
    let world = World::free();
    world
        .muster(&["import", "--yes", "nobody.csv"])
        .refused(1, &["there is no file nobody.csv", "standard input"]);
    world.muster(&["plan", "home"]).refused(1, &["home is a directory"]);
}

#[test]
fn an_empty_file() {
    refused("", 1, &["people.csv is empty", "header"]);
    refused("\n \n\n", 1, &["people.csv is empty"]);
}

#[test]
fn a_header_alone() {
    refused("email,firstName,lastName\n", 1, &["no people below the header", "line 1"]);
}

#[test]
fn no_header() {
    refused("ada@example.com,Ada,Byron\nbob@example.com,Bob,Ray\n", 1, &["first line", "header", "column 1"]);
}

#[test]
fn a_header_without_a_login() {
    refused("firstName,lastName\nAda,Byron\n", 2, &["login", "email", "firstName, lastName"]);
}

#[test]
fn a_header_that_says_it_twice() {
    refused(
        "email,email,lastName\na@example.com,b@example.com,B\n",
        1,
        &["the same name", "column 1 and in column 2"],
    );
    refused("email,E-MAIL,EMAIL\na@example.com,b@example.com,B\n", 2, &["email", "EMAIL"]);
}

#[test]
fn other_kinds_of_files() {
    refused(b"PK\x03\x04\x14\0\x06\0\x08\0xl/workbook.xml", 1, &["people.csv", "expected CSV or NDJSON"]);
    refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0", 1, &["people.csv", "expected CSV or NDJSON"]);
    let noise: Vec<u8> = (0..4096_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    refused(noise, 1, &["people.csv"]);
    refused("[{\"email\": \"a@example.com\"}]", 1, &["JSON array", "jq -c '.[]' people.csv"]);
}

#[test]
fn compressed_and_cut_short() {
    let whole = zstd::encode_all(people(500).as_bytes(), 3).unwrap();
    refused(&whole[..whole.len() / 2], 1, &["people.csv", "cut short"]);
}

#[test]
fn a_quote_that_is_never_closed() {
    refused(
        "email,firstName,lastName\na@example.com,\"Ada,Byron\nb@example.com,Bob,Ray\n",
        1,
        &["line 2", "quote"],
    );
}

#[test]
fn nothing_on_standard_input() {
    let world = World::free();
    world.muster_fed(&["plan", "-"], "").refused(1, &["empty"]);
    assert_eq!(std::fs::read_dir(world.path("tmp")).unwrap().count(), 0, "no copy stays behind");
    world.muster_fed(&["import", "--yes", "-"], "").refused(1, &["empty"]);
    assert!(world.is_untouched());
}

#[test]
fn a_refused_stream_leaves_no_copy_of_it() {
    let world = World::free();
    world
        .muster_fed(&["import", "--yes", "-"], "firstName,password\nAda,Tr0mbone-quay\n")
        .refused(2, &["login"]);
    world.muster_fed(&["plan", "-"], people(3)).hides(&["error"]);
    assert_eq!(std::fs::read_dir(world.path("tmp")).unwrap().count(), 0);
    let runs = std::fs::read_dir(world.path("muster/runs"));
    assert_eq!(runs.map_or(0, Iterator::count), 0);
}
