//! How many bcrypt passwords a machine verifies in a second, and what becomes of the answers at five times that.
//!
//! `cargo run --release -p muster-server --example load -- [COST] [SECONDS]`

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement, run by hand")]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use muster_core::credential::Notation;
use muster_core::secret::Secret;
use muster_core::stored::{BcryptInput, StoredHash};
use muster_legacy::truth::{Asking, Known, Truth};
use muster_server::hook::settings::HookSettings;
use muster_server::hook::verifier::Verifier;
use muster_server::{Listen, Safety, open};
use reqwest::Client;
use serde_json::json;
use tokio::task::JoinSet;
use zeroize::Zeroizing;

const SECRET: &str = "a secret of 24 letters..";

/// Everybody has the same hash; half of the logins are unknown.
struct People(StoredHash);

impl Truth for People {
    fn name(&self) -> &'static str {
        "people"
    }

    fn ask<'a>(&'a self, login: &'a str, _: &'a Secret) -> Asking<'a> {
        let known = Known::Hash { notation: Notation::Bcrypt, stored: self.0.clone() };
        Box::pin(async move { Ok(if login.starts_with("known") { known } else { Known::Nobody }) })
    }
}

/// What became of calls.
#[derive(Default)]
struct Tally {
    calls: usize,
    answered: usize,
    shed: usize,
    faulty: usize,
    answers: Vec<Duration>,
    refusals: Vec<Duration>,
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let cost: u32 = arguments.next().map_or(10, |text| text.parse().unwrap());
    let seconds: u64 = arguments.next().map_or(20, |text| text.parse().unwrap());
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listen = Listen {
        address: loopback,
        safety: Safety::PlainOnLoopback,
        client_authority: None,
        connections: 4096,
        admin: None,
        notice: Duration::ZERO,
        patience: Duration::from_secs(5),
    };
    let mut settings = HookSettings { secrets: vec![Secret::new(SECRET)], ..HookSettings::default() };
    settings.wrong_passwords.tries = 0;
    let workers = settings.pool.workers;
    let people = Arc::new(People(hash(cost)));
    let running = open(listen, settings, vec![people], Verifier::default()).await.unwrap();
    let url: Arc<str> = running.url.as_str().into();
    let client = Client::builder().no_proxy().build().unwrap();

    let time = Duration::from_secs(seconds);
    let closed = closed_loop(&client, &url, workers * 2, time / 2).await;
    let rate = f64::from(u32::try_from(closed.answered).unwrap()) / (time / 2).as_secs_f64();
    print(&format!("as many at once as are verified, {workers} workers"), closed, time / 2);
    let loaded = open_loop(&client, &url, rate * 5.0, time).await;
    print("five times as many", loaded, time);
    running.drain().await;
}

fn hash(cost: u32) -> StoredHash {
    let (salt, value) = muster_passwords::bcrypt_hash("right", cost, [7; 16]);
    StoredHash::Bcrypt {
        cost,
        salt: Zeroizing::new(salt),
        value: Zeroizing::new(value),
        input: BcryptInput::Password,
    }
}

async fn closed_loop(client: &Client, url: &Arc<str>, at_once: usize, time: Duration) -> Tally {
    let start = Instant::now();
    let mut callers = JoinSet::new();
    for caller in 0..at_once {
        let (client, url) = (client.clone(), Arc::clone(url));
        callers.spawn(async move {
            let mut tally = Tally::default();
            while start.elapsed() < time {
                let outcome = call(&client, &url, caller * 1_000_000 + tally.calls).await;
                tally.note(outcome);
            }
            tally
        });
    }
    let mut whole = Tally::default();
    while let Some(tally) = callers.join_next().await {
        whole.add(tally.unwrap());
    }
    whole
}

async fn open_loop(client: &Client, url: &Arc<str>, rate: f64, time: Duration) -> Tally {
    let mut calls = JoinSet::new();
    let mut tick = tokio::time::interval(Duration::from_secs_f64(1.0 / rate));
    let start = Instant::now();
    let mut number = 500_000_000;
    while start.elapsed() < time {
        tick.tick().await;
        number += 1;
        let (client, url) = (client.clone(), Arc::clone(url));
        calls.spawn(async move { call(&client, &url, number).await });
    }
    let mut whole = Tally::default();
    while let Some(outcome) = calls.join_next().await {
        whole.note(outcome.unwrap());
    }
    whole
}

/// How long it took, and whether it was answered as it should have been; none if it was shed.
async fn call(client: &Client, url: &str, number: usize) -> (Duration, Option<bool>) {
    let (login, password, right) = match number % 4 {
        0 | 1 => ("known", "right", "\"VERIFIED\""),
        2 => ("known", "wrong", "\"UNVERIFIED\""),
        _ => ("nobody", "right", "\"UNVERIFIED\""),
    };
    let body = json!({
        "eventId": number.to_string(),
        "eventType": "com.okta.user.credential.password.import",
        "data": {"context": {"credential": {"username": format!("{login}{number}@example.com"), "password": password}}},
    });
    let start = Instant::now();
    let answer =
        client.post(url).header("authorization", SECRET).body(body.to_string()).send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (start.elapsed(), (status != 503).then(|| status == 200 && text.contains(right)))
}

impl Tally {
    fn note(&mut self, (taken, outcome): (Duration, Option<bool>)) {
        self.calls += 1;
        if let Some(is_right) = outcome {
            self.answered += 1;
            self.faulty += usize::from(!is_right);
            self.answers.push(taken);
        } else {
            self.shed += 1;
            self.refusals.push(taken);
        }
    }

    fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.answered += other.answered;
        self.shed += other.shed;
        self.faulty += other.faulty;
        self.answers.extend(other.answers);
        self.refusals.extend(other.refusals);
    }
}

fn print(what: &str, mut tally: Tally, time: Duration) {
    let rate = f64::from(u32::try_from(tally.answered).unwrap()) / time.as_secs_f64();
    println!(
        "{what}: {} calls, {} answered ({rate:.1}/s), {} shed, {} faulty",
        tally.calls, tally.answered, tally.shed, tally.faulty
    );
    for (kind, times) in [("answers", &mut tally.answers), ("sheddings", &mut tally.refusals)] {
        times.sort();
        let at =
            |part: usize| times.get(times.len() * part / 100).or(times.last()).copied().unwrap_or_default();
        println!("  {kind}: median {:?}, 99 % {:?}, slowest {:?}", at(50), at(99), at(100));
    }
}
