//! What comes of people who are loaded.

use http::StatusCode;
use muster_emulator::{IdentitySourceSetting, OrgSettings};
use serde_json::{Value, json};

use crate::{
    caller::{hook, value},
    identity_sources::{Sourced, instant, people, person, source},
};

/// The words of the failures of a kind.
async fn reasons(world: &Sourced, kind: &str) -> Vec<String> {
    let events = world.events(kind).await;
    let failures = events.iter().filter(|event| event["outcome"]["result"] == json!("FAILURE"));
    failures.map(|event| event["outcome"]["reason"].as_str().expect("a reason").to_owned()).collect()
}

fn with(mut person: Value, name: &str, value: impl Into<Value>) -> Value {
    person["profile"][name] = value.into();
    person
}

#[tokio::test(start_paused = true)]
async fn somebody_new_is_staged_and_sourced() {
    let world = Sourced::new();
    world
        .import(vec![with(with(person("e1"), "mobilePhone", "+1 555"), "homeAddress", "Elm Street 1")])
        .await;
    let user = world.user("e1@example.com").await;
    assert_eq!(user["status"], json!("STAGED"));
    assert_eq!(user["credentials"]["provider"], json!({"type": "IMPORT", "name": "IMPORT"}));
    assert_eq!(user["profile"]["mobilePhone"], json!("+1 555"));
    assert_eq!(user["profile"].get("homeAddress"), None, "it stays in the source");
    let shown = world.org.get(&format!("{}/users/e1", world.path)).await.body;
    assert_eq!(
        (&shown["externalId"], &shown["profile"]["homeAddress"]),
        (&json!("e1"), &json!("Elm Street 1"))
    );
    assert!(shown["id"].as_str().is_some_and(|id| id.starts_with("0ua")));
    let event = world.events("system.import.user.create").await.remove(0);
    let label = json!("Payroll");
    assert_eq!(event["outcome"], json!({"result": "SUCCESS", "reason": null}));
    let target = event["target"].as_array().expect("targets");
    assert_eq!((&target[0]["type"], &target[0]["id"]), (&json!("User"), &user["id"]));
    assert_eq!(target[0]["alternateId"], json!("e1@example.com"));
    assert_eq!(
        (&target[1]["type"], &target[1]["id"], &target[1]["alternateId"]),
        (&json!("AppInstance"), &json!(world.id), &label)
    );
    assert_eq!((&target[2]["type"], &target[2]["id"]), (&json!("AppUser"), &shown["id"]));
    assert_eq!(
        (&target[2]["alternateId"], &target[2]["displayName"]),
        (&json!("e1"), &json!("e1@example.com"))
    );
    assert_eq!(world.events("user.lifecycle.create").await.len(), 1);
    assert!(world.org.emulator.stats().mails.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_source_can_activate_its_people() {
    let identity_sources = vec![IdentitySourceSetting { activates: true, ..source("Payroll") }];
    let settings = OrgSettings {
        identity_sources,
        identity_source_rules: instant(),
        active_user_cap: Some(1),
        ..OrgSettings::default()
    };
    let world = Sourced::with(settings);
    world.import(people(1..3)).await;
    assert_eq!(world.user("e1@example.com").await["status"], json!("ACTIVE"));
    assert_eq!(world.org.get("/api/v1/users/e2@example.com").await.status, 404);
    let cause = "The maximum number of active users (1) has been reached for this org";
    assert_eq!(reasons(&world, "system.import.user.create").await, [cause]);
    assert!(world.org.emulator.stats().mails.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_user_of_the_same_login_is_matched() {
    let world = Sourced::new();
    let id = world.org.user("E1@example.com", value("Abcd1234"), "").await;
    world.import(vec![with(person("e1"), "firstName", "Augusta")]).await;
    let user = world.user(&id).await;
    assert_eq!((&user["status"], &user["profile"]["firstName"]), (&json!("ACTIVE"), &json!("Augusta")));
    assert_eq!(user["credentials"]["provider"]["type"], json!("IMPORT"));
    assert_eq!(world.events("system.import.user.match").await.len(), 1);
    assert_eq!(world.events("system.import.user.update").await.len(), 1);
    assert_eq!(world.events("system.import.user.create").await.len(), 0);
    assert_eq!(world.org.emulator.stats().users, 1);
}

#[tokio::test(start_paused = true)]
async fn changes_are_told_and_nothing_where_nothing_changed() {
    let world = Sourced::new();
    world.import(people(1..3)).await;
    world.import(vec![person("e1"), with(person("e2"), "lastName", "King")]).await;
    let updates = world.events("system.import.user.update").await;
    assert_eq!(updates.len(), 1);
    assert_eq!(updates[0]["target"][0]["alternateId"], json!("e2@example.com"));
    let session = &world.org.emulator.import_sessions()[1];
    assert_eq!((session.done, session.unchanged, session.refused), (1, 1, 0));
    assert_eq!(world.user("e2@example.com").await["profile"]["lastName"], json!("King"));
    // What is not said stays, and null clears.
    world.import(vec![json!({"externalId": "e2", "profile": {"mobilePhone": "+1"}})]).await;
    assert_eq!(world.user("e2@example.com").await["profile"]["lastName"], json!("King"));
    world.import(vec![json!({"externalId": "e2", "profile": {"mobilePhone": null, "lastName": null}})]).await;
    assert_eq!(
        reasons(&world, "system.import.user.update").await,
        ["lastName: The field cannot be left blank"]
    );
    assert_eq!(world.user("e2@example.com").await["profile"]["mobilePhone"], json!("+1"), "all or nothing");
    // Somebody can change the login.
    world.import(vec![with(person("e2"), "userName", "new@example.com")]).await;
    assert_eq!(world.user("new@example.com").await["profile"]["email"], json!("e2@example.com"));
}

#[tokio::test(start_paused = true)]
async fn of_the_same_id_twice_the_last_wins() {
    let world = Sourced::new();
    world.import(vec![with(person("e1"), "firstName", "A"), with(person("e1"), "firstName", "B")]).await;
    assert_eq!(world.user("e1@example.com").await["profile"]["firstName"], json!("B"));
    assert_eq!(world.org.emulator.stats().users, 1);
}

#[tokio::test(start_paused = true)]
async fn who_cannot_be_imported_is_told_of_in_the_log() {
    let identity_sources = vec![source("Payroll"), source("Contractors")];
    let settings =
        OrgSettings { identity_sources, identity_source_rules: instant(), ..OrgSettings::default() };
    let world = Sourced::with(settings);
    let other = world.org.emulator.identity_sources()[1].id.clone();
    let body = person("theirs");
    assert_eq!(world.org.post(&format!("/api/v1/identity-sources/{other}/users"), body).await.status, 200);
    let taken = "login: An object with this field already exists in the current organization";
    world.import(vec![person("e1")]).await;
    world
        .import(vec![
            with(person("e2"), "userName", Value::Null),
            with(with(person("e3"), "email", ""), "userName", " "),
            with(person("e4"), "email", "nonsense"),
            with(person("e5"), "userName", "nonsense"),
            with(person("e6"), "userName", "THEIRS@example.com"),
            with(person("e7"), "userName", "é1@example.com"),
            with(person("e8"), "lastName", "x".repeat(51)),
            with(person("e9"), "homeAddress", "x".repeat(4097)),
            json!({"externalId": "e10"}),
        ])
        .await;
    let blank = |name: &str| format!("{name}: The field cannot be left blank");
    assert_eq!(
        reasons(&world, "system.import.user.create").await,
        [
            blank("userName"),
            format!("{}; {}", blank("userName"), blank("email")),
            "email: Does not match required pattern".to_owned(),
            "login: Username must be in the form of an email address".to_owned(),
            taken.to_owned(),
            taken.to_owned(),
            "lastName: The field is too long".to_owned(),
            "homeAddress: The field is too long".to_owned(),
            format!("{}; {}", blank("userName"), blank("email")),
        ]
    );
    assert_eq!(world.org.emulator.stats().users, 2);
    assert_eq!(world.org.emulator.import_sessions()[1].refused, 9);
    let events = world.events("system.import.user.create").await;
    let failure = events.iter().find(|event| event["outcome"]["reason"] == json!(taken)).expect("a failure");
    let target = failure["target"].as_array().expect("targets");
    assert_eq!(
        (target.len(), &target[0]["type"], &target[1]["type"]),
        (2, &json!("AppInstance"), &json!("AppUser"))
    );
    assert_eq!(
        (&target[1]["alternateId"], &target[1]["displayName"]),
        (&json!("e6"), &json!("THEIRS@example.com"))
    );
    assert!(target[1]["id"].as_str().is_some_and(|id| id.starts_with("0ua")));
    // A change of somebody who is there fails as an update.
    world.import(vec![with(person("e1"), "email", "nonsense")]).await;
    assert_eq!(
        reasons(&world, "system.import.user.update").await,
        ["email: Does not match required pattern"]
    );
}

#[tokio::test(start_paused = true)]
async fn attributes_go_to_those_of_the_same_name() {
    let world = Sourced::new();
    let attributes = json!({"definitions": {"custom": {"properties": {
        "remote": {"title": "R", "type": "boolean"}, "floor": {"title": "F", "type": "integer"},
        "rate": {"title": "R", "type": "number"}, "badge": {"title": "B", "type": "string"},
        "tags": {"title": "T", "type": "array", "items": {"type": "string"}},
        "homeAddress": {"title": "H", "type": "string"},
    }}}});
    assert_eq!(world.org.post("/api/v1/meta/schemas/user/default", attributes).await.status, 200);
    let mut one = person("e1");
    for (name, text) in [
        ("remote", "TRUE"),
        ("floor", " 12"),
        ("rate", "1.5"),
        ("badge", "7"),
        ("tags", "a"),
        ("shoe", "44"),
        ("department", "Sales"),
        ("homeAddress", "Elm Street 1"),
        ("login", "other@example.com"),
    ] {
        one = with(one, name, text);
    }
    world.import(vec![one, with(person("e2"), "floor", "first"), with(person("e3"), "remote", "yes")]).await;
    let profile = world.user("e1@example.com").await["profile"].clone();
    assert_eq!(
        [&profile["remote"], &profile["floor"], &profile["rate"], &profile["badge"], &profile["department"]],
        [&json!(true), &json!(12), &json!(1.5), &json!("7"), &json!("Sales")]
    );
    assert_eq!(profile["homeAddress"], json!("Elm Street 1"));
    assert_eq!((profile.get("tags"), profile.get("shoe")), (None, None));
    assert_eq!(
        reasons(&world, "system.import.user.create").await,
        ["floor: The field must be of type integer", "remote: The field must be of type boolean"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_source_with_a_schema_takes_nothing_else() {
    let attributes = vec!["badge".to_owned()];
    let identity_sources = vec![IdentitySourceSetting { attributes, ..source("Payroll") }];
    let settings =
        OrgSettings { identity_sources, identity_source_rules: instant(), ..OrgSettings::default() };
    let world = Sourced::with(settings);
    world.import(vec![with(with(person("e1"), "badge", "7"), "department", "Sales")]).await;
    assert_eq!(world.user("e1@example.com").await["profile"].get("department"), None);
    let shown = world.org.get(&format!("{}/users/e1", world.path)).await.body;
    assert_eq!((&shown["profile"]["badge"], shown["profile"].get("department")), (&json!("7"), None));
}

#[tokio::test(start_paused = true)]
async fn who_is_deleted_is_deactivated_and_can_come_back() {
    let world = Sourced::new();
    world.import(people(1..3)).await;
    let id = world.user("e1@example.com").await["id"].as_str().expect("an id").to_owned();
    let app_user = world.org.get(&format!("{}/users/e1", world.path)).await.id();
    let session = world.session().await;
    let gone = json!({"entityType": "USERS", "profiles": [{"externalId": "e1"}, {"externalId": "nobody"}]});
    assert_eq!(world.load(&session, "bulk-delete", gone).await.status, 202);
    world.run(&session).await;
    assert_eq!(world.org.status_of(&id).await, "DEPROVISIONED");
    assert_eq!(world.org.get(&format!("{}/users/e1", world.path)).await.status, 404);
    let deleted = world.events("system.import.user.delete").await;
    assert_eq!(deleted[0]["target"][0]["id"], json!(id));
    assert_eq!(deleted[0]["target"][2]["id"], json!(app_user));
    assert_eq!(world.events("user.lifecycle.deactivate").await.len(), 1);
    let created = world.events("system.import.user.create").await;
    assert_eq!(created[0]["target"][2]["id"], json!(app_user), "the log remembers who is gone");
    assert_eq!(world.org.emulator.import_sessions()[1].people, 1, "who is not known is passed over");
    world.import(people(1..2)).await;
    assert_eq!(world.org.status_of(&id).await, "STAGED");
    assert_eq!(world.events("system.import.user.update").await.len(), 1);
    // Who was loaded in the same session is known.
    let session = world.session().await;
    world.upsert(&session, people(7..8)).await;
    let gone = json!({"entityType": "USERS", "profiles": [{"externalId": "e7"}]});
    world.load(&session, "bulk-delete", gone).await;
    world.run(&session).await;
    assert_eq!(world.user("e7@example.com").await["status"], json!("DEPROVISIONED"));
}

#[tokio::test(start_paused = true)]
async fn who_was_deactivated_by_hand_stays_so() {
    let world = Sourced::new();
    world.import(people(1..2)).await;
    let id = world.user("e1@example.com").await["id"].as_str().expect("an id").to_owned();
    assert_eq!(world.org.turn(&id, "deactivate").await.status, 200);
    world.import(vec![with(person("e1"), "lastName", "King")]).await;
    let user = world.user(&id).await;
    assert_eq!((&user["status"], &user["profile"]["lastName"]), (&json!("DEPROVISIONED"), &json!("King")));
}

#[tokio::test(start_paused = true)]
async fn rules_and_realms_hold_for_imported_people() {
    let realms = vec!["Partners=partner.example".to_owned()];
    let settings = OrgSettings { realms, identity_source_rules: instant(), ..OrgSettings::default() };
    let world = Sourced::with(settings);
    let group = world.org.group("Sales").await;
    let rule = json!({
        "type": "group_rule", "name": "Sales",
        "conditions": {"expression": {"type": "urn:okta:expression:1.0", "value": "user.department==\"Sales\""}},
        "actions": {"assignUserToGroups": {"groupIds": [group]}},
    });
    let rule = world.org.post("/api/v1/groups/rules", rule).await.id();
    world.org.send("POST", &format!("/api/v1/groups/rules/{rule}/lifecycle/activate"), None).await;
    world.import(vec![with(person("e1"), "department", "Sales"), person("e2")]).await;
    let members = world.org.get(&format!("/api/v1/groups/{group}/users")).await.body;
    assert_eq!(members.as_array().map(Vec::len), Some(1));
    let default = world.org.get("/api/v1/realms").await.body[0]["id"].clone();
    assert_eq!(world.user("e2@example.com").await["realmId"], default);
}

#[tokio::test(start_paused = true)]
async fn mastered_attributes_are_read_only_elsewhere() {
    let world = Sourced::new();
    world.import(vec![with(person("e1"), "department", "Sales")]).await;
    let path = format!("/api/v1/users/{}", world.user("e1@example.com").await["id"].as_str().expect("an id"));
    for (name, value) in
        [("firstName", "X"), ("login", "x@example.com"), ("department", "X"), ("mobilePhone", "1")]
    {
        let got = world.org.post(&path, json!({"profile": {name: value}})).await;
        let summary = format!("Cannot modify the {name} attribute because it is read-only.");
        got.refused(StatusCode::FORBIDDEN, "E0000077", &summary, &[]);
    }
    let own = json!({"profile": {"nickName": "Countess", "firstName": "Ada"}});
    assert_eq!(world.org.post(&path, own).await.status, 200, "what is not of the source, or is as it was");
    let full = json!({"profile": {"login": "e1@example.com", "email": "e1@example.com", "firstName": "Ada", "lastName": "Byron"}});
    assert_eq!(
        world.org.send("PUT", &path, Some(full)).await.code(),
        "E0000077",
        "the department would be gone"
    );
    // The hook is armed by the Users API.
    let armed = world.org.post(&path, json!({"credentials": hook()})).await;
    assert_eq!((armed.status, &armed.body["credentials"]["password"]), (200, &json!({})), "{}", armed.text);
    assert_eq!(armed.body["credentials"]["provider"]["type"], json!("IMPORT"));
    assert_eq!(world.org.emulator.source_people("Payroll")[0].status, "STAGED");
    // Who is deleted from the source is the org's.
    let deleted = world.org.send("DELETE", &format!("{}/users/e1", world.path), None).await;
    assert_eq!(deleted.status, 204);
    world.org.turn(path.rsplit('/').next().expect("an id"), "activate").await;
    assert_eq!(world.org.post(&path, json!({"profile": {"firstName": "X"}})).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn people_are_made_and_changed_one_by_one() {
    let world = Sourced::new();
    let users = format!("{}/users", world.path);
    let created = world.org.post(&users, person("e1")).await;
    assert_eq!((created.status, &created.body["externalId"]), (200, &json!("e1")));
    assert_eq!(created.body["profile"]["userName"], json!("e1@example.com"));
    world.org.post(&users, person("e1")).await.invalid(
        "externalId",
        &["externalId: An object with this field already exists in the current organization"],
    );
    let one = format!("{users}/e1");
    assert_eq!(world.org.get(&one).await.body, created.body);
    let patched =
        world.org.send("PATCH", &one, Some(json!({"profile": {"firstName": "B", "mobilePhone": "1"}}))).await;
    assert_eq!((patched.status, &patched.body["profile"]["lastName"]), (200, &json!("Byron")));
    assert_eq!(world.user("e1@example.com").await["profile"]["firstName"], json!("B"));
    let replaced = world.org.send("PUT", &one, Some(person("e1"))).await;
    assert_eq!((replaced.status, replaced.body["profile"].get("mobilePhone")), (200, None));
    let user = world.user("e1@example.com").await;
    assert_eq!(
        (&user["profile"]["firstName"], &user["profile"]["mobilePhone"]),
        (&json!("Ada"), &Value::Null)
    );
    let bad = world.org.send("PATCH", &one, Some(json!({"profile": {"email": "nonsense"}}))).await;
    bad.invalid("email", &["email: Does not match required pattern"]);
    let nobody = json!({"externalId": "e2", "profile": {"userName": "e2@example.com"}});
    world.org.post(&users, nobody).await.invalid("email", &["email: The field cannot be left blank"]);
    assert_eq!(world.org.send("DELETE", &one, None).await.status, 204);
    assert_eq!(world.user("e1@example.com").await["status"], json!("DEPROVISIONED"));
    let events = world.events("system.import.user.create").await;
    assert_eq!(events[0]["debugContext"]["debugData"], json!({}), "there is no session");
    assert_eq!(events[0]["target"][2]["alternateId"], json!("e1"));
}
