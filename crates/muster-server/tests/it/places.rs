//! Stand-ins for places that know passwords.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use muster_core::credential::Notation;
use muster_core::secret::Secret;
use muster_core::stored::{Again, Digest, SaltOrder, StoredHash, TextForm};
use muster_legacy::truth::{Asking, Known, Truth, Unavailable};
use muster_server::hook::verifier::Verifier;
use zeroize::Zeroizing;

/// How a place behaves.
#[derive(Clone, Debug)]
pub enum Manner {
    /// It answers.
    Well,
    /// It answers after a while.
    Slowly(Duration),
    /// It can't be reached.
    Away,
    /// It never answers.
    Hangs,
}

/// A place with people, whose stored hashes hold their passwords: the verifier of these tests compares texts.
pub struct Place {
    name: &'static str,
    manner: Mutex<Manner>,
    people: BTreeMap<String, Stored>,
    asked: AtomicUsize,
}

/// What the place knows of somebody.
#[derive(Clone)]
pub enum Stored {
    /// A hash that takes so many rounds of 10 µs to verify.
    Hash(&'static str, u32),
    /// The place verifies by itself.
    Told(&'static str),
    /// Nobody can read it.
    Garbage,
}

impl Place {
    pub fn new(name: &'static str, people: &[(&str, Stored)]) -> Self {
        let people = people.iter().map(|(login, stored)| ((*login).to_owned(), stored.clone())).collect();
        Self { name, manner: Mutex::new(Manner::Well), people, asked: AtomicUsize::new(0) }
    }

    pub fn with(self, manner: Manner) -> Self {
        self.behave(manner);
        self
    }

    pub fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// How often it was asked for somebody, probes left out.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn known(&self, login: &str, password: &Secret) -> Known {
        match self.people.get(&login.to_lowercase()) {
            None => Known::Nobody,
            Some(Stored::Garbage) => Known::Unreadable("its length is odd".to_owned()),
            Some(Stored::Told(right)) if *right == password.reveal() => Known::Matches,
            Some(Stored::Told(_)) => Known::Differs,
            Some(Stored::Hash(right, rounds)) => {
                Known::Hash { notation: Notation::Ssha512, stored: hash(right, *rounds) }
            }
        }
    }
}

impl Truth for Place {
    fn name(&self) -> &str {
        self.name
    }

    fn ask<'a>(&'a self, login: &'a str, password: &'a Secret) -> Asking<'a> {
        if !login.starts_with("muster-probe") {
            self.asked.fetch_add(1, Ordering::SeqCst);
        }
        let manner = self.manner.lock().unwrap().clone();
        Box::pin(async move {
            match manner {
                Manner::Well => {}
                Manner::Slowly(time) => tokio::time::sleep(time).await,
                Manner::Away => return Err(Unavailable("no connection".to_owned())),
                Manner::Hangs => std::future::pending().await,
            }
            Ok(self.known(login, password))
        })
    }
}

/// A hash that holds its password.
pub fn hash(password: &str, rounds: u32) -> StoredHash {
    StoredHash::Digest {
        digest: Digest::Sha512,
        salt: Zeroizing::new(Vec::new()),
        order: SaltOrder::Prefix,
        text: TextForm::Utf8,
        rounds,
        again: Again::Raw,
        value: Zeroizing::new(password.as_bytes().to_vec()),
    }
}

/// Sleeps for as long as a processor would work: tests have no processors to spare.
pub fn verifier() -> Verifier {
    Verifier { verify, dummy }
}

thread_local! {
    /// The rounds of what was verified on this thread.
    static VERIFIED: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// The rounds of what was verified on this thread since the last time.
pub fn verified() -> Vec<u32> {
    VERIFIED.with(RefCell::take)
}

fn verify(secret: &str, stored: &StoredHash) -> bool {
    let StoredHash::Digest { rounds, value, .. } = stored else {
        panic!("a verification that breaks down");
    };
    VERIFIED.with(|verified| verified.borrow_mut().push(*rounds));
    if *rounds > 1 {
        std::thread::sleep(Duration::from_micros(10) * *rounds);
    }
    value.as_slice() == secret.as_bytes()
}

fn dummy(like: &StoredHash) -> StoredHash {
    match like {
        StoredHash::Digest { rounds, .. } => hash("\u{0}nobody", *rounds),
        _ => hash("\u{0}nobody", 1),
    }
}
