//! The emulated org as a test sets it up and looks into it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use jiff::Timestamp;
use muster_emulator::{Emulator, LimitOverride, OrgSettings};
use serde::Deserialize;
use serde_json::{Value, json};

/// How long before a run the org and the people in it came into being.
pub const AGE: Duration = Duration::from_mins(10);

/// An org whose clock will agree with this machine's once [`grow_old`] was called.
pub fn settings() -> OrgSettings {
    OrgSettings {
        limits: limits(&[]),
        concurrency: Some(1000),
        start: Some(Timestamp::now() - AGE),
        ..OrgSettings::default()
    }
}

/// No limits but these.
pub fn limits(some: &[&str]) -> Vec<LimitOverride> {
    let unlimited = ["users", "user-writes", "user-reads", "groups", "group", "other"];
    let unlimited = unlimited.iter().map(|bucket| format!("{bucket}=unlimited"));
    unlimited.chain(some.iter().map(|limit| (*limit).to_owned())).map(|text| text.parse().unwrap()).collect()
}

/// Lets what is in the org be from long ago.
pub async fn grow_old() {
    tokio::time::advance(AGE).await;
}

/// Calls the org directly, past everything under test.
pub async fn call(org: &Emulator, method: Method, path: &str, body: Option<Value>) -> Value {
    let request = Request::builder()
        .method(&method)
        .uri(format!("http://org.example{path}"))
        .header("authorization", "SSWS test")
        .header("content-type", "application/json");
    let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
    let answer = org.call(request.body(body).unwrap()).await;
    assert!(answer.status().is_success(), "{method} {path}: {:?}", answer.body());
    serde_json::from_slice(answer.body()).unwrap_or_default()
}

/// Creates a user; its id.
pub async fn add_user(org: &Emulator, profile: &Value) -> String {
    let body = json!({ "profile": profile });
    let user = call(org, Method::POST, "/api/v1/users?activate=false", Some(body)).await;
    user["id"].as_str().unwrap().to_owned()
}

/// Creates a group; its id.
pub async fn add_group(org: &Emulator, name: &str) -> String {
    let body = json!({"profile": {"name": name}});
    let group = call(org, Method::POST, "/api/v1/groups", Some(body)).await;
    group["id"].as_str().unwrap().to_owned()
}

/// A user of the org.
#[derive(Clone, Debug, Deserialize)]
pub struct Inhabitant {
    /// The login.
    pub login: String,
    /// The status.
    pub status: String,
    /// Names of groups.
    pub groups: BTreeSet<String>,
}

/// All users by login.
pub async fn inhabitants(org: &Emulator) -> BTreeMap<String, Inhabitant> {
    let request = Request::builder().uri("http://org.example/_emulator/users").body(Bytes::new()).unwrap();
    let answer = org.call(request).await;
    let lines = std::str::from_utf8(answer.body()).unwrap().lines();
    let inhabitants = lines.map(|line| serde_json::from_str::<Inhabitant>(line).unwrap());
    inhabitants.map(|inhabitant| (inhabitant.login.to_lowercase(), inhabitant)).collect()
}
