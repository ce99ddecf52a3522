//! `muster doctor`: one line per question, ok or what to do.

use jiff::Timestamp;
use muster_engine::OrgTrouble;
use muster_okta::{CallError, Exchange, Okta, needs};
use serde::Serialize;

use super::access::access;
use super::connect::connect_with;
use crate::error::{End, Problem};
use crate::output::{Console, Page};
use crate::settings::Settings;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Mark {
    Ok,
    Attention,
    Failed,
}

/// One line.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    #[serde(rename = "check")]
    name: &'static str,
    result: Mark,
    found: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    to_do: String,
}

/// Clocks further apart than this are said.
const SKEW_TOLD: f64 = 5.0;

/// Looks at everything that an import needs, with reads only.
pub async fn doctor(settings: &Settings, console: Console) -> Result<End, Problem> {
    let authorization = settings.authorization(needs::doctor())?;
    let okta = connect_with(&authorization, settings, settings.org()?)?;
    let mut checks = vec![Check::ok(
        "settings",
        format!("{} with an {}", okta.base().as_str().trim_end_matches('/'), authorization.kind()),
    )];
    let token = okta.token_report().await;
    let users = okta.list_users().await;
    let reachable = reach(&okta, &users, &mut checks);
    if let Some(Ok(report)) = token.filter(|_| reachable) {
        access(&report, &mut checks);
    }
    if reachable {
        clock(&users, &mut checks);
        checks.push(right("users", "okta.users.manage", &okta, users));
        rights(&okta, &mut checks).await;
        checks.push(Check {
            name: "writing",
            result: Mark::Attention,
            found: "not tried: doctor only reads".to_owned(),
            to_do: "a canary tells: muster import SOURCE --limit 1".to_owned(),
        });
    }
    let failed = checks.iter().any(|check| check.result == Mark::Failed);
    console.result(&checks, &described(&checks));
    Ok(if failed { End::CouldNotRun } else { End::Fine })
}

fn reach<T>(okta: &Okta, first: &Exchange<T>, checks: &mut Vec<Check>) -> bool {
    let address = okta.base().as_str().trim_end_matches('/');
    let secured = if okta.base().scheme() == "https" { "TLS accepted" } else { "plain http on this machine" };
    match &first.result {
        Err(error @ (CallError::Transport(_) | CallError::NotOkta { .. } | CallError::Malformed { .. })) => {
            checks.push(Check::failed(
                "reach",
                OrgTrouble::of(error, address, "list users", "okta.users.read").to_string(),
            ));
            return false;
        }
        Ok(_) | Err(CallError::Okta { .. } | CallError::NoToken { .. }) => {
            checks.push(Check::ok("reach", format!("answers, {secured}")));
        }
    }
    if let Err(error @ (CallError::Okta { status: 401, .. } | CallError::NoToken { .. })) = &first.result {
        checks.push(Check::failed(
            "token",
            OrgTrouble::of(error, address, "list users", "okta.users.read").to_string(),
        ));
        return false;
    }
    checks.push(Check::ok("token", "accepted".to_owned()));
    true
}

/// By the org's `Date`, which is cut to whole seconds.
fn clock<T>(exchange: &Exchange<T>, checks: &mut Vec<Check>) {
    let Some(date) = exchange.date else {
        checks.push(Check::attention(
            "clock",
            "the org gave no Date".to_owned(),
            "waits are guessed at a minute".to_owned(),
        ));
        return;
    };
    let ahead = Timestamp::now().duration_since(date).as_secs_f64() - 0.5;
    let found = format!(
        "this machine is {:.0} s {} the org",
        ahead.abs(),
        if ahead >= 0.0 { "ahead of" } else { "behind" }
    );
    if ahead.abs() < SKEW_TOLD {
        checks.push(Check::ok("clock", found));
    } else {
        let harmless = "Muster goes by the org's clock, so an import works; set this one right for TLS and for your logs".to_owned();
        checks.push(Check::attention("clock", found, harmless));
    }
}

async fn rights(okta: &Okta, checks: &mut Vec<Check>) {
    checks.push(right("groups", "okta.groups.manage", okta, okta.list_groups(None).await));
    let schema = okta.read_schema().await;
    let attributes = schema.result.as_ref().map(|schema| schema.attributes().count()).ok();
    let mut check = right("schema", "okta.schemas.read", okta, schema);
    if let Some(attributes) = attributes {
        check.found = format!("{attributes} attributes; {}", check.found);
    } else {
        check.result = Mark::Attention;
        check.to_do = String::from("without it, rows are checked against the base attributes only");
    }
    checks.push(check);
}

fn right<T>(check: &'static str, scope: &'static str, okta: &Okta, exchange: Exchange<T>) -> Check {
    let limits = exchange.reading.map_or_else(
        || "no rate headers".to_owned(),
        |reading| {
            format!(
                "limit {} per window for this token, {} left for {} s",
                reading.limit,
                reading.remaining,
                reading.resets_in.as_secs()
            )
        },
    );
    match exchange.result {
        Ok(_) => Check::ok(check, format!("may be read; {limits}")),
        Err(error) => Check::failed(
            check,
            OrgTrouble::of(&error, okta.base().as_str(), &format!("read {check}"), scope).to_string(),
        ),
    }
}

impl Check {
    /// How it came out.
    pub(super) fn mark(&self) -> Mark {
        self.result
    }

    pub(super) fn ok(check: &'static str, found: String) -> Self {
        Self { name: check, result: Mark::Ok, found, to_do: String::new() }
    }

    pub(super) fn attention(check: &'static str, found: String, to_do: String) -> Self {
        Self { name: check, result: Mark::Attention, found, to_do }
    }

    pub(super) fn failed(check: &'static str, text: String) -> Self {
        let (found, to_do) = text
            .split_once('\n')
            .map(|(found, to_do)| (found.to_owned(), to_do.to_owned()))
            .unwrap_or((text, String::new()));
        Self { name: check, result: Mark::Failed, found, to_do }
    }
}

pub(super) fn described(checks: &[Check]) -> String {
    let mut text = Page::default();
    for check in checks {
        let mark = match check.result {
            Mark::Ok => "ok  ",
            Mark::Attention => "note",
            Mark::Failed => "FAIL",
        };
        text.line(format_args!("{mark}  {:<9} {}", check.name, check.found));
        if !check.to_do.is_empty() {
            text.line(format_args!(
                "                → {}",
                check.to_do.replace('\n', "\n                  ")
            ));
        }
    }
    text.into_text()
}
