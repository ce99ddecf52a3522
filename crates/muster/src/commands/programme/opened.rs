//! What the commands of the programme have in common: runs, books, org.

use std::path::Path;
use std::time::Duration;

use muster_engine::programme::{Contact, Programme};
use muster_engine::{Clock, Dice, Gate, Halt, Pacing, StopReason};
use muster_ledger::{Crowd, Ledger, LedgerError, RunLock, RunRecord, RunStage};
use muster_okta::ScopeNeed;

use super::super::connect::connect_to;
use super::super::run::{chosen_run, existing_ledger, make_folder};
use super::super::takeup::same_org;
use crate::args::{PacingArgs, ProgrammeRunsArgs};
use crate::error::Problem;
use crate::settings::{Settings, parse_org_url};
use crate::signals;

/// How long an org that does not answer is waited for while somebody looks at the screen.
const PATIENCE: Duration = Duration::from_secs(30);

/// The programme of the runs that were named.
pub struct Opened {
    /// The books.
    pub ledger: Ledger,
    /// The programme.
    pub programme: Programme,
    /// The runs.
    pub runs: Vec<RunRecord>,
}

/// The pace, with little patience unless it was asked for.
pub fn patience(settings: &Settings, flags: &PacingArgs) -> Result<Pacing, Problem> {
    let pacing = settings.pacing(flags)?;
    Ok(if flags.patience.is_none() { Pacing { patience: PATIENCE, ..pacing } } else { pacing })
}

impl Opened {
    /// Opens the books.
    pub async fn of(settings: &Settings, args: &ProgrammeRunsArgs) -> Result<Self, Problem> {
        let ledger = existing_ledger(settings)?;
        let chosen = chosen_run(settings, &ledger, args.run.clone()).await?;
        let runs = if args.all_runs { into_same_org(&ledger, &chosen).await? } else { vec![chosen] };
        Ok(Self {
            programme: Programme::new(ledger.clone(), runs.clone(), Clock::OfTheMachine),
            ledger,
            runs,
        })
    }

    /// The org of the runs, which must be that of the settings.
    pub fn contact(
        &self,
        settings: &Settings,
        needs: Vec<ScopeNeed>,
        pacing: &Pacing,
    ) -> Result<Contact, Problem> {
        let okta = connect_to(settings, settings.org()?, needs)?;
        self.runs.iter().try_for_each(|run| same_org(run, &okta))?;
        Ok(Contact::new(okta, Gate::new(pacing, Dice::of_the_machine(), signals::stop_flag())))
    }

    /// The people of all runs into the same org.
    pub async fn everybody(&self) -> Result<Vec<RunRecord>, Problem> {
        match self.runs.first() {
            Some(run) => into_same_org(&self.ledger, run).await,
            None => Ok(Vec::new()),
        }
    }

    /// The people, or those in each of these groups, whose members are read now.
    pub async fn crowds(&self, contact: &Contact, groups: &[String]) -> Result<Vec<Crowd>, Problem> {
        let everybody = self.programme.crowd();
        if groups.is_empty() {
            return Ok(vec![everybody]);
        }
        let watched = self.programme.watch(contact, groups, true).await.map_err(halted)?;
        Ok(watched.iter().map(|group| everybody.in_group(group.key)).collect())
    }
}

async fn into_same_org(ledger: &Ledger, chosen: &RunRecord) -> Result<Vec<RunRecord>, Problem> {
    let org = |run: &RunRecord| parse_org_url(&run.org).map_or(run.org.clone(), |org| org.to_string());
    let mut runs = ledger.runs().await?;
    runs.retain(|run| run.stage != RunStage::Planning && org(run) == org(chosen));
    Ok(runs)
}

/// Only one process at a time sends mails and links out of these books.
pub fn wave_lock(settings: &Settings) -> Result<RunLock, Problem> {
    let folder = settings.ledger().parent().unwrap_or(Path::new("")).join("programme");
    make_folder(&folder)?;
    RunLock::take(&folder, "").map_err(|error| match error {
        LedgerError::Locked { .. } => Problem::could_not_run(
            "another process sends mails or links out of these books; wait for it, or stop it first",
        ),
        other => other.into(),
    })
}

/// Why something that was only looked at did not work.
pub fn halted(halt: Halt) -> Problem {
    match halt {
        Halt::Failed(error) => error.into(),
        Halt::Stopped(StopReason::Interrupted) => Problem::stopped("as asked; call it again to go on"),
        Halt::Stopped(reason) => Problem::could_not_run(reason.to_string()),
    }
}
