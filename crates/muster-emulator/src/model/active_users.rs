//! How many active users an org may have.

use super::{org::Org, user::Status};
use crate::refusal::Refusal;

impl Status {
    /// Whether a user of this status counts as an active one: can sign in, or could but for the password.
    pub fn counts_as_active(self) -> bool {
        matches!(self, Self::Active | Self::PasswordExpired | Self::LockedOut | Self::Recovery)
    }
}

impl Org {
    /// Refuses one active user more than the org may have. The text of the refusal is UNCONFIRMED (API.md §8.6).
    pub fn check_active(&self, from: Option<Status>, to: Status) -> Result<(), Refusal> {
        let Some(cap) = self.resources.active_user_cap else { return Ok(()) };
        let counts = |status: Status| status.counts_as_active();
        if !counts(to) || from.is_some_and(counts) || self.users.active() < cap as usize {
            return Ok(());
        }
        let cause = format!("The maximum number of active users ({cap}) has been reached for this org");
        Err(Refusal::validation("activeUsers").because(cause))
    }
}
