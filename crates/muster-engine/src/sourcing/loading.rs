//! Gathering a block, uploading it into a session, and having the session processed.

use std::time::Duration;

use muster_core::candidate::Candidate;
use muster_core::flow::{RowResult, Trouble};
use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_core::sourcing::{SessionRoom, SourcedPerson};
use muster_ledger::{FinishedRow, OpenRow, SessionRecord, SessionStage, SettledRow, Standing, UploadKind};
use muster_okta::wire::SessionStatus;
use tokio::time::Instant;

use super::block::{BlockBuilder, Moves, Piece};
use super::contact::Sent;
use super::laden::Laden;
use super::{MOST_IN_VAIN, Sessions};
use crate::error::EngineError;
use crate::gate::Halt;
use crate::progress::Phase;
use crate::rows::OpenRows;
use crate::run::StopReason;

/// A row that was read and did not fit into the block before.
pub(super) type Held = Option<(OpenRow, Candidate)>;

/// Dates of sessions may be cut to a second.
const CUT: Duration = Duration::from_secs(1);

/// What came of one request.
enum Fate {
    Taken,
    /// The session takes no more.
    Full,
    /// The session is in this status and takes nothing.
    Over(SessionStatus),
}

impl Sessions<'_> {
    /// The requests of the next session; of the rest of one that was begun before.
    pub(super) async fn next_block(
        &mut self,
        rows: &mut OpenRows,
        held: &mut Held,
    ) -> Result<Vec<Piece>, Halt> {
        let laden = self.laden().await?;
        let mut builder = BlockBuilder::new(self.sourcing.operation, self.sourcing.limits(), laden.room());
        loop {
            if self.contact.gate.is_closed() {
                return Err(Halt::Stopped(StopReason::Interrupted));
            }
            let next = match held.take() {
                Some(next) => Some(next),
                None => rows.next_of(|open| self.is_wanted(open, &laden)).await?,
            };
            let Some((open, candidate)) = next else { return Ok(builder.finish()) };
            let person = self.sourcing.person(&candidate);
            let person = person.map_err(|_| EngineError::RowGone { line: open.line.0 })?;
            let carried = self.carried.contains_key(&person.line.0);
            let moves = self.moves(&person, carried, &laden).await?;
            if carried && moves.is_empty() {
                continue;
            }
            if !builder.offer(&person, &moves, carried) {
                *held = Some((open, candidate));
                return Ok(builder.finish());
            }
        }
    }

    /// Whether the row waits for a session, or for the memberships in the one that carries it.
    fn is_wanted(&self, open: &OpenRow, laden: &Laden) -> bool {
        let line = open.line.0;
        let Some(carrier) = self.carried.get(&line) else { return true };
        let loading = self.open.as_ref().is_some_and(|open| open.number == *carrier);
        let whole = laden.joined.contains(&line) && (!self.knows_groups() || laden.left.contains(&line));
        loading && !whole
    }

    /// The memberships that are to be told: of whom the session carries, those that are not in it.
    async fn moves(&self, person: &SourcedPerson, carried: bool, laden: &Laden) -> Result<Moves, Halt> {
        let mut moves = Moves::of(&person.groups, self.groups_before(person).await?);
        if carried && laden.joined.contains(&person.line.0) {
            moves.joins.clear();
        }
        if carried && laden.left.contains(&person.line.0) {
            moves.leaves.clear();
        }
        Ok(moves)
    }

    /// The groups that the source has the person in.
    async fn groups_before(&self, person: &SourcedPerson) -> Result<Vec<String>, Halt> {
        if !self.knows_groups() {
            return Ok(Vec::new());
        }
        let ids = vec![person.external_id.clone()];
        let mut groups = self.context.ledger.groups_of_people(self.key, ids).await?;
        Ok(groups.remove(&person.external_id).unwrap_or_default())
    }

    /// Loads the requests into the session that is open, or into a new one, and has it processed.
    pub(super) async fn carry(&mut self, block: Vec<Piece>) -> Result<(), Halt> {
        if block.is_empty() {
            let Some(open) = self.open.take() else { return Ok(()) };
            return self.trigger(open).await;
        }
        let mut session = match self.open.take() {
            Some(open) => open,
            None => self.begin().await?,
        };
        let pieces = block.len();
        let mut queue: Vec<Piece> = block.into_iter().rev().collect();
        while let Some(piece) = queue.pop() {
            let request = pieces.saturating_sub(queue.len());
            self.show_phase(Phase::Loading { session: session.number, request, of: pieces.max(request) });
            match self.upload(&mut session, piece, &mut queue).await? {
                Fate::Taken => {}
                Fate::Full => break,
                Fate::Over(status) => {
                    return self.lost(session, &status).await;
                }
            }
        }
        self.trigger(session).await
    }

    /// A session that somebody closed, or that expired, is made anew; not for ever.
    async fn lost(&mut self, session: SessionRecord, status: &SessionStatus) -> Result<(), Halt> {
        if matches!(status, SessionStatus::Triggered | SessionStatus::Completed | SessionStatus::Error) {
            return self.triggered(session).await;
        }
        self.void(&session, Some(status)).await?;
        self.in_vain += 1;
        if self.in_vain < MOST_IN_VAIN {
            return Ok(());
        }
        Err(Halt::Stopped(StopReason::OrgAway(format!(
            "{MOST_IN_VAIN} sessions in a row were {status} before they were loaded; is somebody cancelling them?"
        ))))
    }

    /// Makes one request; what the org does not take of it is cut out and goes back into the queue.
    async fn upload(
        &mut self,
        session: &mut SessionRecord,
        piece: Piece,
        queue: &mut Vec<Piece>,
    ) -> Result<Fate, Halt> {
        let (ledger, run) = (self.context.ledger.clone(), self.context.run);
        let body = piece.body();
        let id = session.id.clone().unwrap_or_default();
        loop {
            if self.contact.gate.is_closed() {
                return Err(Halt::Stopped(StopReason::Interrupted));
            }
            if SessionRoom::after(session.requests as usize, 0).requests == 0 {
                return Ok(Fate::Full);
            }
            let (entities, bytes) = (piece.entities.len(), body.len() as u64);
            let entities = u32::try_from(entities).unwrap_or(u32::MAX);
            let (kind, lines, at) = (piece.kind, piece.lines.clone(), self.contact.org_now());
            let number = ledger.intend_upload(run, session.number, kind, lines, entities, bytes, at).await?;
            session.requests += 1;
            match self.contact.upload(&id, piece.request(), body.clone()).await {
                Ok(Sent::Done(_)) => {
                    ledger.upload_accepted(run, session.number, number, self.contact.org_now()).await?;
                    self.taken(session, &piece);
                    return Ok(Fate::Taken);
                }
                // It may have arrived, and counts as if it had.
                Ok(Sent::Doubt) => {}
                Ok(Sent::Refused(words)) => {
                    ledger.upload_refused(run, session.number, number).await?;
                    session.requests -= 1;
                    let status = self.contact.status(&id).await?;
                    if !status.is_loadable() {
                        return Ok(Fate::Over(status));
                    }
                    self.refused(piece, &words, queue).await?;
                    return Ok(Fate::Taken);
                }
                Err(halt) => {
                    if matches!(halt, Halt::Stopped(StopReason::Interrupted)) {
                        ledger.upload_refused(run, session.number, number).await?;
                    }
                    return Err(halt);
                }
            }
        }
    }

    fn taken(&mut self, session: &mut SessionRecord, piece: &Piece) {
        self.in_vain = 0;
        if piece.carries_people() {
            session.users += piece.lines.len() as u64;
        }
        if matches!(piece.kind, UploadKind::Users | UploadKind::Deletions) {
            self.carried.extend(piece.lines.iter().map(|line| (*line, session.number)));
        }
    }

    /// The org takes the session and not this request: the one person to blame is looked for.
    async fn refused(&mut self, piece: Piece, words: &str, queue: &mut Vec<Piece>) -> Result<(), Halt> {
        tracing::info!(kind = ?piece.kind, entities = piece.entities.len(), words, "a request is refused");
        match piece.kind {
            UploadKind::Users | UploadKind::Deletions | UploadKind::Groups if piece.entities.len() > 1 => {
                let [first, second] = piece.halves();
                queue.extend([second, first]);
                Ok(())
            }
            UploadKind::Users | UploadKind::Deletions => self.reject(&piece, words).await,
            UploadKind::Departures => self.fail_departures(&piece.lines, words).await,
            UploadKind::Groups | UploadKind::Joins | UploadKind::Leaves => {
                self.unjoinable.extend(&piece.lines);
                Ok(())
            }
        }
    }

    async fn reject(&mut self, piece: &Piece, words: &str) -> Result<(), Halt> {
        let at = self.context.surroundings.clock.now();
        let rows = piece.lines.iter().map(|line| {
            let trouble = Trouble { code: "upload_refused".to_owned(), text: words.to_owned() };
            let result = RowResult {
                line: Line(*line),
                outcome: Outcome::Rejected,
                okta_id: None,
                okta_status: None,
                groups_requested: 0,
                groups_joined: 0,
                trouble: Some(trouble),
                attempts: 1,
            };
            SettledRow { row: FinishedRow { result, at }, standing: Standing::Unknown }
        });
        self.context.ledger.settle_rows(self.context.run, self.key, rows.collect()).await?;
        self.check_errors().await
    }

    /// Has the org process what was loaded.
    pub(super) async fn trigger(&mut self, session: SessionRecord) -> Result<(), Halt> {
        let (ledger, run) = (self.context.ledger.clone(), self.context.run);
        let id = session.id.clone().unwrap_or_default();
        let uploads = ledger.uploads(run, session.number).await?;
        if !uploads.iter().any(|upload| upload.accepted) {
            // Nothing is in it, and nothing will be: it would stand in the way of the next one.
            self.contact.cancel(&id).await?;
            return self.void(&session, Some(&SessionStatus::Closed)).await;
        }
        ledger.session_triggering(run, session.number, self.contact.org_now()).await?;
        let deletes = |kind| matches!(kind, UploadKind::Deletions | UploadKind::Departures);
        let deletes_alone = uploads.iter().all(|upload| deletes(upload.kind));
        let mut refused_since = None;
        let mut doubt = None;
        loop {
            let refused = match self.contact.start(&id).await? {
                Sent::Done(_) => return self.triggered(session).await,
                Sent::Refused(words) => Some(words),
                Sent::Doubt => None,
            };
            let status = self.contact.status(&id).await?;
            match status {
                SessionStatus::Created | SessionStatus::InProgress => {}
                SessionStatus::Closed | SessionStatus::Expired => return self.lost(session, &status).await,
                _ => return self.triggered(session).await,
            }
            match refused {
                None => self.stay_patient(&mut doubt, "have a session processed")?,
                Some(words) if deletes_alone => return self.nothing_to_process(session, &words).await,
                Some(words) => {
                    let since: &mut Instant = refused_since.get_or_insert_with(Instant::now);
                    self.wait_for_the_start(since.elapsed(), &words).await?;
                }
            }
        }
    }

    /// The org will not process a session now; whatever is in the way may be over soon.
    async fn wait_for_the_start(&self, refused_for: Duration, words: &str) -> Result<(), Halt> {
        if refused_for > Duration::from_secs(self.sourcing.gap_seconds) + self.poll() {
            let why = format!("the org does not process the session: {words}");
            return Err(Halt::Stopped(StopReason::OrgAway(why)));
        }
        self.contact.gate.pause(self.poll()).await
    }

    /// The org will not process it: whoever is to be deactivated and is not there leaves a session empty (API.md
    /// §10.2). What stands is told by the users themselves.
    async fn nothing_to_process(&mut self, session: SessionRecord, words: &str) -> Result<(), Halt> {
        tracing::info!(session = session.number, words, "the org does not process the session");
        self.contact.cancel(session.id.as_deref().unwrap_or_default()).await?;
        self.settle(&session, &SessionStatus::Closed).await
    }

    pub(super) async fn triggered(&mut self, mut session: SessionRecord) -> Result<(), Halt> {
        let at = self.contact.org_now();
        self.context.ledger.session_triggered(self.context.run, session.number, at).await?;
        (session.stage, session.triggered_at) = (SessionStage::Triggered, session.triggered_at.or(Some(at)));
        self.waiting.push(session);
        self.note_leg().await?;
        Ok(())
    }

    /// Begins a session as soon as the org lets us: one at a time, and not within minutes of another (API.md §10.1).
    async fn begin(&mut self) -> Result<SessionRecord, Halt> {
        let (mut refused_since, mut doubt, mut in_doubt_since) = (None, None, None);
        loop {
            self.wait_for_turn().await?;
            let session = self.intend().await?;
            match self.contact.create().await {
                Ok(Sent::Done(found)) => return self.begun(session, found).await,
                Ok(Sent::Doubt) => {
                    let since = *in_doubt_since.get_or_insert(session.intended_at);
                    if let Some(found) = self.find_begun(since, session.intended_at).await? {
                        return self.begun(session, found).await;
                    }
                    self.void(&session, None).await?;
                    self.stay_patient(&mut doubt, "begin a session")?;
                }
                Ok(Sent::Refused(words)) => {
                    // What stands in the way may be our own, whose answer was lost and which was not listed at once.
                    if let Some(since) = in_doubt_since
                        && let Some(found) = self.find_begun(since, session.intended_at).await?
                    {
                        return self.begun(session, found).await;
                    }
                    self.void(&session, None).await?;
                    self.context.ledger.session_refused(self.context.run, session.number).await?;
                    let since = *refused_since.get_or_insert_with(Instant::now);
                    self.wait_for_others(since.elapsed(), words).await?;
                }
                Err(halt) => {
                    // Nothing was sent if somebody asked to stop before; else it is looked for later.
                    if matches!(halt, Halt::Stopped(StopReason::Interrupted)) {
                        self.void(&session, None).await?;
                    }
                    return Err(halt);
                }
            }
        }
    }

    /// Answers that are always lost are no reason to go on for ever.
    fn stay_patient(&self, since: &mut Option<Instant>, what: &str) -> Result<(), Halt> {
        if since.get_or_insert_with(Instant::now).elapsed() <= self.context.pacing.patience {
            return Ok(());
        }
        let why = format!("no answer to the request to {what} arrives, and the org has not done it");
        Err(Halt::Stopped(StopReason::OrgAway(why)))
    }

    async fn intend(&self) -> Result<SessionRecord, Halt> {
        let at = self.contact.org_now();
        let number = self.context.ledger.intend_session(self.context.run, self.key, at).await?;
        Ok(SessionRecord {
            number,
            id: None,
            stage: SessionStage::Intended,
            status: None,
            intended_at: at,
            created_at: None,
            triggered_at: None,
            ended_at: None,
            requests: 0,
            users: 0,
        })
    }

    /// Until the last session is processed, or begun so long ago that another may follow. Meanwhile, what is processed
    /// is looked after.
    async fn wait_for_turn(&mut self) -> Result<(), Halt> {
        loop {
            self.settle_processed().await?;
            let Some(last) = self.waiting.last() else { return Ok(()) };
            let begun = last.created_at.unwrap_or(last.intended_at);
            let since = self.contact.org_now().duration_since(begun);
            let left = Duration::from_secs(self.sourcing.gap_seconds)
                .saturating_add(CUT)
                .saturating_sub(Duration::try_from(since).unwrap_or_default());
            if left.is_zero() {
                return Ok(());
            }
            self.show_phase(Phase::WaitingForSession(left));
            self.contact.gate.pause(left.min(self.poll())).await?;
        }
    }

    /// The org lets nobody begin a session now: somebody else's is active, or one was active just before.
    async fn wait_for_others(&mut self, refused_for: Duration, words: String) -> Result<(), Halt> {
        let active = |status: &SessionStatus| {
            matches!(status, SessionStatus::Created | SessionStatus::InProgress | SessionStatus::Triggered)
        };
        let mut others = self.contact.list().await?;
        others.retain(|found| active(&found.status));
        let gap = Duration::from_secs(self.sourcing.gap_seconds) + self.poll();
        let most = if others.is_empty() { gap } else { gap.max(self.context.pacing.patience) };
        if refused_for > most {
            let why = format!("no session can be begun: {words}");
            return Err(Halt::Stopped(StopReason::OrgAway(why)));
        }
        let left = most.saturating_sub(refused_for);
        let own = |id: &str| self.waiting.iter().any(|session| session.id.as_deref() == Some(id));
        self.show_phase(match others.into_iter().find(|found| !own(&found.id)) {
            Some(other) => Phase::WaitingForOther { session: other.id, left },
            None => Phase::WaitingForSession(left),
        });
        self.contact.gate.pause(self.poll()).await
    }
}
