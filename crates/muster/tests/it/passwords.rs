//! The columns of the PowerShell post: login, password, group; and what becomes of the passwords of others.

use muster_people::{Column, HashKind, People, PeopleSettings, write_csv};
use serde_json::json;

use crate::world::{Imported, World};

/// As in the post, with the blanks of its header.
const HEADER: &str = "login,email, firstName, lastName,password,groupId";
const GOOD: &str = "Tr0mbone-quay";
const WEAK: &str = "hunter2";

/// Ida is there already, under another name.
fn prepared(world: &World) -> (String, Imported) {
    let group = world.group("Sales");
    let there = json!({"firstName": "Ida", "lastName": "Before", "login": "ida@example.com", "email": "ida@example.com"});
    world.post("/api/v1/users?activate=false", &json!({"profile": there}));
    let row = |name: &str, password: &str, group: &str| {
        format!("{name}@example.com,{name}@example.com,{name},Person,{password},{group}\n")
    };
    let rows = [
        row("ada", GOOD, &group),
        row("ida", GOOD, &group),
        row("wim", WEAK, &group),
        row("noa", "", &group),
        row("eve", GOOD, ""),
    ];
    world.write("people.csv", format!("{HEADER}\n{}", rows.concat()));
    (group, world.import(&["people.csv"]))
}

#[test]
fn the_user_and_its_group_have_outcomes_of_their_own() {
    let world = World::free();
    let (_, import) = prepared(&world);
    import.came_to(3, &[("created", 3), ("rejected", 1), ("skipped", 1)]);
    assert_eq!(import.ends("ada@example.com"), ["created", "joined"]);
    assert_eq!(import.ends("ida@example.com"), ["skipped", "joined"], "who is there still joins");
    assert_eq!(import.ends("wim@example.com"), ["rejected", "none"]);
    assert_eq!(import.ends("noa@example.com"), ["created", "joined"]);
    assert_eq!(import.ends("eve@example.com"), ["created", "none"]);
    let users = world.users();
    assert_eq!(users["ida@example.com"]["groups"], json!(["Everyone", "Sales"]));
    assert_eq!(world.user("ida@example.com")["profile"]["lastName"], "Before", "left as it was");
    assert_eq!(import.summary["groups"], json!({"none": 2, "joined": 3, "partial": 0, "failed": 0}));
}

#[test]
fn a_password_too_weak_is_rejected_in_oktas_words() {
    let world = World::free();
    let (group, import) = prepared(&world);
    let row = import.row("wim@example.com");
    assert_eq!(row["error_code"], "E0000001");
    assert!(row["error"].contains("Password requirements were not met"), "{row:?}");
    assert!(!world.users().contains_key("wim@example.com"));
    let reject = &import.rejects[0];
    assert_eq!((reject["login"].as_str(), reject["_line"].as_str()), ("wim@example.com", "4"));
    assert_eq!((reject["_outcome"].as_str(), reject["_code"].as_str()), ("rejected", "E0000001"));
    assert_eq!(reject["groupId"], group);
    assert!(reject["_reason"].contains("at least 8 characters") && !reject["_hint"].is_empty());
    import.ran.hides(&[GOOD, WEAK]);
    let results = std::fs::read_to_string(import.folder.join("results.csv")).unwrap();
    assert!(!results.contains(GOOD) && !results.contains(WEAK));
}

#[test]
fn with_a_password_people_are_active_and_without_one_staged() {
    let world = World::free();
    prepared(&world);
    let users = world.users();
    let of = |login: &str| users[login].clone();
    let ada = of("ada@example.com");
    assert_eq!([&ada["status"], &ada["provider"], &ada["credential"]], ["ACTIVE", "OKTA", "value"]);
    assert!(world.signs_in("ada@example.com", GOOD) && !world.signs_in("ada@example.com", WEAK));
    let noa = of("noa@example.com");
    assert_eq!([&noa["status"], &noa["credential"]], ["STAGED", "none"], "no credential, no mail");
}

#[test]
fn everybody_signs_in_with_the_password_of_the_old_system() {
    let world = World::free();
    let hashes = "bcrypt:4,ssha512,ssha256,ssha,smd5,pbkdf2-sha256:4096,cleartext".split(',');
    let hashes: Vec<HashKind> = hashes.map(|word| word.parse().unwrap()).collect();
    let settings = PeopleSettings { hashes: hashes.clone(), ..PeopleSettings::new(7, 40) };
    let everybody: Vec<_> = People::new(settings).unwrap().collect();
    let mut file = Vec::new();
    write_csv(&mut file, everybody.clone(), &Column::for_kinds(&hashes)).unwrap();
    world.write("people.csv", file);
    world.import(&["people.csv"]).came_to(0, &[("created", 40)]);
    for person in everybody {
        assert!(world.signs_in(&person.login, &person.password), "{person:?}");
        assert!(!world.signs_in(&person.login, "not-The-passw0rd"), "{person:?}");
    }
}

#[test]
fn a_hash_that_okta_does_not_take_goes_to_the_hook() {
    let world = World::free();
    let settings = PeopleSettings {
        hashes: vec![HashKind::Pbkdf2Sha256 { iterations: 4095 }],
        ..PeopleSettings::new(7, 3)
    };
    let mut file = Vec::new();
    write_csv(&mut file, People::new(settings).unwrap(), &Column::USUAL).unwrap();
    world.write("people.csv", file);
    let plan = world.muster(&["plan", "people.csv"]);
    assert!(plan.out.contains("credentials: hook 3"), "the plan says so: {plan:?}");
    world.import(&["people.csv"]).came_to(0, &[("created", 3)]);
    for user in world.users().values() {
        assert_eq!([&user["status"], &user["provider"], &user["credential"]], ["ACTIVE", "IMPORT", "hook"]);
    }
}

#[test]
fn a_stored_password_in_an_unknown_notation_is_not_guessed_about() {
    let world = World::free();
    let file = "email,firstName,lastName,passwordHash\nada@example.com,Ada,Byron,$argon9$x$y\n";
    world.write("people.csv", file);
    let import = world.import(&["people.csv"]);
    import.came_to(3, &[("invalid", 1)]);
    assert_eq!(import.rejects[0]["_code"], "unknown_notation");
    assert!(world.is_untouched());
}

#[test]
fn activation_is_the_operators_word() {
    let world = World::free();
    world.write("people.csv", format!("email,firstName,lastName,password\na@example.com,A,B,{GOOD}\n"));
    world.import(&["people.csv", "--no-activate"]).came_to(0, &[("created", 1)]);
    assert_eq!(world.users()["a@example.com"]["status"], "STAGED");
    world.write("more.csv", "email,firstName,lastName\nb@example.com,A,B\n");
    world.import(&["more.csv", "--activate"]).came_to(0, &[("created", 1)]);
    assert_eq!(world.users()["b@example.com"]["status"], "PROVISIONED", "Okta mailed a link");
}
