//! What is done for a person, and for whom it may be needed.

use muster_core::programme::{ActivationNeed, PersonState, ResetNeed, activation_need, reset_need};
use muster_core::record::Line;
use muster_ledger::{Bound, Crowd, ErrandKind, Finding, Ledger, LedgerError};
use muster_okta::wire::{ActivationLink, UserStanding};
use muster_okta::{Exchange, Okta};

use super::links::LinksFile;
use crate::programme::look::standing;

/// What is done for a person.
#[derive(Debug)]
pub enum Task {
    /// A mail for a new password, to whoever waits for the hook still.
    Reset,
    /// An activation, with Okta's mail.
    ActivationByMail,
    /// An activation without mail; the links go into this file.
    ActivationByLink(LinksFile),
}

/// What a look at a user says is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// The request.
    Request(Way),
    /// It has been done, by us.
    IsDone,
    /// Nothing; with what was found.
    Nothing(&'static str, NotNeeded),
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
}

impl Task {
    pub(super) fn kind(&self) -> ErrandKind {
        match self {
            Self::Reset => ErrandKind::Reset,
            Self::ActivationByMail | Self::ActivationByLink(_) => ErrandKind::Activation,
        }
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
        }
    }

    /// What this user needs. `doubt` is whether a request of ours may have arrived.
    pub(super) fn need(&self, user: Option<&UserStanding>, doubt: bool) -> Need {
        let (seen, status) = (user.map(standing), user.map_or("", |user| user.status.as_str()));
        let link = matches!(self, Self::ActivationByLink(_));
        match self {
            Self::Reset => match reset_need(seen, doubt) {
                ResetNeed::Mail => Need::Request(Way::Reset),
                ResetNeed::HasComeOver => Need::Nothing("has come over", NotNeeded::ComeOver),
                ResetNeed::IsReset if doubt => Need::IsDone,
                ResetNeed::IsReset => Need::Nothing("was reset by someone else", NotNeeded::DoneElsewhere),
                ResetNeed::IsGone => Need::Nothing("is gone", NotNeeded::Gone),
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
                    Need::Nothing("was activated by someone else", NotNeeded::DoneElsewhere)
                }
                ActivationNeed::IsGone => Need::Nothing("is gone", NotNeeded::Gone),
            },
        }
    }

    /// Makes the request.
    pub(super) async fn send(&self, okta: &Okta, id: &str, way: Way) -> Exchange<ActivationLink> {
        let mail = matches!(self, Self::ActivationByMail);
        match way {
            Way::Reset => okta.reset_password(id).await.map(|_| ActivationLink::default()),
            Way::Activate => okta.activate(id, mail).await,
            Way::Reactivate => okta.reactivate(id, mail).await,
        }
    }

    /// What the books know of a person for whom it is done.
    pub(super) fn done(&self) -> Option<Finding> {
        match self {
            Self::Reset => Some(Finding::Reset),
            Self::ActivationByMail | Self::ActivationByLink(_) => None,
        }
    }

    /// What the books know of a person for whom it can't be done.
    pub(super) fn refused(&self, why: &str) -> Option<Finding> {
        match self {
            Self::Reset => Some(Finding::Cannot(why.to_owned())),
            Self::ActivationByMail | Self::ActivationByLink(_) => None,
        }
    }
}
