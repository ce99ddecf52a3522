//! What became of rows that were loaded.

use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_ledger::{Keeper, Ledger, LedgerError, LoadedRow, Standing, Store, UploadKind};

use crate::desk::{Desk, at, new_run};
use crate::source::{groups, load, open_lines, peopled, run_of, settled, source, sourced, tally};

#[tokio::test]
async fn loaded_rows_are_told_in_the_order_asked_for() {
    let desk = Desk::new().await;
    let source = source(&desk).await;
    let rows = vec![sourced(2, "A", 1, &["Sales", "Staff"]), sourced(3, "B", 1, &[])];
    let run = run_of(&desk, "r", rows).await;
    load(&desk, run, source, 2..3).await;
    let found = desk.ledger.loaded_rows(run, [3, 99, 2].map(Line).to_vec()).await.unwrap();
    let expected = |line, key: &str, groups: &[&str], open| LoadedRow {
        line: Line(line),
        login: Some(format!("{}@example.com", key.to_lowercase())),
        external_id: key.to_owned(),
        groups: groups.iter().map(|name| (*name).to_owned()).collect(),
        open,
        attempts: u32::from(!open),
    };
    assert_eq!(found, [expected(3, "B", &[], true), expected(2, "A", &["Sales", "Staff"], false)]);
}

#[tokio::test]
async fn group_names_come_back_as_they_were() {
    let desk = Desk::new().await;
    let source = source(&desk).await;
    let odd = ["", "a,b", "line\nbreak", "quote\"", "Grüße 🌍", "back\\slash"];
    let run = run_of(&desk, "r", vec![sourced(2, "A", 1, &odd)]).await;
    load(&desk, run, source, 2..3).await;
    let desk = desk.reopened();
    assert_eq!(desk.ledger.loaded_rows(run, vec![Line(2)]).await.unwrap()[0].groups, odd);
    assert_eq!(groups(&desk, source, "A").await, odd);
}

#[tokio::test]
async fn who_is_present_is_known_as_the_row_told() {
    let (desk, source) = peopled().await;
    assert_eq!(tally(&desk, source).await, (4, 0));
    let keys = ["A", "B", "C", "a", "Z"].map(str::to_owned).to_vec();
    let found = desk.ledger.groups_of_people(source, keys).await.unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found["A"], ["Sales", "Staff"]);
    let run = run_of(&desk, "second", vec![sourced(2, "A", 2, &["Staff"])]).await;
    load(&desk, run, source, 2..3).await;
    let desk = desk.reopened();
    assert_eq!(groups(&desk, source, "A").await, ["Staff"]);
    assert_eq!(tally(&desk, source).await, (4, 0));
}

#[tokio::test]
async fn an_outcome_is_written_once_and_so_is_what_it_says() {
    let (desk, source) = peopled().await;
    let run = run_of(&desk, "second", vec![sourced(2, "A", 2, &["Staff"])]).await;
    load(&desk, run, source, 2..3).await;
    let later = settled(2, Outcome::Failed, Standing::Gone);
    desk.ledger.settle_rows(run, source, vec![later]).await.unwrap();
    let results = desk.ledger.results(run, Line(0), 1).await.unwrap();
    assert_eq!((results[0].outcome, results[0].error_code.as_deref()), (Some(Outcome::Created), None));
    assert_eq!(tally(&desk, source).await, (4, 0));
    assert_eq!(groups(&desk, source, "A").await, ["Staff"]);
}

/// Somebody may be taken off whom these books never loaded.
#[tokio::test]
async fn who_was_taken_off_is_gone_known_before_or_not() {
    let (desk, source) = peopled().await;
    let run = run_of(&desk, "second", vec![sourced(2, "A", 0, &[]), sourced(3, "Z", 0, &[])]).await;
    let ends = [2, 3].map(|line| settled(line, Outcome::Updated, Standing::Gone));
    desk.ledger.settle_rows(run, source, ends.to_vec()).await.unwrap();
    assert_eq!(tally(&desk, source).await, (3, 2));
    assert_eq!(groups(&desk, source, "A").await, Vec::<String>::new());
}

#[tokio::test]
async fn who_is_in_doubt_is_no_new_person() {
    let (desk, source) = peopled().await;
    let run = run_of(&desk, "second", vec![sourced(2, "A", 2, &[]), sourced(3, "Z", 1, &[])]).await;
    let ends = [2, 3].map(|line| settled(line, Outcome::Failed, Standing::Unknown));
    desk.ledger.settle_rows(run, source, ends.to_vec()).await.unwrap();
    assert_eq!(tally(&desk, source).await, (4, 0), "A is still there, Z is not known");
    assert_eq!(groups(&desk, source, "A").await, ["Sales", "Staff"]);
}

/// Whoever may be in groups that a row told has to be taken out of them by the next row that does not.
#[tokio::test]
async fn who_may_be_in_more_groups_than_before_is_known_in_all_of_them() {
    for (outcome, standing) in [(Outcome::Failed, Standing::Unknown), (Outcome::Updated, Standing::Partly)] {
        let (desk, source) = peopled().await;
        let rows = || vec![sourced(2, "A", 2, &["New", "Staff"])];
        let run = run_of(&desk, "second", rows()).await;
        desk.ledger.settle_rows(run, source, vec![settled(2, outcome, standing)]).await.unwrap();
        assert_eq!(groups(&desk, source, "A").await, ["New", "Sales", "Staff"], "{standing:?}");
        let run = run_of(&desk, "third", rows()).await;
        let unchanged = desk.ledger.take_off_unchanged(run, source, at(9)).await.unwrap();
        assert_eq!(unchanged.len(), 0, "{standing:?}: it is sent again");
    }
}

#[tokio::test]
async fn the_login_of_who_is_gone_is_known_still() {
    let (desk, source) = peopled().await;
    let run = run_of(&desk, "second", vec![sourced(2, "A", 0, &[])]).await;
    let gone = settled(2, Outcome::Updated, Standing::Gone);
    desk.ledger.settle_rows(run, source, vec![gone]).await.unwrap();
    let keys = ["A", "B", "nobody"].map(str::to_owned).to_vec();
    let found = desk.ledger.logins_of_people(source, keys).await.unwrap();
    assert_eq!(
        (found.len(), found["A"].as_str(), found["B"].as_str()),
        (2, "a@example.com", "b@example.com")
    );
}

#[tokio::test]
async fn who_is_there_in_part_is_a_person_of_the_source() {
    let (desk, source) = peopled().await;
    let run = run_of(&desk, "second", vec![sourced(2, "Z", 1, &["Staff"]), sourced(3, "Y", 1, &[])]).await;
    let ends = [2, 3].map(|line| settled(line, Outcome::Created, Standing::Partly));
    desk.ledger.settle_rows(run, source, ends.to_vec()).await.unwrap();
    assert_eq!(tally(&desk, source).await, (6, 0));
    assert_eq!(groups(&desk, source, "Z").await, ["Staff"]);
    assert_eq!(groups(&desk, source, "Y").await, Vec::<String>::new());
}

/// A user whose id is not known now keeps the one that was.
#[tokio::test]
async fn an_id_once_known_is_kept() {
    let (desk, source) = peopled().await;
    let run = run_of(&desk, "second", vec![sourced(2, "A", 2, &[])]).await;
    let mut end = settled(2, Outcome::Updated, Standing::Present);
    end.row.result.okta_id = None;
    desk.ledger.settle_rows(run, source, vec![end]).await.unwrap();
    let run = run_of(&desk, "third", vec![sourced(2, "A", 2, &[])]).await;
    desk.ledger.take_off_unchanged(run, source, at(9)).await.unwrap();
    let results = desk.ledger.results(run, Line(0), 1).await.unwrap();
    assert_eq!(results[0].okta_id.as_deref(), Some("00u2"));
}

/// Outcome and standing are in one commit: after a crash both are there, or neither.
#[tokio::test]
async fn a_crash_leaves_outcome_and_standing_together() {
    for survives in [false, true] {
        let (ledger, mut keeper) = Ledger::attended(Store::in_memory().unwrap()).unwrap();
        let run = handed(ledger.begin_run(new_run("r")), &mut keeper).await;
        let source_made =
            handed(ledger.identity_source("org".to_owned(), "0oa1".to_owned()), &mut keeper).await;
        handed(ledger.plan_rows(run, vec![sourced(2, "A", 1, &["Staff"])], at(0)), &mut keeper).await;
        handed(ledger.planned(run, 1, "{}".to_owned()), &mut keeper).await;
        let end = settled(2, Outcome::Created, Standing::Present);
        let settling = tokio::spawn({
            let ledger = ledger.clone();
            async move { ledger.settle_rows(run, source_made, vec![end]).await }
        });
        keeper.job().await;
        let store = if survives { keeper.crash_after() } else { keeper.crash_within() };
        assert!(settling.await.unwrap().is_ok() <= survives);
        let (ledger, mut keeper) = Ledger::attended(store).unwrap();
        let tally = handed(ledger.tally(run), &mut keeper).await;
        let people = handed(ledger.source_tally(source_made), &mut keeper).await;
        assert_eq!((tally.settled() == 1, people.present == 1), (survives, survives));
    }
}

async fn handed<T: Send + 'static>(
    work: impl Future<Output = Result<T, LedgerError>>,
    keeper: &mut Keeper,
) -> T {
    let (done, ()) = tokio::join!(work, async {
        keeper.job().await;
        keeper.commit();
    });
    done.unwrap()
}

#[tokio::test]
async fn rows_without_an_outcome_are_open_whatever_carried_them() {
    let (desk, source) = peopled().await;
    let run = run_of(&desk, "second", vec![sourced(2, "A", 2, &[]), sourced(3, "Z", 1, &[])]).await;
    let session = desk.ledger.intend_session(run, source, at(1)).await.unwrap();
    let kind = UploadKind::Users;
    desk.ledger.intend_upload(run, session, kind, vec![2, 3], 2, 90, at(1)).await.unwrap();
    let desk = desk.reopened();
    assert_eq!(open_lines(&desk, run).await, [2, 3]);
    load(&desk, run, source, 2..3).await;
    assert_eq!(open_lines(&desk, run).await, [3]);
    assert_eq!(desk.ledger.tally(run).await.unwrap().open(), 1);
}
