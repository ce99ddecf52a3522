//! A hook that runs, and a caller.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use muster_core::secret::Secret;
use muster_legacy::truth::Truth;
use muster_server::hook::settings::HookSettings;
use muster_server::{Listen, Running, Safety, ServerError, open};
use reqwest::{Certificate, Client, Response};
use serde_json::{Value, json};

use crate::places::verifier;

pub const SECRET: &str = "a secret of 24 letters..";

pub struct World {
    pub running: Running,
    pub client: Client,
}

/// What a call came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Came {
    Verified,
    Unverified,
    Status(u16),
}

pub fn settings() -> HookSettings {
    HookSettings { secrets: vec![Secret::new(SECRET)], ..HookSettings::default() }
}

pub fn listen() -> Listen {
    Listen {
        address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        safety: Safety::PlainOnLoopback,
        client_authority: None,
        connections: 1024,
        admin: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
        notice: Duration::ZERO,
        patience: Duration::from_secs(5),
    }
}

/// A client that keeps to one try and no proxy; it trusts this authority alone, if there is one.
pub fn client(ca_pem: Option<&str>) -> Client {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let roots = ca_pem.map(|pem| Certificate::from_pem(pem.as_bytes()).unwrap());
    Client::builder().tls_certs_only(roots).no_proxy().build().unwrap()
}

pub async fn world(settings: HookSettings, places: Vec<Arc<dyn Truth>>) -> World {
    world_at(listen(), settings, places).await.unwrap()
}

pub async fn world_at(
    listen: Listen,
    settings: HookSettings,
    places: Vec<Arc<dyn Truth>>,
) -> Result<World, ServerError> {
    let running = open(listen, settings, places, verifier()).await?;
    let client = client(running.ca_pem.as_deref());
    Ok(World { running, client })
}

pub fn body(event: &str, login: &str, password: &str) -> Value {
    json!({
        "eventId": event, "eventTime": "2026-01-17T21:23:56.000Z",
        "eventType": "com.okta.user.credential.password.import", "eventTypeVersion": "1.0",
        "contentType": "application/json", "cloudEventVersion": "0.1",
        "source": "https://example.okta.com/api/v1/inlineHooks/cal1",
        "data": {
            "context": {
                "request": {"id": "X", "method": "POST", "url": {"value": "/api/v1/authn"}, "ipAddress": "192.0.2.1"},
                "credential": {"username": login, "password": password},
            },
            "action": {"credential": "UNVERIFIED"},
        },
    })
}

impl World {
    pub async fn send(&self, secret: &str, body: String) -> Response {
        let call = self.client.post(&self.running.url).header("authorization", secret).body(body);
        call.header("content-type", "application/json").send().await.unwrap()
    }

    pub async fn call(&self, event: &str, login: &str, password: &str) -> Came {
        came(self.send(SECRET, body(event, login, password).to_string()).await).await
    }

    pub async fn admin(&self, path: &str) -> (u16, String) {
        let url = format!("{}{path}", self.running.admin_url.as_ref().unwrap());
        let answer = self.client.get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

pub async fn came(answer: Response) -> Came {
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    let body: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    if status != 200 {
        assert!(body["error"]["errorSummary"].is_string(), "{status}: {body}");
        return Came::Status(status);
    }
    let [command] = body["commands"].as_array().unwrap().as_slice() else { panic!("{body}") };
    assert_eq!(command["type"], "com.okta.action.update");
    match command["value"]["credential"].as_str().unwrap() {
        "VERIFIED" => Came::Verified,
        "UNVERIFIED" => Came::Unverified,
        other => panic!("{other}"),
    }
}
