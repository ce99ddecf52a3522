//! The calls: one method per operation of the description, one request per call.

use std::sync::Arc;

use ::http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use ::http::{HeaderValue, Method, Request};
use bytes::Bytes;
use muster_core::candidate::Candidate;
use muster_core::schema::ProfileSchema;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use url::Url;

use crate::auth::Authorization;
use crate::error::{CallError, TransportError, TransportFailure};
use crate::exchange::{Exchange, json};
use crate::transport::Transport;
use crate::wire::{Group, User, create_body, group_body, profile_schema, update_body};

/// The operations by method and path template: what budgets are learned for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Endpoint {
    /// `POST /users`
    CreateUser,
    /// `GET /users/{idOrLogin}`
    ReadUser,
    /// `POST /users/{id}`
    UpdateUser,
    /// `GET /users`
    ListUsers,
    /// `POST /users/{id}/lifecycle/…`
    UserLifecycle,
    /// `GET /groups`
    ListGroups,
    /// `POST /groups`
    CreateGroup,
    /// `GET /groups/{id}`
    ReadGroup,
    /// `PUT /groups/{id}/users/{id}`
    JoinGroup,
    /// `GET /meta/schemas/user/…`
    ReadSchema,
}

impl Endpoint {
    /// Method and path template.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateUser => "POST /api/v1/users",
            Self::ReadUser => "GET /api/v1/users/{id}",
            Self::UpdateUser => "POST /api/v1/users/{id}",
            Self::ListUsers => "GET /api/v1/users",
            Self::UserLifecycle => "POST /api/v1/users/{id}/lifecycle",
            Self::ListGroups => "GET /api/v1/groups",
            Self::CreateGroup => "POST /api/v1/groups",
            Self::ReadGroup => "GET /api/v1/groups/{id}",
            Self::JoinGroup => "PUT /api/v1/groups/{id}/users/{id}",
            Self::ReadSchema => "GET /api/v1/meta/schemas/user",
        }
    }
}

/// All but the unreserved characters of RFC 3986 §2.3; the at sign stays readable, as paths allow it.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');

/// One org, reached with one set of credentials.
#[derive(Clone)]
pub struct Okta {
    transport: Arc<dyn Transport>,
    base: Url,
    authorization: HeaderValue,
}

impl std::fmt::Debug for Okta {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Okta").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

/// An answer without a body that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done;

impl Okta {
    /// The org at `base`; none when the token can't stand in a header.
    pub fn new(transport: Arc<dyn Transport>, base: Url, authorization: &Authorization) -> Option<Self> {
        Some(Self { transport, base, authorization: authorization.header()? })
    }

    /// The org's address.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// `POST /users` (API.md §5.1).
    pub async fn create_user(&self, candidate: &Candidate, groups: &[String]) -> Exchange<User> {
        let next_login = if candidate.change_password { "&nextLogin=changePassword" } else { "" };
        let path = format!("users?activate={}{next_login}", candidate.activate);
        self.call(Method::POST, &path, Some(&create_body(candidate, groups)), json).await
    }

    /// `GET /users/{login}`, consistent at once (API.md §5.4). A login that no path can hold is searched for.
    pub async fn read_user(&self, login: &muster_core::login::Login) -> Exchange<User> {
        if login.readable_by_path() {
            return self.call(Method::GET, &format!("users/{}", segment(login.as_str())), None, json).await;
        }
        // A filter would tell capitals apart, and logins do not (API.md §5.3, §5.4).
        let login = login.as_str().replace('\\', "\\\\").replace('"', "\\\"");
        let path = format!("users?limit=2&search={}", segment(&format!("profile.login eq \"{login}\"")));
        let found: Exchange<Vec<User>> = self.call(Method::GET, &path, None, json).await;
        found.and_then(|users| users.into_iter().next().ok_or_else(no_such_user))
    }

    /// `POST /users/{id}` with the attributes that shall change (API.md §5.5).
    pub async fn update_user(&self, id: &str, changes: &Map<String, Value>) -> Exchange<User> {
        self.call(Method::POST, &format!("users/{}", segment(id)), Some(&update_body(changes)), json).await
    }

    /// `GET /users?limit=1`: the cheapest call that shows the users bucket.
    pub async fn list_users(&self) -> Exchange<Vec<User>> {
        self.call(Method::GET, "users?limit=1", None, json).await
    }

    /// `POST /users/{id}/lifecycle/suspend` (API.md §5.7).
    pub async fn suspend(&self, id: &str) -> Exchange<Done> {
        self.call(Method::POST, &format!("users/{}/lifecycle/suspend", segment(id)), None, done).await
    }

    /// `POST /users/{id}/lifecycle/deactivate`, without mail (API.md §5.7).
    pub async fn deactivate(&self, id: &str) -> Exchange<Done> {
        self.call(
            Method::POST,
            &format!("users/{}/lifecycle/deactivate?sendEmail=false", segment(id)),
            None,
            done,
        )
        .await
    }

    /// One page of `GET /groups`; `page` is the address that the page before gave.
    pub async fn list_groups(&self, page: Option<&str>) -> Exchange<Vec<Group>> {
        match page {
            None => self.call(Method::GET, "groups?limit=200", None, json).await,
            Some(page) => match self.page(page) {
                Ok(url) => self.send(Method::GET, url, None, json).await,
                Err(error) => Exchange::unanswered(error),
            },
        }
    }

    /// `GET /groups/{id}`.
    pub async fn read_group(&self, id: &str) -> Exchange<Group> {
        self.call(Method::GET, &format!("groups/{}", segment(id)), None, json).await
    }

    /// `POST /groups` (API.md §7).
    pub async fn create_group(&self, name: &str, description: &str) -> Exchange<Group> {
        self.call(Method::POST, "groups", Some(&group_body(name, description)), json).await
    }

    /// `PUT /groups/{id}/users/{id}`; the same again is no error.
    pub async fn join_group(&self, group: &str, user: &str) -> Exchange<Done> {
        self.call(Method::PUT, &format!("groups/{}/users/{}", segment(group), segment(user)), None, done)
            .await
    }

    /// `GET /meta/schemas/user/default` (API.md §8.1).
    pub async fn read_schema(&self) -> Exchange<ProfileSchema> {
        let read = |body: &Bytes| {
            let answer = json::<Value>(body)?;
            profile_schema(&answer).ok_or_else(|| "it is not a user schema".to_owned())
        };
        self.call(Method::GET, "meta/schemas/user/default", None, read).await
    }

    /// `GET` of a resource, or of a page of a list, as it is. `path` is what follows `/api/v1/`, or the address
    /// that the page before gave.
    pub async fn read_resource(&self, path: &str) -> Exchange<Value> {
        if !path.contains("://") {
            return self.call(Method::GET, path, None, json).await;
        }
        match self.page(path) {
            Ok(url) => self.send(Method::GET, url, None, json).await,
            Err(error) => Exchange::unanswered(error),
        }
    }

    async fn call<T>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        read: impl FnOnce(&Bytes) -> Result<T, String>,
    ) -> Exchange<T> {
        match self.base.join("/api/v1/").and_then(|root| root.join(path)) {
            Ok(url) => self.send(method, url, body, read).await,
            Err(error) => Exchange::unanswered(unsendable(&error.to_string())),
        }
    }

    async fn send<T>(
        &self,
        method: Method,
        url: Url,
        body: Option<&Value>,
        read: impl FnOnce(&Bytes) -> Result<T, String>,
    ) -> Exchange<T> {
        let request = match self.request(method, &url, body) {
            Ok(request) => request,
            Err(error) => return Exchange::unanswered(error),
        };
        match self.transport.send(request).await {
            Ok(response) => Exchange::of(response, read),
            Err(error) => Exchange::unanswered(error),
        }
    }

    fn request(
        &self,
        method: Method,
        url: &Url,
        body: Option<&Value>,
    ) -> Result<Request<Bytes>, TransportError> {
        let writes = method != Method::GET;
        let mut request = Request::builder()
            .method(method)
            .uri(url.as_str())
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, self.authorization.clone());
        let body = if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json");
            Bytes::from(body.to_string())
        } else {
            if writes {
                // Without it, Okta answers 411 (API.md §1).
                request = request.header(CONTENT_LENGTH, 0);
            }
            Bytes::new()
        };
        request.body(body).map_err(|error| unsendable(&error.to_string()))
    }

    /// The address of a next page, which must be of the same org: the token goes nowhere else.
    fn page(&self, page: &str) -> Result<Url, TransportError> {
        let url = self.base.join(page).map_err(|error| unsendable(&error.to_string()))?;
        if url.origin() == self.base.origin() {
            Ok(url)
        } else {
            Err(unsendable("the next page is on another host"))
        }
    }
}

impl<T> Exchange<T> {
    fn and_then<U>(self, read: impl FnOnce(T) -> Result<U, CallError>) -> Exchange<U> {
        let Self { result, status, reading, retry_after, date, next } = self;
        let result = result.and_then(read);
        let status = result.as_ref().err().and_then(CallError::status).or(status);
        Exchange { result, status, reading, retry_after, date, next }
    }
}

/// An empty list is to a search what 404 is to a read.
fn no_such_user() -> CallError {
    let error = crate::error::OktaError {
        error_code: "E0000007".to_owned(),
        error_summary: "no user has this login".to_owned(),
        error_id: String::new(),
        error_causes: Vec::new(),
    };
    CallError::Okta { status: 404, error }
}

#[expect(clippy::unnecessary_wraps, reason = "has the form of the other readers of bodies")]
fn done(_: &Bytes) -> Result<Done, String> {
    Ok(Done)
}

fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

fn unsendable(text: &str) -> TransportError {
    TransportError { failure: TransportFailure::Unsendable, text: text.to_owned() }
}
