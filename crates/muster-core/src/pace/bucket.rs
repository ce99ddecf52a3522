//! One bucket of the org: its limit, its window, and what of it is spent.

use std::time::Duration;

use super::departures::Departures;
use super::jitter::Jitter;
use super::length::Length;
use super::others::Others;
use super::schedule::Schedule;
use super::time::{INSTANT, LATE, LONGEST_WINDOW, Seconds, USUAL_WINDOW, duration, number, seconds, whole};
use super::window::{Standing, Window};
use super::{Admission, BudgetView, PaceSettings, Reading};

/// What an answer told of a counter: for the comparison with other counters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub sent_at: Seconds,
    pub used: u64,
    pub limit: u64,
    pub resets_at: i64,
}

/// One bucket.
#[derive(Debug)]
pub(super) struct Bucket {
    settings: PaceSettings,
    limit: Option<u64>,
    /// Given up of the share since the org said that a window was spent.
    caution: u64,
    /// Requests do not lower what remains: there is no limit.
    limitless: bool,
    pub departures: Departures,
    /// Reserved and not sent.
    pending: u64,
    under_way: u64,
    /// Answers without headers, while there was none with them.
    silent: u32,
    window: Option<Window>,
    length: Length,
    others: Others,
    pub jitter: Jitter,
    schedule: Schedule,
    held_until: Seconds,
    /// When the request left that finds out alone; infinite while it is only reserved.
    probe: Option<Seconds>,
    /// What left before tells nothing of today's windows.
    ignored_before: Seconds,
    /// Answers that show an earlier window than ours, though they left in it.
    contradictions: u32,
    disproofs: i32,
    pub told: Option<Told>,
}

impl Bucket {
    pub fn new(settings: PaceSettings) -> Self {
        Self {
            settings,
            limit: None,
            caution: 0,
            limitless: false,
            departures: Departures::default(),
            pending: 0,
            under_way: 0,
            silent: 0,
            window: None,
            length: Length::default(),
            others: Others::default(),
            jitter: Jitter::default(),
            schedule: Schedule::default(),
            held_until: 0.0,
            probe: None,
            ignored_before: 0.0,
            contradictions: 0,
            disproofs: 0,
            told: None,
        }
    }

    pub fn admit(&mut self, now: Seconds) -> Admission {
        if now + INSTANT < self.held_until {
            return Admission::At(duration(self.held_until));
        }
        if self.limitless || self.is_silent() {
            return Admission::Now;
        }
        self.roll(now);
        let Some(window) = self.window.filter(|window| window.standing != Standing::Doubted) else {
            // What was reserved before the doubt came up leaves first, and finds out.
            let asked = self.probe.is_some() || self.pending > 0;
            return if asked { Admission::WhenOneReturns } else { Admission::Now };
        };
        if self.left(&window) == 0 {
            return Admission::At(duration(window.next_opens.max(now + 0.001)));
        }
        if self.left_after_others(&window) < self.smallest_rest() {
            let step = (window.ends - now).max(0.0) / 20.0;
            return Admission::At(duration(window.next_opens.min(now + step.max(0.01))));
        }
        if self.schedule.is_due(now) {
            Admission::Now
        } else {
            Admission::At(duration(self.schedule.next().min(window.next_opens)))
        }
    }

    /// Whether the org sends no headers. One answer without may be no answer at all.
    fn is_silent(&self) -> bool {
        self.limit.is_none() && self.silent >= 2
    }

    pub fn reserve(&mut self, now: Seconds) {
        self.roll(now);
        self.pending += 1;
        match self.window.filter(|window| window.standing != Standing::Doubted) {
            Some(window) => {
                let (left, quickest) = (self.left_after_others(&window), self.quickest());
                self.schedule.advance(now, left, window.ends, quickest);
            }
            None => self.probe = self.probe.or(Some(Seconds::INFINITY)),
        }
    }

    pub fn withdraw(&mut self) {
        self.pending = self.pending.saturating_sub(1);
        if self.pending == 0 && self.probe.is_some_and(Seconds::is_infinite) {
            self.probe = None;
        }
    }

    pub fn sent(&mut self, now: Seconds) {
        self.roll(now);
        self.pending = self.pending.saturating_sub(1);
        self.under_way += 1;
        self.departures.push(now);
        let known = self.window.is_some_and(|window| window.standing != Standing::Doubted);
        if self.probe.map_or(!known, Seconds::is_infinite) {
            self.probe = Some(now);
        }
    }

    /// No answer came: whether the org counted the request is open, so it stays spent.
    pub fn lost(&mut self, sent_at: Seconds) {
        self.under_way = self.under_way.saturating_sub(1);
        if self.probe.is_some_and(|probe| sent_at + INSTANT >= probe) {
            self.probe = None;
        }
    }

    pub fn returned(&mut self, sent_at: Seconds, reading: Option<Reading>, now: Seconds) {
        self.lost(sent_at);
        match reading {
            // A limit of zero speaks of concurrency, not of the bucket (API.md §3.5): it was not counted.
            Some(Reading { limit: 0, .. }) => self.refund(sent_at),
            Some(reading) => self.read(reading, sent_at, now),
            None => self.silent = self.silent.saturating_add(1),
        }
    }

    /// Refused before it was counted.
    fn refund(&mut self, sent_at: Seconds) {
        let total = self.departures.total();
        if let Some(window) = self.window.as_mut().filter(|window| sent_at >= window.begins) {
            window.base = (window.base + 1).min(total);
        }
    }

    fn read(&mut self, reading: Reading, sent_at: Seconds, now: Seconds) {
        self.jitter.note(now - sent_at);
        if sent_at < self.ignored_before {
            return;
        }
        self.limit = Some(reading.limit);
        if reading.date.is_some() {
            self.length.tell(seconds(reading.resets_in), now - sent_at);
        }
        self.roll(now);
        let stray = match self.window {
            None => self.open(&reading, sent_at, now),
            Some(window) if self.is_same(&window, &reading) => {
                self.shown_again(window, &reading, sent_at, now)
            }
            Some(window) if reading.resets_at > window.resets_at => {
                self.follow(window, &reading, sent_at, now)
            }
            Some(window) => self.contradict(window, &reading, sent_at, now),
        };
        if !stray {
            self.count(&reading, sent_at);
        }
    }

    /// A second more or less is the same window, unless windows are that short.
    fn is_same(&self, window: &Window, reading: &Reading) -> bool {
        let off = window.resets_at.abs_diff(reading.resets_at);
        off == 0 || (off == 1 && self.length.upper().is_none_or(|length| length > 2.0))
    }

    /// What the org has counted against what we sent.
    fn count(&mut self, reading: &Reading, sent_at: Seconds) {
        // A window that goes on after its end may be over by now all the same.
        let Some(window) = self.window.filter(|window| window.standing == Standing::Shown) else { return };
        let used = reading.limit.saturating_sub(reading.remaining);
        let ours = self.departures.until(sent_at).saturating_sub(window.base);
        self.limitless = used == 0 && (ours >= 3 || self.limitless);
        let noise = number(self.allowed()) * (self.jitter.spread() - 0.001)
            / self.length.upper().unwrap_or(USUAL_WINDOW);
        self.others.note(used, ours, sent_at, whole(noise));
        if self.told.is_none_or(|told| sent_at >= told.sent_at) {
            self.told = Some(Told { sent_at, used, limit: reading.limit, resets_at: reading.resets_at });
        }
    }

    /// Nothing was known of a window: this is one. Whoever opened it, it ends by its own numbers.
    fn open(&mut self, reading: &Reading, sent_at: Seconds, now: Seconds) -> bool {
        self.others.join_window(sent_at);
        let ends = self.told_end(reading, sent_at, now);
        self.window = Some(Window {
            resets_at: reading.resets_at,
            standing: Standing::Shown,
            begins: sent_at,
            base: self.departures.before(sent_at),
            ends,
            next_opens: ends + self.margin(),
            due: sent_at,
            put_off: false,
            last_shown: sent_at,
            exact: false,
        });
        self.contradictions = 0;
        self.schedule.by(now);
        self.schedule.not_before(now);
        self.spread(now);
        false
    }

    /// When a window ends that was not seen to begin: one more second than told, for headers give whole ones.
    fn told_end(&self, reading: &Reading, sent_at: Seconds, now: Seconds) -> Seconds {
        let told = now + seconds(reading.resets_in).min(LONGEST_WINDOW) + 1.0;
        let length = self.length.upper().unwrap_or(LONGEST_WINDOW);
        told.min((sent_at + length).max(now))
    }

    /// The reset that is known. True if the answer says nothing of the window of today.
    fn shown_again(&mut self, mut window: Window, reading: &Reading, sent_at: Seconds, now: Seconds) -> bool {
        if window.standing != Standing::Shown {
            // It belongs to the window before the one that is presumed, as was to be expected.
            if sent_at + INSTANT < window.begins {
                return true;
            }
            self.disprove(window, reading, sent_at, now);
            return false;
        }
        self.contradictions = 0;
        window.last_shown = window.last_shown.max(sent_at);
        if sent_at < window.begins {
            window.begins = sent_at;
            window.base = window.base.min(self.departures.before(sent_at));
            self.reckon_end(&mut window);
        }
        // Where it went on after its told end, what is told is not worth much.
        if !window.exact && self.disproofs == 0 {
            window.ends = window.ends.min(self.told_end(reading, window.begins, now));
            window.next_opens = window.ends + self.margin();
        }
        self.window = Some(window);
        false
    }

    fn reckon_end(&self, window: &mut Window) {
        if let Some(length) = self.length.upper().filter(|_| window.exact) {
            window.ends = window.begins + length;
            window.next_opens = window.ends + self.margin();
        }
    }

    /// The window that should have ended goes on.
    fn disprove(&mut self, window: Window, reading: &Reading, sent_at: Seconds, now: Seconds) {
        let late = sent_at - window.due;
        let ends = if self.length.is_certain() && late < 0.25 {
            self.jitter.surprised(late + self.margin());
            sent_at + self.jitter.spread()
        } else {
            self.length.unlearn();
            self.disproofs = (self.disproofs + 1).min(5);
            let told = seconds(reading.resets_in).min(LONGEST_WINDOW);
            if told > 0.0 { now + told + 1.0 } else { now + 2f64.powi(self.disproofs - 1) }
        };
        let base = Self::elder_base(&window, reading);
        self.window = Some(Window {
            standing: Standing::Shown,
            base,
            ends,
            next_opens: ends,
            put_off: true,
            last_shown: sent_at,
            exact: false,
            ..window
        });
        self.schedule.not_before(now);
        self.spread(now);
        self.roll(now);
    }

    /// What was sent before the window that was presumed counts in the one that goes on: at least what the org says.
    fn elder_base(window: &Window, reading: &Reading) -> u64 {
        let used = reading.limit.saturating_sub(reading.remaining);
        window.base.saturating_sub(used)
    }

    /// A new window was opened, by this request or shortly before it.
    fn follow(&mut self, last: Window, reading: &Reading, sent_at: Seconds, now: Seconds) -> bool {
        let between = reading.resets_at.saturating_sub(last.resets_at);
        let gap = sent_at - last.last_shown;
        let between = u32::try_from(between).map_or(Seconds::INFINITY, f64::from);
        self.length.see(between, gap.max(0.0));
        self.disproofs = 0;
        if last.standing == Standing::Shown {
            self.others.next_window(sent_at - last.begins, sent_at);
        }
        let exact = self.length.is_certain();
        let ends = if exact {
            sent_at + self.length.upper().unwrap_or(USUAL_WINDOW)
        } else {
            self.told_end(reading, sent_at, now)
        };
        self.window = Some(Window {
            resets_at: reading.resets_at,
            standing: Standing::Shown,
            begins: sent_at,
            base: self.departures.before(sent_at),
            ends,
            next_opens: ends + self.margin(),
            due: sent_at,
            put_off: false,
            last_shown: sent_at,
            exact,
        });
        self.contradictions = 0;
        self.spread(now);
        false
    }

    /// An answer of an earlier window. If it left before ours began, it is late; if it goes on, the org's clock has
    /// been set, or the window of ours was nonsense.
    fn contradict(&mut self, window: Window, reading: &Reading, sent_at: Seconds, now: Seconds) -> bool {
        if sent_at <= window.begins + self.jitter.spread() {
            return true;
        }
        self.contradictions += 1;
        if self.contradictions < 3 {
            return true;
        }
        self.length.unlearn();
        self.open(reading, sent_at, now)
    }

    /// Goes on to the next window when the time of this one is over.
    fn roll(&mut self, now: Seconds) {
        let Some(window) = self.window else { return };
        if window.standing == Standing::Doubted || now + INSTANT < window.next_opens {
            return;
        }
        let certain = self.length.is_certain();
        let begins = window.next_opens.max(now - LATE);
        let length = self.length.upper().unwrap_or(USUAL_WINDOW);
        let due = if window.put_off { window.due } else { begins };
        let lasted = if window.put_off { 0.0 } else { window.ends - window.begins };
        self.others.next_window(lasted, begins);
        self.jitter.settle();
        self.window = Some(Window {
            standing: if certain { Standing::Presumed } else { Standing::Doubted },
            begins,
            base: self.departures.before(begins),
            ends: begins + length,
            next_opens: begins + length + self.margin(),
            due,
            put_off: false,
            exact: certain,
            ..window
        });
        self.schedule.by(begins);
        self.schedule.not_before(begins);
    }

    /// Once more is known of a window, what was to wait for its end need not.
    fn spread(&mut self, now: Seconds) {
        let Some(window) = self.window else { return };
        let left = self.left_after_others(&window);
        let interval = (window.ends - now).max(0.0) / (left.max(0.0) + 1.0);
        self.schedule.by(now + interval);
    }

    /// The shortest time between two requests: what was missed is made up at four times the even rate at most. An
    /// end that comes too soon to be likely is no reason to hurry.
    fn quickest(&self) -> Seconds {
        let length = self.length.upper().filter(|length| self.length.is_certain() || *length > 3.0);
        length.unwrap_or(USUAL_WINDOW) / number(self.allowed()) / 4.0
    }

    /// How much later than its reckoned end a window is taken for ended. What the share leaves to others bears what
    /// arrives early; the nearer the share is to all, the less there is.
    fn margin(&self) -> Seconds {
        let spread = self.jitter.spread();
        let (Some(limit), Some(length)) = (self.limit, self.length.upper()) else { return spread };
        let kept = number(limit.saturating_sub(self.allowed())) / number(limit).max(1.0) * length;
        if kept > spread * 4.0 { spread.min(length * 0.004) } else { (spread * 1.3).min(0.25) }
    }

    pub fn allowed(&self) -> u64 {
        let allowed = self.limit.map_or(0, |limit| self.settings.allowed(limit));
        allowed.saturating_sub(self.caution).max(1)
    }

    /// What we spent of a window, with what will still be sent.
    fn ours(&self, window: &Window) -> u64 {
        self.departures.total().saturating_sub(window.base) + self.pending
    }

    /// What is left of a window after what is known to be spent.
    fn left(&self, window: &Window) -> u64 {
        self.allowed().saturating_sub(self.ours(window)).saturating_sub(self.others.seen())
    }

    /// What will be left for us when others go on as they did.
    fn left_after_others(&self, window: &Window) -> f64 {
        let length = window.ends - window.begins;
        let expected = self.others.expected(window.ends, window.begins, length);
        // Where nothing is kept back, they may take the last one before us.
        let race = (self.others.rate(window.begins, length) * self.jitter.round_trip()).sqrt();
        number(self.left(window)) - expected - (race - number(self.kept_back())).max(0.0)
    }

    /// What the share leaves to others.
    fn kept_back(&self) -> u64 {
        self.limit.map_or(0, |limit| limit.saturating_sub(self.allowed()))
    }

    /// What has to be left for one more. A guess that is wrong by one harms nobody where some are kept back.
    fn smallest_rest(&self) -> f64 {
        if self.kept_back() >= 2 { 0.25 } else { 1.0 }
    }

    /// The window is spent, the org says. Nothing until it ends, and then one request alone; and a hundredth of the
    /// limit less from now on, five at most: something is not as it was reckoned.
    pub fn over_quota(&mut self, ends_in: Option<Duration>, now: Seconds) {
        const UNKNOWN: Seconds = 10.0;
        if now < self.held_until {
            return;
        }
        let told = ends_in.map_or(now + UNKNOWN, |wait| now + seconds(wait).min(LONGEST_WINDOW) + 1.0);
        let reckoned = self.window.filter(|window| window.exact && window.standing == Standing::Shown);
        let reckoned =
            reckoned.map(|window| window.ends + 0.05).filter(|ends| (told - 2.0..told).contains(ends));
        // The refused one came to the end of a window that is over by now.
        let is_over =
            self.window.is_some_and(|window| window.standing == Standing::Presumed) && told <= now + 2.0;
        let reckoned = reckoned.or(is_over.then_some(now));
        self.held_until = reckoned.unwrap_or(told).max(now + 0.05);
        let step = self.limit.map_or(0, |limit| limit.div_ceil(100));
        self.caution = (self.caution + step).min(step * 5);
        (self.window, self.probe, self.ignored_before) = (None, None, now);
    }

    pub fn forget_window(&mut self, now: Seconds) {
        (self.window, self.probe, self.ignored_before) = (None, None, now);
        self.others = Others::default();
        self.held_until = self.held_until.min(now + LONGEST_WINDOW);
    }

    pub fn limit(&self) -> Option<u64> {
        self.limit
    }

    pub fn length(&self) -> Option<Seconds> {
        self.length.upper()
    }

    /// How many requests a second it takes to spend the budget; none where there is no limit, or none known.
    pub fn rate(&self) -> Option<f64> {
        let limit = self.limit.filter(|_| !self.limitless)?;
        let even = number(self.settings.allowed(limit)) / self.length.upper().unwrap_or(USUAL_WINDOW);
        let interval = self.schedule.interval();
        let at_present = if interval > 0.0 { 1.0 / interval } else { even };
        Some(at_present.clamp(even, even * 3.0))
    }

    pub fn view(&self, now: Seconds) -> Option<BudgetView> {
        let limit = self.limit?;
        let (ours, ends) = self.window.map_or((0, now), |window| (self.ours(&window), window.ends));
        let ends_in = duration(ends.max(self.held_until) - now);
        Some(BudgetView { limit, allowed: self.allowed(), ours, others: self.others.seen(), ends_in })
    }

    /// Takes in a bucket that turned out to be the same.
    pub fn join(&mut self, other: &Self) {
        let (Some(window), Some(theirs)) = (self.window.as_mut(), other.window) else { return };
        let ours = other.departures.total().saturating_sub(theirs.base);
        window.base += theirs.base;
        window.begins = window.begins.min(theirs.begins);
        window.last_shown = window.last_shown.max(theirs.last_shown);
        self.departures = self.departures.joined(&other.departures);
        self.others.less(ours);
        self.pending += other.pending;
        self.under_way += other.under_way;
        self.caution = self.caution.max(other.caution);
        self.held_until = self.held_until.max(other.held_until);
        self.told = None;
    }
}
