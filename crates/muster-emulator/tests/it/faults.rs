use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use muster_emulator::{Delivery, Fault, FaultPlan, OrgSettings};
use serde_json::{Value, json};

use crate::caller::{Caller, profile, unlimited};

fn org(faults: &[&str]) -> Caller {
    seeded(0, faults)
}

fn seeded(seed: u64, faults: &[&str]) -> Caller {
    let faults = FaultPlan(faults.iter().map(|fault| fault.parse().expect("a fault")).collect());
    let start = "2025-09-29T04:00:54Z".parse().ok();
    Caller::with(OrgSettings { seed, faults, start, limits: unlimited(), ..OrgSettings::default() })
}

fn create(login: &str) -> Request<Bytes> {
    let body = json!({"profile": profile(login)}).to_string();
    Request::post("/api/v1/users?activate=false")
        .header("authorization", "SSWS test")
        .header("content-type", "application/json")
        .body(body.into())
        .expect("a request")
}

async fn exists(org: &Caller, login: &str) -> bool {
    org.get(&format!("/api/v1/users/{login}")).await.status == 200
}

#[tokio::test]
async fn a_lost_answer_leaves_its_work_done_and_a_reset_does_not() {
    let org = org(&["lost-answer:createUser=first:1", "reset:createUser=1/2"]);
    assert!(matches!(org.emulator.deliver(create("lost@example.com")).await, Delivery::Lost));
    assert!(exists(&org, "lost@example.com").await);
    assert!(matches!(org.emulator.deliver(create("reset@example.com")).await, Delivery::Reset));
    assert!(!exists(&org, "reset@example.com").await);
    assert!(matches!(org.emulator.deliver(create("whole@example.com")).await, Delivery::Whole(_)));
    let stats = org.emulator.stats();
    assert_eq!((stats.users, stats.requests.by_status.get(&0)), (2, Some(&1)));
}

#[tokio::test]
async fn a_cut_answer_promises_more_than_arrives() {
    let org = org(&["cut=all"]);
    let Delivery::Cut { response, after } = org.emulator.deliver(create("cut@example.com")).await else {
        panic!("a cut answer")
    };
    assert!(after < response.body().len());
    assert_eq!(org.emulator.stats().users, 1);
}

#[tokio::test(start_paused = true)]
async fn hung_and_dripped_answers_take_their_time() {
    let org = org(&["hang@30s:createUser=first:1", "hang-before@20s:addGroup=all", "drip@50:getUser=all"]);
    let timed = async |request| {
        let before = tokio::time::Instant::now();
        let got = org.call(request).await;
        (got, before.elapsed())
    };
    let (got, time) = timed(create("hung@example.com")).await;
    assert_eq!((got.status, got.header("x-emulator-fault"), time), (502, "hang", Duration::from_secs(30)));
    let group = Request::post("/api/v1/groups").header("authorization", "SSWS test");
    let (_, time) = timed(group.body(Bytes::new()).expect("a request")).await;
    assert_eq!((time, org.emulator.stats().groups), (Duration::from_secs(20), 1));
    let get = Request::get("/api/v1/users/hung@example.com").header("authorization", "SSWS test");
    let (got, time) = timed(get.body(Bytes::new()).expect("a request")).await;
    assert_eq!(got.status, 200, "the hung create was done");
    assert!(
        time >= Duration::from_millis(20 * u64::try_from(got.text.len()).expect("a length") - 50),
        "{time:?}"
    );
}

#[tokio::test]
async fn servers_fail_before_the_work_and_after_it() {
    let org =
        org(&["500:createUser=first:1", "502-html:createUser=1/2,max:1", "503-after:createUser=1/3,max:1"]);
    let first = org.call(create("one@example.com")).await;
    first.refused(StatusCode::INTERNAL_SERVER_ERROR, "E0000009", "Internal Server Error", &[]);
    assert_eq!(first.rate().0, 1_000_000, "a failure of the org has its headers");
    let second = org.call(create("two@example.com")).await;
    assert_eq!((second.status, second.header("content-type")), (502, "text/html"));
    assert!(second.text.contains("<h1>502 Bad Gateway</h1>"), "{}", second.text);
    assert!(!second.header("date").is_empty() && second.header("x-okta-request-id").is_empty());
    let third = org.call(create("three@example.com")).await;
    third.refused(StatusCode::SERVICE_UNAVAILABLE, "E0000181", "Service temporarily unavailable.", &[]);
    for (login, there) in [("one", false), ("two", false), ("three", true)] {
        assert_eq!(exists(&org, &format!("{login}@example.com")).await, there, "{login}");
    }
    assert_eq!(org.call(create("one@example.com")).await.status, 200);
}

#[tokio::test]
async fn answers_that_are_not_json() {
    let org =
        org(&["malformed:createUser=all", "html-200:getUser=all", "malformed:deactivateUser+deleteUser=all"]);
    let got = org.call(create("ada@example.com")).await;
    assert_eq!(got.status, 200);
    assert!(serde_json::from_str::<Value>(&got.text).is_err(), "{}", got.text);
    let got = org.get("/api/v1/users/ada@example.com").await;
    assert_eq!((got.status, got.header("content-type")), (200, "text/html"));
    let got = org.send("DELETE", "/api/v1/users/ada@example.com", None).await;
    assert_eq!((got.status, got.text.as_str()), (200, "{"), "there was no body to cut");
}

#[tokio::test]
async fn a_token_expires_until_the_fault_is_lifted() {
    let org = org(&["expired-token=from:3"]);
    for status in [404, 404, 401, 401] {
        let got = org.get("/api/v1/users/nobody").await;
        assert_eq!(got.status, status);
        assert_eq!(got.code(), if status == 401 { "E0000011" } else { "E0000007" });
    }
    assert_eq!(
        org.sign_in("nobody@example.com", "x").await.code(),
        "E0000004",
        "no token, nothing to expire"
    );
    assert_eq!(org.send("DELETE", "/_emulator/faults", None).await.body, json!({"faults": []}));
    assert_eq!(org.get("/api/v1/users/nobody").await.status, 404);
}

#[tokio::test(start_paused = true)]
async fn clocks_are_wrong_alone_or_together() {
    let times = async |faults: &[&str]| {
        let got = org(faults).get("/api/v1/users").await;
        let date = httpdate::parse_http_date(got.header("date")).expect("a date");
        let date = date.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
        (i64::try_from(date).expect("a date"), got.rate().2)
    };
    let (date, reset) = times(&[]).await;
    assert_eq!(times(&["date-skew@-90=all"]).await, (date - 90, reset));
    assert_eq!(times(&["clock-skew@3600=all"]).await, (date + 3600, reset + 3600));
}

#[tokio::test]
async fn refusals_that_are_no_fault_of_the_client() {
    let org = org(&["undefined-attribute:createUser=1/2", "still-activating=first:1"]);
    assert_eq!(org.call(create("one@example.com")).await.status, 200);
    let got = org.call(create("two@example.com")).await;
    assert_eq!((got.status, got.code()), (400, "E0000001"));
    let cause = got.causes().join("");
    assert!(
        cause.starts_with("Property name '") && cause.ends_with("' is not defined in profile"),
        "{cause}"
    );
    assert_eq!(org.call(create("two@example.com")).await.status, 200);
    let change = || json!({"profile": {"firstName": "Augusta"}});
    assert_eq!(org.post("/api/v1/users/one@example.com", change()).await.code(), "E0000112");
    assert_eq!(org.post("/api/v1/users/one@example.com", change()).await.status, 200);
}

#[tokio::test]
async fn a_share_strikes_the_same_requests_whatever_else_there_is() {
    let struck = async |seed, share: &str, others: usize| {
        let org = seeded(seed, &[&format!("503:createUser={share}")]);
        let mut struck = Vec::new();
        for number in 0..200 {
            for _ in 0..others {
                org.get("/api/v1/groups").await;
            }
            if org.call(create(&format!("user{number}@example.com"))).await.status == 503 {
                struck.push(number);
            }
        }
        struck
    };
    let some = struck(1, "10%", 0).await;
    assert!((8..=34).contains(&some.len()), "{}", some.len());
    assert_eq!(struck(1, "0.1", 2).await, some);
    assert_ne!(struck(2, "10%", 0).await, some);
    let more = struck(1, "20%", 0).await;
    assert!(some.iter().all(|number| more.contains(number)) && more.len() > some.len());
}

#[tokio::test]
async fn read_only_mode_refuses_writes_alone() {
    let org = org(&[]);
    org.call(create("ada@example.com")).await;
    let set = org.send("PUT", "/_emulator/read-only", Some(json!({"on": true}))).await;
    assert_eq!((set.body, org.emulator.is_read_only()), (json!({"on": true}), true));
    let got = org.call(create("bob@example.com")).await;
    got.refused(StatusCode::SERVICE_UNAVAILABLE, "E0000010", "Service is in read only mode", &[]);
    for (method, path) in [("DELETE", "/api/v1/users/ada@example.com"), ("POST", "/api/v1/groups")] {
        assert_eq!(org.send(method, path, None).await.code(), "E0000010", "{method} {path}");
    }
    assert_eq!(org.get("/api/v1/users").await.status, 200);
    assert_eq!(org.sign_in("ada@example.com", "x").await.code(), "E0000004");
    org.emulator.set_read_only(false);
    assert_eq!(org.call(create("bob@example.com")).await.status, 200);
}

#[tokio::test]
async fn faults_are_planned_and_counted_while_the_org_runs() {
    let org = org(&["503:listUsers=first:2"]);
    for status in [503, 503, 200] {
        assert_eq!(org.get("/api/v1/users").await.status, status);
    }
    let added = json!({"kind": "500", "operations": ["listGroups", "addGroup"], "every": 2, "limit": 5});
    assert_eq!(org.post("/_emulator/faults", added).await.status, 200);
    assert_eq!(org.get("/api/v1/groups").await.status, 200);
    assert_eq!(org.get("/api/v1/groups").await.status, 500);
    let report = org.get("/_emulator/faults").await.body;
    let fault = |place: usize| &report["faults"][place];
    assert_eq!((fault(0)["fault"].as_str(), &fault(0)["fired"]), (Some("503:listUsers=first:2"), &json!(2)));
    assert_eq!((&fault(0)["seen"], &fault(1)["seen"], &fault(1)["fired"]), (&json!(3), &json!(2), &json!(1)));
    assert_eq!(fault(1)["fault"], "500:listGroups+addGroup=1/2,max:5");
    let replaced = org.send("PUT", "/_emulator/faults", Some(json!({"faults": ["cut=2%"]}))).await;
    assert_eq!(replaced.body["faults"][0]["operations"], json!(["all"]));
    for wrong in [json!(["cut=2%", "fire=1%"]), json!([{"kind": "cut", "rate": 2}]), json!(7)] {
        assert_eq!(org.send("PUT", "/_emulator/faults", Some(wrong)).await.status, 400);
    }
    assert_eq!(org.emulator.faults().0.len(), 1);
    let logged = org.get("/_emulator/requests?limit=1").await.body;
    assert_eq!((&logged[0]["status"], &logged[0]["faults"]), (&json!(500), &json!(["500"])));
}

#[test]
fn faults_are_read_and_written() {
    for text in [
        "lost-answer:all=0.02",
        "503:createUser=0.05",
        "504-after-html:writes=0.5,max:10",
        "reset:all=1/100",
        "hang@30s:createUser+updateUser=first:3",
        "expired-token:all=from:100",
        "date-skew@-120:reads=1",
        "drip@64:getUser=1",
        "still-activating:updateUser+replaceUser=1",
    ] {
        assert_eq!(text.parse::<Fault>().expect("a fault").to_string(), text);
    }
    let read = |text: &str| text.parse::<Fault>().expect("a fault").to_string();
    assert_eq!(read("lost-answer=2%"), "lost-answer:all=0.02");
    assert_eq!(read("hang:createUser=first:3"), "hang@60s:createUser=first:3");
    for text in [
        "cut",
        "cut=",
        "cut=200%",
        "cut=1/0",
        "cut@3=1%",
        "507=1%",
        "500-before=1%",
        "drip@0=1%",
        "date-skew=1%",
        "cut:createUsers=1%",
        "cut=1%,5",
        "cut=-1",
        "cut=nan",
        "ééé=1%",
    ] {
        assert!(text.parse::<Fault>().is_err(), "{text}");
    }
}
