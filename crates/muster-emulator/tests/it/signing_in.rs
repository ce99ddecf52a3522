use std::{sync::Arc, time::Duration};

use muster_emulator::{HookAnswer, HookFailure, OrgSettings, SignInRules};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, bcrypt, hook, unlimited, value},
    hook_server::{InProcess, command, registration, says},
};

const ADA: &str = "ada@example.com";

fn settings() -> OrgSettings {
    OrgSettings {
        limits: unlimited(),
        concurrency: Some(1000),
        sign_in: SignInRules { per_second: None, ..SignInRules::default() },
        ..OrgSettings::default()
    }
}

/// An org whose hook is answered in this process, and a user who waits for it.
async fn asked(service: &Arc<InProcess>) -> Caller {
    let org = Caller::with(OrgSettings { hook_service: Some(service.clone()), ..settings() });
    let got = org.post("/api/v1/inlineHooks", registration("https://hooks.example.com/")).await;
    assert_eq!(got.status, 200, "{}", got.text);
    org.user(ADA, hook(), "").await;
    org
}

fn yes() -> Result<HookAnswer, HookFailure> {
    says(200, command("VERIFIED"))
}

fn no() -> Result<HookAnswer, HookFailure> {
    says(200, command("UNVERIFIED"))
}

/// Type, result and reason of the events of these types, in their order.
async fn happened(org: &Caller, types: &[&str]) -> Vec<String> {
    let log = org.get("/api/v1/logs?limit=1000").await.body;
    let events = log.as_array().expect("a list").iter();
    let wanted = events.filter(|event| types.iter().any(|wanted| event["eventType"] == json!(wanted)));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    wanted
        .map(|event| {
            let outcome = &event["outcome"];
            let (kind, result, reason) =
                (text(&event["eventType"]), text(&outcome["result"]), text(&outcome["reason"]));
            format!("{kind} {result} {reason}").trim().to_owned()
        })
        .collect()
}

async fn line_of(org: &Caller, login: &str) -> Value {
    org.get(&format!("/_emulator/user?login={login}")).await.body
}

#[tokio::test]
async fn a_verified_password_is_okta_s_and_the_hook_is_never_asked_again() {
    let service = InProcess::new(vec![yes()]);
    let org = asked(&service).await;
    // `x` is against every policy, which does not apply here.
    assert_eq!(org.sign_in(ADA, "x").await.body["status"], json!("SUCCESS"));
    let line = line_of(&org, ADA).await;
    assert_eq!((&line["provider"], &line["credential"]), (&json!("OKTA"), &json!("value")));
    assert_eq!(org.sign_in(ADA, "x").await.status, 200);
    assert_eq!(org.sign_in(ADA, "y").await.status, 401);
    assert_eq!(service.seen().len(), 1);
    let events = happened(&org, &["user.import.password", "user.session.start"]).await;
    let expected = [
        "user.import.password SUCCESS",
        "user.session.start SUCCESS",
        "user.session.start SUCCESS",
        "user.session.start FAILURE INVALID_CREDENTIALS",
    ];
    assert_eq!(events, expected);
    let log = org.get("/api/v1/logs?filter=eventType%20eq%20%22user.import.password%22").await;
    assert_eq!(log.body[0]["actor"]["alternateId"], json!(ADA));
    assert_eq!(log.body[0]["target"][0]["alternateId"], json!(ADA));
    let events = happened(&org, &["inline_hook.executed", "inline_hook.response.processed"]).await;
    assert_eq!(events, ["inline_hook.executed SUCCESS", "inline_hook.response.processed SUCCESS"]);
}

#[tokio::test]
async fn a_refused_password_leaves_the_hook_armed() {
    let service = InProcess::new(vec![no(), says(500, ""), says(500, ""), says(200, "[]"), yes()]);
    let org = asked(&service).await;
    for _ in 0..3 {
        let got = org.sign_in(ADA, "Abcd1234").await;
        assert_eq!((got.status, got.code()), (401, "E0000004"));
        let line = line_of(&org, ADA).await;
        assert_eq!((&line["provider"], &line["credential"]), (&json!("IMPORT"), &json!("hook")));
    }
    assert_eq!(org.sign_in(ADA, "Abcd1234").await.status, 200);
    assert_eq!(service.seen().len(), 5);
    let failure = "user.import.password FAILURE INVALID_CREDENTIALS";
    let events = happened(&org, &["user.import.password"]).await;
    assert_eq!(events, [failure, failure, failure, "user.import.password SUCCESS"]);
    let processed = happened(&org, &["inline_hook.response.processed"]).await;
    assert_eq!(processed[1], "inline_hook.response.processed FAILURE the answer is not a JSON object");
}

#[tokio::test]
async fn without_an_active_hook_nobody_is_asked() {
    let service = InProcess::new(vec![yes()]);
    let org = asked(&service).await;
    let id = org.get("/api/v1/inlineHooks").await.body[0]["id"].as_str().expect("an id").to_owned();
    org.send("POST", &format!("/api/v1/inlineHooks/{id}/lifecycle/deactivate"), None).await;
    assert_eq!(org.sign_in(ADA, "Abcd1234").await.code(), "E0000004");
    assert!(service.seen().is_empty());
    org.send("POST", &format!("/api/v1/inlineHooks/{id}/lifecycle/activate"), None).await;
    assert_eq!(org.sign_in(ADA, "Abcd1234").await.status, 200);
}

#[tokio::test]
async fn who_is_not_waiting_for_the_hook_is_not_asked_about() {
    let service = InProcess::new(vec![yes()]);
    let org = asked(&service).await;
    org.user("staged@example.com", hook(), "activate=false").await;
    let suspended = org.user("suspended@example.com", hook(), "").await;
    org.turn(&suspended, "suspend").await;
    let gone = org.user("gone@example.com", hook(), "").await;
    org.turn(&gone, "deactivate").await;
    let reset = org.user("reset@example.com", hook(), "").await;
    org.turn(&reset, "reset_password?sendEmail=false").await;
    for login in
        ["staged@example.com", "suspended@example.com", "gone@example.com", "reset@example.com", "none"]
    {
        assert_eq!(org.sign_in(login, "Abcd1234").await.code(), "E0000004", "{login}");
    }
    assert!(service.seen().is_empty());
}

#[tokio::test]
async fn an_expired_password_is_imported_and_stays_expired() {
    let service = InProcess::new(vec![yes()]);
    let org = asked(&service).await;
    let hooked = org.user("hooked@example.com", hook(), "nextLogin=changePassword").await;
    let hashed = org.user("hashed@example.com", bcrypt(), "nextLogin=changePassword").await;
    for id in [&hooked, &hashed] {
        let user = org.get(&format!("/api/v1/users/{id}")).await.body;
        let login = user["profile"]["login"].as_str().expect("a login");
        for _ in 0..2 {
            let got = org.sign_in(login, "P@ssword123456").await;
            assert_eq!(got.body["status"], json!("PASSWORD_EXPIRED"), "{}", got.text);
        }
        assert_eq!(org.status_of(id).await, "PASSWORD_EXPIRED");
        assert_eq!(line_of(&org, login).await["provider"], json!("OKTA"));
    }
    assert_eq!(service.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_does_not_answer_has_three_seconds_and_a_second_try() {
    let service = InProcess::closed(vec![yes()]);
    let org = asked(&service).await;
    let started = tokio::time::Instant::now();
    assert_eq!(org.sign_in(ADA, "Abcd1234").await.code(), "E0000004");
    assert_eq!(started.elapsed().as_secs(), 6);
    let bodies = service.bodies();
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0], bodies[1], "the retry is the same request, event id and all");
    let call = &org.get("/_emulator/hook-calls").await.body[0];
    assert_eq!((&call["attempts"], &call["milliseconds"]), (&json!(2), &json!(6000)));
    assert_eq!(call["failure"], json!("no answer within 3 seconds"));
    service.gate.add_permits(1);
    assert_eq!(org.sign_in(ADA, "Abcd1234").await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn an_answer_within_the_second_try_counts() {
    let service = InProcess::closed(vec![yes()]);
    let org = asked(&service).await;
    let open = async {
        tokio::time::sleep(Duration::from_millis(3500)).await;
        service.gate.add_permits(1);
    };
    let (got, ()) = tokio::join!(org.sign_in(ADA, "Abcd1234"), open);
    assert_eq!(got.status, 200);
    assert_eq!(service.seen().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_slow_service_keeps_nobody_else_waiting() {
    let service = InProcess::closed(vec![yes()]);
    let org = asked(&service).await;
    let id = org.user("bob@example.com", value("Abcd1234"), "").await;
    let others = async {
        tokio::task::yield_now().await;
        assert_eq!(service.seen().len(), 1, "the service is asked by now");
        assert_eq!(org.get(&format!("/api/v1/users/{id}")).await.status, 200);
        assert_eq!(org.sign_in("bob@example.com", "Abcd1234").await.status, 200);
        service.gate.add_permits(1);
    };
    let started = tokio::time::Instant::now();
    let (got, ()) = tokio::join!(org.sign_in(ADA, "Abcd1234"), others);
    assert_eq!((got.status, started.elapsed().as_secs()), (200, 0));
}

#[tokio::test]
async fn of_two_sign_ins_at_once_the_first_is_stored() {
    for (second, welcome) in [("Abcd1234", 2), ("Other1234", 1)] {
        let service = InProcess::closed(vec![yes()]);
        let org = asked(&service).await;
        let open = async {
            while service.seen().len() < 2 {
                tokio::task::yield_now().await;
            }
            service.gate.add_permits(2);
        };
        let (one, two, ()) = tokio::join!(org.sign_in(ADA, "Abcd1234"), org.sign_in(ADA, second), open);
        let good = [&one, &two].into_iter().filter(|got| got.status == 200).count();
        assert_eq!(good, welcome, "{second}: {} {}", one.text, two.text);
        assert_eq!(happened(&org, &["user.import.password"]).await, ["user.import.password SUCCESS"]);
        let stored = if one.status == 200 { "Abcd1234" } else { second };
        assert_eq!(org.sign_in(ADA, stored).await.status, 200);
        assert_eq!(service.seen().len(), 2);
    }
}

#[tokio::test]
async fn ten_wrong_passwords_lock_an_account_until_it_is_unlocked() {
    let org = Caller::with(settings());
    let id = org.user(ADA, value("Abcd1234"), "").await;
    for round in 0..2 {
        for _ in 0..9 {
            assert_eq!(org.sign_in(ADA, "wrong").await.code(), "E0000004");
        }
        assert_eq!(org.status_of(&id).await, "ACTIVE", "round {round}");
        assert_eq!(org.sign_in(ADA, "Abcd1234").await.status, 200, "nine are forgotten after a good one");
    }
    for _ in 0..10 {
        org.sign_in(ADA, "wrong").await;
    }
    assert_eq!(org.status_of(&id).await, "LOCKED_OUT");
    assert_eq!(org.sign_in(ADA, "Abcd1234").await.code(), "E0000004", "nothing is told");
    assert_eq!(happened(&org, &["user.account.lock"]).await, ["user.account.lock FAILURE LOCKED_OUT"]);
    assert_eq!(org.turn(&id, "unlock").await.status, 200);
    for _ in 0..9 {
        org.sign_in(ADA, "wrong").await;
    }
    assert_eq!(org.status_of(&id).await, "ACTIVE", "it begins anew");
    assert_eq!(org.sign_in(ADA, "Abcd1234").await.status, 200);
}

#[tokio::test]
async fn lock_outs_can_be_told_set_and_turned_off() {
    let rules = SignInRules { lockout: Some(1), tells_lockout: true, per_second: None };
    let org = Caller::with(OrgSettings { sign_in: rules, ..settings() });
    org.user(ADA, value("Abcd1234"), "").await;
    org.sign_in(ADA, "wrong").await;
    let got = org.sign_in(ADA, "Abcd1234").await;
    assert_eq!((got.status, &got.body["status"]), (200, &json!("LOCKED_OUT")));
    assert!(got.body.get("sessionToken").is_none());

    let rules = SignInRules { lockout: None, ..rules };
    let org = Caller::with(OrgSettings { sign_in: rules, ..settings() });
    let id = org.user(ADA, value("Abcd1234"), "").await;
    for _ in 0..12 {
        org.sign_in(ADA, "wrong").await;
    }
    assert_eq!(org.status_of(&id).await, "ACTIVE");
}

#[tokio::test]
async fn failures_and_lock_outs_outlive_the_process_and_a_mail_goes_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.ndjson");
    let open = || {
        let sign_in = SignInRules { lockout: Some(4), ..settings().sign_in };
        Caller::with(OrgSettings { state: Some(path.clone()), sign_in, ..settings() })
    };
    let org = open();
    let id = org.user(ADA, value("Abcd1234"), "").await;
    org.sign_in(ADA, "wrong").await;
    org.sign_in(ADA, "wrong").await;
    drop(org);
    let org = open();
    org.sign_in(ADA, "wrong").await;
    drop(org);
    let org = open();
    assert_eq!(org.status_of(&id).await, "ACTIVE");
    org.sign_in(ADA, "wrong").await;
    assert_eq!(org.status_of(&id).await, "LOCKED_OUT");
    drop(org);
    let state = std::fs::read_to_string(&path).expect("a file");
    assert!(state.contains("account_locked"));
    assert_eq!(open().status_of(&id).await, "LOCKED_OUT");
}

#[tokio::test(start_paused = true)]
async fn a_username_may_try_four_times_a_second() {
    let start = "2025-09-29T04:00:54Z".parse().ok();
    let org = Caller::with(OrgSettings { sign_in: SignInRules::default(), start, ..settings() });
    org.user(ADA, value("Abcd1234"), "").await;
    for name in ["ada@example.com", "ADA@example.com", "ada@example.com", "Ada@Example.com"] {
        assert_eq!(org.sign_in(name, "Abcd1234").await.status, 200);
    }
    let got = org.sign_in(ADA, "Abcd1234").await;
    assert_eq!((got.status, got.code()), (429, "E0000047"));
    assert_eq!(got.rate(), (4, 0, 1_759_118_455));
    assert_eq!(org.sign_in("bob@example.com", "Abcd1234").await.status, 401, "others have their own four");
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(org.sign_in(ADA, "Abcd1234").await.status, 200);
}

#[tokio::test]
async fn a_stranger_s_sign_in_is_in_the_log() {
    let org = Caller::with(settings());
    assert_eq!(org.sign_in("nobody@example.com", "Abcd1234").await.status, 401);
    let log = org.get("/api/v1/logs").await;
    assert_eq!(log.body[0]["outcome"], json!({"result": "FAILURE", "reason": "VERIFICATION_ERROR"}));
    assert_eq!(log.body[0]["target"][0]["alternateId"], json!("nobody@example.com"));
    assert!(!log.text.contains("Abcd1234"));
}
