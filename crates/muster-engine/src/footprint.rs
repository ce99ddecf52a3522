//! What a good row adds to the numbers of a plan, packed for the time of planning: doubles are known when all rows are.

use muster_core::candidate::Candidate;
use muster_core::census::Route;
use muster_core::credential::Notation;
use muster_core::flow::GROUPS_AT_CREATION;

use crate::plan::PlanCounts;

/// The first bit of what the stored hash is.
const STORED: u32 = 3;
/// The first bit of the requests.
const REQUESTS: u32 = 13;

/// The place of a notation among all of them, from 1.
fn number_of(notation: Notation) -> u32 {
    let at = Notation::ALL.iter().position(|found| *found == notation);
    at.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(0)
}

fn unpacked_stored(packed: u32) -> Option<(Notation, Route)> {
    let at = usize::try_from(packed >> 2).ok()?.checked_sub(1)?;
    let route =
        [Route::Hash, Route::Hook, Route::Reset].into_iter().find(|route| *route as u32 == packed & 3)?;
    Notation::ALL.get(at).map(|notation| (*notation, route))
}

/// What a good row adds to the numbers, beside its credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footprint {
    activated: bool,
    mail: bool,
    other_status: bool,
    stored: Option<(Notation, Route)>,
    requests: u32,
}

impl Footprint {
    /// Of this row.
    pub fn of(candidate: &Candidate) -> Self {
        let joins = candidate.groups.len().saturating_sub(GROUPS_AT_CREATION);
        let requests = 1 + joins + usize::from(candidate.afterwards.is_some());
        Self {
            activated: candidate.activate,
            mail: candidate.sends_mail(),
            other_status: candidate.other_status,
            stored: candidate.stored,
            requests: u32::try_from(requests).unwrap_or(u32::MAX).min(u32::MAX >> REQUESTS),
        }
    }

    /// As the books keep it for the time of planning: three bits, the route, the notation, and the requests above them.
    pub fn packed(self) -> u32 {
        let bits = [self.activated, self.mail, self.other_status].map(u32::from);
        let stored = self.stored.map_or(0, |(notation, route)| number_of(notation) << 2 | route as u32);
        bits[0] | bits[1] << 1 | bits[2] << 2 | stored << STORED | self.requests << REQUESTS
    }

    /// As it was before it was packed.
    pub fn unpacked(packed: u32) -> Self {
        Self {
            activated: packed & 1 != 0,
            mail: packed & 2 != 0,
            other_status: packed & 4 != 0,
            stored: unpacked_stored(packed >> STORED & 0x3ff),
            requests: packed >> REQUESTS,
        }
    }
}

impl PlanCounts {
    /// Counts one more row.
    pub(crate) fn add(&mut self, credential: &str, footprint: Footprint) {
        self.to_send += 1;
        match self.credentials.get_mut(credential) {
            Some(rows) => *rows += 1,
            None => drop(self.credentials.insert(credential.to_owned(), 1)),
        }
        self.activated += u64::from(footprint.activated);
        self.mails += u64::from(footprint.mail);
        self.other_status += u64::from(footprint.other_status);
        self.requests += u64::from(footprint.requests);
        if let Some((notation, route)) = footprint.stored {
            let of_route = self.notations.entry(route.as_str().to_owned()).or_default();
            *of_route.entry(notation.as_str().to_owned()).or_default() += 1;
        }
    }

    /// The opposite, for several rows that were counted alike.
    pub(crate) fn take_off(&mut self, credential: &str, footprint: Footprint, rows: u64) {
        let less = |count: &mut u64, each: u64| *count = count.saturating_sub(each * rows);
        less(&mut self.to_send, 1);
        less(&mut self.activated, u64::from(footprint.activated));
        less(&mut self.mails, u64::from(footprint.mail));
        less(&mut self.other_status, u64::from(footprint.other_status));
        less(&mut self.requests, u64::from(footprint.requests));
        if let Some(count) = self.credentials.get_mut(credential) {
            less(count, 1);
        }
        self.credentials.retain(|_, rows| *rows > 0);
        if let Some((notation, route)) = footprint.stored
            && let Some(of_route) = self.notations.get_mut(route.as_str())
        {
            of_route.entry(notation.as_str().to_owned()).and_modify(|count| less(count, 1));
            of_route.retain(|_, rows| *rows > 0);
        }
        self.notations.retain(|_, of_route| !of_route.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_taken_off_as_they_were_counted() {
        let plain =
            Footprint { activated: true, mail: false, other_status: false, stored: None, requests: 1 };
        let much = Footprint {
            activated: false,
            mail: true,
            other_status: true,
            stored: Some((Notation::Ssha, Route::Hook)),
            requests: 70_000,
        };
        let (mut counts, mut expected) = (PlanCounts::default(), PlanCounts::default());
        expected.add("bcrypt", plain);
        counts.add("bcrypt", plain);
        for _ in 0..3 {
            counts.add("none", much);
        }
        counts.take_off("none", Footprint::unpacked(much.packed()), 3);
        assert_eq!(format!("{counts:?}"), format!("{expected:?}"));
    }
}
