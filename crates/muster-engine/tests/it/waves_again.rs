//! Mails in waves, taken up after a while: by the next process, for who was thought to be gone.

use std::time::Duration;

use http::Method;
use jiff::SignedDuration;
use muster_core::programme::PersonState;
use muster_engine::programme::ReportWish;
use muster_engine::wave::Task;
use muster_ledger::{Bound, ErrandKind};
use tokio::time::Instant;

use crate::meddling::Line;
use crate::office::{Office, login};
use crate::org::call;

const MAIL: &str = "password_reset";

/// Intends mails for these people, as a process did that was killed so long ago.
async fn intended(office: &Office, people: usize, ago: SignedDuration) -> Vec<Bound> {
    let programme = office.programme().await;
    programme.enrol().await.unwrap();
    let states = vec![PersonState::Armed];
    let armed = programme.ledger().people(programme.crowd(), states, String::new(), 100).await.unwrap();
    let bound: Vec<Bound> = armed.into_iter().map(Bound::from).collect();
    let at = office.now() - ago;
    for person in &bound[..people] {
        programme.ledger().intend_errand(ErrandKind::Reset, person.clone(), at).await.unwrap();
    }
    bound
}

#[tokio::test(start_paused = true)]
async fn who_was_brought_back_is_not_forgotten() {
    let office = Office::armed(3).await;
    office.lifecycle(1, "deactivate").await;
    office.look().await;
    let gone = office.status(ReportWish::default()).await.1;
    assert_eq!((gone.gone, gone.waiting), (1, 2));
    office.lifecycle(1, "activate?sendEmail=false").await;
    office.look_at_gone().await;
    let back = office.status(ReportWish::default()).await.1;
    assert_eq!((back.gone, back.waiting), (0, 3), "{}", office.user(1).await);
    assert_eq!(office.reset_all(Line::clean(&office.org)).await.done, 3);
    assert_eq!(office.mails(MAIL).await, (0..3).map(|number| (login(number), 1)).collect());
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_again_counts_for_its_hour() {
    let office = Office::armed(4).await;
    intended(&office, 1, SignedDuration::from_hours(3)).await;
    let begun = Instant::now();
    let waves = office.carry_out(Line::clean(&office.org), Task::Reset, 1, Some(2)).await;
    assert_eq!(waves.done, 2);
    assert!(begun.elapsed() >= Duration::from_hours(1), "one an hour: {:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_request_of_a_moment_ago_may_still_arrive() {
    let office = Office::armed(2).await;
    let people = intended(&office, 1, SignedDuration::from_secs(1)).await;
    let path = format!("/api/v1/users/{}/lifecycle/reset_password?sendEmail=true", people[0].okta_id);
    let late = async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        call(&office.org, Method::POST, &path, None).await;
        std::future::pending::<()>().await;
    };
    let begun = Instant::now();
    let waves = tokio::select! {
        waves = office.reset_all(Line::clean(&office.org)) => waves,
        () = late => return,
    };
    assert!(begun.elapsed() >= Duration::from_secs(28), "it was looked at too early: {:?}", begun.elapsed());
    assert_eq!(waves.done, 2);
    assert_eq!(office.mails(MAIL).await, (0..2).map(|number| (login(number), 1)).collect());
}
