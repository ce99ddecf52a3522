//! `muster activate`.

use muster_core::programme::Throttle;
use muster_engine::programme::Contact;
use muster_engine::wave::{LinksFile, Order, Task, Waves};
use muster_ledger::Crowd;
use muster_okta::needs;
use serde_json::json;

use super::programme::{Opened, wave_lock};
use super::run::confirmed;
use crate::args::{ActivateArgs, ProgrammeRunsArgs};
use crate::error::{End, Problem};
use crate::output::{Console, describe_hours, describe_waves, grouped, same_again};
use crate::settings::Settings;

/// Activates staged people in waves.
pub async fn activate(settings: &Settings, args: ActivateArgs, console: Console) -> Result<End, Problem> {
    let waves = &args.waves;
    if !waves.dry_run && !settings.yes() && !console.can_ask() {
        return Err(Problem::wrong_usage(
            "there is no terminal to confirm the activations on; look at them with --dry-run, then say --yes",
        ));
    }
    let runs = ProgrammeRunsArgs { run: args.run.clone(), all_runs: false };
    let opened = Opened::of(settings, &runs).await?;
    let contact = opened.contact(settings, needs::activate(), &settings.pacing(&args.pacing)?)?;
    let crowds = opened.crowds(&contact, &waves.group).await?;
    let (mut people, throttle) = (0, Throttle::new(waves.per_hour));
    for crowd in &crowds {
        people += opened.ledger.count_staged(crowd.clone()).await?;
    }
    let people = waves.limit.map_or(people, |limit| limit.min(people));
    if waves.dry_run {
        let hour = opened.programme.in_the_last_hour(&Task::ActivationByMail).await?;
        let hours = throttle.hours(people, hour);
        let document =
            json!({ "dry_run": true, "people": people, "per_hour": waves.per_hour, "hours": hours });
        console.result(&document, &describe_hours(&hours, "people would be activated"));
        return Ok(End::Fine);
    }
    if people > 0 && !is_wanted(settings, &args, people, console).await {
        return Err(Problem::could_not_run("nobody was activated, as you wish"));
    }
    let _lock = wave_lock(settings)?;
    let done = carry_out(&opened, &contact, crowds, &args, console).await?;
    end(&opened, done, console).await
}

async fn is_wanted(settings: &Settings, args: &ActivateArgs, people: u64, console: Console) -> bool {
    let how = if args.links.is_some() { "without mail" } else { "by mail" };
    let question = format!(
        "Activate {} people {how}, at most {} an hour?",
        grouped(people),
        grouped(args.waves.per_hour)
    );
    settings.yes() || confirmed(question, console).await
}

async fn carry_out(
    opened: &Opened,
    contact: &Contact,
    crowds: Vec<Crowd>,
    args: &ActivateArgs,
    console: Console,
) -> Result<Waves, Problem> {
    let mut all = Waves::default();
    for crowd in crowds {
        let task = match &args.links {
            Some(path) => Task::ActivationByLink(LinksFile::open(path)?),
            None => Task::ActivationByMail,
        };
        let limit = args.waves.limit.map(|limit| limit.saturating_sub(all.done));
        let order = Order { task, crowd, throttle: Throttle::new(args.waves.per_hour), limit };
        let tell = |waves: &Waves| console.note(&describe_waves(waves, "activated"));
        let one = opened.programme.carry_out(contact, &order, tell).await?;
        let stopped = one.stopped.is_some();
        all.add(one);
        if stopped {
            break;
        }
    }
    Ok(all)
}

async fn end(opened: &Opened, waves: Waves, console: Console) -> Result<End, Problem> {
    let left = opened.ledger.count_staged(opened.programme.crowd()).await?;
    let run = opened.runs.first().map(|run| run.id.clone()).unwrap_or_default();
    let document = json!({
        "run": run, "activated": waves.done, "not_needed": waves.not_needed, "gone": waves.gone,
        "cannot": waves.refusals(), "cannot_because": waves.refused, "staged": left,
    });
    let text =
        format!("Run {run}: {}; {} are staged still", describe_waves(&waves, "activated"), grouped(left));
    console.result(&document, &text);
    match waves.stopped {
        Some(reason) => Err(Problem::stopped(format!(
            "{reason}. What was sent is in the books. `{}` goes on; nobody gets two mails.",
            same_again()
        ))),
        None if waves.refusals() > 0 => Ok(End::Attention),
        None => Ok(End::Fine),
    }
}
