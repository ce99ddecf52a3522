//! The emulated org as others call it and look into it, past everything under test.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use muster_emulator::Emulator;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Our token in the org.
pub const OURS: &str = "muster";
/// The token of everybody else.
pub const THEIRS: &str = "stranger";
/// How the org's record names us.
pub const BY_US: &str = "token 1";

/// Calls the org as a stranger; waits for windows, and takes no for an answer. The status, and the body.
pub async fn call(org: &Emulator, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
    loop {
        let request = Request::builder()
            .method(&method)
            .uri(format!("http://org.example{path}"))
            .header("authorization", format!("SSWS {THEIRS}"))
            .header("content-type", "application/json");
        let answer = org.call(request.body(body.clone()).unwrap()).await;
        if answer.status().as_u16() != 429 {
            let value = serde_json::from_slice(answer.body()).unwrap_or_default();
            return (answer.status().as_u16(), value);
        }
        tokio::time::sleep(Duration::from_millis(1700)).await;
    }
}

/// A user of the org.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Inhabitant {
    /// The login.
    pub login: String,
    /// The id.
    pub id: String,
    /// The status.
    pub status: String,
    /// The kind of credential.
    pub credential: String,
    /// Names of groups.
    pub groups: BTreeSet<String>,
}

/// One write that was done.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Write {
    /// When.
    pub at: String,
    /// What.
    pub operation: String,
    /// Who did it.
    pub by: String,
    /// The ids that it was about.
    pub subject: String,
}

/// The requests of one window of one bucket, of all clients.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Window {
    /// The bucket.
    pub bucket: String,
    /// When it ends, in seconds since 1970.
    pub reset: i64,
    /// What one token may do in it.
    pub limit: u64,
}

/// All users by folded login.
pub async fn inhabitants(org: &Emulator) -> BTreeMap<String, Inhabitant> {
    let users: Vec<Inhabitant> = lines(org, "users").await;
    users.into_iter().map(|user| (muster_core::login::fold(&user.login), user)).collect()
}

/// All writes in their order.
pub async fn writes(org: &Emulator) -> Vec<Write> {
    lines(org, "writes?from=0&limit=10000000").await
}

/// All windows.
pub async fn windows(org: &Emulator) -> Vec<Window> {
    serde_json::from_slice(&page(org, "windows").await).unwrap()
}

async fn lines<T: DeserializeOwned>(org: &Emulator, path: &str) -> Vec<T> {
    let body = page(org, path).await;
    std::str::from_utf8(&body).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// One of the org's own pages.
pub async fn page(org: &Emulator, path: &str) -> Bytes {
    let uri = format!("http://org.example/_emulator/{path}");
    org.call(Request::builder().uri(uri).body(Bytes::new()).unwrap()).await.into_body()
}
