//! An import by sessions in words.

use muster_core::outcome::Outcome;
use muster_core::sourcing::{MOST_USERS, Operation, Settle, Sourcing};
use muster_engine::Plan;
use muster_engine::report::{SourcingSummary, Summary};

use super::{Page, grouped, lasting};

/// Columns named one by one.
const NAMED: usize = 12;

/// What a plan by sessions says beside what every plan says.
pub fn describe_sourcing(text: &mut Page, plan: &Plan, sourcing: &Sourcing) {
    let what = match sourcing.operation {
        Operation::CreateUpdate => "create and update",
        Operation::Deactivate => "deactivate, and take off the source",
    };
    text.line(format_args!("Way       import sessions of the identity source {}: {what}", sourcing.source));
    for left in sourcing.attributes.left_out.iter().take(NAMED) {
        text.line(format_args!("          NOT sent: {}: {}", left.column, left.reason));
    }
    if !sourcing.attributes.as_text.is_empty() {
        let names = sourcing.attributes.as_text.join(", ");
        text.line(format_args!("          as text, since an identity source takes nothing else: {names}"));
    }
    let counts = &sourcing.counts;
    text.line(format_args!(
        "Rows      {} to send, {} unchanged since the last import, {} invalid",
        grouped(plan.counts.to_send),
        grouped(counts.unchanged),
        grouped(plan.invalid())
    ));
    if let Some(limit) = plan.limit {
        text.line(format_args!("          only the first {} rows were taken (--limit)", grouped(limit)));
    }
    missing(text, sourcing);
    text.line(format_args!(
        "Sessions  {} of at most {} people, {} requests",
        grouped(counts.sessions),
        grouped(MOST_USERS as u64),
        grouped(counts.uploads)
    ));
    text.line(format_args!("          {}", outcomes(sourcing)));
    time(text, plan, sourcing);
    if sourcing.then_hook {
        text.line(format_args!(
            "Then      everybody is armed for the password-import inline hook, a look and a request each"
        ));
        let with_passwords = if plan.wishes.arm_existing {
            "who has a password in Okta is armed, too: that password is forgotten"
        } else {
            "but those who have a password in Okta"
        };
        text.line(format_args!("          {with_passwords}"));
        text.line(format_args!(
            "          whoever the app's import settings leave STAGED can't sign in before they are activated (docs/which-way-in.md)"
        ));
    }
}

/// How many people Okta processes in a second, as its documents lead to expect (API.md §10).
const PROCESSED: f64 = 2_000.0 / 60.0;

fn time(text: &mut Page, plan: &Plan, sourcing: &Sourcing) {
    if plan.counts.to_send == 0 {
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "a number for people")]
    let (people, gap) = (plan.counts.to_send as f64, sourcing.gap_seconds as f64);
    text.line(format_args!(
        "Time      about {} if Okta processes 2,000 people a minute, as its documents lead to expect",
        lasting(people / PROCESSED)
    ));
    if sourcing.counts.sessions > 1 {
        text.line(format_args!(
            "          a session begins when the one before is through, or {} after that one began",
            lasting(gap)
        ));
    }
}

fn missing(text: &mut Page, sourcing: &Sourcing) {
    let counts = &sourcing.counts;
    if counts.missing == 0 {
        return;
    }
    let what = if sourcing.deactivate_missing { "deactivated" } else { "listed in missing.csv alone" };
    text.line(format_args!(
        "Missing   {} of {} people of the identity source are in no row; they are {what}",
        grouped(counts.missing),
        grouped(counts.known)
    ));
}

fn outcomes(sourcing: &Sourcing) -> &'static str {
    match sourcing.settle {
        Settle::Log => "outcomes are read in the System Log, and from the users for whom it says nothing",
        Settle::Read => "outcomes are read from the users, one request each unless they are new",
        Settle::None => "--settle none: no outcome is read, every row will be failed with that reason",
    }
}

/// What the summary of a run by sessions says beside what every summary says.
pub fn describe_sessions(text: &mut Page, summary: &Summary, sourcing: &SourcingSummary) {
    let (tally, of) = (summary.tally(), grouped(summary.rows));
    let done = match sourcing.operation {
        Operation::CreateUpdate => {
            format!("Imported  {} of {of} people", grouped(SourcingSummary::imported(&tally)))
        }
        Operation::Deactivate => {
            let (gone, before) = (tally.of(Outcome::Updated), tally.of(Outcome::Unchanged));
            let rest = if before > 0 { format!(", {} not there", grouped(before)) } else { String::new() };
            format!("Removed   {} of {of} people{rest}", grouped(gone))
        }
    };
    text.line(format_args!("{done}, identity source {}", sourcing.identity_source));
    let statuses: Vec<String> = sourcing
        .statuses()
        .into_iter()
        .map(|(status, sessions)| {
            format!("{} {}", grouped(sessions), status.to_lowercase().replace('_', " "))
        })
        .collect();
    if !statuses.is_empty() {
        text.line(format_args!(
            "Sessions  {}: {}, {} requests",
            grouped(sourcing.sessions.len() as u64),
            statuses.join(", "),
            grouped(sourcing.requests())
        ));
    }
    let missing: Vec<String> = sourcing
        .missing
        .words()
        .into_iter()
        .map(|(end, people)| format!("{} {end}", grouped(people)))
        .collect();
    if !missing.is_empty() {
        text.line(format_args!(
            "Missing   {} of {} people of the identity source are in no row: {} (missing.csv)",
            grouped(sourcing.missing.people()),
            grouped(sourcing.missing.known),
            missing.join(", ")
        ));
    }
}
