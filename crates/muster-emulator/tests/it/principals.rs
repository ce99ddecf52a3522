use http::StatusCode;
use muster_emulator::{OrgPlan, OrgSettings};
use serde_json::json;

use crate::caller::Caller;

const PATH: &str = "/api/v1/principal-rate-limits";

fn with_tokens(number: usize) -> Caller {
    let tokens =
        std::iter::once("test".to_owned()).chain((1..number).map(|number| format!("token {number}")));
    Caller::like(OrgSettings { tokens: tokens.collect(), ..OrgSettings::default() })
}

#[tokio::test]
async fn the_filter_must_name_the_type() {
    let org = with_tokens(1);
    let summary =
        "The provided filter parameter did not contain the required attrbute filter \"principalType\"";
    for query in ["", "?limit=5", "?filter="] {
        org.get(&format!("{PATH}{query}")).await.refused(StatusCode::BAD_REQUEST, "E0000001", summary, &[]);
    }
    assert_eq!(org.get(&format!("{PATH}?filter=id%20eq%20%22a%22")).await.code(), "E0000094");
}

#[tokio::test]
async fn every_token_has_half_of_every_limit() {
    let org = with_tokens(23);
    let all = org.all(&format!("{PATH}?filter=principalType%20eq%20%22SSWS_TOKEN%22")).await;
    assert_eq!(all.len(), 23);
    let one = &all[22];
    assert_eq!((&one["defaultPercentage"], &one["defaultConcurrencyPercentage"]), (&json!(50), &json!(50)));
    assert!(one["principalId"].as_str().is_some_and(|id| id.starts_with("00T")));
    assert_eq!(one["createdDate"].as_str().map(str::len), Some("2025-09-22T17:31:41Z".len()));
    let id = one["id"].as_str().expect("an id");
    assert!(id.starts_with("prl"));
    assert_eq!(&org.get(&format!("{PATH}/{id}")).await.body, one);
    assert_eq!(org.get(&format!("{PATH}/prl0")).await.code(), "E0000007");
    let first = org.get(&format!("{PATH}?filter=principalType%20eq%20%22SSWS_TOKEN%22")).await;
    assert_eq!(first.body.as_array().map(Vec::len), Some(20));
    let apps = org.get(&format!("{PATH}?filter=principalType%20eq%20%22OAUTH_CLIENT%22")).await;
    assert_eq!(apps.body, json!([]));
}

#[tokio::test]
async fn settings_of_limits_can_be_read() {
    for (plan, threshold) in [(OrgPlan::Workforce, 90), (OrgPlan::Enterprise, 60)] {
        let org = Caller::like(OrgSettings { plan, ..OrgSettings::default() });
        let read = async |name: &str| org.get(&format!("/api/v1/rate-limit-settings/{name}")).await.body;
        assert_eq!(read("warning-threshold").await, json!({"warningThreshold": threshold}));
        assert_eq!(read("admin-notifications").await, json!({"notificationsEnabled": true}));
        assert_eq!(read("per-client").await["defaultMode"], json!("ENFORCE"));
    }
}

#[tokio::test]
async fn a_free_org_has_ten_active_users() {
    let org = Caller::like(OrgSettings { plan: OrgPlan::Integrator, ..OrgSettings::default() });
    let password = || crate::caller::value("Abcd1234");
    let mut ids = Vec::new();
    for number in 0..10 {
        ids.push(org.user(&format!("user{number}@example.com"), password(), "").await);
    }
    let waiting = org.user("waiting@example.com", password(), "activate=false").await;
    let cause = "The maximum number of active users (10) has been reached for this org";
    org.turn(&waiting, "activate").await.invalid("activeUsers", &[cause]);
    let body = json!({"profile": crate::caller::profile("late@example.com"), "credentials": password()});
    org.post("/api/v1/users", body).await.invalid("activeUsers", &[cause]);
    assert_eq!(org.get("/api/v1/users/late@example.com").await.status, 404);
    org.turn(&ids[0], "suspend").await;
    assert_eq!(org.turn(&waiting, "activate").await.status, 200);
    assert_eq!(org.turn(&ids[0], "unsuspend").await.status, 400, "the place is taken");
    org.turn(&ids[1], "deactivate").await;
    assert_eq!(org.turn(&ids[0], "unsuspend").await.status, 200);

    let two = OrgSettings { active_user_cap: Some(2), ..OrgSettings::default() };
    let org = Caller::like(two);
    for number in 0..2 {
        org.user(&format!("user{number}@example.com"), password(), "").await;
    }
    let invited = org.user("invited@example.com", json!({}), "").await;
    let path = format!("/api/v1/users/{invited}");
    assert_eq!(
        org.post(&path, json!({"credentials": password()})).await.status,
        400,
        "it would become active"
    );
}
