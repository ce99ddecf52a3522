//! One call of an inline hook, with its second try, and what its answer counts for (API.md §9.2 and §9.3).
//!
//! A token for an OAuth hook is fetched for each call, with three seconds of its own and no second try; whether Okta
//! keeps tokens for later calls is not known.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::{
    hook_service::{HookAnswer, HookFailure, HookRequest, HookService, TOO_LARGE},
    hook_token,
    model::hooks::{ChannelKind, Config, Hook, PASSWORD_IMPORT},
};

/// How long a service may take for one try.
const TIME: Duration = Duration::from_secs(3);
const TRIES: u32 = 2;
/// The one command that counts.
const UPDATE: &str = "com.okta.action.update";

/// What Okta tells the service.
pub(crate) struct Question<'a> {
    pub event_id: &'a str,
    pub event_time: &'a str,
    pub source: &'a str,
    pub request_id: &'a str,
    pub ip_address: &'a str,
    pub login: &'a str,
    pub secret: &'a str,
}

/// How a call went.
pub(crate) struct Called {
    pub attempts: u32,
    pub milliseconds: u64,
    pub outcome: Result<HookAnswer, HookFailure>,
}

/// What an answer counts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The password is right.
    Verified,
    /// The service says no, or nothing.
    Unverified,
    /// The answer is none: what is wrong with it.
    Failed(String),
}

impl Question<'_> {
    /// The body of the call.
    pub fn body(&self) -> Bytes {
        let body = json!({
            "eventId": self.event_id,
            "eventTime": self.event_time,
            "eventType": PASSWORD_IMPORT,
            "eventTypeVersion": "1.0",
            "contentType": "application/json",
            "cloudEventVersion": "0.1",
            "source": self.source,
            "data": {
                "context": {
                    "request": {
                        "id": self.request_id,
                        "method": "POST",
                        "url": {"value": "/api/v1/authn"},
                        "ipAddress": self.ip_address,
                    },
                    "credential": {"username": self.login, "password": self.secret},
                },
                "action": {"credential": "UNVERIFIED"},
            },
        });
        Bytes::from(body.to_string())
    }
}

/// Calls a hook; `key` signs where the hook wants that.
pub(crate) async fn call(service: &dyn HookService, hook: &Hook, body: Bytes, key: Option<&str>) -> Called {
    let started = Instant::now();
    let called = |attempts, outcome| {
        let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Called { attempts, milliseconds, outcome }
    };
    let request = match request(service, hook, body, key).await {
        Ok(request) => request,
        Err(failure) => return called(0, Err(failure)),
    };
    let mut attempts = 1;
    loop {
        let outcome = once(service, request.clone()).await;
        if attempts == TRIES || !deserves_another(&outcome) {
            return called(attempts, outcome);
        }
        attempts += 1;
    }
}

/// One try, within its time.
pub(crate) async fn once(service: &dyn HookService, request: HookRequest) -> Result<HookAnswer, HookFailure> {
    let answer = timeout(TIME, service.answer(request)).await.map_err(|_| HookFailure::TimedOut)??;
    if answer.body.len() >= TOO_LARGE { Err(HookFailure::TooLarge) } else { Ok(answer) }
}

/// No answer in time, no connection, and 5xx are tried again; every other answer is an answer.
fn deserves_another(outcome: &Result<HookAnswer, HookFailure>) -> bool {
    match outcome {
        Ok(answer) => answer.status >= 500,
        Err(failure) => matches!(failure, HookFailure::TimedOut | HookFailure::Connection(_)),
    }
}

async fn request(
    service: &dyn HookService,
    hook: &Hook,
    body: Bytes,
    key: Option<&str>,
) -> Result<HookRequest, HookFailure> {
    let config = &hook.channel.config;
    let mut headers = headers(config);
    if hook.channel.kind == ChannelKind::Oauth {
        let token = hook_token::fetch(service, config, key).await?;
        let unfit = |_| HookFailure::Token("it does not fit into a header".to_owned());
        let mut bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(unfit)?;
        bearer.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, bearer);
    }
    Ok(HookRequest { uri: config.uri.clone(), headers, body })
}

/// The headers of a call. The hook's own cannot take the place of what says that this is JSON.
fn headers(config: &Config) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for given in &config.headers {
        put(&mut headers, &given.key, &given.value, false);
    }
    if let Some(scheme) = &config.auth_scheme {
        put(&mut headers, &scheme.key, &scheme.value, true);
    }
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json.clone());
    headers.insert(header::ACCEPT, json);
    headers
}

fn put(headers: &mut HeaderMap, key: &str, value: &str, secret: bool) {
    if let (Ok(key), Ok(mut value)) = (HeaderName::from_bytes(key.as_bytes()), HeaderValue::from_str(value)) {
        value.set_sensitive(secret);
        headers.insert(key, value);
    }
}

impl Verdict {
    /// What the outcome of a call counts for. All that is not a plain yes is a no.
    pub fn of(outcome: &Result<HookAnswer, HookFailure>) -> Self {
        match outcome {
            Ok(answer) if answer.status == 200 => Self::of_body(&answer.body),
            Ok(answer) if answer.status == 204 => Self::Unverified,
            Ok(answer) => Self::Failed(format!("the service answered {}", answer.status)),
            Err(failure) => Self::Failed(failure.to_string()),
        }
    }

    /// Of several commands the last one counts, but all of them must be understood.
    fn of_body(body: &[u8]) -> Self {
        let failed = |why: &str| Self::Failed(why.to_owned());
        let Ok(Value::Object(answer)) = serde_json::from_slice(body) else {
            return failed("the answer is not a JSON object");
        };
        if answer.get("error").is_some_and(|error| !error.is_null()) {
            return failed("the service answered with an error");
        }
        let commands = match answer.get("commands") {
            None | Some(Value::Null) => return Self::Unverified,
            Some(Value::Array(commands)) => commands,
            Some(_) => return failed("`commands` is not a list"),
        };
        let credentials: Option<Vec<bool>> = commands.iter().map(credential).collect();
        match credentials.as_deref() {
            None => failed("a command is not understood"),
            Some([.., true]) => Self::Verified,
            Some(_) => Self::Unverified,
        }
    }

    /// The word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Unverified => "unverified",
            Self::Failed(_) => "failed",
        }
    }
}

fn credential(command: &Value) -> Option<bool> {
    if command.get("type")?.as_str()? != UPDATE {
        return None;
    }
    match command.get("value")?.get("credential")?.as_str()? {
        "VERIFIED" => Some(true),
        "UNVERIFIED" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_is_a_yes() {
        let of = |body: &str| {
            let answer = HookAnswer { status: 200, body: Bytes::copy_from_slice(body.as_bytes()) };
            Verdict::of(&Ok(answer)).name()
        };
        let command = |word: &str| format!(r#"{{"type":"{UPDATE}","value":{{"credential":"{word}"}}}}"#);
        let (yes, no) = (command("VERIFIED"), command("UNVERIFIED"));
        assert_eq!(of(&format!(r#"{{"commands":[{yes}]}}"#)), "verified");
        assert_eq!(of(&format!(r#"{{"commands":[{no},{yes}],"debugContext":{{}}}}"#)), "verified");
        assert_eq!(of(&format!(r#"{{"commands":[{yes},{no}]}}"#)), "unverified");
        for nothing in ["{}", r#"{"commands":[]}"#, r#"{"commands":null}"#] {
            assert_eq!(of(nothing), "unverified", "{nothing}");
        }
        let lies = [
            r#"{"credential":"VERIFIED"}"#.to_owned(),
            format!("{{\"commands\":{yes}}}"),
            format!("[{yes}]"),
            format!(r#"{{"commands":[{yes}],"error":{{"errorSummary":"no"}}}}"#),
            format!(r#"{{"commands":[{yes},{{"type":"other"}}]}}"#),
            format!(r#"{{"commands":[{}]}}"#, command("verified")),
            r#"{"commands":[{"type":"com.okta.action.update","value":"VERIFIED"}]}"#.to_owned(),
            r#"{"commands":[{"value":{"credential":"VERIFIED"}}]}"#.to_owned(),
            "VERIFIED".to_owned(),
            String::new(),
        ];
        for lie in lies {
            assert_ne!(of(&lie), "verified", "{lie}");
        }
    }
}
