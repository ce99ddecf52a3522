//! The resources of the API: one file each, and the way from a path to them. They must not know sockets, limits
//! or tokens: a request that comes here has been let in.

pub(crate) mod authn;
pub(crate) mod call;
mod groups;
mod lifecycle;
mod memberships;
mod org_info;
mod page;
mod schemas;
mod user_body;
mod user_list;
mod user_view;
mod users;

use http::Method;

use self::call::{Answer, Call};
use crate::{model::org::Org, refusal::Refusal};

/// Answers a request; `path` is what follows `/api/v1`, decoded.
pub(crate) fn answer(org: &mut Org, call: &Call<'_>, method: &Method, path: &[&str]) -> Answer {
    match path {
        ["users", rest @ ..] => answer_user(org, call, method, rest),
        ["groups", rest @ ..] => answer_group(org, call, method, rest),
        ["meta", rest @ ..] => answer_meta(org, call, method, rest),
        ["org"] if method == Method::GET => org_info::read(org, call),
        _ => Err(missing(path)),
    }
}

fn answer_user(org: &mut Org, call: &Call<'_>, method: &Method, path: &[&str]) -> Answer {
    match (method.as_str(), path) {
        ("GET", []) => user_list::list(org, call),
        ("POST", []) => users::create(org, call),
        ("GET", [key]) => users::read(org, call, key),
        ("POST", [key]) => users::update(org, call, key, false),
        ("PUT", [key]) => users::update(org, call, key, true),
        ("DELETE", [key]) => users::delete(org, call, key),
        ("GET", [key, "groups"]) => users::groups(org, call, key),
        ("POST", [key, "lifecycle", operation]) => lifecycle::run(org, call, key, operation),
        _ => Err(missing(&[&["users"], path].concat())),
    }
}

fn answer_group(org: &mut Org, call: &Call<'_>, method: &Method, path: &[&str]) -> Answer {
    match (method.as_str(), path) {
        ("GET", []) => groups::list(org, call),
        ("POST", []) => groups::create(org, call),
        ("GET", [id]) => groups::read(org, call, id),
        ("PUT", [id]) => groups::replace(org, call, id),
        ("DELETE", [id]) => groups::delete(org, id),
        ("GET", [id, "users"]) => memberships::list(org, call, id),
        ("PUT", [id, "users", user]) => memberships::join(org, call, id, user),
        ("DELETE", [id, "users", user]) => memberships::leave(org, call, id, user),
        _ => Err(missing(&[&["groups"], path].concat())),
    }
}

fn answer_meta(org: &mut Org, call: &Call<'_>, method: &Method, path: &[&str]) -> Answer {
    match (method.as_str(), path) {
        ("GET", ["schemas", "user", id]) => schemas::read(org, call, id),
        ("POST", ["schemas", "user", id]) => schemas::update(org, call, id),
        ("GET", ["types", "user"]) => schemas::types(org, call),
        ("GET", ["types", "user", id]) => schemas::read_type(org, call, id),
        _ => Err(missing(&[&["meta"], path].concat())),
    }
}

/// A path that is known has been asked for by a wrong method.
fn missing(path: &[&str]) -> Refusal {
    let known = match path {
        ["users", _, "lifecycle", operation] => lifecycle::is_known(operation),
        ["users" | "groups" | "org" | "authn"]
        | ["users" | "groups", _]
        | ["users", _, "groups"]
        | ["groups", _, "users"]
        | ["groups", _, "users", _]
        | ["meta", "types", "user"]
        | ["meta", "schemas" | "types", "user", _] => true,
        _ => false,
    };
    if known { Refusal::method() } else { Refusal::no_such_path() }
}
