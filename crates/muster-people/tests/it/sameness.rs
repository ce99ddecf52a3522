//! The same seed, the same bytes.

use std::collections::HashSet;

use muster_people::{Column, HashKind, PeopleSettings, SettingsError, write_csv, write_ndjson};
use sha2::{Digest as _, Sha256};

use super::{people, settings};

/// Every kind of stored password, and faults.
fn mixed(count: u64) -> PeopleSettings {
    let hashes = vec![
        HashKind::Bcrypt { cost: 4 },
        HashKind::Ssha512,
        HashKind::Ssha256,
        HashKind::Ssha,
        HashKind::Smd5,
        HashKind::Pbkdf2Sha256 { iterations: 10 },
        HashKind::None,
        HashKind::Cleartext,
    ];
    PeopleSettings { hashes, faulty_per_mille: 50, ..settings(count) }
}

fn csv(settings: PeopleSettings) -> String {
    let columns = Column::for_kinds(&settings.hashes);
    let mut out = Vec::new();
    write_csv(&mut out, people(settings), &columns).expect("memory takes everything");
    String::from_utf8(out).expect("text")
}

fn fingerprint(text: &[u8]) -> String {
    Sha256::digest(text).iter().take(8).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[test]
fn the_first_rows_never_change() {
    let ssha = PeopleSettings { hashes: vec![HashKind::Ssha], ..settings(3) };
    let expected = [
        "login,email,firstName,lastName,mobilePhone,department,title,city,employeeNumber,passwordHash,groups,groupId",
        "olga.basturk@example.com,olga.basturk@example.com,Olga,Baştürk,+44 7700 900598,Information Security,\
         Senior Engineer,Kyoto,E0000001,{SSHA}AogoKM/2Ruv8CURi0u3L6M5+SZ0idbsgx43LYw==,VPN;Staff,",
        "ciaran.vaitkus@example.com,ciaran.vaitkus@example.com,Ciarán,Vaitkus,,People & Culture,\
         Account Executive,Córdoba,E0000002,{SSHA}BIq+X2QXJXhKHo6Z7aWHG0KRPEOjtjd7U2M6Cg==,Berlin;VPN;Staff,",
        "andre.jager@example.com,andre.jager@example.com,André,Jäger,,Sales,\
         Team Lead,Québec,E0000003,{SSHA}M+YQ8XdfBnk2P0j4IUJvwZ5F4IfCyz693wxL3Q==,,",
    ];
    assert_eq!(csv(ssha).lines().collect::<Vec<_>>(), expected);
}

#[test]
fn five_hundred_rows_never_change() {
    assert_eq!(fingerprint(csv(mixed(500)).as_bytes()), "9b10af22b5e2dc02");
    let mut out = Vec::new();
    write_ndjson(&mut out, people(mixed(500)), &Column::USUAL).expect("memory takes everything");
    assert_eq!(fingerprint(&out), "eeac07b6abb9cc9b");
}

#[test]
fn another_seed_gives_other_people() {
    let other = PeopleSettings { seed: 43, ..settings(20) };
    let logins: HashSet<String> = people(settings(20)).map(|person| person.login).collect();
    assert!(people(other).filter(|person| logins.contains(&person.login)).count() < 3);
}

#[test]
fn a_longer_list_starts_like_a_shorter_one() {
    let short = csv(mixed(50));
    assert!(csv(mixed(80)).starts_with(&short));
}

#[test]
fn any_row_can_be_made_alone() {
    let all = people(mixed(60));
    for (index, person) in (0..).zip(all.clone()) {
        assert_eq!(all.person(index), person);
    }
}

#[test]
fn a_hundred_thousand_logins_are_unique() {
    let mut seen = HashSet::new();
    for person in people(settings(100_000)) {
        assert!(person.login.is_ascii() && person.login.len() <= 100, "{}", person.login);
        assert_eq!(person.login, person.login.to_lowercase());
        assert!(seen.insert(person.login.clone()), "{} came twice", person.login);
    }
    assert_eq!(seen.len(), 100_000);
}

#[test]
fn names_show_what_the_world_writes() {
    let all: Vec<_> = people(settings(2000)).collect();
    let any = |test: &dyn Fn(&str) -> bool| {
        all.iter().any(|person| test(&person.first_name)) && all.iter().any(|person| test(&person.last_name))
    };
    assert!(any(&|name| !name.is_ascii()));
    assert!(any(&|name| name.contains('-')));
    assert!(all.iter().any(|person| person.last_name.contains('\'')));
    assert!(all.iter().any(|person| person.last_name.contains(' ')));
    assert!(all.iter().any(|person| person.mobile_phone.is_none()));
    assert!(all.iter().any(|person| person.groups.len() == 3));
    assert!(all.iter().any(|person| person.groups.is_empty()));
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let refused = |settings| muster_people::People::new(settings).expect_err("no people");
    let good = settings(1);
    assert_eq!(
        refused(PeopleSettings { domain: "Example".into(), ..good.clone() }),
        SettingsError::Domain("Example".into())
    );
    assert_eq!(refused(PeopleSettings { hashes: Vec::new(), ..good.clone() }), SettingsError::NoHashes);
    assert_eq!(
        refused(PeopleSettings { hashes: vec![HashKind::Bcrypt { cost: 13 }], ..good.clone() }),
        SettingsError::Cost(13)
    );
    assert_eq!(
        refused(PeopleSettings { groups: vec!["a;b".into()], ..good.clone() }),
        SettingsError::Group("a;b".into())
    );
    assert_eq!(refused(PeopleSettings { faulty_per_mille: 1001, ..good }), SettingsError::Faulty(1001));
}
