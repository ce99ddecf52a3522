//! `muster emulator` as a process of its own, and what its faults and looks do to an import.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;

use muster_emulator::OrgSettings;
use serde_json::{Value, json};

use crate::world::{World, free_settings, official, people};

/// An emulator that runs until this is dropped.
struct Served {
    child: Child,
    url: String,
    /// The ids of the identity sources by their labels, as the first line tells them.
    sources: Value,
}

impl Served {
    fn start(world: &World, options: &[&str]) -> Self {
        let mut child = world.start(&[&["emulator", "--port", "0"], options].concat());
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        assert_eq!(told["token"], "test");
        let sources = told["identity_sources"].clone();
        Self { child, url: told["url"].as_str().unwrap().to_owned(), sources }
    }

    /// Status and body of a request that says it is JSON.
    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let host = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: SSWS test\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or_default())
    }

    fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", path, "");
        assert_eq!(status, 200, "{path}: {body}");
        body
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn badge() -> Value {
    json!({"definitions": {"custom": {"id": "#custom", "type": "object", "properties": {
        "badge": {"title": "Badge", "type": "string", "maxLength": 4, "unique": true},
    }}}})
}

#[test]
fn an_org_that_is_like_another_one_has_its_rules_and_none_of_its_people() {
    let real = World::free();
    real.post("/api/v1/meta/schemas/user/default", &badge());
    let sales = real.group("Sales");
    let hook = json!({"name": "Old passwords", "type": "com.okta.user.credential.password.import", "version": "1.0.0",
        "channel": {"type": "HTTP", "version": "1.0.0", "config": {"uri": "https://hook.example/secret-path",
            "authScheme": {"type": "HEADER", "key": "Authorization", "value": "not-to-be-copied"}}}});
    real.post("/api/v1/inlineHooks", &hook);
    let ada = json!({"login": "ada@example.com", "email": "ada@example.com", "firstName": "Ada", "lastName": "Byron"});
    real.post("/api/v1/users?activate=false", &json!({"profile": ada}));
    let before = real.requests().len();

    let like = Served::start(&real, &["--like", &real.url, "--limit", "all=unlimited"]);
    let asked = real.requests().split_off(before);
    assert!(asked.iter().all(|request| request["method"] == "GET"), "{asked:#?}");
    assert_eq!(like.get("/_emulator/stats")["users"], 0);
    assert_eq!(like.get(&format!("/api/v1/groups/{sales}"))["profile"]["name"], "Sales");
    let hooks = like.get("/api/v1/inlineHooks");
    assert_eq!((&hooks[0]["name"], &hooks[0]["status"]), (&json!("Old passwords"), &json!("INACTIVE")));
    assert!(!hooks.to_string().contains("secret-path"), "{hooks}");

    let rows = "login,email,firstName,lastName,badge,groupId";
    real.write(
        "rows.csv",
        format!("{rows}\nbea@example.com,bea@example.com,Bea,Hill,1234,{sales}\ncy@example.com,cy@example.com,Cy,Lane,12345,\n"),
    );
    let mut command = real.command(&["import", "--yes", "-q", "--output", "json", "rows.csv"]);
    let output = command.env("OKTA_ORG_URL", &like.url).output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&told["outcomes"]["created"], &told["outcomes"]["invalid"]),
        (&json!(1), &json!(1)),
        "{told}"
    );
    let stats = like.get("/_emulator/stats");
    assert_eq!((&stats["users"], &stats["memberships"]), (&json!(1), &json!(1)));
}

#[test]
fn limits_of_another_org_are_taken_over_and_options_go_before_them() {
    let limits = ["users=7/60s", "groups=9/60s"].map(|limit| limit.parse().unwrap()).to_vec();
    let real = World::with(OrgSettings { limits, ..OrgSettings::default() });
    let like = Served::start(&real, &["--like", &real.url, "--limit", "groups=11"]);
    let windows = |bucket: &str| {
        let windows = like.get("/_emulator/windows");
        let of_bucket = windows.as_array().unwrap().iter().find(|window| window["bucket"] == bucket).cloned();
        of_bucket.unwrap()["limit"].clone()
    };
    like.get("/api/v1/users?limit=1");
    like.get("/api/v1/groups");
    assert_eq!((windows("users"), windows("groups")), (json!(7), json!(11)));
}

#[test]
fn what_is_not_as_the_description_has_it_is_counted_and_listed() {
    let world = World::free();
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/okta/management-subset.json");
    let path = std::env::var("MUSTER_DESCRIPTION").unwrap_or_else(|_| beside.to_owned());
    if official().is_none() {
        println!("left out: the official description is not at {path}");
        return;
    }
    let org = Served::start(&world, &["--description", &path]);
    org.get("/api/v1/users?limit=1");
    assert_eq!(org.get("/_emulator/violations")["violations"], 0);
    org.get("/api/v1/users?limit=1&colour=chartreuse");
    let body =
        r#"{"profile":{"login":"a@example.com"},"credentials":{"password":{"hash":{"algorithm":"ROT13"}}}}"#;
    assert_eq!(org.ask("POST", "/api/v1/users", body).0, 400);
    let found = org.get("/_emulator/violations");
    let places: Vec<_> =
        found["first"].as_array().unwrap().iter().map(|one| one["place"].as_str().unwrap()).collect();
    assert!(places.contains(&"query colour"), "{found:#}");
    assert!(places.iter().any(|place| place.ends_with("/hash/algorithm")), "{found:#}");
    assert!(!found.to_string().contains("chartreuse"), "what was sent is not repeated: {found}");
}

#[test]
fn the_faults_of_an_org_lose_nobody_and_repeat_nobody() {
    let faults =
        ["lost-answer:createUser=4%", "reset=3%", "503:writes=3%", "500-after:createUser=3%", "cut=2%"];
    let settings = OrgSettings {
        faults: muster_emulator::FaultPlan(faults.map(|fault| fault.parse().unwrap()).to_vec()),
        lag: "fresh=200ms/20%".parse().unwrap(),
        seed: 7,
        ..free_settings()
    };
    let world = World::with(settings);
    world.write("people.csv", people(400));
    let imported = world.import(&["people.csv"]);
    assert_eq!(imported.ran.code, 0, "{:?}", imported.ran);
    let stats = world.stats();
    assert_eq!((stats.users, stats.creates_by_login_max), (400, 1));
    let adopted = imported.results.iter().filter(|row| row["outcome"] == "adopted").count();
    assert!(adopted > 0, "no answer was lost, so this shows nothing");
}

#[test]
fn identity_sources_are_as_the_options_have_them() {
    let world = World::free();
    assert_eq!(Served::start(&world, &[]).sources, Value::Null, "nothing is said where there are none");
    let options = ["--identity-source", "Payroll=0oapayroll", "--identity-source", "Contractors"];
    let more = ["--identity-source-attribute", "Payroll:badge", "--identity-source-activate", "Payroll"];
    let quick =
        ["--identity-source-speed", "0", "--identity-source-gap", "0s", "--identity-source-lists-active"];
    let served = Served::start(&world, &[&options[..], &more, &quick].concat());
    assert_eq!(served.sources["Payroll"], "0oapayroll");
    let other = served.sources["Contractors"].as_str().unwrap();
    assert_eq!(served.get("/_emulator/identity-sources")[1]["id"], other);
    let schema = served.get("/api/v1/meta/schemas/apps/0oapayroll/default");
    assert!(schema["definitions"]["custom"]["properties"].get("badge").is_some(), "{schema}");
    for (source, status) in [("0oapayroll", "ACTIVE"), (other, "STAGED")] {
        let sessions = format!("/api/v1/identity-sources/{source}/sessions");
        let (_, session) = served.ask("POST", &sessions, "");
        assert_eq!(served.ask("POST", &sessions, "").0, 201, "there is no gap");
        let session = format!("{sessions}/{}", session["id"].as_str().unwrap());
        let login = format!("{status}@example.com");
        let profile = json!({"userName": login, "email": login, "firstName": "Ada", "lastName": "Byron"});
        let people = json!({"entityType": "USERS", "profiles": [{"externalId": "e1", "profile": profile}]});
        assert_eq!(served.ask("POST", &format!("{session}/bulk-upsert"), &people.to_string()).0, 202);
        assert_eq!(served.ask("POST", &format!("{session}/start-import"), "").0, 200);
        assert_eq!(served.get(&session)["status"], "COMPLETED");
        assert_eq!(served.get(&format!("/api/v1/users/{login}"))["status"], status);
        assert_eq!(served.get(&sessions).as_array().unwrap().len(), 1, "only one is not over");
    }
}

#[test]
fn options_that_make_no_sense_are_told_with_what_would() {
    let world = World::free();
    let wrong = [
        (["--fault", "earthquake=2%"], "lost-answer"),
        (["--lag", "mood=2s"], "search=0..3s"),
        (["--background", "many"], "200/min"),
        (["--limit", "people=5"], "user-writes"),
        (["--token", "a=okta.people.read"], "okta.people.read"),
        (["--token-lifetime", "soon"], "--token-lifetime"),
        (["--service-app", "nowhere.json"], "nowhere.json"),
        (["--description", "nowhere.json"], "nowhere.json"),
        (["--like", "http://example.okta.com"], "https"),
        (["--identity-source", "Payroll=00u1"], "0oa"),
        (["--identity-source-attribute", "Payroll:badge"], "there is no --identity-source Payroll"),
        (["--identity-source-attribute", "badge"], "LABEL:NAME"),
        (["--identity-source-activate", "Payroll"], "there is no --identity-source Payroll"),
        (["--identity-source-speed", "fast"], "2000/min"),
        (["--identity-source-gap", "soon"], "1h"),
        (["--identity-source-expiry", "soon"], "1h"),
    ];
    for twin in ["Payroll", "Contractors=0oa1"] {
        let options =
            ["emulator", "--port", "0", "--identity-source", "Payroll=0oa1", "--identity-source", twin];
        world.muster(&options).refused(2, &["--identity-source", "another one has the same label or id"]);
    }
    for (options, says) in wrong {
        world.muster(&[&["emulator", "--port", "0"], &options[..]].concat()).refused(2, &[options[0], says]);
    }
}
