//! The three scenarios of Okta's own import script, with its three people.

use serde_json::{Value, json};

use crate::world::{Imported, World};

const PEOPLE: &str = "\
firstName,lastName,email,salt,hashedPassword
Jessie,Smith,jessie.smith@example.com,pwxb1yjwfpa6jcV0XKBtau,MnDMlKOOxMY4Tc.7wgpqFoAPYKi5wSe
Kim,Sato,kim.sato@example.com,pwxb1yjwfpa6jcV0XKBtau,MnDMlKOOxMY4Tc.7wgpqFoAPYKi5wSe
Rajiv,Tal,rajiv.tal@example.com,pwxb1yjwfpa6jcV0XKBtau,MnDMlKOOxMY4Tc.7wgpqFoAPYKi5wSe
";

const LOGINS: [&str; 3] = ["jessie.smith@example.com", "kim.sato@example.com", "rajiv.tal@example.com"];

fn imported(world: &World, mode: &str) -> Imported {
    world.write("people.csv", PEOPLE);
    world.import(&["people.csv", "--mode", mode])
}

/// The creates, as path and body.
fn creates(world: &World) -> Vec<(String, Value)> {
    let posts = world.requests().into_iter().filter(|request| request["method"] == "POST");
    posts.map(|post| (post["path_and_query"].as_str().unwrap().to_owned(), post["body"].clone())).collect()
}

fn jessie() -> Value {
    json!({"firstName": "Jessie", "lastName": "Smith", "email": LOGINS[0], "login": LOGINS[0]})
}

fn is_so(world: &World, status: &str, provider: &str, credential: &str) {
    let users = world.users();
    assert_eq!(users.keys().collect::<Vec<_>>(), LOGINS);
    for user in users.values() {
        assert_eq!([&user["status"], &user["provider"], &user["credential"]], [status, provider, credential]);
    }
}

#[test]
fn with_hashes_everybody_is_active_at_once() {
    let world = World::free();
    let import = imported(&world, "hash");
    import.came_to(0, &[("created", 3)]);
    is_so(&world, "ACTIVE", "IMPORT", "bcrypt");
    let create = creates(&world).into_iter().find(|(_, body)| body["profile"] == jessie()).unwrap();
    assert_eq!(create.0, "/api/v1/users?activate=true");
    let hash = json!({"algorithm": "BCRYPT", "workFactor": 10, "salt": "<22 characters>", "value": "<31 characters>"});
    assert_eq!(create.1, json!({"profile": jessie(), "credentials": {"password": {"hash": hash}}}));
    import.ran.hides(&["pwxb1yjwfpa6jcV0XKBtau", "MnDMlKOOxMY4Tc.7wgpqFoAPYKi5wSe"]);
}

#[test]
fn staged_people_have_no_credential_and_get_no_mail() {
    let world = World::free();
    imported(&world, "staged").came_to(0, &[("created", 3)]);
    is_so(&world, "STAGED", "OKTA", "none");
    let create = creates(&world).into_iter().find(|(_, body)| body["profile"] == jessie()).unwrap();
    assert_eq!(create, ("/api/v1/users?activate=false".to_owned(), json!({"profile": jessie()})));
}

#[test]
fn with_the_hook_everybody_is_active_and_has_no_hash() {
    let world = World::free();
    imported(&world, "hook").came_to(0, &[("created", 3)]);
    is_so(&world, "ACTIVE", "IMPORT", "hook");
    let create = creates(&world).into_iter().find(|(_, body)| body["profile"] == jessie()).unwrap();
    assert_eq!(create.0, "/api/v1/users?activate=true");
    let credentials = json!({"password": {"hook": {"type": "default"}}});
    assert_eq!(create.1, json!({"profile": jessie(), "credentials": credentials}));
}

#[test]
fn the_results_have_the_columns_of_the_contract() {
    let world = World::free();
    let import = imported(&world, "auto");
    let text = std::fs::read_to_string(import.folder.join("results.csv")).unwrap();
    assert_eq!(
        text.lines().next(),
        Some(
            "line,login,external_id,okta_id,outcome,okta_status,credential,groups_requested,groups_joined,\
             group_outcome,error_code,error,attempts,finished_at"
        )
    );
    let lines: Vec<&str> = import.results.iter().map(|row| row["line"].as_str()).collect();
    assert_eq!(lines, ["2", "3", "4"]);
    let row = import.row(LOGINS[1]);
    assert_eq!(row["okta_id"], world.users()[LOGINS[1]]["id"].as_str().unwrap());
    let columns =
        ["okta_status", "credential", "groups_requested", "groups_joined", "group_outcome", "attempts"];
    assert_eq!(import.cells(LOGINS[1], columns), ["ACTIVE", "bcrypt", "0", "0", "none", "1"]);
    assert!(row["finished_at"].ends_with('Z') && row["error_code"].is_empty() && row["error"].is_empty());
    let text = std::fs::read_to_string(import.folder.join("rejects.csv")).unwrap();
    assert_eq!(
        text, "firstName,lastName,email,salt,hashedPassword,_line,_outcome,_code,_reason,_hint\n",
        "nobody to repair"
    );
}

#[test]
fn the_summary_has_what_the_contract_says() {
    let world = World::free();
    let summary = imported(&world, "hash").summary;
    let names = [
        "run",
        "source",
        "rows",
        "outcomes",
        "groups",
        "balanced",
        "complete",
        "started_at",
        "finished_at",
        "seconds",
        "requests",
        "budget",
        "muster_version",
    ];
    for name in names {
        assert!(!summary[name].is_null(), "{name} in {summary}");
    }
    assert_eq!((&summary["source"]["path"], &summary["source"]["rows"]), (&json!("people.csv"), &json!(3)));
    assert_eq!(summary["source"]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(summary["outcomes"].as_object().unwrap().len(), 8, "every word is there");
    assert_eq!(summary["groups"].as_object().unwrap().len(), 4);
    assert_eq!(summary["requests"]["200"], 3);
    for name in ["limit_per_window", "share", "spent_ratio", "quota_429", "concurrency_429", "peak_in_flight"]
    {
        assert!(summary["budget"].as_object().unwrap().contains_key(name), "{name}");
    }
}
