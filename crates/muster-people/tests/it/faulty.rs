//! Faulty rows: as many as asked for, each with the fault that it says.

use std::collections::{BTreeMap, HashSet};

use muster_people::{
    Column, FaultKind, KnownWriter, People, PeopleSettings, Person, write_csv, write_ndjson,
};

use super::{HashKind, people, settings};

fn faulty(count: u64, per_mille: u32) -> People {
    people(PeopleSettings { faulty_per_mille: per_mille, ..settings(count) })
}

#[test]
fn the_share_is_exact_to_the_row() {
    for (count, per_mille, expected) in [
        (1000, 0, 0),
        (1000, 1, 1),
        (999, 1, 0),
        (1000, 37, 37),
        (2500, 100, 250),
        (77, 1000, 77),
        (10, 333, 3),
    ] {
        let found = faulty(count, per_mille).filter(|person| person.fault.is_some()).count();
        assert_eq!(found, expected, "{per_mille} per mille of {count}");
    }
}

#[test]
fn faults_are_spread_over_rows_and_kinds() {
    let rows: Vec<u64> =
        faulty(1200, 10).filter(|person| person.fault.is_some()).map(|person| person.index).collect();
    assert_eq!(rows, (0..12).map(|nth| nth * 100 + 99).collect::<Vec<_>>());
    let mut kinds = BTreeMap::new();
    for person in faulty(1200, 10) {
        *kinds.entry(person.fault).or_insert(0) += 1;
    }
    assert!(FaultKind::ALL.into_iter().all(|kind| kinds.get(&Some(kind)) == Some(&2)), "{kinds:?}");
}

#[test]
fn each_fault_is_what_it_says() {
    let mut seen = HashSet::new();
    for person in faulty(3000, 20) {
        let earlier = !seen.insert(person.login.to_lowercase());
        let long = person.first_name.chars().count() > 50;
        let unknown = person.group_id.as_deref().is_some_and(|id| id.starts_with("00g") && id.len() == 20);
        let found = [
            (!person.email.contains('@'), FaultKind::BadEmail),
            (person.last_name.is_empty(), FaultKind::MissingLastName),
            (long, FaultKind::LongFirstName),
            (earlier && person.login != person.login.to_lowercase(), FaultKind::DuplicateLogin),
            (unknown, FaultKind::UnknownGroup),
        ];
        let found = found.into_iter().find_map(|(is, kind)| is.then_some(kind));
        assert_eq!(found, person.fault.filter(|kind| *kind != FaultKind::ShortRow), "{person:?}");
    }
}

#[test]
fn a_duplicate_differs_only_by_case_from_an_earlier_good_row() {
    for per_mille in [10, 50, 300, 500, 900, 999] {
        let mut good = HashSet::new();
        let mut duplicates = 0;
        for person in faulty(1200, per_mille) {
            match person.fault {
                None => assert!(good.insert(person.login)),
                Some(FaultKind::DuplicateLogin) => {
                    duplicates += 1;
                    assert!(!good.contains(&person.login), "{person:?}");
                    assert!(good.contains(&person.login.to_lowercase()), "{person:?}");
                }
                Some(_) => {}
            }
        }
        let expected = (1200 * per_mille / 1000 + 2) / 6;
        assert_eq!(duplicates, expected, "{per_mille} per mille");
    }
}

#[test]
fn an_unknown_group_leaves_the_groups_as_they_are() {
    for (faulty, good) in faulty(1200, 20).zip(people(settings(1200))) {
        let unknown = faulty.fault == Some(FaultKind::UnknownGroup);
        assert_eq!(faulty.group_id.is_some(), unknown);
        assert!(good.group_id.is_none());
        if unknown {
            assert_eq!(faulty.groups, good.groups);
        }
    }
}

#[test]
fn a_short_row_is_short_in_the_file() {
    let mut out = Vec::new();
    write_csv(&mut out, faulty(600, 20), &Column::USUAL).expect("memory takes everything");
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(out.as_slice());
    let header = rows.headers().expect("a header").clone();
    assert_eq!(
        header.iter().collect::<Vec<_>>().join(","),
        "login,email,firstName,lastName,mobilePhone,department,title,city,employeeNumber,passwordHash,groups,groupId"
    );
    for (row, person) in rows.records().zip(faulty(600, 20)) {
        let short = person.fault == Some(FaultKind::ShortRow);
        assert_eq!(row.expect("a row").len(), if short { 3 } else { 12 });
    }
}

#[test]
fn a_line_of_json_has_the_same_keys() {
    let mut out = Vec::new();
    write_ndjson(&mut out, faulty(300, 20), &Column::USUAL).expect("memory takes everything");
    let text = String::from_utf8(out).expect("text");
    assert_eq!(text.lines().count(), 300);
    for (line, person) in text.lines().zip(faulty(300, 20)) {
        let object: serde_json::Value = serde_json::from_str(line).expect("a JSON object");
        assert_eq!(object["login"], person.login);
        let short = person.fault == Some(FaultKind::ShortRow);
        assert_eq!(object.get("title").is_none(), short);
        if !short && !person.groups.is_empty() {
            assert_eq!(object["groups"], serde_json::json!(person.groups));
        }
    }
}

#[test]
fn known_passwords_are_of_those_who_can_sign_in() {
    let hashes = vec![HashKind::Ssha, HashKind::None];
    let all = people(PeopleSettings { hashes, faulty_per_mille: 100, ..settings(200) });
    let mut out = Vec::new();
    let mut known = KnownWriter::new(&mut out).expect("a header");
    let good = |person: &Person| person.fault.is_none() && person.password_hash.is_some();
    let expected: Vec<Person> = all.clone().filter(good).collect();
    all.into_iter().try_for_each(|person| known.write(&person)).expect("rows");
    known.finish().expect("all of it");
    let mut rows = csv::Reader::from_reader(out.as_slice());
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), expected.len());
    for (row, person) in rows.iter().zip(&expected) {
        assert_eq!((row.get(0), row.get(1)), (Some(&*person.login), Some(&*person.password)));
    }
}
