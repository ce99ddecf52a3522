//! The answers: the page, its style, its script, and the numbers.

use std::net::IpAddr;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::json;

use super::feed::Feed;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page gets style, script and numbers from here, and nothing from anywhere else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Page,
    Style,
    Script,
    Numbers,
    /// Nothing that is here.
    Nothing,
    /// Not by GET.
    Method,
    /// By a name that is not this machine's.
    Host,
}

impl Asked {
    /// A page of another site could give its name this machine's address and read along: where only this machine may
    /// look, only its own names and addresses are answered.
    pub fn of<B>(request: &Request<B>, loopback: bool) -> Self {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Self::Method;
        }
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        if loopback && !host.is_none_or(is_this_machine) {
            return Self::Host;
        }
        match request.uri().path() {
            "/" => Self::Page,
            "/page.css" => Self::Style,
            "/page.js" => Self::Script,
            "/programme.json" => Self::Numbers,
            _ => Self::Nothing,
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Answers.
pub async fn answer(asked: Asked, feed: &Feed) -> Response<Full<Bytes>> {
    let text = |kind, text: &'static str| whole(StatusCode::OK, kind, Bytes::from_static(text.as_bytes()));
    match asked {
        Asked::Page => text("text/html; charset=utf-8", PAGE),
        Asked::Style => text("text/css; charset=utf-8", STYLE),
        Asked::Script => text("text/javascript; charset=utf-8", SCRIPT),
        Asked::Numbers => match feed.numbers().await {
            Ok(numbers) => whole(StatusCode::OK, "application/json", numbers),
            Err(why) => refusal(StatusCode::SERVICE_UNAVAILABLE, &why),
        },
        Asked::Nothing => refusal(StatusCode::NOT_FOUND, "Here are / and /programme.json."),
        Asked::Method => refusal(StatusCode::METHOD_NOT_ALLOWED, "GET or HEAD."),
        Asked::Host => refusal(StatusCode::MISDIRECTED_REQUEST, "This page is for this machine alone."),
    }
}

fn refusal(status: StatusCode, why: &str) -> Response<Full<Bytes>> {
    whole(status, "application/json", Bytes::from(json!({ "error": why }).to_string()))
}

fn whole(status: StatusCode, kind: &'static str, body: Bytes) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}
