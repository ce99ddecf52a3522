//! `report.html`: one page that stands alone, for those who would rather look than read.

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, context};
use muster_core::outcome::Outcome;
use muster_core::sourcing::Operation;
use muster_ledger::ErrorCount;

use super::Summary;
use super::number::grouped;
use super::rejects::hint;
use super::sourcing::{MissingSummary, SourcingSummary};

const TEMPLATE: &str = include_str!("report.html");

/// The page.
pub fn render(summary: &Summary, errors: &[ErrorCount]) -> String {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("grouped", grouped);
    let context = context! {
        summary => Serde(summary),
        bars => bars(summary),
        errors => errors.iter().map(error).collect::<Vec<_>>(),
        rate => rate(summary),
        imported => SourcingSummary::imported(&summary.tally()),
        deactivates => summary.sourcing.as_ref().is_some_and(|sourcing| sourcing.operation == Operation::Deactivate),
        missing => missing(summary.missing()),
        left_behind => summary.missing().failed,
    };
    let page = environment.render_str(TEMPLATE, context);
    page.unwrap_or_else(|error| {
        format!("<!doctype html><title>Muster</title><p>The report can't be drawn: {error}</p>")
    })
}

/// A bar per outcome that occurs, with its place in a drawing of 1,000 units.
fn bars(summary: &Summary) -> Vec<Value> {
    const WIDTH: f64 = 1000.0;
    let rows = summary.rows.max(1);
    let mut at = 0.0;
    let mut bars = Vec::new();
    for outcome in Outcome::ALL {
        let count = summary.outcomes.get(&outcome).copied().unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "a drawing")]
        let width = count as f64 / rows as f64 * WIDTH;
        bars.push(context! {
            name => outcome.as_str(), rows => count, at => at, width => width, colour => colour(outcome),
            percent => format!("{:.1}", width / 10.0), whose_move => outcome.whose_move(),
        });
        at += width;
    }
    bars
}

fn colour(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "#2e7d4f",
        Outcome::Adopted => "#5aa77a",
        Outcome::Updated => "#3b6ea8",
        Outcome::Unchanged => "#9db7d5",
        Outcome::Skipped => "#b9b9b9",
        Outcome::Invalid => "#d9a441",
        Outcome::Rejected => "#c4552d",
        Outcome::Failed => "#8c1d2f",
    }
}

fn error(error: &ErrorCount) -> Value {
    context! {
        outcome => error.outcome.map(Outcome::as_str),
        code => error.code.as_str(),
        rows => error.rows,
        line => error.first.0,
        example => error.example.as_str(),
        hint => hint(error.outcome, &error.code),
    }
}

/// A line per end of those who are in no row; none where there is nobody.
fn missing(missing: MissingSummary) -> Vec<Value> {
    missing.words().into_iter().map(|(end, people)| context! { end => end, people => people }).collect()
}

fn rate(summary: &Summary) -> String {
    let sent =
        summary.rows - summary.outcomes.get(&Outcome::Invalid).copied().unwrap_or_default().min(summary.rows);
    #[expect(clippy::cast_precision_loss, reason = "a number for people")]
    let sent = sent as f64;
    if summary.seconds > 0.0 { format!("{:.1}", sent / summary.seconds) } else { "–".to_owned() }
}
