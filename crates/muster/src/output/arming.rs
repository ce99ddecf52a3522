//! The arming that follows an import by sessions, in words.

use muster_engine::report::Summary;

use super::{Page, Typed, grouped};

/// How far the people are armed, where that was to follow.
pub fn describe_arming(text: &mut Page, summary: &Summary, typed: &Typed) {
    let Some(arming) = summary.arming.as_ref().filter(|arming| arming.people > 0) else { return };
    text.line(format_args!(
        "Armed     {} of {} people, for the password-import hook",
        grouped(arming.armed),
        grouped(arming.people)
    ));
    for (why, people) in &arming.not_needed_because {
        text.line(format_args!("  {:<10} {:>10}  {why}", "not armed", grouped(*people)));
    }
    if arming.gone > 0 {
        text.line(format_args!("  {:<10} {:>10}  deactivated or deleted", "gone", grouped(arming.gone)));
    }
    for (why, people) in &arming.refused_because {
        text.line(format_args!("  {:<10} {:>10}  {why}", "refused", grouped(*people)));
    }
    let resume = typed.resume(&summary.run);
    if arming.open > 0 {
        text.line(format_args!("  {:<10} {:>10}  → {resume}", "open", grouped(arming.open)));
    } else if arming.refused > 0 {
        text.line(format_args!("  {:<10} {:>10}  → {resume} asks again for who was refused", "", ""));
    }
}
