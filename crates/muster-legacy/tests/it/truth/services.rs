//! Real servers of the old world, where `scripts/services` has started them; `MUSTER_SERVICES` says where they are.

use std::path::Path;

use muster_core::credential::Notation;
use muster_legacy::truth::{Known, Truth, Unavailable};
use serde_json::Value;

use super::{ask, place, run, word};

/// The servers that were started; none outside of `scripts/test`.
fn services() -> Option<Value> {
    let path = std::env::var_os("MUSTER_SERVICES")?;
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// One of their addresses; none where the server could not be had.
fn address(services: &Value, name: &str) -> Option<String> {
    services.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// Logins and passwords of those who are known everywhere.
fn known(services: &Value) -> Vec<(String, String)> {
    let mut reader = csv::Reader::from_path(services["known"].as_str().unwrap()).unwrap();
    reader.records().map(|row| row.unwrap()).map(|row| (row[0].to_owned(), row[1].to_owned())).collect()
}

fn answers(truth: &dyn Truth, questions: &[(&str, &str)]) -> Vec<&'static str> {
    run(async {
        let mut words = Vec::new();
        for (login, password) in questions {
            words.push(word(&ask(truth, login, password).await));
        }
        words
    })
}

/// Whether a SHA-512 crypt of the test's own making was read, if this release can take it apart yet.
fn is_crypt(answer: &Result<Known, Unavailable>) -> bool {
    match answer {
        Ok(Known::Hash { notation, .. }) => *notation == Notation::Sha512Crypt,
        Ok(Known::Unreadable(why)) => why.starts_with(Notation::Sha512Crypt.as_str()),
        _ => false,
    }
}

const QUERY: &str =
    "SELECT hash AS \\\"passwordHash\\\", rounds AS iterations FROM people WHERE mail = :login";

fn database(kind: &str, url: &str, more: &str, query: &str) -> std::sync::Arc<dyn Truth> {
    let query = if kind == "mysql" { query.replace("\\\"", "`") } else { query.to_owned() };
    let table = format!(
        "kind = '{kind}'\nname = '{kind}'\nurl = '{url}'\npassword = 'env:DB'\ntimeout_ms = 5000\nquery = \"{query}\"\n{more}"
    );
    place(&table).unwrap()
}

fn authority(services: &Value, name: &str) -> String {
    let path = services[name].as_str().unwrap();
    assert!(Path::new(path).exists());
    format!("tls = 'verify-full'\nca_file = '{path}'")
}

/// What holds for every database server.
fn a_database_answers(kind: &str) {
    let Some(services) = services() else { return };
    let Some(url) = address(&services, kind) else { return };
    for more in [String::new(), authority(&services, "ca_file")] {
        let truth = database(kind, &url, &more, QUERY);
        run(async {
            for (login, password) in known(&services) {
                let answer = ask(&*truth, &login, &password).await;
                assert!(is_crypt(&answer), "{kind} {login}: {}", word(&answer));
            }
        });
        let questions = [("nobody@old.example", "x"), ("' OR '1'='1", "x"), ("twice@old.example", "x")];
        assert_eq!(answers(&*truth, &questions), ["nobody", "nobody", "unreadable"], "{kind}");
    }
    let stranger = database(kind, &url, &authority(&services, "other_ca_file"), QUERY);
    assert_eq!(
        answers(&*stranger, &[("ann@old.example", "x")]),
        ["unavailable"],
        "{kind}: another authority"
    );
    let unknown = database(kind, &url, "", "SELECT mail FROM people WHERE mail = :login");
    assert_eq!(
        answers(&*unknown, &[("ann@old.example", "x")]),
        ["unavailable"],
        "{kind}: no credential column"
    );
    let many = database(kind, &url, "", "SELECT hash AS hashedPassword FROM people WHERE mail <> :login");
    assert_eq!(answers(&*many, &[("a", "x"), ("a", "x")]), ["unreadable", "unreadable"], "{kind}: many rows");
}

#[test]
fn postgres_answers() {
    a_database_answers("postgres");
}

#[test]
fn mariadb_answers() {
    a_database_answers("mysql");
}

#[test]
fn postgres_is_only_read() {
    let Some(url) = services().as_ref().and_then(|services| address(services, "postgres")) else { return };
    let query = "DELETE FROM people WHERE mail = :login RETURNING hash AS passwordHash";
    let eraser = database("postgres", &url, "", query);
    assert_eq!(answers(&*eraser, &[("ann@old.example", "x")]), ["unavailable"]);
    let truth = database("postgres", &url, "", QUERY);
    assert_ne!(answers(&*truth, &[("ann@old.example", "x")]), ["nobody"]);
}

#[test]
fn mariadb_is_only_read() {
    let Some(url) = services().as_ref().and_then(|services| address(services, "mysql")) else { return };
    let query = "DELETE FROM people WHERE mail = :login RETURNING hash AS passwordHash";
    let eraser = database("mysql", &url, "", query);
    assert_eq!(answers(&*eraser, &[("ann@old.example", "x")]), ["unavailable"]);
    let truth = database("mysql", &url, "", QUERY);
    assert_ne!(answers(&*truth, &[("ann@old.example", "x")]), ["nobody"]);
}

#[test]
fn a_connection_that_was_ended_is_made_again() {
    let Some(url) = services().as_ref().and_then(|services| address(services, "postgres")) else { return };
    let truth = database("postgres", &url, "", QUERY);
    let killer = "SELECT count(pg_terminate_backend(pid))::text AS passwordHash FROM pg_stat_activity \
                  WHERE application_name = 'muster' AND pid <> pg_backend_pid() AND :login <> ''";
    let killer = database("postgres", &url, "", killer);
    run(async {
        let answer = ask(&*truth, "ann@old.example", "x").await;
        assert!(is_crypt(&answer));
        for _ in 0..3 {
            drop(ask(&*killer, "x", "x").await);
            let answer = ask(&*truth, "ann@old.example", "x").await;
            assert!(is_crypt(&answer), "{}", word(&answer));
        }
    });
}

/// The table of a directory at `url`.
fn directory(services: &Value, url: &str, more: &str) -> std::sync::Arc<dyn Truth> {
    let (base, name) = (services["base"].as_str().unwrap(), services["bind_dn"].as_str().unwrap());
    let table = format!(
        "kind = 'ldap'\nname = 'ldap'\nurl = '{url}'\nbase = '{base}'\nbind_dn = '{name}'\nbind_password = 'env:LDAP'\ntimeout_ms = 5000\n{more}"
    );
    place(&table).unwrap()
}

#[test]
fn a_directory_answers() {
    let Some(services) = services() else { return };
    let (Some(plain), Some(encrypted)) = (address(&services, "ldap"), address(&services, "ldaps")) else {
        return;
    };
    let trusted = format!("ca_file = '{}'", services["ca_file"].as_str().unwrap());
    for truth in [
        directory(&services, &plain, ""),
        directory(&services, &plain, &format!("start_tls = true\n{trusted}")),
        directory(&services, &encrypted, &trusted),
    ] {
        for (login, password) in known(&services) {
            let short = login.split('@').next().unwrap();
            let wrong = format!("{password}x");
            let questions: [(&str, &str); 4] =
                [(&login, &password), (short, &password), (&login, &wrong), (&login, "")];
            assert_eq!(answers(&*truth, &questions), ["matches", "matches", "differs", "differs"], "{login}");
        }
        let questions = [("nobody", "x"), ("*", "x"), ("ann)(uid=*", "x"), ("twice@old.example", "x")];
        assert_eq!(answers(&*truth, &questions), ["nobody", "nobody", "nobody", "unreadable"]);
    }
}

#[test]
fn a_directory_that_is_not_the_right_one_says_nothing() {
    let Some(services) = services() else { return };
    let (Some(plain), Some(encrypted)) = (address(&services, "ldap"), address(&services, "ldaps")) else {
        return;
    };
    let other = format!("ca_file = '{}'", services["other_ca_file"].as_str().unwrap());
    for truth in [
        directory(&services, &encrypted, &other),
        directory(&services, &plain, &format!("start_tls = true\n{other}")),
        // The port that speaks plainly first.
        directory(&services, &encrypted.replace("ldaps", "ldap"), ""),
    ] {
        assert_eq!(answers(&*truth, &[("ann", "Winter-2024!")]), ["unavailable"]);
    }
    let base = services["base"].as_str().unwrap();
    let table = |rest: &str| {
        place(&format!(
            "kind = 'ldap'\nname = 'x'\nurl = '{plain}'\nbase = '{base}'\ntimeout_ms = 5000\n{rest}"
        ))
    };
    // Whoever may not search finds nobody; a wrong searcher is an outage.
    let wrong = table(&format!("bind_dn = 'uid=ann,{base}'\nbind_password = 'env:X'")).unwrap();
    assert_eq!(answers(&*wrong, &[("ann", "Winter-2024!")]), ["unavailable"]);
}
