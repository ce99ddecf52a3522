//! Whole runs as one function of a seed: engine, books and an emulated org in one thread, under a paused clock.
//!
//! A seed decides on everything: who is to be moved, how the org is, what goes wrong, who else is at work in it, and
//! when our process dies. What was promised is checked all along and at the end.
//!
//! `MUSTER_SEED=n` replays one world and tells its story; `MUSTER_SEEDS=n` and `MUSTER_FIRST_SEED=n` choose how many
//! and from where; `scripts/simulate` does it for a whole night.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod crowd;
mod dice;
mod doom;
mod evidence;
mod figures;
mod inhabitants;
mod journal;
mod known;
mod life;
mod office;
mod process;
mod seeds;
mod story;
mod strangers;
mod verdict;
mod weather;
mod wire;
mod world;
