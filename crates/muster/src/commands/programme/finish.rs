//! `muster programme finish`

use muster_core::programme::{PersonState, Throttle};
use muster_engine::Clock;
use muster_engine::programme::{Contact, HookEnd, OrgHook, Programme};
use muster_engine::wave::{Order, Task, Waves};
use muster_ledger::{Crowd, PersonKind, PersonTally, RunStage};
use muster_okta::needs;
use serde::Serialize;
use serde_json::json;

use super::super::arming::is_left;
use super::super::run::confirmed;
use super::opened::{Opened, halted, wave_lock};
use crate::args::ProgrammeFinishArgs;
use crate::error::{End, Problem};
use crate::output::{Console, Page, describe_hours, describe_waves, grouped, same_again};
use crate::settings::Settings;

const WHAT: &str = "reset by mail";

/// Resets whoever has not come over, and ends the hook.
pub async fn finish(
    settings: &Settings,
    args: ProgrammeFinishArgs,
    console: Console,
) -> Result<End, Problem> {
    let opened = Opened::of(settings, &args.runs).await?;
    let contact = opened.contact(settings, needs::programme_finish(), &settings.pacing(&args.pacing)?)?;
    let finishing = Finishing { settings, args: &args, opened: &opened, contact: &contact, console };
    finishing.run().await
}

struct Finishing<'a> {
    settings: &'a Settings,
    args: &'a ProgrammeFinishArgs,
    opened: &'a Opened,
    contact: &'a Contact,
    console: Console,
}

/// What became of the people and of the hook, in the end.
#[derive(Serialize)]
struct FinishReport {
    runs: Vec<String>,
    people: u64,
    waiting: u64,
    come_over: u64,
    reset: u64,
    gone: u64,
    cannot: u64,
    cannot_because: std::collections::BTreeMap<String, u64>,
    balanced: bool,
    complete: bool,
    mails_now: u64,
    hook: &'static str,
}

impl Finishing<'_> {
    async fn run(&self) -> Result<End, Problem> {
        let waves = &self.args.waves;
        if !waves.dry_run && !self.settings.yes() && !self.console.can_ask() {
            return Err(Problem::wrong_usage(
                "there is no terminal to confirm the mails on; look at them with --dry-run, then say --yes",
            ));
        }
        self.opened.programme.sync(self.contact).await.map_err(halted)?;
        let programme = &self.opened.programme;
        programme.look_at_gone(self.contact, &programme.crowd()).await.map_err(halted)?;
        let crowds = self.opened.crowds(self.contact, &waves.group).await?;
        let throttle = Throttle::new(waves.per_hour);
        let people = self.candidates(&crowds).await?;
        if waves.dry_run {
            return self.dry_run(&people, throttle).await;
        }
        let all: u64 = people.iter().map(|(_, people)| people).sum();
        if all > 0 && !self.is_wanted(all).await {
            return Err(Problem::could_not_run("nobody was mailed, as you wish"));
        }
        let _lock = wave_lock(self.settings)?;
        let mut done = Waves::default();
        for crowd in crowds {
            let limit = waves.limit.map(|limit| limit.saturating_sub(done.done));
            let order = Order { task: Task::Reset, crowd, throttle, limit };
            let tell = |waves: &Waves| self.console.note(&describe_waves(waves, WHAT));
            let one = self.opened.programme.carry_out(self.contact, &order, tell).await?;
            done.done += one.done;
            done.stopped = done.stopped.or(one.stopped);
            if done.stopped.is_some() {
                break;
            }
        }
        self.end(done).await
    }

    /// Who may have to be mailed, by group.
    async fn candidates(&self, crowds: &[Crowd]) -> Result<Vec<(String, u64)>, Problem> {
        let mut people = Vec::with_capacity(crowds.len());
        for (at, crowd) in crowds.iter().enumerate() {
            let tally = self.opened.ledger.person_tally(crowd.clone(), PersonKind::Hook).await?;
            let name = self.args.waves.group.get(at).cloned().unwrap_or_default();
            people.push((name, tally.open() + tally.of(PersonState::Cannot)));
        }
        Ok(people)
    }

    async fn is_wanted(&self, people: u64) -> bool {
        let question = format!(
            "Reset the passwords of up to {} people by mail, at most {} an hour?",
            grouped(self.args.waves.limit.map_or(people, |limit| limit.min(people))),
            grouped(self.args.waves.per_hour)
        );
        self.settings.yes() || confirmed(question, self.console).await
    }

    /// How many mails there would be at most: who turns out to have come over gets none.
    async fn dry_run(&self, people: &[(String, u64)], throttle: Throttle) -> Result<End, Problem> {
        let all: u64 = people.iter().map(|(_, people)| people).sum();
        let all = self.args.waves.limit.map_or(all, |limit| limit.min(all));
        let hour = self.opened.programme.in_the_last_hour(&Task::Reset).await?;
        let hours = throttle.hours(all, hour);
        let mut text = Page::default();
        text.line(format_args!("{}", describe_hours(&hours, "people would be reset by mail").trim_end()));
        for (name, people) in people.iter().filter(|(name, _)| !name.is_empty()) {
            text.line(format_args!("  {name}: {}", grouped(*people)));
        }
        let groups: serde_json::Map<String, serde_json::Value> = people
            .iter()
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, people)| (name.clone(), json!(people)))
            .collect();
        let document = json!({ "dry_run": true, "mails": all, "per_hour": self.args.waves.per_hour, "hours": hours, "groups": groups });
        self.console.result(&document, &text.into_text());
        Ok(End::Fine)
    }

    async fn end(&self, waves: Waves) -> Result<End, Problem> {
        let crowd = self.opened.programme.crowd();
        let tally = self.opened.ledger.person_tally(crowd.clone(), PersonKind::Hook).await?;
        let again = same_again();
        let (hook, words) = if tally.open() == 0 && waves.stopped.is_none() && self.ends_all() {
            self.end_hook().await?
        } else {
            ("left", String::new())
        };
        let report = FinishReport {
            runs: self.opened.runs.iter().map(|run| run.id.clone()).collect(),
            people: tally.people(),
            waiting: tally.open(),
            come_over: tally.of(PersonState::ComeOver),
            reset: tally.of(PersonState::Reset),
            gone: tally.of(PersonState::Gone),
            cannot: tally.of(PersonState::Cannot),
            cannot_because: self.opened.ledger.hindrances(crowd).await?,
            balanced: is_balanced(&tally),
            complete: tally.open() == 0,
            mails_now: waves.done,
            hook,
        };
        self.console.result(&report, &describe(&report, &words));
        match waves.stopped {
            Some(reason) => Err(Problem::stopped(format!(
                "{reason}. What was sent is in the books. `{again}` goes on; nobody gets two mails."
            ))),
            None if report.cannot > 0 || hook == "not_ours" => Ok(End::Attention),
            None => Ok(End::Fine),
        }
    }

    /// A part of the people is not all of them.
    fn ends_all(&self) -> bool {
        let waves = &self.args.waves;
        waves.group.is_empty() && waves.limit.is_none() && !self.args.keep_hook
    }

    /// The hook ends when nobody of any run into this org needs it.
    async fn end_hook(&self) -> Result<(&'static str, String), Problem> {
        let runs = self.opened.everybody().await?;
        if let Some(open) = runs.iter().find(|run| run.stage == RunStage::Open) {
            return Ok(("needed", format!("The hook stays: run {} has open rows.", open.id)));
        }
        for run in &runs {
            if is_left(&self.opened.ledger, run).await? {
                return Ok(("needed", format!("The hook stays: run {} has people to arm.", run.id)));
            }
        }
        let all = Programme::new(self.opened.ledger.clone(), runs, Clock::OfTheMachine);
        all.enrol().await?;
        let others = self.opened.ledger.person_tally(all.crowd(), PersonKind::Hook).await?.open();
        if others > 0 {
            let words = format!(
                "The hook stays: {} people of other runs wait for it (muster programme finish --all-runs).",
                grouped(others)
            );
            return Ok(("needed", words));
        }
        let end = self.opened.programme.end_hook(self.contact, self.args.hook.as_deref()).await;
        Ok(match end.map_err(halted)? {
            HookEnd::Ended(OrgHook { id, name }) => {
                ("ended", format!("The hook {name} ({id}) is deactivated and deleted."))
            }
            HookEnd::NotThere => ("none", "The org has no password-import hook.".to_owned()),
            HookEnd::NotOurs(hooks) => ("not_ours", not_ours(&hooks)),
        })
    }
}

fn not_ours(hooks: &[OrgHook]) -> String {
    let names: Vec<String> = hooks.iter().map(|hook| format!("{} ({})", hook.name, hook.id)).collect();
    format!(
        "The org's password-import hook is not known to be ours and was left alone: {}. To end it: muster programme finish --hook ID",
        names.join(", ")
    )
}

fn is_balanced(tally: &PersonTally) -> bool {
    let of = |state| tally.of(state);
    let ends =
        of(PersonState::ComeOver) + of(PersonState::Reset) + of(PersonState::Gone) + of(PersonState::Cannot);
    tally.people() == tally.open() + ends
}

fn describe(report: &FinishReport, hook: &str) -> String {
    let mut text = Page::default();
    text.line(format_args!(
        "{} people armed = {} come over + {} reset + {} gone + {} cannot + {} waiting",
        grouped(report.people),
        grouped(report.come_over),
        grouped(report.reset),
        grouped(report.gone),
        grouped(report.cannot),
        grouped(report.waiting)
    ));
    for (why, people) in &report.cannot_because {
        text.line(format_args!("  {} cannot be reset: {why}", grouped(*people)));
    }
    if report.complete {
        text.line(format_args!("Nobody is left who waits for the hook."));
    }
    if !hook.is_empty() {
        text.line(format_args!("{hook}"));
    }
    text.into_text()
}
