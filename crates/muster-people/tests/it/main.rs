//! What the generator promises, seen from outside.

mod faulty;
mod foreign;
mod hashes;
mod sameness;

use muster_people::{HashKind, People, PeopleSettings};

/// Cheap people.
fn settings(count: u64) -> PeopleSettings {
    let groups = ["Staff", "Engineers", "Berlin", "VPN"].map(str::to_owned).to_vec();
    PeopleSettings { hashes: vec![HashKind::None], groups, ..PeopleSettings::new(42, count) }
}

fn people(settings: PeopleSettings) -> People {
    People::new(settings).expect("sound settings")
}
