//! What is verified for a user that nobody knows, so that the answer takes as long as a wrong password does.
//!
//! The forms of hashes that were seen are remembered with how often. An unknown login takes one of them, by chance
//! but always the same one: by weighted rendezvous over a digest with a key, so that a form that is seen a little
//! more often changes hardly anybody's. No hash of a user is kept, only one of the same form that nothing matches.

use std::sync::Mutex;

use muster_core::stored::{BcryptInput, StoredHash};
use zeroize::Zeroizing;

use super::keyed::Keyed;
use super::locked;
use super::pool::Form;
use super::verifier::Verifier;

/// So many forms are remembered; old systems have a handful.
const MOST: usize = 64;
/// From here on all counts are halved, so that what is seen today weighs more than what was seen long ago.
const ENOUGH: f64 = 100_000.0;

/// The forms that were seen.
pub struct StandIns {
    key: Keyed,
    dummy: fn(&StoredHash) -> StoredHash,
    first: StoredHash,
    seen: Mutex<Vec<Seen>>,
}

/// One form; none for a place that verifies by itself.
struct Seen {
    form: Option<Form>,
    stand_in: Option<StoredHash>,
    count: f64,
}

impl StandIns {
    /// Nothing was seen; until then it is bcrypt of that cost.
    pub fn new(key: Keyed, verifier: Verifier, bcrypt_cost: u32) -> Self {
        let like = StoredHash::Bcrypt {
            cost: bcrypt_cost,
            salt: Zeroizing::new("......................".to_owned()),
            value: Zeroizing::new("...............................".to_owned()),
            input: BcryptInput::Password,
        };
        Self { key, dummy: verifier.dummy, first: (verifier.dummy)(&like), seen: Mutex::default() }
    }

    /// A known user has such a hash; none where the place verified by itself.
    pub fn note(&self, stored: Option<&StoredHash>) {
        let form = stored.map(Form::of);
        let mut seen = locked(&self.seen);
        if let Some(known) = seen.iter_mut().find(|known| known.form == form) {
            known.count += 1.0;
            let is_enough = known.count > ENOUGH;
            if is_enough {
                seen.iter_mut().for_each(|known| known.count /= 2.0);
            }
        } else if seen.len() < MOST {
            seen.push(Seen { form, stand_in: stored.map(self.dummy), count: 1.0 });
        }
    }

    /// What is verified for an unknown login; none for nothing.
    pub fn for_login(&self, folded: &str) -> Option<StoredHash> {
        let seen = locked(&self.seen);
        let score = |known: &Seen| known.count / -self.chance(folded, known.form.as_ref()).ln();
        let drawn = seen.iter().max_by(|one, other| score(one).total_cmp(&score(other)));
        drawn.map_or_else(|| Some(self.first.clone()), |drawn| drawn.stand_in.clone())
    }

    /// What is verified for a user whose form is remembered.
    pub fn of_form(&self, form: &Form) -> Option<StoredHash> {
        let seen = locked(&self.seen);
        seen.iter().find(|known| known.form.as_ref() == Some(form)).and_then(|known| known.stand_in.clone())
    }

    /// A number between 0 and 1, neither of them, that this login always has for this form.
    fn chance(&self, folded: &str, form: Option<&Form>) -> f64 {
        let form = format!("{form:?}");
        let digest = self.key.digest(&[folded.as_bytes(), form.as_bytes()]);
        let [first, second, third, fourth, ..] = digest;
        let drawn = u32::from_be_bytes([first, second, third, fourth]);
        (f64::from(drawn) + 0.5) / (f64::from(u32::MAX) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bcrypt(cost: u32) -> StoredHash {
        let text = |length| Zeroizing::new("a".repeat(length));
        StoredHash::Bcrypt { cost, salt: text(22), value: text(31), input: BcryptInput::Password }
    }

    fn empty() -> StandIns {
        StandIns::new(Keyed::derived("secret", "test"), Verifier::default(), 10)
    }

    #[test]
    fn an_unknown_login_always_takes_the_same_form_in_the_proportion_of_those_seen() {
        let stand_ins = empty();
        assert_eq!(Form::of(&stand_ins.for_login("a").unwrap()), Form::of(&bcrypt(10)));
        (0..300).for_each(|_| stand_ins.note(Some(&bcrypt(5))));
        (0..100).for_each(|_| stand_ins.note(None));
        let drawn = |number: u32| stand_ins.for_login(&format!("user{number}@example.com")).is_some();
        let hashes = (0..4000).filter(|number| drawn(*number)).count();
        assert!((2800..3200).contains(&hashes), "three of four, and it was {hashes}");
        let before: Vec<bool> = (0..1000).map(drawn).collect();
        stand_ins.note(None);
        let changed = (0_u32..1000).zip(before).filter(|(number, was)| drawn(*number) != *was).count();
        assert!(changed < 20, "one more of 400 changes hardly anybody's: {changed}");
    }

    #[test]
    fn no_hash_of_a_user_is_kept() {
        let stand_ins = empty();
        stand_ins.note(Some(&bcrypt(5)));
        assert!(stand_ins.for_login("a").unwrap() != bcrypt(5));
    }
}
