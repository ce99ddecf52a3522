//! The mails that Okta would have sent. Nobody gets any; who rehearses wants to know who would have.

use serde::{Deserialize, Serialize};

/// One mail.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Mail {
    /// Milliseconds since 1970.
    pub at: i64,
    pub kind: MailKind,
    /// The place of the user who would get it.
    pub user: u64,
}

/// What a mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MailKind {
    /// A new user is to set a password.
    Activation,
    /// A link for a new password.
    PasswordReset,
    /// An account was locked after too many wrong passwords.
    AccountLocked,
    /// The administrator is told that a user was deactivated or deleted.
    Administrator,
}

impl MailKind {
    /// The name, as `/_emulator/mails` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Activation => "activation",
            Self::PasswordReset => "password_reset",
            Self::AccountLocked => "account_locked",
            Self::Administrator => "administrator",
        }
    }
}
