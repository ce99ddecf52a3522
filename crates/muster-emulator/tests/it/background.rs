use std::time::Duration;

use muster_emulator::OrgSettings;
use serde_json::json;

use crate::caller::{Caller, unlimited};

fn settings(limits: &[&str], background: &[&str]) -> OrgSettings {
    OrgSettings {
        limits: limits.iter().map(|limit| limit.parse().expect("a limit")).collect(),
        background: background.iter().map(|traffic| traffic.parse().expect("traffic")).collect(),
        start: "2025-09-29T04:00:54Z".parse().ok(),
        ..OrgSettings::default()
    }
}

#[tokio::test(start_paused = true)]
async fn other_clients_eat_of_the_quota() {
    let org = Caller::with(settings(&["users=10/60s"], &["15/min"]));
    let first = org.get("/api/v1/users").await;
    assert_eq!((first.rate().0, first.rate().1), (10, 9), "the org has 20 and nobody else has come");
    tokio::time::advance(Duration::from_secs(31)).await;
    // Every four seconds, from the second one: eight have come. The window has 20; of the own 10 two are used.
    assert_eq!(org.get("/api/v1/users").await.rate().1, 8, "the own share is still the smaller one");
    tokio::time::advance(Duration::from_secs(28)).await;
    // Fifteen of others and three of one's own: two are left.
    assert_eq!(org.get("/api/v1/users").await.rate().1, 2);
    assert_eq!(org.get("/api/v1/groups").await.rate().1, 249, "other buckets are not eaten of");
}

#[tokio::test(start_paused = true)]
async fn an_empty_quota_is_empty_for_everyone_and_their_requests_open_windows_too() {
    let org = Caller::with(settings(&["users=3/6s"], &["users=10/s"]));
    tokio::time::advance(Duration::from_millis(5500)).await;
    // The first of others came after 50 ms and opened a window of 6 requests, which is long full.
    let refused = org.get("/api/v1/users").await;
    assert_eq!((refused.status, refused.rate().0, refused.rate().1), (429, 3, 0));
    let date = httpdate::parse_http_date(refused.header("date")).expect("a date");
    let date = date.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    assert_eq!(refused.rate().2 - i64::try_from(date).expect("a date"), 1, "opened by somebody else");
    tokio::time::advance(Duration::from_millis(540)).await;
    assert_eq!(org.get("/api/v1/users").await.status, 200, "whoever is there at once gets something");
}

#[tokio::test(start_paused = true)]
async fn scattered_traffic_is_the_same_for_the_same_seed() {
    let remaining = async |seed, every: u64| {
        let org = Caller::with(OrgSettings { seed, ..settings(&["users=600/60s"], &["users=~1000/min"]) });
        let mut seen = Vec::new();
        for step in 0..(59 / every) {
            tokio::time::advance(Duration::from_secs(every)).await;
            seen.push((step, org.get("/api/v1/users").await.rate().1));
        }
        seen
    };
    let one = remaining(1, 7).await;
    assert_eq!(remaining(1, 7).await, one);
    assert_ne!(remaining(2, 7).await, one);
}

#[tokio::test(start_paused = true)]
async fn violations_are_in_the_system_log_once_per_window() {
    let org = Caller::with(settings(&["users=2/6s", "groups=1/6s"], &[]));
    for _ in 0..2 {
        for _ in 0..5 {
            org.get("/api/v1/users").await;
        }
        tokio::time::advance(Duration::from_secs(6)).await;
    }
    for _ in 0..3 {
        org.get("/api/v1/groups").await;
    }
    let events = org.get("/api/v1/logs?filter=eventType%20eq%20%22system.org.rate_limit.violation%22").await;
    let events = events.body.as_array().expect("events").clone();
    let buckets: Vec<_> = events.iter().map(|event| event["target"][0]["id"].clone()).collect();
    assert_eq!(buckets, ["users", "users", "groups"]);
    assert_eq!(events[0]["outcome"]["result"], "FAILURE");
}

#[tokio::test(start_paused = true)]
async fn too_many_at_once_are_in_the_system_log_once_a_minute() {
    let latency = Duration::from_secs(1);
    let settings =
        OrgSettings { concurrency: Some(1), latency, limits: unlimited(), ..OrgSettings::default() };
    let org = Caller::with(settings);
    for seconds in [0, 10, 60] {
        tokio::time::advance(Duration::from_secs(seconds)).await;
        let get = || org.get("/api/v1/users");
        let (one, two, three) = tokio::join!(get(), get(), get());
        assert_eq!((one.status, two.status, three.status), (200, 429, 429));
        assert_eq!((two.rate().0, two.rate().1), (0, 0));
    }
    let events =
        org.get("/api/v1/logs?filter=eventType%20eq%20%22core.concurrency.org.limit.violation%22").await;
    assert_eq!(events.body.as_array().map(Vec::len), Some(2));
}

#[tokio::test(start_paused = true)]
async fn the_whole_org_may_run_as_much_as_its_plan_says_and_a_token_half_of_it() {
    let tokens = ["test", "other", "third"].map(str::to_owned).to_vec();
    let latency = Duration::from_secs(1);
    let org = Caller::with(OrgSettings { tokens, latency, ..settings(&["all=unlimited"], &[]) });
    let get = async |token| {
        let caller = Caller { emulator: org.emulator.clone(), token };
        caller.get("/api/v1/users").await.status
    };
    let tokens = ["test"; 38].into_iter().chain(["other"; 38]).chain(["third"; 2]);
    let statuses = futures_util::future::join_all(tokens.map(get)).await;
    let refused: Vec<_> = (0..78).filter(|place| statuses[*place] == 429).collect();
    assert_eq!(refused, [37, 75, 77], "37 each, and 75 in all");
}

#[tokio::test(start_paused = true)]
async fn a_limit_for_all_gives_way_to_a_later_one() {
    let org = Caller::with(settings(&["groups=7", "all=50/6s", "users=9"], &[]));
    assert_eq!(org.get("/api/v1/users").await.rate().0, 9);
    assert_eq!(org.get("/api/v1/groups").await.rate().0, 50);
    assert_eq!(org.get("/api/v1/meta/types/user").await.rate().0, 50);
}

#[tokio::test(start_paused = true)]
async fn traffic_is_set_while_the_org_runs() {
    let org = Caller::with(settings(&["users=10/60s"], &[]));
    org.get("/api/v1/users").await;
    let set = org.send("PUT", "/_emulator/background", Some(json!(["users=60/min"]))).await;
    assert_eq!((set.status, &set.body), (200, &json!(["users=60/min"])));
    tokio::time::advance(Duration::from_secs(15)).await;
    assert_eq!(org.get("/api/v1/users").await.rate().1, 3, "of 20, fifteen are gone, and one's own two");
    let wrong = org.send("PUT", "/_emulator/background", Some(json!(["people=60/min"]))).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text.contains("no bucket `people`"), "{}", wrong.text);
}
