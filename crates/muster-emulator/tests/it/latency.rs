use std::time::Duration;

use muster_emulator::{LatencyModel, OrgSettings};
use serde_json::json;
use tokio::time::Instant;

use crate::caller::{Caller, profile, unlimited};

fn org(seed: u64, latencies: &[&str]) -> Caller {
    let latencies = latencies.iter().map(|model| model.parse().expect("a model")).collect();
    Caller::with(OrgSettings {
        seed,
        latencies,
        latency: Duration::from_millis(70),
        limits: unlimited(),
        concurrency: Some(1000),
        ..OrgSettings::default()
    })
}

/// How long requests take, in milliseconds.
async fn times(org: &Caller, method: &str, path: &str, count: usize) -> Vec<u128> {
    let mut times = Vec::new();
    for _ in 0..count {
        let before = Instant::now();
        org.send(method, path, (method == "POST").then(|| json!({}))).await;
        times.push(before.elapsed().as_millis());
    }
    times
}

/// The runtime's clock goes in whole milliseconds, and there are two waits.
fn near(time: u128, wanted: u128) -> bool {
    (wanted..=wanted + 2).contains(&time)
}

#[tokio::test(start_paused = true)]
async fn a_plain_latency_is_that_of_every_operation() {
    let org = org(0, &["150ms"]);
    assert!(times(&org, "GET", "/api/v1/users", 5).await.into_iter().all(|time| near(time, 150)));
}

#[tokio::test(start_paused = true)]
async fn the_last_model_that_fits_holds_and_else_the_setting() {
    let org = org(0, &["reads=30ms", "listUsers=500ms", "getGroup=1s"]);
    assert!(near(times(&org, "GET", "/api/v1/users", 1).await[0], 500));
    assert!(near(times(&org, "GET", "/api/v1/users/x", 1).await[0], 30));
    assert!(near(times(&org, "POST", "/api/v1/users", 1).await[0], 70));
}

#[tokio::test(start_paused = true)]
async fn lognormal_times_scatter_around_their_median() {
    let mut drawn = times(&org(7, &["lognormal:300ms,0.6"]), "GET", "/api/v1/users", 501).await;
    drawn.sort_unstable();
    assert!((260..=345).contains(&drawn[250]), "{}", drawn[250]);
    assert!(drawn[5] < 120 && drawn[495] > 750, "{} {}", drawn[5], drawn[495]);
}

#[tokio::test(start_paused = true)]
async fn a_draw_does_not_depend_on_other_operations() {
    let models = ["lognormal:300ms,0.6"];
    let alone = times(&org(7, &models), "GET", "/api/v1/users", 10).await;
    let among = org(7, &models);
    let mut seen = Vec::new();
    for _ in 0..10 {
        times(&among, "GET", "/api/v1/groups", 2).await;
        seen.extend(times(&among, "GET", "/api/v1/users", 1).await);
    }
    let apart = |one: &u128, other: &u128| one.abs_diff(*other);
    assert!(alone.iter().zip(&seen).all(|(one, other)| apart(one, other) <= 2), "{alone:?} {seen:?}");
    assert_ne!(times(&org(8, &models), "GET", "/api/v1/users", 10).await, alone);
}

#[tokio::test(start_paused = true)]
async fn the_preset_is_like_what_was_recorded() {
    let org = org(1, &["okta"]);
    let mut creates = Vec::new();
    for number in 0..101 {
        let before = Instant::now();
        let login = format!("user{number}@example.com");
        org.post("/api/v1/users?activate=false", json!({"profile": profile(&login)})).await;
        creates.push(before.elapsed().as_millis());
    }
    creates.sort_unstable();
    assert!(creates[5] >= 250 && creates[95] <= 1900, "{} {}", creates[5], creates[95]);
    let mut reads = times(&org, "GET", "/api/v1/users/x", 101).await;
    reads.sort_unstable();
    assert!((95..150).contains(&reads[50]), "{}", reads[50]);
}

#[tokio::test(start_paused = true)]
async fn latency_is_set_while_the_org_runs() {
    let org = org(0, &[]);
    assert!(near(times(&org, "GET", "/api/v1/users", 1).await[0], 70));
    let set = org.send("PUT", "/_emulator/latency", Some(json!(["listUsers=lognormal:2s,0"]))).await;
    assert_eq!(set.body, json!(["listUsers=2s"]));
    assert!(near(times(&org, "GET", "/api/v1/users", 1).await[0], 2000));
}

#[test]
fn latencies_that_make_no_sense_are_refused() {
    for text in ["", "fast", "lognormal:300ms", "lognormal:300ms,-1", "createusers=1s", "lognormal:300ms,nan"]
    {
        assert!(text.parse::<LatencyModel>().is_err(), "{text}");
    }
}
