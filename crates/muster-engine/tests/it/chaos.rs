//! Faults by rates, from a seed.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::Request;
use muster_okta::TransportFailure;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::meddling::{Meddling, bad_gateway, read_only, refusal};

/// Faults in a thousand requests.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rates {
    /// The work is done, and its answer lost.
    pub lost: u32,
    /// Nothing arrives.
    pub unreachable: u32,
    /// 500, 502 or 503, whether the work was done or not.
    pub server_error: u32,
    /// A body that breaks off.
    pub truncated: u32,
}

/// Decides on every request by dice.
pub struct Chaos {
    rates: Rates,
    state: Mutex<State>,
}

struct State {
    dice: ChaCha8Rng,
    /// Requests until the process dies.
    until_death: Option<u32>,
}

impl Chaos {
    /// Faults at these rates; the process dies at that request.
    pub fn new(seed: u64, rates: Rates, until_death: Option<u32>) -> Self {
        let state = State { dice: ChaCha8Rng::seed_from_u64(seed), until_death };
        Self { rates, state: Mutex::new(state) }
    }

    /// What happens to the next request.
    pub fn meddle(&self, _: &Request<Bytes>) -> Meddling {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { dice, until_death } = &mut *state;
        match until_death {
            Some(0) => return if dice.random() { Meddling::DieBefore } else { Meddling::DieAfter },
            Some(left) => *left -= 1,
            None => {}
        }
        self.fault(dice)
    }

    fn fault(&self, dice: &mut ChaCha8Rng) -> Meddling {
        let Rates { lost, unreachable, server_error, truncated } = self.rates;
        let mut throw = dice.random_range(0..1000_u32);
        let mut falls_into = |rate: u32| {
            let within = throw < rate;
            throw = throw.wrapping_sub(rate);
            within
        };
        if falls_into(lost) {
            let failures = [TransportFailure::Broken, TransportFailure::TimedOut];
            Meddling::LoseAnswer(failures[dice.random_range(0..2)])
        } else if falls_into(unreachable) {
            Meddling::FailBefore(TransportFailure::Connect)
        } else if falls_into(server_error) {
            server_fault(dice)
        } else if falls_into(truncated) {
            Meddling::Truncate(dice.random_range(0..1000))
        } else {
            Meddling::None
        }
    }
}

/// Read-only mode and its like are the only ones that never come after the work was done.
fn server_fault(dice: &mut ChaCha8Rng) -> Meddling {
    let answer = match dice.random_range(0..3) {
        0 => refusal(500, "E0000009", "Internal Server Error"),
        1 => bad_gateway(),
        _ => return Meddling::AnswerInstead(read_only()),
    };
    if dice.random() { Meddling::AnswerAfter(answer) } else { Meddling::AnswerInstead(answer) }
}
