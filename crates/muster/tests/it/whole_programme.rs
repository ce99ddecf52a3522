//! Two thousand people in ten notations, from the export of their hashes until nobody waits for the hook.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::crowd::{Try, let_in};
use crate::hook_process::{HookProcess, export, json_lines, world};
use crate::world::{Row, World, table};

const FOR_OKTA: &str = "bcrypt:4,ssha512,ssha256,ssha,pbkdf2-sha512:4096";
const FOR_THE_HOOK: &str = "argon2id:64,scrypt:10,sha512-crypt:1000,phpass:7,pbkdf2-sha1:1000";
/// How hashes begin that Okta can't check.
const FOREIGN: [&str; 5] = ["$argon2id$", "$scrypt$", "$6$", "$P$", "$pbkdf2$"];
const WRONG: &str = "not-the-password-1A";

/// Somebody of the source.
struct Person {
    login: String,
    password: String,
    needs_hook: bool,
}

/// The people, by how they behave: of ten, six know their password, one has it wrong at first, one forgot it, and two
/// stay away.
struct Crowd {
    people: Vec<Person>,
}

impl Crowd {
    fn generate(world: &World) -> Self {
        let hashes = format!("{FOR_OKTA},{FOR_THE_HOOK}");
        let files = ["--out", "people.csv", "--known", "known.csv"];
        let ran = world
            .muster(&[&["generate", "-n", "2000", "--seed", "9", "--hashes", &hashes], &files[..]].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        let known = table(&world.path("known.csv"));
        let passwords: BTreeMap<&str, &str> =
            known.iter().map(|row| (row["login"].as_str(), row["password"].as_str())).collect();
        let person = |row: &Row| Person {
            login: row["login"].clone(),
            password: passwords[row["login"].as_str()].to_owned(),
            needs_hook: FOREIGN.iter().any(|start| row["passwordHash"].starts_with(start)),
        };
        Self { people: table(&world.path("people.csv")).iter().map(person).collect() }
    }

    /// Those with one of these habits, 0 to 9.
    fn of(&self, habits: &[usize]) -> impl Iterator<Item = &Person> {
        self.people.iter().enumerate().filter(move |(at, _)| habits.contains(&(at % 10))).map(|(_, one)| one)
    }

    fn know(&self) -> impl Iterator<Item = &Person> {
        self.of(&[0, 1, 2, 4, 6, 8])
    }

    fn mistype(&self) -> impl Iterator<Item = &Person> {
        self.of(&[3])
    }

    fn forgot(&self) -> impl Iterator<Item = &Person> {
        self.of(&[7])
    }

    fn stay_away(&self) -> impl Iterator<Item = &Person> {
        self.of(&[5, 9])
    }

    fn come(&self) -> impl Iterator<Item = &Person> {
        self.know().chain(self.mistype())
    }
}

fn logins<'a>(people: impl Iterator<Item = &'a Person>) -> BTreeSet<String> {
    people.map(|person| person.login.clone()).collect()
}

fn for_the_hook<'a>(people: impl Iterator<Item = &'a Person>) -> BTreeSet<String> {
    logins(people.filter(|person| person.needs_hook))
}

fn right<'a>(people: impl Iterator<Item = &'a Person>) -> Vec<Try<'a>> {
    people.map(|person| (person.login.as_str(), person.password.as_str())).collect()
}

fn wrong<'a>(people: impl Iterator<Item = &'a Person>) -> Vec<Try<'a>> {
    people.map(|person| (person.login.as_str(), WRONG)).collect()
}

/// Three people wait for a hook that has never heard of them.
fn armed_strangers(world: &World) -> Vec<String> {
    let stranger = |number: usize| {
        let login = format!("stranger-{number}@example.com");
        let profile = json!({"login": login, "email": login, "firstName": "A", "lastName": "B"});
        let credentials = json!({"password": {"hook": {"type": "default"}}});
        world.post("/api/v1/users?activate=true", &json!({"profile": profile, "credentials": credentials}));
        login
    };
    (0..3).map(stranger).collect()
}

fn hook_calls(world: &World) -> Value {
    world.get("/_emulator/hook-calls?limit=1000")
}

/// How often each login's password came over, as the System Log has it.
fn imported(world: &World) -> BTreeMap<String, usize> {
    let filter = "eventType%20eq%20%22user.import.password%22%20and%20outcome.result%20eq%20%22SUCCESS%22";
    let (mut events, mut since) = (BTreeMap::new(), "2000-01-01T00:00:00.000Z".to_owned());
    loop {
        let page =
            world.get(&format!("/api/v1/logs?limit=1000&sortOrder=ASCENDING&filter={filter}&since={since}"));
        let page = page.as_array().unwrap();
        let known = events.len();
        for event in page {
            events.insert(event["uuid"].as_str().unwrap().to_owned(), event.clone());
        }
        if events.len() == known {
            break;
        }
        page.last().unwrap()["published"].as_str().unwrap().clone_into(&mut since);
    }
    let mut counts = BTreeMap::new();
    for event in events.values() {
        let login = event["target"][0]["alternateId"].as_str().unwrap();
        *counts.entry(login.to_owned()).or_default() += 1;
    }
    counts
}

/// Who got a mail for a new password, once for each mail.
fn mailed(world: &World) -> Vec<String> {
    let (_, text) = world.call("GET", "/_emulator/mails", None);
    let mails = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut logins: Vec<String> = mails
        .inspect(|mail| assert_eq!(mail["kind"], "password_reset"))
        .map(|mail| mail["login"].as_str().unwrap().to_owned())
        .collect();
    logins.sort_unstable();
    logins
}

fn programme(world: &World, arguments: &[&str]) -> Value {
    let ran = world.muster(&[&["programme"], arguments, &["--output", "json"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json()
}

#[test]
fn two_thousand_people_come_over_or_are_reset_and_the_hook_ends() {
    let world = world();
    let crowd = Crowd::generate(&world);
    let (armed, come) = (for_the_hook(crowd.people.iter()), for_the_hook(crowd.come()));
    assert_eq!((crowd.people.len(), crowd.come().count()), (2000, 1400));
    assert!(armed.len() > 900 && come.len() > 600, "{} {}", armed.len(), come.len());

    let exported = export(&world, "people.csv", "people.credentials", &[]);
    assert_eq!((&exported["credentials"], &exported["rows"]), (&armed.len().into(), &2000.into()));
    let by_notation: Vec<&String> = exported["by_notation"].as_object().unwrap().keys().collect();
    assert_eq!(by_notation, ["argon2id", "pbkdf2-sha1", "phpass", "scrypt", "sha512-crypt"]);
    let hook = HookProcess::start(&world, &["people.credentials"]);
    world.import(&["people.csv", "--mode", "auto"]).came_to(0, &[("created", 2000)]);
    let waiting = |credential: &str| {
        let users = world.users().into_values().filter(|user| user["credential"] == credential);
        users.map(|user| user["login"].as_str().unwrap().to_owned()).collect::<BTreeSet<String>>()
    };
    assert_eq!(waiting("hook"), armed);
    hook.register(&world);
    let strangers = armed_strangers(&world);

    they_sign_in(&world, &crowd, &strangers);
    the_hook_heard_of_each_once(&world, hook, &crowd);
    the_end_is_for_exactly_the_rest(&world, &crowd, &armed, &come);
}

/// Right passwords get in, all others don't, and nobody who got in needs the hook again.
fn they_sign_in(world: &World, crowd: &Crowd, strangers: &[String]) {
    let anybody = crowd.people[0].password.as_str();
    let unknown = strangers.iter().map(|login| (login.as_str(), anybody));
    let nobody = [("nobody@example.com", anybody), ("nobody-else@example.com", WRONG)];
    let kept_out = [wrong(crowd.mistype().chain(crowd.forgot())), unknown.chain(nobody).collect()].concat();
    assert_eq!(let_in(world, &kept_out), BTreeSet::new());
    assert_eq!(let_in(world, &right(crowd.come())), logins(crowd.come()));
    let users = world.users();
    for person in &crowd.people {
        let is_over = users[&person.login]["provider"] == "OKTA";
        assert_eq!(is_over, crowd.come().any(|one| one.login == person.login), "{}", person.login);
    }
    let calls = hook_calls(world);
    assert_eq!(let_in(world, &right(crowd.come())), logins(crowd.come()));
    assert_eq!(let_in(world, &wrong(crowd.of(&[0]))), BTreeSet::new());
    assert_eq!(hook_calls(world), calls, "who is over needs no hook");
}

/// The System Log, the hook's own file and the status tell the same.
fn the_hook_heard_of_each_once(world: &World, hook: HookProcess, crowd: &Crowd) {
    let once: BTreeMap<String, usize> = logins(crowd.come()).into_iter().map(|login| (login, 1)).collect();
    assert_eq!(imported(world), once);
    hook.stop();
    let mut verified: Vec<String> = json_lines(&world.path("audit.jsonl"))
        .iter()
        .filter(|call| call["result"] == "verified")
        .map(|call| call["user"].as_str().unwrap().to_owned())
        .collect();
    verified.sort_unstable();
    let come = for_the_hook(crowd.come());
    assert!(verified.iter().eq(&come), "each once, and nobody else");

    let status = programme(world, &["status", "--audit", "audit.jsonl"]);
    let numbers = ["people", "come_over", "waiting", "reset"].map(|name| status[name].as_u64().unwrap());
    let armed = for_the_hook(crowd.people.iter()).len();
    assert_eq!(numbers, [armed, come.len(), armed - come.len(), 0].map(|count| count as u64));
    let wrong = for_the_hook(crowd.mistype().chain(crowd.forgot())).len();
    let results = &status["audit"]["results"];
    assert_eq!(results["verified"], come.len());
    assert_eq!(
        (&results["wrong_password"], &results["unknown_user"]),
        (&wrong.into(), &3.into()),
        "{results}"
    );
    let hashes = json!({"people": 2000 - armed, "signed_in": 1400 - come.len()});
    assert_eq!(status["hashes"], hashes);
}

/// Whoever did not come gets one mail, the hook goes, and the report says so.
fn the_end_is_for_exactly_the_rest(
    world: &World,
    crowd: &Crowd,
    armed: &BTreeSet<String>,
    come: &BTreeSet<String>,
) {
    let rest: Vec<String> = armed.difference(come).cloned().collect();
    assert_eq!(for_the_hook(crowd.forgot().chain(crowd.stay_away())).into_iter().collect::<Vec<_>>(), rest);
    let finish = ["finish", "--yes", "-q", "--per-hour", "100000"];
    let told = programme(world, &finish);
    let numbers = ["people", "come_over", "reset", "gone", "cannot", "waiting", "mails_now"];
    let found = numbers.map(|name| told[name].as_u64().unwrap());
    let expected = [armed.len(), come.len(), rest.len(), 0, 0, 0, rest.len()].map(|count| count as u64);
    assert_eq!(found, expected, "{told}");
    assert_eq!(
        (&told["balanced"], &told["complete"], &told["hook"]),
        (&true.into(), &true.into(), &"ended".into())
    );
    assert_eq!(mailed(world), rest, "exactly those, none twice");
    assert_eq!(world.get("/api/v1/inlineHooks"), json!([]));

    let again = programme(world, &finish);
    assert_eq!((&again["mails_now"], &again["hook"]), (&0.into(), &"none".into()));
    assert_eq!(mailed(world), rest, "the end comes once");
    let status = programme(world, &["status"]);
    assert_eq!((&status["waiting"], &status["reset"]), (&0.into(), &rest.len().into()));
}
