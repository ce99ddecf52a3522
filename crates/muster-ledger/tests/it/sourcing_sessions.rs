//! Import sessions and their uploads, with the books closed between the steps.

use muster_ledger::{RunKey, SessionRecord, SessionStage, UploadKind, UploadRecord};

use crate::desk::{Desk, at};
use crate::source::{run_of, source, sourced};

async fn session(desk: &Desk, number: u32) -> SessionRecord {
    let all = desk.ledger.import_sessions(desk.run).await.unwrap();
    all.into_iter().find(|session| session.number == number).unwrap()
}

async fn upload(desk: &Desk, session: u32, kind: UploadKind, lines: Vec<u64>) -> u32 {
    let entities = u32::try_from(lines.len()).unwrap();
    desk.ledger.intend_upload(desk.run, session, kind, lines, entities, 1000, at(2)).await.unwrap()
}

#[tokio::test]
async fn a_session_is_found_at_every_step_after_reopening() {
    let desk = Desk::new().await;
    let source = source(&desk).await;
    let number = desk.ledger.intend_session(desk.run, source, at(1)).await.unwrap();
    let desk = desk.reopened();
    let found = session(&desk, number).await;
    assert_eq!((found.number, found.stage, found.intended_at), (1, SessionStage::Intended, at(1)));
    assert_eq!((found.id, found.created_at, found.triggered_at), (None, None, None));
    desk.ledger.session_created(desk.run, number, "aps1".to_owned(), at(2)).await.unwrap();
    let desk = desk.reopened();
    let found = session(&desk, number).await;
    assert_eq!((found.id.as_deref(), found.stage), (Some("aps1"), SessionStage::Loading));
    desk.ledger.session_seen(desk.run, number, "IN_PROGRESS".to_owned()).await.unwrap();
    desk.ledger.session_triggering(desk.run, number, at(3)).await.unwrap();
    let desk = desk.reopened();
    let found = session(&desk, number).await;
    assert_eq!((found.stage, found.triggered_at), (SessionStage::Triggering, Some(at(3))));
    assert_eq!(found.status.as_deref(), Some("IN_PROGRESS"));
    desk.ledger.session_triggered(desk.run, number, at(4)).await.unwrap();
    let desk = desk.reopened();
    assert_eq!(session(&desk, number).await.stage, SessionStage::Triggered);
    let end = (SessionStage::Settled, Some("COMPLETED".to_owned()));
    desk.ledger.end_session(desk.run, number, end.0, end.1, at(5)).await.unwrap();
    let desk = desk.reopened();
    let expected = SessionRecord {
        number,
        id: Some("aps1".to_owned()),
        stage: SessionStage::Settled,
        status: Some("COMPLETED".to_owned()),
        intended_at: at(1),
        created_at: Some(at(2)),
        triggered_at: Some(at(4)),
        ended_at: Some(at(5)),
        requests: 0,
        users: 0,
    };
    assert_eq!(session(&desk, number).await, expected);
}

#[tokio::test]
async fn a_session_goes_no_step_back() {
    let desk = Desk::new().await;
    let source = source(&desk).await;
    let number = desk.ledger.intend_session(desk.run, source, at(1)).await.unwrap();
    let stage = async || session(&desk, number).await.stage;
    desk.ledger.session_triggered(desk.run, number, at(2)).await.unwrap();
    desk.ledger.session_created(desk.run, number, "aps1".to_owned(), at(3)).await.unwrap();
    desk.ledger.session_triggering(desk.run, number, at(4)).await.unwrap();
    assert_eq!(stage().await, SessionStage::Triggered);
    desk.ledger.end_session(desk.run, number, SessionStage::Loading, None, at(5)).await.unwrap();
    assert_eq!(stage().await, SessionStage::Triggered, "that is no end");
    desk.ledger.end_session(desk.run, number, SessionStage::Void, None, at(6)).await.unwrap();
    desk.ledger.end_session(desk.run, number, SessionStage::Settled, None, at(7)).await.unwrap();
    desk.ledger.session_triggered(desk.run, number, at(8)).await.unwrap();
    let found = session(&desk, number).await;
    assert_eq!((found.stage, found.ended_at), (SessionStage::Void, Some(at(6))));
}

/// The answer to its creation was lost, and it was taken for void; then Okta lists it.
#[tokio::test]
async fn a_void_session_can_turn_out_to_be_ours() {
    let desk = Desk::new().await;
    let source = source(&desk).await;
    let number = desk.ledger.intend_session(desk.run, source, at(1)).await.unwrap();
    desk.ledger.end_session(desk.run, number, SessionStage::Void, None, at(2)).await.unwrap();
    assert!(desk.ledger.session_ids(source).await.unwrap().is_empty());
    desk.ledger.session_created(desk.run, number, "aps1".to_owned(), at(1)).await.unwrap();
    desk.ledger.session_created(desk.run, number, "aps2".to_owned(), at(1)).await.unwrap();
    let ids = desk.ledger.session_ids(source).await.unwrap();
    assert_eq!((ids[0].0.as_str(), ids[0].1.as_str(), ids[0].2.stage), ("aps1", "r1", SessionStage::Void));
    assert!(desk.ledger.live_sessions(source).await.unwrap().is_empty());
}

#[tokio::test]
async fn sessions_of_a_source_are_found_across_runs() {
    let desk = Desk::new().await;
    let source = source(&desk).await;
    let other = desk.ledger.identity_source("https://example.okta.com/".to_owned(), "0oa2".to_owned());
    let other = other.await.unwrap();
    let second = run_of(&desk, "r2", vec![sourced(2, "A", 1, &[])]).await;
    let make = async |run: RunKey, source, id: &str| {
        let number = desk.ledger.intend_session(run, source, at(1)).await.unwrap();
        desk.ledger.session_created(run, number, id.to_owned(), at(1)).await.unwrap();
        number
    };
    let first = make(desk.run, source, "aps1").await;
    assert_eq!(make(desk.run, source, "aps2").await, first + 1);
    assert_eq!(make(second, source, "aps3").await, 1, "numbers are a run's own");
    make(second, other, "aps4").await;
    desk.ledger.intend_session(second, source, at(2)).await.unwrap();
    desk.ledger.end_session(desk.run, first, SessionStage::Settled, None, at(3)).await.unwrap();
    let desk = desk.reopened();
    let live = desk.ledger.live_sessions(source).await.unwrap();
    let told: Vec<_> = live.iter().map(|(run, session)| (run.as_str(), session.id.as_deref())).collect();
    assert_eq!(told, [("r1", Some("aps2")), ("r2", Some("aps3")), ("r2", None)]);
    let ids = desk.ledger.session_ids(source).await.unwrap();
    let told: Vec<_> =
        ids.iter().map(|(id, run, session)| (id.as_str(), run.as_str(), session.number)).collect();
    assert_eq!(told, [("aps1", "r1", 1), ("aps2", "r1", 2), ("aps3", "r2", 1)]);
}

#[tokio::test]
async fn uploads_say_what_they_carried() {
    let desk = Desk::new().await;
    let source = source(&desk).await;
    let number = desk.ledger.intend_session(desk.run, source, at(1)).await.unwrap();
    let lines = vec![2, 3, 900, 17, 1 << 39];
    assert_eq!(upload(&desk, number, UploadKind::Users, lines.clone()).await, 1);
    let desk = desk.reopened();
    let found = desk.ledger.uploads(desk.run, number).await.unwrap();
    let expected = UploadRecord {
        number: 1,
        kind: UploadKind::Users,
        lines,
        entities: 5,
        bytes: 1000,
        accepted: false,
        at: at(2),
    };
    assert_eq!(found, [expected]);
    desk.ledger.upload_accepted(desk.run, number, 1, at(3)).await.unwrap();
    upload(&desk, number, UploadKind::Deletions, vec![9]).await;
    upload(&desk, number, UploadKind::Departures, vec![1, 2]).await;
    upload(&desk, number, UploadKind::Groups, Vec::new()).await;
    upload(&desk, number, UploadKind::Joins, vec![2, 3]).await;
    let leaves = upload(&desk, number, UploadKind::Leaves, vec![2, 3]).await;
    let desk = desk.reopened();
    let kinds: Vec<_> = desk.ledger.uploads(desk.run, number).await.unwrap();
    let told: Vec<_> = kinds.iter().map(|upload| (upload.number, upload.kind, upload.accepted)).collect();
    assert_eq!(
        told,
        [
            (1, UploadKind::Users, true),
            (2, UploadKind::Deletions, false),
            (3, UploadKind::Departures, false),
            (4, UploadKind::Groups, false),
            (5, UploadKind::Joins, false),
            (leaves, UploadKind::Leaves, false),
        ]
    );
    let found = session(&desk, number).await;
    assert_eq!((found.requests, found.users), (6, 8), "memberships and groups are no users");
    assert_eq!(kinds[3].lines, Vec::<u64>::new());
}

#[tokio::test]
async fn an_upload_that_was_refused_never_was() {
    let desk = Desk::new().await;
    let source = source(&desk).await;
    let number = desk.ledger.intend_session(desk.run, source, at(1)).await.unwrap();
    let first = upload(&desk, number, UploadKind::Users, vec![2]).await;
    let second = upload(&desk, number, UploadKind::Users, vec![3, 4]).await;
    desk.ledger.upload_accepted(desk.run, number, first, at(3)).await.unwrap();
    desk.ledger.upload_refused(desk.run, number, first).await.unwrap();
    desk.ledger.upload_refused(desk.run, number, second).await.unwrap();
    let desk = desk.reopened();
    let left = desk.ledger.uploads(desk.run, number).await.unwrap();
    assert_eq!((left.len(), left[0].number), (1, first), "what was accepted stays");
    let found = session(&desk, number).await;
    assert_eq!((found.requests, found.users), (1, 1));
}

/// A full session: 50 uploads of 200 rows each.
#[tokio::test]
async fn a_full_session_takes_little_room() {
    let desk = Desk::new().await;
    let source = source(&desk).await;
    let number = desk.ledger.intend_session(desk.run, source, at(1)).await.unwrap();
    for start in 0..50 {
        let first = 3_000_000 + start * 600;
        upload(&desk, number, UploadKind::Users, (0..200).map(|row| first + row * 3).collect()).await;
    }
    let found = session(&desk, number).await;
    assert_eq!((found.requests, found.users), (50, 10_000));
    let connection = rusqlite::Connection::open(desk.path()).unwrap();
    let sql = "SELECT SUM(LENGTH(lines)) FROM upload";
    let bytes: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(bytes < 11_000, "{bytes}");
}
