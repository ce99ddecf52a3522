//! How long a bucket's windows are, learned from the resets of windows that followed upon each other.
//!
//! Two sources. `reset − Date` of one answer is the length, or less, where the date is right. The difference of two
//! resets is the length, or more, whatever the date says; a second more at most where we sent all the time, because
//! headers give whole seconds. Too long only wastes a little; too short would overrun, so in doubt it is the longer.

use super::time::{LONGEST_WINDOW, Seconds, USUAL_WINDOW};

#[derive(Debug, Default)]
pub(super) struct Length {
    /// The most that an answer told until its reset.
    told: Option<Seconds>,
    /// The least between two resets, with requests all the time.
    seen: Option<Seconds>,
    /// Dates were found to be wrong.
    distrusted: bool,
}

impl Length {
    /// An answer was dated so long before the reset. It may have been under way for all of the round trip when it was
    /// dated, and counted at the beginning of that.
    pub fn tell(&mut self, resets_in: Seconds, round_trip: Seconds) {
        if resets_in <= LONGEST_WINDOW && !self.distrusted {
            let told = if is_usual(resets_in) { resets_in } else { resets_in + round_trip };
            let told = told.min(LONGEST_WINDOW);
            self.told = Some(self.told.map_or(told, |earlier| earlier.max(told)));
        }
    }

    /// A window ended so much after the last one, and nothing of ours left for `gap` around the beginning.
    pub fn see(&mut self, between_resets: Seconds, gap: Seconds) {
        if !(1.0..=LONGEST_WINDOW).contains(&between_resets) || gap > between_resets / 2.0 {
            return;
        }
        // The documented length, if that is possible.
        let shortest = between_resets - 1.0 - gap;
        let longer = self.told.is_some_and(|told| told > USUAL_WINDOW + 0.5);
        let usual = !longer && (shortest..=between_resets).contains(&USUAL_WINDOW);
        let length = if usual { USUAL_WINDOW } else { between_resets };
        // After a longer gap the date has to help, where it makes sense.
        let length = match self.told {
            Some(told) if gap > 0.5 && (shortest..=between_resets).contains(&(told + 1.0)) => {
                length.min(told + 1.0)
            }
            _ => length,
        };
        self.seen = Some(self.seen.map_or(length, |seen| seen.min(length)));
    }

    /// It was longer than that.
    pub fn unlearn(&mut self) {
        self.seen = None;
        // Who told of an end that was none is not asked again.
        (self.told, self.distrusted) = (None, true);
    }

    /// Whether it was seen, and not only told.
    pub fn is_certain(&self) -> bool {
        self.seen.is_some()
    }

    /// The length, or a little more.
    pub fn upper(&self) -> Option<Seconds> {
        self.seen.or_else(|| {
            let told = self.told?;
            Some(if is_usual(told) { USUAL_WINDOW } else { told + 1.0 })
        })
    }
}

/// Whether a window of the documented length has just begun.
fn is_usual(told: Seconds) -> bool {
    (USUAL_WINDOW - 1.0..=USUAL_WINDOW).contains(&told)
}
