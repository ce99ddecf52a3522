//! An org with a certificate of its own.

use muster_emulator::Listen;

use crate::world::{Ran, World, free_settings, people};

fn world() -> World {
    let world = World::listening(free_settings(), Listen { tls: true, ..Listen::default() });
    world.write("people.csv", people(20));
    world.write("ca.pem", world.ca_pem.as_ref().unwrap());
    world
}

#[test]
fn an_unknown_authority_is_refused_and_the_way_out_named() {
    let world = world();
    assert!(world.url.starts_with("https://"));
    world.muster(&["import", "--yes", "people.csv"]).refused(1, &[&world.url, "--ca-file"]);
    let doctor = world.muster(&["doctor"]);
    assert!(doctor.code == 1 && doctor.out.contains("--ca-file"), "{doctor:?}");
    assert_eq!(world.stats().requests.total, 0);
}

#[test]
fn with_the_authority_named_it_works() {
    let world = world();
    world.import(&["people.csv", "--ca-file", "ca.pem"]).came_to(0, &[("created", 20)]);
    let output = world.command(&["doctor"]).env("MUSTER_CA_FILE", world.path("ca.pem")).output().unwrap();
    let doctor = Ran::of(&output);
    assert!(doctor.code == 0 && doctor.out.contains("TLS accepted"), "{doctor:?}");
}

#[test]
fn a_file_of_authorities_that_is_not_there_is_told() {
    let world = world();
    world.muster(&["import", "--yes", "--ca-file", "nowhere.pem", "people.csv"]).refused(2, &["nowhere.pem"]);
}

#[test]
fn no_proxy_stands_before_an_org_on_this_machine_and_one_does_before_others() {
    let world = world();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let doctor = |org: &str| {
        let mut command = world.command(&["doctor", "--ca-file", "ca.pem"]);
        command.env("OKTA_ORG_URL", org).env("HTTPS_PROXY", &proxy).env("ALL_PROXY", &proxy);
        Ran::of(&command.output().unwrap())
    };
    let here = doctor(&world.url);
    assert_eq!(here.code, 0, "{here:?}");
    let elsewhere = doctor("https://acme.okta.invalid");
    assert!(elsewhere.code == 1 && elsewhere.out.contains("tunnel error"), "{elsewhere:?}");
}
