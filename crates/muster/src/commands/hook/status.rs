//! `muster hook status`: which password hook the org has, and what it did in the last hour.

use jiff::{SignedDuration, Timestamp};
use muster_okta::{Okta, needs};
use serde::Serialize;

use super::books::Books;
use super::ours::{ToldHook, Whose, whose};
use super::removal::{hooks_of, trouble};
use crate::args::HookRegisterArgs;
use crate::commands::connect::connect_to;
use crate::error::{End, Problem};
use crate::output::{Console, Page, grouped};
use crate::settings::Settings;

/// Pages of the System Log that are read at most; there are 1000 events on one.
const MOST_PAGES: usize = 20;

#[derive(Serialize)]
struct Status {
    hooks: Vec<ToldHook>,
    last_hour: Option<LastHour>,
    /// Why nothing is known of the last hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    no_log: Option<String>,
}

/// Imported passwords in the System Log.
#[derive(Debug, Default, Serialize)]
struct LastHour {
    success: u64,
    failure: u64,
    /// Whether there are more that were not read.
    at_least: bool,
}

/// The command.
pub async fn status(settings: &Settings, console: Console) -> Result<End, Problem> {
    let okta = connect_to(settings, settings.org()?, needs::hook_status())?;
    let books = Books::open(settings, okta.base()).await?;
    let name = HookRegisterArgs::standard_name();
    let hooks = hooks_of(&okta, "okta.inlineHooks.read").await?;
    let told = hooks
        .iter()
        .map(|hook| ToldHook::of(hook, whose(hook, books.registered(), name, None) == Whose::Ours));
    let (last_hour, no_log) = match last_hour(&okta).await {
        Ok(hour) => (Some(hour), None),
        Err(problem) => (None, Some(problem.text)),
    };
    let status = Status { hooks: told.collect(), last_hour, no_log };
    console.result(&status, &described(&status));
    Ok(End::Fine)
}

async fn last_hour(okta: &Okta) -> Result<LastHour, Problem> {
    let since = Timestamp::now().saturating_sub(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MIN);
    let (mut hour, mut page) = (LastHour::default(), None::<String>);
    for _ in 0..MOST_PAGES {
        let read = okta.password_imports(since, page.as_deref()).await;
        let events =
            read.result.map_err(|error| trouble(okta, &error, "read the System Log", "okta.logs.read"))?;
        for event in &events {
            if event.succeeded() { hour.success += 1 } else { hour.failure += 1 }
        }
        page = read.next;
        if events.is_empty() || page.is_none() {
            return Ok(hour);
        }
    }
    Ok(LastHour { at_least: true, ..hour })
}

fn described(status: &Status) -> String {
    let mut text = Page::default();
    if status.hooks.is_empty() {
        text.line(format_args!(
            "The org has no password hook. `muster hook register --url https://...` makes one."
        ));
    }
    for hook in &status.hooks {
        let whose = if hook.ours { "ours" } else { "not known to be ours" };
        text.line(format_args!("{:<12} {:?} ({}), {whose}", hook.status, hook.name, hook.id));
        let lines = [
            ("calls", hook.uri.as_deref()),
            ("auth", Some(hook.auth.as_str())),
            ("created", hook.created.as_deref()),
            ("changed", hook.last_updated.as_deref()),
        ];
        for (word, value) in lines {
            text.line(format_args!("  {word:<10} {}", value.unwrap_or("not told")));
        }
    }
    match (&status.last_hour, &status.no_log) {
        (Some(hour), _) => text.line(format_args!(
            "Last hour: {}{} passwords imported, {} not (System Log, user.import.password)",
            if hour.at_least { "at least " } else { "" },
            grouped(hour.success),
            grouped(hour.failure)
        )),
        (None, why) => text.line(format_args!(
            "Last hour: not known; {}",
            why.as_deref().unwrap_or_default().replace('\n', "\n  ")
        )),
    }
    text.into_text()
}
