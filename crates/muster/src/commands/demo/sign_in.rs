//! People at the sign-in page of the embedded org.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::vec::IntoIter;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use jiff::Timestamp;
use muster_emulator::Emulator;
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// So many people are at it at the same time.
const AT_ONCE: usize = 12;

/// A name and a password that somebody types.
pub struct Try {
    /// The name.
    pub login: String,
    /// The password.
    pub password: String,
}

/// How many of these get in. All are tried, many at the same time.
pub async fn let_in(emulator: &Emulator, tries: Vec<Try>) -> usize {
    let waiting = Arc::new(Mutex::new(tries.into_iter()));
    let mut running = JoinSet::new();
    for _ in 0..AT_ONCE {
        running.spawn(one_by_one(emulator.clone(), Arc::clone(&waiting)));
    }
    running.join_all().await.into_iter().sum()
}

async fn one_by_one(emulator: Emulator, waiting: Arc<Mutex<IntoIter<Try>>>) -> usize {
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let mut good = 0;
    while let Some(one) = next() {
        good += usize::from(authenticate(&emulator, &one.login, &one.password).await);
    }
    good
}

/// Whether somebody gets in. Who is told to wait, waits.
pub async fn authenticate(emulator: &Emulator, login: &str, password: &str) -> bool {
    let body = Bytes::from(json!({ "username": login, "password": password }).to_string());
    loop {
        let request = Request::post("/api/v1/authn")
            .header("content-type", "application/json")
            .header("accept", "application/json");
        let Ok(request) = request.body(body.clone()) else { return false };
        let answer = emulator.call(request).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            tokio::time::sleep(until_reset(answer.headers(), Timestamp::now())).await;
            continue;
        }
        let answer: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        return answer["status"] == "SUCCESS";
    }
}

/// The time until the org takes sign-ins again, and a moment.
fn until_reset(headers: &HeaderMap, now: Timestamp) -> Duration {
    let reset = headers.get("x-rate-limit-reset").and_then(|reset| reset.to_str().ok());
    let reset = reset.and_then(|reset| reset.parse::<i64>().ok()).unwrap_or_default();
    let left = reset.saturating_mul(1000).saturating_sub(now.as_millisecond());
    Duration::from_millis(u64::try_from(left).unwrap_or_default().min(60_000) + 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_told_to_wait_waits_until_the_reset() {
        let mut headers = HeaderMap::new();
        let now = Timestamp::from_millisecond(99_400).unwrap();
        assert_eq!(until_reset(&headers, now), Duration::from_millis(20));
        headers.insert("x-rate-limit-reset", "100".parse().unwrap());
        assert_eq!(until_reset(&headers, now), Duration::from_millis(620));
    }
}
