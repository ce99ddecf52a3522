//! Where a person stands between the old password and the new one, and what a look at the user says about it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a person stands. Each stands in exactly one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonState {
    /// Their next sign-in will ask the hook.
    Armed,
    /// The hook said that the password was right; that Okta stored it has not been seen.
    Verified,
    /// Okta has the password.
    ComeOver,
    /// They got a mail to set a new password.
    Reset,
    /// The user is deactivated or deleted.
    Gone,
    /// The user's status allows no reset.
    Cannot,
}

impl PersonState {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 6] =
        [Self::Armed, Self::Verified, Self::ComeOver, Self::Reset, Self::Gone, Self::Cannot];

    /// The word in files and on the screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Armed => "armed",
            Self::Verified => "verified",
            Self::ComeOver => "come_over",
            Self::Reset => "reset",
            Self::Gone => "gone",
            Self::Cannot => "cannot",
        }
    }

    /// Whether the person has still to be brought over.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Armed | Self::Verified)
    }
}

impl fmt::Display for PersonState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

/// A user as the org shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen<'a> {
    /// The status.
    pub status: &'a str,
    /// Who checks the password: `IMPORT` until it has come over.
    pub provider: Option<&'a str>,
}

/// What a person needs who has been armed, once the time of the hook is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetNeed {
    /// A mail to set a new password.
    Mail,
    /// Nothing: the password has come over.
    HasComeOver,
    /// Nothing: the mail has been sent.
    IsReset,
    /// Nothing: the user is deactivated or deleted.
    IsGone,
    /// A hand: no user of this status can be reset.
    Cannot,
}

/// What this person needs. `mailed` is whether a request for the mail may have arrived already.
///
/// Which statuses can be reset is known for ACTIVE, PROVISIONED and `PASSWORD_EXPIRED` only (API.md §5.7). Who is
/// locked out is tried, since nobody needs the mail more; the org may refuse. Whether a reset makes the provider
/// OKTA is not known either: after one of ours, RECOVERY alone tells.
pub fn reset_need(seen: Option<Seen<'_>>, mailed: bool) -> ResetNeed {
    let Some(seen) = seen else { return ResetNeed::IsGone };
    match (seen.status, seen.provider) {
        ("DEPROVISIONED", _) => ResetNeed::IsGone,
        ("RECOVERY", _) if mailed => ResetNeed::IsReset,
        // Who is not shown to have come over is not taken for one who has: they would be forgotten.
        (_, None) => ResetNeed::Cannot,
        (_, Some(provider)) if provider != "IMPORT" => ResetNeed::HasComeOver,
        ("RECOVERY", _) => ResetNeed::IsReset,
        ("ACTIVE" | "PROVISIONED" | "PASSWORD_EXPIRED" | "LOCKED_OUT", _) => ResetNeed::Mail,
        _ => ResetNeed::Cannot,
    }
}

/// What a staged person needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivationNeed {
    /// To be activated.
    Activation,
    /// A new link: the one of the activation was lost on its way.
    AnotherLink,
    /// Nothing: the user is active, or on the way.
    IsActive,
    /// Nothing: the user is deactivated or deleted. An activation would bring back who has left.
    IsGone,
}

/// What this person needs. `asked` is whether a request may have arrived already, `link` whether its answer matters.
pub fn activation_need(seen: Option<Seen<'_>>, asked: bool, link: bool) -> ActivationNeed {
    match seen.map(|seen| seen.status) {
        None | Some("DEPROVISIONED") => ActivationNeed::IsGone,
        Some("STAGED") => ActivationNeed::Activation,
        Some("PROVISIONED") if asked && link => ActivationNeed::AnotherLink,
        Some(_) => ActivationNeed::IsActive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(status: &str, provider: &str, mailed: bool) -> ResetNeed {
        reset_need(Some(Seen { status, provider: Some(provider) }), mailed)
    }

    #[test]
    fn only_who_waits_for_the_hook_is_mailed() {
        for status in ["ACTIVE", "PROVISIONED", "PASSWORD_EXPIRED", "LOCKED_OUT"] {
            assert_eq!(need(status, "IMPORT", false), ResetNeed::Mail, "{status}");
            assert_eq!(need(status, "OKTA", false), ResetNeed::HasComeOver, "{status}");
        }
        for status in ["SUSPENDED", "STAGED", "SOMETHING_NEW"] {
            assert_eq!(need(status, "IMPORT", false), ResetNeed::Cannot, "{status}");
        }
        assert_eq!(need("DEPROVISIONED", "IMPORT", false), ResetNeed::IsGone);
        assert_eq!(reset_need(None, true), ResetNeed::IsGone);
    }

    #[test]
    fn who_checks_the_password_has_to_be_seen() {
        for status in ["ACTIVE", "RECOVERY", "LOCKED_OUT"] {
            assert_eq!(
                reset_need(Some(Seen { status, provider: None }), false),
                ResetNeed::Cannot,
                "{status}"
            );
        }
    }

    #[test]
    fn a_lost_answer_is_read_from_the_status() {
        assert_eq!(need("RECOVERY", "IMPORT", true), ResetNeed::IsReset);
        assert_eq!(need("RECOVERY", "OKTA", true), ResetNeed::IsReset, "a reset may change the provider");
        assert_eq!(need("RECOVERY", "OKTA", false), ResetNeed::HasComeOver, "they forgot the new one");
        assert_eq!(need("ACTIVE", "IMPORT", true), ResetNeed::Mail, "it never arrived");
    }

    #[test]
    fn nobody_is_activated_twice_and_leavers_stay_away() {
        let need = |status, asked, link| activation_need(Some(Seen { status, provider: None }), asked, link);
        assert_eq!(need("STAGED", true, true), ActivationNeed::Activation);
        assert_eq!(need("PROVISIONED", true, false), ActivationNeed::IsActive);
        assert_eq!(need("PROVISIONED", true, true), ActivationNeed::AnotherLink);
        assert_eq!(need("PROVISIONED", false, true), ActivationNeed::IsActive, "someone else's doing");
        assert_eq!(need("ACTIVE", true, true), ActivationNeed::IsActive, "who has a password needs no link");
        assert_eq!(need("DEPROVISIONED", false, false), ActivationNeed::IsGone);
    }
}
