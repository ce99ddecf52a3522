//! `muster programme status`

use std::collections::BTreeSet;

use muster_engine::Plan;
use muster_engine::programme::{Contact, ProgrammeReport, ReportWish};
use muster_ledger::WatchedGroup;
use muster_okta::needs;

use super::opened::{Opened, halted, patience};
use crate::args::ProgrammeStatusArgs;
use crate::error::{End, Problem};
use crate::output::{Console, describe_programme, grouped};
use crate::settings::Settings;

/// How many have come over.
pub async fn status(
    settings: &Settings,
    args: ProgrammeStatusArgs,
    console: Console,
) -> Result<End, Problem> {
    let opened = Opened::of(settings, &args.runs).await?;
    let contact = if args.offline {
        opened.programme.enrol().await?;
        None
    } else {
        let pacing = patience(settings, &args.pacing)?;
        Some(opened.contact(settings, needs::programme_status(), &pacing)?)
    };
    let report = report(&opened, contact.as_ref(), &args, console).await?;
    console.result(&report, &describe_programme(&report));
    Ok(End::Fine)
}

/// The numbers, of now.
pub async fn report(
    opened: &Opened,
    contact: Option<&Contact>,
    args: &ProgrammeStatusArgs,
    console: Console,
) -> Result<ProgrammeReport, Problem> {
    let programme = &opened.programme;
    if let Some(contact) = contact {
        programme.sync(contact).await.map_err(halted)?;
    }
    let audits = programme.read_audits(&args.audit).await?;
    if let Some(contact) = contact.filter(|_| args.read_back) {
        let looked = programme.look_at_all(contact, &programme.crowd()).await.map_err(halted)?;
        console.note(&format!(
            "Looked at {} people; {} had come over unnoticed.",
            grouped(looked.people),
            grouped(looked.come_over)
        ));
    }
    let wish = ReportWish {
        groups: groups(opened, contact, args).await?,
        audits: (!args.audit.is_empty()).then_some(audits),
        until: args.until,
    };
    Ok(programme.report(wish).await?)
}

/// The groups to count by. Without the org, those whose members were read before.
async fn groups(
    opened: &Opened,
    contact: Option<&Contact>,
    args: &ProgrammeStatusArgs,
) -> Result<Vec<WatchedGroup>, Problem> {
    let planned = if args.plan_groups { planned(opened) } else { BTreeSet::new() };
    if let Some(contact) = contact {
        let names: BTreeSet<String> =
            args.group.iter().cloned().chain(planned.into_iter().map(|(name, _)| name)).collect();
        let names: Vec<String> = names.into_iter().collect();
        return opened.programme.watch(contact, &names, false).await.map_err(halted);
    }
    let ids: Vec<String> = planned.into_iter().map(|(_, id)| id).collect();
    let mut watched = opened.programme.watched(&ids).await?;
    watched.extend(opened.programme.watched_by_name(&args.group).await?);
    Ok(watched)
}

/// Names and ids of the groups of the plans.
fn planned(opened: &Opened) -> BTreeSet<(String, String)> {
    let plans = opened.runs.iter().filter_map(|run| serde_json::from_str::<Plan>(&run.plan).ok());
    plans.flat_map(|plan| plan.groups.ids).collect()
}
