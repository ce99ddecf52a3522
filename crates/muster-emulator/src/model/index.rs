//! Where the bearers of a text are found. The texts themselves are not kept, only what they hash to: whoever looks
//! up a text gets its bearers, and most rarely others, and must look at what they really bear.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{BuildHasher, RandomState},
};

/// Places of users by the hash of a text.
#[derive(Default)]
pub(crate) struct Index {
    hasher: RandomState,
    places: HashMap<u64, Places>,
}

/// Nearly every text has one bearer.
enum Places {
    One(u64),
    #[expect(clippy::box_collection, reason = "the rare case must not make the usual one larger")]
    Many(Box<BTreeSet<u64>>),
}

impl Index {
    /// Notes a bearer of a text.
    pub fn insert(&mut self, text: &str, place: u64) {
        let hash = self.hasher.hash_one(text);
        self.places
            .entry(hash)
            .and_modify(|places| match places {
                Places::One(present) if *present == place => {}
                Places::One(present) => *places = Places::Many(Box::new([*present, place].into())),
                Places::Many(present) => drop(present.insert(place)),
            })
            .or_insert(Places::One(place));
    }

    /// Forgets a bearer of a text.
    pub fn remove(&mut self, text: &str, place: u64) {
        let hash = self.hasher.hash_one(text);
        let is_empty = match self.places.get_mut(&hash) {
            Some(Places::One(present)) => *present == place,
            Some(Places::Many(present)) => {
                present.remove(&place);
                present.is_empty()
            }
            None => false,
        };
        if is_empty {
            self.places.remove(&hash);
        }
    }

    /// The places where bearers of a text may be, in their order.
    pub fn places(&self, text: &str) -> impl Iterator<Item = u64> {
        let (one, many) = match self.places.get(&self.hasher.hash_one(text)) {
            Some(Places::One(place)) => (Some(*place), None),
            Some(Places::Many(places)) => (None, Some(places.iter().copied())),
            None => (None, None),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_as_many_bearers_as_were_noted() {
        let mut index = Index::default();
        for place in [7, 3, 7] {
            index.insert("ada", place);
        }
        index.insert("bob", 1);
        let places = |index: &Index, text| index.places(text).collect::<Vec<_>>();
        assert_eq!((places(&index, "ada"), places(&index, "bob")), (vec![3, 7], vec![1]));
        index.remove("ada", 3);
        index.remove("bob", 2);
        assert_eq!((places(&index, "ada"), places(&index, "bob")), (vec![7], vec![1]));
        index.remove("ada", 7);
        assert!(places(&index, "ada").is_empty() && places(&index, "cid").is_empty());
    }
}
