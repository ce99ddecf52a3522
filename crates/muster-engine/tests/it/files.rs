//! What a run leaves behind.

use std::collections::BTreeMap;
use std::path::Path;

use muster_emulator::Emulator;
use muster_engine::PlanSettings;
use serde_json::Value;

use crate::desk::{Desk, RUN};
use crate::meddling::Line;
use crate::org::{add_group, add_user, grow_old, settings};

const PEOPLE: &str = "\
email,firstName,lastName,title,groups,shoeSize
kim@example.com,Kim,Park,Clerk,Staff,38
<script>alert(1)</script>,Eve,Hacker,Clerk,Staff,39
lee@example.com,=Lee(),Park,,,40
nobody@example.com,,Body,Clerk,,41
Kim@Example.com,Kim,Park,Clerk,,42
old@example.com,Old,Hand,Clerk,Staff,43
lost@example.com,Lost,Soul,Clerk,No such group,44
";

/// Two created, one skipped, four invalid.
async fn finished() -> Desk {
    let org = Emulator::open(settings()).unwrap();
    add_group(&org, "Staff").await;
    let old = serde_json::json!({"login": "old@example.com", "email": "old@example.com", "firstName": "Old", "lastName": "Fox"});
    add_user(&org, &old).await;
    grow_old().await;
    let desk = Desk::plan(&org, PEOPLE.as_bytes(), PlanSettings::default()).await;
    assert_eq!(desk.carry_out(Line::clean(&desk.org)).await.stopped, None);
    desk
}

fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

#[tokio::test(start_paused = true)]
async fn the_results_have_one_line_per_row() {
    let desk = finished().await;
    let (files, _) = desk.report().await;
    let header = std::fs::read_to_string(files.results()).unwrap();
    assert!(header.starts_with(
        "line,login,external_id,okta_id,outcome,okta_status,credential,groups_requested,groups_joined,group_outcome,error_code,error,attempts,finished_at\n"
    ));
    let rows = table(&files.results());
    let outcomes: Vec<&str> = rows.iter().map(|row| row["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["created", "invalid", "created", "invalid", "invalid", "skipped", "invalid"]);
    let lines: Vec<&str> = rows.iter().map(|row| row["line"].as_str()).collect();
    assert_eq!(lines, ["2", "3", "4", "5", "6", "7", "8"]);
    assert_eq!((rows[0]["group_outcome"].as_str(), rows[0]["okta_status"].as_str()), ("joined", "STAGED"));
    assert!(rows[0]["okta_id"].starts_with("00u") && rows[1]["okta_id"].is_empty());
    assert_eq!(
        (rows[4]["error_code"].as_str(), rows[6]["error_code"].as_str()),
        ("duplicate_login", "missing_group")
    );
}

#[tokio::test(start_paused = true)]
async fn the_rejects_are_the_bad_rows_with_their_own_columns() {
    let desk = finished().await;
    let (files, _) = desk.report().await;
    let header = std::fs::read_to_string(files.rejects()).unwrap();
    assert!(
        header.starts_with(
            "email,firstName,lastName,title,groups,shoeSize,_line,_outcome,_code,_reason,_hint\n"
        )
    );
    let rows = table(&files.rejects());
    let told: Vec<(&str, &str, &str)> = rows
        .iter()
        .map(|row| (row["_line"].as_str(), row["_outcome"].as_str(), row["shoeSize"].as_str()))
        .collect();
    let expected = ["3", "5", "6", "8"].into_iter().zip(["39", "41", "42", "44"]);
    assert_eq!(told, expected.map(|(line, shoe)| (line, "invalid", shoe)).collect::<Vec<_>>());
    assert!(
        rows.iter()
            .all(|row| !row["_code"].is_empty() && !row["_reason"].is_empty() && !row["_hint"].is_empty())
    );
    assert_eq!(rows[0]["email"], "<script>alert(1)</script>");
}

/// Corrected, the rejects are a source: what a spreadsheet guard put in front is the only change.
#[tokio::test(start_paused = true)]
async fn no_cell_is_a_formula() {
    let desk = finished().await;
    let (files, _) = desk.report().await;
    for path in [files.results(), files.rejects()] {
        for row in table(&path) {
            let formula = row.values().find(|cell| cell.starts_with(['=', '+', '-', '@']));
            assert_eq!(formula, None, "{}", path.display());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_summary_has_the_numbers() {
    let desk = finished().await;
    let (files, _) = desk.report().await;
    let summary: Value = serde_json::from_slice(&std::fs::read(files.summary()).unwrap()).unwrap();
    for field in ["started_at", "finished_at", "seconds", "requests", "muster_version"] {
        assert!(!summary[field].is_null(), "{field}: {summary}");
    }
    assert_eq!(summary["run"], RUN);
    assert_eq!(
        (&summary["rows"], &summary["balanced"], &summary["complete"]),
        (&7.into(), &true.into(), &true.into())
    );
    assert_eq!(summary["source"]["rows"], 7);
    assert_eq!(summary["source"]["sha256"], desk.source.survey().sha256.as_str());
    assert!(summary["source"]["path"].as_str().unwrap().ends_with("people.csv"));
    let outcomes = serde_json::json!({"created": 2, "adopted": 0, "updated": 0, "unchanged": 0, "skipped": 1, "invalid": 4, "rejected": 0, "failed": 0});
    assert_eq!(summary["outcomes"], outcomes);
    assert_eq!(summary["groups"], serde_json::json!({"none": 5, "joined": 2, "partial": 0, "failed": 0}));
    let budget = summary["budget"].as_object().unwrap();
    for field in
        ["limit_per_window", "share", "spent_ratio", "quota_429", "concurrency_429", "peak_in_flight"]
    {
        assert!(budget.contains_key(field), "{field}: {summary}");
    }
    assert_eq!(summary["budget"]["share"], 0.9);
}

#[tokio::test(start_paused = true)]
async fn the_report_shows_the_numbers_and_runs_nothing() {
    let desk = finished().await;
    let (files, _) = desk.report().await;
    let page = std::fs::read_to_string(files.report()).unwrap();
    assert!(!page.contains("<script"), "a login became markup");
    assert!(page.contains("&lt;script&gt;"), "the login is shown");
    assert!(
        page.contains(RUN) && page.contains("Every one of 7 rows is accounted for; 4 need repair"),
        "{page}"
    );
    for word in ["duplicate_login", "missing_group", "created: 2", "invalid: 4", "skipped: 1"] {
        assert!(page.contains(word), "{word}");
    }
    assert!(!page.contains("can't be drawn"));
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn only_its_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let desk = finished().await;
    let (files, _) = desk.report().await;
    for path in [files.results(), files.rejects(), files.summary(), files.report()] {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
    }
}

/// Before its end, the files say so and show no outcome that is none.
#[tokio::test(start_paused = true)]
async fn the_files_of_a_run_that_stopped_say_that_it_did() {
    let org = Emulator::open(settings()).unwrap();
    grow_old().await;
    let desk = Desk::plan(&org, crate::desk::plain_people(5).as_bytes(), PlanSettings::default()).await;
    let (files, summary) = desk.report().await;
    assert!(!summary.balanced && !summary.complete);
    assert!(std::fs::read_to_string(files.report()).unwrap().contains("Not at its end"));
    let rows = table(&files.results());
    assert_eq!(rows.len(), 5);
    assert!(rows.iter().all(|row| row["outcome"].is_empty()));
    assert!(table(&files.rejects()).is_empty());
}
