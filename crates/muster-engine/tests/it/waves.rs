//! Mails and links in waves: whatever goes wrong, nobody gets two.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Response};
use muster_core::programme::PersonState;
use muster_engine::StopReason;
use muster_engine::programme::{HookEnd, ReportWish};
use muster_engine::wave::{LinksFile, Task};
use muster_ledger::{Bound, Crowd, ErrandKind};
use muster_okta::TransportFailure;
use tokio::time::Instant;

use crate::meddling::{Line, Meddling, refusal};
use crate::office::{Office, is_lifecycle, login};
use crate::org::call;

const MAIL: &str = "password_reset";

/// Every second answer to this step is lost on its way back.
fn losing(office: &Office, step: &'static str) -> Line {
    let seen = AtomicU32::new(0);
    Line::meddled(&office.org, move |request| {
        if is_lifecycle(request, step) && seen.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) {
            return Meddling::LoseAnswer(TransportFailure::TimedOut);
        }
        Meddling::None
    })
}

async fn armed_people(office: &Office) -> Vec<Bound> {
    let programme = office.programme().await;
    programme.enrol().await.unwrap();
    let people = programme.ledger().people(programme.crowd(), vec![PersonState::Armed], String::new(), 100);
    people.await.unwrap().into_iter().map(Bound::from).collect()
}

#[tokio::test(start_paused = true)]
async fn who_has_not_come_over_gets_one_mail() {
    let office = Office::armed(8).await;
    office.come_over([0, 1]).await;
    office.lifecycle(2, "suspend").await;
    office.lifecycle(3, "deactivate").await;
    let waves = office.reset_all(Line::clean(&office.org)).await;
    assert_eq!((waves.done, waves.gone, waves.refused.get("SUSPENDED")), (4, 1, Some(&1)));
    let mails = office.mails(MAIL).await;
    assert_eq!(mails, (4..8).map(|number| (login(number), 1)).collect());
    let report = office.status(ReportWish::default()).await.1;
    assert_eq!((report.waiting, report.come_over, report.reset, report.gone, report.cannot), (0, 2, 4, 1, 1));
    assert_eq!(report.cannot_because["SUSPENDED"], 1);
    office.lifecycle(2, "unsuspend").await;
    assert_eq!(office.reset_all(Line::clean(&office.org)).await.done, 1, "whoever can be reset by now");
    assert_eq!(office.mails(MAIL).await.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn who_came_over_a_minute_ago_gets_no_mail() {
    let office = Office::armed(4).await;
    office.come_over([1, 2]).await;
    // The System Log is late, so that the books know nothing of it.
    let line = Line::meddled(&office.org, |request| {
        if request.uri().path() == "/api/v1/logs" {
            return Meddling::AnswerInstead(Response::new(Bytes::from_static(b"[]")));
        }
        Meddling::None
    });
    let waves = office.reset_all(line).await;
    assert_eq!((waves.done, waves.not_needed), (2, 2));
    assert_eq!(office.mails(MAIL).await.into_keys().collect::<Vec<_>>(), [login(0), login(3)]);
    assert!(office.user(1).await["status"] == "ACTIVE");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_brings_no_second_mail() {
    let office = Office::armed(9).await;
    let waves = office.reset_all(losing(&office, "reset_password")).await;
    assert_eq!((waves.done, waves.stopped), (9, None));
    assert_eq!(office.mails(MAIL).await, (0..9).map(|number| (login(number), 1)).collect());
}

#[tokio::test(start_paused = true)]
async fn a_process_that_died_in_between_is_taken_up() {
    let office = Office::armed(4).await;
    let people = armed_people(&office).await;
    let ledger = office.desk.books.open();
    let now = office.desk.record().await.created_at;
    for person in &people[..2] {
        ledger.intend_errand(ErrandKind::Reset, person.clone(), now).await.unwrap();
    }
    drop(ledger);
    // Of the two requests, one has arrived.
    let path = format!("/api/v1/users/{}/lifecycle/reset_password?sendEmail=true", people[0].okta_id);
    call(&office.org, Method::POST, &path, None).await;
    let waves = office.reset_all(Line::clean(&office.org)).await;
    assert_eq!(waves.done, 4);
    assert_eq!(office.mails(MAIL).await, (0..4).map(|number| (login(number), 1)).collect());
}

#[tokio::test(start_paused = true)]
async fn no_hour_gets_more_than_it_may() {
    let office = Office::armed(20).await;
    let begun = Instant::now();
    let waves = office.carry_out(Line::clean(&office.org), Task::Reset, 24, Some(5)).await;
    assert_eq!((waves.done, waves.waves), (5, 3));
    assert!(begun.elapsed() >= Duration::from_mins(10), "{:?}", begun.elapsed());
    let begun = Instant::now();
    let waves = office.carry_out(Line::clean(&office.org), Task::Reset, 6, Some(1)).await;
    assert_eq!(waves.done, 1, "five of six went out already");
    assert!(begun.elapsed() < Duration::from_mins(1));
    let waves = office.carry_out(Line::clean(&office.org), Task::Reset, 6, Some(1)).await;
    assert_eq!(waves.done, 1);
    assert!(begun.elapsed() >= Duration::from_mins(45), "the first of them is an hour ago by now");
}

#[tokio::test(start_paused = true)]
async fn what_was_stopped_is_gone_on_with() {
    let office = Office::armed(30).await;
    let (stop, seen) = (office.stop.clone(), AtomicU32::new(0));
    let line = Line::meddled(&office.org, move |request| {
        if is_lifecycle(request, "reset_password") && seen.fetch_add(1, Ordering::Relaxed) == 9 {
            stop.send_replace(true);
        }
        Meddling::None
    });
    let waves = office.reset_all(line).await;
    assert_eq!(waves.stopped, Some(StopReason::Interrupted));
    let mailed = office.mails(MAIL).await.len();
    assert!((10..=18).contains(&mailed), "{mailed}");
    assert_eq!(office.programme().await.report(ReportWish::default()).await.unwrap().reset, mailed as u64);
    office.stop.send_replace(false);
    assert_eq!(office.reset_all(Line::clean(&office.org)).await.done, 30 - mailed as u64);
    assert_eq!(office.mails(MAIL).await, (0..30).map(|number| (login(number), 1)).collect());
}

#[tokio::test(start_paused = true)]
async fn a_token_without_the_right_burns_nobody() {
    let office = Office::armed(20).await;
    let line = Line::meddled(&office.org, |request| {
        if is_lifecycle(request, "reset_password") {
            return Meddling::AnswerInstead(refusal(403, "E0000006", "made up for a test"));
        }
        Meddling::None
    });
    let waves = office.reset_all(line).await;
    assert!(matches!(waves.stopped, Some(StopReason::Forbidden(_))), "{waves:?}");
    assert_eq!(office.reset_all(Line::clean(&office.org)).await.done, 20);
}

#[tokio::test(start_paused = true)]
async fn the_hook_ends_only_if_it_is_ours() {
    let office = Office::armed(1).await;
    let HookEnd::NotOurs(hooks) = office.end_hook(None).await else { panic!("it was ended") };
    assert_eq!(hooks[0].name, "Old");
    assert!(matches!(office.end_hook(Some("Other")).await, HookEnd::NotOurs(_)));
    assert_eq!(office.end_hook(Some("Old")).await, HookEnd::Ended(hooks[0].clone()));
    assert_eq!(office.end_hook(Some("Old")).await, HookEnd::NotThere);
}

#[tokio::test(start_paused = true)]
async fn staged_people_get_one_mail() {
    let office = Office::staged(7).await;
    office.lifecycle(3, "activate?sendEmail=false").await;
    let waves = office.carry_out(losing(&office, "activate"), Task::ActivationByMail, 1000, None).await;
    assert_eq!((waves.done, waves.not_needed), (6, 1));
    let mails = office.mails("activation").await;
    assert!(mails.len() == 6 && mails.values().all(|mails| *mails == 1), "{mails:?}");
    let again = office.carry_out(Line::clean(&office.org), Task::ActivationByMail, 1000, None).await;
    assert_eq!((again.done, again.not_needed), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_lost_link_is_asked_for_again() {
    let office = Office::staged(6).await;
    let path = office.desk.books.folder().join("links.csv");
    let task = Task::ActivationByLink(LinksFile::open(&path).unwrap());
    let waves = office.carry_out(losing(&office, "activate"), task, 1000, Some(4)).await;
    assert_eq!(waves.done, 4);
    assert!(office.mails("activation").await.is_empty());
    let links = std::fs::read_to_string(&path).unwrap();
    assert_eq!(links.lines().count(), 5, "{links}");
    assert!(links.lines().skip(1).all(|line| line.contains("/tokens/")), "{links}");
    let left = office.desk.books.open().count_staged(Crowd::of([office.desk.run])).await.unwrap();
    assert_eq!(left, 2);
}
