//! Groups of a source, and who is in them.

use serde_json::{Value, json};

use crate::identity_sources::{Sourced, people};

fn group(id: &str, name: &str) -> Value {
    json!({"externalId": id, "profile": {"displayName": name, "description": "of the source"}})
}

fn pairs(of: &str, members: &[&str]) -> Value {
    json!({"memberships": [{"groupExternalId": of, "memberExternalIds": members}]})
}

/// People, groups and memberships in one session, in the wrong order.
async fn loaded() -> (Sourced, String) {
    let world = Sourced::new();
    let session = world.session().await;
    let members = pairs("g1", &["e0", "e1", "nobody"]);
    assert_eq!(world.load(&session, "bulk-group-memberships-upsert", members).await.status, 202);
    let groups = json!({"profiles": [group("g1", "Staff"), group("g2", "Staff")]});
    assert_eq!(world.load(&session, "bulk-groups-upsert", groups).await.status, 202);
    world.upsert(&session, people(0..3)).await;
    world.run(&session).await;
    let found = world.org.get("/api/v1/groups?filter=type%20eq%20%22APP_GROUP%22").await;
    assert_eq!(found.body.as_array().map(Vec::len), Some(2));
    let id = found.body[0]["id"].as_str().expect("an id").to_owned();
    (world, id)
}

async fn members(world: &Sourced, id: &str) -> Vec<String> {
    let got = world.org.get(&format!("/api/v1/groups/{id}/users")).await;
    let users = got.body.as_array().expect("users").clone();
    users.iter().map(|user| user["profile"]["login"].as_str().expect("a login").to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn groups_of_a_source_are_groups_of_an_app() {
    let (world, id) = loaded().await;
    let shown = world.org.get(&format!("/api/v1/groups/{id}")).await.body;
    assert_eq!(shown["profile"], json!({"name": "Staff", "description": "of the source"}));
    assert_eq!(members(&world, &id).await, ["e0@example.com", "e1@example.com"]);
    let outsider = world.org.user("x@example.com", json!({}), "").await;
    let member = format!("/api/v1/groups/{id}/users/{outsider}");
    assert_eq!(world.org.send("PUT", &member, None).await.code(), "E0000060");
    let created = world.events("system.import.group.create").await;
    assert_eq!((created.len(), &created[0]["target"][0]["id"]), (2, &json!(id)));
    assert_eq!(created[0]["target"][1]["id"], json!(world.id));
    let joined = world.events("group.user_membership.add").await;
    assert_eq!(joined.len(), 3);
    let failures: Vec<_> = joined.iter().filter(|event| event["outcome"]["result"] == "FAILURE").collect();
    let reason = "Not found: Resource not found: nobody (IdentitySourceUser)";
    assert_eq!((failures.len(), &failures[0]["outcome"]["reason"]), (1, &json!(reason)));
    let session = &world.org.emulator.import_sessions()[0];
    assert_eq!((session.people, session.groups, session.memberships), (3, 2, 3));
    assert_eq!((session.done, session.refused), (7, 1));
}

#[tokio::test(start_paused = true)]
async fn groups_and_memberships_change_and_go() {
    let (world, id) = loaded().await;
    let session = world.session().await;
    world
        .load(
            &session,
            "bulk-groups-upsert",
            json!({"profiles": [group("g1", "All staff"), group("g2", "Staff")]}),
        )
        .await;
    world.load(&session, "bulk-groups-delete", json!({"externalIds": ["g2", "g9"]})).await;
    world.load(&session, "bulk-group-memberships-delete", pairs("g1", &["e0"])).await;
    world.load(&session, "bulk-group-memberships-upsert", pairs("g1", &["e1", "e2"])).await;
    world.load(&session, "bulk-group-memberships-upsert", pairs("g9", &["e1"])).await;
    let blank = json!({"profiles": [{"externalId": "g3", "profile": {}}]});
    world.load(&session, "bulk-groups-upsert", blank).await;
    world.run(&session).await;
    assert_eq!(members(&world, &id).await, ["e1@example.com", "e2@example.com"]);
    let updated = world.events("system.import.group.update").await;
    assert_eq!((updated.len(), &updated[0]["target"][0]["displayName"]), (1, &json!("All staff")));
    let deleted = world.events("system.import.group.delete").await;
    assert_eq!((deleted.len(), &deleted[0]["target"][0]["displayName"]), (1, &json!("Staff")));
    assert_eq!(world.events("group.user_membership.remove").await.len(), 1);
    let failed = world.events("system.import.group.create").await.pop().expect("an event");
    assert_eq!(failed["outcome"]["reason"], json!("displayName: The field cannot be left blank"));
    assert_eq!(failed["target"][0]["alternateId"], json!("g3"));
    let found = world.org.get("/api/v1/groups?filter=type%20eq%20%22APP_GROUP%22").await;
    assert_eq!(found.body.as_array().map(Vec::len), Some(1));
}

#[tokio::test(start_paused = true)]
async fn who_leaves_the_source_leaves_its_groups() {
    let (world, id) = loaded().await;
    assert_eq!(world.org.send("DELETE", &format!("{}/users/e0", world.path), None).await.status, 204);
    assert_eq!(members(&world, &id).await, ["e1@example.com"]);
    assert_eq!(world.events("group.user_membership.remove").await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn groups_are_made_and_changed_one_by_one() {
    let (world, id) = loaded().await;
    let groups = format!("{}/groups", world.path);
    let made = world.org.post(&groups, group("g5", "Sales")).await;
    assert_eq!((made.status, &made.body["externalId"]), (200, &json!("g5")));
    assert_eq!(made.body["profile"], json!({"displayName": "Sales", "description": "of the source"}));
    assert_eq!(world.org.post(&groups, group("g5", "Sales")).await.code(), "E0000001");
    let by_id = world.org.get(&format!("{groups}/{}", made.id())).await;
    assert_eq!(by_id.body, made.body);
    let changed = world.org.post(&format!("{groups}/g5"), group("g5", "Marketing")).await;
    assert_eq!((changed.status, &changed.body["profile"]["displayName"]), (200, &json!("Marketing")));
    let membership = format!("{groups}/{}/membership", made.id());
    for member in ["e2", "e0", "e1"] {
        let body = json!({"memberExternalId": member});
        assert_eq!(world.org.post(&membership, body).await.status, 204);
    }
    let unknown = json!({"memberExternalId": "nobody"});
    assert_eq!(world.org.post(&membership, unknown).await.code(), "E0000007");
    let first = world.org.get(&format!("{membership}?limit=2")).await;
    assert_eq!(first.body, json!({"memberExternalIds": ["e0", "e1"]}));
    let second = world.org.get(&first.next().expect("a next page")).await;
    assert_eq!((&second.body, second.next()), (&json!({"memberExternalIds": ["e2"]}), None));
    assert_eq!(world.org.send("DELETE", &format!("{membership}/e1"), None).await.status, 204);
    assert_eq!(world.org.get(&membership).await.body, json!({"memberExternalIds": ["e0", "e2"]}));
    assert_eq!(world.org.send("DELETE", &format!("{groups}/{id}"), None).await.status, 204);
    assert_eq!(world.org.get(&format!("{groups}/g1")).await.status, 404);
    assert_eq!(world.org.get(&format!("/api/v1/groups/{id}")).await.status, 404);
}
