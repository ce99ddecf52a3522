//! Calls a password-import hook as Okta does, much more often, and says whether every answer was right and in time.
//!
//! ```sh
//! cargo run --release -p muster --example hook_load -- --url https://127.0.0.1:8443/ --ca ca.pem \
//!   --known known.csv --seconds 10 [--connections 64 | --rate 500] [--wrong 0.2] [--unknown 0.2] [--retry] [--raw FILE]
//! ```
//!
//! The secret is in `MUSTER_HOOK_SECRET`. With several `--url`, calls go to them in turn and a retry to the next one, as
//! a balancer would send it. With `--rate` calls come at that pace whether earlier ones were answered or not.

#![expect(clippy::print_stdout, reason = "the result is one JSON document on standard output")]

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Parser;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng};
use reqwest::{Certificate, Client};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// Okta waits so long (API.md §9.3).
const OKTA_WAITS: Duration = Duration::from_secs(3);

#[derive(Parser)]
struct Wish {
    #[arg(long, required = true)]
    url: Vec<String>,
    #[arg(long)]
    ca: std::path::PathBuf,
    #[arg(long)]
    known: std::path::PathBuf,
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    #[arg(long, default_value_t = 32)]
    connections: usize,
    #[arg(long)]
    rate: Option<f64>,
    #[arg(long, default_value_t = 0.0)]
    wrong: f64,
    #[arg(long, default_value_t = 0.0)]
    unknown: f64,
    #[arg(long)]
    retry: bool,
    #[arg(long)]
    raw: Option<std::path::PathBuf>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Who signs in, and what is to be answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Right,
    Wrong,
    Unknown,
}

/// What was answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Verified,
    Unverified,
    Busy,
    Nothing,
    Nonsense,
}

struct Call {
    kind: Kind,
    said: Said,
    tries: u32,
    micros: u64,
}

struct Load {
    wish: Wish,
    client: Client,
    secret: String,
    known: Vec<(String, String)>,
    number: AtomicU64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without a provider no connection can be made, and reqwest says so.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let wish = Wish::parse();
    let load = Arc::new(Load::new(wish)?);
    let begin = Instant::now();
    let calls = match load.wish.rate {
        Some(rate) => load.paced(rate).await,
        None => load.pressed().await,
    };
    if let Some(path) = &load.wish.raw {
        let mut text = String::new();
        for call in &calls {
            writeln!(text, "{},{},{}", call.kind.word(), call.said.word(), call.micros)?;
        }
        std::fs::write(path, text)?;
    }
    println!("{:#}", report(&calls, begin.elapsed().as_secs_f64()));
    Ok(())
}

impl Load {
    fn new(wish: Wish) -> Result<Self, Box<dyn std::error::Error>> {
        let client = Client::builder()
            .tls_certs_only([Certificate::from_pem(&std::fs::read(&wish.ca)?)?])
            .timeout(OKTA_WAITS)
            .pool_max_idle_per_host(4096)
            .http1_only()
            .build()?;
        let known = csv::Reader::from_path(&wish.known)?.deserialize().collect::<Result<_, _>>()?;
        let secret = std::env::var("MUSTER_HOOK_SECRET")?;
        Ok(Self { wish, client, secret, known, number: AtomicU64::new(0) })
    }

    /// A fixed number of calls under way.
    async fn pressed(self: &Arc<Self>) -> Vec<Call> {
        let end = Instant::now() + Duration::from_secs_f64(self.wish.seconds);
        let mut tasks = JoinSet::new();
        for _ in 0..self.wish.connections {
            let load = Arc::clone(self);
            tasks.spawn(async move {
                let mut calls = Vec::new();
                while Instant::now() < end {
                    calls.push(load.call().await);
                }
                calls
            });
        }
        tasks.join_all().await.into_iter().flatten().collect()
    }

    /// Calls at a pace, whatever became of earlier ones.
    async fn paced(self: &Arc<Self>, rate: f64) -> Vec<Call> {
        let begin = tokio::time::Instant::now();
        let mut tasks = JoinSet::new();
        let mut sent = 0.0;
        while sent < rate * self.wish.seconds {
            tokio::time::sleep_until(begin + Duration::from_secs_f64(sent / rate)).await;
            let load = Arc::clone(self);
            tasks.spawn(async move { load.call().await });
            sent += 1.0;
        }
        tasks.join_all().await
    }

    async fn call(&self) -> Call {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let (kind, body) = self.question(number);
        let begin = Instant::now();
        let mut said = self.ask(number, &body).await;
        let mut tries = 1;
        if self.wish.retry && matches!(said, Said::Busy | Said::Nothing) {
            said = self.ask(number + 1, &body).await;
            tries = 2;
        }
        Call { kind, said, tries, micros: u64::try_from(begin.elapsed().as_micros()).unwrap_or(u64::MAX) }
    }

    /// Who asks, and the body that Okta would send (API.md §9.2).
    fn question(&self, number: u64) -> (Kind, String) {
        let mut dice = StdRng::seed_from_u64(self.wish.seed.wrapping_mul(1 << 32).wrapping_add(number));
        let (login, password) = &self.known[dice.random_range(0..self.known.len())];
        let chance: f64 = dice.random();
        let (kind, login, password) = if chance < self.wish.wrong {
            (Kind::Wrong, login.clone(), format!("{password}!"))
        } else if chance < self.wish.wrong + self.wish.unknown {
            (Kind::Unknown, format!("nobody-{number}-{login}"), password.clone())
        } else {
            (Kind::Right, login.clone(), password.clone())
        };
        let body = json!({
            "eventId": format!("load-{}-{number}", self.wish.seed), "eventTime": "2026-01-17T21:23:56.000Z",
            "eventType": "com.okta.user.credential.password.import", "eventTypeVersion": "1.0",
            "contentType": "application/json", "cloudEventVersion": "0.1",
            "source": "https://example.okta.com/api/v1/inlineHooks/cal1",
            "data": {"context": {"request": {"id": "r", "method": "POST", "url": {"value": "/api/v1/authn"},
                                             "ipAddress": "192.0.2.1"},
                                 "credential": {"username": login, "password": password}},
                     "action": {"credential": "UNVERIFIED"}},
        });
        (kind, body.to_string())
    }

    async fn ask(&self, number: u64, body: &str) -> Said {
        let urls = &self.wish.url;
        let at = usize::try_from(number).unwrap_or(0) % urls.len();
        let request = self.client.post(&urls[at]).header("authorization", &self.secret);
        let request = request.header("content-type", "application/json").header("accept", "application/json");
        let Ok(answer) = request.body(body.to_owned()).send().await else { return Said::Nothing };
        let status = answer.status().as_u16();
        if status >= 500 {
            return Said::Busy;
        }
        let text = answer.text().await.unwrap_or_default();
        let answer: Value = serde_json::from_str(&text).unwrap_or_default();
        match answer["commands"][0]["value"]["credential"].as_str() {
            Some("VERIFIED") if status == 200 => Said::Verified,
            Some("UNVERIFIED") if status == 200 => Said::Unverified,
            _ => Said::Nonsense,
        }
    }
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Unknown => "unknown",
        }
    }

    fn wanted(self) -> Said {
        if self == Self::Right { Said::Verified } else { Said::Unverified }
    }
}

impl Said {
    fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Unverified => "unverified",
            Self::Busy => "busy",
            Self::Nothing => "nothing",
            Self::Nonsense => "nonsense",
        }
    }

    fn is_answer(self) -> bool {
        matches!(self, Self::Verified | Self::Unverified)
    }
}

fn report(calls: &[Call], seconds: f64) -> Value {
    let answered = calls.iter().filter(|call| call.said.is_answer());
    let count = |holds: &dyn Fn(&Call) -> bool| calls.iter().filter(|call| holds(call)).count();
    let mut times: Vec<u64> = answered.clone().map(|call| call.micros).collect();
    times.sort_unstable();
    let at = |per_mille: usize| {
        times.get(times.len().saturating_sub(1) * per_mille / 1000).map(|micros| millis(*micros))
    };
    json!({
        "calls": calls.len(), "seconds": seconds, "answered": times.len(),
        "wrong_answers": count(&|call| call.said.is_answer() && call.said != call.kind.wanted()),
        "busy": count(&|call| call.said == Said::Busy), "no_answer": count(&|call| call.said == Said::Nothing),
        "nonsense": count(&|call| call.said == Said::Nonsense), "retried": count(&|call| call.tries > 1),
        "ms": {"p50": at(500), "p90": at(900), "p99": at(990), "max": at(1000)},
        "latest_of_any_ms": calls.iter().map(|call| call.micros).max().map(millis),
    })
}

fn millis(micros: u64) -> f64 {
    Duration::from_micros(micros).as_secs_f64() * 1e3
}
