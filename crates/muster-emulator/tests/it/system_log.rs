use std::time::Duration;

use muster_emulator::OrgSettings;
use serde_json::{Value, json};

use crate::caller::Caller;

const PATH: &str = "/api/v1/logs";
const BOUNDED: &str = "/api/v1/logs?until=2999-01-01T00:00:00Z&since=2000-01-01T00:00:00Z";

fn with_clock() -> Caller {
    let start = "2025-09-29T04:00:00Z".parse().ok();
    Caller::like(OrgSettings { start, ..OrgSettings::default() })
}

/// So many users, one a second.
async fn users(org: &Caller, range: std::ops::Range<u32>) {
    for number in range {
        org.user(&format!("user{number}@example.com"), json!({}), "activate=false").await;
        tokio::time::advance(Duration::from_secs(1)).await;
    }
}

/// Whom events are about.
fn targets(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["target"][0]["alternateId"].as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn an_event_has_the_members_of_a_real_one() {
    let org = with_clock();
    org.user("ada@example.com", json!({}), "activate=false").await;
    let event = org.get(BOUNDED).await.body[0].clone();
    assert_eq!(event["eventType"], json!("user.lifecycle.create"));
    assert_eq!((&event["published"], &event["version"]), (&json!("2025-09-29T04:00:00.000Z"), &json!("0")));
    assert_eq!(event["outcome"], json!({"result": "SUCCESS", "reason": null}));
    assert_eq!(event["target"][0]["type"], json!("User"));
    for name in [
        "uuid",
        "severity",
        "displayMessage",
        "legacyEventType",
        "actor",
        "client",
        "transaction",
        "debugContext",
        "authenticationContext",
        "securityContext",
        "request",
    ] {
        assert!(event.get(name).is_some(), "{name}");
    }
    assert_eq!(event["authenticationContext"]["authenticationStep"], json!(0));
}

#[tokio::test(start_paused = true)]
async fn a_poll_goes_on_where_it_ended() {
    let org = with_clock();
    let empty = org.get(PATH).await;
    assert_eq!(empty.body, json!([]));
    users(&org, 0..5).await;
    let mut next = empty.next().expect("a poll always has a next page");
    let mut seen = Vec::new();
    for page in 0..4 {
        let got = org.get(&format!("{next}&limit=2")).await;
        seen.extend(got.body.as_array().expect("events").iter().cloned());
        next = got.next().unwrap_or_else(|| panic!("page {page} has no next one")).replace("&limit=2", "");
    }
    assert_eq!(targets(&seen).len(), 5);
    users(&org, 5..6).await;
    let got = org.get(&next).await;
    assert_eq!(targets(got.body.as_array().expect("events")), ["user5@example.com"]);
}

#[tokio::test(start_paused = true)]
async fn a_bounded_query_has_an_end() {
    let org = with_clock();
    users(&org, 0..7).await;
    let all = org.all(&format!("{BOUNDED}&limit=3")).await;
    assert_eq!(all.len(), 7);
    let mut backwards = org.all(&format!("{BOUNDED}&limit=3&sortOrder=DESCENDING")).await;
    backwards.reverse();
    assert_eq!(backwards, all);
    let span = format!("{PATH}?since=2025-09-29T04:00:02Z&until=2025-09-29T04:00:05Z");
    assert_eq!(
        targets(&org.all(&span).await),
        ["user2@example.com", "user3@example.com", "user4@example.com"]
    );
    let nothing = org.get(&format!("{BOUNDED}&limit=0")).await;
    assert_eq!((nothing.status, nothing.next()), (200, None));
    let exact = org.get(&format!("{BOUNDED}&limit=7")).await;
    assert_eq!((exact.body.as_array().map(Vec::len), exact.next()), (Some(7), None));
}

#[tokio::test(start_paused = true)]
async fn without_a_beginning_a_week_is_shown() {
    let org = with_clock();
    users(&org, 0..2).await;
    tokio::time::advance(Duration::from_secs(7 * 24 * 3600 - 2)).await;
    assert_eq!(
        targets(org.get(PATH).await.body.as_array().expect("events")),
        ["user0@example.com", "user1@example.com"]
    );
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(targets(org.get(PATH).await.body.as_array().expect("events")), ["user1@example.com"]);
}

#[tokio::test(start_paused = true)]
async fn filters_and_words_choose() {
    let org = with_clock();
    users(&org, 0..3).await;
    let group = org.group("Sales").await;
    let user = org.get("/api/v1/users/user1@example.com").await.id();
    org.send("PUT", &format!("/api/v1/groups/{group}/users/{user}"), None).await;
    org.send("DELETE", &format!("/api/v1/groups/{group}"), None).await;
    let (of_user, of_group) = (format!("target.id eq \"{user}\""), format!("target.id eq \"{group}\""));
    for (filter, number) in [
        (of_user.as_str(), 2),
        (of_group.as_str(), 3),
        ("eventType eq \"user.lifecycle.create\"", 3),
        ("eventType sw \"group\"", 3),
        ("eventType ew \".create\" and not (eventType sw \"user\")", 1),
        ("eventType ne \"user.lifecycle.create\"", 3),
        ("target.alternateId eq \"user1@example.com\"", 2),
        ("target.displayName eq \"Sales\"", 3),
        ("outcome.reason pr", 0),
        (
            "published gt \"2025-09-29T04:00:01Z\" and eventType co \"lifecycle\" and target.type eq \"User\"",
            1,
        ),
    ] {
        let got =
            org.get(&format!("{BOUNDED}&filter={}", filter.replace(' ', "%20").replace('"', "%22"))).await;
        assert_eq!(got.body.as_array().map(Vec::len), Some(number), "{filter}: {}", got.text);
    }
    let words = org.get(&format!("{BOUNDED}&q=MEMBERSHIP+sales")).await;
    assert_eq!(words.body.as_array().map(Vec::len), Some(1));
    assert_eq!(
        words.body[0]["target"][1]["displayName"],
        json!("Sales"),
        "a group that is gone keeps its name"
    );
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused() {
    let org = Caller::free();
    for query in [
        "filter=eventType",
        "since=yesterday",
        "until=1",
        "limit=-1",
        "limit=x",
        "sortOrder=UP",
        "after=!",
        "q=a+b+c+d+e+f+g+h+i+j+k",
    ] {
        let got = org.get(&format!("{PATH}?{query}")).await;
        assert_eq!(got.status, 400, "{query}");
    }
    assert_eq!(org.get(&format!("{PATH}?limit=5000")).await.status, 200);
}
