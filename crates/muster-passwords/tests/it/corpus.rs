//! Every row of the corpus is read as what it is, goes where it belongs, and is checked as its maker would.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_core::credential::{Notation, Settlement, StoredPassword, Understood, understand};
use muster_core::secret::Secret;
use muster_core::stored::FirebaseProject;
use muster_passwords::verify;

type Row = BTreeMap<String, String>;

fn rows() -> Vec<Row> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/passwords.csv");
    let mut reader = csv::Reader::from_path(path).expect("the corpus");
    reader.deserialize().collect::<Result<_, _>>().expect("rows")
}

fn cells(row: &Row) -> StoredPassword<'_> {
    let cell = |name: &str| Some(row[name].as_str()).filter(|text| !text.is_empty());
    StoredPassword {
        cleartext: None,
        hashed_password: cell("hashedPassword"),
        salt: cell("salt"),
        algorithm: cell("algorithm"),
        work_factor: cell("workFactor"),
        salt_order: cell("saltOrder"),
        iterations: cell("iterations"),
        key_size: cell("keySize"),
        digest_algorithm: cell("digestAlgorithm"),
        password_hash: cell("passwordHash"),
        credential_data: cell("credentialData"),
        secret_data: cell("secretData"),
    }
}

/// What the operator would have to say about the row.
fn settlement(row: &Row) -> Settlement {
    let mut settlement = Settlement::default();
    match row["settlement"].split_once('=') {
        Some(("notation", name)) => settlement.meant.extend(notation(name)),
        Some(("pepper", pepper)) => settlement.pepper = Some(Secret::new(pepper)),
        Some(("firebase", project)) => settlement.firebase = Some(firebase(project)),
        other => assert!(other.is_none(), "{row:?}"),
    }
    settlement
}

fn notation(name: &str) -> Option<Notation> {
    Notation::ALL.into_iter().find(|notation| notation.as_str() == name)
}

fn firebase(project: &str) -> FirebaseProject {
    let parts: Vec<&str> = project.split(':').collect();
    let raw = |text: &str| STANDARD.decode(text).expect("base64").into();
    FirebaseProject {
        signer_key: raw(parts[0]),
        salt_separator: raw(parts[1]),
        rounds: parts[2].parse().expect("rounds"),
        memory_cost: parts[3].parse().expect("memory"),
    }
}

fn route(understood: &Understood) -> &'static str {
    match (&understood.okta, &understood.stored) {
        (Some(_), _) => "hash",
        (None, Some(_)) => "hook",
        (None, None) => "reset",
    }
}

/// What is wrong with how a row is read and checked, if anything is.
fn fault(row: &Row) -> Result<(), String> {
    let readings = understand(&cells(row), &settlement(row)).map_err(|fault| format!("{fault:?}"))?;
    let [found] = &readings[..] else {
        let names: Vec<_> = readings.iter().map(|reading| reading.notation.as_str()).collect();
        return Err(format!("reads as {names:?}"));
    };
    let (name, route) = (found.notation.as_str(), route(found));
    if (name, route) != (&row["notation"], &row["route"]) {
        return Err(format!("reads as {name} for {route}"));
    }
    let (password, Some(stored)) = (&row["password"], &found.stored) else { return Ok(()) };
    match (verify(password, stored), verify(&format!("~{password}"), stored)) {
        (true, false) => Ok(()),
        (false, _) => Err("its password does not fit".to_owned()),
        (true, true) => Err("another password fits".to_owned()),
    }
}

#[test]
fn every_row_is_read_and_checked_as_what_it_is() {
    let bad: Vec<String> = (2..)
        .zip(rows())
        .filter_map(|(line, row)| {
            let what = format!("{line}: {} of {}, {}", row["notation"], row["made_by"], row["route"]);
            fault(&row).err().map(|fault| format!("{what}: {fault}"))
        })
        .collect();
    assert!(bad.is_empty(), "{} rows: {bad:#?}", bad.len());
}

#[test]
fn every_notation_has_three_rows() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows() {
        *counts.entry(row["notation"].clone()).or_default() += 1;
    }
    assert!(counts.keys().all(|name| notation(name).is_some()), "{counts:?}");
    assert!(counts.values().all(|rows| *rows >= 3), "{counts:?}");
    assert!(counts.len() >= 40, "{counts:?}");
}
