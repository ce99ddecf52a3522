//! What a plan by import sessions says before anything is sent.

use crate::sourced_world::{QUICK, clerks, sessions, sourced, sourced_with_scopes, staff, tried};
use crate::world::{Ran, World};

fn plan(world: &World, arguments: &[&str]) -> Ran {
    world.muster(&[&["plan", "--via", "identity-source"], arguments].concat())
}

#[test]
fn what_cannot_go_this_way_is_said() {
    let world = sourced();
    world.write(
        "people.csv",
        "externalId,email,firstName,lastName,password,groupIds,status,city\nE1,a@example.com,A,B,secret-1,00g1,ACTIVE,Rome\n",
    );
    let plan = plan(&world, &["people.csv"]);
    assert_eq!(plan.code, 0, "{plan:?}");
    for column in ["password", "groupIds", "status", "city"] {
        assert!(plan.out.contains(&format!("NOT sent: {column}:")), "{}", plan.out);
    }
    plan.hides(&["secret-1"]);
    assert!(plan.out.contains("1 of at most 10,000 people, 1 requests"), "{}", plan.out);
    assert!(sessions(&world).is_empty());
}

#[test]
fn a_row_without_a_key_or_with_a_double_one_is_invalid() {
    let world = sourced();
    let people = staff(0..6, clerks).replace("E3,", ",").replace("E5,", "E4,");
    world.write("people.csv", people);
    let import = crate::sourced_world::load(&world, &["people.csv"]);
    import.came_to(3, &[("created", 4), ("invalid", 2)]);
    assert_eq!(import.row("p3@example.com")["error_code"], "missing_external_id");
    let double = import.row("p5@example.com");
    assert_eq!(double["error_code"], "duplicate_external_id");
    assert!(double["error"].contains("line 6"), "{double:?}");
}

#[test]
fn any_column_can_be_the_key() {
    let world = sourced();
    world.write("people.csv", "badge,email,firstName,lastName\nB1,a@example.com,A,B\n");
    let without = tried(&world, &["people.csv"]);
    without.refused(1, &["--external-id COLUMN", "badge, email"]);
    let import = crate::sourced_world::load(&world, &["people.csv", "--external-id", "badge"]);
    import.came_to(0, &[("created", 1)]);
    assert_eq!(import.row("a@example.com")["external_id"], "B1");
    let by_login = crate::sourced_world::load(&world, &["people.csv", "--external-id", "email", "--new-run"]);
    assert_eq!(by_login.row("a@example.com")["external_id"], "a@example.com");
}

#[test]
fn words_of_the_other_way_are_refused() {
    let world = sourced();
    world.write("people.csv", staff(0..2, clerks));
    for words in [["--mode", "hash"], ["--on-conflict", "skip"], ["--notation", "ntlm"]] {
        tried(&world, &[&["people.csv"], &words[..]].concat()).refused(2, &[words[0], "identity-source"]);
    }
    let stray = world.muster(&["import", "--yes", "people.csv", "--full"]);
    stray.refused(2, &["--full", "--via identity-source"]);
    let limited = tried(&world, &["people.csv", "--deactivate-missing", "--limit", "1"]);
    limited.refused(2, &["--limit", "--deactivate-missing"]);
    assert!(world.is_untouched() && QUICK[0] == "--via");
}

#[test]
fn keys_and_groups_that_okta_would_not_take_are_told_before_anything_is_sent() {
    let world = sourced();
    world.write(
        "people.csv",
        "externalId,email,firstName,lastName,groups\n\u{1F600},a@example.com,A,B,\nE2,b@example.com,A,B,G\u{1F600}\n",
    );
    let plan = plan(&world, &["people.csv"]);
    assert_eq!(plan.code, 3, "{plan:?}");
    assert!(plan.out.contains("2 × unsupported_character: first in line 2: externalId"), "{}", plan.out);
}

#[test]
fn a_token_that_the_org_does_not_know_is_not_answered_with_a_flag() {
    let world = sourced();
    world.write("people.csv", staff(0..2, clerks));
    let mut command = world.command(&["plan", "--via", "identity-source", "people.csv"]);
    let wrong = Ran::of(&command.env("OKTA_API_TOKEN", "stranger").output().unwrap());
    wrong.refused(1, &["does not accept the token"]);
    assert!(!wrong.err.contains("--identity-source-id"), "{}", wrong.err);
}

#[test]
fn without_the_right_to_list_apps_the_scope_and_the_flag_are_named() {
    let world = sourced_with_scopes(&["okta.identitySources.manage", "okta.users.read"]);
    world.write("people.csv", staff(0..2, clerks));
    let refused = plan(&world, &["people.csv"]);
    refused.refused(2, &["okta.apps.read", "--identity-source-id"]);
}
