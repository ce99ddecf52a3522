//! How a world is, by its seed. Most worlds have few troubles, so that each trouble is met alone and beside others.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_core::candidate::{Mode, OnConflict};
use muster_core::interpret::Wishes;
use muster_emulator::{FaultKind, FaultPlan, OrgSettings};
use muster_engine::{Pacing, PlanSettings};

use crate::crowd::{CrowdSettings, Row, Secret, Wanted, crowd};
use crate::dice::{About, Dice};
use crate::doom::{Cause, some_cause};
use crate::inhabitants::{OURS, THEIRS};
use crate::office::OfficeHours;
use crate::strangers::Bustle;
use crate::weather::{Bad, Climate, Spell};
use crate::wire::Way;

/// Everything that a seed decides on beforehand.
#[derive(Clone, Debug)]
pub struct World {
    /// The seed.
    pub seed: u64,
    /// The rows.
    pub rows: Vec<Row>,
    /// What the operator asked for, as far as it changes what becomes of a row.
    pub wanted: Wanted,
    /// Groups that the org has.
    pub groups: Vec<String>,
    /// What the operator asked for.
    pub plan: PlanSettings,
    /// How fast.
    pub pacing: Pacing,
    /// The org.
    pub org: OrgSettings,
    /// Its faults, once everything is in place.
    pub climate: Climate,
    /// What our clock is ahead of the org's.
    pub ahead: SignedDuration,
    /// The way to the org.
    pub way: Way,
    /// The commits.
    pub hours: OfficeHours,
    /// The weather.
    pub weather: Vec<Spell>,
    /// The others.
    pub bustle: Bustle,
    /// What the first processes die of.
    pub causes: Vec<Cause>,
    /// When somebody asks a process to stop, for the first processes.
    pub stops: Vec<Option<Duration>>,
}

/// Faults of every kind that a client can bear.
const FAULTS: [&str; 24] = [
    "lost-answer=1..8%",
    "lost-answer:createUser=5..40%",
    "reset=1..8%",
    "cut=1..8%",
    "drip@400=1..5%",
    "hang@30s=1..3%",
    "hang@90s:writes=1..4%",
    "hang-before@90s=1..3%",
    "500=1..5%",
    "500-after=1..5%",
    "500-after:createUser=5..30%",
    "502=1..5%",
    "502-html-after=1..5%",
    "503-html=1..5%",
    "503-after:writes=1..8%",
    "504-after-html=1..5%",
    "504=1..4%",
    "malformed=1..8%",
    "html-200=1..5%",
    "undefined-attribute=first:1",
    "still-activating=5..30%",
    "clock-skew@3=1..20%",
    "lost-answer:assignUserToGroup+suspendUser+deactivateUser=5..30%",
    "500-after:updateUser+addGroup=5..30%",
];

impl World {
    /// The world of a seed.
    pub fn of(seed: u64) -> Self {
        let dice = Dice::of(seed, About::World);
        // A quarter of all worlds is a clear day: there everything must go by the book.
        let clear = dice.per_mille(250);
        let trouble = |cases: u64| !clear && dice.per_mille(cases);
        let names: Vec<String> = (0..dice.scaled(30)).map(|number| format!("Group {number}")).collect();
        let there = if dice.per_mille(700) { names.len() } else { dice.below(names.len() + 1) };
        let groups = names[..there].to_vec();
        let plan = plan(&dice);
        let mut rows = crowd(&Dice::of(seed, About::Crowd), sorts(&dice), &names, secrets(plan.wishes.mode));
        if let Some(limit) = plan.limit {
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        }
        let mut known = if plan.create_groups { names } else { groups.clone() };
        known.extend(plan.marker_group.clone());
        let (mode, activate, marker) = (plan.wishes.mode, plan.wishes.activate, plan.marker_group.clone());
        let org = org(&dice, clear);
        Self {
            seed,
            wanted: Wanted { mode, activate, groups: known, marker },
            groups,
            pacing: pacing(&dice),
            climate: climate(&dice, clear, !org.limits.is_empty()),
            org: OrgSettings { start: Some(start(&dice)), ..org },
            ahead: ahead(&dice),
            way: way(&dice, clear),
            hours: OfficeHours {
                most: Duration::from_millis(dice.pick(&[0, 3, 30])),
                slow: dice.pick(&[0, 0, 20]),
            },
            weather: if trouble(300) { weather(&dice) } else { Vec::new() },
            bustle: bustle(&dice, clear),
            causes: if trouble(500) { causes(&dice, rows.len()) } else { Vec::new() },
            stops: if trouble(150) { stops(&dice) } else { Vec::new() },
            plan,
            rows,
        }
    }

    /// The rows that are sent, in their order; of doubles the first good one.
    pub fn good(&self) -> BTreeMap<&str, &Row> {
        let mut good = BTreeMap::new();
        for row in self.rows.iter().filter(|row| !row.is_invalid(&self.wanted)) {
            good.entry(row.key.as_str()).or_insert(row);
        }
        good
    }

    /// Whether the org's clock is odd now and then: where the first date that a process hears is, it is believed.
    pub fn has_odd_dates(&self) -> bool {
        self.climate.faults.0.iter().any(|fault| matches!(fault.kind, FaultKind::ClockSkew { .. }))
    }

    /// Whether nothing is to go wrong.
    pub fn is_clear(&self) -> bool {
        self.climate.faults.0.is_empty()
            && self.climate.background.is_empty()
            && self.weather.is_empty()
            && self.causes.is_empty()
            && self.stops.is_empty()
            && self.way.unconnected + self.way.late == 0
            && self.bustle.races + self.bustle.afterwards + self.bustle.deeds == 0
    }
}

fn plan(dice: &Dice) -> PlanSettings {
    const MODES: [Mode; 7] =
        [Mode::Auto, Mode::Auto, Mode::Auto, Mode::Hash, Mode::Staged, Mode::Hook, Mode::Password];
    let marker_group = dice.per_mille(200).then(|| "Moved by Muster".to_owned());
    let create_groups = dice.per_mille(700);
    PlanSettings {
        wishes: Wishes {
            arm_existing: false,
            meant: Vec::new(),
            peppered: false,
            firebase: false,
            mode: dice.pick(&MODES),
            activate: dice.pick(&[None, None, None, Some(true), Some(false)]),
            groups: Vec::new(),
        },
        on_conflict: dice.pick(&[OnConflict::Skip, OnConflict::Update, OnConflict::Fail]),
        create_groups,
        marker_group,
        limit: dice.per_mille(50).then(|| 1 + dice.scaled(20)),
        ..PlanSettings::default()
    }
}

fn secrets(mode: Mode) -> &'static [Secret] {
    match mode {
        Mode::Hash => &[Secret::Hash, Secret::Hash, Secret::Hash, Secret::None],
        Mode::Password => &[Secret::Password, Secret::Password, Secret::Password, Secret::Weak, Secret::None],
        _ => &[Secret::None, Secret::Password, Secret::Hash, Secret::Hash, Secret::Password],
    }
}

/// What sorts of rows there are.
fn sorts(dice: &Dice) -> CrowdSettings {
    let rows = if dice.per_mille(40) { dice.between(60, 300) } else { dice.scaled(40) };
    let rows = usize::try_from(rows).unwrap_or(0).max(1);
    CrowdSettings {
        rows,
        flawed: dice.pick(&[0, 0, 60, 300]),
        with_status: dice.pick(&[0, 150, 500]),
        joiners: if rows > 40 { 30 } else { dice.pick(&[0, 50, 400]) },
        slashes: dice.pick(&[0, 0, 0, 0, 50]),
    }
}

fn start(dice: &Dice) -> Timestamp {
    let day: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
    day + SignedDuration::from_millis(i64::try_from(dice.below(1000)).unwrap_or(0))
}

/// Half of the clocks are right, the others up to five minutes wrong.
fn ahead(dice: &Dice) -> SignedDuration {
    let right = dice.per_mille(500);
    let wrong = || i64::try_from(dice.below(600_000)).unwrap_or(0) - 300_000;
    SignedDuration::from_millis(if right { 0 } else { wrong() })
}

fn way(dice: &Dice, clear: bool) -> Way {
    let trouble = |most: u64| if !clear && dice.per_mille(200) { dice.scaled(most) } else { 0 };
    Way {
        delay: Duration::from_millis(dice.scaled(400)),
        patience: Duration::from_secs(if clear { 60 } else { dice.pick(&[5, 20, 60, 60]) }),
        unconnected: trouble(150),
        late: trouble(60),
    }
}

fn causes(dice: &Dice, rows: usize) -> Vec<Cause> {
    (0..dice.scaled(6)).map(|_| some_cause(dice, 3 * rows as u64 + 8)).collect()
}

fn stops(dice: &Dice) -> Vec<Option<Duration>> {
    (0..dice.scaled(3)).map(|_| Some(Duration::from_millis(dice.scaled(120_000)))).collect()
}

fn pacing(dice: &Dice) -> Pacing {
    let share = dice.pick(&[0.9, 0.9, 0.5, 1.0, 0.75, 0.1]);
    Pacing {
        share,
        reserve: if dice.per_mille(200) && share >= 0.5 { dice.scaled(4) } else { 0 },
        max_in_flight: dice.per_mille(500).then(|| u32::try_from(dice.between(1, 40)).unwrap_or(1)),
        max_errors: None,
        patience: Duration::from_secs(dice.pick(&[60, 300, 1200])),
        ..Pacing::default()
    }
}

fn org(dice: &Dice, clear: bool) -> OrgSettings {
    let mut limits = Vec::new();
    if dice.per_mille(400) {
        for bucket in ["users", "user-reads", "user-writes", "groups", "group", "other"] {
            let (least, seconds) = dice.pick(&[(10, 2), (30, 6), (200, 60)]);
            let requests = dice.between(least, least + dice.scaled(600));
            limits.push(format!("{bucket}={requests}/{seconds}s").parse().unwrap());
        }
    }
    let latencies: &[&str] = match dice.between(0, 3) {
        0 => &["okta"],
        1 => &["lognormal:150ms,0.5"],
        2 => &["20ms", "createUser=lognormal:800ms,0.8"],
        _ => &[],
    };
    let mut lags = Vec::new();
    for lag in ["search=0..3s", "activation=0..2s", "fresh=0..2s/40%"] {
        if !clear && dice.per_mille(150) {
            lags.push(lag);
        }
    }
    let concurrency =
        (!clear && dice.per_mille(200)).then(|| u32::try_from(dice.between(1, 10)).unwrap_or(1));
    OrgSettings {
        tokens: vec![OURS.to_owned(), THEIRS.to_owned()],
        seed: dice.seed(),
        limits,
        latencies: latencies.iter().map(|text| text.parse().unwrap()).collect(),
        lag: lags.join(",").parse().unwrap(),
        concurrency,
        ..OrgSettings::default()
    }
}

fn climate(dice: &Dice, clear: bool, limited: bool) -> Climate {
    let mut climate = Climate::default();
    if clear {
        return climate;
    }
    if dice.per_mille(600) {
        let faults = (0..dice.scaled(4)).map(|_| fault(dice, dice.pick(&FAULTS)).parse().unwrap());
        climate.faults = FaultPlan(faults.collect());
    }
    // Where the limits are low, others would leave nothing.
    if dice.per_mille(250) && !limited {
        let rate = dice.between(10, 900);
        climate.background = vec![
            format!("users=~{rate}/min").parse().unwrap(),
            format!("groups={rate}/min").parse().unwrap(),
        ];
    }
    climate
}

/// A fault with one rate out of its range.
fn fault(dice: &Dice, text: &str) -> String {
    match text
        .split_once('=')
        .and_then(|(kind, range)| Some((kind, range.strip_suffix('%')?.split_once("..")?)))
    {
        Some((kind, (least, most))) => {
            let (least, most) = (least.parse().unwrap_or(1), most.parse().unwrap_or(1));
            format!("{kind}={}%", dice.between(least, most))
        }
        None => text.to_owned(),
    }
}

fn weather(dice: &Dice) -> Vec<Spell> {
    let spell = |_| Spell {
        from: Duration::from_millis(dice.scaled(120_000)),
        lasts: Duration::from_millis(dice.scaled(900_000)),
        kind: dice.pick(&Bad::ALL),
    };
    (0..dice.between(1, 3)).map(spell).collect()
}

fn bustle(dice: &Dice, clear: bool) -> Bustle {
    let mut bustle = Bustle { before: dice.pick(&[0, 100, 400]), ..Bustle::default() };
    if !clear && dice.per_mille(300) {
        bustle.races = dice.pick(&[0, 50, 300]);
        bustle.afterwards = dice.pick(&[0, 50, 300]);
        bustle.deeds = dice.scaled(30);
        bustle.within = Duration::from_millis(dice.scaled(20_000));
    }
    bustle
}
