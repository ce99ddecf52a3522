//! Two thousand rows with every kind of fault, and the same file again.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use muster_people::{Column, FaultKind, HashKind, People, PeopleSettings, Person, write_csv};
use sha2::{Digest, Sha256};

use crate::world::{Imported, Row, World};

const FAULTY: usize = 48;

fn everybody(count: u64) -> Vec<Person> {
    let settings = PeopleSettings {
        hashes: vec![HashKind::Ssha256, HashKind::None],
        groups: vec!["Sales".to_owned(), "North".to_owned()],
        faulty_per_mille: 24,
        ..PeopleSettings::new(11, count)
    };
    People::new(settings).unwrap().collect()
}

fn world_with(people: &[Person]) -> World {
    let world = World::free();
    let mut file = Vec::new();
    write_csv(&mut file, people.to_vec(), &Column::USUAL).unwrap();
    world.write("people.csv", file);
    world
}

fn code(fault: FaultKind) -> &'static str {
    match fault {
        FaultKind::BadEmail => "bad_email",
        FaultKind::MissingLastName => "required",
        FaultKind::LongFirstName => "too_long",
        FaultKind::DuplicateLogin => "duplicate_login",
        FaultKind::UnknownGroup => "unknown_group",
        FaultKind::ShortRow => "short_row",
    }
}

/// What the field at fault is called, for those that are about one.
fn names(fault: FaultKind) -> &'static str {
    match fault {
        FaultKind::BadEmail => "email",
        FaultKind::MissingLastName => "lastName",
        FaultKind::LongFirstName => "firstName",
        FaultKind::UnknownGroup => "00gnosuchgroup000000",
        FaultKind::DuplicateLogin => "line",
        FaultKind::ShortRow => "3",
    }
}

fn digest_of(people: &[Person]) -> String {
    let mut logins: Vec<&str> =
        people.iter().filter(|person| person.fault.is_none()).map(|person| person.login.as_str()).collect();
    logins.sort_unstable();
    let lines = logins.join("\n") + "\n";
    Sha256::digest(lines).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

fn each_is_told(people: &[Person], import: &Imported) {
    let rejects: BTreeMap<&str, &Row> =
        import.rejects.iter().map(|row| (row["_line"].as_str(), row)).collect();
    for person in people.iter().filter(|person| person.fault.is_some()) {
        let fault = person.fault.unwrap();
        let line = (person.index + 2).to_string();
        let row = rejects[line.as_str()];
        assert_eq!((row["_outcome"].as_str(), row["_code"].as_str()), ("invalid", code(fault)), "{row:?}");
        assert!(row["_reason"].contains(names(fault)) && !row["_hint"].is_empty(), "{row:?}");
        assert_eq!((&row["login"], &row["email"]), (&person.login, &person.email), "its own columns");
        let result = import.results.iter().find(|row| row["line"] == line).unwrap();
        assert_eq!((result["outcome"].as_str(), result["error_code"].as_str()), ("invalid", code(fault)));
        assert_eq!(result["attempts"], "0");
    }
    assert_eq!(rejects.len(), FAULTY);
}

#[test]
fn the_good_ones_arrive_and_each_fault_is_told() {
    let people = everybody(2000);
    let world = world_with(&people);
    let import = world.import(&["people.csv", "--create-groups"]);
    import.came_to(3, &[("created", 2000 - FAULTY), ("invalid", FAULTY)]);
    each_is_told(&people, &import);
    let stats = world.stats();
    assert_eq!(stats.logins_sha256, digest_of(&people), "exactly the good ones are there");
    assert_eq!((stats.users, stats.creates_by_login_max), (2000 - FAULTY, 1));
    let joined: usize =
        people.iter().filter(|person| person.fault.is_none()).map(|person| person.groups.len()).sum();
    assert_eq!(stats.memberships, joined);

    let again = world.import(&["people.csv", "--create-groups"]);
    again.came_to(3, &[("unchanged", 2000 - FAULTY), ("invalid", FAULTY)]);
    each_is_told(&people, &again);
    assert_eq!(world.stats().creates_accepted, stats.creates_accepted, "nothing happens twice");
    assert_eq!(world.stats().memberships, joined);
}

/// What a person at a desk makes of a row to repair.
fn corrected(mut row: Row) -> Row {
    let (line, row_code) = (row["_line"].clone(), row["_code"].clone());
    let mut set = |column: &str, value: String| drop(row.insert(column.to_owned(), value));
    match FaultKind::ALL.into_iter().find(|fault| code(*fault) == row_code) {
        Some(FaultKind::BadEmail) => set("email", format!("repaired{line}@example.com")),
        Some(FaultKind::MissingLastName | FaultKind::ShortRow) => set("lastName", "Repaired".to_owned()),
        Some(FaultKind::LongFirstName) => set("firstName", "Short".to_owned()),
        Some(FaultKind::DuplicateLogin) => set("login", format!("repaired{line}@example.com")),
        Some(FaultKind::UnknownGroup) => set("groupId", String::new()),
        None => {}
    }
    row
}

#[test]
fn a_corrected_reject_file_is_a_source() {
    let people = everybody(250);
    let world = world_with(&people);
    let import = world.import(&["people.csv", "--create-groups"]);
    let mut file = csv::Writer::from_path(world.path("repaired.csv")).unwrap();
    file.write_record(import.rejects[0].keys()).unwrap();
    for row in import.rejects {
        file.write_record(corrected(row).values()).unwrap();
    }
    file.flush().unwrap();
    let again = world.import(&["repaired.csv", "--create-groups"]);
    again.came_to(0, &[("created", 6)]);
    let kept =
        |person: &&Person| !matches!(person.fault, Some(FaultKind::DuplicateLogin | FaultKind::ShortRow));
    for person in people.iter().filter(kept) {
        let phone = world.user(&person.login)["profile"]["mobilePhone"].clone();
        assert_eq!(phone.as_str(), person.mobile_phone.as_deref(), "no apostrophe of ours stays in front");
    }
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (250, 1));
}
