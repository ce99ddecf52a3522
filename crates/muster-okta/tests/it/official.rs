//! The official description as a judge of what goes out and what was made up to come in. It belongs to Okta and is no
//! part of this project: the tests look for it in the file that `MUSTER_DESCRIPTION` names, else beside the
//! workspace, and pass without it.

use std::sync::OnceLock;

use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use muster_description::{AnswerFacts, Description, RequestFacts, Violation};

use crate::server::Heard;

#[expect(clippy::print_stdout, reason = "whoever reads the log of a test should see what was not tested")]
pub fn official() -> Option<&'static Description> {
    static READ: OnceLock<Option<Description>> = OnceLock::new();
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/okta/management-subset.json");
    let path = std::env::var_os("MUSTER_DESCRIPTION").unwrap_or_else(|| here.into());
    let read = || std::fs::read(path).ok().map(|bytes| Description::read(&bytes).unwrap());
    let read = READ.get_or_init(read).as_ref();
    if read.is_none() {
        println!("left out: the official description is not at hand");
    }
    read
}

/// Where a body departs from what may be posted there; nowhere, without a description.
pub fn faults_of(path: &str, body: &[u8]) -> Vec<Violation> {
    let Some(description) = official() else { return Vec::new() };
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    let facts = RequestFacts { method: &Method::POST, path, query: None, headers: &headers, body };
    description.judge_request(&facts)
}

/// A request and its answer are as the description has them.
pub fn conforms(heard: &Heard, status: u16, answer: &str) {
    let Some(description) = official() else { return };
    let mut words = heard.line.split(' ');
    let method: Method = words.next().unwrap().parse().unwrap();
    let target = words.next().unwrap();
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let headers: HeaderMap = heard.headers.iter().map(header).collect();
    let body = heard.body.as_bytes();
    let facts = RequestFacts { method: &method, path, query, headers: &headers, body };
    assert_eq!(description.judge_request(&facts), [], "{heard:?}");
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    let headers = if answer.is_empty() { HeaderMap::new() } else { headers };
    let status = StatusCode::from_u16(status).unwrap();
    let facts = AnswerFacts { method: &method, path, status, headers: &headers, body: answer.as_bytes() };
    assert_eq!(description.judge_answer(&facts), [], "{answer}");
}

fn header((name, value): &(String, String)) -> (HeaderName, HeaderValue) {
    (name.parse().unwrap(), value.parse().unwrap())
}
