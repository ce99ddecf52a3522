//! Worlds from seeds: people, an org that has some of them, faults, limits, and a process that dies now and then.
//!
//! `MUSTER_SEEDS` is the number of seeds (60 by default), `MUSTER_SEED` a single one. The threads of the books
//! and the source run on their own time, and back-offs are thrown by the engine, so a seed repeats a world and its
//! faults, but not the order of everything in it.

use muster_core::candidate::OnConflict;
use muster_core::interpret::Wishes;
use muster_emulator::{Emulator, OrgSettings};
use muster_engine::{PlanSettings, StopReason};
use muster_people::{Column, HashKind, People, PeopleSettings, Person, write_csv};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::chaos::{Chaos, Rates};
use crate::desk::Desk;
use crate::meddling::Line;
use crate::org::{add_group, grow_old, limits, settings};
use crate::strangers::settle;
use crate::verdict::{Before, pass};

/// Groups of the org.
const GROUPS: usize = 30;
/// Groups of one person at most: more than fit into a create.
const MOST_GROUPS: usize = 25;
/// A run that needs more processes than this will never end.
const MOST_PROCESSES: u32 = 60;
/// The worlds are shared out among so many tests.
const SHARES: u64 = 4;

#[test]
fn a_first_share_of_worlds_is_whole_afterwards() {
    share(0);
}

#[test]
fn a_second_share_of_worlds_is_whole_afterwards() {
    share(1);
}

#[test]
fn a_third_share_of_worlds_is_whole_afterwards() {
    share(2);
}

#[test]
fn a_fourth_share_of_worlds_is_whole_afterwards() {
    share(3);
}

fn share(number: u64) {
    let asked = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match asked("MUSTER_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..asked("MUSTER_SEEDS").unwrap_or(60),
    };
    for seed in seeds.filter(|seed| seed % SHARES == number) {
        let _named = Named(seed);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(live(seed));
    }
}

/// Says which seed it was when a world fails.
struct Named(u64);

impl Drop for Named {
    #[expect(clippy::print_stderr, reason = "the seed must be seen where the failure is")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this was the world of seed {0}; MUSTER_SEED={0} repeats it", self.0);
        }
    }
}

async fn live(seed: u64) {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let org = Emulator::open(surroundings(seed, &mut dice)).unwrap();
    for number in 0..GROUPS {
        add_group(&org, &format!("Group {number}")).await;
    }
    let people = crowd(seed, &mut dice);
    let before = Before { users: settle(&org, &people, &mut dice).await, people };
    grow_old().await;
    let mut csv = Vec::new();
    write_csv(&mut csv, before.people.clone(), &Column::for_kinds(&[HashKind::Cleartext])).unwrap();
    let mut desk = Desk::plan(&org, &csv, wanted(&mut dice)).await;
    desk.pacing.max_in_flight = Some(dice.random_range(1..24));
    carry_through(&desk, &mut dice).await;
    pass(&desk, &before).await;
}

/// An org that is generous, or has tight limits.
fn surroundings(seed: u64, dice: &mut ChaCha8Rng) -> OrgSettings {
    let mut settings = OrgSettings { seed, ..settings() };
    if dice.random_ratio(1, 3) {
        settings.limits = limits(&["users=100/3s", "user-reads=200/2s", "groups=500/1s"]);
    }
    if dice.random_ratio(1, 4) {
        settings.concurrency = Some(dice.random_range(1..8));
    }
    settings.latency = std::time::Duration::from_millis(dice.random_range(0..200));
    settings
}

fn crowd(seed: u64, dice: &mut ChaCha8Rng) -> Vec<Person> {
    let settings = PeopleSettings {
        hashes: vec![HashKind::Ssha, HashKind::Ssha512, HashKind::Cleartext, HashKind::None],
        faulty_per_mille: 30,
        ..PeopleSettings::new(seed, 300 + dice.random_range(0..=500).min(dice.random_range(0..=500)))
    };
    let mut people: Vec<Person> = People::new(settings).unwrap().collect();
    let mut groups: Vec<String> = (0..GROUPS).map(|number| format!("Group {number}")).collect();
    for person in &mut people {
        let many = if dice.random_ratio(1, 8) {
            dice.random_range(0..=MOST_GROUPS)
        } else {
            dice.random_range(0..3)
        };
        person.groups = groups.partial_shuffle(dice, many).0.to_vec();
    }
    people
}

fn wanted(dice: &mut ChaCha8Rng) -> PlanSettings {
    let policies = [OnConflict::Skip, OnConflict::Update, OnConflict::Fail];
    PlanSettings {
        wishes: Wishes::default(),
        on_conflict: policies[dice.random_range(0..policies.len())],
        ..PlanSettings::default()
    }
}

/// Processes die, by power cut or alone, until one comes through.
async fn carry_through(desk: &Desk, dice: &mut ChaCha8Rng) {
    let calm = dice.random_ratio(1, 6);
    let mut rate = |most: u32| if calm { 0 } else { dice.random_range(0..=most) };
    let rates = Rates { lost: rate(50), unreachable: rate(40), server_error: rate(50), truncated: rate(30) };
    let deaths = dice.random_range(0..8);
    for process in 0..MOST_PROCESSES {
        let until_death = (process < deaths).then(|| dice.random_range(0..150));
        let chaos = Chaos::new(dice.random(), rates, until_death);
        let line = Line::meddled(&desk.org, move |request| chaos.meddle(request));
        match desk.carry_out_mortal(line, dice.random()).await.map(|finish| finish.stopped) {
            Some(None) => return,
            None | Some(Some(StopReason::OrgAway(_))) => {}
            Some(Some(other)) => panic!("nothing stops this run: {other:?}"),
        }
    }
    panic!("{MOST_PROCESSES} processes were not enough");
}
