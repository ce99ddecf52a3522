use serde_json::json;

use super::*;
use crate::column::Renames;

fn interpreter(header: &str, wishes: Wishes) -> Interpreter {
    let header: Vec<String> = header.split(',').map(str::to_owned).collect();
    let schema = ProfileSchema::base();
    Interpreter::new(Mapping::new(&header, &schema, &Renames::new()).unwrap(), &schema, wishes)
}

fn row(cells: &[&str]) -> Record {
    Record { line: Line(2), cells: cells.iter().map(|text| Cell::text(*text)).collect(), fault: None }
}

fn read(header: &str, cells: &[&str]) -> Result<Candidate, FaultyRow> {
    interpreter(header, Wishes::default()).interpret(&row(cells))
}

fn codes(result: Result<Candidate, FaultyRow>) -> Vec<FaultCode> {
    result.unwrap_err().faults.iter().map(|fault| fault.code).collect()
}

#[test]
fn login_falls_back_to_email() {
    let person = read("email,firstName,lastName", &[" kim.sato@example.com ", "Kim", "Sato"]).unwrap();
    assert_eq!(person.login.as_str(), "kim.sato@example.com");
    assert_eq!(person.profile["login"], json!("kim.sato@example.com"));
    assert!(!person.activate, "no credential, no mail");
}

#[test]
fn the_seeds_hash_is_active_at_once() {
    let header = "firstName,lastName,email,salt,hashedPassword";
    let cells = [
        "Jessie",
        "Smith",
        "jessie.smith@example.com",
        "pwxb1yjwfpa6jcV0XKBtau",
        "MnDMlKOOxMY4Tc.7wgpqFoAPYKi5wSe",
    ];
    let person = read(header, &cells).unwrap();
    assert_eq!((person.credential.name(), person.activate), ("bcrypt", true));
    let hook = interpreter(header, Wishes { mode: Mode::Hook, ..Wishes::default() })
        .interpret(&row(&cells))
        .unwrap();
    assert_eq!((hook.credential, hook.activate), (Credential::Hook, true));
    let staged = interpreter(header, Wishes { mode: Mode::Staged, ..Wishes::default() })
        .interpret(&row(&cells))
        .unwrap();
    assert_eq!((staged.credential, staged.activate), (Credential::None, false));
}

#[test]
fn all_faults_of_a_row_are_told() {
    assert_eq!(
        codes(read("email,firstName,lastName", &["nobody", "", "Sato"])),
        [FaultCode::BadEmail, FaultCode::Required]
    );
    assert_eq!(codes(read("email,firstName,lastName", &["", "Kim", "Sato"])), [FaultCode::Required]);
    let faulty = read("email,firstName,lastName", &["a@example.com", &"x".repeat(51), "Sato"]).unwrap_err();
    assert_eq!(faulty.login.as_deref(), Some("a@example.com"));
    assert_eq!(faulty.faults[0].to_string(), "firstName: has 51 characters, 50 are allowed");
}

#[test]
fn a_torn_row_has_the_readers_fault_alone() {
    let fault = Fault::of_row(FaultCode::ShortRow, "has 1 cell, the header has 3");
    let record = Record { fault: Some(fault.clone()), ..row(&["a@example.com", "", ""]) };
    let faulty = interpreter("email,firstName,lastName", Wishes::default()).interpret(&record).unwrap_err();
    assert_eq!(faulty.faults, [fault]);
}

#[test]
fn groups_come_by_id_by_name_and_for_everybody() {
    let wishes = Wishes { groups: vec!["Everyone new".to_owned()], ..Wishes::default() };
    let header = "email,firstName,lastName,groups,groupId";
    let person = interpreter(header, wishes)
        .interpret(&row(&["a@b.co", "A", "B", "Sales; North|Sales", "00g1"]))
        .unwrap();
    let name = |name: &str| GroupWish::Name(name.to_owned());
    let expected = BTreeSet::from([
        name("Everyone new"),
        name("Sales"),
        name("North"),
        GroupWish::Id("00g1".to_owned()),
    ]);
    assert_eq!(person.groups, expected);
}

#[test]
fn lists_of_groups_come_as_json_too() {
    let header = "email,firstName,lastName,groups";
    let with = |cell: Cell| {
        let mut record = row(&["a@b.co", "A", "B", ""]);
        record.cells[3] = cell;
        interpreter(header, Wishes::default()).interpret(&record)
    };
    let names = |person: Candidate| person.groups.into_iter().collect::<Vec<_>>();
    let name = |name: &str| GroupWish::Name(name.to_owned());
    let json = Cell::Json(json!(["Sales", null, "  ", 7]));
    assert_eq!(names(with(json).unwrap()), [name("7"), name("Sales")]);
    assert_eq!(names(with(Cell::text("[\"Sales\",null,\"Ops\"]")).unwrap()), [name("Ops"), name("Sales")]);
    assert_eq!(codes(with(Cell::Json(json!([{"id": 1}])))), [FaultCode::BadType]);
}

#[test]
fn a_recovery_question_needs_its_answer() {
    let header = "email,firstName,lastName,recoveryQuestion,recoveryAnswer";
    let with = |question: &str, answer: &str| read(header, &["a@b.co", "A", "B", question, answer]);
    assert_eq!(codes(with("Pet?", "")), [FaultCode::Required]);
    assert_eq!(codes(with("", "Rex")), [FaultCode::Required]);
    assert!(with("Pet?", "Rex").unwrap().recovery.is_some());
}

#[test]
fn the_status_column_decides_unless_the_operator_does() {
    let header = "email,firstName,lastName,status,password";
    let with = |status: &str, wishes: Wishes| {
        interpreter(header, wishes).interpret(&row(&["a@b.co", "A", "B", status, "Secret-123"]))
    };
    assert!(with("active", Wishes::default()).unwrap().activate);
    assert!(!with("STAGED", Wishes::default()).unwrap().activate);
    assert_eq!(with("SUSPENDED", Wishes::default()).unwrap().afterwards, Some(Afterwards::Suspend));
    assert!(with("PASSWORD_EXPIRED", Wishes::default()).unwrap().change_password);
    assert!(!with("ACTIVE", Wishes { activate: Some(false), ..Wishes::default() }).unwrap().activate);
    assert_eq!(codes(with("retired", Wishes::default())), [FaultCode::BadStatus]);
    let said = |status: &str, wishes: Wishes| with(status, wishes).unwrap().other_status;
    for kept in ["ACTIVE", "STAGED", "SUSPENDED", "PASSWORD_EXPIRED", "DEPROVISIONED", "deactivated"] {
        assert!(!said(kept, Wishes::default()), "{kept}");
    }
    assert!(said("ACTIVE", Wishes { mode: Mode::Staged, ..Wishes::default() }));
    assert!(said("PASSWORD_EXPIRED", Wishes { mode: Mode::Hook, ..Wishes::default() }));
}

#[test]
fn the_apostrophes_of_a_reject_file_are_taken_off() {
    let header = "email,firstName,lastName,mobilePhone,_line,_outcome,_code,_reason,_hint";
    let cells = ["a@b.co", "''n", "Sync", "'+49 170", "2", "invalid", "required", "", ""];
    let person = read(header, &cells).unwrap();
    assert_eq!(
        (&person.profile["firstName"], &person.profile["mobilePhone"]),
        (&json!("'n"), &json!("+49 170"))
    );
    let plain = read("email,firstName,lastName", &["a@b.co", "'n", "Sync"]).unwrap();
    assert_eq!(plain.profile["firstName"], json!("'n"));
}

#[test]
fn numbers_of_ndjson_serve_our_own_columns() {
    let mut record =
        row(&["a@b.co", "A", "B", "MnDMlKOOxMY4Tc.7wgpqFoAPYKi5wSe", "pwxb1yjwfpa6jcV0XKBtau", ""]);
    record.cells[5] = Cell::Json(json!(12));
    let interpreter =
        interpreter("email,firstName,lastName,hashedPassword,salt,workFactor", Wishes::default());
    let Credential::Hash(hash) = interpreter.interpret(&record).unwrap().credential else {
        panic!("no hash")
    };
    assert_eq!(hash.to_json()["workFactor"], json!(12));
}

#[test]
fn a_hash_that_nobody_can_check_is_no_credential() {
    let header = "email,firstName,lastName,passwordHash";
    let cells = ["a@b.co", "A", "B", "!nobody"];
    let person = read(header, &cells).unwrap();
    assert_eq!((&person.credential, person.activate), (&Credential::None, false));
    let strict = interpreter(header, Wishes { mode: Mode::Hash, ..Wishes::default() });
    assert_eq!(codes(strict.interpret(&row(&cells))), [FaultCode::MissingCredential]);
}

#[test]
fn an_ambiguous_hash_is_a_fault_until_it_is_settled() {
    let header = "email,firstName,lastName,passwordHash";
    let cells = row(&["a@b.co", "A", "B", "5f4dcc3b5aa765d61d8327deb882cf99"]);
    let interpreter = interpreter(header, Wishes::default());
    assert_eq!(codes(interpreter.interpret(&cells)), [FaultCode::AmbiguousNotation]);
    let meant = Wishes { meant: vec!["md5".to_owned()], ..Wishes::default() };
    let settled = Interpreter::new(interpreter.mapping().clone(), &ProfileSchema::base(), meant);
    assert_eq!(settled.interpret(&cells).unwrap().credential.name(), "md5");
}

#[test]
fn the_two_columns_of_keycloak_are_one_hash() {
    let header = "email,firstName,lastName,secretData,credentialData";
    let secret = r#"{"value":"BwcHBwcHBwcHBwcHBwcHBw==","salt":"c2FsdA=="}"#;
    let data = r#"{"hashIterations":27500,"algorithm":"pbkdf2-sha256"}"#;
    let person = read(header, &["a@b.co", "A", "B", secret, data]).unwrap();
    assert_eq!(person.credential.name(), "pbkdf2");
    let mut listed = row(&["a@b.co", "A", "B", ""]);
    listed.cells[3] = Cell::Json(json!([{"type": "password", "secretData": secret, "credentialData": data}]));
    let person = interpreter("email,firstName,lastName,passwordHash", Wishes::default()).interpret(&listed);
    assert_eq!(person.unwrap().credential.name(), "pbkdf2");
}
