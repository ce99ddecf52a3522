//! Who has come over: by the System Log, by the hook's audit, by a look at the user.

use http::Method;
use muster_core::hook_call::{HookCall, HookResult, TRIAL};
use muster_core::programme::NoForecast;
use muster_engine::programme::ReportWish;
use serde_json::json;

use crate::meddling::Line;
use crate::office::{Office, login};
use crate::org::{add_group, call};

#[tokio::test(start_paused = true)]
async fn the_system_log_tells_who_has_come_over() {
    let office = Office::armed(6).await;
    office.come_over([1, 2]).await;
    assert!(!office.signs_in(3, "wrong").await);
    let (new, report) = office.status(ReportWish::default()).await;
    assert_eq!((new, report.people, report.come_over, report.waiting), (2, 6, 2, 4));
    assert!((33.2..33.4).contains(&report.come_over_percent), "{report:?}");
    assert_eq!(report.days.iter().map(|day| day.come_over).sum::<u64>(), 2);
    assert_eq!(report.days.last().unwrap().left, 4);
    assert_eq!(report.hours.iter().map(|hour| hour.come_over).sum::<u64>(), 2);
    assert_eq!(report.no_forecast, Some(NoForecast::TooEarly));
    office.come_over([3]).await;
    let (new, report) = office.status(ReportWish::default()).await;
    assert_eq!((new, report.come_over), (1, 3), "what was read before counts once");
    assert_eq!(office.status(ReportWish::default()).await.0, 0);
}

#[tokio::test(start_paused = true)]
async fn a_look_finds_what_no_log_has_told() {
    let office = Office::armed(5).await;
    office.come_over([0, 4]).await;
    office.lifecycle(1, "deactivate").await;
    office.lifecycle(2, "reset_password?sendEmail=true").await;
    assert_eq!(office.look().await, 2);
    let report = office.programme().await.report(ReportWish::default()).await.unwrap();
    assert_eq!((report.come_over, report.gone, report.reset, report.waiting), (2, 1, 1, 1));
    assert_eq!(office.status(ReportWish::default()).await.0, 0, "the log has nothing to add");
}

#[tokio::test(start_paused = true)]
async fn audit_files_tell_of_right_and_wrong_passwords() {
    let office = Office::armed(4).await;
    let report = office.status(ReportWish::default()).await.1;
    let call = |number: usize, result| HookCall {
        at: report.made_at,
        event_id: format!("e{number}"),
        user: login(number).to_uppercase(),
        result,
        backend: None,
        notation: None,
        micros: 1500,
        repeated: false,
        shadow: number == 3,
    };
    let calls = [
        call(0, HookResult::Verified),
        call(1, HookResult::WrongPassword),
        call(3, HookResult::Verified),
        call(77, HookResult::UnknownUser),
        // `muster hook test` asked this; nobody has tried to sign in.
        HookCall { event_id: format!("{TRIAL}1"), ..call(2, HookResult::Verified) },
    ];
    let lines: Vec<String> = calls.iter().map(|call| serde_json::to_string(call).unwrap()).collect();
    let path = office.desk.books.folder().join("audit.jsonl");
    std::fs::write(&path, format!("{}\n{{torn", lines.join("\n"))).unwrap();
    let programme = office.programme().await;
    let audits = programme.read_audits(std::slice::from_ref(&path)).await.unwrap();
    let report =
        programme.report(ReportWish { audits: Some(audits), ..ReportWish::default() }).await.unwrap();
    let audit = report.audit.unwrap();
    assert_eq!((audit.calls, audit.shadow, audit.faulty_lines), (4, 1, 1));
    assert_eq!(audit.results[&HookResult::UnknownUser], 1);
    assert!((1.4..1.7).contains(&audit.p99_ms), "{audit:?}");
    assert_eq!(
        (report.verified, report.waiting, report.come_over),
        (1, 4, 0),
        "not confirmed, and not in shadow"
    );
    let mut csv = Vec::new();
    assert_eq!(programme.write_stragglers(&programme.crowd(), &mut csv, "memory").await.unwrap(), 4);
    let csv = String::from_utf8(csv).unwrap();
    assert!(
        csv.starts_with("login,okta_id,external_id,groups,armed_at,last_wrong_password_at,state\n"),
        "{csv}"
    );
    let wrong = csv.lines().find(|line| line.starts_with("p1@example.com,")).unwrap();
    let straggler: Vec<&str> = wrong.split(',').collect();
    assert!(straggler[4].ends_with('Z') && straggler[5].ends_with('Z') && straggler[6] == "armed", "{wrong}");
    assert!(csv.lines().any(|line| line.starts_with("p0@example.com,") && line.ends_with(",verified")));
}

#[tokio::test(start_paused = true)]
async fn groups_are_counted_by_their_members() {
    let office = Office::armed(5).await;
    let group = add_group(&office.org, "Sales").await;
    for number in [0, 1, 2] {
        let id = office.user(number).await["id"].as_str().unwrap().to_owned();
        call(&office.org, Method::PUT, &format!("/api/v1/groups/{group}/users/{id}"), None).await;
    }
    office.come_over([0, 4]).await;
    office.status(ReportWish::default()).await;
    let (programme, contact) = (office.programme().await, office.contact(Line::clean(&office.org)));
    let groups = programme.watch(&contact, &["Sales".to_owned()], false).await.unwrap();
    let report = programme.report(ReportWish { groups, ..ReportWish::default() }).await.unwrap();
    let sales = &report.groups[0];
    assert_eq!((sales.people, sales.come_over, sales.waiting), (3, 1, 2));
    let missing = programme.watch(&contact, &["sales".to_owned()], false).await.unwrap_err();
    assert!(format!("{missing:?}").contains("Sales"), "{missing:?}");
}

#[tokio::test(start_paused = true)]
async fn the_report_goes_through_json() {
    let office = Office::armed(2).await;
    office.come_over([0]).await;
    let report = office.status(ReportWish::default()).await.1;
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!((&json["people"], &json["come_over"]), (&json!(2), &json!(1)));
    assert_eq!(serde_json::from_value::<muster_engine::programme::ProgrammeReport>(json).unwrap(), report);
}
