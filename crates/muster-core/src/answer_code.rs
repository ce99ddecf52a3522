//! Codes of rows that were sent and came to nothing, and what to do about each. Those of rows that were never sent are
//! in [`crate::fault`].

use crate::outcome::Outcome;

/// Code and hint: Okta's own codes that rows meet most, and ours for what Okta has no code for.
pub const HINTS: [(&str, &str); 8] = [
    ("E0000001", "correct what Okta names, here or in the org's schema and policies"),
    ("E0000007", "something that the row refers to is not in the org"),
    ("E0000038", "the user who is there is in a status that allows no change"),
    ("login_exists", "use --on-conflict skip or update if the user who is there is this person"),
    ("origin_unclear", "look the user up in the System Log: if it is ours, nothing is left to do"),
    (
        "import_refused",
        "correct what the System Log names: the row, or the mappings and the import settings of the app in the org",
    ),
    (
        "upload_refused",
        "no request with this row in it was taken: correct what Okta names, here or in the attributes of the identity source",
    ),
    (
        "not_told",
        "look the user up, and the import in the System Log; `muster retry` sends the row again, which does no harm: nobody is made twice",
    ),
];

/// Codes of rows that nobody knows the end of: their hint holds although they failed.
const OPEN_ENDS: [&str; 1] = ["not_told"];

/// What to do about a row that ended so. Whatever a failed row's code is, it may work later.
pub fn hint(outcome: Option<Outcome>, code: &str) -> Option<&'static str> {
    if outcome == Some(Outcome::Failed) && !OPEN_ENDS.contains(&code) {
        return Some("nothing is wrong with the row: `muster retry` sends it again");
    }
    HINTS.into_iter().find(|(known, _)| *known == code).map(|(_, hint)| hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sourcing::{LogFinding, SourceVerdict};

    #[test]
    fn what_an_import_by_sessions_says_has_a_hint() {
        for verdict in
            [SourceVerdict::not_told("why"), SourceVerdict::of_log(&LogFinding::Refused("why".to_owned()))]
        {
            let code = verdict.trouble.unwrap().code;
            let hint = hint(Some(verdict.outcome), &code).unwrap();
            assert!(hint.contains("System Log"), "{code}: {hint}");
        }
    }

    #[test]
    fn a_failed_row_is_sent_again_whatever_its_code() {
        assert!(hint(Some(Outcome::Failed), "E0000001").unwrap().contains("muster retry"));
        assert!(hint(Some(Outcome::Rejected), "E0000001").unwrap().contains("Okta names"));
        assert_eq!(hint(Some(Outcome::Rejected), "E0000999"), None);
    }
}
