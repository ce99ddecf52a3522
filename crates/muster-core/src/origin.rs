//! Whose user it is that was found where a create's answer was lost: ours, someone else's, or not to be told.
//!
//! Okta has no key that would say who made a user, so it is told by what the user is and when it came. What is
//! adopted may be deleted by a roll-back: in doubt, a user is nobody's of ours.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::candidate::{Afterwards, Candidate, Credential};
use crate::compare::{FoundUser, differences};
use crate::schema::ProfileSchema;

/// Okta cuts `created` to whole seconds (API.md §1), and its servers' clocks differ a little.
pub const CLOCK_SLACK: SignedDuration = SignedDuration::from_secs(2);

/// How long an org may go on with a request whose client has given up.
const STRAGGLING: SignedDuration = SignedDuration::from_secs(10);

/// The time in which our request can have been carried out, by the org's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// When the first create whose answer is missing was about to leave.
    pub since: Timestamp,
    /// After this, nothing of ours can have been done; none when that is not known.
    pub until: Option<Timestamp>,
}

impl Doubt {
    /// Another create whose answer is missing: it was sent at `sent` and given up after so long at most.
    pub fn extended(earlier: Option<Self>, sent: Timestamp, request_time: SignedDuration) -> Self {
        let until = last_moment(sent, request_time);
        match earlier {
            None => Self { since: sent, until },
            Some(earlier) => Self { since: earlier.since.min(sent), until: until.max(earlier.until) },
        }
    }
}

/// The last moment at which a request can have been carried out that left at this time at the latest.
pub fn last_moment(sent: Timestamp, request_time: SignedDuration) -> Option<Timestamp> {
    let longest = request_time.checked_add(STRAGGLING)?.checked_add(CLOCK_SLACK)?;
    sent.checked_add(longest).ok()
}

/// What holds for all rows of a run when users are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customs {
    /// How long a request is waited for.
    pub request_time: SignedDuration,
    /// Attributes that the org fills in by itself.
    pub defaulted: BTreeSet<String>,
    /// Whether users who were there before are armed with the password-import hook, too.
    pub arms_existing: bool,
}

impl Default for Customs {
    fn default() -> Self {
        Self::of(&ProfileSchema::base(), SignedDuration::from_mins(1))
    }
}

impl Customs {
    /// Those of an org that has the base attributes alone; made once.
    pub fn usual() -> Arc<Self> {
        static USUAL: LazyLock<Arc<Customs>> = LazyLock::new(Arc::default);
        Arc::clone(&USUAL)
    }

    /// Those of an org with this schema.
    pub fn of(schema: &ProfileSchema, request_time: SignedDuration) -> Self {
        // The locale has a default that not every schema tells (API.md §5.2).
        let told = schema.attributes().filter(|attribute| attribute.has_default);
        let defaulted = told.map(|attribute| attribute.name.clone()).chain(["locale".to_owned()]).collect();
        Self { request_time, defaulted, arms_existing: false }
    }
}

/// Whose user it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// No other explanation is left but one: the same user, made the same way, within the same seconds.
    Ours,
    /// A create of ours can't have made it.
    Theirs,
    /// Everything agrees, and something is odd; with what that is.
    Unclear(Vec<String>),
}

/// Whose user it is that has the login of this row.
pub fn origin(candidate: &Candidate, found: &FoundUser, doubt: Doubt, customs: &Customs) -> Origin {
    if outside(found.created, doubt) || !differences(&candidate.profile, &found.profile).is_empty() {
        return Origin::Theirs;
    }
    if made_otherwise(candidate, found) {
        return Origin::Theirs;
    }
    let odd: Vec<String> = [
        odd_time(found.created, doubt.since),
        odd_provider(candidate, found),
        odd_status(candidate, found),
        odd_attributes(&candidate.profile, &found.profile, customs),
    ]
    .into_iter()
    .flatten()
    .collect();
    if odd.is_empty() { Origin::Ours } else { Origin::Unclear(odd) }
}

fn outside(created: Option<Timestamp>, doubt: Doubt) -> bool {
    created.is_some_and(|created| {
        created < whole_second(doubt.since) - CLOCK_SLACK || doubt.until.is_some_and(|until| created > until)
    })
}

/// Whether it came into being in a way that no create of this row makes.
fn made_otherwise(candidate: &Candidate, found: &FoundUser) -> bool {
    let imported = found.provider.as_deref() == Some("IMPORT");
    // An active user with a credential is never staged, but while the org is still at it.
    let staged = found.status == "STAGED" && !found.in_transition;
    let other = |asked: &Option<String>, has: &Option<String>| {
        asked.as_ref().zip(has.as_ref()).is_some_and(|(asked, has)| asked != has)
    };
    let elsewhere = found.provider.as_deref().is_some_and(|word| !matches!(word, "OKTA" | "IMPORT" | ""));
    elsewhere
        || (imported && !brings_stored_password(candidate))
        || (staged && candidate.activate && candidate.credential != Credential::None)
        || other(&candidate.type_id, &found.type_id)
        || other(&candidate.realm_id, &found.realm_id)
}

/// Whether the create hands over a password that Okta marks as imported (API.md §5.1).
fn brings_stored_password(candidate: &Candidate) -> bool {
    matches!(candidate.credential, Credential::Hash(_) | Credential::Hook)
}

fn odd_time(created: Option<Timestamp>, since: Timestamp) -> Option<String> {
    match created {
        None => Some("the org does not say when it was created".to_owned()),
        Some(created) if created < whole_second(since) => {
            Some(format!("it was created at {created}, a moment before our request of {since}"))
        }
        Some(_) => None,
    }
}

fn odd_provider(candidate: &Candidate, found: &FoundUser) -> Option<String> {
    let turned = brings_stored_password(candidate) && found.provider.as_deref() == Some("OKTA");
    turned.then(|| {
        "its password provider is OKTA, and an imported one was sent: it has signed in since, or is someone else's"
            .to_owned()
    })
}

fn odd_status(candidate: &Candidate, found: &FoundUser) -> Option<String> {
    let later = match candidate.afterwards {
        Some(Afterwards::Suspend) => Some("SUSPENDED"),
        Some(Afterwards::Deactivate) => Some("DEPROVISIONED"),
        None => None,
    };
    let staged = found.status == "STAGED";
    let unsaid = found.status.is_empty() || found.in_transition;
    let expected = unsaid || staged != candidate.activate || later == Some(&*found.status);
    let asked = if candidate.activate { "an active user" } else { "a staged one" };
    (!expected).then(|| format!("it is {}, and {asked} was asked for", found.status))
}

fn odd_attributes(
    sent: &Map<String, Value>,
    found: &Map<String, Value>,
    customs: &Customs,
) -> Option<String> {
    let more = found.iter().filter(|(name, value)| {
        !is_blank(value) && !sent.contains_key(*name) && !customs.defaulted.contains(*name)
    });
    let names: Vec<&str> = more.map(|(name, _)| name.as_str()).collect();
    (!names.is_empty()).then(|| format!("it has attributes that were not sent: {}", names.join(", ")))
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

#[cfg(test)]
mod tests;
