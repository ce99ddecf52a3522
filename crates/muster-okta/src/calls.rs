//! The calls: one method per operation of the description, one request per call.

mod hooks;
mod identity_sources;
mod lifecycle;
mod logs;
mod members;

use std::sync::Arc;

use ::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use ::http::{HeaderMap, HeaderValue, Method, Request, Uri};
use bytes::Bytes;
use muster_core::candidate::Candidate;
use muster_core::schema::ProfileSchema;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use url::Url;

use crate::address::{Addresses, segment};
use crate::auth::{Authorization, Credentials, TokenReport};
use crate::error::{CallError, TransportError};
use crate::exchange::{Exchange, json};
use crate::transport::Transport;
use crate::wire::{Group, User, WrittenUser, create_body, group_body, profile_schema, update_body};

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
    /// `GET /groups/{id}/users`
    ListMembers,
    /// `GET /logs`
    ReadLog,
    /// Everything below `/inlineHooks`
    InlineHooks,
    /// Import sessions: to create, list, read and cancel them takes from one bucket (API.md §10.6)
    ImportSessions,
    /// `POST /identity-sources/{id}/sessions/{id}/bulk-…`
    BulkUpload,
    /// `POST /identity-sources/{id}/sessions/{id}/start-import`
    StartImport,
    /// `GET /identity-sources/{id}/users/{externalId}`
    SourceUsers,
    /// Everything below `/identity-sources/{id}/groups`
    SourceGroups,
    /// `GET /apps`
    ListApps,
    /// `GET /meta/schemas/apps/…`
    ReadAppSchema,
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
            Self::ListMembers => "GET /api/v1/groups/{id}/users",
            Self::ReadLog => "GET /api/v1/logs",
            Self::InlineHooks => "/api/v1/inlineHooks",
            Self::ImportSessions => "/api/v1/identity-sources/{id}/sessions",
            Self::BulkUpload => "POST /api/v1/identity-sources/{id}/sessions/{id}/bulk-…",
            Self::StartImport => "POST /api/v1/identity-sources/{id}/sessions/{id}/start-import",
            Self::SourceUsers => "GET /api/v1/identity-sources/{id}/users/{id}",
            Self::SourceGroups => "/api/v1/identity-sources/{id}/groups",
            Self::ListApps => "GET /api/v1/apps",
            Self::ReadAppSchema => "GET /api/v1/meta/schemas/apps",
        }
    }
}

/// What is sent and what is wanted.
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The length of a body that is not there.
const NOTHING: HeaderValue = HeaderValue::from_static("0");

/// Room for all headers of a request, those that are added on its way included.
const HEADERS: usize = 8;

/// One org, reached with one set of credentials.
#[derive(Clone)]
pub struct Okta {
    transport: Arc<dyn Transport>,
    addresses: Arc<Addresses>,
    credentials: Credentials,
}

impl std::fmt::Debug for Okta {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Okta").field("base", &self.base().as_str()).finish_non_exhaustive()
    }
}

/// An answer without a body that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done;

impl Okta {
    /// The org at `base`; none when the token can't stand in a header.
    pub fn new(transport: Arc<dyn Transport>, base: Url, authorization: &Authorization) -> Option<Self> {
        let credentials = Credentials::new(authorization, &base)?;
        Some(Self { transport, addresses: Arc::new(Addresses::new(base)), credentials })
    }

    /// The org's address.
    pub fn base(&self) -> &Url {
        self.addresses.base()
    }

    /// What is known of the access token of a service app, which is asked for if there is none yet; nothing with
    /// other credentials.
    pub async fn token_report(&self) -> Option<Result<TokenReport, CallError>> {
        self.credentials.report(self.transport.as_ref()).await
    }

    /// `POST /users` (API.md §5.1).
    pub async fn create_user(&self, candidate: &Candidate, groups: &[String]) -> Exchange<User> {
        let next_login = if candidate.change_password { "&nextLogin=changePassword" } else { "" };
        let path = self.addresses.of(format_args!("users?activate={}{next_login}", candidate.activate));
        self.call(Method::POST, path, Some(create_body(candidate, groups)), written).await
    }

    /// `GET /users/{login}`, consistent at once (API.md §5.4). A login that no path can hold is searched for.
    pub async fn read_user(&self, login: &muster_core::login::Login) -> Exchange<User> {
        if login.readable_by_path() {
            let address = self.addresses.of(format_args!("users/{}", segment(login.as_str())));
            return self.call(Method::GET, address, None, json).await;
        }
        // A filter would tell capitals apart, and logins do not (API.md §5.3, §5.4).
        let login = login.as_str().replace('\\', "\\\\").replace('"', "\\\"");
        let search = format!("profile.login eq \"{login}\"");
        let path = self.addresses.of(format_args!("users?limit=2&search={}", segment(&search)));
        let found: Exchange<Vec<User>> = self.call(Method::GET, path, None, json).await;
        found.and_then(|users| users.into_iter().next().ok_or_else(no_such_user))
    }

    /// `GET /users/{id}`.
    pub async fn look_at_user(&self, id: &str) -> Exchange<User> {
        let address = self.addresses.of(format_args!("users/{}", segment(id)));
        self.call(Method::GET, address, None, json).await
    }

    /// `POST /users/{id}` with the attributes that shall change; `arm` hands the password over to the password-import
    /// hook (API.md §5.5).
    pub async fn update_user(&self, id: &str, changes: &Map<String, Value>, arm: bool) -> Exchange<User> {
        let address = self.addresses.of(format_args!("users/{}", segment(id)));
        self.call(Method::POST, address, Some(text(&update_body(changes, arm))), written).await
    }

    /// `GET /users?limit=1`: the cheapest call that shows the users bucket.
    pub async fn list_users(&self) -> Exchange<Vec<User>> {
        let address = self.addresses.of(format_args!("users?limit=1"));
        self.call(Method::GET, address, None, json).await
    }

    /// `POST /users/{id}/lifecycle/suspend` (API.md §5.7).
    pub async fn suspend(&self, id: &str) -> Exchange<Done> {
        let address = self.addresses.of(format_args!("users/{}/lifecycle/suspend", segment(id)));
        self.call(Method::POST, address, None, done).await
    }

    /// `POST /users/{id}/lifecycle/deactivate`, without mail (API.md §5.7).
    pub async fn deactivate(&self, id: &str) -> Exchange<Done> {
        let address =
            self.addresses.of(format_args!("users/{}/lifecycle/deactivate?sendEmail=false", segment(id)));
        self.call(Method::POST, address, None, done).await
    }

    /// One page of `GET /groups`; `page` is the address that the page before gave.
    pub async fn list_groups(&self, page: Option<&str>) -> Exchange<Vec<Group>> {
        match page {
            None => {
                let address = self.addresses.of(format_args!("groups?limit=200"));
                self.call(Method::GET, address, None, json).await
            }
            Some(page) => match self.addresses.page(page) {
                Ok(uri) => self.send(Method::GET, uri, None, json).await,
                Err(error) => Exchange::unanswered(error),
            },
        }
    }

    /// `GET /groups/{id}`.
    pub async fn read_group(&self, id: &str) -> Exchange<Group> {
        let address = self.addresses.of(format_args!("groups/{}", segment(id)));
        self.call(Method::GET, address, None, json).await
    }

    /// `POST /groups` (API.md §7).
    pub async fn create_group(&self, name: &str, description: &str) -> Exchange<Group> {
        let address = self.addresses.of(format_args!("groups"));
        self.call(Method::POST, address, Some(text(&group_body(name, description))), json).await
    }

    /// `PUT /groups/{id}/users/{id}`; the same again is no error.
    pub async fn join_group(&self, group: &str, user: &str) -> Exchange<Done> {
        let address = self.addresses.of(format_args!("groups/{}/users/{}", segment(group), segment(user)));
        self.call(Method::PUT, address, None, done).await
    }

    /// `GET /meta/schemas/user/default` (API.md §8.1).
    pub async fn read_schema(&self) -> Exchange<ProfileSchema> {
        let read = |body: &Bytes| {
            let answer = json::<Value>(body)?;
            profile_schema(&answer).ok_or_else(|| "it is not a user schema".to_owned())
        };
        let address = self.addresses.of(format_args!("meta/schemas/user/default"));
        self.call(Method::GET, address, None, read).await
    }

    /// `GET` of a resource, or of a page of a list, as it is. `path` is what follows `/api/v1/`, or the address
    /// that the page before gave.
    pub async fn read_resource(&self, path: &str) -> Exchange<Value> {
        let elsewhere = path.contains("://");
        match if elsewhere { self.addresses.page(path) } else { self.addresses.of_foreign(path) } {
            Ok(uri) => self.send(Method::GET, uri, None, json).await,
            Err(error) => Exchange::unanswered(error),
        }
    }

    async fn call<T>(
        &self,
        method: Method,
        address: Result<Uri, TransportError>,
        body: Option<Bytes>,
        read: impl FnOnce(&Bytes) -> Result<T, String>,
    ) -> Exchange<T> {
        match address {
            Ok(uri) => self.send(method, uri, body, read).await,
            Err(error) => Exchange::unanswered(error),
        }
    }

    async fn send<T>(
        &self,
        method: Method,
        uri: Uri,
        body: Option<Bytes>,
        read: impl FnOnce(&Bytes) -> Result<T, String>,
    ) -> Exchange<T> {
        self.credentials.send(self.transport.as_ref(), Self::request(method, uri, body), read).await
    }

    fn request(method: Method, uri: Uri, body: Option<Bytes>) -> Request<Bytes> {
        let mut headers = HeaderMap::with_capacity(HEADERS);
        headers.insert(ACCEPT, JSON);
        if body.is_some() {
            headers.insert(CONTENT_TYPE, JSON);
        } else if method != Method::GET {
            // Without it, Okta answers 411 (API.md §1).
            headers.insert(CONTENT_LENGTH, NOTHING);
        }
        let mut request = Request::new(body.unwrap_or_default());
        (*request.method_mut(), *request.uri_mut(), *request.headers_mut()) = (method, uri, headers);
        request
    }
}

impl<T> Exchange<T> {
    /// The same exchange, with something else made of its answer.
    #[must_use]
    pub fn map<U>(self, made: impl FnOnce(T) -> U) -> Exchange<U> {
        self.and_then(|value| Ok(made(value)))
    }

    fn and_then<U>(self, read: impl FnOnce(T) -> Result<U, CallError>) -> Exchange<U> {
        let Self { result, status, reading, retry_after, date, next, token } = self;
        let result = result.and_then(read);
        let status = result.as_ref().err().and_then(CallError::status).or(status);
        Exchange { result, status, reading, retry_after, date, next, token }
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

/// Nothing, or anything of the org's: a page with a 200 comes from something in between, and may stand for a refusal.
fn done(body: &Bytes) -> Result<Done, String> {
    if body.trim_ascii().is_empty() {
        return Ok(Done);
    }
    serde_json::from_slice::<IgnoredAny>(body).map(|_| Done).map_err(|error| error.to_string())
}

/// A user in the answer to a write of ours.
fn written(body: &Bytes) -> Result<User, String> {
    serde_json::from_slice::<WrittenUser<'_>>(body).map(User::from).map_err(|error| error.to_string())
}

fn text(body: &Value) -> Bytes {
    Bytes::from(body.to_string())
}
