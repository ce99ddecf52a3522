//! People who were loaded without a password are armed with the hook: whatever goes wrong, nobody loses a password.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Method, Request};
use jiff::SignedDuration;
use muster_core::record::Line as SourceLine;
use muster_engine::StopReason;
use muster_engine::programme::ReportWish;
use muster_engine::wave::Waves;
use muster_ledger::{ArmingCounts, Bound, ErrandKind};
use muster_okta::TransportFailure;
use serde_json::{Value, json};

use crate::meddling::{Line, Meddling, refusal};
use crate::office::Office;
use crate::org::call;

const HOOK: &str = r#"{"credentials":{"password":{"hook":{"type":"default"}}}}"#;

/// What was asked of whom.
type Asked = Arc<Mutex<Vec<(String, Bytes)>>>;

fn arms(request: &Request<Bytes>) -> bool {
    request.method() == Method::POST
        && request.uri().path().strip_prefix("/api/v1/users/").is_some_and(|rest| !rest.contains('/'))
}

/// A line on which somebody writes down the armings, and may meddle with them by their number.
fn watched(office: &Office, meddle: impl Fn(u32) -> Meddling + Send + Sync + 'static) -> (Line, Asked) {
    let (asked, seen) = (Asked::default(), AtomicU32::new(0));
    let list = Arc::clone(&asked);
    let line = Line::meddled(&office.org, move |request| {
        if !arms(request) {
            return Meddling::None;
        }
        list.lock().unwrap().push((request.uri().path().to_owned(), request.body().clone()));
        meddle(seen.fetch_add(1, Ordering::Relaxed))
    });
    (line, asked)
}

async fn id(office: &Office, number: usize) -> String {
    office.user(number).await["id"].as_str().unwrap().to_owned()
}

async fn set_credentials(office: &Office, number: usize, password: Value) {
    let path = format!("/api/v1/users/{}", id(office, number).await);
    call(&office.org, Method::POST, &path, Some(json!({"credentials": {"password": password}}))).await;
}

async fn provider(office: &Office, number: usize) -> String {
    office.user(number).await["credentials"]["provider"]["type"].as_str().unwrap().to_owned()
}

async fn counts(office: &Office) -> ArmingCounts {
    office.desk.books.open().arming_counts(office.desk.run).await.unwrap()
}

async fn bound(office: &Office) -> Vec<Bound> {
    office.desk.books.open().to_arm(office.desk.run, SourceLine(0), 100).await.unwrap()
}

/// Intends armings for these people, as a process did that was killed an hour ago.
async fn intended(office: &Office, numbers: &[usize]) -> Vec<Bound> {
    let (people, ledger) = (bound(office).await, office.desk.books.open());
    let at = office.now() - SignedDuration::from_hours(1);
    for number in numbers {
        ledger.intend_errand(ErrandKind::Arming, people[*number].clone(), at).await.unwrap();
    }
    people
}

fn ends(waves: &Waves) -> (u64, u64, u64, u64) {
    (waves.done, waves.not_needed, waves.gone, waves.refusals())
}

#[tokio::test(start_paused = true)]
async fn everybody_who_was_loaded_is_armed_and_can_sign_in() {
    let office = Office::staged(30).await;
    let (line, asked) = watched(&office, |_| Meddling::None);
    let waves = office.arm(line, false).await;
    assert_eq!((ends(&waves), waves.stopped), ((30, 0, 0, 0), None));
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 30, "once each");
    assert!(asked.iter().all(|(_, body)| body.as_ref() == HOOK.as_bytes()), "{:?}", asked[0]);
    assert_eq!(provider(&office, 7).await, "IMPORT");
    office.lifecycle(7, "activate?sendEmail=false").await;
    assert!(!office.signs_in(7, "wrong").await);
    office.come_over([7]).await;
    let words: Vec<String> = office.desk.results().await.into_iter().map(|row| row.credential).collect();
    assert_eq!(words, vec!["hook"; 30]);
    let report = office.status(ReportWish::default()).await.1;
    assert_eq!((report.people, report.come_over, report.waiting), (30, 1, 29));
    assert_eq!(ends(&office.arm(Line::clean(&office.org), false).await), (0, 0, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn who_has_a_password_in_okta_keeps_it_unless_that_is_not_wanted() {
    let office = Office::staged(5).await;
    set_credentials(&office, 1, json!({"value": "Tr0ub4dor&3"})).await;
    set_credentials(&office, 2, json!({"hook": {"type": "default"}})).await;
    let (line, asked) = watched(&office, |_| Meddling::None);
    let waves = office.arm(line, false).await;
    assert_eq!((ends(&waves), asked.lock().unwrap().len()), ((3, 2, 0, 0), 3));
    assert_eq!(provider(&office, 1).await, "OKTA");
    let why = office.desk.books.open().not_armed(office.desk.run).await.unwrap();
    let because: Vec<&str> = why.not_needed.keys().map(String::as_str).collect();
    assert_eq!(because, ["has a password in Okta", "has a password in Okta, or waits for the hook already"]);
    assert_eq!(counts(&office).await, ArmingCounts { done: 3, not_needed: 2, ..ArmingCounts::default() });

    let office = Office::staged(2).await;
    set_credentials(&office, 1, json!({"value": "Tr0ub4dor&3"})).await;
    assert_eq!(ends(&office.arm(Line::clean(&office.org), true).await), (2, 0, 0, 0));
    assert_eq!(provider(&office, 1).await, "IMPORT");
}

#[tokio::test(start_paused = true)]
async fn lost_answers_leave_nobody_out() {
    let office = Office::staged(40).await;
    let (line, asked) = watched(&office, |number| match number % 3 {
        0 => Meddling::LoseAnswer(TransportFailure::TimedOut),
        1 if number < 30 => Meddling::FailBefore(TransportFailure::Broken),
        _ => Meddling::None,
    });
    let waves = office.arm(line, false).await;
    assert_eq!((ends(&waves), waves.stopped), ((40, 0, 0, 0), None));
    assert!(asked.lock().unwrap().len() > 40);
    for number in 0..40 {
        assert_eq!(provider(&office, number).await, "IMPORT", "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_signed_in_after_a_lost_answer_is_not_armed_again() {
    for existing in [false, true] {
        let office = Office::staged(4).await;
        let people = intended(&office, &[0, 1, 2]).await;
        // One request has arrived, and they have signed in; one has arrived; one has not.
        for number in [0, 1] {
            set_credentials(&office, number, json!({"hook": {"type": "default"}})).await;
            office.lifecycle(number, "activate?sendEmail=false").await;
        }
        office.come_over([0]).await;
        let (line, asked) = watched(&office, |_| Meddling::None);
        assert_eq!(ends(&office.arm(line, existing).await), (4, 0, 0, 0));
        let first = format!("/api/v1/users/{}", people[0].okta_id);
        assert!(asked.lock().unwrap().iter().all(|(path, _)| *path != first));
        assert_eq!(provider(&office, 0).await, "OKTA", "existing: {existing}");
        for number in 1..4 {
            assert_eq!(provider(&office, number).await, "IMPORT", "{number}, existing: {existing}");
        }
        let report = office.status(ReportWish::default()).await.1;
        assert_eq!((report.people, report.come_over), (4, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_gone_stays_gone() {
    let office = Office::staged(4).await;
    for step in ["activate?sendEmail=false", "deactivate"] {
        office.lifecycle(1, step).await;
    }
    let path = format!("/api/v1/users/{}", id(&office, 2).await);
    office.lifecycle(2, "deactivate").await;
    call(&office.org, Method::DELETE, &path, None).await;
    let (line, asked) = watched(&office, |_| Meddling::None);
    assert_eq!(ends(&office.arm(line, false).await), (2, 0, 2, 0));
    assert_eq!(asked.lock().unwrap().len(), 2);
    assert_eq!(office.user(1).await["status"], "DEPROVISIONED");
    assert_eq!(counts(&office).await, ArmingCounts { done: 2, not_needed: 2, ..ArmingCounts::default() });
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_of_one_person_and_can_be_asked_again() {
    let office = Office::staged(12).await;
    let (line, _) = watched(&office, |number| match number {
        3 => Meddling::AnswerInstead(refusal(403, "E0000006", "made up for a test")),
        5 => Meddling::AnswerInstead(refusal(403, "E0000038", "This operation is not allowed")),
        _ => Meddling::None,
    });
    let waves = office.arm(line, false).await;
    assert_eq!((ends(&waves), waves.stopped), ((10, 0, 0, 2), None));
    let why: Vec<&str> = waves.refused.keys().map(String::as_str).collect();
    assert_eq!(why, ["STAGED: E0000038 This operation is not allowed", "forbidden"]);
    assert_eq!(ends(&office.arm(Line::clean(&office.org), false).await), (0, 0, 0, 0), "they were refused");
    let ledger = office.desk.books.open();
    assert_eq!(ledger.not_armed(office.desk.run).await.unwrap().refused, waves.refused);
    assert_eq!(ledger.reopen_refused_armings(office.desk.run).await.unwrap(), 2);
    drop(ledger);
    assert_eq!(ends(&office.arm(Line::clean(&office.org), false).await), (2, 0, 0, 0));
    assert_eq!(counts(&office).await, ArmingCounts { done: 12, ..ArmingCounts::default() });
}

#[tokio::test(start_paused = true)]
async fn a_token_without_the_right_stops_at_once() {
    let office = Office::staged(300).await;
    let (line, asked) =
        watched(&office, |_| Meddling::AnswerInstead(refusal(403, "E0000006", "made up for a test")));
    let waves = office.arm(line, false).await;
    assert!(matches!(waves.stopped, Some(StopReason::Forbidden(_))), "{waves:?}");
    assert!(asked.lock().unwrap().len() < 100, "{}", asked.lock().unwrap().len());
    office.desk.books.open().reopen_refused_armings(office.desk.run).await.unwrap();
    office.arm(Line::clean(&office.org), false).await;
    assert_eq!(counts(&office).await, ArmingCounts { done: 300, ..ArmingCounts::default() });
}

#[tokio::test(start_paused = true)]
async fn what_was_stopped_is_gone_on_with() {
    let office = Office::staged(300).await;
    let stop = office.stop.clone();
    let (line, asked) = watched(&office, move |number| {
        if number == 50 {
            stop.send_replace(true);
        }
        Meddling::None
    });
    let waves = office.arm(line, false).await;
    assert_eq!(waves.stopped, Some(StopReason::Interrupted));
    let asked = asked.lock().unwrap().len() as u64;
    assert!((51..300).contains(&asked), "{asked}");
    assert_eq!(
        counts(&office).await,
        ArmingCounts { done: asked, open: 300 - asked, ..ArmingCounts::default() }
    );
    office.stop.send_replace(false);
    assert_eq!(office.arm(Line::clean(&office.org), false).await.done, 300 - asked);
}

#[tokio::test(start_paused = true)]
async fn an_errand_that_another_run_left_open_is_read_back() {
    let office = Office::staged(3).await;
    let people = intended(&office, &[0]).await;
    set_credentials(&office, 0, json!({"hook": {"type": "default"}})).await;
    office.lifecycle(0, "activate?sendEmail=false").await;
    office.come_over([0]).await;
    let programme = office.found_again(&people).await;
    let (line, asked) = watched(&office, |_| Meddling::None);
    assert_eq!(ends(&office.arm_those(&programme, line, true).await), (3, 0, 0, 0));
    assert_eq!(asked.lock().unwrap().len(), 2);
    assert_eq!(provider(&office, 0).await, "OKTA");
}
