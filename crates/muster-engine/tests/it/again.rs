//! Rows that are opened again: those that failed, and those whose memberships are missing.

use bytes::Bytes;
use http::{Method, Request};
use muster_core::outcome::{GroupOutcome, Outcome};
use muster_emulator::Emulator;
use muster_engine::{PlanSettings, Retry};
use muster_ledger::RunStage;
use muster_okta::TransportFailure;

use crate::desk::{Desk, okta, plain_people};
use crate::meddling::{Line, Meddling, is_create, refusal};
use crate::org::{add_group, grow_old, settings};

/// What a retry would send again; and it is opened.
async fn open_again(desk: &Desk) -> (u64, u64) {
    let ledger = desk.books.open();
    let okta = okta(&std::sync::Arc::new(Line::clean(&desk.org)));
    let retry = Retry { okta: &okta, ledger: &ledger, run: desk.run, plan: &desk.plan, create_groups: false };
    let plan = retry.survey().await.unwrap();
    retry.reopen().await.unwrap();
    (plan.failed, plan.memberships)
}

/// The org is busy with all such requests for ever.
fn busy(org: &Emulator, which: fn(&Request<Bytes>) -> bool) -> Line {
    Line::meddled(org, move |request| {
        if which(request) {
            return Meddling::AnswerInstead(refusal(409, "E0000112", "made up for a test"));
        }
        Meddling::None
    })
}

#[tokio::test(start_paused = true)]
async fn rows_that_failed_are_created_once() {
    let org = Emulator::open(settings()).unwrap();
    grow_old().await;
    let desk = Desk::plan(&org, plain_people(40).as_bytes(), PlanSettings::default()).await;
    assert_eq!(desk.carry_out(busy(&org, is_create)).await.stopped, None);
    let summary = desk.summary().await;
    assert_eq!((summary.outcomes[&Outcome::Failed], summary.complete), (40, true), "{summary:?}");
    assert_eq!(open_again(&desk).await, (40, 0));
    assert_eq!(desk.record().await.stage, RunStage::Open);
    assert_eq!(desk.summary().await.tally().open(), 40, "no second entry for a row");
    assert_eq!(desk.carry_out(Line::clean(&org)).await.stopped, None);
    let (summary, stats) = (desk.summary().await, desk.org.stats());
    assert_eq!((summary.rows, summary.balanced, summary.complete), (40, true, true));
    assert_eq!((summary.outcomes[&Outcome::Created], stats.creates_by_login_max), (40, 1), "{summary:?}");
    assert_eq!(open_again(&desk).await, (0, 0));
}

/// A row that failed may have been created all the same: it is read back first.
#[tokio::test(start_paused = true)]
async fn a_row_that_failed_and_was_done_is_adopted() {
    let org = Emulator::open(settings()).unwrap();
    grow_old().await;
    let desk = Desk::plan(&org, plain_people(10).as_bytes(), PlanSettings::default()).await;
    let line = Line::meddled(&org, |request: &Request<Bytes>| {
        if is_create(request) {
            return Meddling::LoseAnswer(TransportFailure::TimedOut);
        }
        if request.method() == Method::GET && request.uri().path().starts_with("/api/v1/users/") {
            return Meddling::AnswerInstead(refusal(400, "E0000001", "made up for a test"));
        }
        Meddling::None
    });
    assert_eq!(desk.carry_out(line).await.stopped, None);
    assert_eq!(desk.summary().await.outcomes[&Outcome::Failed], 10);
    assert_eq!(open_again(&desk).await, (10, 0));
    assert_eq!(desk.carry_out(Line::clean(&org)).await.stopped, None);
    let (summary, stats) = (desk.summary().await, desk.org.stats());
    assert_eq!((summary.outcomes[&Outcome::Adopted], stats.creates_by_login_max), (10, 1), "{summary:?}");
}

#[tokio::test(start_paused = true)]
async fn memberships_that_are_missing_are_asked_for_again() {
    let org = Emulator::open(settings()).unwrap();
    let names: Vec<String> = (0..23).map(|number| format!("G{number}")).collect();
    for name in &names {
        add_group(&org, name).await;
    }
    grow_old().await;
    let csv = format!("email,firstName,lastName,groups\nkim@example.com,Kim,Park,{}\n", names.join(";"));
    let desk = Desk::plan(&org, csv.as_bytes(), PlanSettings::default()).await;
    let joins = |request: &Request<Bytes>| request.method() == Method::PUT;
    assert_eq!(desk.carry_out(busy(&org, joins)).await.stopped, None);
    assert_eq!(desk.summary().await.groups[&GroupOutcome::Partial], 1);
    assert_eq!(open_again(&desk).await, (0, 1));
    assert_eq!(desk.carry_out(Line::clean(&org)).await.stopped, None);
    let (summary, stats) = (desk.summary().await, desk.org.stats());
    assert_eq!((summary.groups[&GroupOutcome::Joined], summary.outcomes[&Outcome::Created]), (1, 1));
    assert_eq!((stats.memberships, stats.creates_by_login_max), (23, 1));
}
