//! Where a stored password goes when the operator has said something that no row says.

use super::*;
use crate::column::Renames;
use crate::credential::OktaHash;

const BCRYPT: &str = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

fn credential(header: &str, cells: &[&str], wishes: Wishes) -> Result<Credential, FaultCode> {
    let header: Vec<String> = header.split(',').map(str::to_owned).collect();
    let schema = ProfileSchema::base();
    let mapping = Mapping::new(&header, &schema, &Renames::new()).unwrap();
    let cells = ["kim@example.com", "Kim", "Sato"].iter().chain(cells).map(|text| Cell::text(*text));
    let record = Record { line: Line(2), cells: cells.collect(), fault: None };
    let read = Interpreter::new(mapping, &schema, wishes).interpret(&record);
    read.map(|row| row.credential).map_err(|row| row.faults[0].code)
}

#[test]
fn no_peppered_hash_is_sent_to_okta() {
    let header = "email,firstName,lastName,passwordHash";
    let plain = credential(header, &[BCRYPT], Wishes::default());
    assert!(matches!(plain, Ok(Credential::Hash(OktaHash::Bcrypt { .. }))));
    let peppered = Wishes { peppered: true, ..Wishes::default() };
    assert_eq!(credential(header, &[BCRYPT], peppered.clone()), Ok(Credential::Hook));
    let hash_alone = Wishes { mode: Mode::Hash, ..peppered };
    assert_eq!(credential(header, &[BCRYPT], hash_alone), Err(FaultCode::MissingCredential));
}

#[test]
fn a_long_hash_is_of_firebase_only_where_a_project_was_named() {
    let header = "email,firstName,lastName,hashedPassword,salt";
    let cells = ["-_".repeat(42) + "-w", "42xEC+ixf3L2lw==".to_owned()];
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    // It may as well be a salted SHA-512.
    assert_eq!(credential(header, &cells, Wishes::default()), Err(FaultCode::UnknownNotation));
    let named = Wishes { firebase: true, ..Wishes::default() };
    assert_eq!(credential(header, &cells, named), Ok(Credential::Hook));
    let meant = Wishes { meant: vec!["firebase-scrypt".to_owned()], ..Wishes::default() };
    assert_eq!(credential(header, &cells, meant), Ok(Credential::Hook));
    let algorithm = [cells[0], cells[1], "SCRYPT"];
    let header = format!("{header},algorithm");
    assert_eq!(credential(&header, &algorithm, Wishes::default()), Ok(Credential::Hook));
}
