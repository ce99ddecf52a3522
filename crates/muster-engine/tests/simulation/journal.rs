//! Every request of ours: when it left, whether it arrived, what the org made of it, and what we saw of that.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{Method, Request};
use muster_core::login::fold;
use percent_encoding::percent_decode_str;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A user is created.
    Create,
    /// A user is read by its login.
    Read,
    /// A user is changed.
    Update,
    /// A user's status is changed.
    Lifecycle,
    /// A user is put into a group.
    Join,
    /// Something else.
    Other,
}

/// What we saw of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nothing yet, or never: the process died.
    Nothing,
    /// That it never left.
    NotSent,
    /// That something broke, or that time ran out.
    Broken,
    /// An answer; whether it could be read.
    Answer(u16, bool),
}

/// One request.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The process that made it.
    pub process: u32,
    /// When, in seconds since the beginning.
    pub at: f64,
    /// The same by the org's clock, in seconds since 1970.
    pub left: i64,
    /// What for.
    pub kind: Kind,
    /// The bucket that it counts against.
    pub bucket: &'static str,
    /// The login (folded) or the ids that it is about.
    pub about: String,
    /// When it arrived at the org, in seconds since 1970.
    pub arrived: Option<i64>,
    /// Whether it took longer on its way than the way accounts for.
    pub held_up: bool,
    /// The status that the org answered with, if it tells.
    pub status: Option<u16>,
    /// Whether the org turned it away because the window was spent.
    pub over_quota: bool,
    /// The user that it made.
    pub made: Option<String>,
    /// What we saw.
    pub seen: Seen,
}

/// All of them, in the order in which they left.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<Vec<Sent>>>);

impl Journal {
    /// A request leaves; its place.
    pub fn leave(&self, process: u32, (at, left): (f64, i64), request: &Request<Bytes>) -> usize {
        let (kind, bucket, about) = meaning(request);
        let sent = Sent {
            process,
            at,
            left,
            kind,
            bucket,
            about,
            arrived: None,
            held_up: false,
            status: None,
            over_quota: false,
            made: None,
            seen: Seen::Nothing,
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(sent);
        all.len() - 1
    }

    /// Something more is known of a request.
    pub fn note(&self, place: usize, note: impl FnOnce(&mut Sent)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner)[place]);
    }

    /// All of them.
    pub fn all(&self) -> Vec<Sent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn meaning(request: &Request<Bytes>) -> (Kind, &'static str, String) {
    let path = request.uri().path().trim_start_matches("/api/v1/").to_owned();
    let parts: Vec<&str> = path.split('/').collect();
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    match (request.method(), parts.as_slice()) {
        (&Method::POST, ["users"]) => (Kind::Create, "users", login_in(request.body())),
        (&Method::GET, ["users"]) => {
            let query = decoded(request.uri().query().unwrap_or_default());
            let login = query.split('"').nth(1).unwrap_or_default();
            (Kind::Read, "users", fold(login))
        }
        (&Method::GET, ["users", login]) => (Kind::Read, "user-reads", fold(&decoded(login))),
        (&Method::POST, ["users", id]) => (Kind::Update, "user-writes", (*id).to_owned()),
        (&Method::POST, ["users", id, "lifecycle", _]) => (Kind::Lifecycle, "users", (*id).to_owned()),
        (&Method::PUT, ["groups", group, "users", user]) => (Kind::Join, "groups", format!("{group}/{user}")),
        (_, ["groups"]) => (Kind::Other, "groups", path.clone()),
        (_, ["groups", _]) => (Kind::Other, "group", path.clone()),
        _ => (Kind::Other, "other", path.clone()),
    }
}

fn login_in(body: &Bytes) -> String {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    fold(body["profile"]["login"].as_str().unwrap_or_default())
}
