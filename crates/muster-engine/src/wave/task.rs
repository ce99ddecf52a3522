//! What is done for a person, and for whom it may be needed.

use std::borrow::Cow;

use jiff::Timestamp;
use muster_core::programme::{ActivationNeed, PersonState, ResetNeed, activation_need, reset_need};
use muster_core::record::Line;
use muster_ledger::{Bound, Crowd, ErrandKind, Finding, Ledger, LedgerError};
use muster_okta::wire::{ActivationLink, UserStanding};
use muster_okta::{Endpoint, Exchange, Okta};

use super::arming;
use super::links::LinksFile;
use crate::programme::look::standing;

/// What the books say of somebody whose user is deactivated or deleted.
pub(crate) const IS_GONE: &str = "is gone";

/// What is done for a person.
#[derive(Debug)]
pub enum Task {
    /// A mail for a new password, to whoever waits for the hook still.
    Reset,
    /// An activation, with Okta's mail.
    ActivationByMail,
    /// An activation without mail; the links go into this file.
    ActivationByLink(LinksFile),
    /// The password-import hook, for whoever was loaded by one run.
    Arming {
        /// Also for people with a password in Okta, which is forgotten.
        existing: bool,
    },
}

/// What a look at a user says is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// The request.
    Request(Way),
    /// It has been done, by us.
    IsDone,
    /// Nothing; with what was found.
    Nothing(Cow<'static, str>, NotNeeded),
    /// Nothing can be done.
    Cannot(String),
}

/// Why there is nothing to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotNeeded {
    /// The password has come over.
    ComeOver,
    /// Somebody else has done it.
    DoneElsewhere,
    /// The user is deactivated or deleted.
    Gone,
}

/// The request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Reset,
    Activate,
    Reactivate,
    Arm,
}

impl Task {
    pub(super) fn kind(&self) -> ErrandKind {
        match self {
            Self::Reset => ErrandKind::Reset,
            Self::ActivationByMail | Self::ActivationByLink(_) => ErrandKind::Activation,
            Self::Arming { .. } => ErrandKind::Arming,
        }
    }

    /// What the requests take from.
    pub(super) fn endpoint(&self) -> Endpoint {
        match self {
            Self::Arming { .. } => Endpoint::UpdateUser,
            Self::Reset | Self::ActivationByMail | Self::ActivationByLink(_) => Endpoint::UserLifecycle,
        }
    }

    /// People who are attended to at the same time. Mails are few an hour. Arming is to spend the budget: each takes two
    /// requests one after the other, and 2,000 a minute of 300 ms each are twenty people at once; more where the org is
    /// slow. How many requests are under way is the gate's to say.
    pub(super) fn at_once(&self) -> usize {
        if self.is_swift() { 96 } else { 8 }
    }

    /// People taken from the books at a time.
    pub(super) fn page_size(&self) -> u64 {
        if self.is_swift() { 2000 } else { 200 }
    }

    /// Whether nobody gets a mail by it, so that it goes as fast as the org bears.
    pub(super) fn is_swift(&self) -> bool {
        matches!(self, Self::Arming { .. })
    }

    /// Whether the System Log says who needs it no more.
    pub(super) fn needs_log(&self) -> bool {
        matches!(self, Self::Reset)
    }

    /// The next people who may need it.
    pub(super) async fn page(
        &self,
        ledger: &Ledger,
        crowd: Crowd,
        (id, line): (String, Line),
        most: u32,
    ) -> Result<Vec<Bound>, LedgerError> {
        match self {
            Self::Reset => {
                let states = vec![PersonState::Armed, PersonState::Verified, PersonState::Cannot];
                let people = ledger.people(crowd, states, id, most).await?;
                Ok(people.into_iter().map(Bound::from).collect())
            }
            Self::ActivationByMail | Self::ActivationByLink(_) => ledger.staged(crowd, line, most).await,
            Self::Arming { .. } => match crowd.runs.first() {
                Some(run) => ledger.to_arm(*run, line, most).await,
                None => Ok(Vec::new()),
            },
        }
    }

    /// What this user needs. `asked` is when a request of ours was intended that may have arrived.
    pub(super) fn need(&self, user: Option<&UserStanding>, asked: Option<Timestamp>) -> Need {
        let doubt = asked.is_some();
        let (seen, status) = (user.map(standing), user.map_or("", |user| user.status.as_str()));
        let link = matches!(self, Self::ActivationByLink(_));
        match self {
            Self::Reset => match reset_need(seen, doubt) {
                ResetNeed::Mail => Need::Request(Way::Reset),
                ResetNeed::HasComeOver => Need::Nothing("has come over".into(), NotNeeded::ComeOver),
                ResetNeed::IsReset if doubt => Need::IsDone,
                ResetNeed::IsReset => {
                    Need::Nothing("was reset by someone else".into(), NotNeeded::DoneElsewhere)
                }
                ResetNeed::IsGone => Need::Nothing(IS_GONE.into(), NotNeeded::Gone),
                ResetNeed::Cannot if seen.is_some_and(|seen| seen.provider.is_none()) => {
                    Need::Cannot("who checks the password is not shown".to_owned())
                }
                ResetNeed::Cannot => Need::Cannot(status.to_owned()),
            },
            Self::ActivationByMail | Self::ActivationByLink(_) => match activation_need(seen, doubt, link) {
                ActivationNeed::Activation => Need::Request(Way::Activate),
                ActivationNeed::AnotherLink => Need::Request(Way::Reactivate),
                ActivationNeed::IsActive if doubt => Need::IsDone,
                ActivationNeed::IsActive => {
                    Need::Nothing("was activated by someone else".into(), NotNeeded::DoneElsewhere)
                }
                ActivationNeed::IsGone => Need::Nothing(IS_GONE.into(), NotNeeded::Gone),
            },
            Self::Arming { existing } => arming::need(user, asked, *existing),
        }
    }

    /// Makes the request.
    pub(super) async fn send(&self, okta: &Okta, id: &str, way: Way) -> Exchange<ActivationLink> {
        let mail = matches!(self, Self::ActivationByMail);
        match way {
            Way::Reset => okta.reset_password(id).await.map(|_| ActivationLink::default()),
            Way::Activate => okta.activate(id, mail).await,
            Way::Reactivate => okta.reactivate(id, mail).await,
            Way::Arm => okta.arm(id).await.map(|_| ActivationLink::default()),
        }
    }

    /// What the books know of a person for whom it is done.
    pub(super) fn done(&self) -> Option<Finding> {
        match self {
            Self::Reset => Some(Finding::Reset),
            Self::ActivationByMail | Self::ActivationByLink(_) | Self::Arming { .. } => None,
        }
    }

    /// What the books know of a person for whom it can't be done.
    pub(super) fn refused(&self, why: &str) -> Option<Finding> {
        match self {
            Self::Reset => Some(Finding::Cannot(why.to_owned())),
            Self::ActivationByMail | Self::ActivationByLink(_) | Self::Arming { .. } => None,
        }
    }
}
