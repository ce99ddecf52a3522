use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Map, json};

use super::*;
use crate::candidate::{Afterwards, Credential};
use crate::login::Login;

const LOGIN: &str = "kim@example.com";

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn candidate() -> Candidate {
    Candidate {
        line: Line(2),
        login: Login::parse(LOGIN).unwrap(),
        external_id: None,
        profile: profile(LOGIN),
        credential: Credential::None,
        stored: None,
        recovery: None,
        activate: false,
        change_password: false,
        other_status: false,
        afterwards: None,
        groups: BTreeSet::new(),
        realm_id: None,
        type_id: None,
    }
}

fn profile(login: &str) -> Map<String, Value> {
    json!({"login": login, "firstName": "Kim"}).as_object().unwrap().clone()
}

fn groups(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("00g{number}")).collect()
}

fn flow(count: usize, on_conflict: OnConflict, start: Start) -> RowFlow {
    RowFlow::new(candidate(), groups(count), on_conflict, start)
}

fn user(created: &str, first_name: &str) -> Answer {
    let mut profile = profile(LOGIN);
    profile.insert("firstName".to_owned(), json!(first_name));
    let found = FoundUser {
        id: "00u1".to_owned(),
        status: "STAGED".to_owned(),
        created: created.parse().ok(),
        profile,
        ..FoundUser::default()
    };
    Answer::User(Box::new(found))
}

fn ours() -> Answer {
    user("2026-11-21T10:00:00Z", "Kim")
}

fn refusal(status: u16, code: &str, cause: &str) -> Refusal {
    Refusal {
        status,
        code: code.to_owned(),
        summary: "Api validation failed: login".to_owned(),
        causes: vec![cause.to_owned()],
    }
}

fn exists() -> Answer {
    Answer::Refused(refusal(
        400,
        "E0000001",
        "login: An object with this field already exists in the current organization",
    ))
}

fn not_found() -> Answer {
    Answer::NotFound(refusal(404, "E0000007", "Not found"))
}

/// Plays answers until the row is finished; each must answer the call that is named.
fn play(flow: &mut RowFlow, script: Vec<(&str, Answer)>) -> Option<RowResult> {
    let mut last = None;
    for (expected, answer) in script {
        assert!(last.is_none(), "the row is finished and {expected} was expected");
        let call = flow.call().map(|call| format!("{call:?}")).unwrap_or_default();
        assert!(call.starts_with(expected), "{expected} was expected, the row wants {call}");
        flow.sending();
        if let Progress::Finished(result) = flow.answered(answer, now(), true, 0.5) {
            last = Some(result);
        }
    }
    last
}

fn end(mut flow: RowFlow, script: Vec<(&str, Answer)>) -> RowResult {
    play(&mut flow, script).expect("a finished row")
}

#[test]
fn a_plain_create_is_one_call() {
    let result = end(flow(3, OnConflict::Skip, Start::Fresh), vec![("Create", ours())]);
    assert_eq!((result.outcome, result.groups_joined, result.attempts), (Outcome::Created, 3, 1));
    assert_eq!(result.group_outcome(), GroupOutcome::Joined);
}

#[test]
fn groups_above_twenty_are_joined_one_by_one() {
    let script = vec![
        ("Create", ours()),
        ("Join { group: \"00g20\"", Answer::Done),
        ("Join { group: \"00g21\"", Answer::Done),
    ];
    let result = end(flow(22, OnConflict::Skip, Start::Fresh), script);
    assert_eq!((result.groups_requested, result.groups_joined), (22, 22));
}

#[test]
fn a_lost_answer_is_read_back_and_adopted() {
    let script =
        vec![("Create", Answer::Doubtful("reset".to_owned())), ("Read", ours()), ("Join", Answer::Done)];
    let adopted = end(flow(1, OnConflict::Skip, Start::Fresh), script);
    assert_eq!(
        (adopted.outcome, adopted.groups_joined),
        (Outcome::Adopted, 1),
        "nobody told whether it is in the group"
    );
    let script = vec![
        ("Create", Answer::Doubtful("reset".to_owned())),
        ("Read", not_found()),
        ("Create", exists()),
        ("Read", ours()),
    ];
    assert_eq!(end(flow(0, OnConflict::Skip, Start::Fresh), script).outcome, Outcome::Adopted);
    assert_eq!(
        end(flow(0, OnConflict::Skip, Start::InDoubt(now())), vec![("Read", ours())]).outcome,
        Outcome::Adopted
    );
}

#[test]
fn a_lost_request_is_sent_again() {
    let script =
        vec![("Create", Answer::Doubtful("time-out".to_owned())), ("Read", not_found()), ("Create", ours())];
    let result = end(flow(0, OnConflict::Skip, Start::Fresh), script);
    assert_eq!((result.outcome, result.attempts), (Outcome::Created, 2));
}

#[test]
fn a_stranger_is_never_adopted() {
    let old = || user("2026-11-20T10:00:00Z", "Kim");
    let script = vec![("Create", Answer::Doubtful("reset".to_owned())), ("Read", old())];
    assert_eq!(end(flow(0, OnConflict::Skip, Start::Fresh), script).outcome, Outcome::Unchanged);
    let script = vec![("Create", exists()), ("Read", user("2026-11-21T10:00:00Z", "Kim"))];
    assert_eq!(
        end(flow(0, OnConflict::Skip, Start::Fresh), script).outcome,
        Outcome::Unchanged,
        "there was no doubt"
    );
}

#[test]
fn who_exists_is_treated_by_the_policy_and_joins_the_groups() {
    let other = || user("2020-01-01T00:00:00Z", "Kimberly");
    let skip = end(
        flow(1, OnConflict::Skip, Start::Fresh),
        vec![("Create", exists()), ("Read", other()), ("Join", Answer::Done)],
    );
    assert_eq!(
        (skip.outcome, skip.groups_joined, skip.okta_id.as_deref()),
        (Outcome::Skipped, 1, Some("00u1"))
    );
    let update = vec![
        ("Create", exists()),
        ("Read", other()),
        ("Update { id: \"00u1\", changes: {\"firstName\"", ours()),
    ];
    assert_eq!(end(flow(0, OnConflict::Update, Start::Fresh), update).outcome, Outcome::Updated);
    let fail = end(flow(1, OnConflict::Fail, Start::Fresh), vec![("Create", exists()), ("Read", other())]);
    assert_eq!((fail.outcome, fail.group_outcome()), (Outcome::Rejected, GroupOutcome::None));
}

#[test]
fn a_short_name_of_somebody_else_is_not_our_login() {
    let mut stranger = FoundUser {
        id: "00u9".to_owned(),
        status: "ACTIVE".to_owned(),
        profile: profile("kim"),
        ..FoundUser::default()
    };
    stranger.profile.insert("login".to_owned(), json!("kim@elsewhere.com"));
    let script = vec![("Read", Answer::User(Box::new(stranger))), ("Create", ours())];
    assert_eq!(end(flow(0, OnConflict::Skip, Start::InDoubt(now())), script).outcome, Outcome::Created);
}

#[test]
fn a_missed_group_is_visible() {
    let refused = Answer::Refused(refusal(403, "E0000006", "no"));
    let script = vec![("Create", exists()), ("Read", ours()), ("Join", refused), ("Join", Answer::Done)];
    let result = end(flow(2, OnConflict::Skip, Start::Fresh), script);
    assert_eq!((result.outcome, result.group_outcome()), (Outcome::Unchanged, GroupOutcome::Partial));
    assert!(result.trouble.unwrap().text.starts_with("group 00g0: "));
}

#[test]
fn a_fresh_id_that_is_not_found_is_tried_again() {
    let mut flow = flow(21, OnConflict::Skip, Start::Fresh);
    play(&mut flow, vec![("Create", ours()), ("Join", not_found()), ("Join", not_found())]);
    assert_eq!(play(&mut flow, vec![("Join", Answer::Done)]).unwrap().groups_joined, 21);
}

#[test]
fn refusals_are_final_and_told_whole() {
    let mut refused = refusal(400, "E0000001", "password: Password requirements were not met.");
    refused.causes.push("email: Does not match required pattern".to_owned());
    let result = end(flow(1, OnConflict::Skip, Start::Fresh), vec![("Create", Answer::Refused(refused))]);
    assert_eq!((result.outcome, result.group_outcome()), (Outcome::Rejected, GroupOutcome::None));
    let text = result.trouble.unwrap().text;
    assert!(text.contains("requirements were not met") && text.contains("required pattern"), "{text}");
}

#[test]
fn an_attribute_that_okta_denies_gets_one_more_try() {
    let denied = || Answer::Refused(refusal(400, "E0000001", "Property name 'x' is not defined in profile"));
    let twice =
        end(flow(0, OnConflict::Skip, Start::Fresh), vec![("Create", denied()), ("Create", denied())]);
    assert_eq!(twice.outcome, Outcome::Rejected);
    assert_eq!(
        end(flow(0, OnConflict::Skip, Start::Fresh), vec![("Create", denied()), ("Create", ours())]).outcome,
        Outcome::Created
    );
}

#[test]
fn an_outage_does_not_cost_a_row_its_tries() {
    let mut flow = flow(0, OnConflict::Skip, Start::Fresh);
    for _ in 0..100 {
        flow.sending();
        let progress = flow.answered(Answer::NotSent("refused".to_owned()), now(), false, 0.5);
        assert!(matches!(progress, Progress::Again(wait) if wait <= Duration::from_secs(30)));
    }
    assert_eq!(play(&mut flow, vec![("Create", ours())]).unwrap().outcome, Outcome::Created);
}

#[test]
fn a_row_that_never_gets_through_is_given_up() {
    let mut flow = flow(0, OnConflict::Skip, Start::Fresh);
    for _ in 0..MOST_TRIES {
        assert!(play(&mut flow, vec![("Create", Answer::NotSent("refused".to_owned()))]).is_none());
    }
    assert_eq!(
        play(&mut flow, vec![("Create", Answer::NotSent("refused".to_owned()))]).unwrap().outcome,
        Outcome::Failed
    );
}

#[test]
fn a_suspended_person_is_suspended_after_the_create() {
    let suspended = Candidate { afterwards: Some(Afterwards::Suspend), ..candidate() };
    let flow = RowFlow::new(suspended.clone(), Vec::new(), OnConflict::Skip, Start::Fresh);
    let result = end(flow, vec![("Create", ours()), ("Suspend", Answer::Done)]);
    assert_eq!(result.okta_status.as_deref(), Some("SUSPENDED"));
    let there = RowFlow::new(suspended, Vec::new(), OnConflict::Skip, Start::Fresh);
    let result = end(there, vec![("Create", exists()), ("Read", user("2020-01-01T00:00:00Z", "Kim"))]);
    assert_eq!(result.outcome, Outcome::Unchanged, "who was there keeps the status");
}

#[test]
fn a_status_that_is_refused_is_looked_up_by_id() {
    let suspended = Candidate { afterwards: Some(Afterwards::Suspend), ..candidate() };
    let told = |status: &str| {
        let flow = RowFlow::new(suspended.clone(), Vec::new(), OnConflict::Skip, Start::Fresh);
        let Answer::User(mut found) = ours() else { unreachable!() };
        status.clone_into(&mut found.status);
        let no = Refusal {
            status: 400,
            code: "E0000001".to_owned(),
            summary: "no".to_owned(),
            causes: Vec::new(),
        };
        let doubt = Answer::Doubtful("lost".to_owned());
        let answers = [
            ("Create", ours()),
            ("Suspend", doubt),
            ("Suspend", Answer::Refused(no)),
            ("Look { user: \"00u1\"", Answer::User(found)),
        ];
        let result = end(flow, answers.into());
        (result.okta_status.unwrap(), result.trouble.map(|trouble| trouble.code))
    };
    assert_eq!(told("SUSPENDED"), ("SUSPENDED".to_owned(), None), "the lost answer was a good one");
    assert_eq!(told("ACTIVE"), ("ACTIVE".to_owned(), Some("E0000001".to_owned())));
}

#[test]
fn a_settled_user_goes_on_with_its_memberships() {
    let settled =
        SettledUser { outcome: Outcome::Created, id: "00u1".to_owned(), status: "ACTIVE".to_owned() };
    let result = end(
        flow(21, OnConflict::Skip, Start::Finishing(settled)),
        vec![("Join { group: \"00g20\"", Answer::Done)],
    );
    assert_eq!((result.outcome, result.groups_joined), (Outcome::Created, 21));
}

/// A user who has everything, and one thing that was not sent.
fn odd() -> Answer {
    let Answer::User(mut found) = ours() else { unreachable!() };
    found.profile.insert("title".to_owned(), json!("Clerk"));
    Answer::User(found)
}

#[test]
fn an_unclear_user_is_not_adopted_and_says_so() {
    let start = || Start::InDoubt(now());
    for policy in [OnConflict::Skip, OnConflict::Update] {
        let missed = Answer::Refused(refusal(403, "E0000006", "no"));
        let script = vec![("Read", odd()), ("Join", Answer::Done), ("Join", missed)];
        let result = end(flow(2, policy, start()), script);
        assert_eq!((result.outcome, result.group_outcome()), (Outcome::Unchanged, GroupOutcome::Partial));
        let trouble = result.trouble.unwrap();
        assert_eq!(trouble.code, ORIGIN_UNCLEAR);
        for word in ["00u1", "title", "System Log", "group 00g1"] {
            assert!(trouble.text.contains(word), "{}", trouble.text);
        }
    }
    let refused = end(flow(0, OnConflict::Fail, start()), vec![("Read", odd())]);
    assert_eq!(refused.outcome, Outcome::Rejected);
    assert_eq!(refused.trouble.unwrap().code, ORIGIN_UNCLEAR);
}

#[test]
fn who_came_after_an_earlier_process_is_a_stranger() {
    let late = || user("2026-11-21T10:02:00Z", "Kim");
    let last = |text: &str| text.parse().ok();
    let end_after = |moment| {
        let flow = flow(0, OnConflict::Skip, Start::InDoubt(now())).among(Arc::default(), moment);
        end(flow, vec![("Read", late())]).outcome
    };
    assert_eq!(end_after(last("2026-11-21T10:01:30Z")), Outcome::Unchanged);
    assert_eq!(end_after(last("2026-11-21T10:02:30Z")), Outcome::Adopted);
    assert_eq!(end_after(None), Outcome::Adopted);
}

#[test]
fn a_create_that_waited_for_a_token_first_is_ours_still() {
    let four_minutes_later = || user("2026-11-21T10:04:00Z", "Kim");
    for (took, outcome) in [(300, Outcome::Adopted), (60, Outcome::Unchanged)] {
        let mut flow = flow(0, OnConflict::Skip, Start::Fresh);
        flow.sending();
        flow.took(Duration::from_secs(took));
        flow.answered(Answer::Doubtful("reset".to_owned()), now(), true, 0.0);
        let Progress::Finished(result) = flow.answered(four_minutes_later(), now(), true, 0.0) else {
            panic!("{flow:?}")
        };
        assert_eq!(result.outcome, outcome, "{took} s");
    }
}
