//! People of a source who are in no row of a run.

use muster_core::record::Line;
use muster_ledger::{DepartureCounts, DepartureEnd, MissingCount, PlannedRow};

use crate::desk::{Desk, at, faulty};
use crate::source::{groups, load, open_lines, peopled, run_of, source, sourced, tally};

#[tokio::test]
async fn who_is_in_no_row_is_missing_and_faulty_rows_count() {
    let (desk, source) = peopled().await;
    let rows = vec![
        sourced(2, "a", 1, &[]),
        PlannedRow { external_id: Some("B".to_owned()), ..faulty(3, "b@example.com") },
        sourced(4, "E", 1, &[]),
    ];
    let run = run_of(&desk, "second", rows).await;
    let missing = desk.ledger.missing(run, source).await.unwrap();
    assert_eq!(missing, MissingCount { known: 4, missing: 3 }, "A, C and D");
    assert_eq!(desk.ledger.departure_counts(run).await.unwrap(), DepartureCounts::default(), "only counted");
}

#[tokio::test]
async fn a_new_source_misses_nobody() {
    let desk = Desk::new().await;
    let source = source(&desk).await;
    let run = run_of(&desk, "r", vec![sourced(2, "A", 1, &[])]).await;
    assert_eq!(desk.ledger.missing(run, source).await.unwrap(), MissingCount::default());
    assert_eq!(desk.ledger.plan_departures(run, source).await.unwrap(), 0);
}

#[tokio::test]
async fn departures_are_frozen_and_come_in_pages() {
    let (desk, source) = peopled().await;
    let run = run_of(&desk, "second", vec![sourced(2, "B", 1, &["Staff"])]).await;
    assert_eq!(desk.ledger.plan_departures(run, source).await.unwrap(), 3);
    let later = run_of(&desk, "later", vec![sourced(2, "F", 1, &[])]).await;
    load(&desk, later, source, 2..3).await;
    let desk = desk.reopened();
    assert_eq!(desk.ledger.plan_departures(run, source).await.unwrap(), 3, "done before");
    let page = desk.ledger.departures(run, 0, 2).await.unwrap();
    let told: Vec<_> = page.iter().map(|one| (one.number, one.external_id.as_str())).collect();
    assert_eq!(told, [(1, "A"), (2, "C")]);
    assert_eq!((page[0].login.as_deref(), page[0].okta_id.as_deref()), (Some("a@example.com"), Some("00u2")));
    let rest = desk.ledger.departures(run, 2, 9).await.unwrap();
    assert_eq!((rest.len(), rest[0].external_id.as_str(), &rest[0].end), (1, "D", &None));
    assert!(desk.ledger.departures(later, 0, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_was_deactivated_is_taken_off_the_source() {
    let (desk, source) = peopled().await;
    let run = run_of(&desk, "second", Vec::new()).await;
    assert_eq!(desk.ledger.plan_departures(run, source).await.unwrap(), 4);
    let failed = DepartureEnd::Failed("refused".to_owned());
    let ends = vec![
        (1, DepartureEnd::Deactivated),
        (2, DepartureEnd::NotThere),
        (3, failed.clone()),
        (99, DepartureEnd::Deactivated),
    ];
    desk.ledger.end_departures(run, source, ends, at(9)).await.unwrap();
    let counts = desk.ledger.departure_counts(run).await.unwrap();
    assert_eq!(counts, DepartureCounts { listed: 0, deactivated: 1, not_there: 1, failed: 1, open: 1 });
    assert_eq!(tally(&desk, source).await, (2, 2));
    assert_eq!(groups(&desk, source, "A").await, Vec::<String>::new());
    let all = desk.ledger.departures(run, 0, 9).await.unwrap();
    assert_eq!((all[2].end.as_ref(), all[3].end.as_ref()), (Some(&failed), None));
    assert_eq!(desk.ledger.missing(run, source).await.unwrap(), MissingCount { known: 2, missing: 2 });
}

#[tokio::test]
async fn what_is_final_stays_and_the_rest_may_be_tried_again() {
    let (desk, source) = peopled().await;
    let run = run_of(&desk, "second", Vec::new()).await;
    desk.ledger.plan_departures(run, source).await.unwrap();
    let end = async |number, end| {
        desk.ledger.end_departures(run, source, vec![(number, end)], at(9)).await.unwrap();
        let found = desk.ledger.departures(run, number - 1, 1).await.unwrap();
        found[0].end.clone().unwrap()
    };
    assert_eq!(end(1, DepartureEnd::Deactivated).await, DepartureEnd::Deactivated);
    assert_eq!(end(1, DepartureEnd::Listed).await, DepartureEnd::Deactivated);
    assert_eq!(end(2, DepartureEnd::Listed).await, DepartureEnd::Listed);
    assert_eq!(tally(&desk, source).await, (3, 1), "who is listed is still there");
    assert_eq!(end(2, DepartureEnd::Failed("no".to_owned())).await, DepartureEnd::Failed("no".to_owned()));
    assert_eq!(end(2, DepartureEnd::NotThere).await, DepartureEnd::NotThere);
    assert_eq!(tally(&desk, source).await, (2, 2));
}

/// Who comes back is sent, whatever was told before they left.
#[tokio::test]
async fn who_comes_back_is_there_again() {
    let (desk, source) = peopled().await;
    let run = run_of(&desk, "second", Vec::new()).await;
    desk.ledger.plan_departures(run, source).await.unwrap();
    let gone = vec![(1, DepartureEnd::Deactivated)];
    desk.ledger.end_departures(run, source, gone, at(9)).await.unwrap();
    let run = run_of(&desk, "third", vec![sourced(2, "A", 1, &["Sales", "Staff"])]).await;
    desk.ledger.take_off_unchanged(run, source, at(10)).await.unwrap();
    assert_eq!(open_lines(&desk, run).await, [2]);
    load(&desk, run, source, 2..3).await;
    assert_eq!(tally(&desk, source).await, (4, 0));
    assert_eq!(desk.ledger.loaded_rows(run, vec![Line(2)]).await.unwrap()[0].groups.len(), 2);
    assert_eq!(groups(&desk, source, "A").await, ["Sales", "Staff"]);
}
