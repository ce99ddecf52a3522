//! Ids that a source gave: whatever is in them, they stay one part of the path.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use muster_core::secret::Secret;
use muster_okta::transport::{Answering, Transport};
use muster_okta::{Authorization, CallError, Exchange, Okta, TransportFailure};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;

use crate::official::official;

/// Keeps the paths of requests.
#[derive(Default)]
struct Paths(Mutex<Vec<String>>);

impl Transport for Paths {
    fn send(&self, request: Request<Bytes>) -> Answering<'_> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(request.uri().path().to_owned());
        Box::pin(async { Ok(Response::new(Bytes::from_static(b"{}"))) })
    }
}

fn org() -> (Arc<Paths>, Okta) {
    let paths = Arc::new(Paths::default());
    let token = Authorization::ApiToken(Secret::new("00a1"));
    (paths.clone(), Okta::new(paths, "https://example.okta.com".parse().unwrap(), &token).unwrap())
}

/// The paths of reads of a person and of a group's members.
async fn paths(id: &str) -> Vec<String> {
    let (paths, okta) = org();
    drop(okta.read_source_user("0oa1", id).await);
    drop(okta.list_source_group_members("0oa1", id, None).await);
    paths.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Both are one part, which says the id.
fn say(paths: &[String], id: &str) {
    let [user, members] = paths else { panic!("{paths:?}") };
    let user = user.strip_prefix("/api/v1/identity-sources/0oa1/users/").unwrap();
    let members = members.strip_prefix("/api/v1/identity-sources/0oa1/groups/").unwrap();
    let group = members.strip_suffix("/membership").unwrap();
    for part in [user, group] {
        assert!(!part.contains(['/', '?', '#', ' ', '\\']) && part.is_ascii(), "{part}");
        assert_eq!(percent_decode_str(part).decode_utf8().unwrap(), id);
    }
}

#[tokio::test]
async fn slashes_blanks_and_letters_of_all_kinds_are_escaped() {
    let ids = [
        "a/b",
        "a b",
        "Jürgen Müßig",
        "日本",
        "50%",
        "a%2Fb",
        "?x=1#y",
        "a+b",
        "../../users",
        "a\\b",
        "x\n",
        "e;1",
    ];
    for id in ids {
        let paths = paths(id).await;
        say(&paths, id);
        let known =
            |path: &String| official().is_none_or(|judge| judge.knows(&http::Method::GET, path).is_some());
        assert!(paths.iter().all(known), "{paths:?}");
    }
}

proptest! {
    #[test]
    fn any_id_stays_one_part(id in any::<String>()) {
        prop_assume!(!["", ".", ".."].contains(&id.as_str()));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        say(&runtime.block_on(paths(&id)), &id);
    }
}

/// `DELETE …/sessions/..` would be something else, somewhere on its way.
#[tokio::test]
async fn what_no_path_can_hold_is_not_asked_for() {
    fn refused<T: std::fmt::Debug>(exchange: &Exchange<T>) {
        let Err(CallError::Transport(error)) = &exchange.result else { panic!("{exchange:?}") };
        assert_eq!(error.failure, TransportFailure::Unsendable);
    }
    let (paths, okta) = org();
    for id in ["", ".", ".."] {
        refused(&okta.read_source_user("0oa1", id).await);
        refused(&okta.read_source_user(id, "e1").await);
        refused(&okta.list_source_group_members("0oa1", id, None).await);
        refused(&okta.read_import_session("0oa1", id).await);
        refused(&okta.cancel_import_session("0oa1", id).await);
        refused(&okta.create_import_session(id).await);
        refused(&okta.read_source_schema(id).await);
    }
    assert!(paths.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty());
}
