//! Identity sources in the state file, among the apps, and in what the emulator tells of itself.

use std::{fs, io::Write, path::Path, time::Duration};

use muster_emulator::{IdentitySourceSetting, OrgSettings};
use serde_json::{Value, json};

use crate::{
    caller::Caller,
    identity_sources::{Sourced, instant, people, source},
};

fn at(path: &Path, start: &str) -> OrgSettings {
    OrgSettings { state: Some(path.to_owned()), start: start.parse().ok(), ..OrgSettings::default() }
}

/// Half a line at the end makes the next start write the file anew.
fn tear(path: &Path) {
    let mut file = fs::OpenOptions::new().append(true).open(path).expect("the file");
    file.write_all(b"{\"user\":{\"ordinal\":1").expect("half a line");
}

#[tokio::test(start_paused = true)]
async fn sources_come_back_as_they_were() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.ndjson");
    let world = Sourced::with(at(&path, "2025-09-29T04:00:00Z"));
    let session = world.session().await;
    world.upsert(&session, people(0..200)).await;
    let groups = json!({"profiles": [{"externalId": "g1", "profile": {"displayName": "Staff"}}]});
    world.load(&session, "bulk-groups-upsert", groups).await;
    world.start(&session).await;
    tokio::time::advance(Duration::from_secs(3)).await;
    assert_eq!(world.org.emulator.stats().users, 100);
    let before = (world.org.emulator.import_sessions(), world.org.emulator.source_people("Payroll"));
    let id = world.id.clone();
    drop(world);
    for torn in [false, true] {
        if torn {
            tear(&path);
        }
        let world = Sourced::with(at(&path, "2025-09-29T04:00:03Z"));
        assert_eq!(world.id, id);
        assert_eq!(
            (world.org.emulator.import_sessions(), world.org.emulator.source_people("Payroll")),
            before
        );
    }
    let world = Sourced::with(at(&path, "2025-09-29T04:00:03Z"));
    tokio::time::advance(Duration::from_secs(3)).await;
    assert_eq!(world.status(&session).await, "COMPLETED");
    assert_eq!((world.org.emulator.stats().users, world.org.emulator.stats().creates_by_login_max), (200, 1));
    assert_eq!(world.events("system.import.user.create").await.len(), 200);
    let gone = world.org.send("DELETE", &format!("{}/users/e0", world.path), None).await;
    assert_eq!(gone.status, 204);
    let app_user = world.events("system.import.user.create").await[0]["target"][2]["id"].clone();
    drop(world);
    tear(&path);
    let world = Sourced::with(at(&path, "2025-09-29T05:00:00Z"));
    assert_eq!(world.events("system.import.user.create").await[0]["target"][2]["id"], app_user);
    assert_eq!(world.org.get(&format!("{}/groups/g1", world.path)).await.status, 200);
    assert_eq!(world.org.get(&format!("{}/users/e0", world.path)).await.status, 404);
    let mastered =
        world.org.post("/api/v1/users/e1@example.com", json!({"profile": {"lastName": "X"}})).await;
    assert_eq!(mastered.code(), "E0000077");
}

/// Wherever a kill has cut the file off: nobody is lost, and nobody is there twice.
#[tokio::test(start_paused = true)]
async fn a_file_that_ends_anywhere_is_gone_on_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.ndjson");
    let start = "2025-09-29T04:00:00Z";
    let world = Sourced::with(at(&path, start));
    let session = world.session().await;
    world.upsert(&session, people(0..4)).await;
    let groups = json!({"profiles": [{"externalId": "g1", "profile": {"displayName": "Staff"}}]});
    world.load(&session, "bulk-groups-upsert", groups).await;
    let members = json!({"memberships": [{"groupExternalId": "g1", "memberExternalIds": ["e0", "e3"]}]});
    world.load(&session, "bulk-group-memberships-upsert", members).await;
    world.start(&session).await;
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(world.status(&session).await, "COMPLETED");
    drop(world);
    let text = fs::read_to_string(&path).expect("the file");
    let lines: Vec<_> = text.lines().collect();
    let triggered = lines.iter().position(|line| line.contains("TRIGGERED")).expect("a line");
    assert!(lines.len() > triggered + 20, "{text}");
    for end in triggered + 1..=lines.len() {
        let cut = folder.path().join(format!("cut-{end}.ndjson"));
        fs::write(&cut, format!("{}\n", lines[..end].join("\n"))).expect("a file");
        let world = Sourced::with(at(&cut, start));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(world.status(&session).await, "COMPLETED", "{end}");
        let stats = world.org.emulator.stats();
        assert_eq!((stats.users, stats.memberships), (4, 2), "{end}");
        assert_eq!(world.org.emulator.source_people("Payroll").len(), 4, "{end}");
    }
}

/// What is due is done in the same way, however often somebody looks.
#[tokio::test(start_paused = true)]
async fn looking_changes_nothing() {
    let mut logs = Vec::new();
    for looks in [1_u32, 50] {
        let world = Sourced::with(OrgSettings { seed: 7, ..OrgSettings::default() });
        let session = world.session().await;
        world.upsert(&session, people(0..100)).await;
        world.start(&session).await;
        for _ in 0..looks {
            tokio::time::advance(Duration::from_secs(5) / looks).await;
            assert_eq!(world.org.get(&session).await.status, 200);
        }
        logs.push((
            world.org.get("/api/v1/logs?limit=1000").await.text,
            world.org.emulator.source_people("Payroll"),
        ));
    }
    assert_eq!(logs[0], logs[1]);
}

#[tokio::test(start_paused = true)]
async fn a_user_who_is_deleted_leaves_the_source() {
    let world = Sourced::new();
    world.import(people(0..1)).await;
    for _ in 0..2 {
        world.org.send("DELETE", "/api/v1/users/e0@example.com", None).await;
    }
    assert_eq!(world.org.emulator.source_people(&world.id), []);
    world.import(people(0..1)).await;
    assert_eq!(world.events("system.import.user.create").await.len(), 2);
}

#[tokio::test]
async fn sources_are_among_the_apps() {
    let attributes = vec!["badge".to_owned()];
    let identity_sources = vec![
        IdentitySourceSetting { id: Some("0oapayroll".to_owned()), attributes, ..source("Payroll") },
        source("Contractors"),
    ];
    let applications = vec!["Wiki".to_owned()];
    let world = Sourced::with(OrgSettings { identity_sources, applications, ..OrgSettings::default() });
    assert_eq!(world.id, "0oapayroll");
    let labels = async |query: &str| {
        let all = world.org.all(&format!("/api/v1/apps?limit=1{query}")).await;
        all.iter().map(|app| app["label"].as_str().expect("a label").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(labels("").await, ["Wiki", "Payroll", "Contractors"]);
    assert_eq!(labels("&q=pay").await, ["Payroll"]);
    assert_eq!(labels("&q=custom_").await, ["Payroll", "Contractors"]);
    let filter = "&filter=name%20eq%20%22custom_identity_source%22";
    assert_eq!(labels(filter).await, ["Payroll", "Contractors"]);
    assert_eq!(world.org.get("/api/v1/apps?filter=label%20eq%20%22x%22").await.code(), "E0000094");
    let app = world.org.get(&format!("/api/v1/apps?{filter}")).await.body[0].clone();
    assert_eq!(
        (&app["name"], &app["status"], &app["id"]),
        (&json!("custom_identity_source"), &json!("ACTIVE"), &json!("0oapayroll"))
    );
    assert!(app["orn"].as_str().is_some_and(|orn| orn.ends_with(":custom_identity_source:0oapayroll")));
    let schema = world.org.get("/api/v1/meta/schemas/apps/0oapayroll/default").await.body;
    let names = |part: &str| -> Vec<String> {
        let properties: &Value = &schema["definitions"][part]["properties"];
        properties.as_object().expect("properties").keys().cloned().collect()
    };
    assert_eq!(
        names("base"),
        ["email", "firstName", "homeAddress", "lastName", "mobilePhone", "secondEmail", "userName"]
    );
    assert_eq!(names("custom"), ["badge"]);
    assert_eq!(schema["definitions"]["base"]["properties"]["homeAddress"]["maxLength"], json!(4096));
    assert_eq!(world.org.get("/api/v1/meta/schemas/apps/0oa1/default").await.code(), "E0000007");
}

#[tokio::test]
async fn apps_need_their_rights() {
    let tokens = ["test", "apps=okta.apps.read", "schemas=okta.schemas.read"].map(str::to_owned).to_vec();
    let mut world = Sourced::with(OrgSettings { tokens, ..OrgSettings::default() });
    let schema = format!("/api/v1/meta/schemas/apps/{}/default", world.id);
    for (token, of_apps, of_schema) in [("apps", 200, 403), ("schemas", 403, 200)] {
        world.org.token = token;
        assert_eq!(world.org.get("/api/v1/apps").await.status, of_apps);
        assert_eq!(world.org.get(&schema).await.status, of_schema);
    }
}

#[tokio::test(start_paused = true)]
async fn the_emulator_tells_of_sources_sessions_and_people() {
    let world = Sourced::with(OrgSettings { identity_source_rules: instant(), ..OrgSettings::default() });
    world.import(people(0..2)).await;
    let sources = world.org.get("/_emulator/identity-sources").await.body;
    assert_eq!(
        sources,
        json!([{"id": world.id, "label": "Payroll", "people": 2, "groups": 0, "sessions": 1}])
    );
    let sessions = world.org.get("/_emulator/import-sessions").await.body;
    assert_eq!((&sessions[0]["status"], &sessions[0]["requests"]), (&json!("COMPLETED"), &json!(1)));
    for source in [world.id.as_str(), "Payroll"] {
        let people = world.org.get(&format!("/_emulator/source-people?source={source}")).await.text;
        let first: Value = serde_json::from_str(people.lines().next().expect("a line")).expect("JSON");
        assert_eq!(
            (&first["external_id"], &first["login"], &first["status"]),
            (&json!("e0"), &json!("e0@example.com"), &json!("STAGED"))
        );
    }
}

#[tokio::test]
async fn an_org_without_sources_has_none() {
    let org = Caller::free();
    assert_eq!(org.get("/api/v1/identity-sources/0oa1/sessions").await.status, 404);
    assert_eq!(org.get("/api/v1/apps").await.body, json!([]));
}
