//! How long a verification takes, by what was measured.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use super::Form;
use crate::hook::locked;

/// So many forms are remembered; real users have a handful.
const MOST: usize = 1024;

/// What is expected to take longer than this may be refused for that alone.
const LONG: Duration = Duration::from_secs(1);

/// What is guessed to take so many times the time that there is was never a bad moment: it would hold a worker for
/// minutes, again and again, whenever somebody asks often enough.
const FAR_OFF: u32 = 4;

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

    /// One was refused for what is expected of it alone. What is refused is never measured again, and a bad moment must
    /// not shut a form out for ever: a little is taken off each time, until one is let in and measured.
    pub fn doubt(&self, form: &Form, left: Duration) {
        let guess = Estimate::exactly(form.first_guess());
        if guess.usual > left.max(LONG) * FAR_OFF {
            return;
        }
        let mut forms = locked(&self.0);
        let known = forms.get(form).copied().unwrap_or(guess);
        if known.careful() > left.max(LONG) && (forms.len() < MOST || forms.contains_key(form)) {
            let doubted = Estimate { usual: known.usual * 9 / 10, spread: known.spread / 2 };
            forms.insert(form.clone(), doubted);
        }
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

#[cfg(test)]
mod tests {
    use muster_core::stored::StoredHash;
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn what_never_fits_is_never_tried() {
        let estimates = Estimates::default();
        let text = |length| Zeroizing::new("a".repeat(length));
        let input = muster_core::stored::BcryptInput::Password;
        let form = Form::of(&StoredHash::Bcrypt { cost: 20, salt: text(22), value: text(31), input });
        let left = Duration::from_millis(2_500);
        (0..10_000).for_each(|_| estimates.doubt(&form, left));
        assert!(estimates.of(&form).careful() > left, "a minute of a worker for the asking");
    }

    #[test]
    fn a_bad_moment_does_not_shut_a_form_out_for_ever() {
        let estimates = Estimates::default();
        let form = Form::of(&StoredHash::DesCrypt(Zeroizing::new(String::new())));
        let (bad, left) = (Duration::from_secs(20), Duration::from_millis(2_500));
        estimates.note(&form, bad);
        let refusals = (0..100).take_while(|_| {
            estimates.doubt(&form, left);
            estimates.of(&form).careful() > left
        });
        assert!(refusals.count() < 30);
        estimates.note(&form, Duration::from_millis(100));
        let usual = estimates.of(&form).usual;
        (0..50).for_each(|_| estimates.note(&form, Duration::from_millis(100)));
        let settled = estimates.of(&form);
        assert!(settled.usual < usual && settled.careful() < Duration::from_millis(150), "{settled:?}");
        // What was refused for want of time, and not for its own length, is not doubted.
        estimates.doubt(&form, Duration::ZERO);
        assert_eq!(estimates.of(&form), settled);
    }
}
