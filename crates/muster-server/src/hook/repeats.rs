//! The same event twice: Okta tries again with the same id, and what was decided once is not decided anew.
//!
//! Answers are kept by a digest of event, login and password: whoever makes up an event id that was seen, with
//! another password, does not get the answer that belongs to the first. Only what was decided is kept; where the
//! truth could not be had, the next call tries.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::keyed::Digest;
use super::locked;

/// What was decided of a call, or nothing yet.
type Slot<T> = watch::Receiver<Option<T>>;

/// The calls of the last minute or so.
#[derive(Debug)]
pub struct Repeats<T> {
    kept_for: Duration,
    most: usize,
    calls: Arc<Mutex<Calls<T>>>,
}

#[derive(Debug)]
struct Calls<T> {
    by_key: HashMap<Digest, Slot<T>>,
    /// In the order in which they were decided.
    decided: VecDeque<(Instant, Digest)>,
}

/// What is known of a call when it comes.
#[derive(Debug)]
pub enum Entered<T> {
    /// It is new. Whoever gets this decides it.
    First(First<T>),
    /// Another one of the same is being decided.
    Wait(Waiting<T>),
    /// It was decided.
    Decided(T),
}

/// The duty to decide. Dropped without a decision, the call is as if it had never come.
#[derive(Debug)]
pub struct First<T> {
    key: Digest,
    calls: Arc<Mutex<Calls<T>>>,
    kept: Option<(Duration, usize)>,
    slot: watch::Sender<Option<T>>,
}

/// Somebody else decides.
#[derive(Debug)]
pub struct Waiting<T>(Slot<T>);

impl<T: Clone> Repeats<T> {
    /// Keeps at most `most` calls, each for `kept_for` after it was decided.
    pub fn new(kept_for: Duration, most: usize) -> Self {
        let calls = Calls { by_key: HashMap::new(), decided: VecDeque::new() };
        Self { kept_for, most, calls: Arc::new(Mutex::new(calls)) }
    }

    /// Looks whether a call was here before.
    pub fn enter(&self, key: Digest, now: Instant) -> Entered<T> {
        let mut calls = locked(&self.calls);
        calls.forget(|decided, _| now.saturating_duration_since(decided) >= self.kept_for);
        if let Some(slot) = calls.by_key.get(&key) {
            return match slot.borrow().clone() {
                Some(decided) => Entered::Decided(decided),
                None => Entered::Wait(Waiting(slot.clone())),
            };
        }
        let (sender, slot) = watch::channel(None);
        calls.by_key.insert(key, slot);
        let kept = Some((self.kept_for, self.most));
        Entered::First(First { key, calls: Arc::clone(&self.calls), kept, slot: sender })
    }
}

impl<T> Calls<T> {
    /// Forgets the oldest ones for as long as that is asked for.
    fn forget(&mut self, is_over: impl Fn(Instant, usize) -> bool) {
        while let Some((decided, key)) = self.decided.front().copied() {
            if !is_over(decided, self.decided.len()) {
                return;
            }
            self.decided.pop_front();
            self.by_key.remove(&key);
        }
    }
}

impl<T: Clone> First<T> {
    /// It is decided.
    pub fn decide(mut self, decision: T, now: Instant) {
        let Some((_, most)) = self.kept.take() else { return };
        self.slot.send_replace(Some(decision));
        let mut calls = locked(&self.calls);
        calls.decided.push_back((now, self.key));
        calls.forget(|_, length| length > most);
    }
}

impl<T> Drop for First<T> {
    fn drop(&mut self) {
        if self.kept.is_some() {
            locked(&self.calls).by_key.remove(&self.key);
        }
    }
}

impl<T: Clone> Waiting<T> {
    /// What was decided; none if nobody decides any more.
    pub async fn decision(mut self) -> Option<T> {
        self.0.wait_for(Option::is_some).await.ok().and_then(|decided| decided.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Digest = [1; 32];

    fn first(repeats: &Repeats<u8>, key: Digest, now: Instant) -> First<u8> {
        match repeats.enter(key, now) {
            Entered::First(first) => first,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_decision_is_kept_for_a_while_and_no_decision_is_not() {
        let repeats = Repeats::new(Duration::from_mins(1), 10);
        let now = Instant::now();
        drop(first(&repeats, KEY, now));
        first(&repeats, KEY, now).decide(7, now);
        let at = |seconds| repeats.enter(KEY, now + Duration::from_secs(seconds));
        assert!(matches!(at(59), Entered::Decided(7)));
        assert!(matches!(at(60), Entered::First(_)));
    }

    #[test]
    fn it_holds_no_more_than_it_may() {
        let repeats = Repeats::new(Duration::from_mins(1), 2);
        let now = Instant::now();
        for key in 0..5 {
            first(&repeats, [key; 32], now).decide(key, now);
        }
        assert!(matches!(repeats.enter([4; 32], now), Entered::Decided(4)));
        assert!(matches!(repeats.enter([3; 32], now), Entered::Decided(3)));
        assert_eq!(locked(&repeats.calls).by_key.len(), 2);
    }

    #[tokio::test]
    async fn a_second_one_waits_for_the_first() {
        let repeats = Repeats::new(Duration::from_mins(1), 2);
        let now = Instant::now();
        let deciding = first(&repeats, KEY, now);
        let Entered::Wait(waiting) = repeats.enter(KEY, now) else { panic!("it is being decided") };
        deciding.decide(3, now);
        assert_eq!(waiting.decision().await, Some(3));
        let deciding = first(&repeats, [2; 32], now);
        let Entered::Wait(waiting) = repeats.enter([2; 32], now) else { panic!("it is being decided") };
        drop(deciding);
        assert_eq!(waiting.decision().await, None);
    }
}
