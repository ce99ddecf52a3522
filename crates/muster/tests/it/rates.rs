//! The org's limits.

use muster_emulator::OrgSettings;

use crate::world::{World, free_settings, people};

fn limited(limit: &str) -> World {
    let mut settings = free_settings();
    settings.limits.push(limit.parse().unwrap());
    World::with(settings)
}

#[test]
fn a_small_limit_is_waited_for() {
    let world = limited("users=60/1s");
    world.write("people.csv", people(400));
    let import = world.import(&["people.csv"]);
    import.came_to(0, &[("created", 400)]);
    assert_eq!(world.stats().users, 400);
    assert_eq!(import.summary["budget"]["limit_per_window"], 60);
    let told = import.summary["budget"]["quota_429"].as_u64();
    assert_eq!(told, Some(world.stats().quota_429), "what the summary tells is what the org counted");
}

#[test]
fn too_many_at_once_is_no_reason_to_lose_anybody() {
    let world = World::with(OrgSettings {
        concurrency: Some(3),
        latency: std::time::Duration::from_millis(5),
        ..free_settings()
    });
    world.write("people.csv", people(100));
    world.import(&["people.csv", "--max-in-flight", "16"]).came_to(0, &[("created", 100)]);
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (100, 1));
}

#[test]
fn no_more_are_under_way_than_allowed() {
    let world = World::slow(std::time::Duration::from_millis(5));
    world.write("people.csv", people(60));
    world.import(&["people.csv", "--max-in-flight", "3"]).came_to(0, &[("created", 60)]);
    assert!(world.stats().peak_in_flight <= 3, "{:?}", world.stats());
}

#[test]
fn too_many_errors_stop_the_run() {
    let world = World::slow(std::time::Duration::from_millis(2));
    let rows = (0..200).map(|at| format!("p{at}@example.com,First,Last,weak\n"));
    world.write("people.csv", format!("email,firstName,lastName,password\n{}", rows.collect::<String>()));
    let import = world.import(&["people.csv", "--max-errors", "10", "--max-in-flight", "2"]);
    assert_eq!(import.ran.code, 4, "{:?}", import.ran);
    import.ran.says(&["--max-errors", &format!("muster resume {}", import.run)]);
    assert!((11..100).contains(&import.rejects.len()), "{}", import.rejects.len());
}
