//! A small model of an org's rate limits, as API.md §3 describes them, and of the emulated org's.

/// Nanoseconds.
pub type Time = u64;
pub const SECOND: Time = 1_000_000_000;
pub const MILLISECOND: Time = 1_000_000;

/// A generator of numbers that look scattered, and are the same every time.
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// With the first request, for exactly its length; the reset is floored.
    Exact,
    /// On the whole second of the first request, as in the emulated org.
    Aligned,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strangers {
    None,
    /// One after the other, a part of the limit in thousandths.
    Steady(u64),
    /// At scattered times, as much in the mean.
    Scattered(u64),
}

#[derive(Clone, Debug)]
pub struct Limits {
    pub limit: u64,
    pub length: Time,
    pub opening: Opening,
    pub strangers: Strangers,
}

/// What the headers of an answer say; the reset in seconds of the org's clock.
#[derive(Clone, Copy, Debug)]
pub struct View {
    pub counted: bool,
    pub limit: u64,
    pub remaining: u64,
    pub resets_at: u64,
}

/// One window, as it was.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    pub began: Time,
    pub ours: u64,
    pub theirs: u64,
    pub refused: u64,
}

/// One counter.
#[derive(Debug)]
pub struct Counter {
    limits: Limits,
    ends: Time,
    next_stranger: Time,
    dice: Dice,
    pub windows: Vec<Spent>,
}

impl Counter {
    pub fn new(limits: Limits, now: Time, seed: u64) -> Self {
        Self { limits, ends: 0, next_stranger: now, dice: Dice(seed), windows: Vec::new() }
    }

    pub fn take(&mut self, now: Time) -> View {
        self.let_strangers(now);
        let limit = self.limits.limit;
        let spent = self.window(now);
        let used = spent.ours + spent.theirs;
        let counted = used < limit;
        if counted {
            spent.ours += 1;
        } else {
            spent.refused += 1;
        }
        let remaining = limit.saturating_sub(used + 1);
        View { counted, limit, remaining, resets_at: self.ends / SECOND }
    }

    pub fn set_limit(&mut self, limit: u64) {
        self.limits.limit = limit;
    }

    fn window(&mut self, now: Time) -> &mut Spent {
        if now >= self.ends {
            let began = match self.limits.opening {
                Opening::Exact => now,
                Opening::Aligned => now / SECOND * SECOND,
            };
            self.ends = began + self.limits.length;
            self.windows.push(Spent { began, ..Spent::default() });
        }
        self.windows.last_mut().unwrap()
    }

    fn let_strangers(&mut self, now: Time) {
        let (Strangers::Steady(part) | Strangers::Scattered(part)) = self.limits.strangers else { return };
        let between = self.limits.length * 1000 / (self.limits.limit * part).max(1);
        while self.next_stranger <= now {
            let (at, limit) = (self.next_stranger, self.limits.limit);
            let spent = self.window(at);
            if spent.ours + spent.theirs < limit {
                spent.theirs += 1;
            }
            let scattered = matches!(self.limits.strangers, Strangers::Scattered(_));
            let wait = if scattered { self.dice.below(between * 2) } else { between };
            self.next_stranger += wait.max(1);
        }
    }
}
