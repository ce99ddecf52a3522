//! Whether the numbers of a tour hold.

use crate::error::End;
use crate::output::{Console, grouped};

/// What was compared so far.
pub struct Checks {
    console: Console,
    failed: usize,
}

impl Checks {
    /// Nothing yet; each comparison is a line on this console.
    pub fn new(console: Console) -> Self {
        Self { console, failed: 0 }
    }

    /// Something that was counted must be this many.
    pub fn count(&mut self, what: &str, found: usize, expected: usize) {
        let number = |count: usize| grouped(u64::try_from(count).unwrap_or(u64::MAX));
        let mut line = format!("{:>7}  {what}", number(found));
        if found != expected {
            line.extend([": ", &number(expected), " expected"]);
        }
        self.tell(found == expected, &line);
    }

    /// Something must be so.
    pub fn holds(&mut self, what: &str, so: bool) {
        self.tell(so, &format!("{:>7}  {what}", if so { "yes" } else { "no" }));
    }

    /// How the tour ends.
    pub fn end(&self) -> End {
        if self.failed == 0 { End::Fine } else { End::CouldNotRun }
    }

    fn tell(&mut self, holds: bool, line: &str) {
        self.failed += usize::from(!holds);
        self.console.note(&format!("   {} {line}", if holds { "ok    " } else { "WRONG " }));
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::Arguments;

    #[test]
    fn one_wrong_number_is_a_wrong_tour() {
        let quiet = Arguments::try_parse_from(["muster", "-q", "demo"]).unwrap();
        let mut checks = Checks::new(Console::new(&quiet.global));
        checks.count("people", 3, 3);
        checks.holds("all of them", true);
        assert_eq!(checks.end(), End::Fine);
        checks.count("people", 2, 3);
        checks.count("people", 3, 3);
        assert_eq!(checks.end(), End::CouldNotRun);
    }
}
