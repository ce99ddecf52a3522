//! How long a verification takes, by what was measured.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use super::Form;
use crate::hook::locked;

/// So many forms are remembered; real users have a handful.
const MOST: usize = 1024;

/// What is expected of one verification.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The middle.
    pub usual: Duration,
    /// How far from the middle they are.
    spread: Duration,
}

impl Estimate {
    /// All of them take so long.
    pub fn exactly(usual: Duration) -> Self {
        Self { usual, spread: Duration::ZERO }
    }

    /// Long enough for nearly all of them.
    pub fn careful(self) -> Duration {
        self.usual + self.spread * 2
    }

    /// One more was measured: an eighth of what is new goes into the middle, a quarter into the spread.
    fn note(&mut self, taken: Duration) {
        let distance = self.usual.abs_diff(taken);
        self.usual = self.usual * 7 / 8 + taken / 8;
        self.spread = self.spread * 3 / 4 + distance / 4;
    }
}

/// The estimates of all forms.
#[derive(Debug, Default)]
pub struct Estimates(Mutex<HashMap<Form, Estimate>>);

impl Estimates {
    /// What is expected of a form.
    pub fn of(&self, form: &Form) -> Estimate {
        let known = locked(&self.0).get(form).copied();
        known.unwrap_or_else(|| Estimate::exactly(form.first_guess()))
    }

    /// One took so long. The first one measured takes the place of the guess.
    pub fn note(&self, form: &Form, taken: Duration) {
        let mut forms = locked(&self.0);
        if let Some(estimate) = forms.get_mut(form) {
            estimate.note(taken);
        } else if forms.len() < MOST {
            forms.insert(form.clone(), Estimate { usual: taken, spread: taken / 4 });
        }
    }
}
