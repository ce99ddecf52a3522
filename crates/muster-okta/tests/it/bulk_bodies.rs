//! Bodies of bulk requests: their exact lengths, and what the description says of them.

use muster_okta::wire::{
    BulkKind, deletion_entity, group_deletion_entity, group_entity, memberships_entity, user_entity,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::official::{faults_of, official};

fn profile(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn kim() -> Map<String, Value> {
    profile(
        &json!({"userName": "kim@example.com", "email": "kim@example.com", "firstName": "Kim", "badge": "7"}),
    )
}

/// An entity of this kind, of these words.
fn entity(kind: BulkKind, id: &str, word: &str) -> Vec<u8> {
    match kind {
        BulkKind::UsersUpsert => user_entity(id, &profile(&json!({"userName": word, "odd \"name\"": word}))),
        BulkKind::UsersDelete => deletion_entity(id),
        BulkKind::GroupsUpsert => group_entity(id, word, word.len().is_multiple_of(2).then_some(word)),
        BulkKind::GroupsDelete => group_deletion_entity(id),
        BulkKind::MembershipsUpsert | BulkKind::MembershipsDelete => memberships_entity(id, &[word, id]),
    }
}

fn path(kind: BulkKind) -> String {
    format!("/api/v1/identity-sources/0oa1/sessions/aps1/{}", kind.as_str())
}

/// What stands in the body's list.
fn listed(body: &[u8]) -> Vec<Value> {
    let body: Map<String, Value> = serde_json::from_slice(body).unwrap();
    let lists: Vec<&Value> = body.values().filter(|value| value.is_array()).collect();
    assert_eq!(lists.len(), 1, "{body:?}");
    lists[0].as_array().unwrap().clone()
}

proptest! {
    #[test]
    fn the_length_is_known_before_there_is_a_body(words in prop::collection::vec((".{0,40}", ".{0,40}"), 0..8)) {
        for kind in BulkKind::ALL {
            let entities: Vec<Vec<u8>> = words.iter().map(|(id, word)| entity(kind, id, word)).collect();
            let commas = entities.len().saturating_sub(1);
            let length = kind.envelope() + entities.iter().map(Vec::len).sum::<usize>() + commas;
            let body = kind.body(&entities);
            prop_assert_eq!(body.len(), length);
            let alone: Vec<Value> = entities.iter().map(|one| serde_json::from_slice(one).unwrap()).collect();
            prop_assert_eq!(listed(&body), alone);
        }
    }

    #[test]
    fn every_text_comes_back(id in any::<String>(), word in any::<String>()) {
        let read = |entity: Vec<u8>| serde_json::from_slice::<Value>(&entity).unwrap();
        let user = read(user_entity(&id, &profile(&json!({"userName": word}))));
        prop_assert_eq!(user, json!({"externalId": id, "profile": {"userName": word}}));
        prop_assert_eq!(read(deletion_entity(&id)), json!({"externalId": id}));
        prop_assert_eq!(read(group_deletion_entity(&id)), json!(id));
        let group = read(group_entity(&id, &word, None));
        prop_assert_eq!(group, json!({"externalId": id, "profile": {"displayName": word}}));
        let members = read(memberships_entity(&id, &[&word, &id]));
        prop_assert_eq!(members, json!({"groupExternalId": id, "memberExternalIds": [word, id]}));
    }
}

#[test]
fn each_body_is_as_the_description_has_it() {
    let entities = [
        (BulkKind::UsersUpsert, user_entity("e/1", &kim()), json!({"externalId": "e/1", "profile": kim()})),
        (BulkKind::UsersDelete, deletion_entity("ü 1"), json!({"externalId": "ü 1"})),
        (
            BulkKind::GroupsUpsert,
            group_entity("g1", "Staff", Some("All of \"them\"")),
            json!({"externalId": "g1", "profile": {"displayName": "Staff", "description": "All of \"them\""}}),
        ),
        (BulkKind::GroupsDelete, group_deletion_entity("g\\1"), json!("g\\1")),
        (
            BulkKind::MembershipsUpsert,
            memberships_entity("g1", &["e/1", "e2"]),
            json!({"groupExternalId": "g1", "memberExternalIds": ["e/1", "e2"]}),
        ),
        (
            BulkKind::MembershipsDelete,
            memberships_entity("g1", &[]),
            json!({"groupExternalId": "g1", "memberExternalIds": []}),
        ),
    ];
    for (kind, entity, meaning) in entities {
        let body = kind.body(&[entity.clone(), entity]);
        assert_eq!(listed(&body), [meaning.clone(), meaning], "{kind:?}");
        assert_eq!(faults_of(&path(kind), &body), [], "{kind:?}");
    }
}

/// The judge sees what is in a body.
#[test]
fn a_body_at_the_wrong_door_is_found() {
    if official().is_none() {
        return;
    }
    let long = "x".repeat(513);
    let users = BulkKind::UsersUpsert;
    assert!(!faults_of(&path(users), &users.body(&[user_entity(&long, &kim())])).is_empty());
    let groups = BulkKind::GroupsDelete.body(&[deletion_entity("g1")]);
    assert!(!faults_of(&path(BulkKind::GroupsDelete), &groups).is_empty());
    let many = vec![memberships_entity("g1", &["e1"]); 201];
    let memberships = BulkKind::MembershipsUpsert;
    assert!(!faults_of(&path(memberships), &memberships.body(&many)).is_empty());
    assert_eq!(faults_of(&path(memberships), &memberships.body(&many[..200])), []);
}

/// The description forbids no other member, so a list of the wrong name would pass it.
#[test]
fn each_list_has_its_name_and_its_path() {
    let known = [
        (BulkKind::UsersUpsert, "bulk-upsert", r#"{"entityType":"USERS","profiles":[]}"#),
        (BulkKind::UsersDelete, "bulk-delete", r#"{"entityType":"USERS","profiles":[]}"#),
        (BulkKind::GroupsUpsert, "bulk-groups-upsert", r#"{"profiles":[]}"#),
        (BulkKind::GroupsDelete, "bulk-groups-delete", r#"{"externalIds":[]}"#),
        (BulkKind::MembershipsUpsert, "bulk-group-memberships-upsert", r#"{"memberships":[]}"#),
        (BulkKind::MembershipsDelete, "bulk-group-memberships-delete", r#"{"memberships":[]}"#),
    ];
    assert_eq!(known.map(|(kind, ..)| kind), BulkKind::ALL);
    for (kind, path, empty) in known {
        assert_eq!((kind.as_str(), &kind.body(&[])[..]), (path, empty.as_bytes()));
        assert_eq!(kind.envelope(), empty.len());
    }
}

#[test]
fn a_kind_is_found_by_its_path() {
    for kind in BulkKind::ALL {
        assert_eq!(BulkKind::of(kind.as_str()), Some(kind));
    }
    assert_eq!(BulkKind::of("bulk-devices-upsert"), None);
}
