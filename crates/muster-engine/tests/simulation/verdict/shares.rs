//! The share of a window is never exceeded.

use std::collections::{BTreeMap, BTreeSet};

use muster_emulator::Allowance;
use muster_engine::Pacing;

use crate::evidence::Evidence;
use crate::journal::{Kind, Seen, Sent};
use crate::world::World;

/// Every breach.
pub fn check(world: &World, evidence: &Evidence) -> Vec<String> {
    let mut broken: Vec<String> =
        spent(evidence).into_iter().filter_map(|window| window.breach(world)).collect();
    // Plans are made before the limits are known; what is carried out keeps to them. A share of all leaves no room for
    // what is learned late, nor for what arrives a moment before a window ends; and that changes of status
    // draw on the bucket of the creates is learned late.
    if world.is_clear() && world.pacing.share < 1.0 {
        let late = |sent: &&Sent| sent.bucket == "users" && sent.kind != Kind::Create;
        let shared = evidence.sent.iter().any(|sent| late(&sent));
        let known = |sent: &&Sent| sent.kind != Kind::Other && !(shared && sent.bucket == "users");
        let turned_away = evidence.sent.iter().filter(|sent| sent.over_quota).filter(known).count();
        if turned_away > 0 {
            broken
                .push(format!("{turned_away} requests came upon a spent window, and nobody else was there"));
        }
    }
    broken
}

/// What was spent of one window.
struct Spent<'a> {
    bucket: &'a str,
    reset: i64,
    limit: u64,
    /// Our requests that count against it.
    ours: Vec<&'a Sent>,
    /// A process that goes on where another one stopped, or whose first answer is lost, has to ask before it knows what
    /// is spent: so many did.
    fresh: u64,
}

impl Spent<'_> {
    fn breach(&self, world: &World) -> Option<String> {
        let Self { bucket, reset, limit, .. } = self;
        let pacing = &world.pacing;
        let (ours, allowed) = (self.ours.len() as u64, allowed(*limit, pacing));
        let unknown = self.unknown() + self.fresh + self.astray(allowed, world);
        // A window that a request opened which was held up on its way is taken for older than it is.
        let held_up = self.ours.iter().any(|sent| sent.held_up);
        let unknown = if held_up { unknown + allowed } else { unknown };
        (ours > allowed + unknown).then(|| {
            format!(
                "{ours} requests of {bucket} in the window until {reset}: of {limit} a share of {} less {} is \
                 {allowed}, and {unknown} could not be reckoned with",
                pacing.share, pacing.reserve
            )
        })
    }

    /// A way that varies carries as many over the edge of a window as leave while it varies.
    fn astray(&self, allowed: u64, world: &World) -> u64 {
        let mut given = world
            .org
            .limits
            .iter()
            .filter(|limit| limit.bucket.is_some_and(|bucket| bucket.to_string() == self.bucket));
        let seconds = given.next_back().map_or(60, |limit| match limit.allowance {
            Allowance::PerWindow { seconds, .. } => u64::from(seconds),
            Allowance::Unlimited => 60,
        });
        let varies = u64::try_from(world.way.delay.as_millis()).unwrap_or(u64::MAX);
        (allowed * varies).div_ceil(seconds * 1000)
    }

    /// Those of processes that died, and those that were on their way when the window began: nobody could know where
    /// they would count. What a process does before it carries out anything
    /// is not paced; and that changes of status and searches count against the bucket of the creates is learned late.
    fn unknown(&self) -> u64 {
        let begins = self.ours.iter().filter_map(|sent| sent.arrived).min().unwrap_or(i64::MAX);
        let unpaced = |sent: &&&Sent| {
            let of_another_kind = self.bucket == "users" && sent.kind != Kind::Create;
            sent.seen == Seen::Nothing || sent.left < begins || sent.kind == Kind::Other || of_another_kind
        };
        self.ours.iter().filter(unpaced).count() as u64
    }
}

fn spent(evidence: &Evidence) -> Vec<Spent<'_>> {
    let mut windows: BTreeMap<(&str, i64), Spent<'_>> = BTreeMap::new();
    for window in &evidence.windows {
        let (bucket, reset, limit) = (window.bucket.as_str(), window.reset, window.limit);
        windows.insert((bucket, reset), Spent { bucket, reset, limit, ours: Vec::new(), fresh: 0 });
    }
    let mut informed = BTreeSet::new();
    for sent in &evidence.sent {
        let knows = (sent.process, sent.kind as u8);
        let fresh = !informed.contains(&knows);
        if matches!(sent.seen, Seen::Answer(_, true)) {
            informed.insert(knows);
        }
        let Some(second) = sent.arrived.filter(|_| was_let_in(sent)) else { continue };
        let mut after = windows.range_mut((sent.bucket, second + 1)..);
        let Some((_, window)) = after.next().filter(|((bucket, _), _)| *bucket == sent.bucket) else {
            continue;
        };
        window.fresh += u64::from(fresh && !window.ours.is_empty());
        window.ours.push(sent);
    }
    windows.into_values().collect()
}

fn was_let_in(sent: &Sent) -> bool {
    sent.status.is_some_and(|status| status != 429 && status != 401)
}

fn allowed(limit: u64, pacing: &Pacing) -> u64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let share = limit as f64 * pacing.share + 1e-9;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a limit")]
    let share = share as u64;
    share.saturating_sub(pacing.reserve).max(1)
}
