//! Which worlds are lived through, by whom, and what is said of those that break.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::figures::Figures;
use crate::known::KNOWN;
use crate::life::{Lived, live};

/// Worlds of the everyday tests.
const EVERYDAY: u64 = 320;
/// They are shared out among so many tests.
const SHARES: u64 = 4;

#[test]
fn worlds_where_something_broke_once_are_whole() {
    if asked("MUSTER_SEED").is_none() {
        report(&run(&KNOWN.iter().map(|(seed, _)| *seed).collect::<Vec<_>>(), 1));
    }
}

#[test]
fn a_first_share_of_worlds_is_whole() {
    share(0);
}

#[test]
fn a_second_share_of_worlds_is_whole() {
    share(1);
}

#[test]
fn a_third_share_of_worlds_is_whole() {
    share(2);
}

#[test]
fn a_fourth_share_of_worlds_is_whole() {
    share(3);
}

#[test]
fn the_same_seed_is_the_same_world() {
    let first = asked("MUSTER_FIRST_SEED").unwrap_or(0);
    for seed in first..first + asked("MUSTER_TWICE").unwrap_or(12) {
        let (one, other) = (alone(seed, false), alone(seed, false));
        assert_eq!(one.figures, other.figures, "seed {seed}");
        let difference = one.trace.lines().zip(other.trace.lines()).find(|(one, other)| one != other);
        assert_eq!(difference, None, "seed {seed}");
    }
}

#[test]
#[ignore = "as long as one likes: scripts/simulate"]
fn a_night_of_worlds() {
    let begun = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let first = asked("MUSTER_FIRST_SEED").unwrap_or(0);
    let seeds: Vec<u64> = match asked("MUSTER_SEED") {
        Some(seed) => vec![seed],
        None => (first..first + asked("MUSTER_SEEDS").unwrap_or(10_000)).collect(),
    };
    let count = seeds.len();
    let night = run(&seeds, threads);
    let seconds = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a number for people")]
    let rate = count as f64 / seconds;
    println!("{}", night.figures);
    println!("{seconds:.0} s, {rate:.0} seeds a second, {} failed", night.failed.len());
    report(&night);
}

fn share(number: u64) {
    let first = asked("MUSTER_FIRST_SEED").unwrap_or(0);
    let seeds = match asked("MUSTER_SEED") {
        Some(seed) => seed..seed + 1,
        None => first..first + asked("MUSTER_SEEDS").unwrap_or(EVERYDAY),
    };
    let seeds: Vec<u64> = seeds.filter(|seed| seed % SHARES == number).collect();
    report(&run(&seeds, 1));
}

fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// What became of many worlds.
struct Many {
    figures: Figures,
    failed: Vec<(u64, Vec<String>)>,
}

fn run(seeds: &[u64], threads: usize) -> Many {
    let many = Mutex::new(Many { figures: Figures::default(), failed: Vec::new() });
    let next = AtomicU64::new(0);
    let told = asked("MUSTER_SEED").is_some();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(seed) =
                    seeds.get(usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap())
                {
                    let lived = catch_unwind(AssertUnwindSafe(|| alone(*seed, told)));
                    let mut many = many.lock().unwrap();
                    match lived {
                        Ok(lived) => {
                            many.figures += lived.figures;
                            if !lived.broken.is_empty() {
                                fail(&mut many, *seed, lived.broken);
                            }
                        }
                        Err(panic) => {
                            let words = panic.downcast_ref::<String>().cloned();
                            let words =
                                words.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
                            fail(
                                &mut many,
                                *seed,
                                vec![format!("it panicked: {}", words.unwrap_or_default())],
                            );
                        }
                    }
                }
            });
        }
    });
    many.into_inner().unwrap()
}

#[expect(clippy::print_stderr, reason = "the seed must be seen where the failure is")]
fn fail(many: &mut Many, seed: u64, broken: Vec<String>) {
    eprintln!("seed {seed}: {}", broken.first().map(String::as_str).unwrap_or_default());
    many.failed.push((seed, broken));
}

/// In a runtime of its own, so that its clock begins anew.
fn alone(seed: u64, told: bool) -> Lived {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap().block_on(live(seed, told))
}

fn report(many: &Many) {
    let words: Vec<String> = many
        .failed
        .iter()
        .take(20)
        .map(|(seed, broken)| {
            format!("seed {seed} (MUSTER_SEED={seed} tells its story):\n  {}", broken.join("\n  "))
        })
        .collect();
    assert!(many.failed.is_empty(), "{} worlds are not whole\n{}", many.failed.len(), words.join("\n"));
}
