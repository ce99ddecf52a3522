//! The same people in every dress that text comes in: their names arrive right.

use std::io::Write;

use crate::world::World;

const NAMES: [(&str, &str); 3] = [("Jürgen", "Müller"), ("José", "Núñez"), ("Łukasz", "Żółw")];

/// The people, at a domain that tells the tests apart.
fn rows(domain: &str, delimiter: &str, line_end: &str, people: &[(&str, &str)]) -> String {
    let header = ["email", "firstName", "lastName"].join(delimiter);
    let rows = people.iter().enumerate().map(|(at, (first, last))| {
        let email = format!("p{at}@{domain}");
        [email.as_str(), first, last].join(delimiter)
    });
    std::iter::once(header).chain(rows).map(|row| row + line_end).collect()
}

fn arrive(name: &str, options: &[&str], people: &[(&str, &str)], bytes: impl FnOnce(&str) -> Vec<u8>) {
    let world = World::free();
    world.write(name, bytes("example.com"));
    let arguments = [&[name], options].concat();
    world.import(&arguments).came_to(0, &[("created", people.len())]);
    are_there(&world, people);
}

fn are_there(world: &World, people: &[(&str, &str)]) {
    for (at, (first, last)) in people.iter().enumerate() {
        let profile = &world.user(&format!("p{at}@example.com"))["profile"];
        assert_eq!(
            (profile["firstName"].as_str(), profile["lastName"].as_str()),
            (Some(*first), Some(*last))
        );
    }
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
}

#[test]
fn utf_8_with_and_without_a_mark() {
    arrive("people.csv", &[], &NAMES, |domain| rows(domain, ",", "\n", &NAMES).into());
    arrive("people.csv", &[], &NAMES, |domain| format!("\u{feff}{}", rows(domain, ",", "\n", &NAMES)).into());
}

#[test]
fn utf_16_of_both_orders() {
    let marked = |domain: &str| format!("\u{feff}{}", rows(domain, ",", "\r\n", &NAMES));
    arrive("people.csv", &[], &NAMES, |domain| {
        marked(domain).encode_utf16().flat_map(u16::to_le_bytes).collect()
    });
    arrive("people.csv", &[], &NAMES, |domain| {
        marked(domain).encode_utf16().flat_map(u16::to_be_bytes).collect()
    });
}

#[test]
fn windows_1252_when_told_and_when_guessed() {
    let names = &NAMES[..2];
    let file = |domain: &str| latin1(&rows(domain, ";", "\r\n", names));
    arrive("people.csv", &["--encoding", "windows-1252"], names, file);
    arrive("people.csv", &[], names, file);
}

#[test]
fn with_other_delimiters() {
    for delimiter in [";", "\t", "|"] {
        arrive("people.csv", &[], &NAMES, |domain| rows(domain, delimiter, "\n", &NAMES).into());
    }
    arrive("people.csv", &["--delimiter", "tab"], &NAMES, |domain| rows(domain, "\t", "\n", &NAMES).into());
}

#[test]
fn with_other_line_ends() {
    for line_end in ["\r\n", "\r"] {
        arrive("people.csv", &[], &NAMES, |domain| rows(domain, ",", line_end, &NAMES).into());
    }
    arrive("people.csv", &[], &NAMES, |domain| rows(domain, ",", "\n", &NAMES).trim_end().into());
}

#[test]
fn compressed() {
    arrive("people.csv.gz", &[], &NAMES, |domain| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(rows(domain, ",", "\n", &NAMES).as_bytes()).unwrap();
        packed.finish().unwrap()
    });
    arrive("people.csv.zst", &[], &NAMES, |domain| {
        zstd::encode_all(rows(domain, ",", "\n", &NAMES).as_bytes(), 3).unwrap()
    });
}

#[test]
fn on_standard_input() {
    let world = World::free();
    let ran = world
        .muster_fed(&["import", "--yes", "--output", "json", "-"], rows("example.com", ",", "\n", &NAMES));
    let import = world.imported(ran);
    import.came_to(0, &[("created", 3)]);
    are_there(&world, &NAMES);
    assert!(!import.folder.join("source").exists(), "the copy goes when the run is complete");
}

#[test]
fn a_name_that_spans_two_lines_is_one_cell() {
    let world = World::free();
    world.write(
        "people.csv",
        "email,firstName,lastName,title\na@example.com,Ada,\"Byron, \"\"the first\"\"\",\"Countess\nof Lovelace\"\nb@example.com,Bob,Ray,\n,Nobody,Nowhere,\n",
    );
    let import = world.import(&["people.csv"]);
    import.came_to(3, &[("created", 2), ("invalid", 1)]);
    let profile = &world.user("a@example.com")["profile"];
    assert_eq!(
        (&profile["lastName"], &profile["title"]),
        (&"Byron, \"the first\"".into(), &"Countess\nof Lovelace".into())
    );
    assert_eq!(import.row("b@example.com")["line"], "4", "lines are those of an editor");
    assert_eq!(import.rejects[0]["_line"], "5");
}
