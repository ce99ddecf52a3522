//! How much fits into one bulk request and into one session (API.md §10.2).

/// Entities in one request.
pub const MOST_ENTITIES: usize = 200;

/// Bytes in one request. The documentation says 200 KB and not whether that is 200,000 or 204,800: the smaller is safe.
pub const MOST_BYTES: usize = 200_000;

/// Bulk requests in one session, of whatever kind.
pub const MOST_REQUESTS: usize = 50;

/// Users in one session.
pub const MOST_USERS: usize = 10_000;

/// What fits into one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimits {
    /// Entities.
    pub entities: usize,
    /// Bytes of the whole body.
    pub bytes: usize,
}

impl PageLimits {
    /// Whether an entity of so many bytes fits into a body of its own.
    pub fn holds_alone(self, envelope: usize, entity: usize) -> bool {
        envelope.saturating_add(entity) <= self.bytes
    }
}

/// How full pages of one kind are. Entities go into the last page while they fit, and then begin another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filling {
    limits: PageLimits,
    envelope: usize,
    pages: usize,
    entities: usize,
    bytes: usize,
}

impl Filling {
    /// No page yet, for bodies that have so many bytes without any entity.
    pub fn new(limits: PageLimits, envelope: usize) -> Self {
        Self { limits, envelope, pages: 0, entities: 0, bytes: 0 }
    }

    /// Pages so far.
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// Whether an entity that counts as `weight` and adds so many bytes goes into the last page. One that follows
    /// another costs a comma more.
    pub fn fits(&self, weight: usize, bytes: usize) -> bool {
        self.pages > 0
            && self.entities + weight <= self.limits.entities
            && self.bytes.saturating_add(bytes).saturating_add(1) <= self.limits.bytes
    }

    /// Puts it into the last page, or into a new one; says whether it is a new one.
    pub fn add(&mut self, weight: usize, bytes: usize) -> bool {
        let begins = !self.fits(weight, bytes);
        if begins {
            self.pages += 1;
            (self.entities, self.bytes) = (weight, self.envelope.saturating_add(bytes));
        } else {
            self.entities += weight;
            self.bytes += bytes + 1;
        }
        begins
    }
}

/// What a session still takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionRoom {
    /// Bulk requests.
    pub requests: usize,
    /// Users.
    pub users: usize,
}

impl SessionRoom {
    /// Of a session that has taken so many. What may have arrived counts as taken.
    pub fn after(requests: usize, users: usize) -> Self {
        Self { requests: MOST_REQUESTS.saturating_sub(requests), users: MOST_USERS.saturating_sub(users) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ten_thousand_small_people_are_one_session_of_fifty_requests() {
        let mut filling = Filling::new(PageLimits { entities: MOST_ENTITIES, bytes: MOST_BYTES }, 38);
        let begun = (0..MOST_USERS).filter(|_| filling.add(1, 300)).count();
        assert_eq!(begun, MOST_REQUESTS);
        assert_eq!(filling.pages(), MOST_REQUESTS);
    }

    #[test]
    fn large_people_are_cut_by_bytes() {
        let limits = PageLimits { entities: MOST_ENTITIES, bytes: MOST_BYTES };
        let mut filling = Filling::new(limits, 38);
        let begun = (0..200).filter(|_| filling.add(1, 3_000)).count();
        assert_eq!((begun, filling.pages()), (4, 4), "66 of 3 KB fit into 200 KB");
        assert!(limits.holds_alone(38, 199_962) && !limits.holds_alone(38, 199_963));
    }

    proptest! {
        #[test]
        fn no_page_is_over_a_limit(sizes in prop::collection::vec(1usize..900, 0..200), entities in 1usize..20) {
            let limits = PageLimits { entities, bytes: 1_000 };
            let mut filling = Filling::new(limits, 40);
            let mut pages: Vec<Vec<usize>> = Vec::new();
            for size in sizes {
                if filling.add(1, size) {
                    pages.push(Vec::new());
                }
                pages.last_mut().unwrap().push(size);
            }
            prop_assert_eq!(pages.len(), filling.pages());
            for page in pages {
                let bytes = 40 + page.iter().sum::<usize>() + page.len() - 1;
                prop_assert!(page.len() <= entities && bytes <= 1_000);
            }
        }
    }
}
