//! Calls outside of the run loop, made one at a time: repeated while the org says later.

use std::time::Duration;

use muster_core::retry::{Class, back_off};
use muster_okta::{CallError, Exchange, TransportFailure};

/// How often a call is tried that brings no answer, or one of 5xx.
const MOST_TRIES: u32 = 4;

/// One call at a time needs no dice to be spread.
const IN_THE_MIDDLE: f64 = 0.5;
/// How many access tokens one call may use up. New ones that are refused at once end it sooner.
const MOST_TOKENS: u32 = 10;

/// How long a 429 is waited for in all.
const LONGEST_WAIT: Duration = Duration::from_mins(3);

/// A call's result with what its headers told.
pub struct Attempt<T> {
    /// The result after all repetitions.
    pub result: Result<T, CallError>,
    /// The last exchange's next page.
    pub next: Option<String>,
    /// The limit of the bucket that it counted against, if the answer told.
    pub limit: Option<u64>,
}

impl<T> Attempt<T> {
    fn of(exchange: Exchange<T>) -> Self {
        let limit = exchange.reading.map(|reading| reading.limit);
        Self { result: exchange.result, next: exchange.next, limit }
    }
}

/// Makes a read, or a write that may be done twice, until it has an answer that will not change.
pub async fn patiently<T, F: Future<Output = Exchange<T>>>(mut call: impl FnMut() -> F) -> Attempt<T> {
    let (mut tries, mut waited) = (0, Duration::ZERO);
    loop {
        let exchange = call().await;
        tries += 1;
        if let Err(CallError::Transport(error)) = &exchange.result
            && matches!(error.failure, TransportFailure::Tls | TransportFailure::Unsendable)
        {
            // What is not trusted now will not be in a second.
            return Attempt::of(exchange);
        }
        let wait = match exchange.class() {
            Some(Class::OverQuota) => {
                exchange.window_ends_in().unwrap_or(Duration::from_secs(5)) + Duration::from_secs(1)
            }
            // The next call goes with another token.
            Some(Class::TokenSpent) if tries < MOST_TOKENS => Duration::ZERO,
            Some(Class::OverConcurrency) => back_off(tries, IN_THE_MIDDLE),
            Some(Class::Doubtful | Class::Later | Class::ReadOnly) | None if tries < MOST_TRIES => {
                back_off(tries, IN_THE_MIDDLE)
            }
            _ => return Attempt::of(exchange),
        };
        waited += wait;
        if waited > LONGEST_WAIT {
            return Attempt::of(exchange);
        }
        tokio::time::sleep(wait).await;
    }
}
