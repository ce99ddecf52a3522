//! Orgs, tokens and options that an import can't be made with: each refused before anything is written.

use std::io::{Read, Write};
use std::net::TcpListener;

use muster_emulator::OrgSettings;

use crate::world::{Ran, World, free_settings, people};

const SECRET: &str = "00s3cr3t-t0ken";

fn world() -> World {
    let world = World::free();
    world.write("people.csv", people(3));
    world
}

/// An import with these variables in place of the world's.
fn import_with(world: &World, variables: &[(&str, Option<&str>)]) -> Ran {
    let mut command = world.command(&["import", "--yes", "people.csv"]);
    for (name, value) in variables {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Ran::of(&command.output().unwrap())
}

/// Somebody who answers every request with this; the address.
fn server(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) > 0 {
                head.push(byte[0]);
            }
            // Who has hung up needs no answer.
            drop(stream.write_all(answer.as_bytes()));
        }
    });
    format!("http://{address}")
}

#[test]
fn a_wrong_token() {
    let world = world();
    let ran = import_with(&world, &[("OKTA_API_TOKEN", Some(SECRET))]);
    ran.refused(1, &["does not accept the token", "OKTA_API_TOKEN", "E0000011"]);
    ran.hides(&[SECRET]);
    assert!(world.is_untouched());
    let doctor = world.command(&["doctor"]).env("OKTA_API_TOKEN", SECRET).output().unwrap();
    let doctor = Ran::of(&doctor);
    assert_eq!(doctor.code, 1);
    assert!(doctor.out.contains("FAIL  token"), "{doctor:?}");
    doctor.hides(&[SECRET]);
}

#[test]
fn no_org_or_no_token() {
    let world = world();
    import_with(&world, &[("OKTA_ORG_URL", None)]).refused(2, &["no org is set", "OKTA_ORG_URL"]);
    import_with(&world, &[("OKTA_ORG_URL", Some(" "))]).refused(2, &["no org is set"]);
    import_with(&world, &[("OKTA_API_TOKEN", None)]).refused(2, &["no token is set", "OKTA_API_TOKEN"]);
    assert_eq!(world.stats().requests.total, 0);
}

#[test]
fn an_address_that_is_none_or_would_leak() {
    let world = world();
    let cases = [
        ("http://example.okta.com", ["plain http", "https"]),
        ("http://10.0.0.1:8100", ["plain http", "https"]),
        ("https://example-admin.okta.com", ["Admin Console", "https://example.okta.com"]),
        ("ftp://example.okta.com", ["scheme", "https"]),
        ("https://example.okta.com/oauth2/default", ["behind the host", "https://example.okta.com"]),
        ("https://", ["not an address", "OKTA_ORG_URL"]),
    ];
    for (address, words) in cases {
        let ran = import_with(&world, &[("OKTA_ORG_URL", Some(address)), ("OKTA_API_TOKEN", Some(SECRET))]);
        ran.refused(2, &words);
        ran.hides(&[SECRET]);
    }
    let ran = import_with(&world, &[("OKTA_ORG_URL", Some("https://me:hunter2@example.okta.com"))]);
    ran.refused(2, &["user or a password"]);
    ran.hides(&["hunter2"]);
}

#[test]
fn a_token_that_no_header_can_have() {
    let world = world();
    let ran = import_with(&world, &[("OKTA_API_TOKEN", Some("00s3cr3t\nt0ken"))]);
    ran.refused(2, &["token", "copied"]);
    ran.hides(&["s3cr3t"]);
}

#[test]
fn nobody_listens() {
    let world = world();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("http://127.0.0.1:{port}");
    import_with(&world, &[("OKTA_ORG_URL", Some(&address))])
        .refused(1, &[&address, "can't be reached", "OKTA_ORG_URL"]);
    let doctor = world.command(&["doctor"]).env("OKTA_ORG_URL", &address).output().unwrap();
    let doctor = Ran::of(&doctor);
    assert_eq!(doctor.code, 1);
    assert!(doctor.out.contains("FAIL  reach"), "{doctor:?}");
}

#[test]
fn a_gateway_without_an_org_behind_it() {
    let world = world();
    let page = "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 24\r\nConnection: close\r\n\r\n<html>Bad Gateway</html>";
    let address = server(page);
    let ran = import_with(&world, &[("OKTA_ORG_URL", Some(&address)), ("OKTA_API_TOKEN", Some(SECRET))]);
    ran.refused(1, &[&address, "502", "Bad Gateway"]);
    ran.hides(&[SECRET]);
}

#[test]
fn a_web_site_that_is_no_org() {
    let world = world();
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\nConnection: close\r\n\r\n<html>Welcome</html>";
    let address = server(page);
    let ran = import_with(&world, &[("OKTA_ORG_URL", Some(&address)), ("OKTA_API_TOKEN", Some(SECRET))]);
    ran.refused(1, &[&address, "does not answer as an Okta org", "OKTA_ORG_URL"]);
    ran.hides(&[SECRET]);
}

#[test]
fn options_out_of_bounds() {
    let world = world();
    let cases: [(&[&str], &str); 12] = [
        (&["--share", "2"], "--share"),
        (&["--share", "0"], "--share"),
        (&["--share", "NaN"], "--share"),
        (&["--share", "half"], "--share"),
        (&["--max-in-flight", "0"], "--max-in-flight"),
        (&["--max-errors", "lots"], "--max-errors"),
        (&["--limit", "few"], "--limit"),
        (&["--mode", "guess"], "--mode"),
        (&["--on-conflict", "merge"], "--on-conflict"),
        (&["--ledger", "postgres://localhost/x"], "ledger"),
        (&["--map", "nowhere.toml"], "nowhere.toml"),
        (&["--frobnicate"], "--frobnicate"),
    ];
    for (options, word) in cases {
        let arguments = [&["import", "--yes", "people.csv"], options].concat();
        world.muster(&arguments).refused(2, &[word]);
    }
    assert!(world.is_untouched());
    world.muster(&["import", "--yes"]).refused(2, &["SOURCE"]);
    world.muster(&["frobnicate"]).refused(2, &["frobnicate"]);
    world.muster(&["-q"]).refused(2, &["muster --help"]);
}

#[test]
fn nobody_there_to_confirm() {
    let world = world();
    world.muster(&["import", "people.csv"]).refused(2, &["no terminal", "--yes", "muster plan"]);
    world.muster_fed(&["import", "people.csv"], "y\n").refused(2, &["--yes"]);
    assert_eq!(world.stats().requests.total, 0);
}

#[test]
fn nothing_to_tell_of() {
    let world = world();
    for command in ["status", "runs", "resume", "report"] {
        world.muster(&[command]).refused(1, &["no ledger", "--dir", "muster import"]);
    }
    world.import(&["people.csv"]);
    for command in ["status", "resume", "report"] {
        world.muster(&[command, "20200101-aaaaa"]).refused(1, &["20200101-aaaaa", "muster runs"]);
    }
}

#[test]
fn a_token_is_never_shown() {
    let settings = OrgSettings { tokens: vec![SECRET.to_owned()], ..free_settings() };
    let world = World::with(settings);
    let file = "email,firstName,lastName,password,recoveryQuestion,recoveryAnswer\na@example.com,A,B,Tr0mbone-quay,Which pet?,R4bbit-hole\nb@example.com,A,B,weak-w0rd,Which pet?,R4bbit-hole\n";
    world.write("people.csv", file);
    for options in [&["-vv"][..], &["-vv", "--log", "json"], &["-vv", "--output", "json"]] {
        let arguments = [&["import", "--yes", "people.csv"], options].concat();
        let ran = Ran::of(&world.command(&arguments).env("OKTA_API_TOKEN", SECRET).output().unwrap());
        assert_eq!(ran.code, 3, "{ran:?}");
        ran.hides(&[SECRET, "Tr0mbone", "weak-w0rd", "R4bbit"]);
    }
}
