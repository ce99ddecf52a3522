//! What became of a person whom a session carried. Okta gives no result per person (API.md §10.2): the System Log tells
//! most of it, the user itself the rest, and what neither tells is said to be open.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::compare::{FoundUser, differences};
use crate::flow::Trouble;
use crate::outcome::Outcome;

/// What the System Log says of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogFinding {
    /// The session created the user.
    Created,
    /// It changed the user, or took over one that was there.
    Updated,
    /// It deactivated the user.
    Deactivated,
    /// It did none of these, for this reason.
    Refused(String),
}

/// What a look at the user of this login showed.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// There is none.
    Nobody,
    /// There is one, last changed at that time.
    User(Box<FoundUser>, Option<Timestamp>),
}

/// A row that was sent, as far as its verdict depends on it.
#[derive(Clone, Copy, Debug)]
pub struct SentRow<'a> {
    /// What the user must have if the row was taken, by the org's names of attributes.
    pub profile: &'a Map<String, Value>,
    /// When the first session that carried it was begun, by the org's clock, cut to a second as dates of users are.
    pub since: Timestamp,
}

/// The verdict on one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceVerdict {
    /// The outcome.
    pub outcome: Outcome,
    /// Why, where it is no good one.
    pub trouble: Option<Trouble>,
}

/// Neither the log nor the user tells what became of a row.
pub const NOT_TOLD: &str = "not_told";
/// Okta's reason for a person whom it refused.
pub const REFUSED: &str = "import_refused";

impl SourceVerdict {
    fn good(outcome: Outcome) -> Self {
        Self { outcome, trouble: None }
    }

    /// The outcome is open, for this reason.
    pub fn not_told(why: impl Into<String>) -> Self {
        let trouble = Trouble { code: NOT_TOLD.to_owned(), text: why.into() };
        Self { outcome: Outcome::Failed, trouble: Some(trouble) }
    }

    fn refused(reason: &str) -> Self {
        let trouble = Trouble { code: REFUSED.to_owned(), text: reason.to_owned() };
        Self { outcome: Outcome::Rejected, trouble: Some(trouble) }
    }

    /// What the log alone says, where it says anything.
    pub fn of_log(finding: &LogFinding) -> Self {
        match finding {
            LogFinding::Created => Self::good(Outcome::Created),
            LogFinding::Updated | LogFinding::Deactivated => Self::good(Outcome::Updated),
            LogFinding::Refused(reason) => Self::refused(reason),
        }
    }
}

/// Dates of users have no part of a second (API.md §1), and those of sessions may.
pub fn to_the_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// Of a person who was to be created or updated, and whom the log does not name.
pub fn after_upsert(row: SentRow<'_>, seen: &Seen) -> SourceVerdict {
    let Seen::User(user, updated) = seen else {
        return SourceVerdict::not_told(
            "the session is processed and the org has no user of this login; its System Log gives no reason",
        );
    };
    let begun = to_the_second(row.since);
    let differing = differences(row.profile, &user.profile);
    let equal = differing.is_empty();
    if equal && user.created.is_some_and(|created| created >= begun) {
        return SourceVerdict::good(Outcome::Created);
    }
    if equal && updated.is_some_and(|updated| updated >= begun) {
        return SourceVerdict::good(Outcome::Updated);
    }
    if equal {
        return SourceVerdict::good(Outcome::Unchanged);
    }
    let names: Vec<&str> = differing.keys().map(String::as_str).collect();
    SourceVerdict::not_told(format!(
        "the session is processed, and the user of this login has another {}; the System Log gives no reason",
        names.join(", ")
    ))
}

/// Of a person who was to be deactivated, and whom the log does not name. `at_source` is whether the identity source
/// has the person still, `since` when the session that carried the deletion was begun.
pub fn after_deletion(at_source: Option<bool>, seen: Option<&Seen>, since: Timestamp) -> SourceVerdict {
    let deactivated = |user: &FoundUser| user.status == "DEPROVISIONED";
    let begun = to_the_second(since);
    match (at_source, seen) {
        (_, Some(Seen::User(user, Some(updated)))) if deactivated(user) && *updated >= begun => {
            SourceVerdict::good(Outcome::Updated)
        }
        (_, Some(Seen::User(user, _))) if deactivated(user) => SourceVerdict::good(Outcome::Unchanged),
        (Some(false), _) | (None, Some(Seen::Nobody)) => SourceVerdict::good(Outcome::Unchanged),
        (Some(true), _) => {
            SourceVerdict::not_told("the session is processed, and the identity source has the person still")
        }
        (None, _) => SourceVerdict::not_told(
            "the session is processed; neither the System Log nor the user tells what it did",
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn profile(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    fn user(created: i64, updated: i64, title: &str) -> Seen {
        let found = FoundUser {
            created: Some(at(created)),
            profile: profile(&json!({"login": "a@b.co", "title": title})),
            ..FoundUser::default()
        };
        Seen::User(Box::new(found), Some(at(updated)))
    }

    #[test]
    fn a_user_tells_by_its_times_what_was_done() {
        let sent = profile(&json!({"login": "A@b.co", "title": "Clerk"}));
        let row = SentRow { profile: &sent, since: at(100) };
        assert_eq!(after_upsert(row, &user(101, 101, "Clerk")).outcome, Outcome::Created);
        assert_eq!(after_upsert(row, &user(9, 101, "Clerk")).outcome, Outcome::Updated);
        assert_eq!(after_upsert(row, &user(9, 50, "Clerk")).outcome, Outcome::Unchanged);
    }

    #[test]
    fn what_nobody_tells_is_failed_with_that_reason() {
        let sent = profile(&json!({"login": "a@b.co", "title": "Clerk"}));
        let row = SentRow { profile: &sent, since: at(100) };
        for seen in [Seen::Nobody, user(9, 50, "Boss"), user(101, 101, "Boss")] {
            let verdict = after_upsert(row, &seen);
            assert_eq!(
                (verdict.outcome, verdict.trouble.unwrap().code.as_str()),
                (Outcome::Failed, NOT_TOLD)
            );
        }
        assert_eq!(after_deletion(None, None, at(100)).outcome, Outcome::Failed);
        assert_eq!(after_deletion(Some(true), Some(&user(1, 1, "x")), at(100)).outcome, Outcome::Failed);
    }

    #[test]
    fn who_was_deactivated_since_then_is_told_from_who_was_before() {
        let deactivated = |updated| {
            let found = FoundUser { status: "DEPROVISIONED".to_owned(), ..FoundUser::default() };
            Seen::User(Box::new(found), Some(at(updated)))
        };
        let outcome = |updated| after_deletion(Some(false), Some(&deactivated(updated)), at(100)).outcome;
        assert_eq!((outcome(101), outcome(50)), (Outcome::Updated, Outcome::Unchanged));
        assert_eq!(after_deletion(Some(false), Some(&Seen::Nobody), at(100)).outcome, Outcome::Unchanged);
    }

    #[test]
    fn the_logs_reason_is_okta_s() {
        let verdict = SourceVerdict::of_log(&LogFinding::Refused("login: taken".to_owned()));
        assert_eq!(
            (verdict.outcome, verdict.trouble.unwrap().text.as_str()),
            (Outcome::Rejected, "login: taken")
        );
    }
}
