//! How many wrong passwords a user had of late. Users are known by a digest of their login.
//!
//! A try counts as wrong from its start, and is taken back when it was right: many at once can't outrun the count.
//! Users that nobody knows are counted as well, or the count would tell them apart.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::keyed::Digest;
use super::locked;
use super::pool::Form;

/// How many wrong passwords in which time are too many.
#[derive(Clone, Copy, Debug)]
pub struct WrongPasswordLimit {
    /// So many are still judged; 0 for no limit.
    pub tries: usize,
    /// Within this time.
    pub within: Duration,
    /// So many users are remembered; beyond that, those who failed first are forgotten first.
    pub users: usize,
}

impl Default for WrongPasswordLimit {
    fn default() -> Self {
        Self { tries: 10, within: Duration::from_mins(15), users: 100_000 }
    }
}

/// The counts.
#[derive(Debug)]
pub struct WrongPasswords {
    limit: WrongPasswordLimit,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Debug, Default)]
struct Counts {
    users: HashMap<Digest, User>,
    /// Users in the order of their first try; some of them are forgotten already.
    order: VecDeque<(u64, Digest)>,
    next: u64,
}

#[derive(Debug, Default)]
struct User {
    number: u64,
    tries: Vec<Instant>,
    form: Option<Form>,
}

/// A try that counts until it is taken back.
#[derive(Debug)]
pub struct Try {
    user: Digest,
    at: Instant,
    counts: Arc<Mutex<Counts>>,
}

/// Too many of them. What a hash of this user is like, where it is known: the answer takes as long.
#[derive(Debug, PartialEq, Eq)]
pub struct TooMany(pub Option<Form>);

impl WrongPasswords {
    /// Nobody failed yet.
    pub fn new(limit: WrongPasswordLimit) -> Self {
        Self { limit, counts: Arc::default() }
    }

    /// A try of a user.
    pub fn begin(&self, user: Digest, now: Instant) -> Result<Try, TooMany> {
        let attempt = Try { user, at: now, counts: Arc::clone(&self.counts) };
        if self.limit.tries == 0 {
            return Ok(attempt);
        }
        let mut counts = locked(&self.counts);
        let known = counts.user(user);
        known.tries.retain(|at| now.saturating_duration_since(*at) < self.limit.within);
        if known.tries.len() >= self.limit.tries {
            return Err(TooMany(known.form.clone()));
        }
        known.tries.push(now);
        counts.forget(self.limit.users);
        Ok(attempt)
    }
}

impl Counts {
    fn user(&mut self, user: Digest) -> &mut User {
        let Self { users, order, next } = self;
        users.entry(user).or_insert_with(|| {
            *next += 1;
            order.push_back((*next, user));
            User { number: *next, ..User::default() }
        })
    }

    /// Forgets users until there are `most`, and whatever of the order has no user any more.
    fn forget(&mut self, most: usize) {
        while self.users.len() > most || self.order.len() > most.saturating_mul(2) {
            let Some((number, user)) = self.order.pop_front() else { return };
            if self.users.get(&user).is_some_and(|known| known.number == number) {
                self.users.remove(&user);
            }
        }
    }
}

impl Try {
    /// The password was right: nothing is held against the user any more.
    pub fn was_right(self) {
        locked(&self.counts).users.remove(&self.user);
    }

    /// Nobody knows whether it was right.
    pub fn take_back(self) {
        if let Some(user) = locked(&self.counts).users.get_mut(&self.user)
            && let Some(place) = user.tries.iter().position(|at| *at == self.at)
        {
            user.tries.swap_remove(place);
        }
    }

    /// It was wrong, and this is what the hash is like.
    pub fn was_wrong(self, form: Option<Form>) {
        if let Some(user) = locked(&self.counts).users.get_mut(&self.user) {
            user.form = form.or(user.form.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: Digest = [1; 32];

    fn limit(tries: usize, users: usize) -> WrongPasswords {
        WrongPasswords::new(WrongPasswordLimit { tries, within: Duration::from_mins(1), users })
    }

    #[test]
    fn too_many_are_too_many_until_the_oldest_is_old() {
        let wrong = limit(2, 10);
        let start = Instant::now();
        let later = |seconds| start + Duration::from_secs(seconds);
        wrong.begin(USER, start).unwrap().was_wrong(None);
        wrong.begin(USER, later(30)).unwrap().was_wrong(None);
        assert_eq!(wrong.begin(USER, later(59)).unwrap_err(), TooMany(None));
        assert!(wrong.begin([2; 32], later(59)).is_ok(), "another user");
        assert!(wrong.begin(USER, later(60)).is_ok());
        assert!(wrong.begin(USER, later(61)).is_err());
    }

    #[test]
    fn tries_at_once_count_and_what_nobody_judged_does_not() {
        let wrong = limit(2, 10);
        let now = Instant::now();
        let (first, _second) = (wrong.begin(USER, now).unwrap(), wrong.begin(USER, now).unwrap());
        assert!(wrong.begin(USER, now).is_err(), "two are being judged");
        first.take_back();
        wrong.begin(USER, now).unwrap().was_right();
        assert!(wrong.begin(USER, now).is_ok());
    }

    #[test]
    fn memory_is_bounded() {
        let wrong = limit(2, 10);
        let now = Instant::now();
        for user in 0..200 {
            wrong.begin([user; 32], now).unwrap().was_wrong(None);
            wrong.begin(USER, now).map(Try::was_right).ok();
        }
        let counts = locked(&wrong.counts);
        assert!(counts.users.len() <= 10 && counts.order.len() <= 20);
    }
}
