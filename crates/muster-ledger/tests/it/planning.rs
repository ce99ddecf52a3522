//! Rows as the plan enters them.

use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_ledger::{Ledger, PlannedRow, RowState};

use crate::desk::{Desk, at, faulty, new_run, row};

#[tokio::test]
async fn a_login_that_okta_takes_for_another_is_a_double() {
    let desk = Desk::new().await;
    let rows = vec![
        row(2, "isaac.brock@example.com"),
        row(3, "Isaac.Brock@example.com"),
        row(4, "isáàc.bröck@example.com"),
        row(5, "isaac.brook@example.com"),
        row(6, "isaac.brook@example.com"),
    ];
    desk.ledger.plan_rows(desk.run, rows, at(0)).await.unwrap();
    assert_eq!(desk.doubles().await, 3);
    let rows = desk.ledger.results(desk.run, Line(0), 10).await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.outcome, row.error_code.as_deref())).collect();
    let double = (Some(Outcome::Invalid), Some("duplicate_login"));
    assert_eq!(told, [(None, None), double, double, (None, None), double]);
    let words = |row: usize| rows[row].error.as_deref().unwrap();
    assert!(words(1).contains("line 2, which has it as isaac.brock@example.com;"), "{}", words(1));
    assert!(words(2).contains("isáàc.bröck@example.com is already the login of line 2, "), "{}", words(2));
    assert!(words(4).ends_with("isaac.brook@example.com is already the login of line 5"), "{}", words(4));
    assert_eq!((rows[4].credential.as_str(), rows[4].finished_at), ("", Some(at(9))));
}

/// Also when the two come in different calls, and not across runs.
#[tokio::test]
async fn a_double_is_one_of_an_earlier_good_row_of_the_same_run() {
    let desk = Desk::new().await;
    let enter = async |run, row| desk.ledger.plan_rows(run, vec![row], at(0)).await.unwrap();
    enter(desk.run, faulty(2, "kim@example.com")).await;
    enter(desk.run, row(3, "kim@example.com")).await;
    assert_eq!(desk.doubles().await, 0, "the first one was faulty");
    enter(desk.run, row(4, "KIM@example.com")).await;
    assert_eq!(desk.doubles().await, 1);
    assert_eq!(desk.doubles().await, 0, "told once");
    let second = desk.ledger.begin_run(new_run("r2")).await.unwrap();
    enter(second, row(2, "kim@example.com")).await;
    assert_eq!(desk.ledger.find_doubles(second, at(9)).await.unwrap(), []);
}

/// The planner takes off exactly what it had counted.
#[tokio::test]
async fn doubles_come_back_as_they_were_counted() {
    let desk = Desk::new().await;
    let counted = |line, credential, footprint| PlannedRow {
        credential,
        footprint,
        ..row(line, &format!("p{}@example.com", line % 2))
    };
    let kinds = [("none", 1), ("bcrypt", 2), ("bcrypt", 70_000), ("none", 4), ("bcrypt", 70_000), ("md5", 1)];
    let rows = (2..).zip(kinds).map(|(line, (credential, footprint))| counted(line, credential, footprint));
    desk.ledger.plan_rows(desk.run, rows.collect(), at(0)).await.unwrap();
    let doubles = desk.ledger.find_doubles(desk.run, at(9)).await.unwrap();
    let told: Vec<_> =
        doubles.iter().map(|kind| (kind.credential.as_str(), kind.footprint, kind.rows)).collect();
    assert_eq!(told, [("bcrypt", 70_000, 2), ("md5", 1, 1), ("none", 4, 1)]);
}

#[tokio::test]
async fn a_faulty_row_is_over_with_all_its_faults() {
    let desk = Desk::new().await;
    desk.ledger
        .plan_rows(desk.run, vec![faulty(2, "kim@example.com"), row(3, "lee@example.com")], at(4))
        .await
        .unwrap();
    desk.ledger.planned(desk.run, 2, String::new()).await.unwrap();
    let rows = desk.ledger.results(desk.run, Line(0), 10).await.unwrap();
    let row = rows.first().unwrap();
    assert_eq!((row.outcome, row.error_code.as_deref()), (Some(Outcome::Invalid), Some("bad_email")));
    assert_eq!(row.error.as_deref().unwrap().matches("is odd").count(), 2);
    assert_eq!((row.credential.as_str(), row.finished_at), ("", Some(at(4))));
    assert_eq!(desk.ledger.tally(desk.run).await.unwrap().of(Outcome::Invalid), 1);
}

#[tokio::test]
async fn open_rows_come_in_pages_in_the_order_of_the_source() {
    let desk = Desk::with_rows(25).await;
    for line in [2, 9, 26] {
        desk.finish(line, Outcome::Skipped).await;
    }
    desk.ledger.intend(desk.run, vec![Line(5)], at(1)).await.unwrap();
    let (mut lines, mut after, mut pages) = (Vec::new(), Line(0), Vec::new());
    loop {
        let page = desk.ledger.open_rows(desk.run, after, 10).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.line;
        pages.push(page.len());
        lines.extend(page.iter().map(|row| row.line.0));
        for row in page {
            let expected = if row.line == Line(5) { RowState::InFlight(at(1)) } else { RowState::Planned };
            assert_eq!(row.state, expected);
        }
    }
    assert_eq!(pages, [10, 10, 2]);
    assert_eq!(lines, (2..27).filter(|line| ![2, 9, 26].contains(line)).collect::<Vec<_>>());
}

/// A plan that is thrown away needs no file.
#[tokio::test]
async fn temporary_books_are_books() {
    let ledger = Ledger::temporary().unwrap();
    let run = ledger.begin_run(new_run("plan")).await.unwrap();
    let rows = vec![row(2, "kim@example.com"), row(3, "Kim@example.com")];
    ledger.plan_rows(run, rows, at(0)).await.unwrap();
    assert_eq!(ledger.find_doubles(run, at(0)).await.unwrap().len(), 1);
}
