//! A request that is let in, and its answer, as the resources see them.

use std::{borrow::Cow, net::IpAddr};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    model::events::{Actor, Event, EventKind, Target},
    model::mails::{Mail, MailKind},
    refusal::Refusal,
};

const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// How large most answers are.
const USUAL_SIZE: usize = 4096;

/// A request.
pub(crate) struct Call<'a> {
    /// Scheme and host, as the client wrote them.
    pub base: String,
    /// The path as it came.
    pub path: &'a str,
    pub query: Query,
    pub headers: &'a HeaderMap,
    pub body: &'a Bytes,
    pub now: Timestamp,
    /// Who asks.
    pub actor: Actor,
    /// The id of the request.
    pub request_id: &'a str,
    /// Where it comes from.
    pub ip_address: IpAddr,
}

/// The parameters behind the `?`, decoded.
#[derive(Clone)]
pub(crate) struct Query(Vec<(String, String)>);

/// An answer.
pub(crate) struct Reply {
    pub status: StatusCode,
    pub body: Bytes,
    /// Values of `Link` headers.
    pub links: Vec<String>,
    pub etag: Option<String>,
}

/// An answer or a refusal.
pub(crate) type Answer = Result<Reply, Refusal>;

impl<'a> Call<'a> {
    /// The same request once more, at another time.
    pub fn at(&self, now: Timestamp) -> Call<'a> {
        Call { base: self.base.clone(), query: self.query.clone(), now, ..*self }
    }

    /// The body, read as JSON of a shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        if is_plain(self.body)
            && let Ok(body) = serde_json::from_slice(self.body)
        {
            return Ok(body);
        }
        let value: Value = serde_json::from_slice(self.body).map_err(|_| Refusal::malformed())?;
        if let Some(name) = astral_member(&value, "request") {
            return Err(Refusal::field(
                name,
                "Characters outside of the basic multilingual plane are not supported",
            ));
        }
        serde_json::from_value(value).map_err(|_| Refusal::malformed())
    }

    /// The address of a path of this org.
    pub fn href(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The address of this list with other parameters, for `Link` headers.
    pub fn page_href(&self, parameters: &[(&str, String)]) -> String {
        let kept = self.query.0.iter().filter(|(name, _)| parameters.iter().all(|(given, _)| given != name));
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        let given = parameters.iter().map(|(name, value)| (*name, value.as_str()));
        let pairs: Vec<_> =
            given.chain(kept).map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        format!("{}{}?{}", self.base, self.path, pairs.join("&"))
    }

    /// What happens by this call, for the System Log.
    pub fn event(&self, kind: EventKind, target: Target) -> Event {
        let at = self.now.as_millisecond();
        Event { at, kind, actor: self.actor, target, failed: false, reason: None }
    }

    /// A mail that this call causes.
    pub fn mail(&self, kind: MailKind, user: u64) -> Mail {
        Mail { at: self.now.as_millisecond(), kind, user }
    }

    /// A header, as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Query {
    /// Takes a query apart.
    pub fn read(query: &str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let decode = |text: &str| {
            let spaced = text.replace('+', " ");
            percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
        };
        Self(
            pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| (decode(name), decode(value)))
                .collect(),
        )
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that is a whole number.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.parse().ok()
    }

    /// The value of a switch.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool, Refusal> {
        match self.get(name).map(str::to_ascii_lowercase).as_deref() {
            None | Some("") => Ok(default),
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(_) => Err(Refusal::field(name, "The field must be true or false")),
        }
    }

    /// The page size: the greatest one unless a smaller one is asked for.
    pub fn limit(&self, default: usize, greatest: usize) -> Result<usize, Refusal> {
        let Some(limit) = self.get("limit") else { return Ok(default) };
        match limit.parse::<usize>() {
            Ok(limit) if limit > 0 => Ok(limit.min(greatest)),
            _ => Err(Refusal::field("limit", "The limit must be a whole number from 1")),
        }
    }
}

impl Reply {
    /// 200 with a JSON body.
    pub fn json(value: &impl Serialize) -> Answer {
        let mut body = Vec::with_capacity(USUAL_SIZE);
        serde_json::to_writer(&mut body, value).map_err(|_| Refusal::internal())?;
        Ok(Self { status: StatusCode::OK, body: body.into(), links: Vec::new(), etag: None })
    }

    /// 204.
    pub fn empty() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Bytes::new(), links: Vec::new(), etag: None }
    }

    /// 200 with `{}`.
    pub fn done() -> Self {
        Self { status: StatusCode::OK, body: Bytes::from_static(b"{}"), links: Vec::new(), etag: None }
    }
}

/// A segment of a path, decoded.
pub(crate) fn decoded(segment: &str) -> Cow<'_, str> {
    percent_decode_str(segment).decode_utf8_lossy()
}

/// A value as it stands in a URL.
pub(crate) fn encoded(value: &str) -> String {
    utf8_percent_encode(value, PLAIN).to_string()
}

/// Whether a body is seen at a glance to have no text that the API does not support. What is written with
/// surrogates must be looked into, and so must what is no UTF-8.
fn is_plain(body: &[u8]) -> bool {
    let has_surrogates =
        body.contains(&b'\\') && body.windows(3).any(|part| matches!(part, [b'\\', b'u', b'd' | b'D']));
    !has_surrogates && body.iter().all(|byte| *byte < 0xF0) && std::str::from_utf8(body).is_ok()
}

/// The name of the first member whose text the API does not support.
fn astral_member<'a>(value: &'a Value, name: &'a str) -> Option<&'a str> {
    match value {
        Value::String(text) => text.chars().any(|letter| letter > '\u{FFFF}').then_some(name),
        Value::Array(elements) => elements.iter().find_map(|element| astral_member(element, name)),
        Value::Object(members) => members.iter().find_map(|(name, member)| astral_member(member, name)),
        _ => None,
    }
}
