//! A client of an org in the same process.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use muster_description::{Description, Side};
use muster_emulator::{Emulator, LimitOverride, OrgSettings};
use serde_json::{Value, json};

/// An org and a token for it.
pub struct Caller {
    pub emulator: Emulator,
    pub token: &'static str,
}

/// An answer, read.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

impl Caller {
    /// An org without limits.
    pub fn free() -> Self {
        Self::with(OrgSettings { limits: unlimited(), concurrency: Some(1000), ..OrgSettings::default() })
    }

    /// An org that is held to the official description, where that is at hand.
    pub fn with(settings: OrgSettings) -> Self {
        let settings = OrgSettings { description: official(), ..settings };
        Self { emulator: Emulator::open(settings).expect("an org"), token: "test" }
    }

    pub async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Got {
        self.send_with(method, path, body, &[]).await
    }

    pub async fn send_with(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Got {
        let mut request = Request::builder().method(method).uri(path).header("host", "org.example");
        if !self.token.is_empty() {
            request = request.header("authorization", format!("SSWS {}", self.token));
        }
        if body.is_some() && headers.iter().all(|(name, _)| *name != "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        self.call(request.body(body).expect("a request")).await
    }

    pub async fn call(&self, request: Request<Bytes>) -> Got {
        let (parts, body) = self.emulator.call(request).await.into_parts();
        let text = String::from_utf8(body.to_vec()).expect("UTF-8");
        let body = serde_json::from_str(&text).unwrap_or_default();
        Got { status: parts.status.as_u16(), headers: parts.headers, body, text }
    }

    pub async fn get(&self, path: &str) -> Got {
        self.send("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Got {
        self.send("POST", path, Some(body)).await
    }

    /// An org without limits, and otherwise like this.
    pub fn like(settings: OrgSettings) -> Self {
        Self::with(OrgSettings { limits: unlimited(), concurrency: Some(1000), ..settings })
    }

    /// What all pages of a list hold, from this one on.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let (mut found, mut next) = (Vec::new(), Some(path.to_owned()));
        while let Some(path) = next {
            let got = self.get(&path).await;
            assert_eq!(got.status, 200, "{}", got.text);
            found.extend(got.body.as_array().expect("a list").iter().cloned());
            next = got.next();
        }
        found
    }

    /// A lifecycle operation.
    pub async fn turn(&self, id: &str, operation: &str) -> Got {
        self.send("POST", &format!("/api/v1/users/{id}/lifecycle/{operation}"), None).await
    }

    /// A user of this login, created with these credentials and parameters; its id.
    pub async fn user(&self, login: &str, credentials: Value, parameters: &str) -> String {
        let body = json!({"profile": profile(login), "credentials": credentials});
        let got = self.post(&format!("/api/v1/users?{parameters}"), body).await;
        assert_eq!(got.status, 200, "{}", got.text);
        got.id()
    }

    /// A group of this name; its id.
    pub async fn group(&self, name: &str) -> String {
        let got = self.post("/api/v1/groups", json!({"profile": {"name": name}})).await;
        assert_eq!(got.status, 200, "{}", got.text);
        got.id()
    }

    pub async fn status_of(&self, id: &str) -> String {
        self.get(&format!("/api/v1/users/{id}")).await.body["status"].as_str().expect("a status").to_owned()
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Got {
        self.post("/api/v1/authn", json!({"username": login, "password": password})).await
    }
}

/// Whatever a test asks, and however wrongly: the answers are as the description has them.
impl Drop for Caller {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let tally = self.emulator.violations();
            let of_answers: Vec<_> =
                tally.first.iter().filter(|noted| noted.violation.side == Side::Answer).collect();
            assert!(of_answers.is_empty(), "{of_answers:#?}");
        }
    }
}

impl Got {
    pub fn id(&self) -> String {
        self.body["id"].as_str().expect("an id").to_owned()
    }

    pub fn code(&self) -> &str {
        self.body["errorCode"].as_str().unwrap_or_default()
    }

    pub fn causes(&self) -> Vec<&str> {
        let causes = self.body["errorCauses"].as_array().expect("causes");
        causes.iter().filter_map(|cause| cause["errorSummary"].as_str()).collect()
    }

    /// Status, code, summary and causes: all that a refusal says.
    pub fn refused(&self, status: StatusCode, code: &str, summary: &str, causes: &[&str]) {
        assert_eq!(self.status, status.as_u16(), "{}", self.text);
        assert_eq!((self.code(), self.body["errorSummary"].as_str()), (code, Some(summary)), "{}", self.text);
        assert_eq!(self.body["errorLink"], json!(code));
        assert!(self.body["errorId"].as_str().is_some_and(|id| id.starts_with("oae")), "{}", self.text);
        assert_eq!(self.causes(), causes, "{}", self.text);
    }

    /// A validation error, E0000001.
    pub fn invalid(&self, subject: &str, causes: &[&str]) {
        self.refused(
            StatusCode::BAD_REQUEST,
            "E0000001",
            &format!("Api validation failed: {subject}"),
            causes,
        );
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The three numbers of the rate limit.
    pub fn rate(&self) -> (i64, i64, i64) {
        let number = |name: &str| self.header(name).parse().expect("a number");
        (number("x-rate-limit-limit"), number("x-rate-limit-remaining"), number("x-rate-limit-reset"))
    }

    /// The path of the next page.
    pub fn next(&self) -> Option<String> {
        let mut links = self.headers.get_all("link").iter().filter_map(|link| link.to_str().ok());
        let next = links.find_map(|link| link.strip_suffix("; rel=\"next\""))?;
        Some(next.trim_matches(['<', '>']).trim_start_matches("http://org.example").to_owned())
    }
}

/// The official description. It is Okta's and not part of this project.
pub fn official() -> Option<Arc<Description>> {
    static READ: OnceLock<Option<Arc<Description>>> = OnceLock::new();
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/okta/management-subset.json");
    let path = std::env::var_os("MUSTER_DESCRIPTION").unwrap_or_else(|| here.into());
    let read = || std::fs::read(path).ok().map(|bytes| Arc::new(Description::read(&bytes).expect("OpenAPI")));
    READ.get_or_init(read).clone()
}

pub fn profile(login: &str) -> Value {
    json!({"firstName": "Ada", "lastName": "Byron", "email": "ada@example.com", "login": login})
}

pub fn value(password: &str) -> Value {
    json!({"password": {"value": password}})
}

pub fn hook() -> Value {
    json!({"password": {"hook": {"type": "default"}}})
}

/// bcrypt of `P@ssword123456`.
pub fn bcrypt() -> Value {
    json!({"password": {"hash": {
        "algorithm": "BCRYPT",
        "workFactor": 10,
        "salt": "qRRx8rli7Lvs2h2CNgCQ2O",
        "value": "mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2",
    }}})
}

pub fn unlimited() -> Vec<LimitOverride> {
    let names = [
        "users",
        "user-writes",
        "user-reads",
        "groups",
        "group",
        "authn",
        "apps",
        "logs",
        "realms",
        "principal-rate-limits",
        "identity-source-sessions",
        "identity-source-bulk",
        "other",
    ];
    names.iter().map(|name| format!("{name}=unlimited").parse().expect("a limit")).collect()
}
