//! Custom identity sources: their import sessions, and what came of them (API.md §10).

use ::http::{Method, Uri};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use super::{Done, Okta, done};
use crate::address::{segment, unsendable};
use crate::error::TransportError;
use crate::exchange::{Exchange, json};
use crate::wire::{
    BulkKind, ImportSession, ListedApp, SourceApp, SourceMembers, SourceSchema, SourceUser, User,
    source_schema,
};

impl Okta {
    /// `POST …/sessions`. The org answers 201 or 200, and 400 while another session is being loaded.
    pub async fn create_import_session(&self, source: &str) -> Exchange<ImportSession> {
        self.call(Method::POST, self.sessions(source), None, json).await
    }

    /// `GET …/sessions`. Whether those that are over are among them is UNCONFIRMED: Okta's help says that they are
    /// not, and the description shows some.
    pub async fn list_import_sessions(&self, source: &str) -> Exchange<Vec<ImportSession>> {
        self.call(Method::GET, self.sessions(source), None, json).await
    }

    /// `GET …/sessions/{id}`.
    pub async fn read_import_session(&self, source: &str, session: &str) -> Exchange<ImportSession> {
        self.call(Method::GET, self.below(source, "sessions", session, ""), None, json).await
    }

    /// `DELETE …/sessions/{id}`; only a session that is being loaded can be cancelled.
    pub async fn cancel_import_session(&self, source: &str, session: &str) -> Exchange<Done> {
        self.call(Method::DELETE, self.below(source, "sessions", session, ""), None, done).await
    }

    /// `POST …/sessions/{id}/start-import`. The description's example of the answer is an array of one session, and
    /// its schema is a session.
    pub async fn start_import(&self, source: &str, session: &str) -> Exchange<ImportSession> {
        self.call(Method::POST, self.below(source, "sessions", session, "/start-import"), None, started).await
    }

    /// `POST …/sessions/{id}/bulk-…`; an answer says that the load was taken, and nothing about who is in it.
    pub async fn upload(&self, source: &str, session: &str, kind: BulkKind, body: Bytes) -> Exchange<Done> {
        let path = ["/", kind.as_str()].concat();
        self.call(Method::POST, self.below(source, "sessions", session, &path), Some(body), done).await
    }

    /// `GET …/users/{externalId}`. Whether every org takes a slash that is encoded is UNCONFIRMED.
    pub async fn read_source_user(&self, source: &str, external_id: &str) -> Exchange<SourceUser> {
        let address = self.below(source, "users", external_id, "");
        self.call(Method::GET, address, None, json).await
    }

    /// One page of the external ids in `GET …/groups/{externalId}/membership`; `page` is the address that the page
    /// before gave.
    pub async fn list_source_group_members(
        &self,
        source: &str,
        group_external_id: &str,
        page: Option<&str>,
    ) -> Exchange<Vec<String>> {
        let address = match page {
            Some(page) => self.addresses.page(page),
            None => self.below(source, "groups", group_external_id, "/membership?limit=1000"),
        };
        let members: Exchange<SourceMembers> = self.call(Method::GET, address, None, json).await;
        members.map(|members| members.member_external_ids)
    }

    /// The custom identity sources in one page of `GET /apps`. Whether an org can be asked for them alone is
    /// UNCONFIRMED: all apps are read, so a page may hold none and yet have a next one.
    pub async fn list_identity_sources(&self, page: Option<&str>) -> Exchange<Vec<SourceApp>> {
        let address = match page {
            Some(page) => self.addresses.page(page),
            None => self.addresses.of(format_args!("apps?limit=200")),
        };
        let apps: Exchange<Vec<ListedApp>> = self.call(Method::GET, address, None, json).await;
        apps.map(|apps| apps.into_iter().filter_map(ListedApp::source).collect())
    }

    /// `GET /meta/schemas/apps/{id}/default`: the attributes that the source can be loaded with.
    pub async fn read_source_schema(&self, source: &str) -> Exchange<SourceSchema> {
        let read = |body: &Bytes| {
            let answer = json::<Value>(body)?;
            source_schema(&answer).ok_or_else(|| "it is not a schema of an app".to_owned())
        };
        let address = named(source)
            .and_then(|()| self.addresses.of(format_args!("meta/schemas/apps/{}/default", segment(source))));
        self.call(Method::GET, address, None, read).await
    }

    /// One page of the users that changed since a time, at it included. The search reads an index that lags behind
    /// (API.md §5.4).
    pub async fn users_changed_since(&self, since: Timestamp, page: Option<&str>) -> Exchange<Vec<User>> {
        let search = format!("lastUpdated ge \"{since:.3}\"");
        let address = match page {
            Some(page) => self.addresses.page(page),
            None => self.addresses.of(format_args!("users?limit=200&search={}", segment(&search))),
        };
        self.call(Method::GET, address, None, json).await
    }

    fn sessions(&self, source: &str) -> Result<Uri, TransportError> {
        named(source)?;
        self.addresses.of(format_args!("identity-sources/{}/sessions", segment(source)))
    }

    /// The address of one thing of a source.
    fn below(&self, source: &str, things: &str, id: &str, rest: &str) -> Result<Uri, TransportError> {
        named(source)?;
        named(id)?;
        let (source, id) = (segment(source), segment(id));
        self.addresses.of(format_args!("identity-sources/{source}/{things}/{id}{rest}"))
    }
}

/// With such an id, the address would be that of something else.
fn named(id: &str) -> Result<(), TransportError> {
    match id {
        "" | "." | ".." => Err(unsendable(&format!("no address can hold the id {id:?}"))),
        _ => Ok(()),
    }
}

/// A session, or an array of one.
fn started(body: &Bytes) -> Result<ImportSession, String> {
    if !body.trim_ascii_start().starts_with(b"[") {
        return json(body);
    }
    let sessions: Vec<ImportSession> = json(body)?;
    let [session]: [ImportSession; 1] = sessions
        .try_into()
        .map_err(|found: Vec<_>| format!("{} sessions in the place of one", found.len()))?;
    Ok(session)
}
