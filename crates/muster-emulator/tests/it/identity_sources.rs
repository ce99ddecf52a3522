//! Sessions: their statuses, what moves them, and what is refused.

use std::time::Duration;

use http::StatusCode;
use muster_emulator::{IdentitySourceRules, IdentitySourceSetting, ImportSpeed, OrgSettings};
use serde_json::{Value, json};

use crate::caller::{Caller, Got};

/// An org with one source, and a client of it.
pub struct Sourced {
    pub org: Caller,
    /// The path of the source.
    pub path: String,
    pub id: String,
}

pub fn source(label: &str) -> IdentitySourceSetting {
    IdentitySourceSetting { label: label.to_owned(), ..IdentitySourceSetting::default() }
}

pub fn instant() -> IdentitySourceRules {
    IdentitySourceRules { speed: ImportSpeed::INSTANT, ..IdentitySourceRules::default() }
}

impl Sourced {
    /// One whose imports take no time.
    pub fn new() -> Self {
        Self::with(OrgSettings { identity_source_rules: instant(), ..OrgSettings::default() })
    }

    pub fn with(settings: OrgSettings) -> Self {
        let identity_sources = if settings.identity_sources.is_empty() {
            vec![source("Payroll")]
        } else {
            settings.identity_sources.clone()
        };
        let start = settings.start.or_else(|| "2025-09-29T04:00:00Z".parse().ok());
        let org = Caller::like(OrgSettings { identity_sources, start, ..settings });
        let id = org.emulator.identity_sources()[0].id.clone();
        Self { org, path: format!("/api/v1/identity-sources/{id}"), id }
    }

    /// A new session; its path.
    pub async fn session(&self) -> String {
        let got = self.create().await;
        assert_eq!(got.status, 201, "{}", got.text);
        format!("{}/sessions/{}", self.path, got.id())
    }

    pub async fn create(&self) -> Got {
        self.org.send("POST", &format!("{}/sessions", self.path), None).await
    }

    pub async fn load(&self, session: &str, what: &str, body: Value) -> Got {
        self.org.post(&format!("{session}/{what}"), body).await
    }

    pub async fn upsert(&self, session: &str, people: Vec<Value>) {
        let got = self.load(session, "bulk-upsert", json!({"entityType": "USERS", "profiles": people})).await;
        assert_eq!((got.status, got.text.as_str()), (202, ""), "{}", got.text);
    }

    pub async fn start(&self, session: &str) -> Got {
        self.org.send("POST", &format!("{session}/start-import"), None).await
    }

    pub async fn status(&self, session: &str) -> String {
        self.org.get(session).await.body["status"].as_str().expect("a status").to_owned()
    }

    /// Loads these people in a session of their own, and sees it through.
    pub async fn import(&self, people: Vec<Value>) {
        let session = self.session().await;
        self.upsert(&session, people).await;
        self.run(&session).await;
    }

    pub async fn run(&self, session: &str) {
        let got = self.start(session).await;
        assert_eq!((got.status, &got.body["status"]), (200, &json!("TRIGGERED")), "{}", got.text);
        assert_eq!(self.status(session).await, "COMPLETED");
    }

    /// What the System Log has of a kind.
    pub async fn events(&self, kind: &str) -> Vec<Value> {
        let filter = format!("eventType%20eq%20%22{kind}%22");
        self.org
            .all(&format!(
                "/api/v1/logs?since=2000-01-01T00:00:00Z&until=2999-01-01T00:00:00Z&filter={filter}"
            ))
            .await
    }

    pub async fn user(&self, login: &str) -> Value {
        self.org.get(&format!("/api/v1/users/{login}")).await.body
    }
}

pub fn person(id: &str) -> Value {
    let login = format!("{id}@example.com");
    json!({"externalId": id, "profile": {
        "userName": login, "email": login, "firstName": "Ada", "lastName": "Byron",
    }})
}

pub fn people(range: std::ops::Range<u32>) -> Vec<Value> {
    range.map(|number| person(&format!("e{number}"))).collect()
}

async fn pass(time: Duration) {
    tokio::time::advance(time).await;
}

#[tokio::test(start_paused = true)]
async fn a_session_goes_from_created_to_completed() {
    let world = Sourced::with(OrgSettings::default());
    let created = world.create().await;
    assert_eq!(created.status, 201);
    let session = format!("{}/sessions/{}", world.path, created.id());
    assert!(created.id().starts_with("aps"));
    let at = "2025-09-29T04:00:00.000Z";
    let shown = json!({
        "id": created.id(), "identitySourceId": world.id, "status": "CREATED", "importType": "INCREMENTAL",
        "created": at, "lastUpdated": at,
    });
    assert_eq!(created.body, shown);
    assert_eq!(world.org.get(&session).await.body, shown);
    pass(Duration::from_secs(1)).await;
    world.upsert(&session, people(0..200)).await;
    let loaded = world.org.get(&session).await.body;
    assert_eq!(
        (&loaded["status"], &loaded["lastUpdated"]),
        (&json!("IN_PROGRESS"), &json!("2025-09-29T04:00:01.000Z"))
    );
    let triggered = world.start(&session).await;
    assert_eq!((triggered.status, &triggered.body["status"]), (200, &json!("TRIGGERED")));

    // 2000 a minute: 100 of them take 3 seconds, and all of them 6.
    pass(Duration::from_secs(3)).await;
    assert_eq!(world.org.emulator.stats().users, 100);
    pass(Duration::from_millis(2999)).await;
    assert_eq!((world.org.emulator.stats().users, world.status(&session).await.as_str()), (199, "TRIGGERED"));
    pass(Duration::from_millis(1)).await;
    let over = world.org.get(&session).await.body;
    assert_eq!(
        (&over["status"], &over["lastUpdated"]),
        (&json!("COMPLETED"), &json!("2025-09-29T04:00:07.000Z"))
    );
    let sessions = world.org.emulator.import_sessions();
    assert_eq!((sessions[0].people, sessions[0].done, sessions[0].requests), (200, 200, 1));
    assert!(sessions[0].largest_request > 20_000);
}

#[tokio::test(start_paused = true)]
async fn events_tell_when_it_was_done_though_nobody_looked() {
    let world = Sourced::with(OrgSettings::default());
    let session = world.session().await;
    world.upsert(&session, people(0..2)).await;
    world.start(&session).await;
    pass(Duration::from_hours(1)).await;
    let created = world.events("system.import.user.create").await;
    let times: Vec<_> = created.iter().map(|event| event["published"].as_str().expect("a time")).collect();
    assert_eq!(times, ["2025-09-29T04:00:00.030Z", "2025-09-29T04:00:00.060Z"]);
    let complete = world.events("system.import.complete").await;
    assert_eq!(complete[0]["published"], json!("2025-09-29T04:00:00.060Z"));
    let id = session.rsplit('/').next().expect("an id");
    for event in created.iter().chain(&complete) {
        assert_eq!(event["debugContext"]["debugData"], json!({"importSessionId": id}));
    }
}

#[tokio::test(start_paused = true)]
async fn triggered_sessions_are_processed_one_after_another() {
    let rules =
        IdentitySourceRules { gap: Duration::ZERO, speed: "1/s".parse().expect("a speed"), ..instant() };
    let world = Sourced::with(OrgSettings { identity_source_rules: rules, ..OrgSettings::default() });
    let (one, two) = (world.session().await, world.session().await);
    world.upsert(&one, people(0..3)).await;
    world.upsert(&two, people(3..5)).await;
    world.start(&two).await;
    world.start(&one).await;
    for (seconds, expected, users) in [
        (1, ["TRIGGERED", "TRIGGERED"], 1),
        (1, ["TRIGGERED", "COMPLETED"], 2),
        (2, ["TRIGGERED", "COMPLETED"], 4),
        (1, ["COMPLETED", "COMPLETED"], 5),
    ] {
        pass(Duration::from_secs(seconds)).await;
        assert_eq!([world.status(&one).await, world.status(&two).await], expected);
        assert_eq!(world.org.emulator.stats().users, users);
    }
}

#[tokio::test(start_paused = true)]
async fn one_session_can_be_created_every_five_minutes() {
    let world = Sourced::with(OrgSettings::default());
    let words = "Only one active import session per identity source is allowed to be created every 5 minutes";
    let refused = async || world.create().await.invalid("identitySourceId", &[words]);
    let first = world.session().await;
    refused().await;
    world.upsert(&first, people(0..200)).await;
    refused().await;
    world.start(&first).await;
    pass(Duration::from_secs(5)).await;
    refused().await;
    pass(Duration::from_secs(1)).await;
    let second = world.session().await;
    assert_eq!(world.org.send("DELETE", &second, None).await.status, 204);
    let third = world.session().await;
    pass(Duration::from_secs(299)).await;
    world.upsert(&third, people(0..1)).await;
    refused().await;
    pass(Duration::from_secs(1)).await;
    world.session().await;
}

#[tokio::test(start_paused = true)]
async fn a_session_is_cancelled_only_while_it_is_loaded() {
    let world = Sourced::with(OrgSettings::default());
    let created = world.session().await;
    assert_eq!(world.org.send("DELETE", &created, None).await.status, 204);
    let loaded = world.session().await;
    world.upsert(&loaded, people(0..1)).await;
    assert_eq!(world.org.send("DELETE", &loaded, None).await.status, 204);
    let triggered = world.session().await;
    world.upsert(&triggered, people(0..1)).await;
    world.start(&triggered).await;
    let cause = "Only a session that is in CREATED or IN_PROGRESS status can be canceled.";
    for session in [&created, &loaded, &triggered] {
        world.org.send("DELETE", session, None).await.invalid("importSessionId", &[cause]);
    }
    assert_eq!([world.status(&created).await, world.status(&loaded).await], ["CLOSED", "CLOSED"]);
    pass(Duration::from_secs(1)).await;
    assert_eq!(world.org.emulator.stats().users, 1, "what was cancelled is not processed");
    assert_eq!(world.events("system.import.session.cancelled").await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_session_is_triggered_once_and_not_empty() {
    let world = Sourced::new();
    let session = world.session().await;
    world.start(&session).await.invalid("importSessionId", &["Nothing has been loaded into the session."]);
    world.upsert(&session, Vec::new()).await;
    assert_eq!(world.status(&session).await, "CREATED", "nobody is nothing");
    let nobody = json!({"entityType": "USERS", "profiles": [{"externalId": "nobody"}]});
    assert_eq!(world.load(&session, "bulk-delete", nobody).await.status, 202);
    assert_eq!(world.status(&session).await, "CREATED", "nobody is known by that id");
    world.upsert(&session, people(0..1)).await;
    world.run(&session).await;
    let cause = "A session that is in COMPLETED status can't be triggered.";
    world.start(&session).await.invalid("importSessionId", &[cause]);
    let late = json!({"entityType": "USERS", "profiles": people(1..2)});
    let cause = "Data can't be loaded into a session that is in COMPLETED status.";
    world.load(&session, "bulk-upsert", late).await.invalid("importSessionId", &[cause]);
}

#[tokio::test(start_paused = true)]
async fn a_session_expires_a_day_after_the_last_upload() {
    let world = Sourced::new();
    let session = world.session().await;
    pass(Duration::from_secs(24 * 3600 - 1)).await;
    world.upsert(&session, people(0..1)).await;
    pass(Duration::from_secs(24 * 3600 - 1)).await;
    assert_eq!(world.status(&session).await, "IN_PROGRESS");
    pass(Duration::from_secs(1)).await;
    assert_eq!(world.status(&session).await, "EXPIRED");
    let cause = "A session that is in EXPIRED status can't be triggered.";
    world.start(&session).await.invalid("importSessionId", &[cause]);
    let events = world.events("system.import.session.expired").await;
    assert_eq!(events[0]["published"], json!("2025-10-01T03:59:59.000Z"));
    assert_eq!(events[0]["target"][0]["id"], json!(world.id));
}

#[tokio::test(start_paused = true)]
async fn an_import_can_break_off() {
    let world = Sourced::with(OrgSettings::default());
    let session = world.session().await;
    world.upsert(&session, people(0..200)).await;
    let id = session.rsplit('/').next().expect("an id");
    let broken = json!({"session": id});
    assert_eq!(world.org.post("/_emulator/broken-imports", broken.clone()).await.status, 400);
    world.start(&session).await;
    pass(Duration::from_secs(3)).await;
    let got = world.org.post("/_emulator/broken-imports", broken).await;
    assert_eq!(got.body["status"], json!("ERROR"));
    assert_eq!(world.org.get("/_emulator/broken-imports").await.body, json!([id]));
    pass(Duration::from_mins(1)).await;
    assert_eq!((world.status(&session).await.as_str(), world.org.emulator.stats().users), ("ERROR", 100));
    let complete = world.events("system.import.complete").await;
    assert_eq!(complete[0]["outcome"], json!({"result": "FAILURE", "reason": "The import was broken off"}));
    world.session().await;
}

#[tokio::test(start_paused = true)]
async fn rules_can_change_while_it_runs() {
    let world = Sourced::with(OrgSettings::default());
    let session = world.session().await;
    world.upsert(&session, people(0..200)).await;
    world.start(&session).await;
    assert_eq!(world.create().await.status, 400);
    world.org.emulator.set_identity_source_rules(IdentitySourceRules { gap: Duration::ZERO, ..instant() });
    assert_eq!(world.status(&session).await, "COMPLETED");
    assert_ne!(world.session().await, world.session().await, "two at once");
}

#[tokio::test(start_paused = true)]
async fn the_list_has_all_sessions_or_the_active_ones() {
    for lists_all in [true, false] {
        let rules = IdentitySourceRules { lists_all, ..instant() };
        let world = Sourced::with(OrgSettings { identity_source_rules: rules, ..OrgSettings::default() });
        world.import(people(0..1)).await;
        let open = world.session().await;
        let listed = world.org.get(&format!("{}/sessions", world.path)).await.body;
        let statuses: Vec<_> =
            listed.as_array().expect("a list").iter().map(|session| session["status"].clone()).collect();
        let expected = if lists_all { vec!["COMPLETED", "CREATED"] } else { vec!["CREATED"] };
        assert_eq!(statuses, expected, "{open}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let world = Sourced::new();
    let session = world.session().await;
    let id = session.rsplit('/').next().expect("an id");
    for (method, path, name, entity) in [
        ("GET", "/api/v1/identity-sources/0oa1/sessions".to_owned(), "0oa1", "IdentitySource"),
        ("POST", "/api/v1/identity-sources/0oa1/sessions".to_owned(), "0oa1", "IdentitySource"),
        ("GET", format!("/api/v1/identity-sources/0oa1/sessions/{id}"), "0oa1", "IdentitySource"),
        ("GET", format!("{}/sessions/aps1", world.path), "aps1", "IdentitySourceSession"),
        ("DELETE", format!("{}/sessions/aps1", world.path), "aps1", "IdentitySourceSession"),
        ("POST", format!("{}/sessions/aps1/start-import", world.path), "aps1", "IdentitySourceSession"),
        ("GET", format!("{}/users/e1", world.path), "e1", "IdentitySourceUser"),
        ("DELETE", format!("{}/users/e1", world.path), "e1", "IdentitySourceUser"),
        ("GET", format!("{}/groups/g1", world.path), "g1", "IdentitySourceGroup"),
        ("GET", format!("{}/groups/g1/membership", world.path), "g1", "IdentitySourceGroup"),
    ] {
        let got = world.org.send(method, &path, None).await;
        let summary = format!("Not found: Resource not found: {name} ({entity})");
        got.refused(StatusCode::NOT_FOUND, "E0000007", &summary, &[]);
    }
}

#[tokio::test]
async fn rights_are_those_of_identity_sources() {
    let tokens = ["test", "reader=okta.identitySources.read", "other=okta.users.manage"].map(str::to_owned);
    let mut world = Sourced::with(OrgSettings { tokens: tokens.to_vec(), ..OrgSettings::default() });
    let session = world.session().await;
    for (token, read, write) in [("reader", 200, 403), ("other", 403, 403)] {
        world.org.token = token;
        assert_eq!(world.org.get(&session).await.status, read, "{token}");
        assert_eq!(world.org.send("DELETE", &session, None).await.status, write, "{token}");
    }
}

#[tokio::test(start_paused = true)]
async fn sessions_have_a_bucket_of_their_own() {
    let settings = OrgSettings { identity_sources: vec![source("Payroll")], ..OrgSettings::default() };
    let org = Caller::with(settings);
    let id = org.emulator.identity_sources()[0].id.clone();
    let path = format!("/api/v1/identity-sources/{id}");
    let created = org.send("POST", &format!("{path}/sessions"), None).await;
    assert_eq!((created.rate().0, created.rate().1), (15, 14));
    let session = format!("{path}/sessions/{}", created.id());
    assert_eq!(org.get(&session).await.rate().1, 13);
    assert_eq!(org.get(&format!("{path}/sessions")).await.rate().1, 12);
    let body = json!({"entityType": "USERS", "profiles": people(0..1)});
    let loaded = org.post(&format!("{session}/bulk-upsert"), body).await;
    assert_eq!((loaded.rate().0, loaded.rate().1), (300, 299));
    assert_eq!(org.send("POST", &format!("{session}/start-import"), None).await.rate().1, 298);
    assert_eq!(org.get(&format!("{path}/users/e0")).await.rate().1, 297);
    for _ in 0..12 {
        assert_eq!(org.get(&session).await.status, 200);
    }
    assert_eq!(org.get(&session).await.status, 429);
}

#[tokio::test(start_paused = true)]
async fn faults_strike_the_new_operations() {
    let world = Sourced::new();
    let faults =
        ["503:createIdentitySourceSession=first:1", "500-after:uploadIdentitySourceDataForUpsert=first:1"];
    let faults = json!(faults);
    assert_eq!(world.org.send("PUT", "/_emulator/faults", Some(faults)).await.status, 200);
    assert_eq!(world.create().await.status, 503);
    let session = world.session().await;
    let body = json!({"entityType": "USERS", "profiles": people(0..1)});
    assert_eq!(world.load(&session, "bulk-upsert", body).await.status, 500);
    assert_eq!(world.status(&session).await, "IN_PROGRESS", "the work was done");
}
