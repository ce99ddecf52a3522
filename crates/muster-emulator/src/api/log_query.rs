//! What is asked of the System Log.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{call::Call, page::Page};
use crate::{
    expression::{Case, Expression},
    model::{
        events::{Event, Target},
        org::Org,
    },
    refusal::Refusal,
};

const DEFAULT_PAGE: usize = 100;
const LARGEST_PAGE: usize = 1000;
const MOST_WORDS: usize = 10;
const LONGEST_WORD: usize = 40;
/// How far back the log goes if nothing is said.
const DAYS: i64 = 7;

/// A query, read.
pub(super) struct LogQuery {
    /// Milliseconds since 1970; the first one that counts.
    pub since: i64,
    /// The first one that does not count.
    pub until: i64,
    pub limit: usize,
    pub after: Option<u64>,
    pub descending: bool,
    /// No end was given: whoever asks will ask again.
    pub polls: bool,
    filter: Option<Expression>,
    aim: Option<Aim>,
    /// In lower case; all of them must be said.
    words: Vec<String>,
}

/// The user or group that events must be about, if the filter names the id of one.
struct Aim {
    user: Option<u64>,
    group: Option<u64>,
}

impl Aim {
    fn of(org: &Org, filter: &Expression) -> Option<Self> {
        let id = filter.required_text("target.id")?;
        let user = org.users.by_id(id).map(|user| user.ordinal);
        let group = org.groups.by_id(id).map(|group| group.ordinal);
        (user.is_some() || group.is_some()).then_some(Self { user, group })
    }

    fn can_be(&self, target: &Target) -> bool {
        match *target {
            Target::Nothing => false,
            Target::User(user) | Target::Sourced(user, _) => self.user == Some(user),
            Target::Group(group) => self.group == Some(group),
            Target::Membership(user, group) => self.user == Some(user) || self.group == Some(group),
            Target::Other(..) | Target::Import(..) => true,
        }
    }
}

impl LogQuery {
    /// Reads the parameters of a call. A page of none is allowed; a larger one than the largest is cut.
    pub fn of(org: &Org, call: &Call<'_>) -> Result<Self, Refusal> {
        let until = time(call, "until")?;
        let week = SignedDuration::from_hours(24 * DAYS);
        let before = |end: Timestamp| end.saturating_sub(week).unwrap_or(Timestamp::MIN);
        let since = time(call, "since")?.unwrap_or_else(|| before(until.unwrap_or(call.now)));
        let filter = call.query.get("filter").filter(|text| !text.is_empty());
        let filter = filter.map(Expression::read_with_negations).transpose()?;
        let limit = match call.query.get("limit") {
            Some("0") => 0,
            _ => call.query.limit(DEFAULT_PAGE, LARGEST_PAGE)?,
        };
        Ok(Self {
            since: since.as_millisecond(),
            until: until.map_or(i64::MAX, Timestamp::as_millisecond),
            limit,
            after: Page::after(call)?,
            descending: descending(call)?,
            polls: until.is_none(),
            aim: filter.as_ref().and_then(|filter| Aim::of(org, filter)),
            filter,
            words: words(call)?,
        })
    }

    /// Whether an event can be wanted, by its kind and target: a view of it takes much longer.
    pub fn can_want(&self, event: &Event) -> bool {
        let kind = self.filter.as_ref().and_then(|filter| filter.required_text("eventType"));
        kind.is_none_or(|kind| kind == event.kind.name())
            && self.aim.as_ref().is_none_or(|aim| aim.can_be(&event.target))
    }

    /// Whether an event is wanted.
    pub fn wants(&self, view: &Value) -> bool {
        let fits =
            self.filter.as_ref().is_none_or(|filter| filter.holds(Case::Counts, &|path| member(view, path)));
        fits && (self.words.is_empty() || {
            let text = view.to_string().to_lowercase();
            self.words.iter().all(|word| text.contains(word.as_str()))
        })
    }
}

fn time(call: &Call<'_>, name: &str) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = call.query.get(name).filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Refusal::field(name, "The field must be a date and time"))
}

fn descending(call: &Call<'_>) -> Result<bool, Refusal> {
    match call.query.get("sortOrder").map(str::to_ascii_uppercase).as_deref() {
        None | Some("" | "ASCENDING") => Ok(false),
        Some("DESCENDING") => Ok(true),
        Some(_) => Err(Refusal::field("sortOrder", "The field must be ASCENDING or DESCENDING")),
    }
}

fn words(call: &Call<'_>) -> Result<Vec<String>, Refusal> {
    let text = call.query.get("q").unwrap_or_default().to_lowercase();
    let words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
    if words.len() > MOST_WORDS || words.iter().any(|word| word.chars().count() > LONGEST_WORD) {
        return Err(Refusal::field("q", "At most 10 words of at most 40 characters can be searched for"));
    }
    Ok(words)
}

/// A member of an event by its path, such as `target.id` or `outcome.result`; of a list, those of all elements.
fn member(view: &Value, path: &str) -> Option<Value> {
    let found = path.split('.').try_fold(view.clone(), |value, name| match value {
        Value::Array(elements) => {
            let inner: Vec<_> = elements.iter().filter_map(|element| element.get(name).cloned()).collect();
            (!inner.is_empty()).then_some(Value::Array(inner))
        }
        other => other.get(name).cloned(),
    });
    found.filter(|value| !value.is_null())
}
