//! Looking after sessions that the org processes, and finding out what became of each person.

use std::collections::HashSet;

use muster_core::flow::RowResult;
use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_core::sourcing::{Operation, Settle, SourceVerdict};
use muster_ledger::{
    FinishedRow, LoadedRow, SessionRecord, SessionStage, SettledRow, Standing, UploadKind, UploadRecord,
};
use muster_okta::wire::SessionStatus;

use super::Sessions;
use super::memberships::Members;
use crate::gate::Halt;
use crate::progress::Phase;

/// Rows entered in one commit.
const BATCH: usize = 500;

/// What is known of one person once it was looked for.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub verdict: SourceVerdict,
    pub okta_id: Option<String>,
    pub status: Option<String>,
}

/// What is known of all rows of a session together.
#[derive(Debug, Default)]
struct Told {
    /// Whether Okta went through the whole session.
    processed: bool,
    members: Members,
    /// Rows whose people were to leave groups.
    leaving: HashSet<u64>,
}

impl Sessions<'_> {
    /// Looks after all sessions until none is left.
    pub(super) async fn settle_all(&mut self) -> Result<(), Halt> {
        loop {
            self.settle_processed().await?;
            let Some(first) = self.waiting.first() else { return Ok(()) };
            self.show_phase(Phase::Importing { session: first.number, waiting: self.waiting.len() });
            self.contact.gate.pause(self.poll()).await?;
        }
    }

    /// Settles the sessions that are processed. Okta works on them one after another (API.md §10.1).
    pub(super) async fn settle_processed(&mut self) -> Result<(), Halt> {
        while let Some(session) = self.waiting.first().cloned() {
            let status = self.contact.status(session.id.as_deref().unwrap_or_default()).await?;
            let (ledger, run) = (&self.context.ledger, self.context.run);
            ledger.session_seen(run, session.number, status.as_str().to_owned()).await?;
            match status {
                SessionStatus::Triggered | SessionStatus::Other(_) => return Ok(()),
                SessionStatus::Completed | SessionStatus::Error => {
                    self.settle(&session, &status).await?;
                    self.waiting.remove(0);
                }
                SessionStatus::Closed | SessionStatus::Expired => {
                    self.void(&session, Some(&status)).await?;
                    self.waiting.remove(0);
                }
                // The request to process it was lost.
                SessionStatus::Created | SessionStatus::InProgress => {
                    self.waiting.remove(0);
                    Box::pin(self.trigger(session)).await?;
                }
            }
        }
        Ok(())
    }

    /// What became of everybody whom this session carried.
    pub(super) async fn settle(
        &mut self,
        session: &SessionRecord,
        status: &SessionStatus,
    ) -> Result<(), Halt> {
        self.show(Phase::Settling { session: session.number }).await?;
        let (ledger, run) = (self.context.ledger.clone(), self.context.run);
        let uploads: Vec<UploadRecord> = ledger.uploads(run, session.number).await?;
        let rows = self.rows_of(&uploads).await?;
        let departures = lines_of(&uploads, |kind| kind == UploadKind::Departures);
        self.settle_departures(session, departures).await?;
        let processed = *status == SessionStatus::Completed;
        self.settle_rows(session, &uploads, rows, processed).await?;
        for line in lines_of(&uploads, |kind| matches!(kind, UploadKind::Users | UploadKind::Deletions)) {
            self.carried.remove(&line);
        }
        let (at, status) = (self.contact.org_now(), Some(status.as_str().to_owned()));
        ledger.end_session(run, session.number, SessionStage::Settled, status, at).await?;
        self.note_leg().await?;
        self.show(Phase::Running).await?;
        self.check_errors().await
    }

    /// The open rows that the session carried.
    async fn rows_of(&self, uploads: &[UploadRecord]) -> Result<Vec<LoadedRow>, Halt> {
        let lines = lines_of(uploads, |kind| matches!(kind, UploadKind::Users | UploadKind::Deletions));
        let mut rows = Vec::with_capacity(lines.len());
        for chunk in lines.chunks(BATCH) {
            let chunk = chunk.iter().copied().map(Line).collect();
            rows.extend(self.context.ledger.loaded_rows(self.context.run, chunk).await?);
        }
        rows.retain(|row| row.open);
        Ok(rows)
    }

    async fn settle_rows(
        &mut self,
        session: &SessionRecord,
        uploads: &[UploadRecord],
        rows: Vec<LoadedRow>,
        processed: bool,
    ) -> Result<(), Halt> {
        let leaving = self.leaving(&rows).await?;
        let rows = self.whole(uploads, rows, &leaving);
        if rows.is_empty() {
            return Ok(());
        }
        let members = self.members(&rows).await?;
        let told = Told { processed, members, leaving };
        let known = self.find_out(session, &rows).await?;
        let looks = self.sourcing.settle != Settle::None;
        let (rows, left): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| !looks || known.contains_key(&row.line));
        for rows in rows.chunks(BATCH) {
            self.enter(rows.iter().map(|row| self.settled(row, known.get(&row.line), &told)).collect())
                .await?;
        }
        let glances = self.glances(session, left).await?;
        for glances in glances.chunks(BATCH) {
            // Looking takes a request each: what is known is entered meanwhile, and shown.
            self.show(Phase::Settling { session: session.number }).await?;
            let known = self.look_at_each(glances, processed).await?;
            let rows = glances.iter().map(|glance| &glance.row);
            self.enter(rows.map(|row| self.settled(row, known.get(&row.line), &told)).collect()).await?;
        }
        Ok(())
    }

    /// Rows that were carried with all their memberships. The others stay open, and go into the next session.
    fn whole(
        &self,
        uploads: &[UploadRecord],
        rows: Vec<LoadedRow>,
        leaving: &HashSet<u64>,
    ) -> Vec<LoadedRow> {
        let carried = |wanted| lines_of(uploads, |kind| kind == wanted).into_iter().collect::<HashSet<u64>>();
        let (joined, left) = (carried(UploadKind::Joins), carried(UploadKind::Leaves));
        let whole = |row: &LoadedRow| {
            let line = row.line.0;
            let joins = row.groups.is_empty() || joined.contains(&line);
            let leaves = !leaving.contains(&line) || left.contains(&line);
            (joins && leaves) || self.unjoinable.contains(&line)
        };
        rows.into_iter().filter(whole).collect()
    }

    /// Rows whose people the source has in groups that they are no longer to be in.
    async fn leaving(&self, rows: &[LoadedRow]) -> Result<HashSet<u64>, Halt> {
        let mut leaving = HashSet::new();
        if !self.knows_groups() {
            return Ok(leaving);
        }
        for chunk in rows.chunks(BATCH) {
            let ids = chunk.iter().map(|row| row.external_id.clone()).collect();
            let before = self.context.ledger.groups_of_people(self.key, ids).await?;
            let leaves = |row: &&LoadedRow| {
                let before = before.get(&row.external_id).into_iter().flatten();
                before.into_iter().any(|group| !row.groups.contains(group))
            };
            leaving.extend(chunk.iter().filter(leaves).map(|row| row.line.0));
        }
        Ok(leaving)
    }

    async fn enter(&self, rows: Vec<SettledRow>) -> Result<(), Halt> {
        if !rows.is_empty() {
            self.context.ledger.settle_rows(self.context.run, self.key, rows).await?;
        }
        Ok(())
    }

    fn settled(&self, row: &LoadedRow, known: Option<&Known>, told: &Told) -> SettledRow {
        let known = known.cloned().unwrap_or_else(nobody_looked);
        let outcome = known.verdict.outcome;
        let joined = told.members.count(&row.external_id);
        let standing = match (outcome, self.sourcing.operation) {
            (Outcome::Rejected | Outcome::Failed, _) => Standing::Unknown,
            (_, Operation::CreateUpdate) if self.is_moved(row, joined, told) => Standing::Present,
            (_, Operation::CreateUpdate) => Standing::Partly,
            (_, Operation::Deactivate) => Standing::Gone,
        };
        let result = RowResult {
            line: row.line,
            outcome,
            okta_id: known.okta_id,
            okta_status: known.status,
            groups_requested: u32::try_from(row.groups.len()).unwrap_or(u32::MAX),
            groups_joined: joined,
            trouble: known.verdict.trouble,
            attempts: 1,
        };
        SettledRow { row: FinishedRow { result, at: self.context.surroundings.clock.now() }, standing }
    }

    /// Whether the memberships are as the row says. The source is asked who is in a group, and not who has left it.
    fn is_moved(&self, row: &LoadedRow, joined: u32, told: &Told) -> bool {
        let line = row.line.0;
        let has_left = !told.leaving.contains(&line) || (told.processed && !self.unjoinable.contains(&line));
        has_left && joined as usize >= row.groups.len()
    }

    /// Rows that no session could carry whole: that would take more room than any session has.
    pub(super) async fn give_up_the_rest(&mut self) -> Result<(), Halt> {
        let ledger = self.context.ledger.clone();
        loop {
            let open = ledger.open_rows(self.context.run, Line(0), u32::try_from(BATCH).unwrap_or(1)).await?;
            if open.is_empty() {
                return Ok(());
            }
            let lines = open.iter().map(|row| row.line).collect();
            let rows = ledger.loaded_rows(self.context.run, lines).await?;
            let why = "no session could carry the row with all its memberships: too many requests were lost, or too many sessions came to nothing";
            let known = Known { verdict: SourceVerdict::not_told(why), okta_id: None, status: None };
            let told = Told::default();
            let rows = rows.iter().map(|row| self.settled(row, Some(&known), &told)).collect();
            self.enter(rows).await?;
        }
    }
}

fn nobody_looked() -> Known {
    let why = "the session is processed, and --settle none asks nobody what it did";
    Known { verdict: SourceVerdict::not_told(why), okta_id: None, status: None }
}

/// The rows that requests of this kind carried for sure.
pub(super) fn lines_of(uploads: &[UploadRecord], wanted: impl Fn(UploadKind) -> bool) -> Vec<u64> {
    let taken = uploads.iter().filter(|upload| upload.accepted && wanted(upload.kind));
    taken.flat_map(|upload| upload.lines.iter().copied()).collect()
}
