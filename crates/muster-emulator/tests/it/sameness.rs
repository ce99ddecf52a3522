//! The same seed and the same requests: the same bytes.

use std::{fmt::Write as _, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use muster_emulator::{Delivery, Emulator, FaultPlan, OrgSettings};
use serde_json::{Value, json};

use crate::caller::profile;

const FAULTS: [&str; 21] = [
    "clock-skew@7=10%",
    "date-skew@-3=10%",
    "lost-answer=2%",
    "reset=2%",
    "cut=2%",
    "drip@4096=2%",
    "hang@3s=1%",
    "hang-before@2s=1%",
    "malformed=2%",
    "html-200=2%",
    "500=1%",
    "500-after=1%",
    "502=1%",
    "502-html=1%",
    "503:createUser=5%",
    "503-html-after:writes=2%",
    "504=1/40",
    "504-after-html=1/30",
    "undefined-attribute=3%",
    "still-activating=20%",
    "expired-token=1%,max:4",
];

fn open(seed: u64) -> Emulator {
    let start = "2025-09-29T04:00:54.250Z".parse().ok();
    let settings = OrgSettings {
        seed,
        start,
        limits: vec!["all=60/20s".parse().expect("a limit"), "users=58/20s".parse().expect("a limit")],
        background: vec!["users=~300/min".parse().expect("traffic"), "groups=2/s".parse().expect("traffic")],
        latencies: vec![
            "okta".parse().expect("a model"),
            "reads=lognormal:90ms,0.8".parse().expect("a model"),
        ],
        lag: "search=0..3s,activation=0..2s,fresh=0..1s/40%,schema=1s".parse().expect("a lag"),
        faults: FaultPlan(FAULTS.iter().map(|fault| fault.parse().expect("a fault")).collect()),
        concurrency: Some(4),
        ..OrgSettings::default()
    };
    Emulator::open(settings).expect("an org")
}

fn request(method: &str, path: &str, body: Option<&Value>) -> Request<Bytes> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "org.example")
        .header("authorization", "SSWS test")
        .header("content-type", "application/json");
    request.body(body.map(|body| Bytes::from(body.to_string())).unwrap_or_default()).expect("a request")
}

/// The n-th request of a fixed sequence.
fn numbered(number: usize) -> Request<Bytes> {
    let login = format!("user{}@example.com", number / 10);
    let path = format!("/api/v1/users/{login}");
    let changed = json!({"profile": {"firstName": format!("Name{number}")}});
    match number % 10 {
        0 => {
            let password = json!({"password": {"value": "Sunny-Day-2024"}});
            request(
                "POST",
                "/api/v1/users",
                Some(&json!({"profile": profile(&login), "credentials": password})),
            )
        }
        1 => request("GET", &path, None),
        2 => request("POST", &path, Some(&changed)),
        3 => request("GET", "/api/v1/users?search=status%20eq%20%22ACTIVE%22&limit=5", None),
        4 => {
            request("POST", "/api/v1/groups", Some(&json!({"profile": {"name": format!("Group {number}")}})))
        }
        5 => request("GET", "/api/v1/groups?limit=3", None),
        6 => request("GET", &format!("{path}/groups"), None),
        7 => request("POST", &format!("{path}/lifecycle/suspend"), None),
        8 if number % 50 == 8 => {
            let badge = json!({format!("badge{number}"): {"title": "Badge", "type": "string"}});
            let change = json!({"definitions": {"custom": {"properties": badge}}});
            request("POST", "/api/v1/meta/schemas/user/default", Some(&change))
        }
        8 => request("DELETE", &path, None),
        _ => request("GET", "/api/v1/logs?limit=3&sortOrder=DESCENDING", None),
    }
}

fn response(response: &Response<Bytes>) -> String {
    let mut text = format!("{}\n", response.status());
    for (name, value) in response.headers() {
        let _ = writeln!(text, "{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    text + &String::from_utf8_lossy(response.body())
}

fn written(delivery: &Delivery) -> String {
    match delivery {
        Delivery::Whole(whole) => response(whole),
        Delivery::Cut { response: whole, after } => format!("cut after {after}: {}", response(whole)),
        Delivery::Dripped { response: whole, bytes_per_second } => {
            format!("dripped at {bytes_per_second}: {}", response(whole))
        }
        other => format!("{other:?}"),
    }
}

async fn one_after_the_other(seed: u64) -> Vec<String> {
    let org = open(seed);
    let mut heard = Vec::new();
    for number in 0..500 {
        heard.push(written(&org.deliver(numbered(number)).await));
    }
    heard.push(org_report(&org).await);
    heard
}

/// What has been counted, as one more thing to compare.
async fn org_report(org: &Emulator) -> String {
    let report = org.call(request("GET", "/_emulator/faults", None)).await;
    format!("{:?}\n{}", org.stats(), response(&report))
}

async fn at_once(seed: u64) -> Vec<String> {
    let org = open(seed);
    let tasks = (0..6_usize).map(|task| {
        let org = org.clone();
        tokio::spawn(async move {
            let mut heard = Vec::new();
            for number in (task..500).step_by(6) {
                heard.push(written(&org.deliver(numbered(number)).await));
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            heard
        })
    });
    let mut heard = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        heard.extend(task.await.expect("a task"));
    }
    heard.push(org_report(&org).await);
    heard
}

/// Runs in a runtime of its own, so that its clock begins anew.
fn alone<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(future)
}

fn assert_same(one: &[String], other: &[String]) {
    assert_eq!(one.len(), other.len());
    for (number, (one, other)) in one.iter().zip(other).enumerate() {
        assert_eq!(one, other, "request {number}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let one = alone(one_after_the_other(11));
    assert_same(&one, &alone(one_after_the_other(11)));
    assert_ne!(one, alone(one_after_the_other(12)));
    let report = one.last().expect("a report");
    assert!(!report.contains("\"fired\":0"), "every fault is to have struck: {report}");
    assert!(!report.contains("quota_429: 0,"), "{report}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_to_many_at_once() {
    let one = alone(at_once(11));
    assert_same(&one, &alone(at_once(11)));
    assert_ne!(one, alone(at_once(12)));
    let report = one.last().expect("a report");
    assert!(report.contains("concurrency_429: ") && !report.contains("concurrency_429: 0,"), "{report}");
}
