//! The programme in words.

use muster_core::hook_call::HookResult;
use muster_core::programme::{Forecast, NoForecast};
use muster_engine::programme::{AuditReport, GroupReport, ProgrammeReport, UntilReport};
use muster_engine::wave::Waves;

use super::{Page, grouped};

/// Days that are shown one by one.
const DAYS: usize = 14;
/// Hours of a dry run that are shown one by one.
const HOURS: usize = 24;
/// The longest bar.
const BAR: u64 = 40;

/// The numbers of a programme on a screen.
pub fn describe_programme(report: &ProgrammeReport) -> String {
    let mut text = Page::default();
    let (runs, org) = (report.runs.join(", "), report.org.trim_end_matches('/'));
    text.line(format_args!("Programme {runs} → {org}"));
    let read_to =
        report.log_read_to.map_or("never".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%SZ").to_string());
    text.line(format_args!("          System Log read to {read_to}"));
    people(&mut text, report);
    if report.hashes.people > 0 {
        text.line(format_args!(
            "Hashes    of {} with an imported hash, {} have signed in",
            grouped(report.hashes.people),
            grouped(report.hashes.signed_in)
        ));
    }
    burn_down(&mut text, report);
    groups(&mut text, &report.groups);
    if let Some(audit) = &report.audit {
        hook(&mut text, audit);
    }
    outlook(&mut text, report);
    if let Some(until) = &report.until {
        deadline(&mut text, until);
    }
    text.into_text()
}

fn people(text: &mut Page, report: &ProgrammeReport) {
    text.line(format_args!("People    {:>10}  armed for the hook", grouped(report.people)));
    let share = percent(report.come_over_percent);
    text.line(format_args!("  come over {:>8}  {share}", grouped(report.come_over)));
    let verified = if report.verified > 0 {
        format!("of these {} verified by the hook, not confirmed by Okta", grouped(report.verified))
    } else {
        String::new()
    };
    text.line(format_args!("  waiting   {:>8}  {verified}", grouped(report.waiting)));
    for (word, people, what) in [
        ("reset", report.reset, "got a mail for a new password"),
        ("gone", report.gone, "deactivated or deleted"),
        ("cannot", report.cannot, "can't be reset"),
    ] {
        if people > 0 {
            text.line(format_args!("  {word:<9} {:>8}  {what}", grouped(people)));
        }
    }
    for (why, people) in &report.cannot_because {
        text.line(format_args!("            {:>8}  cannot be reset: {why}", grouped(*people)));
    }
}

fn burn_down(text: &mut Page, report: &ProgrammeReport) {
    let shown = report.days.get(report.days.len().saturating_sub(DAYS)..).unwrap_or_default();
    let most = shown.iter().map(|day| day.come_over).max().unwrap_or_default().max(1);
    for (at, day) in shown.iter().enumerate() {
        let head = if at == 0 { "Days" } else { "" };
        let bar = "#".repeat(usize::try_from(day.come_over * BAR / most).unwrap_or_default());
        let line = format!(
            "{head:<9} {} {:>8} came, {:>8} left  {bar}",
            day.date,
            grouped(day.come_over),
            grouped(day.left)
        );
        text.line(format_args!("{}", line.trim_end()));
    }
    let last: u64 = report.hours.iter().map(|hour| hour.come_over).sum();
    let busiest = report.hours.iter().max_by_key(|hour| hour.come_over).filter(|hour| hour.come_over > 0);
    if let Some(busiest) = busiest {
        text.line(format_args!(
            "Hours     {} in the last 24 h, most at {} ({} in that hour)",
            grouped(last),
            busiest.at.strftime("%H:00Z"),
            grouped(busiest.come_over)
        ));
    }
}

fn groups(text: &mut Page, groups: &[GroupReport]) {
    for (at, group) in groups.iter().enumerate() {
        let head = if at == 0 { "Groups" } else { "" };
        text.line(format_args!(
            "{head:<9} {}: {} of {} came, {} wait, {} reset, {} gone, {} cannot (members of {})",
            group.name,
            grouped(group.come_over),
            grouped(group.people),
            grouped(group.waiting),
            grouped(group.reset),
            grouped(group.gone),
            grouped(group.cannot),
            group.taken_at.strftime("%Y-%m-%d %H:%MZ")
        ));
    }
}

fn hook(text: &mut Page, audit: &AuditReport) {
    let of = |result| grouped(audit.results.get(&result).copied().unwrap_or_default());
    text.line(format_args!(
        "Hook      {} calls: {} right, {} wrong, {} unknown, {} too many tries, {} unreadable, {} unavailable, {} overloaded",
        grouped(audit.calls),
        of(HookResult::Verified),
        of(HookResult::WrongPassword),
        of(HookResult::UnknownUser),
        of(HookResult::TooManyTries),
        of(HookResult::Unreadable),
        of(HookResult::Unavailable),
        of(HookResult::Overloaded)
    ));
    text.line(format_args!(
        "          half within {:.1} ms, 99 % within {:.1} ms, the longest {:.1} ms; Okta waits 3,000 ms",
        audit.p50_ms, audit.p99_ms, audit.longest_ms
    ));
    if audit.shadow > 0 {
        text.line(format_args!(
            "          {} of these in shadow mode: right ones were not stored",
            grouped(audit.shadow)
        ));
    }
    if audit.faulty_lines > 0 {
        text.line(format_args!("          {} lines could not be read", grouped(audit.faulty_lines)));
    }
}

fn outlook(text: &mut Page, report: &ProgrammeReport) {
    match (&report.forecast, report.no_forecast) {
        (Some(forecast), _) => text.line(format_args!("Outlook   {}", foreseen(forecast))),
        (None, Some(NoForecast::TooEarly)) => {
            text.line(format_args!("Outlook   too early to tell: it takes three whole days and ten people"));
        }
        (None, Some(NoForecast::NobodyComes)) => text.line(format_args!(
            "Outlook   nobody has come over of late; who is left will not: muster programme finish"
        )),
        (None, _) => {}
    }
}

fn foreseen(forecast: &Forecast) -> String {
    let pace = format!(
        "at the pace of the last {} days {} more will come over",
        forecast.days_used,
        grouped(forecast.will_come)
    );
    let last = forecast.last_on.map(|day| format!(", the last about {day}")).unwrap_or_default();
    let most = forecast.most_on.map(|day| format!("; 95 % of all by {day}")).unwrap_or_default();
    format!("{pace}{last}{most}; {} never will", grouped(forecast.never))
}

fn deadline(text: &mut Page, until: &UntilReport) {
    let expected = match (until.expected, until.expected_left) {
        (Some(more), Some(left)) => {
            format!(": about {} more by then, {} left to reset", grouped(more), grouped(left))
        }
        _ => String::new(),
    };
    let days = match until.days_left {
        0 => "today".to_owned(),
        1.. => format!("{} days left", until.days_left),
        _ => format!("{} days ago", until.days_left.unsigned_abs()),
    };
    text.line(format_args!("Until     {}, {days}{expected}", until.date));
}

/// A part in percent.
fn percent(part: f64) -> String {
    format!("{part:.1} %")
}

/// How many go out in which hour.
pub fn describe_hours(hours: &[u64], what: &str) -> String {
    let mut text = Page::default();
    let all: u64 = hours.iter().sum();
    let many = if hours.len() == 1 { "one hour".to_owned() } else { format!("{} hours", hours.len()) };
    text.line(format_args!("{} {what} in {many}:", grouped(all)));
    for (at, people) in hours.iter().enumerate().take(HOURS) {
        text.line(format_args!("  hour {:>3} {:>10}", at + 1, grouped(*people)));
    }
    if let Some(rest) = hours.get(HOURS..).filter(|rest| !rest.is_empty()) {
        text.line(format_args!("  and {} more hours with {}", rest.len(), grouped(rest.iter().sum())));
    }
    text.into_text()
}

/// What waves came to.
pub fn describe_waves(waves: &Waves, what: &str) -> String {
    let mut parts = vec![format!("{} {what}", grouped(waves.done))];
    if waves.not_needed > 0 {
        parts.push(format!("{} no longer needed it", grouped(waves.not_needed)));
    }
    if waves.gone > 0 {
        parts.push(format!("{} are gone", grouped(waves.gone)));
    }
    for (why, people) in &waves.refused {
        parts.push(format!("{} cannot be: {why}", grouped(*people)));
    }
    if let Some(at) = waves.next_at {
        parts.push(format!("the next wave goes at {}", at.strftime("%H:%M:%SZ")));
    }
    parts.join("; ")
}
