//! The ids of documents that may be used once only, for as long as they could be used again.

use std::collections::HashMap;

/// What was used, and until when (in seconds) it is remembered.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    until: HashMap<String, i64>,
    /// How many there are when those are forgotten whose time is over.
    full: usize,
}

/// Below this number nothing is forgotten.
const FEW: usize = 1024;

impl Seen {
    /// Notes the use of an id. False if it was used before.
    pub fn note(&mut self, id: String, until: i64, now: i64) -> bool {
        if self.until.get(&id).is_some_and(|until| *until > now) {
            return false;
        }
        if self.until.len() >= self.full.max(FEW) {
            self.until.retain(|_, until| *until > now);
            self.full = self.until.len().saturating_mul(2);
        }
        self.until.insert(id, until);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_remembered_until_their_time_is_over() {
        let mut seen = Seen::default();
        assert!(seen.note("a".to_owned(), 10, 0));
        assert!(!seen.note("a".to_owned(), 20, 9));
        assert!(seen.note("a".to_owned(), 20, 10));
        for number in 0..5000 {
            assert!(seen.note(number.to_string(), 40, 30));
        }
        for number in 0..5000 {
            assert!(!seen.note(number.to_string(), 40, 30), "{number}");
        }
        for number in 0..9000 {
            assert!(seen.note(format!("later {number}"), 90, 50));
        }
        assert!(seen.until.len() < 14_000, "what is over is forgotten: {}", seen.until.len());
    }
}
