//! When the last one will have come over, and how many never will.
//!
//! Sign-ins fall off: who comes often comes first. So the counts of the last days are taken for draws from a rate
//! that changes by the same factor every day, and the factor is the one that makes them most likely (a Poisson
//! regression). Days on which nobody came count as what they are; from two weeks on, each day of the week has a part
//! of its own, so that a weekend at the end is not taken for the end.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Days that are looked at; what was before says little about what comes.
const DAYS: usize = 28;
/// Days that it takes at least, and people.
const FEWEST_DAYS: usize = 3;
const FEWEST_PEOPLE: u64 = 10;
/// Days from which on the days of the week are told apart.
const TWO_WEEKS: usize = 14;
/// How far ahead anything is said.
const HORIZON: u32 = 3650;
/// The part of all people whose day is named.
const MOST: f64 = 0.95;

/// What the last days let expect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Days that it is made of.
    pub days_used: usize,
    /// By what the daily number changes from day to day; 0.9 is a tenth less every day.
    pub daily_factor: f64,
    /// How many will still come by themselves.
    pub will_come: u64,
    /// How many never will.
    pub never: u64,
    /// The day on which 95 % of all will have come, if they will.
    pub most_on: Option<Date>,
    /// The day on which the last of those comes who will come.
    pub last_on: Option<Date>,
    /// How many will have come until the day that was asked for, from now on.
    pub until_then: Option<u64>,
}

/// Why nothing is foreseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoForecast {
    /// Nobody is left.
    NobodyLeft,
    /// Too few days have passed, or too few people have come.
    TooEarly,
    /// Nobody came in all of these days.
    NobodyComes,
}

/// What is to be expected. `daily` are the people of whole days, the last of which was the day before `today`;
/// `done` have come, `open` have not; `of_today` is the part of today that is left.
pub fn forecast(
    daily: &[u64],
    (done, open): (u64, u64),
    (today, of_today): (Date, f64),
    until: Option<Date>,
) -> Result<Forecast, NoForecast> {
    if open == 0 {
        return Err(NoForecast::NobodyLeft);
    }
    let daily = daily.get(daily.len().saturating_sub(DAYS)..).unwrap_or_default();
    let people: u64 = daily.iter().sum();
    if daily.len() < FEWEST_DAYS || (people > 0 && people < FEWEST_PEOPLE) {
        return Err(NoForecast::TooEarly);
    }
    if people == 0 {
        return Err(NoForecast::NobodyComes);
    }
    let rate = Rate::of(daily);
    let ahead = Ahead { rate, today, of_today, first: daily.len(), open: number(open) };
    Ok(ahead.tell(done, open, until, daily.len()))
}

/// A rate that changes by the same factor every day.
#[derive(Clone, Copy, Debug)]
struct Rate {
    /// The logarithm of the rate in the middle of the days.
    level: f64,
    slope: f64,
    middle: f64,
    /// What each day of the week has more or less than the others; the first is that of day 0.
    week: [f64; 7],
}

impl Rate {
    /// The most likely one.
    fn of(daily: &[u64]) -> Self {
        let middle = (number_of(daily.len()) - 1.0) / 2.0;
        let mean = daily.iter().map(|people| number(*people)).sum::<f64>() / number_of(daily.len());
        let mut rate = Self { level: mean.ln(), slope: 0.0, middle, week: [1.0; 7] };
        rate.fit(daily);
        if daily.len() >= TWO_WEEKS {
            for _ in 0..10 {
                rate.week = rate.parts(daily);
                rate.fit(daily);
            }
        }
        rate
    }

    /// What came on each day of the week, measured by what the slope alone lets expect.
    fn parts(&self, daily: &[u64]) -> [f64; 7] {
        std::array::from_fn(|of_the_week| {
            let days = daily.iter().enumerate().skip(of_the_week).step_by(7);
            let (came, expected) = days.fold((0.0, 0.0), |(came, expected), (day, people)| {
                (came + number(*people), expected + self.level_on(number_of(day)))
            });
            came / expected
        })
    }

    /// Newton's method. The steps are held back, for far from the goal they overshoot.
    fn fit(&mut self, daily: &[u64]) {
        for _ in 0..100 {
            let (level, slope) = self.step(daily);
            let most = level.abs().max(slope.abs() * self.middle.max(1.0));
            let held = if most > 1.0 { 1.0 / most } else { 1.0 };
            self.level += level * held;
            // A rate that falls to nothing within a day, or grows as quickly, is as good as that.
            self.slope = (self.slope + slope * held).clamp(-5.0, 5.0);
            if most < 1e-9 {
                break;
            }
        }
    }

    fn step(&self, daily: &[u64]) -> (f64, f64) {
        let (mut gradient, mut flat, mut tilted, mut curved) = ((0.0, 0.0), 0.0, 0.0, 0.0);
        for (day, people) in daily.iter().enumerate() {
            let (from_middle, expected) = (number_of(day) - self.middle, self.on(day));
            let more = number(*people) - expected;
            gradient = (gradient.0 + more, gradient.1 + more * from_middle);
            flat += expected;
            tilted += expected * from_middle;
            curved += expected * from_middle * from_middle;
        }
        let determinant = flat * curved - tilted * tilted;
        if determinant.abs() < 1e-12 {
            return (0.0, 0.0);
        }
        (
            (gradient.0 * curved - gradient.1 * tilted) / determinant,
            (gradient.1 * flat - gradient.0 * tilted) / determinant,
        )
    }

    fn level_on(&self, day: f64) -> f64 {
        (self.level + self.slope * (day - self.middle)).exp()
    }

    fn on(&self, day: usize) -> f64 {
        self.level_on(number_of(day)) * self.week.get(day % 7).copied().unwrap_or(1.0)
    }
}

struct Ahead {
    rate: Rate,
    today: Date,
    of_today: f64,
    /// The number of today, where the days that were looked at begin at 0.
    first: usize,
    open: f64,
}

impl Ahead {
    /// How many come on the day that is so many days ahead.
    fn on(&self, days: u32) -> f64 {
        let whole = self.rate.on(self.first + days as usize);
        if days == 0 { whole * self.of_today.clamp(0.0, 1.0) } else { whole }
    }

    /// How many come in all that time; no more than there are.
    fn total(&self) -> f64 {
        (0..HORIZON).map(|days| self.on(days)).sum::<f64>().min(self.open)
    }

    /// The first day until whose end so many will have come.
    fn day_of(&self, people: f64) -> Option<Date> {
        let mut come = 0.0;
        let days = (0..HORIZON).find(|days| {
            come += self.on(*days);
            come + 1e-6 >= people
        })?;
        self.today.checked_add(jiff::Span::new().days(days)).ok()
    }

    /// How many will have come until the end of a day.
    fn until(&self, day: Date) -> f64 {
        let days = self.today.until(day).map_or(0, |span| span.get_days());
        let days = u32::try_from(days.saturating_add(1)).unwrap_or(0).min(HORIZON);
        (0..days).map(|ahead| self.on(ahead)).sum::<f64>().min(self.open)
    }

    fn tell(&self, done: u64, open: u64, until: Option<Date>, days_used: usize) -> Forecast {
        let total = self.total();
        let will_come = whole(total).min(open);
        let wanted = MOST * number(done + open) - number(done);
        Forecast {
            days_used,
            daily_factor: self.rate.slope.exp(),
            will_come,
            never: open - will_come,
            most_on: if wanted <= 0.0 {
                Some(self.today)
            } else {
                self.day_of(wanted).filter(|_| wanted <= total + 0.5)
            },
            // The last one comes when fewer than half a person is left to come.
            last_on: self.day_of((total - 0.5).max(0.0)).filter(|_| will_come > 0),
            until_then: until.map(|day| whole(self.until(day))),
        }
    }
}

fn number(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^52")]
    let number = count as f64;
    number
}

fn number_of(count: usize) -> f64 {
    number(u64::try_from(count).unwrap_or(u64::MAX))
}

fn whole(number: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of people that isn't negative, rounded"
    )]
    let whole = number.max(0.0).round() as u64;
    whole
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn of(daily: &[u64], done: u64, open: u64) -> Result<Forecast, NoForecast> {
        forecast(daily, (done, open), (TODAY, 1.0), None)
    }

    #[test]
    fn a_tenth_less_every_day_is_found() {
        let daily: Vec<u64> = (0..20).map(|day| whole(1000.0 * 0.9_f64.powi(day))).collect();
        let done: u64 = daily.iter().sum();
        let told = of(&daily, done, 3000).unwrap();
        assert!((told.daily_factor - 0.9).abs() < 0.002, "{told:?}");
        // What is left of a geometric row: 1000 * 0.9^20 / 0.1.
        assert!((1180..=1250).contains(&told.will_come), "{told:?}");
        assert_eq!(told.will_come + told.never, 3000);
        assert_eq!(told.most_on, None, "95 % will never come");
    }

    #[test]
    fn when_most_will_have_come() {
        let daily: Vec<u64> = (0..20).map(|day| whole(1000.0 * 0.9_f64.powi(day))).collect();
        let done: u64 = daily.iter().sum();
        let told = of(&daily, done, 1216).unwrap();
        // 10,000 in all: 9,500 are there when 0.9^n is 0.05, which is after 28.4 days.
        let day = told.most_on.unwrap();
        assert!((day - TODAY).get_days() >= 7 && (day - TODAY).get_days() <= 10, "{day}");
        assert!(told.last_on.unwrap() > day);
    }

    #[test]
    fn days_off_count_as_what_they_are() {
        let week = [100, 90, 95, 98, 92, 0, 0];
        let daily: Vec<u64> = week.iter().copied().cycle().take(28).collect();
        let told = of(&daily, 1900, 5000).unwrap();
        assert!((0.97..1.03).contains(&told.daily_factor), "{told:?}");
        let linear = forecast(&daily, (1900, 5000), (TODAY, 1.0), Some(date(2026, 11, 28))).unwrap();
        assert!((380..=560).contains(&linear.until_then.unwrap()), "{linear:?}");
    }

    #[test]
    fn who_comes_at_a_steady_pace_comes_at_last() {
        let told = of(&[50; 14], 700, 500).unwrap();
        assert_eq!((told.will_come, told.never), (500, 0));
        assert_eq!(told.last_on, Some(date(2026, 12, 1)));
    }

    #[test]
    fn little_is_told_from_little() {
        assert_eq!(of(&[5, 4], 9, 10), Err(NoForecast::TooEarly));
        assert_eq!(of(&[1, 0, 2, 1], 4, 100), Err(NoForecast::TooEarly));
        assert_eq!(of(&[0; 10], 0, 100), Err(NoForecast::NobodyComes));
        assert_eq!(of(&[50; 10], 500, 0), Err(NoForecast::NobodyLeft));
    }

    #[test]
    fn odd_rows_of_numbers_end() {
        for daily in [vec![1_000_000, 0, 0, 0], vec![0, 0, 0, 1_000_000], vec![0, 10, 0, 0, 5000, 0]] {
            let told = of(&daily, 1_000_000, 1_000_000).unwrap();
            assert!(told.will_come + told.never == 1_000_000 && told.daily_factor.is_finite(), "{told:?}");
        }
    }
}
