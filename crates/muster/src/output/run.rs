//! Runs in words.

use muster_core::outcome::{GroupOutcome, Outcome};
use muster_engine::report::{RunFiles, Summary};
use muster_ledger::RunRecord;

use super::arming::describe_arming;
use super::sourcing::describe_sessions;
use super::{Page, Typed, grouped, lasting};

/// The numbers of a run on a screen.
pub fn describe_summary(summary: &Summary, files: &RunFiles, typed: &Typed) -> String {
    let mut text = Page::default();
    text.line(format_args!(
        "Run       {} · {} → {}",
        summary.run,
        summary.source.path,
        summary.org.trim_end_matches('/')
    ));
    outcomes(&mut text, summary, typed);
    memberships(&mut text, summary);
    if let Some(sourcing) = &summary.sourcing {
        describe_sessions(&mut text, summary, sourcing);
    }
    if summary.origin_unclear > 0 {
        text.line(format_args!(
            "Unclear   {} users may be ours or someone else's (origin_unclear in results.csv)",
            grouped(summary.origin_unclear)
        ));
    }
    describe_arming(&mut text, summary, typed);
    text.line(format_args!("{}", verdict(summary)));
    text.line(format_args!("{}", effort(summary)));
    text.line(format_args!("Files     {}", files.folder().display()));
    if summary.complete {
        next_step(&mut text, summary, files, typed);
    }
    if summary.missing().failed > 0 {
        text.line(format_args!(
            "Next      missing.csv says who could not be deactivated and why; the next import with --deactivate-missing tries again"
        ));
    }
    text.into_text()
}

fn outcomes(text: &mut Page, summary: &Summary, typed: &Typed) {
    let tally = summary.tally();
    text.line(format_args!("Rows      {}", grouped(summary.rows)));
    for outcome in Outcome::ALL.into_iter().filter(|outcome| tally.of(*outcome) > 0) {
        let next =
            if outcome.needs_attention() { format!("  → {}", outcome.whose_move()) } else { String::new() };
        text.line(format_args!("  {:<10} {:>10}{next}", outcome.as_str(), grouped(tally.of(outcome))));
    }
    if tally.open() > 0 {
        text.line(format_args!(
            "  {:<10} {:>10}  → {}",
            "open",
            grouped(tally.open()),
            typed.resume(&summary.run)
        ));
    }
}

fn memberships(text: &mut Page, summary: &Summary) {
    let tally = summary.tally();
    let wanting = GroupOutcome::ALL.into_iter().filter(|outcome| *outcome != GroupOutcome::None);
    let counts = wanting.filter_map(|outcome| {
        let rows = tally.groups.get(&outcome).filter(|rows| **rows > 0)?;
        Some(format!("{outcome} {}", grouped(*rows)))
    });
    let counts: Vec<String> = counts.collect();
    if !counts.is_empty() {
        text.line(format_args!("Groups    {}", counts.join(", ")));
    }
}

/// What to type for what is left over.
fn next_step(text: &mut Page, summary: &Summary, files: &RunFiles, typed: &Typed) {
    let tally = summary.tally();
    if tally.of(Outcome::Invalid) + tally.of(Outcome::Rejected) > 0 {
        text.line(format_args!(
            "Next      correct rejects.csv, then: {}",
            typed.retry_file(&summary.run, &files.rejects())
        ));
    }
    if tally.of(Outcome::Failed) + tally.groups_needing_attention() > 0 {
        text.line(format_args!("Next      {}", typed.retry(&summary.run)));
    }
}

fn verdict(summary: &Summary) -> String {
    let balanced =
        if summary.balanced { "balanced: every row has exactly one outcome" } else { "NOT balanced" };
    if summary.complete {
        format!("Complete  {balanced}")
    } else {
        format!("Complete  not yet: {}", what_is_open(summary))
    }
}

fn what_is_open(summary: &Summary) -> &'static str {
    match summary.tally().open() {
        0 if summary.missing().open > 0 => "people who are in no row any more are not deactivated",
        0 => "the rows are through, and the run is not at its end",
        _ => "rows are open",
    }
}

fn effort(summary: &Summary) -> String {
    let requests: u64 = summary.requests.values().sum();
    let invalid = summary.outcomes.get(&Outcome::Invalid).copied().unwrap_or_default();
    let sent = summary.tally().settled().saturating_sub(invalid);
    #[expect(clippy::cast_precision_loss, reason = "a number for people")]
    let rate = if sent > 0 && summary.seconds > 0.0 {
        format!(", {:.0} rows/s", sent as f64 / summary.seconds)
    } else {
        String::new()
    };
    let pressed = summary.budget.quota_429 + summary.budget.concurrency_429;
    format!(
        "Took      {}, {} requests{rate}, {} answered 429",
        lasting(summary.seconds),
        grouped(requests),
        grouped(pressed)
    )
}

/// All runs on a screen.
pub fn describe_runs(runs: &[RunRecord]) -> String {
    if runs.is_empty() {
        return "No run yet. `muster import SOURCE` makes one.".to_owned();
    }
    let mut text = Page::default();
    text.line(format_args!(
        "{:<16} {:<9} {:>10}  {:<20}  {}",
        "RUN", "STAGE", "ROWS", "BEGUN", "SOURCE → ORG"
    ));
    for run in runs {
        let begun = run.created_at.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let org = run.org.trim_end_matches('/');
        text.line(format_args!(
            "{:<16} {:<9} {:>10}  {begun:<20}  {} → {org}",
            run.id,
            run.stage,
            grouped(run.rows),
            run.source
        ));
    }
    text.into_text()
}
