//! What follows an import by sessions: people are armed for the password-import hook, which no identity source takes.

use std::time::{Duration, Instant};

use muster_core::programme::Throttle;
use muster_engine::programme::{Contact, Programme};
use muster_engine::wave::{Order, Task, Waves};
use muster_engine::{Clock, Dice, EngineError, Gate, Halt, Pacing, Plan, StopReason};
use muster_ledger::{Ledger, RunLock, RunRecord, RunStage};
use muster_okta::Okta;

use super::connect::connect_for_sessions;
use super::run::make_folder;
use super::takeup::same_org;
use crate::error::Problem;
use crate::output::{Console, describe_waves, grouped};
use crate::settings::Settings;
use crate::signals;

/// Between two lines on how far it has come.
const BETWEEN: Duration = Duration::from_secs(10);

/// Whether people of the run are left who are to be armed.
pub async fn is_left(ledger: &Ledger, record: &RunRecord) -> Result<bool, Problem> {
    let armed_afterwards =
        || serde_json::from_str::<Plan>(&record.plan).is_ok_and(|plan| plan.arms_afterwards());
    if record.stage != RunStage::Complete || !armed_afterwards() {
        return Ok(false);
    }
    Ok(ledger.arming_counts(record.key).await?.open > 0)
}

/// Arms everybody of a complete run who was loaded and is not armed. Why it stopped before its end, if it did.
pub async fn arm(
    ledger: &Ledger,
    record: &RunRecord,
    existing: bool,
    (okta, pacing): (&Okta, &Pacing),
    console: Console,
) -> Result<Option<StopReason>, EngineError> {
    let people = ledger.arming_counts(record.key).await?.open;
    if people == 0 {
        return Ok(None);
    }
    let contact = Contact::new(okta.clone(), Gate::new(pacing, Dice::of_the_machine(), signals::stop_flag()));
    match contact.has_active_hook().await {
        Ok(shown) => warn_without_a_hook(shown, console),
        Err(Halt::Stopped(reason)) => return Ok(Some(reason)),
        Err(Halt::Failed(error)) => return Err(error),
    }
    console.note(&format!("Arming {} people for the password-import hook.", grouped(people)));
    let programme = Programme::new(ledger.clone(), vec![record.clone()], Clock::OfTheMachine);
    let order = Order {
        task: Task::Arming { existing },
        crowd: programme.crowd(),
        throttle: Throttle::NONE,
        limit: None,
    };
    let mut told = Instant::now();
    let tell = |waves: &Waves| {
        if told.elapsed() >= BETWEEN {
            told = Instant::now();
            console.note(&describe_waves(waves, "armed"));
        }
    };
    let waves = programme.carry_out(&contact, &order, tell).await?;
    console.note(&describe_waves(&waves, "armed"));
    Ok(waves.stopped)
}

/// Nobody is kept from arming by it: the hook is needed when people sign in.
fn warn_without_a_hook(shown: Result<bool, String>, console: Console) {
    match shown {
        Ok(true) => {}
        Ok(false) => console.note(
            "warning: the org has no active password-import hook. People who are armed can sign in only once it has \
             one: muster hook register --url https://...",
        ),
        Err(words) => console.note(&format!(
            "Whether the org has an active password-import hook is not shown ({words}); people who are armed can sign \
             in only while it has one."
        )),
    }
}

/// Goes on with a complete run whose people are not all armed, those with them who were refused. Why it stopped before
/// its end, if it did.
pub async fn go_on(
    settings: &Settings,
    ledger: &Ledger,
    record: &RunRecord,
    plan: &Plan,
    (pacing, console): (&Pacing, Console),
) -> Result<Option<StopReason>, Problem> {
    let okta = connect_for_sessions(settings, true)?;
    same_org(record, &okta)?;
    let folder = settings.run_folder(&record.id);
    make_folder(&folder)?;
    let _lock = RunLock::take(&folder, &record.id)?;
    ledger.reopen_refused_armings(record.key).await?;
    Ok(arm(ledger, record, plan.wishes.arm_existing, (&okta, pacing), console).await?)
}
