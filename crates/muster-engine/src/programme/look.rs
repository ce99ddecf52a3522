//! Looking at users: the search can't ask who waits for the hook, so each is read.

use futures_util::StreamExt;
use futures_util::stream::iter;
use jiff::{SignedDuration, Timestamp};
use muster_core::programme::{PersonState, ResetNeed, Seen, reset_need};
use muster_ledger::{Crowd, Finding, Person};
use muster_okta::Endpoint;
use muster_okta::wire::UserStanding;

use super::{Contact, Programme};
use crate::gate::Halt;

/// Looks under way at the same time.
const AT_ONCE: usize = 16;
/// People taken from the books at a time.
const PAGE: u32 = 500;
/// This machine's clock may be ahead of the org's.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// What came of looking at people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// At how many.
    pub people: u64,
    /// Those who turned out to have come over.
    pub come_over: u64,
}

impl Contact {
    /// The user as it is now; none when there is none.
    pub(crate) async fn look(&self, okta_id: &str) -> Result<Result<Option<UserStanding>, String>, Halt> {
        let exchange = self.gate.patiently(Endpoint::ReadUser, || self.okta.read_standing(okta_id)).await?;
        Ok(match exchange.result {
            Ok(user) => Ok(Some(user)),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error.to_string()),
        })
    }
}

impl Programme {
    /// Looks at everybody who has not come over, as far as the books know.
    pub async fn look_at_all(&self, contact: &Contact, crowd: &Crowd) -> Result<Looked, Halt> {
        let states = vec![PersonState::Armed, PersonState::Verified, PersonState::Cannot];
        self.look_at_those(contact, crowd, states).await
    }

    /// Looks again at who was gone: a user that was deactivated may have been activated again, and waits then.
    pub async fn look_at_gone(&self, contact: &Contact, crowd: &Crowd) -> Result<Looked, Halt> {
        self.look_at_those(contact, crowd, vec![PersonState::Gone]).await
    }

    async fn look_at_those(
        &self,
        contact: &Contact,
        crowd: &Crowd,
        states: Vec<PersonState>,
    ) -> Result<Looked, Halt> {
        let (mut after, mut looked) = (String::new(), Looked::default());
        loop {
            let page = self.ledger.people(crowd.clone(), states.clone(), after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(looked) };
            after = last.okta_id.clone();
            let looks = iter(page).map(|person| self.look_at(contact, person)).buffer_unordered(AT_ONCE);
            for came_over in looks.collect::<Vec<_>>().await {
                looked.people += 1;
                looked.come_over += u64::from(came_over?);
            }
        }
    }

    async fn look_at(&self, contact: &Contact, person: Person) -> Result<bool, Halt> {
        let seen = match contact.look(&person.okta_id).await? {
            Ok(seen) => seen,
            Err(words) => return Err(super::forbidden(&words, "okta.users.read")),
        };
        let now = self.clock.now();
        let finding = match reset_need(seen.as_ref().map(standing), false) {
            ResetNeed::HasComeOver => Finding::ComeOver(came_over_at(seen.as_ref(), person.armed_at, now)),
            ResetNeed::IsReset => Finding::Reset,
            ResetNeed::IsGone => Finding::Gone,
            ResetNeed::Mail | ResetNeed::Cannot => Finding::Waits,
        };
        let came_over = matches!(finding, Finding::ComeOver(_));
        self.ledger.looked_at(person.okta_id, finding, now).await?;
        Ok(came_over)
    }
}

/// The part of a user that decides.
pub(crate) fn standing(user: &UserStanding) -> Seen<'_> {
    Seen { status: &user.status, provider: user.provider() }
}

/// When the password was set, if that was after the person was armed; now, where nobody knows.
pub(crate) fn came_over_at(
    user: Option<&UserStanding>,
    armed: Option<Timestamp>,
    now: Timestamp,
) -> Timestamp {
    let armed = armed.and_then(|at| at.saturating_sub(SKEW).ok()).unwrap_or(Timestamp::MIN);
    user.and_then(|user| user.password_changed).filter(|changed| *changed > armed).unwrap_or(now)
}
