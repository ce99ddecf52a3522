//! `muster plan`: everything is looked at, nothing is written.

use serde_json::json;

use crate::world::{World, free_settings, people};

/// Nothing but reads came to the org, and nothing but the file is in the folder.
fn was_only_read(world: &World) {
    assert!(world.is_untouched());
    assert!(world.requests().iter().all(|request| request["method"] == "GET"), "{:?}", world.requests());
    assert!(!world.path("muster").exists(), "a plan has no books");
    assert_eq!(std::fs::read_dir(world.path("tmp")).unwrap().count(), 0);
}

#[test]
fn a_plan_of_good_rows() {
    let world = World::free();
    let file = "email,firstName,lastName,password,groups\na@example.com,A,B,Tr0mbone-quay,Sales\nb@example.com,A,B,,Sales\n";
    world.write("people.csv", file);
    let ran = world.muster(&["plan", "people.csv", "--create-groups", "--marker-group", "Moved"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let words = [
        "people.csv",
        "2 to send, 0 invalid",
        "password 1",
        "1 become active, 1 staged",
        "0 activation mails",
        "+ Sales",
        "+ Moved",
        &world.url,
    ];
    for word in words {
        assert!(ran.out.contains(word), "{word:?} is not in {}", ran.out);
    }
    ran.hides(&["Tr0mbone"]);
    was_only_read(&world);
}

#[test]
fn a_plan_of_faulty_rows() {
    let world = World::free();
    world.write("people.csv", format!("{}nobody,A,B\n", people(3)));
    let ran = world.muster(&["plan", "people.csv"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.out.contains("bad_email") && ran.out.contains("line 5") && ran.out.contains("\"nobody\""),
        "{ran:?}"
    );
    was_only_read(&world);
}

#[test]
fn mails_are_in_the_plan() {
    let world = World::free();
    world.write("people.csv", people(7));
    let plan = world.muster(&["plan", "people.csv", "--activate", "--output", "json"]).json();
    assert_eq!((&plan["counts"]["mails"], &plan["counts"]["activated"]), (&json!(7), &json!(7)));
    was_only_read(&world);
}

#[test]
fn a_plan_is_one_document() {
    let world = World::free();
    world.write("people.csv", format!("{}nobody,A,B\n", people(3)));
    let ran = world.muster(&["plan", "people.csv", "--output", "json", "--groups", "Nowhere"]);
    let plan = ran.json();
    assert_eq!(ran.code, 3);
    assert_eq!((&plan["counts"]["rows"], &plan["counts"]["to_send"]), (&json!(4), &json!(0)));
    assert_eq!(plan["groups"]["missing"], json!({"Nowhere": 3}));
    let faults = plan["counts"]["faults"].as_array().unwrap();
    let codes: Vec<&str> = faults.iter().map(|fault| fault["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"missing_group") && codes.contains(&"bad_email"), "{codes:?}");
    was_only_read(&world);
}

#[test]
fn a_canary_takes_the_first_rows() {
    let world = World::free();
    world.write("people.csv", people(30));
    let plan = world.muster(&["plan", "people.csv", "--limit", "2", "--output", "json"]).json();
    assert_eq!((&plan["counts"]["rows"], &plan["limit"]), (&json!(2), &json!(2)));
    was_only_read(&world);
    world.import(&["people.csv", "--limit", "2"]).came_to(0, &[("created", 2)]);
    assert!(world.users().contains_key("p001@example.com") && world.stats().users == 2);
    world.import(&["people.csv"]).came_to(0, &[("created", 28), ("unchanged", 2)]);
}

#[test]
fn a_map_file_gives_columns_their_meaning() {
    let world = World::free();
    world.write("people.csv", "Mail,Rufname,Familie,Notiz\na@example.com,Ada,Byron,secret\n");
    let map = "[columns]\nMail = \"email\"\nRufname = \"firstName\"\nFamilie = \"lastName\"\nNotiz = \"\"\n";
    world.write("map.toml", map);
    world.muster(&["plan", "people.csv"]).refused(2, &["login", "none of the 4 names", "--map"]);
    let plan = world.muster(&["plan", "people.csv", "--map", "map.toml"]);
    assert!(plan.code == 0 && plan.out.contains("all 4 understood"), "{plan:?}");
    was_only_read(&world);
    world.import(&["people.csv", "--map", "map.toml"]).came_to(0, &[("created", 1)]);
    assert_eq!(world.user("a@example.com")["profile"]["lastName"], "Byron");
    world.write("map.toml", "[columns]\nPost = \"email\"\n");
    world.muster(&["plan", "people.csv", "--map", "map.toml"]).refused(2, &["Post", "among its 4"]);
    world.write("map.toml", "[columns]\nMail = \"hatSize\"\n");
    world.muster(&["plan", "people.csv", "--map", "map.toml"]).refused(2, &["hatSize", "Mail"]);
    world.write("map.toml", "[colums]\nMail = \"email\"\n");
    world.muster(&["plan", "people.csv", "--map", "map.toml"]).refused(2, &["map.toml", "colums"]);
}

#[test]
fn a_plan_of_standard_input_leaves_nothing() {
    let world = World::free();
    let ran = world.muster_fed(&["plan", "-"], people(3));
    assert!(ran.code == 0 && ran.out.contains("3 to send"), "{ran:?}");
    was_only_read(&world);
}

#[test]
fn a_plan_tells_the_time() {
    let mut settings = free_settings();
    settings.limits.push("users=50".parse().unwrap());
    let world = World::with(settings);
    world.write("people.csv", people(450));
    // A limit that is set so is what the token sees.
    let ran = world.muster(&["plan", "people.csv"]);
    let words = "Time      about 10 min at 45 creates a minute (limit 50 for this token, share 0.9)";
    assert!(ran.out.contains(words), "{}", ran.out);
    let plan = world.muster(&["plan", "people.csv", "--output", "json"]).json();
    let told =
        json!({"limit_per_window": 50, "window_seconds": 60, "creates_per_minute": 45, "seconds": 600});
    assert_eq!(plan["estimate"], told);
    was_only_read(&world);
    let import = world.muster(&["import", "people.csv", "--share", "0.5", "--reserve", "5", "--limit", "2"]);
    import.refused(2, &["--yes"]);
    let told = ["at 20 creates a minute", "share 0.5, reserve 5"];
    world
        .muster(&["import", "people.csv", "--yes", "--share", "0.5", "--reserve", "5", "--limit", "2"])
        .says(&told);
}

#[test]
fn a_plan_without_a_limit_tells_no_time() {
    let world = World::free();
    world.write("people.csv", people(3));
    let ran = world.muster(&["plan", "people.csv"]);
    assert!(ran.out.contains("as fast as the org answers"), "{}", ran.out);
    let plan = world.muster(&["plan", "people.csv", "--output", "json"]).json();
    assert_eq!(
        (&plan["estimate"]["limit_per_window"], &plan["estimate"]["seconds"]),
        (&json!(1_000_000), &json!(null))
    );
}
