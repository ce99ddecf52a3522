//! The nonces that DPoP proofs must have at the token endpoint (API.md §2.3): one for all, renewed every day.

use jiff::{SignedDuration, Timestamp};

use crate::ids::Ids;

const RENEWED: SignedDuration = SignedDuration::from_hours(24);
/// How long a nonce is good, from when it was made. Whether Okta counts from then, or from the day of the next one,
/// is not known.
const GOOD: SignedDuration = SignedDuration::from_hours(72);

/// The nonces that are still good, the newest last.
#[derive(Debug, Default)]
pub(crate) struct Nonces(Vec<(Timestamp, String)>);

impl Nonces {
    /// The nonce to be used from now on.
    pub fn current(&mut self, ids: &mut Ids, now: Timestamp) -> String {
        self.0.retain(|(made, _)| now.duration_since(*made) < GOOD);
        match self.0.last() {
            Some((made, nonce)) if now.duration_since(*made) < RENEWED => nonce.clone(),
            _ => {
                let nonce = ids.token("", 32);
                self.0.push((now, nonce.clone()));
                nonce
            }
        }
    }

    /// Whether a nonce is good.
    pub fn is_good(&self, nonce: &str, now: Timestamp) -> bool {
        self.0.iter().any(|(made, known)| known == nonce && now.duration_since(*made) < GOOD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_renewed_every_day_and_good_for_three() {
        let at = |hours: i64| Timestamp::from_second(1_700_000_000 + hours * 3600).expect("a time");
        let (mut nonces, mut ids) = (Nonces::default(), Ids::new(0, 9));
        let first = nonces.current(&mut ids, at(0));
        assert_eq!(nonces.current(&mut ids, at(23)), first);
        let second = nonces.current(&mut ids, at(24));
        assert_ne!(second, first);
        assert!(nonces.is_good(&first, at(71)) && !nonces.is_good(&first, at(72)));
        assert!(nonces.is_good(&second, at(95)) && !nonces.is_good("other", at(24)));
        assert_ne!(nonces.current(&mut ids, at(200)), second);
    }
}
