//! Lengths of time, counted in buckets that grow with the length: a percentile is right to a sixteenth, in little
//! memory however many there are.

/// Buckets for each doubling.
const STEPS: u64 = 16;

/// Counts of lengths of time, in microseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
    longest: u64,
}

impl Histogram {
    /// One more.
    pub fn add(&mut self, micros: u64) {
        let place = place(micros);
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        if let Some(count) = self.counts.get_mut(place) {
            *count += 1;
        }
        self.total += 1;
        self.longest = self.longest.max(micros);
    }

    /// The longest.
    pub fn longest(&self) -> Option<u64> {
        (self.total > 0).then_some(self.longest)
    }

    /// The length that so many of a thousand don't exceed.
    pub fn permille(&self, permille: u64) -> Option<u64> {
        let rank = (self.total.saturating_mul(permille)).div_ceil(1000).max(1);
        let mut seen = 0;
        let place = self.counts.iter().position(|count| {
            seen += count;
            seen >= rank
        })?;
        Some(end(place).min(self.longest))
    }
}

fn place(micros: u64) -> usize {
    let exact = STEPS * 2;
    let place = if micros < exact {
        micros
    } else {
        let doublings = u64::from(micros.ilog2()) - 4;
        doublings * STEPS + (micros >> doublings)
    };
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The longest length of a bucket.
fn end(place: usize) -> u64 {
    let place = u64::try_from(place).unwrap_or(u64::MAX);
    if place < STEPS * 2 {
        return place;
    }
    let doublings = place / STEPS - 1;
    let step = place % STEPS + STEPS;
    ((step + 1) << doublings) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_within_its_bucket() {
        for micros in (0..100_000).chain([1 << 40, u64::from(u32::MAX)]) {
            let end = end(place(micros));
            assert!(end >= micros && end <= micros + micros / 16, "{micros} in a bucket up to {end}");
        }
    }

    #[test]
    fn percentiles_are_right_to_a_sixteenth() {
        let mut histogram = Histogram::default();
        (1..=1000).for_each(|number| histogram.add(number * 1000));
        let (half, most) = (histogram.permille(500).unwrap(), histogram.permille(990).unwrap());
        assert!((500_000..=531_250).contains(&half), "{half}");
        assert!((990_000..=1_000_000).contains(&most), "{most}");
        assert_eq!(histogram.longest(), Some(1_000_000));
        assert_eq!(Histogram::default().permille(500), None);
    }
}
