//! Where a row stands in the tables: a run is one stretch of numbers, in the order of its source.

use muster_core::record::Line;

use crate::run::RunKey;

/// Lines of one source at most; a terabyte of line ends.
const LINES: i64 = 1 << 40;

/// Lines that share their intents.
const CHUNK: i64 = 1 << 10;

/// The number of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(pub i64);

impl Place {
    /// The place of this line.
    pub fn of(run: RunKey, line: Line) -> Self {
        let line = i64::try_from(line.0).unwrap_or(LINES - 1).min(LINES - 1);
        Self(run.0.wrapping_mul(LINES).wrapping_add(line))
    }

    /// The last place that a run can have.
    pub fn last(run: RunKey) -> Self {
        Self::of(run, Line(u64::MAX))
    }

    /// The run that it belongs to.
    pub fn run(self) -> RunKey {
        RunKey(self.0.div_euclid(LINES))
    }

    /// The line in its source.
    pub fn line(self) -> Line {
        Line(self.0.rem_euclid(LINES).unsigned_abs())
    }

    /// The chunk that it belongs to.
    pub fn chunk(self) -> i64 {
        self.0.div_euclid(CHUNK)
    }

    /// Its place in its chunk.
    pub fn in_chunk(self) -> u16 {
        u16::try_from(self.0.rem_euclid(CHUNK)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_do_not_meet() {
        let (one, two) = (RunKey(1), RunKey(2));
        assert!(Place::last(one) < Place::of(two, Line(0)));
        assert_eq!(Place::of(two, Line(7)).line(), Line(7));
        assert_eq!((Place::of(two, Line(0)).run(), Place::last(two).run()), (two, two));
        assert!(Place::last(one).chunk() < Place::of(two, Line(0)).chunk());
    }
}
