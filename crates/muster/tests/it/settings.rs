//! Flags over environment over `muster.toml` over the file of Okta's SDKs.

use serde_json::Value;

use crate::world::{Ran, TOKEN, World, people};

const SECRET: &str = "00s3cr3t-t0ken";

fn shown(world: &World, arguments: &[&str], variables: &[(&str, &str)]) -> Value {
    let mut command = world.command(&[&["--show-settings", "--output", "json"], arguments].concat());
    command.env_remove("OKTA_ORG_URL").env_remove("OKTA_API_TOKEN").envs(variables.iter().copied());
    let ran = Ran::of(&command.output().unwrap());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.hides(&[SECRET]);
    ran.json()
}

fn of(settings: &Value, name: &str) -> (String, String) {
    let text = |part: &str| settings[name][part].as_str().unwrap().to_owned();
    (text("value"), text("from"))
}

fn with_both_files() -> World {
    let world = World::free();
    let yaml = format!("okta:\n  client:\n    orgUrl: https://yaml.okta.com\n    token: {SECRET}\n");
    world.write("home/.okta/okta.yaml", yaml);
    world.write(
        "muster.toml",
        format!("org_url = \"https://toml.okta.com\"\napi_token = \"{SECRET}x\"\ndir = \"books\"\n"),
    );
    world
}

#[test]
fn the_environment_beats_the_files() {
    let world = with_both_files();
    let (value, from) = of(&shown(&world, &[], &[]), "org");
    assert_eq!((value.as_str(), from.as_str()), ("https://toml.okta.com", "muster.toml"));
    let settings =
        shown(&world, &[], &[("OKTA_ORG_URL", "https://env.okta.com"), ("OKTA_API_TOKEN", SECRET)]);
    assert_eq!(of(&settings, "org").0, "https://env.okta.com");
    let (token, from) = of(&settings, "api_token");
    assert!(from.contains("OKTA_API_TOKEN") && token.contains("***"), "{token}");
    std::fs::remove_file(world.path("muster.toml")).unwrap();
    let settings = shown(&world, &[], &[]);
    assert_eq!(of(&settings, "org").0, "https://yaml.okta.com");
    assert!(of(&settings, "api_token").1.ends_with("okta.yaml"));
}

#[test]
fn flags_beat_all() {
    let world = with_both_files();
    let settings = shown(&world, &["--dir", "flagged"], &[("MUSTER_DIR", "from-env")]);
    let (value, from) = of(&settings, "dir");
    assert_eq!((value.as_str(), from.as_str()), ("flagged", "flag --dir"));
    assert_eq!(of(&shown(&world, &[], &[("MUSTER_DIR", "from-env")]), "dir").0, "from-env");
    assert_eq!(of(&shown(&world, &[], &[]), "dir"), ("books".to_owned(), "muster.toml".to_owned()));
    let settings = shown(&world, &["--ledger", "sqlite:x.db"], &[("MUSTER_LEDGER", "sqlite:y.db")]);
    assert_eq!(of(&settings, "ledger").0, "sqlite:x.db");
}

#[test]
fn the_names_of_oktas_sdks_serve_too() {
    let world = World::free();
    let (org, token) = ("OKTA_CLIENT_ORGURL", "OKTA_CLIENT_TOKEN");
    let settings = shown(&world, &[], &[(org, "https://sdk.okta.com"), (token, SECRET)]);
    assert_eq!(of(&settings, "org").0, "https://sdk.okta.com");
    assert!(of(&settings, "api_token").1.contains(token));
    let both = shown(&world, &[], &[(org, "https://sdk.okta.com"), ("OKTA_ORG_URL", "https://own.okta.com")]);
    assert_eq!(of(&both, "org").0, "https://own.okta.com");
    world.write("people.csv", people(2));
    let mut command = world.command(&["import", "--yes", "people.csv"]);
    command.env_remove("OKTA_ORG_URL").env_remove("OKTA_API_TOKEN").env(org, &world.url).env(token, TOKEN);
    let ran = Ran::of(&command.output().unwrap());
    assert_eq!((ran.code, world.stats().users), (0, 2), "{ran:?}");
}

#[test]
fn an_access_token_is_a_bearer_token() {
    let world = World::free();
    world.write("people.csv", people(2));
    let mut command = world.command(&["import", "--yes", "people.csv"]);
    command.env_remove("OKTA_API_TOKEN").env("OKTA_ACCESS_TOKEN", TOKEN);
    assert_eq!(command.output().unwrap().status.code(), Some(0));
    assert_eq!(world.stats().users, 2);
}

#[test]
fn a_file_alone_is_enough() {
    let world = World::free();
    let toml =
        format!("org_url = \"{}\"\napi_token = \"{TOKEN}\"\nmax_in_flight = 2\nshare = 0.5\n", world.url);
    world.write("muster.toml", toml);
    world.write("people.csv", people(20));
    let mut command = world.command(&["import", "--yes", "--output", "json", "people.csv"]);
    command.env_remove("OKTA_ORG_URL").env_remove("OKTA_API_TOKEN");
    let import = world.imported(Ran::of(&command.output().unwrap()));
    import.came_to(0, &[("created", 20)]);
    assert_eq!(import.summary["budget"]["share"], 0.5);
    assert!(world.stats().peak_in_flight <= 2);
    let flagged = world.import(&["people.csv", "--share", "0.25"]);
    assert_eq!(flagged.summary["budget"]["share"], 0.25);
}

#[test]
fn a_file_at_fault_is_told_without_its_secrets() {
    let world = World::free();
    world.write("muster.toml", format!("org_url = \"https://a.okta.com\"\napi_token = \"{SECRET}\n"));
    let ran = world.muster(&["runs"]);
    ran.refused(2, &["muster.toml", "line 2"]);
    ran.hides(&[SECRET]);
    world.write("muster.toml", "orgurl = \"https://a.okta.com\"\n");
    world.muster(&["runs"]).refused(2, &["muster.toml", "orgurl"]);
    std::fs::remove_file(world.path("muster.toml")).unwrap();
    world.write("home/.okta/okta.yaml", format!("okta: [\n token: {SECRET}\n"));
    let ran = world.muster(&["runs"]);
    ran.refused(2, &["okta.yaml"]);
    ran.hides(&[SECRET]);
}

#[test]
fn settings_are_shown_in_words() {
    let world = World::free();
    let ran = world.muster(&["--show-settings"]);
    assert!(ran.code == 0 && ran.out.contains(&world.url) && ran.out.contains("OKTA_ORG_URL"), "{ran:?}");
    assert!(ran.out.lines().any(|line| line.starts_with("api_token") && line.contains("***")));
    assert_eq!(world.stats().requests.total, 0);
}
