//! A retry in words.

use muster_engine::RetryPlan;

use super::{Page, grouped};

/// What a retry would do, on a screen.
pub fn describe_retry(run: &str, plan: &RetryPlan) -> String {
    let mut text = Page::default();
    text.line(format_args!("Retry     run {run}: {} rows to send", grouped(plan.to_send())));
    let parts = [
        (plan.failed, "failed"),
        (plan.memberships, "miss groups"),
        (plan.corrected, "corrected"),
        (plan.unchanged, "sent again as they were: nothing in them was corrected"),
        (plan.open, "open already"),
    ];
    for (rows, what) in parts.into_iter().filter(|(rows, _)| *rows > 0) {
        text.line(format_args!("          {} {what}", grouped(rows)));
    }
    if plan.mails > 0 {
        text.line(format_args!("          {} activation mails", grouped(plan.mails)));
    }
    columns(&mut text, plan);
    named(&mut text, "Faulty", plan.still_faulty, "are faulty still and stay invalid", &plan.faults);
    named(&mut text, "Left", plan.left_alone, "need no correction and are left alone", &plan.left);
    text.into_text()
}

fn columns(text: &mut Page, plan: &RetryPlan) {
    if !plan.missing_columns.is_empty() {
        text.line(format_args!("Columns   missing, taken for empty: {}", plan.missing_columns.join(", ")));
    }
    if !plan.new_columns.is_empty() {
        text.line(format_args!("Columns   new, NOT imported: {}", plan.new_columns.join(", ")));
    }
}

fn named(text: &mut Page, head: &str, rows: u64, what: &str, examples: &[String]) {
    if rows == 0 {
        return;
    }
    text.line(format_args!("{head:<9} {} {what}", grouped(rows)));
    for example in examples {
        text.line(format_args!("          {example}"));
    }
    let rest = rows.saturating_sub(examples.len() as u64);
    if rest > 0 {
        text.line(format_args!("          and {} more", grouped(rest)));
    }
}
