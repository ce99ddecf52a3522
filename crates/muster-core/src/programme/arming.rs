//! Who is to be armed with the password-import hook after they were loaded, and who had better be left alone.

use jiff::{SignedDuration, Timestamp};

/// This machine's clock may be so far from the org's.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// A user as the org shows it, as far as it tells what arming would take away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder<'a> {
    /// The status.
    pub status: &'a str,
    /// Who checks the password.
    pub provider: Option<&'a str>,
    /// Whether there is one.
    pub has_password: bool,
    /// When it was last set.
    pub password_changed: Option<Timestamp>,
}

impl Holder<'_> {
    /// Okta has a password of theirs, and checks it itself.
    fn has_own(&self) -> bool {
        self.provider == Some("OKTA") && self.has_password
    }
}

/// What somebody needs who was loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArmingNeed<'a> {
    /// To be armed.
    Arming,
    /// Nothing: the request has arrived, and they have signed in since.
    IsDone,
    /// Nothing: the password that they have in Okta would be forgotten.
    HasPassword,
    /// Nothing: they wait for the hook already, or have an imported hash, or a password of their own, which can't be told
    /// apart: that would be forgotten.
    MayHavePassword,
    /// Nothing: somebody else checks their password, such as a directory.
    SignsInWith(&'a str),
    /// Nothing: the user is deactivated or deleted.
    IsGone,
    /// A hand: whether they have a password is not shown.
    IsNotShown,
}

/// What this person needs. `asked` is when a request of ours was intended that may have arrived, `existing` whether
/// the operator wants passwords forgotten that people have in Okta.
///
/// Who is armed and signs in has a password in Okta by that. So after a request that may have arrived, a password
/// there means that it did: to arm them again would take it away. Where people with passwords are armed on purpose,
/// one that is older than the request shows that it did not arrive.
///
/// Whether a match with an identity source makes the provider of a user IMPORT who has a password is UNCONFIRMED. So
/// IMPORT does not show that nothing is lost by arming; that no password was ever set does.
pub fn arming_need(seen: Option<Holder<'_>>, asked: Option<Timestamp>, existing: bool) -> ArmingNeed<'_> {
    let Some(seen) = seen.filter(|seen| seen.status != "DEPROVISIONED") else { return ArmingNeed::IsGone };
    if let Some(asked) = asked.filter(|_| seen.has_own()) {
        let asked = asked.saturating_sub(SKEW).unwrap_or(Timestamp::MIN);
        let older = seen.password_changed.is_some_and(|changed| changed < asked);
        return if existing && older { ArmingNeed::Arming } else { ArmingNeed::IsDone };
    }
    match seen.provider {
        _ if existing => ArmingNeed::Arming,
        Some("OKTA") if seen.has_password => ArmingNeed::HasPassword,
        // Of whom it was asked, nothing would have been forgotten: the same again harms nobody.
        Some("OKTA" | "IMPORT") if asked.is_some() => ArmingNeed::Arming,
        Some("IMPORT") if seen.has_password && seen.password_changed.is_some() => ArmingNeed::MayHavePassword,
        Some("OKTA" | "IMPORT") => ArmingNeed::Arming,
        Some(other) => ArmingNeed::SignsInWith(other),
        None => ArmingNeed::IsNotShown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn holder(provider: &'static str, has_password: bool) -> Holder<'static> {
        Holder { status: "ACTIVE", provider: Some(provider), has_password, password_changed: Some(at(100)) }
    }

    #[test]
    fn nobody_loses_a_password_unless_that_is_wanted() {
        let need = |seen, existing| arming_need(Some(seen), None, existing);
        assert_eq!(need(holder("OKTA", true), false), ArmingNeed::HasPassword);
        assert_eq!(need(holder("OKTA", true), true), ArmingNeed::Arming);
        assert_eq!(need(holder("OKTA", false), false), ArmingNeed::Arming);
        assert_eq!(need(holder("IMPORT", false), false), ArmingNeed::Arming);
        assert_eq!(need(holder("IMPORT", true), false), ArmingNeed::MayHavePassword);
        assert_eq!(need(holder("IMPORT", true), true), ArmingNeed::Arming);
        let never_set = Holder { password_changed: None, ..holder("IMPORT", true) };
        assert_eq!(need(never_set, false), ArmingNeed::Arming);
        assert_eq!(need(holder("LDAP", false), false), ArmingNeed::SignsInWith("LDAP"));
        let hidden = Holder { provider: None, ..holder("OKTA", false) };
        assert_eq!(need(hidden, false), ArmingNeed::IsNotShown);
        assert_eq!(need(Holder { status: "STAGED", ..holder("OKTA", false) }, false), ArmingNeed::Arming);
    }

    #[test]
    fn who_has_signed_in_meanwhile_is_not_armed_again() {
        let need = |seen, asked, existing| arming_need(Some(seen), Some(at(asked)), existing);
        assert_eq!(need(holder("OKTA", true), 90, false), ArmingNeed::IsDone);
        assert_eq!(need(holder("OKTA", true), 90, true), ArmingNeed::IsDone);
        assert_eq!(need(holder("OKTA", true), 103, true), ArmingNeed::IsDone, "the clocks may differ");
        assert_eq!(need(holder("OKTA", true), 200, true), ArmingNeed::Arming, "it is the old one");
        assert_eq!(
            need(holder("OKTA", true), 200, false),
            ArmingNeed::IsDone,
            "and nobody wants it forgotten"
        );
        assert_eq!(need(holder("OKTA", false), 90, false), ArmingNeed::Arming, "it never arrived");
        assert_eq!(
            need(holder("IMPORT", true), 90, false),
            ArmingNeed::Arming,
            "the same again harms nobody"
        );
    }

    #[test]
    fn leavers_stay_as_they_are() {
        assert_eq!(arming_need(None, Some(at(0)), true), ArmingNeed::IsGone);
        let gone = Holder { status: "DEPROVISIONED", ..holder("OKTA", true) };
        assert_eq!(arming_need(Some(gone), Some(at(0)), true), ArmingNeed::IsGone);
    }
}
