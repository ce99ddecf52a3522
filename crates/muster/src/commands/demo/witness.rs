//! What the embedded org knows of the tour, past all commands.

use bytes::Bytes;
use http::Request;
use muster_emulator::{Emulator, HookCall};
use serde_json::Value;

use super::TOKEN;

/// The people in the org.
pub struct Stored {
    /// All of them.
    pub people: usize,
    /// Those whose password is Okta's own.
    pub owned: usize,
}

/// Who is in the org. Whoever waits for a new password has none.
pub async fn stored(emulator: &Emulator) -> Stored {
    let users = lines(emulator, "/_emulator/users").await;
    let owned = users.iter().filter(|user| user["provider"] == "OKTA" && user["credential"] != "none");
    Stored { people: users.len(), owned: owned.count() }
}

/// Who got a mail to set a new password, sorted; who got two stands there twice.
pub async fn mailed(emulator: &Emulator) -> Vec<String> {
    let mails = lines(emulator, "/_emulator/mails").await;
    let resets = mails.iter().filter(|mail| mail["kind"] == "password_reset");
    let mut logins: Vec<String> =
        resets.filter_map(|mail| mail["login"].as_str().map(str::to_owned)).collect();
    logins.sort_unstable();
    logins
}

/// How many password hooks the org has.
pub async fn password_hooks(emulator: &Emulator) -> usize {
    let text = get(emulator, "/api/v1/inlineHooks?type=com.okta.user.credential.password.import").await;
    let hooks: Option<Vec<Value>> = serde_json::from_slice(&text).ok();
    hooks.map_or(usize::MAX, |hooks| hooks.len())
}

/// The last call of the hook.
pub fn last_call(emulator: &Emulator) -> Option<HookCall> {
    emulator.hook_calls(1).pop()
}

/// How many calls came after this one.
pub fn calls_since(emulator: &Emulator, last: Option<&HookCall>) -> usize {
    let calls = emulator.hook_calls(usize::MAX);
    let place = calls.iter().rposition(|call| Some(call) == last);
    place.map_or(calls.len(), |place| calls.len() - place - 1)
}

async fn lines(emulator: &Emulator, path: &str) -> Vec<Value> {
    let text = get(emulator, path).await;
    text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

async fn get(emulator: &Emulator, path: &str) -> Bytes {
    let request = Request::get(path)
        .header("host", "org.example")
        .header("accept", "application/json")
        .header("authorization", format!("SSWS {TOKEN}"));
    match request.body(Bytes::new()) {
        Ok(request) => emulator.call(request).await.into_body(),
        Err(_) => Bytes::new(),
    }
}
