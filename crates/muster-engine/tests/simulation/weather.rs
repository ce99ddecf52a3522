//! What goes wrong for a time: the network, the org, the token.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use muster_emulator::{Background, Emulator, FaultPlan};

use crate::inhabitants::OURS;
use crate::story::Story;

/// A kind of bad weather.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    /// Names can't be resolved.
    Dns,
    /// The edge answers in the org's place.
    Outage,
    /// Nothing comes back in time.
    Silence,
    /// The org takes no writes.
    ReadOnly,
    /// Our token is not accepted.
    Revoked,
    /// Others use the org as much as they may.
    Busy,
}

impl Bad {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Dns, Self::Outage, Self::Silence, Self::ReadOnly, Self::Revoked, Self::Busy];
}

/// Bad weather from a moment on, for so long.
#[derive(Clone, Copy, Debug)]
pub struct Spell {
    /// Since the beginning.
    pub from: Duration,
    /// For so long.
    pub lasts: Duration,
    /// Of this kind.
    pub kind: Bad,
}

/// What the sky is like now.
#[derive(Clone, Debug, Default)]
pub struct Sky(Arc<[AtomicU32; Bad::ALL.len()]>);

impl Sky {
    /// Whether there is such weather.
    pub fn has(&self, kind: Bad) -> bool {
        self.0[kind as usize].load(Ordering::Relaxed) > 0
    }

    fn change(&self, kind: Bad, by: u32) -> bool {
        self.0[kind as usize].fetch_add(by, Ordering::Relaxed);
        self.has(kind)
    }
}

/// The faults of an org, and the traffic of others in it, in good weather.
#[derive(Clone, Debug, Default)]
pub struct Climate {
    /// What goes wrong now and then.
    pub faults: FaultPlan,
    /// What others use.
    pub background: Vec<Background>,
}

/// Lets one spell come and go.
pub async fn pass(spell: Spell, sky: Sky, org: Emulator, climate: Climate, story: Story) {
    tokio::time::sleep(spell.from).await;
    story.tell(|| format!("bad weather for {:?}: {:?}", spell.lasts, spell.kind));
    apply(&org, &climate, spell.kind, sky.change(spell.kind, 1));
    tokio::time::sleep(spell.lasts).await;
    let still = sky.change(spell.kind, u32::MAX);
    apply(&org, &climate, spell.kind, still);
    story.tell(|| format!("over: {:?}", spell.kind));
}

fn apply(org: &Emulator, climate: &Climate, kind: Bad, on: bool) {
    match kind {
        Bad::ReadOnly => org.set_read_only(on),
        Bad::Revoked if on => drop(org.revoke(OURS)),
        Bad::Revoked => drop(org.restore(OURS)),
        Bad::Busy => {
            let busy = ["users=~3000/min", "groups=~3000/min", "user-reads=~3000/min"];
            let busy: Vec<Background> = busy.iter().map(|text| text.parse().unwrap()).collect();
            org.set_background(if on { &busy } else { &climate.background });
        }
        Bad::Dns | Bad::Outage | Bad::Silence => {}
    }
}
