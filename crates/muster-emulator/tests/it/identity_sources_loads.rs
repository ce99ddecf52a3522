//! What is wrong with a bulk request, and how much of it is allowed.

use std::time::Duration;

use http::{Request, StatusCode};
use muster_emulator::{IdentitySourceRules, OrgSettings};
use serde_json::{Value, json};

use crate::identity_sources::{Sourced, instant, people, person};

fn body(people: &[Value]) -> Value {
    json!({"entityType": "USERS", "profiles": people})
}

#[tokio::test]
async fn bodies_must_be_of_their_shape() {
    let world = Sourced::new();
    let session = world.session().await;
    let malformed = "The request body was not well-formed.";
    let missing = async |what: &str, text: &str| {
        let request = Request::post(format!("{session}/{what}"))
            .header("host", "org.example")
            .header("authorization", "SSWS test")
            .header("content-type", "application/json");
        world.org.call(request.body(text.to_owned().into()).expect("a request")).await
    };
    for text in ["", "{", "[]", "7"] {
        missing("bulk-upsert", text).await.refused(StatusCode::BAD_REQUEST, "E0000003", malformed, &[]);
    }
    let number = body(&[json!({"externalId": "e1", "profile": {"userName": 7}})]);
    assert_eq!(world.load(&session, "bulk-upsert", number).await.code(), "E0000003", "text alone");
    let array = body(&[json!({"externalId": "e1", "profile": {"tags": ["a"]}})]);
    assert_eq!(world.load(&session, "bulk-upsert", array).await.code(), "E0000003", "no arrays");
    let blank = |name: &str| format!("{name}: The field cannot be left blank");
    for (what, wrong, field) in [
        ("bulk-upsert", json!({"entityType": "USERS"}), "profiles"),
        ("bulk-delete", json!({"entityType": "USERS"}), "profiles"),
        ("bulk-upsert", body(&[json!({"profile": {}})]), "externalId"),
        ("bulk-delete", body(&[json!({})]), "externalId"),
        ("bulk-groups-upsert", json!({}), "profiles"),
        ("bulk-groups-upsert", json!({"profiles": []}), "profiles"),
        ("bulk-groups-upsert", json!({"profiles": [{"profile": {"displayName": "A"}}]}), "externalId"),
        ("bulk-groups-delete", json!({"externalIds": []}), "externalIds"),
        ("bulk-group-memberships-upsert", json!({}), "memberships"),
        (
            "bulk-group-memberships-upsert",
            json!({"memberships": [{"groupExternalId": "g"}]}),
            "memberExternalIds",
        ),
        (
            "bulk-group-memberships-delete",
            json!({"memberships": [{"memberExternalIds": ["e"]}]}),
            "groupExternalId",
        ),
    ] {
        let text = blank(field);
        world.load(&session, what, wrong).await.invalid(field, &[text.as_str()]);
    }
    let long = body(&[person(&"x".repeat(513))]);
    world
        .load(&session, "bulk-upsert", long)
        .await
        .invalid("externalId", &["externalId: The field is too long"]);
    for kind in [json!({"profiles": []}), json!({"entityType": "GROUPS", "profiles": []})] {
        let wrong = "entityType: The field entityType is not valid.";
        world.load(&session, "bulk-upsert", kind.clone()).await.invalid("entityType", &[wrong]);
        world.load(&session, "bulk-delete", kind).await.invalid("entityType", &[wrong]);
    }
    let nobody = json!({"memberships": [{"groupExternalId": "g", "memberExternalIds": []}]});
    assert_eq!(world.load(&session, "bulk-group-memberships-upsert", nobody).await.status, 202);
    let null = json!({"entityType": "USERS", "profiles": null});
    assert_eq!(world.load(&session, "bulk-upsert", null).await.status, 202);
    assert_eq!(world.status(&session).await, "CREATED");
}

#[tokio::test]
async fn a_request_has_200_entities_at_most() {
    let world = Sourced::new();
    let session = world.session().await;
    let cause = "The request has 201 entities, and 200 are allowed.";
    world.load(&session, "bulk-upsert", body(&people(0..201))).await.invalid("request", &[cause]);
    world.load(&session, "bulk-delete", body(&people(0..201))).await.invalid("request", &[cause]);
    assert_eq!(world.status(&session).await, "CREATED");
    world.upsert(&session, people(0..200)).await;
    // Of memberships each pair counts.
    let members = |number: u32| (0..number).map(|number| format!("e{number}")).collect::<Vec<_>>();
    let pairs = |one: u32, two: u32| {
        json!({"memberships": [
            {"groupExternalId": "g1", "memberExternalIds": members(one)},
            {"groupExternalId": "g2", "memberExternalIds": members(two)},
        ]})
    };
    let path = "bulk-group-memberships-upsert";
    assert_eq!(world.load(&session, path, pairs(100, 100)).await.status, 202);
    world.load(&session, path, pairs(100, 101)).await.invalid("request", &[cause]);
    let sessions = world.org.emulator.import_sessions();
    assert_eq!((sessions[0].people, sessions[0].memberships, sessions[0].requests), (200, 200, 2));
}

#[tokio::test]
async fn a_request_has_200_kilobytes_at_most() {
    let world = Sourced::new();
    let session = world.session().await;
    let padded = |size: usize| {
        let mut one = person("e1");
        one["profile"]["padding"] = "".into();
        let bare = body(&[one.clone()]).to_string().len();
        one["profile"]["padding"] = "x".repeat(size - bare).into();
        body(&[one])
    };
    let cause = "The request has 204801 bytes, and 204800 are allowed.";
    world.load(&session, "bulk-upsert", padded(204_801)).await.invalid("request", &[cause]);
    assert_eq!(world.load(&session, "bulk-upsert", padded(204_800)).await.status, 202);
    assert_eq!(world.org.emulator.import_sessions()[0].largest_request, 204_800);
}

#[tokio::test]
async fn a_session_has_50_requests_at_most() {
    let world = Sourced::new();
    let session = world.session().await;
    for number in 0..50 {
        world.upsert(&session, people(number..number + 1)).await;
    }
    let cause = "No more than 50 bulk requests can be made in a session.";
    world.load(&session, "bulk-upsert", body(&people(50..51))).await.invalid("importSessionId", &[cause]);
    world.run(&session).await;
    assert_eq!(world.org.emulator.stats().users, 50);
}

#[tokio::test]
async fn a_session_has_so_many_users_at_most() {
    let rules = IdentitySourceRules { largest_session: 250, gap: Duration::ZERO, ..instant() };
    let world = Sourced::with(OrgSettings { identity_source_rules: rules, ..OrgSettings::default() });
    let session = world.session().await;
    world.upsert(&session, people(0..200)).await;
    let cause = "No more than 250 users can be loaded into a session.";
    world.load(&session, "bulk-upsert", body(&people(200..251))).await.invalid("importSessionId", &[cause]);
    world.upsert(&session, people(200..250)).await;
    assert_eq!(IdentitySourceRules::default().largest_session, 10_000);
}

#[tokio::test]
async fn uploads_are_in_the_log() {
    let world = Sourced::new();
    let session = world.session().await;
    world.upsert(&session, people(0..1)).await;
    world.load(&session, "bulk-delete", body(&[json!({"externalId": "e0"})])).await;
    world.run(&session).await;
    for kind in [
        "system.import.session.created",
        "system.identity_sources.bulk_upsert",
        "system.identity_sources.bulk_delete",
        "system.import.session.triggered",
        "system.import.complete",
    ] {
        let events = world.events(kind).await;
        assert_eq!(events.len(), 1, "{kind}");
        assert_eq!(
            (&events[0]["target"][0]["type"], &events[0]["target"][0]["id"]),
            (&json!("AppInstance"), &json!(world.id))
        );
        let id = session.rsplit('/').next().expect("an id");
        assert_eq!(events[0]["debugContext"]["debugData"]["importSessionId"], json!(id));
    }
}
