//! Which way people go: from the words of the command line to what the plan needs.

use muster_core::sourcing::{MOST_ENTITIES, Operation, Settle};
use muster_engine::OrgTrouble;
use muster_engine::sourcing::{SourcingWishes, sources};
use muster_okta::wire::SourceApp;
use muster_okta::{CallError, Okta};

use crate::args::{OperationArg, PlanArgs, SettleArg, ThenArg, ViaArg, WayArgs};
use crate::error::Problem;

/// What Okta wants between two sessions (API.md §10.1).
const GAP: u64 = 300;
/// How often a session that is processed is looked at.
const POLL: u64 = 10;
/// People who may be deactivated because they are in no row.
const MOST_GONE: f64 = 0.02;

/// Whether the people go by import sessions.
pub fn by_sessions(way: &WayArgs) -> bool {
    way.via == Some(ViaArg::IdentitySource)
}

/// What is wanted of import sessions; nothing where the people go by the Users API.
pub async fn sourcing(okta: &Okta, args: &PlanArgs) -> Result<Option<SourcingWishes>, Problem> {
    let way = &args.way;
    if !by_sessions(way) {
        refuse_strays(way)?;
        return Ok(None);
    }
    refuse_impossible(args)?;
    let operation = match way.operation {
        None | Some(OperationArg::CreateUpdate) => Operation::CreateUpdate,
        Some(OperationArg::Deactivate) => Operation::Deactivate,
    };
    let settle = match way.settle {
        None | Some(SettleArg::Log) => Settle::Log,
        Some(SettleArg::Read) => Settle::Read,
        Some(SettleArg::None) => Settle::None,
    };
    Ok(Some(SourcingWishes {
        source: source_id(okta, way.identity_source_id.as_deref()).await?,
        operation,
        page_size: way.page_size.map_or(MOST_ENTITIES, usize::from),
        settle,
        external_id: way.external_id.clone(),
        full: way.full,
        deactivate_missing: way.deactivate_missing,
        max_deactivate: way.max_deactivate.unwrap_or(MOST_GONE),
        then_hook: way.then == Some(ThenArg::Hook),
        gap_seconds: way.session_gap.unwrap_or(GAP),
        poll_seconds: way.poll.unwrap_or(POLL),
    }))
}

/// The identity source that was named, or the only one of the org.
pub async fn source_id(okta: &Okta, named: Option<&str>) -> Result<String, Problem> {
    if let Some(named) = named.map(str::trim).filter(|named| !named.is_empty()) {
        return Ok(named.to_owned());
    }
    let found = sources(okta).await.map_err(|error| unlisted(okta, &error))?;
    match found.as_slice() {
        [only] => Ok(only.id.clone()),
        [] => Err(Problem::could_not_run(
            "the org has no app of the kind Custom Identity Source; one is added in the Admin Console (Applications > Browse App Catalog)",
        )),
        several => {
            let listed: Vec<String> =
                several.iter().map(|SourceApp { id, label, .. }| format!("  {id}  {label}")).collect();
            Err(Problem::wrong_usage(format!(
                "the org has several identity sources; name one with --identity-source-id:\n{}",
                listed.join("\n")
            )))
        }
    }
}

/// Without the right to list apps, the id says which: everything else that is wrong is wrong with an id, too.
fn unlisted(okta: &Okta, error: &CallError) -> Problem {
    let org = okta.base().as_str().trim_end_matches('/');
    let trouble = OrgTrouble::of(error, org, "list the org's identity sources", "okta.apps.read");
    if matches!(trouble, OrgTrouble::Forbidden { .. }) {
        return Problem::wrong_usage(format!("{trouble}\nOr name the source: --identity-source-id 0oa..."));
    }
    Problem::could_not_run(trouble.to_string())
}

/// Words of the one way do nothing on the other: that is said, not passed over.
fn refuse_strays(way: &WayArgs) -> Result<(), Problem> {
    let strays = [
        (way.identity_source_id.is_some(), "--identity-source-id"),
        (way.operation.is_some(), "--operation"),
        (way.external_id.is_some(), "--external-id"),
        (way.page_size.is_some(), "--page-size"),
        (way.settle.is_some(), "--settle"),
        (way.full, "--full"),
        (way.deactivate_missing, "--deactivate-missing"),
        (way.max_deactivate.is_some(), "--max-deactivate"),
        (way.then.is_some(), "--then"),
        (way.session_gap.is_some(), "--session-gap"),
        (way.poll.is_some(), "--poll"),
    ];
    refuse(&strays, "needs --via identity-source")
}

fn refuse_impossible(args: &PlanArgs) -> Result<(), Problem> {
    let way = &args.way;
    let impossible = [
        (args.mode.is_some(), "--mode"),
        (args.activate, "--activate"),
        (args.no_activate, "--no-activate"),
        (args.on_conflict.is_some(), "--on-conflict"),
        (!args.notation.is_empty(), "--notation"),
        (args.peppered, "--peppered"),
        (args.create_groups, "--create-groups"),
    ];
    refuse(
        &impossible,
        "can't be said with --via identity-source, which takes no credentials and updates whoever is there; activation is a setting of the app in the org, and groups are those of the identity source",
    )?;
    let deactivates = way.operation == Some(OperationArg::Deactivate);
    refuse(
        &[
            (deactivates && way.deactivate_missing, "--deactivate-missing"),
            (deactivates && way.then.is_some(), "--then"),
            (deactivates && !args.groups.is_empty(), "--groups"),
            (deactivates && args.marker_group.is_some(), "--marker-group"),
        ],
        "can't be said with --operation deactivate",
    )?;
    refuse(
        &[
            (way.deactivate_missing && args.limit.is_some(), "--limit"),
            (way.deactivate_missing && args.sources.len() > 1, "more than one SOURCE"),
        ],
        "can't be said with --deactivate-missing: who is missing is known from one whole source alone",
    )
}

fn refuse(said: &[(bool, &str)], why: &str) -> Result<(), Problem> {
    match said.iter().find(|(said, _)| *said) {
        Some((_, word)) => Err(Problem::wrong_usage(format!("{word} {why}"))),
        None => Ok(()),
    }
}
