//! `muster import --via identity-source`: people go in by import sessions, and each has an outcome.

use muster_emulator::OrgSettings;
use serde_json::json;

use crate::sourced_world::{
    SOURCE, a_second_later, at_source, clerks, load, sessions, settings, sourced, sourced_with_scopes, staff,
    statuses, tried,
};
use crate::world::World;

/// Everything but the System Log and the list of apps.
const WITHOUT_LOG: [&str; 3] = ["okta.identitySources.manage", "okta.users.manage", "okta.schemas.read"];

#[test]
fn one_session_of_fifty_requests_and_an_outcome_for_everybody() {
    let world = sourced();
    world.write("people.csv", staff(0..2_000, clerks));
    let import = load(&world, &["people.csv", "--page-size", "40"]);
    import.came_to(0, &[("created", 2_000)]);
    let sessions = sessions(&world);
    assert_eq!(sessions.len(), 1);
    assert_eq!((&sessions[0]["status"], &sessions[0]["requests"]), (&json!("COMPLETED"), &json!(50)));
    let row = import.row("p7@example.com");
    assert_eq!(row["external_id"], "E7");
    assert_eq!(row["okta_id"], world.user("p7@example.com")["id"]);
    assert_eq!(world.user("p7@example.com")["profile"]["title"], "Clerk");
}

#[test]
fn more_than_a_session_holds_are_several_sessions() {
    let world = sourced();
    world.write("people.csv", staff(0..700, clerks));
    let import = load(&world, &["people.csv", "--page-size", "4"]);
    import.came_to(0, &[("created", 700)]);
    assert_eq!(statuses(&world), ["COMPLETED"; 4], "200 people fit into 50 requests of 4");
    let requests: Vec<u64> =
        sessions(&world).iter().map(|session| session["requests"].as_u64().unwrap()).collect();
    assert_eq!(requests, [50, 50, 50, 25]);
}

#[test]
fn groups_and_memberships_go_in_the_same_session() {
    let world = sourced();
    let groups = |at: usize| {
        ("Clerk".to_owned(), if at.is_multiple_of(2) { "Even;Staff" } else { "Staff" }.to_owned())
    };
    world.write("people.csv", staff(0..60, groups));
    let import = load(&world, &["people.csv", "--marker-group", "Moved"]);
    import.came_to(0, &[("created", 60)]);
    assert_eq!(import.cells("p2@example.com", ["groups_joined", "group_outcome"]), ["3", "joined"]);
    let even = world.users().into_iter().filter(|(_, user)| user["groups"].to_string().contains("Even"));
    assert_eq!(even.count(), 30);
    assert_eq!(statuses(&world), ["COMPLETED"]);
}

#[test]
fn what_okta_refuses_while_it_processes_is_rejected_with_its_reason() {
    let world = sourced();
    world.write("people.csv", staff(0..20, clerks));
    load(&world, &["people.csv"]).came_to(0, &[("created", 20)]);
    // Another key with the login of somebody else.
    world.write("more.csv", staff(18..25, clerks).replace("E19,", "X19,"));
    let import = load(&world, &["more.csv"]);
    import.came_to(3, &[("created", 5), ("unchanged", 1), ("rejected", 1)]);
    let row = import.row("p19@example.com");
    assert_eq!((row["outcome"].as_str(), row["error_code"].as_str()), ("rejected", "import_refused"));
    assert!(row["error"].contains("login"), "{row:?}");
    assert_eq!(import.rejects.len(), 1);
    assert_eq!(import.rejects[0]["externalId"], "X19");
}

#[test]
fn requests_are_cut_by_their_bytes_and_a_row_too_large_is_invalid() {
    let world = sourced();
    let address = "x".repeat(3_000);
    let rows: String = (0..150)
        .map(|at| format!("E{at},p{at}@example.com,F,L,p{at}@example.com,{address}\n"))
        .chain([format!("E999,p999@example.com,F,L,p999@example.com,{}\n", "y".repeat(4_000))])
        .collect();
    world.write("people.csv", format!("externalId,login,firstName,lastName,email,homeAddress\n{rows}"));
    load(&world, &["people.csv"]).came_to(0, &[("created", 151)]);
    let session = &sessions(&world)[0];
    assert_eq!(session["requests"], 3, "66 of 3 KB fit into 200 KB");
    assert!(session["largest_request"].as_u64().unwrap() <= 200_000, "{session}");
}

#[test]
fn a_row_over_the_size_of_a_request_is_invalid() {
    // Only an attribute without a longest length can be so large.
    let world = sourced();
    let title = "z".repeat(200_001);
    world.write(
        "people.csv",
        staff(0..3, |at| (if at == 1 { title.clone() } else { "C".to_owned() }, String::new())),
    );
    let import = load(&world, &["people.csv"]);
    import.came_to(3, &[("created", 2), ("invalid", 1)]);
    assert_eq!(import.row("p1@example.com")["error_code"], "too_large");
}

#[test]
fn the_shape_of_the_workflows_card_is_read_from_json_lines() {
    let world = sourced();
    let mut people = String::new();
    for at in 0..3 {
        let login = format!("p{at}@example.com");
        let profile = json!({"userName": login, "firstName": "F", "lastName": "L", "email": login,
            "homeAddress": "1 Main Street", "shoeSize": "42"});
        people += &json!({"externalId": format!("E{at}"), "profile": profile}).to_string();
        people.push('\n');
    }
    world.write("people.ndjson", people);
    load(&world, &["people.ndjson"]).came_to(0, &[("created", 3)]);
    assert_eq!(at_source(&world).len(), 3);
}

#[test]
fn the_identity_source_is_the_only_one_of_the_org_or_named() {
    let world = World::with(OrgSettings { identity_sources: Vec::new(), ..settings() });
    world.write("people.csv", staff(0..3, clerks));
    tried(&world, &["people.csv"]).refused(1, &["no app of the kind Custom Identity Source"]);
    let named = tried(&world, &["people.csv", "--identity-source-id", "0oaNOBODYNOBODYNOBOD"]);
    named.refused(1, &["no identity source 0oaNOBODYNOBODYNOBOD"]);
    assert!(world.is_untouched());
}

#[test]
fn outcomes_are_told_by_users_where_nobody_may_read_the_log() {
    for settle in ["read", "log"] {
        let world = if settle == "log" { sourced_with_scopes(&WITHOUT_LOG) } else { sourced() };
        world.write("people.csv", staff(0..30, clerks));
        let ours = ["--identity-source-id", SOURCE, "--settle", settle];
        load(&world, &[&["people.csv"], &ours[..]].concat()).came_to(0, &[("created", 30)]);
        a_second_later();
        world.write(
            "again.csv",
            staff(0..30, |at| (if at < 3 { "Boss" } else { "Clerk" }.to_owned(), String::new())),
        );
        let again = load(&world, &[&["again.csv", "--full"], &ours[..]].concat());
        again.came_to(0, &[("updated", 3), ("unchanged", 27)]);
        assert_eq!(world.user("p1@example.com")["profile"]["title"], "Boss");
    }
}

#[test]
fn what_nobody_asked_about_is_failed_and_never_guessed() {
    let world = sourced();
    world.write("people.csv", staff(0..5, clerks));
    let import = load(&world, &["people.csv", "--settle", "none"]);
    import.came_to(3, &[("failed", 5)]);
    assert_eq!(import.row("p1@example.com")["error_code"], "not_told");
    assert_eq!(world.stats().users, 5, "they are there all the same");
    a_second_later();
    // Sent again, they are told: nobody is there twice.
    let again = load(&world, &["people.csv", "--new-run"]);
    again.came_to(0, &[("unchanged", 5)]);
    assert_eq!(world.stats().users, 5);
}
