//! Setting the password-import hook for whoever was loaded: what a look at the user says.

use jiff::Timestamp;
use muster_core::programme::{ArmingNeed, Holder, arming_need};
use muster_okta::wire::UserStanding;

use super::task::{IS_GONE, Need, NotNeeded, Way};

/// What this user needs. `asked` is when a request of ours was intended that may have arrived, `existing` whether
/// passwords in Okta are to be forgotten.
pub(super) fn need(user: Option<&UserStanding>, asked: Option<Timestamp>, existing: bool) -> Need {
    match arming_need(user.map(holder), asked, existing) {
        ArmingNeed::Arming => Need::Request(Way::Arm),
        ArmingNeed::IsDone => Need::IsDone,
        ArmingNeed::HasPassword => Need::Nothing("has a password in Okta".into(), NotNeeded::DoneElsewhere),
        ArmingNeed::MayHavePassword => Need::Nothing(
            "has a password in Okta, or waits for the hook already".into(),
            NotNeeded::DoneElsewhere,
        ),
        ArmingNeed::SignsInWith(provider) => {
            Need::Nothing(format!("signs in with {provider}").into(), NotNeeded::DoneElsewhere)
        }
        ArmingNeed::IsGone => Need::Nothing(IS_GONE.into(), NotNeeded::Gone),
        ArmingNeed::IsNotShown => Need::Cannot("whether there is a password is not shown".to_owned()),
    }
}

fn holder(user: &UserStanding) -> Holder<'_> {
    Holder {
        status: &user.status,
        provider: user.provider(),
        has_password: user.has_password(),
        password_changed: user.password_changed,
    }
}
