//! The people of the programme, from arming to the end.

use muster_core::login::Login;
use muster_core::outcome::Outcome;
use muster_core::programme::PersonState;
use muster_core::record::Line;
use muster_ledger::{
    Arrival, Bound, Crowd, Enrolled, ErrandEnd, ErrandKind, Finding, PersonKind, PersonTally, PlannedRow,
    RegisteredHook, RunKey, Sighting,
};

use crate::desk::{Desk, at, finished, new_run, row};

const ALL: [PersonState; 6] = PersonState::ALL;

fn login(line: u64) -> String {
    format!("p{line}@example.com")
}

/// Lines 2 to 9 are armed by a run that is complete.
async fn armed() -> Desk {
    let desk = Desk::new().await;
    arm(&desk, desk.run, 2..10, Outcome::Created).await;
    desk
}

async fn arm(desk: &Desk, run: RunKey, lines: std::ops::Range<u64>, outcome: Outcome) {
    let rows = lines.clone().map(|line| PlannedRow { credential: "hook", ..row(line, &login(line)) });
    desk.ledger.plan_rows(run, rows.collect(), at(0)).await.unwrap();
    desk.ledger.planned(run, lines.end - lines.start, "{}".to_owned()).await.unwrap();
    for line in lines {
        desk.ledger.finish(run, finished(line, outcome)).await.unwrap();
    }
    desk.ledger.complete(run, at(6)).await.unwrap();
    desk.ledger.enrol(vec![run]).await.unwrap();
}

async fn tally(desk: &Desk) -> PersonTally {
    desk.ledger.person_tally(Crowd::of([desk.run]), PersonKind::Hook).await.unwrap()
}

fn arrival(line: u64, second: i64) -> Arrival {
    Arrival { okta_id: Some(format!("00u{line}")), login: None, at: at(second), good: true }
}

async fn person(desk: &Desk, line: u64) -> muster_ledger::Person {
    let people = desk.ledger.people(Crowd::of([desk.run]), ALL.to_vec(), String::new(), 100).await.unwrap();
    people.into_iter().find(|person| person.login == login(line)).unwrap()
}

#[tokio::test]
async fn people_are_taken_over_once() {
    let desk = armed().await;
    assert_eq!(tally(&desk).await.of(PersonState::Armed), 8);
    assert_eq!(desk.ledger.enrol(vec![desk.run]).await.unwrap(), Enrolled::default());
    let desk = desk.reopened();
    assert_eq!(desk.ledger.enrol(vec![desk.run]).await.unwrap().people, 0);
    assert_eq!(tally(&desk).await.people(), 8);
}

#[tokio::test]
async fn the_same_event_counts_once() {
    let desk = armed().await;
    assert_eq!(
        desk.ledger.arrived(vec![arrival(3, 60), arrival(4, 90_000), arrival(77, 1)]).await.unwrap(),
        2
    );
    assert_eq!(desk.ledger.arrived(vec![arrival(3, 60)]).await.unwrap(), 0);
    let days = desk.ledger.arrivals(Crowd::of([desk.run]), PersonKind::Hook, 86_400, None).await.unwrap();
    assert_eq!(days.values().copied().collect::<Vec<_>>(), [1, 1]);
    assert_eq!(person(&desk, 3).await.over_at, Some(at(60)));
}

#[tokio::test]
async fn an_event_without_an_id_is_known_by_its_login() {
    let desk = armed().await;
    let fingerprint = Login::parse("P3@EXAMPLE.com").map(|login| login.fingerprint());
    let event = Arrival { okta_id: None, login: fingerprint, at: at(60), good: true };
    desk.ledger.arrived(vec![event]).await.unwrap();
    desk.ledger.recognise().await.unwrap();
    assert_eq!(person(&desk, 3).await.state, PersonState::ComeOver);
}

#[tokio::test]
async fn what_the_hook_has_verified_is_not_confirmed() {
    let desk = armed().await;
    let login = |line| Login::parse(&login(line)).unwrap().fingerprint();
    let seen = |line, verified, wrong: Option<i64>| Sighting {
        login: login(line),
        verified_at: verified,
        wrong_at: wrong.map(at),
    };
    desk.ledger
        .sighted(vec![seen(3, Some(at(50)), None), seen(4, None, Some(70)), seen(4, None, Some(60))])
        .await
        .unwrap();
    desk.ledger.recognise().await.unwrap();
    assert_eq!(
        (person(&desk, 3).await.state, person(&desk, 3).await.verified_at),
        (PersonState::Verified, Some(at(50)))
    );
    assert_eq!(
        (person(&desk, 4).await.state, person(&desk, 4).await.wrong_at),
        (PersonState::Armed, Some(at(70)))
    );
    assert_eq!(tally(&desk).await.open(), 8);
    desk.ledger.arrived(vec![arrival(3, 60)]).await.unwrap();
    desk.ledger.sighted(vec![seen(3, Some(at(80)), None)]).await.unwrap();
    desk.ledger.recognise().await.unwrap();
    assert_eq!(person(&desk, 3).await.state, PersonState::ComeOver, "there is no way back");
}

#[tokio::test]
async fn who_is_armed_anew_begins_anew() {
    let desk = armed().await;
    desk.ledger.arrived(vec![arrival(3, 60)]).await.unwrap();
    let second = desk.ledger.begin_run(new_run("r2")).await.unwrap();
    let rows = vec![PlannedRow { credential: "hook", ..row(2, &login(3)) }];
    desk.ledger.plan_rows(second, rows, at(1000)).await.unwrap();
    desk.ledger.planned(second, 1, r#"{"wishes":{"arm_existing":true}}"#.to_owned()).await.unwrap();
    let mut again = finished(2, Outcome::Updated);
    again.result.okta_id = Some("00u3".to_owned());
    again.at = at(1000);
    desk.ledger.finish(second, again).await.unwrap();
    desk.ledger.enrol(vec![second]).await.unwrap();
    assert_eq!((tally(&desk).await.people(), tally(&desk).await.of(PersonState::ComeOver)), (7, 0));
    let both = Crowd::of([desk.run, second]);
    assert_eq!(
        desk.ledger.person_tally(both.clone(), PersonKind::Hook).await.unwrap().of(PersonState::Armed),
        8
    );
    // Around the time of the arming the clocks don't say which was first. Whoever is known to have come over is not looked at.
    desk.ledger.arrived(vec![arrival(3, 60), arrival(3, 900), arrival(3, 1060)]).await.unwrap();
    assert_eq!(
        desk.ledger.person_tally(both.clone(), PersonKind::Hook).await.unwrap().open(),
        8,
        "that was before, or may have been"
    );
    desk.ledger.arrived(vec![arrival(3, 1301)]).await.unwrap();
    assert_eq!(desk.ledger.person_tally(both, PersonKind::Hook).await.unwrap().open(), 7);
}

#[tokio::test]
async fn who_was_there_before_and_was_not_armed_waits_for_nothing() {
    let desk = Desk::new().await;
    arm(&desk, desk.run, 2..10, Outcome::Updated).await;
    assert_eq!(tally(&desk).await.people(), 0);
}

#[tokio::test]
async fn looks_are_entered() {
    let desk = armed().await;
    let look = |line: u64, finding| desk.ledger.looked_at(format!("00u{line}"), finding, at(100));
    look(2, Finding::ComeOver(at(40))).await.unwrap();
    look(3, Finding::Gone).await.unwrap();
    look(4, Finding::Cannot("SUSPENDED".to_owned())).await.unwrap();
    look(5, Finding::Reset).await.unwrap();
    look(6, Finding::Waits).await.unwrap();
    let counts = tally(&desk).await;
    assert_eq!(ALL.map(|state| counts.of(state)), [4, 0, 1, 1, 1, 1]);
    assert_eq!(desk.ledger.hindrances(Crowd::of([desk.run])).await.unwrap()["SUSPENDED"], 1);
    look(4, Finding::Waits).await.unwrap();
    look(2, Finding::Waits).await.unwrap();
    assert_eq!((tally(&desk).await.open(), person(&desk, 2).await.state), (5, PersonState::ComeOver));
}

#[tokio::test]
async fn an_errand_is_open_until_its_end_is_known() {
    let desk = armed().await;
    let crowd = Crowd::of([desk.run]);
    let bound: Bound = person(&desk, 3).await.into();
    let kind = ErrandKind::Reset;
    desk.ledger.intend_errand(kind, bound.clone(), at(10)).await.unwrap();
    let desk = desk.reopened();
    let open = desk.ledger.open_errands(kind, crowd.clone(), String::new(), 10).await.unwrap();
    assert_eq!((open.len(), open[0].person.clone(), open[0].at), (1, bound.clone(), at(10)));
    assert_eq!(desk.ledger.errands_since(kind, at(0)).await.unwrap().out, 1, "it may have arrived");
    desk.ledger.end_errand(kind, bound.clone(), ErrandEnd::Done, Some(Finding::Reset), at(11)).await.unwrap();
    assert!(desk.ledger.open_errands(kind, crowd.clone(), String::new(), 10).await.unwrap().is_empty());
    assert_eq!(
        (person(&desk, 3).await.state, person(&desk, 3).await.reset_at),
        (PersonState::Reset, Some(at(11)))
    );
    let count = desk.ledger.errands_since(kind, at(0)).await.unwrap();
    assert_eq!((count.out, count.first), (1, Some(at(10))));
    assert_eq!(desk.ledger.errands_since(kind, at(10)).await.unwrap().out, 0);
    desk.ledger.withdraw_errand(kind, bound.okta_id).await.unwrap();
    assert_eq!(desk.ledger.errands_done(kind, crowd).await.unwrap(), 1, "what is done is not taken back");
}

#[tokio::test]
async fn staged_people_come_in_the_order_of_the_source() {
    let desk = Desk::with_rows(4).await;
    for line in 2..6 {
        let mut staged = finished(line, if line == 4 { Outcome::Skipped } else { Outcome::Created });
        staged.result.okta_status = Some("STAGED".to_owned());
        desk.ledger.finish(desk.run, staged).await.unwrap();
    }
    let crowd = Crowd::of([desk.run]);
    let page = desk.ledger.staged(crowd.clone(), Line(0), 2).await.unwrap();
    assert_eq!(page.iter().map(|bound| bound.line().0).collect::<Vec<_>>(), [2, 3]);
    desk.ledger
        .end_errand(ErrandKind::Activation, page[1].clone(), ErrandEnd::Done, None, at(9))
        .await
        .unwrap();
    let gone = ErrandEnd::NotNeeded("it is gone".to_owned());
    desk.ledger.end_errand(ErrandKind::Activation, page[0].clone(), gone, None, at(9)).await.unwrap();
    let page = desk.ledger.staged(crowd.clone(), Line(0), 9).await.unwrap();
    assert_eq!(page.iter().map(|bound| bound.line().0).collect::<Vec<_>>(), [5]);
    assert_eq!(desk.ledger.count_staged(crowd).await.unwrap(), 1);
    assert_eq!(desk.ledger.errands_since(ErrandKind::Activation, at(0)).await.unwrap().out, 1);
}

#[tokio::test]
async fn a_new_reading_of_a_group_takes_the_place_of_the_old_one() {
    let desk = armed().await;
    let read = async |ids: &[&str], whole: bool| {
        let key = desk.ledger.watch_group("00g1".to_owned(), "Sales".to_owned()).await.unwrap();
        desk.ledger.watch_members(key, ids.iter().map(|id| (*id).to_owned()).collect()).await.unwrap();
        if whole {
            desk.ledger.watching(key, at(5)).await.unwrap();
        }
        desk.ledger.watched("00g1".to_owned()).await.unwrap()
    };
    assert_eq!(read(&["00u2"], false).await, None);
    read(&["00u2", "00u3", "00u99"], true).await.unwrap();
    let group = read(&["00u4"], false).await.unwrap();
    let crowd = Crowd::of([desk.run]).in_group(group.key);
    let counted = desk.ledger.person_tally(crowd, PersonKind::Hook).await.unwrap();
    assert_eq!(
        (counted.people(), group.taken_at),
        (2, at(5)),
        "a reading that was cut off counts for nothing"
    );
    let names = desk.ledger.groups_of(vec!["00u2".to_owned(), "00u4".to_owned()]).await.unwrap();
    assert_eq!(names, [vec!["Sales".to_owned()], vec![]]);
    let group = read(&["00u4"], true).await.unwrap();
    let crowd = Crowd::of([desk.run]).in_group(group.key);
    assert_eq!(desk.ledger.person_tally(crowd, PersonKind::Hook).await.unwrap().people(), 1);
}

#[tokio::test]
async fn log_and_hook_are_remembered() {
    let desk = armed().await;
    let org = || "https://example.okta.com/".to_owned();
    assert_eq!(desk.ledger.log_read_to(org()).await.unwrap(), None);
    desk.ledger.log_was_read(org(), at(9)).await.unwrap();
    desk.ledger.log_was_read(org(), at(12)).await.unwrap();
    assert_eq!(desk.ledger.log_read_to(org()).await.unwrap(), Some(at(12)));
    let hook = RegisteredHook { okta_id: "cal1".to_owned(), name: "Old".to_owned(), at: at(1) };
    desk.ledger.hook_registered(org(), hook.clone()).await.unwrap();
    assert_eq!(desk.ledger.registered_hook(org()).await.unwrap(), Some(hook));
    desk.ledger.hook_ended(org(), "cal1".to_owned(), at(2)).await.unwrap();
    assert_eq!(desk.ledger.registered_hook(org()).await.unwrap(), None);
}
