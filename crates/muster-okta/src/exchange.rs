//! One request and what came of it, with all that the headers tell.

use std::time::Duration;

use ::http::header::{DATE, HeaderName, LINK, RETRY_AFTER};
use ::http::{HeaderMap, Response};
use bytes::Bytes;
use jiff::Timestamp;
use muster_core::pace::Reading;
use muster_core::retry::{AnswerKind, Class, classify};
use serde::de::DeserializeOwned;

use crate::auth::TokenVerdict;
use crate::error::{CallError, OktaError, TransportError, TransportFailure};

/// One request and what came of it.
#[derive(Debug)]
pub struct Exchange<T> {
    /// The answer, or why there is none.
    pub result: Result<T, CallError>,
    /// The HTTP status; none when no answer came.
    pub status: Option<u16>,
    /// The rate headers.
    pub reading: Option<Reading>,
    /// How long a 429 told to wait by `Retry-After`. Okta sends none; those in front of an org may.
    pub retry_after: Option<Duration>,
    /// The org's clock.
    pub date: Option<Timestamp>,
    /// Where the next page is.
    pub next: Option<String>,
    /// What the answer says about the access token.
    pub token: TokenVerdict,
}

const LIMIT: HeaderName = HeaderName::from_static("x-rate-limit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");

/// The most of a foreign body that goes into a message.
const EXCERPT: usize = 160;

impl<T> Exchange<T> {
    /// How long a spent window is to be waited for, if the answer tells.
    pub fn window_ends_in(&self) -> Option<Duration> {
        self.reading.map(|reading| reading.resets_in).or(self.retry_after)
    }

    /// The exchange of a request that brought no answer.
    pub fn unanswered(error: TransportError) -> Self {
        Self {
            result: Err(error.into()),
            status: None,
            reading: None,
            retry_after: None,
            date: None,
            next: None,
            token: TokenVerdict::None,
        }
    }

    /// The exchange of a request that was not sent, for want of a token.
    pub fn without_token(error: CallError) -> Self {
        let nothing = TransportError { failure: TransportFailure::Unsendable, text: String::new() };
        Self { result: Err(error), ..Self::unanswered(nothing) }
    }

    /// The exchange of an answer whose body `read` understands.
    pub fn of(response: Response<Bytes>, read: impl FnOnce(&Bytes) -> Result<T, String>) -> Self {
        let (parts, body) = response.into_parts();
        let status = parts.status.as_u16();
        let date = header(&parts.headers, &DATE).and_then(|text| httpdate::parse_http_date(text).ok());
        let date = date.and_then(|time| Timestamp::try_from(time).ok());
        let result = if parts.status.is_success() {
            read(&body).map_err(|reason| CallError::Malformed { status, reason })
        } else {
            Err(refusal(status, &body))
        };
        Self {
            result,
            status: Some(status),
            reading: reading(&parts.headers, date),
            retry_after: retry_after(status, &parts.headers),
            date,
            next: next_page(&parts.headers),
            token: TokenVerdict::None,
        }
    }

    /// What the answer means; an exchange without an answer has no class.
    pub fn class(&self) -> Option<Class> {
        match (&self.result, self.token) {
            // What a torn 401 or 429 says is in its status.
            (Err(CallError::Malformed { status, .. }), _) if !matches!(status, 401 | 429) => {
                return Some(Class::Doubtful);
            }
            (Err(_), TokenVerdict::Spent) => return Some(Class::TokenSpent),
            (Err(_), TokenVerdict::Refused) | (Err(CallError::NoToken { .. }), _) => {
                return Some(Class::Unauthorised);
            }
            _ => {}
        }
        let code = self.result.as_ref().err().and_then(CallError::code);
        let (limit, remaining) = self.reading.map(|reading| (reading.limit, reading.remaining)).unzip();
        self.status.map(|status| classify(AnswerKind { status, code, limit, remaining }))
    }
}

/// Reads a JSON body.
pub fn json<T: DeserializeOwned>(body: &Bytes) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn refusal(status: u16, body: &Bytes) -> CallError {
    match serde_json::from_slice::<OktaError>(body) {
        Ok(error) => CallError::Okta { status, error },
        // Okta's words, torn: what they were is open.
        Err(torn) if torn.is_eof() && (status == 400 || !body.is_empty()) => {
            CallError::Malformed { status, reason: torn.to_string() }
        }
        Err(_) => CallError::NotOkta { status, excerpt: excerpt(body) },
    }
}

/// The beginning of a foreign body, without markup and control characters.
pub(crate) fn excerpt(body: &Bytes) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for letter in String::from_utf8_lossy(&body[..body.len().min(4096)]).chars() {
        match letter {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if in_tag => {}
            _ if letter.is_whitespace() || letter.is_control() => {
                if !text.ends_with(' ') {
                    text.push(' ');
                }
            }
            _ => text.push(letter),
        }
        if text.len() > EXCERPT {
            text.push('…');
            break;
        }
    }
    let text = text.trim();
    if text.is_empty() { "(empty)".to_owned() } else { text.to_owned() }
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Without a `Date`, the time of this machine would have to do, and it may be wrong: then the reset is taken for
/// a whole window away.
fn reading(headers: &HeaderMap, date: Option<Timestamp>) -> Option<Reading> {
    const WINDOW: u64 = 60;
    let number = |name: &HeaderName| header(headers, name)?.trim().parse::<u64>().ok();
    let limit = number(&LIMIT)?;
    let remaining = number(&REMAINING)?;
    let reset = number(&RESET)?;
    let seconds = match date.and_then(|date| u64::try_from(date.as_second()).ok()) {
        Some(date) => reset.saturating_sub(date),
        None => WINDOW,
    };
    Some(Reading {
        limit,
        remaining,
        resets_in: Duration::from_secs(seconds),
        resets_at: i64::try_from(reset).unwrap_or(i64::MAX),
        date: date.map(Timestamp::as_second),
    })
}

fn retry_after(status: u16, headers: &HeaderMap) -> Option<Duration> {
    if status != 429 {
        return None;
    }
    header(headers, &RETRY_AFTER)?.trim().parse().ok().map(Duration::from_secs)
}

/// The target of `Link: <…>; rel="next"`; the header comes once per link, or with commas between.
fn next_page(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    let links = values.flat_map(|value| value.split(", <"));
    links.filter(|link| link.contains("rel=\"next\"") || link.contains("rel=next")).find_map(|link| {
        let target = link.trim_start().trim_start_matches('<');
        target.split_once('>').map(|(target, _)| target.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Exchange<serde_json::Value> {
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        Exchange::of(response.body(Bytes::from(body.to_owned())).unwrap(), json)
    }

    #[test]
    fn the_wait_is_measured_by_the_orgs_own_clock() {
        let headers = [
            ("date", "Sat, 21 Nov 2026 10:00:00 GMT"),
            ("x-rate-limit-limit", "600"),
            ("x-rate-limit-remaining", "0"),
            ("x-rate-limit-reset", "1795255242"),
        ];
        let exchange = answer(429, &headers, r#"{"errorCode":"E0000047","errorSummary":"too many"}"#);
        assert_eq!(exchange.reading.unwrap().resets_in, Duration::from_secs(42));
        assert_eq!(exchange.class(), Some(Class::OverQuota));
    }

    #[test]
    fn retry_after_of_a_429_is_read() {
        assert_eq!(answer(429, &[("retry-after", "7")], "").retry_after, Some(Duration::from_secs(7)));
        assert_eq!(answer(503, &[("retry-after", "7")], "").retry_after, None);
    }

    #[test]
    fn the_next_page_is_found_in_either_form() {
        let separate = [
            ("link", "<https://o/a?limit=1>; rel=\"self\""),
            ("link", "<https://o/a?after=x&limit=1>; rel=\"next\""),
        ];
        assert_eq!(answer(200, &separate, "[]").next.as_deref(), Some("https://o/a?after=x&limit=1"));
        let joined = [("link", "<https://o/a>; rel=\"self\", <https://o/b,c>; rel=\"next\"")];
        assert_eq!(answer(200, &joined, "[]").next.as_deref(), Some("https://o/b,c"));
        assert_eq!(answer(200, &[], "[]").next, None);
    }

    #[test]
    fn bodies_that_are_not_oktas_are_quoted_without_markup() {
        let exchange =
            answer(502, &[], "<html><head><title>502 Bad Gateway</title></head>\n<body>nginx</body></html>");
        assert_eq!(exchange.class(), Some(Class::Doubtful));
        assert_eq!(
            exchange.result.unwrap_err().to_string(),
            "HTTP 502 with a body that is not Okta's: 502 Bad Gateway nginx"
        );
    }

    #[test]
    fn a_refusal_in_foreign_words_leaves_doubt() {
        assert_eq!(
            answer(407, &[], "<html>Proxy Authentication Required</html>").class(),
            Some(Class::Doubtful)
        );
        assert_eq!(answer(302, &[], "").class(), Some(Class::Doubtful));
        assert_eq!(answer(400, &[], r#"{"errorCode":"E0000001"}"#).class(), Some(Class::Refused));
        assert_eq!(answer(404, &[], "").class(), Some(Class::Doubtful));
        assert_eq!(answer(404, &[], r#"{"errorCode":"E0000007"}"#).class(), Some(Class::NotFound));
    }

    #[test]
    fn a_torn_refusal_leaves_doubt() {
        let torn = r#"{"errorCode":"E0000001","errorSummary":"Api validation failed: lo"#;
        assert_eq!(answer(400, &[], torn).class(), Some(Class::Doubtful));
        assert_eq!(answer(429, &[], torn).class(), Some(Class::OverQuota));
        assert_eq!(answer(401, &[], torn).class(), Some(Class::Unauthorised));
    }

    #[test]
    fn a_success_that_cannot_be_read_leaves_doubt() {
        assert_eq!(answer(200, &[], r#"{"id":"00u"#).class(), Some(Class::Doubtful));
    }
}
