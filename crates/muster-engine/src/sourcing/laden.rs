//! What the session that is being loaded holds already.

use std::collections::HashSet;

use muster_core::sourcing::SessionRoom;
use muster_ledger::UploadKind;

use super::Sessions;
use crate::gate::Halt;

/// What a session holds.
#[derive(Debug, Default)]
pub(super) struct Laden {
    requests: usize,
    users: usize,
    /// Rows whose memberships are in it.
    pub joined: HashSet<u64>,
    /// Rows whose leaving of groups is in it.
    pub left: HashSet<u64>,
}

impl Laden {
    /// What it still takes.
    pub fn room(&self) -> SessionRoom {
        SessionRoom::after(self.requests, self.users)
    }
}

impl Sessions<'_> {
    /// What the open session holds; nothing where none is open.
    pub(super) async fn laden(&self) -> Result<Laden, Halt> {
        let mut laden = Laden::default();
        let Some(open) = &self.open else { return Ok(laden) };
        for upload in self.context.ledger.uploads(self.context.run, open.number).await? {
            laden.requests += 1;
            match upload.kind {
                UploadKind::Users | UploadKind::Deletions | UploadKind::Departures => {
                    laden.users += upload.lines.len();
                }
                UploadKind::Joins if upload.accepted => laden.joined.extend(upload.lines),
                UploadKind::Leaves if upload.accepted => laden.left.extend(upload.lines),
                UploadKind::Groups | UploadKind::Joins | UploadKind::Leaves => {}
            }
        }
        Ok(laden)
    }
}
