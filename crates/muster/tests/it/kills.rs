//! Killed without a warning, at one moment or another: after a resume nothing is lost and nothing happened twice.

use std::fmt::Write as _;
use std::time::Duration;

use muster_emulator::Stats;

use crate::world::{Imported, World};

const ROWS: usize = 200;

fn people() -> String {
    (0..ROWS).fold("email,firstName,lastName,groups\n".to_owned(), |mut text, at| {
        writeln!(text, "p{at:03}@example.com,First,Last,Group {}", at % 3).unwrap();
        text
    })
}

/// A world whose import was killed as soon as the org's numbers were so.
fn killed(when: impl Fn(&Stats) -> bool) -> World {
    let world = World::slow(Duration::from_millis(10));
    world.write("people.csv", people());
    let arguments = [
        "import",
        "--yes",
        "--max-in-flight",
        "4",
        "--create-groups",
        "--marker-group",
        "Moved",
        "people.csv",
    ];
    let mut child = world.start(&arguments);
    world.wait_until(when);
    child.kill().unwrap();
    child.wait().unwrap();
    world
}

/// Goes on as the message of a refused resume says.
fn gone_on_with(world: &World) -> Imported {
    let resumed = world.muster(&["resume", "--output", "json", "--max-in-flight", "32"]);
    if resumed.code != 1 {
        return world.imported(resumed);
    }
    // Nothing was written to the org then, and the file may be imported as if nothing had been.
    assert!(world.stats().creates_accepted == 0, "{resumed:?}");
    world.import(&["--create-groups", "--marker-group", "Moved", "--max-in-flight", "32", "people.csv"])
}

fn is_whole(world: &World, import: &Imported) {
    let stats = world.stats();
    let (users, most, groups, memberships) =
        (stats.users, stats.creates_by_login_max, stats.groups, stats.memberships);
    assert_eq!((users, most, groups, memberships), (ROWS, 1, 5, 2 * ROWS));
    assert_eq!(import.ran.code, 0, "{:?}", import.ran);
    assert_eq!(import.results.len(), ROWS);
    for row in &import.results {
        assert!(["created", "adopted"].contains(&row["outcome"].as_str()), "{row:?}");
        assert_eq!(
            [row["group_outcome"].as_str(), row["groups_joined"].as_str()],
            ["joined", "2"],
            "{row:?}"
        );
    }
    assert_eq!(import.summary["balanced"], true);
}

#[test]
fn before_the_first_write() {
    let world = killed(|stats| stats.requests.total >= 1);
    is_whole(&world, &gone_on_with(&world));
}

#[test]
fn while_the_groups_are_made() {
    let world = killed(|stats| stats.groups >= 2);
    is_whole(&world, &gone_on_with(&world));
}

#[test]
fn at_the_first_user() {
    let world = killed(|stats| stats.users >= 1);
    is_whole(&world, &gone_on_with(&world));
}

/// Kills one import at each of these numbers of users, side by side: most of it is waiting.
fn each_is_whole(moments: &[usize]) {
    std::thread::scope(|scope| {
        for users in moments {
            scope.spawn(|| {
                let world = killed(|stats| stats.users >= *users);
                is_whole(&world, &gone_on_with(&world));
            });
        }
    });
}

#[test]
fn in_the_middle() {
    each_is_whole(&[17, 64, 100, 151]);
}

#[test]
fn at_the_last_user() {
    each_is_whole(&[ROWS - 1, ROWS]);
}

#[test]
fn again_and_again() {
    let world = killed(|stats| stats.users >= 5);
    for users in [40, 80, 120] {
        let mut child = world.start(&["resume", "--max-in-flight", "4"]);
        world.wait_until(|stats| stats.users >= users);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    is_whole(&world, &gone_on_with(&world));
}
