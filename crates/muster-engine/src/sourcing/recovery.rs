//! Taking up what an earlier process left: each session's state is read, and it is gone on with, triggered, waited for,
//! or its rows are free again.

use jiff::{SignedDuration, Timestamp};
use muster_ledger::{SessionRecord, SessionStage, UploadKind};
use muster_okta::wire::{ImportSession, SessionStatus};

use super::Sessions;
use crate::gate::Halt;

/// The org's clock may be so far from what we take it for, dates being cut to whole seconds.
const SLACK: SignedDuration = SignedDuration::from_secs(3);

/// So long after it was intended the request to begin a session may have left. What was begun later is somebody else's,
/// who would find our people in it.
const BEGUN_WITHIN: SignedDuration = SignedDuration::from_mins(10);

impl Sessions<'_> {
    pub(super) async fn recover(&mut self) -> Result<(), Halt> {
        // Any answer tells the org's clock, and whether there is such a source.
        self.contact.list().await?;
        for session in self.context.ledger.import_sessions(self.context.run).await? {
            match session.stage {
                SessionStage::Settled | SessionStage::Void => {}
                SessionStage::Intended => self.adopt(session).await?,
                SessionStage::Loading | SessionStage::Triggering | SessionStage::Triggered => {
                    self.take_up(session).await?;
                }
            }
        }
        Ok(())
    }

    /// A session whose begin was intended, and maybe done.
    async fn adopt(&mut self, session: SessionRecord) -> Result<(), Halt> {
        let at = session.intended_at;
        let mut found = self.find_begun(at, at).await?;
        if found.is_none() {
            // A request of a process that was killed may be on its way still.
            self.contact.gate.pause(self.poll()).await?;
            found = self.find_begun(at, at).await?;
        }
        match found {
            Some(found) => {
                let session = self.begun(session, found).await?;
                self.open = Some(session);
                Ok(())
            }
            None => self.void(&session, None).await,
        }
    }

    /// The session that a lost answer told of: one that nobody knows, loaded by nobody, begun by one of the requests
    /// that were intended from the `first` to the `last`.
    pub(super) async fn find_begun(
        &self,
        first: Timestamp,
        last: Timestamp,
    ) -> Result<Option<ImportSession>, Halt> {
        let known = self.context.ledger.session_ids(self.key).await?;
        let is_known = |found: &ImportSession| known.iter().any(|(id, _, _)| *id == found.id);
        let ours = |found: &ImportSession| may_be_begun(found, first, last) && !is_known(found);
        Ok(self.contact.list().await?.into_iter().filter(ours).min_by_key(|found| found.created))
    }

    /// The books learn its id.
    pub(super) async fn begun(
        &self,
        mut session: SessionRecord,
        found: ImportSession,
    ) -> Result<SessionRecord, Halt> {
        let created = found.created.unwrap_or_else(|| self.contact.org_now());
        let (ledger, run) = (&self.context.ledger, self.context.run);
        ledger.session_created(run, session.number, found.id.clone(), created).await?;
        (session.id, session.created_at, session.stage) =
            (Some(found.id), Some(created), SessionStage::Loading);
        Ok(session)
    }

    async fn take_up(&mut self, session: SessionRecord) -> Result<(), Halt> {
        let status = self.contact.status(session.id.as_deref().unwrap_or_default()).await?;
        match status {
            SessionStatus::Created | SessionStatus::InProgress => {
                self.recall(&session).await?;
                if session.stage == SessionStage::Loading {
                    self.open = Some(session);
                } else {
                    self.trigger(session).await?;
                }
                Ok(())
            }
            SessionStatus::Closed | SessionStatus::Expired => self.void(&session, Some(&status)).await,
            SessionStatus::Triggered
            | SessionStatus::Completed
            | SessionStatus::Error
            | SessionStatus::Other(_) => {
                self.recall(&session).await?;
                self.triggered(session).await
            }
        }
    }

    /// What a live session carries needs no other.
    async fn recall(&mut self, session: &SessionRecord) -> Result<(), Halt> {
        let uploads = self.context.ledger.uploads(self.context.run, session.number).await?;
        for upload in uploads.iter().filter(|upload| upload.accepted) {
            if matches!(upload.kind, UploadKind::Users | UploadKind::Deletions) {
                self.carried.extend(upload.lines.iter().map(|line| (*line, session.number)));
            }
        }
        Ok(())
    }

    /// It came to nothing: what it carried is free again.
    pub(super) async fn void(
        &mut self,
        session: &SessionRecord,
        status: Option<&SessionStatus>,
    ) -> Result<(), Halt> {
        let (ledger, run) = (&self.context.ledger, self.context.run);
        // A later session may carry a row that this one had in doubt.
        self.carried.retain(|_, carrier| *carrier != session.number);
        let status = status.map(|status| status.as_str().to_owned());
        let at = self.contact.org_now();
        ledger.end_session(run, session.number, SessionStage::Void, status, at).await?;
        Ok(())
    }
}

/// Whether one of the requests that were intended from the `first` to the `last` may have begun the session, in which
/// nothing is loaded yet.
pub fn may_be_begun(session: &ImportSession, first: Timestamp, last: Timestamp) -> bool {
    let since = first.saturating_sub(SLACK).unwrap_or(Timestamp::MIN);
    let until = last.saturating_add(BEGUN_WITHIN).unwrap_or(Timestamp::MAX);
    session.status == SessionStatus::Created
        && session.created.is_none_or(|created| since <= created && created <= until)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(status: &SessionStatus, created: i64) -> ImportSession {
        serde_json::from_value(serde_json::json!({
            "id": "aps1", "status": status, "created": Timestamp::from_second(created).unwrap(),
        }))
        .unwrap()
    }

    #[test]
    fn what_was_begun_long_after_is_somebody_elses() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let ours = |status, created| may_be_begun(&session(&status, created), at(1_000), at(1_100));
        assert!(ours(SessionStatus::Created, 998) && ours(SessionStatus::Created, 1_700));
        assert!(!ours(SessionStatus::Created, 990) && !ours(SessionStatus::Created, 1_701));
        assert!(!ours(SessionStatus::InProgress, 1_000), "somebody loads it");
    }
}
