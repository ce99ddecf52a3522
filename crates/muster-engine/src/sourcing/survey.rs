//! What planning an import by sessions needs to know of the identity source, and how many sessions it comes to.

use std::collections::BTreeMap;

use muster_core::candidate::{Candidate, GroupWish};
use muster_core::column::{Mapping, Renames};
use muster_core::fault::{Fault, FaultCode};
use muster_core::interpret::FaultyRow;
use muster_core::schema::ProfileSchema;
use muster_core::sourcing::{
    Claim, Operation, SentAttributes, SessionRoom, Settle, SourceAttributes, Sourcing, SourcingCounts,
    source_schema, with_user_name,
};
use muster_ledger::{DepartureEnd, Ledger, RunKey, SourceKey, SourcedRow};
use muster_legacy::files::Source;
use muster_okta::wire::SourceApp;
use muster_okta::{CallError, Okta};

use super::block::{BlockBuilder, Moves, fits_alone};
use crate::error::{EngineError, OrgTrouble};
use crate::patience::patiently;
use crate::plan::Plan;
use crate::rows::OpenRows;
use crate::surroundings::Surroundings;

/// What the operator wants of an import by sessions.
#[derive(Clone, Debug, Default)]
pub struct SourcingWishes {
    /// The id of the identity source.
    pub source: String,
    /// What the sessions do.
    pub operation: Operation,
    /// Entities in one request at most.
    pub page_size: usize,
    /// Where the outcomes are read.
    pub settle: Settle,
    /// The column of the external id, where it does not say so itself.
    pub external_id: Option<String>,
    /// Whether rows are sent that are as Okta was told before.
    pub full: bool,
    /// Whether people who are gone from the source are deactivated.
    pub deactivate_missing: bool,
    /// The part of all known people that may be deactivated, 0 to 1.
    pub max_deactivate: f64,
    /// Whether the people are armed with the password-import hook afterwards.
    pub then_hook: bool,
    /// Seconds that Okta wants between two sessions.
    pub gap_seconds: u64,
    /// Seconds between two looks at a session.
    pub poll_seconds: u64,
}

/// Why a source can't be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SourceTrouble {
    /// The org has none of this id.
    #[error("{org} has no identity source {id}{others}")]
    Absent {
        /// The org.
        org: String,
        /// The id.
        id: String,
        /// Those that it has.
        others: String,
    },
    /// Whoever is in a row that can't be read looks as if he were gone.
    #[error(
        "--deactivate-missing needs to know who is in the source, and no external id can be read in {}.\n\
         Correct them: `muster plan` without --deactivate-missing names the first one. Nothing was sent.",
        if *.rows == 1 { "1 row".to_owned() } else { format!("{} rows", .rows) }
    )]
    Unreadable {
        /// Rows without an external id.
        rows: u64,
    },
    /// Another run has a session under way.
    #[error("run {run} has a session under way in this identity source; only one can be loaded at a time.")]
    Busy {
        /// That run.
        run: String,
    },
    /// More people are gone than may be deactivated.
    #[error(
        "{missing} of the {known} people of the identity source are in no row; --max-deactivate allows {most}.\n\
         Is the file whole? If they are to go, say --max-deactivate {percent}%. Nothing was sent."
    )]
    TooManyMissing {
        /// People in no row.
        missing: u64,
        /// People whom the source has.
        known: u64,
        /// How many may go.
        most: u64,
        /// What would allow it.
        percent: u64,
    },
}

/// The attributes of the identity source, where the org shows them; and whether there is one of this id at all.
pub async fn survey(okta: &Okta, source: &str) -> Result<SourceAttributes, EngineError> {
    let org = || okta.base().as_str().trim_end_matches('/').to_owned();
    match patiently(|| okta.list_import_sessions(source)).await.result {
        Ok(_) => {}
        Err(CallError::Okta { status: 404, .. }) => {
            return Err(SourceTrouble::Absent {
                org: org(),
                id: source.to_owned(),
                others: others(okta).await,
            }
            .into());
        }
        Err(error) => {
            let trouble = OrgTrouble::of(&error, &org(), "read import sessions", "okta.identitySources.read");
            return Err(trouble.into());
        }
    }
    // Not everybody may read the schema of an app: then what goes over is not checked against it.
    let Ok(schema) = patiently(|| okta.read_source_schema(source)).await.result else { return Ok(None) };
    let attributes: BTreeMap<String, Option<u64>> =
        schema.attributes.into_iter().map(|(name, attribute)| (name, attribute.max_length)).collect();
    Ok(Some(attributes).filter(|attributes| !attributes.is_empty()))
}

/// Refuses to begin beside a run that is not through with this identity source.
pub async fn refuse_beside_others(ledger: &Ledger, org: &str, source: &str) -> Result<(), EngineError> {
    let key = ledger.identity_source(org.to_owned(), source.to_owned()).await?;
    match ledger.live_sessions(key).await?.into_iter().next() {
        Some((run, _)) => Err(SourceTrouble::Busy { run }.into()),
        None => Ok(()),
    }
}

/// The identity sources of the org, as far as the token may list apps.
pub async fn sources(okta: &Okta) -> Result<Vec<SourceApp>, CallError> {
    let mut found = Vec::new();
    let mut page: Option<String> = None;
    loop {
        let exchange = patiently(|| okta.list_identity_sources(page.as_deref())).await;
        page.clone_from(&exchange.next);
        found.extend(exchange.result?);
        if page.is_none() {
            return Ok(found);
        }
    }
}

async fn others(okta: &Okta) -> String {
    let found = sources(okta).await.unwrap_or_default();
    if found.is_empty() {
        return String::new();
    }
    let names: Vec<String> = found.iter().map(|app| format!("{} ({})", app.id, app.label)).collect();
    format!("; it has {}", names.join(", "))
}

impl SourcingWishes {
    /// What the columns of this source mean for the identity source.
    pub(crate) fn map(
        &self,
        header: &[String],
        org: &ProfileSchema,
        attributes: &SourceAttributes,
        renames: Renames,
    ) -> Result<(Mapping, ProfileSchema, Sourcing), EngineError> {
        let schema = source_schema(org, attributes);
        let mut renames = with_user_name(header, renames);
        let claim = Claim::of(self.external_id.as_deref(), header, &schema, &mut renames)
            .map_err(|error| EngineError::ExternalId(error.to_string()))?;
        let mapping = match self.operation {
            Operation::CreateUpdate => Mapping::new(header, &schema, &renames)?,
            Operation::Deactivate => Mapping::of_keys(header, &schema, &renames)?,
        };
        let attributes = match self.operation {
            Operation::CreateUpdate => SentAttributes::of(&mapping, org, attributes),
            Operation::Deactivate => SentAttributes::default(),
        };
        let sourcing = Sourcing {
            source: self.source.clone(),
            operation: self.operation,
            page_size: self.page_size,
            settle: self.settle,
            claim,
            attributes,
            then_hook: self.then_hook,
            deactivate_missing: self.deactivate_missing,
            gap_seconds: self.gap_seconds,
            poll_seconds: self.poll_seconds,
            counts: SourcingCounts::default(),
        };
        Ok((mapping, schema, sourcing))
    }

    /// Finds out who is gone from the source. Whether they are deactivated or listed alone is entered.
    pub(crate) async fn find_missing(
        &self,
        ledger: &Ledger,
        run: RunKey,
        key: SourceKey,
        without_key: u64,
        surroundings: &Surroundings,
    ) -> Result<(u64, u64), EngineError> {
        let count = ledger.missing(run, key).await?;
        if count.missing == 0 || self.operation == Operation::Deactivate {
            return Ok((count.known, 0));
        }
        if self.deactivate_missing {
            if without_key > 0 {
                return Err(SourceTrouble::Unreadable { rows: without_key }.into());
            }
            self.refuse_too_many(count.known, count.missing)?;
        }
        ledger.plan_departures(run, key).await?;
        if !self.deactivate_missing {
            list_alone(ledger, run, key, surroundings).await?;
        }
        Ok((count.known, count.missing))
    }

    fn refuse_too_many(&self, known: u64, missing: u64) -> Result<(), EngineError> {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let (all, gone) = (known as f64, missing as f64);
        if gone <= all * self.max_deactivate {
            return Ok(());
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 100, or people"
        )]
        let (most, percent) =
            ((all * self.max_deactivate).floor() as u64, (gone / all * 100.0).ceil() as u64);
        Err(SourceTrouble::TooManyMissing { missing, known, most, percent }.into())
    }
}

async fn list_alone(
    ledger: &Ledger,
    run: RunKey,
    key: SourceKey,
    surroundings: &Surroundings,
) -> Result<(), EngineError> {
    const PAGE: u32 = 1000;
    let mut after = 0;
    loop {
        let page = ledger.departures(run, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.number;
        let ends = page.iter().map(|gone| (gone.number, DepartureEnd::Listed)).collect();
        ledger.end_departures(run, key, ends, surroundings.clock.now()).await?;
    }
}

/// The requests and sessions that the open rows and the departures come to, if nothing is lost on the way.
pub(crate) async fn count_sessions(
    ledger: &Ledger,
    run: RunKey,
    plan: &Plan,
    source: &Source,
    surroundings: &Surroundings,
) -> Result<(u64, u64), EngineError> {
    let Some(sourcing) = &plan.sourcing else { return Ok((0, 0)) };
    let mut rows = OpenRows::new(ledger.clone(), run, plan, source, surroundings.reading)?;
    let (mut uploads, mut sessions) = (0, 0);
    let new = || BlockBuilder::new(sourcing.operation, sourcing.limits(), SessionRoom::after(0, 0));
    let mut builder = new();
    let mut close = |builder: BlockBuilder| {
        let pieces = builder.finish().len() as u64;
        uploads += pieces;
        sessions += u64::from(pieces > 0);
    };
    while let Some((open, candidate)) = rows.next().await? {
        let person = sourcing.person(&candidate).map_err(|_| EngineError::RowGone { line: open.line.0 })?;
        let moves = Moves::of(&person.groups, Vec::new());
        if !builder.offer(&person, &moves, false) {
            close(std::mem::replace(&mut builder, new()));
            builder.offer(&person, &moves, false);
        }
    }
    close(builder);
    let departures = ledger.departure_counts(run).await?.open;
    let limits = sourcing.limits().entities as u64;
    let pages = departures.div_ceil(limits);
    Ok((uploads + pages, sessions + pages.div_ceil(muster_core::sourcing::MOST_REQUESTS as u64)))
}

/// A faulty row, under the key that the identity source knows the person by: under that of another column, he would
/// look as if he were in no row.
pub(crate) fn faulty_at_source(sourcing: &Sourcing, faulty: FaultyRow) -> FaultyRow {
    let external_id = sourcing.claim.of_faulty(faulty.external_id.as_deref());
    FaultyRow { external_id, ..faulty }
}

/// The row as the identity source is told of it.
pub(crate) fn told_to_source(
    sourcing: &Sourcing,
    mut candidate: Candidate,
) -> Result<(Candidate, SourcedRow), FaultyRow> {
    let person =
        sourcing.person(&candidate).and_then(|person| match fits_alone(&person, sourcing.limits()) {
            Ok(()) => Ok(person),
            Err(bytes) => {
                let reason = format!("comes to {bytes} bytes; one request holds {}", sourcing.limits().bytes);
                Err(Fault::of_row(FaultCode::TooLarge, reason))
            }
        });
    match person {
        Ok(person) => {
            let sourced = SourcedRow { digest: person.digest(), groups: person.groups.clone() };
            candidate.external_id = Some(person.external_id);
            candidate.groups = person.groups.into_iter().map(GroupWish::Name).collect();
            Ok((candidate, sourced))
        }
        Err(fault) => {
            let login = Some(candidate.login.as_str().to_owned());
            let external_id = sourcing.claim.external_id(&candidate);
            Err(FaultyRow { line: candidate.line, login, external_id, faults: vec![fault] })
        }
    }
}
