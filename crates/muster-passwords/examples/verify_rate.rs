//! How many stored passwords of a file this machine can verify per second, on all of its cores and with nothing else to
//! do: what the password-import hook is measured by.
//!
//! ```sh
//! cargo run --release -p muster-passwords --example verify_rate -- people.csv known.csv SECONDS
//! ```
//!
//! Both files as `muster generate --known` writes them. Prints one number.

#![expect(clippy::print_stdout, reason = "the result is a number on standard output")]

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use muster_core::credential::{Settlement, StoredPassword, understand};
use muster_core::stored::StoredHash;

/// Rows that are taken, at most.
const MOST: usize = 5_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [people, known, seconds] = arguments.as_slice() else {
        return Err("expected: people.csv known.csv SECONDS".into());
    };
    let pairs = pairs(people, known)?;
    let (end, done) = (Instant::now() + Duration::from_secs_f64(seconds.parse()?), AtomicUsize::new(0));
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for core in 0..std::thread::available_parallelism().map_or(1, std::num::NonZero::get) {
            let (pairs, done) = (&pairs, &done);
            scope.spawn(move || {
                for (password, stored) in pairs.iter().cycle().skip(core * pairs.len() / 2) {
                    if Instant::now() >= end {
                        break;
                    }
                    assert!(muster_passwords::verify(password, stored), "a known password does not fit");
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let micros = begin.elapsed().as_micros();
    println!("{}", u128::try_from(done.into_inner())? * 1_000_000 / micros.max(1));
    Ok(())
}

/// Passwords with what is stored for them.
fn pairs(people: &str, known: &str) -> Result<Vec<(String, StoredHash)>, Box<dyn std::error::Error>> {
    let mut passwords = HashMap::new();
    for row in csv::Reader::from_path(known)?.deserialize() {
        let (login, password): (String, String) = row?;
        passwords.insert(login, password);
    }
    let mut pairs = Vec::new();
    for row in csv::Reader::from_path(people)?.deserialize().take(MOST) {
        let row: HashMap<String, String> = row?;
        let login = row.get("login").or_else(|| row.get("email"));
        let (Some(login), Some(hash)) = (login, row.get("passwordHash")) else { continue };
        let cells = StoredPassword { password_hash: Some(hash), ..StoredPassword::default() };
        let readings = understand(&cells, &Settlement::default()).map_err(|fault| fault.to_string())?;
        let stored = readings.into_iter().find_map(|reading| reading.stored);
        pairs.extend(passwords.remove(login).zip(stored));
    }
    Ok(pairs)
}
