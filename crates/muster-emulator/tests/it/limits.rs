use std::time::Duration;

use http::StatusCode;
use muster_emulator::{OrgPlan, OrgSettings};
use serde_json::json;

use crate::caller::{Caller, unlimited};

fn settings(limits: &[&str]) -> OrgSettings {
    let limits = limits.iter().map(|limit| limit.parse().expect("a limit")).collect();
    OrgSettings { limits, start: "2025-09-29T04:00:54.250Z".parse().ok(), ..OrgSettings::default() }
}

#[tokio::test(start_paused = true)]
async fn a_token_sees_half_of_the_bucket_and_is_stopped_there() {
    let org = Caller::with(OrgSettings { plan: OrgPlan::Integrator, ..settings(&[]) });
    let first = org.get("/api/v1/users").await;
    let (limit, remaining, reset) = first.rate();
    assert_eq!((limit, remaining), (50, 49));
    let date = httpdate::parse_http_date(first.header("date")).expect("a date");
    let date = date.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    assert_eq!(reset - i64::try_from(date).expect("a date"), 60);
    for _ in 0..49 {
        assert_eq!(org.get("/api/v1/users").await.status, 200);
    }
    let refused = org.get("/api/v1/users/nobody/groups").await;
    let summary = "API call exceeded rate limit due to too many requests.";
    refused.refused(StatusCode::TOO_MANY_REQUESTS, "E0000047", summary, &[]);
    assert_eq!(refused.rate(), (50, 0, reset));
    assert_eq!(org.get("/api/v1/users/nobody").await.rate().1, 49, "reads of one user count apart");

    tokio::time::advance(Duration::from_millis(59_700)).await;
    assert_eq!(org.get("/api/v1/users").await.status, 429);
    tokio::time::advance(Duration::from_millis(50)).await;
    assert_eq!(org.get("/api/v1/users").await.rate(), (50, 49, reset + 60));
    let stats = org.emulator.stats();
    assert_eq!((stats.quota_429, stats.concurrency_429), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn two_tokens_have_a_share_each() {
    let tokens = ["test", "other", "third"].map(str::to_owned).to_vec();
    let mut org = Caller::with(OrgSettings { tokens, ..settings(&["users=3/6s"]) });
    for token in ["test", "other"] {
        org.token = token;
        let mut remaining = Vec::new();
        for _ in 0..3 {
            remaining.push(org.get("/api/v1/users").await.rate().1);
        }
        assert_eq!(remaining, [2, 1, 0], "{token}");
        assert_eq!(org.get("/api/v1/users").await.status, 429, "{token}");
    }
    org.token = "third";
    assert_eq!(org.get("/api/v1/users").await.status, 429, "the org's bucket is empty");
    tokio::time::advance(Duration::from_secs(6)).await;
    assert_eq!(org.get("/api/v1/users").await.rate().1, 2);
}

#[tokio::test(start_paused = true)]
async fn buckets_are_those_of_a_real_org() {
    let org = Caller::with(settings(&[
        "users=101",
        "user-writes=102",
        "user-reads=103",
        "groups=104",
        "group=105",
        "authn=106",
        "other=107",
    ]));
    for (method, path, limit) in [
        ("POST", "/api/v1/users", 101),
        ("GET", "/api/v1/users", 101),
        ("POST", "/api/v1/users/x/lifecycle/activate", 101),
        ("GET", "/api/v1/users/x/groups", 101),
        ("POST", "/api/v1/users/x", 102),
        ("PUT", "/api/v1/users/x", 102),
        ("DELETE", "/api/v1/users/x", 102),
        ("GET", "/api/v1/users/x", 103),
        ("GET", "/api/v1/groups", 104),
        ("POST", "/api/v1/groups", 104),
        ("PUT", "/api/v1/groups/x/users/y", 104),
        ("GET", "/api/v1/groups/x", 105),
        ("PUT", "/api/v1/groups/x", 105),
        ("DELETE", "/api/v1/groups/x", 105),
        ("POST", "/api/v1/authn", 106),
        ("GET", "/api/v1/meta/schemas/user/default", 107),
        ("GET", "/api/v1/nothing", 107),
    ] {
        assert_eq!(org.send(method, path, None).await.rate().0, limit, "{method} {path}");
    }
}

#[tokio::test(start_paused = true)]
async fn too_many_requests_at_once_are_told_nothing_useful() {
    let settings = OrgSettings {
        concurrency: Some(2),
        latency: Duration::from_millis(150),
        limits: unlimited(),
        ..OrgSettings::default()
    };
    let org = Caller::with(settings);
    let (one, two, three) =
        tokio::join!(org.get("/api/v1/users"), org.get("/api/v1/users"), org.get("/api/v1/users"));
    assert_eq!((one.status, two.status, three.status), (200, 200, 429));
    let (limit, remaining, reset) = three.rate();
    assert_eq!((limit, remaining, three.code()), (0, 0, "E0000047"));
    let date = httpdate::parse_http_date(three.header("date")).expect("a date");
    let date = date.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    assert!(reset > i64::try_from(date).expect("a date") + 20, "the reset is far off");
    assert_eq!(org.get("/api/v1/users").await.status, 200, "room again");
    let stats = org.emulator.stats();
    assert_eq!((stats.concurrency_429, stats.peak_in_flight, stats.quota_429), (1, 2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_away_leaves_its_place() {
    let settings = OrgSettings {
        concurrency: Some(1),
        latency: Duration::from_secs(10),
        limits: unlimited(),
        ..OrgSettings::default()
    };
    let org = Caller::with(settings);
    let gone = tokio::time::timeout(Duration::from_secs(1), org.get("/api/v1/users")).await;
    assert!(gone.is_err());
    assert_eq!(org.get("/api/v1/users").await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn latency_is_what_was_asked_for() {
    let org = Caller::with(OrgSettings {
        latency: Duration::from_millis(151),
        limits: unlimited(),
        ..OrgSettings::default()
    });
    let before = tokio::time::Instant::now();
    org.post("/api/v1/groups", json!({"profile": {"name": "Sales"}})).await;
    assert!(before.elapsed() >= Duration::from_millis(151) && before.elapsed() < Duration::from_millis(160));
}
