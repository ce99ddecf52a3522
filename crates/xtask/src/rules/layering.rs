//! Arrows between crates point one way.

use crate::finding::Finding;
use crate::workspace::{Dependency, Package};

/// A crate, and what it may know.
struct Room {
    name: &'static str,
    /// Crates of the workspace.
    knows: &'static [&'static str],
    /// Crates from elsewhere, where they are limited.
    diet: Option<&'static [&'static str]>,
    /// Crates of the workspace that not even its tests may know.
    stranger: &'static [&'static str],
    /// Why.
    why: &'static str,
}

/// No limits but the arrows.
const OPEN: Room = Room { name: "", knows: &[], diet: None, stranger: &[], why: "" };

/// Which crate may depend on which, bottom up. Tests may know any crate that is no stranger.
const HOUSE: &[Room] = &[
    Room {
        name: "muster-core",
        knows: &[],
        diet: Some(&[
            "base64",
            "jiff",
            "regex",
            "secrecy",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "unicode-normalization",
            "zeroize",
        ]),
        why: "core is true without a network, a runtime, a clock or dice, so that all of it can be tested as arithmetic",
        ..OPEN
    },
    Room {
        name: "muster-passwords",
        knows: &["muster-core"],
        why: "verifying a password needs nothing but the processor",
        ..OPEN
    },
    Room {
        name: "muster-people",
        knows: &["muster-core", "muster-passwords"],
        why: "made-up people must not be made by the rules that they test",
        ..OPEN
    },
    Room {
        name: "muster-legacy",
        knows: &["muster-core"],
        why: "the old side knows nothing of Okta, of the books or of a run",
        ..OPEN
    },
    Room {
        name: "muster-okta",
        knows: &["muster-core"],
        why: "the new side is the API as types and calls; what to call when is the engine's",
        ..OPEN
    },
    Room {
        name: "muster-ledger",
        knows: &["muster-core"],
        why: "the books write down what happened and take no part in it",
        ..OPEN
    },
    Room {
        name: "muster-engine",
        knows: &["muster-core", "muster-okta", "muster-legacy", "muster-ledger"],
        why: "the engine runs against any org, so it can't know the emulated one, nor the terminal",
        ..OPEN
    },
    Room {
        name: "muster-description",
        knows: &[],
        why: "whoever judges both readings of the API by the official description can know neither",
        ..OPEN
    },
    Room {
        name: "muster-emulator",
        knows: &["muster-core", "muster-passwords", "muster-description"],
        stranger: &["muster-okta"],
        why: "client and emulator are two independent readings of the API, or one misreading would pass its own test",
        ..OPEN
    },
    Room {
        name: "muster-server",
        knows: &["muster-core", "muster-passwords", "muster-legacy"],
        why: "what listens answers for itself: it asks the old side, and never the org",
        ..OPEN
    },
    Room {
        name: "muster",
        knows: &[
            "muster-core",
            "muster-passwords",
            "muster-people",
            "muster-legacy",
            "muster-okta",
            "muster-ledger",
            "muster-engine",
            "muster-server",
            "muster-description",
            "muster-emulator",
        ],
        why: "the binary puts the rooms together, and the workshop is none of them",
        ..OPEN
    },
    Room {
        name: "xtask",
        knows: &["muster-core"],
        why: "the workshop checks the house and must build while the house is in pieces",
        ..OPEN
    },
];

/// Checks the manifests.
pub fn check(packages: &[Package]) -> Vec<Finding> {
    packages.iter().flat_map(|package| of_package(package, packages)).collect()
}

fn of_package(package: &Package, packages: &[Package]) -> Vec<Finding> {
    let place = format!("crates/{}/Cargo.toml", package.name);
    let Some(room) = HOUSE.iter().find(|room| room.name == package.name) else {
        let message = "this crate has no place in the layering; say in crates/xtask/src/rules/layering.rs what it may know";
        return vec![Finding::of(&place, message)];
    };
    let ours = |name: &str| packages.iter().any(|package| package.name == name);
    let refused = package.dependencies.iter().filter(|dependency| !room.admits(dependency, &ours));
    refused.map(|dependency| Finding::of(&place, room.refusal(dependency))).collect()
}

impl Room {
    fn admits(&self, dependency: &Dependency, ours: &impl Fn(&str) -> bool) -> bool {
        let name = dependency.name.as_str();
        match (dependency.is_dev(), ours(name), self.diet) {
            (true, _, _) => !self.stranger.contains(&name),
            (false, true, _) => self.knows.contains(&name),
            (false, false, Some(diet)) => diet.contains(&name),
            (false, false, None) => true,
        }
    }

    fn refusal(&self, dependency: &Dependency) -> String {
        let kind = if dependency.is_dev() { ", not even in tests" } else { "" };
        format!("{} must not depend on {}{kind}: {}", self.name, dependency.name, self.why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(package: &str, dependency: &str, kind: Option<&str>) -> bool {
        let names = HOUSE.iter().map(|room| room.name).filter(|name| *name != package);
        let mut packages: Vec<Package> =
            names.map(|name| Package { name: name.into(), dependencies: Vec::new() }).collect();
        let dependencies = vec![Dependency { name: dependency.into(), kind: kind.map(Into::into) }];
        packages.push(Package { name: package.into(), dependencies });
        !check(&packages).is_empty()
    }

    #[test]
    fn core_lives_on_its_diet() {
        for kept in ["serde", "jiff", "sha2"] {
            assert!(!refused("muster-core", kept, None), "{kept}");
        }
        for alien in ["tokio", "rand", "muster-passwords", "muster-okta"] {
            assert!(refused("muster-core", alien, None), "{alien}");
            assert!(refused("muster-core", alien, Some("build")), "{alien}");
            assert!(!refused("muster-core", alien, Some("dev")), "{alien}");
        }
    }

    #[test]
    fn the_emulator_never_meets_the_client() {
        assert!(!refused("muster-emulator", "muster-core", None));
        for kind in [None, Some("dev"), Some("build")] {
            assert!(refused("muster-emulator", "muster-okta", kind), "{kind:?}");
        }
        assert!(refused("muster-okta", "muster-emulator", None));
        assert!(!refused("muster-okta", "muster-emulator", Some("dev")));
    }

    #[test]
    fn arrows_point_down() {
        for (room, above) in [
            ("muster-core", "muster-passwords"),
            ("muster-passwords", "muster-legacy"),
            ("muster-people", "muster-okta"),
            ("muster-server", "muster-okta"),
            ("muster-legacy", "muster-okta"),
            ("muster-okta", "muster-ledger"),
            ("muster-ledger", "muster-engine"),
            ("muster-engine", "muster-emulator"),
            ("muster", "xtask"),
            ("xtask", "muster-engine"),
        ] {
            assert!(refused(room, above, None), "{room} on {above}");
        }
        assert!(!refused("muster-engine", "tokio", None));
        assert!(HOUSE.iter().all(|room| room.name == "xtask"
            || !refused("muster", room.name, None)
            || room.name == "muster"));
    }

    #[test]
    fn a_new_crate_has_to_say_where_it_stands() {
        let found = check(&[Package { name: "muster-attic".into(), dependencies: Vec::new() }]);
        assert_eq!(found.len(), 1);
    }
}
