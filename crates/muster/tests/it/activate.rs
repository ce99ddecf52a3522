//! Staged people, activated in waves.

use serde_json::json;

use crate::world::{World, people, table};

fn staged(count: usize) -> World {
    let world = World::free();
    world.write("people.csv", people(count));
    world.import(&["people.csv", "--mode", "staged"]);
    world
}

fn activation_mails(world: &World) -> u64 {
    world.stats().mails.get("activation").copied().unwrap_or_default()
}

#[test]
fn staged_people_get_one_mail_each() {
    let world = staged(5);
    let dry = world.muster(&["activate", "--dry-run", "--per-hour", "2", "--output", "json"]);
    assert_eq!((dry.code, dry.json()["hours"].clone()), (0, json!([2, 2, 1])), "{dry:?}");
    world.muster(&["activate"]).refused(2, &["--yes"]);
    let canary = world.muster(&["activate", "--yes", "--limit", "2", "--output", "json"]);
    assert_eq!((canary.code, canary.json()["staged"].clone()), (0, json!(3)), "{canary:?}");
    let rest = world.muster(&["activate", "--yes", "--output", "json"]);
    assert_eq!((rest.code, rest.json()["activated"].clone()), (0, json!(3)), "{rest:?}");
    assert_eq!(activation_mails(&world), 5);
    assert_eq!(world.muster(&["activate", "--yes"]).code, 0, "nobody is left");
    assert_eq!(activation_mails(&world), 5);
    assert!(world.users().values().all(|user| user["status"] == "PROVISIONED"));
}

#[test]
fn links_go_into_a_file_that_is_its_owners_alone() {
    let world = staged(3);
    let ran = world.muster(&["activate", "--yes", "--links", "links.csv", "-q"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let links = table(&world.path("links.csv"));
    assert_eq!(links.len(), 3);
    for link in &links {
        assert!(link["activation_url"].contains("/tokens/"), "{link:?}");
        ran.hides(&[&link["activation_url"]]);
    }
    assert_eq!(activation_mails(&world), 0);
    #[cfg(unix)]
    {
        let mode = std::fs::metadata(world.path("links.csv")).unwrap().permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
    }
}
