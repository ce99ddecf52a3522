//! `muster hook export`: from the source of an import to a credential file.

use muster_core::login::Login;
use muster_core::secret::Secret;
use muster_legacy::truth::{Column, CredentialFile, FileKey};

use crate::world::{Ran, World};

const CRYPT: &str =
    "$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/";
const BCRYPT: &str = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

fn export(world: &World, arguments: &[&str]) -> Ran {
    let arguments =
        [&["hook", "export", "--key-file", "hook.key", "--out", "people.cred"], arguments].concat();
    world.muster(&arguments)
}

fn new_key(world: &World) {
    let ran = world.muster(&["hook", "export", "--new-key", "hook.key"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.out.contains(world.read("hook.key").trim()), "a key is not shown");
}

fn opened(world: &World) -> CredentialFile {
    let key = FileKey::parse(&Secret::new(world.read("hook.key"))).unwrap();
    CredentialFile::open(&world.path("people.cred"), &key).unwrap()
}

fn has(file: &CredentialFile, login: &str) -> bool {
    file.find(&Login::parse(login).unwrap()).unwrap().is_some()
}

#[test]
fn who_needs_the_hook_is_in_the_file() {
    let world = World::free();
    new_key(&world);
    world.write(
        "people.csv",
        format!(
            "E-Mail,firstName,lastName,passwordHash\nann@x.org,Ann,A,{CRYPT}\nbob@x.org,Bob,B,{BCRYPT}\n\
             carol@x.org,,,{CRYPT}\ndan@x.org,Dan,D,\n,Eve,E,{CRYPT}\nfay@x.org,Fay,F,$what$ever\ngus@x.org,Gus\n"
        ),
    );
    world.write("map.toml", "[columns]\n\"E-Mail\" = \"email\"\n\"firstName\" = \"anAttributeOfTheOrg\"\n");
    let ran = export(&world, &["people.csv", "--map", "map.toml", "--output", "json"]);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["rows"], 7);
    assert_eq!(told["left_out"]["okta_checks"], 1);
    assert_eq!(told["left_out"]["no_hash"], 1);
    assert_eq!(told["left_out"]["unreadable"], 1);
    assert_eq!(told["left_out"]["torn"], 1);
    assert_eq!(ran.code, 3, "somebody should look into some rows");
    assert!(!ran.out.contains("saltsalt") && !ran.err.contains("saltsalt"));
    assert_eq!(told["credentials"], 2);
    assert_eq!(told["by_notation"]["sha512-crypt"], 2);
    assert_eq!(told["left_out"]["no_login"], 1);
    let file = opened(&world);
    assert!(has(&file, "ANN@x.org") && has(&file, "carol@x.org") && !has(&file, "bob@x.org"));
    let cells = file.find(&Login::parse("ann@x.org").unwrap()).unwrap().unwrap();
    assert_eq!(cells.get(Column::PasswordHash), Some(CRYPT));
}

#[test]
fn nothing_is_written_where_two_rows_contradict_each_other() {
    let world = World::free();
    new_key(&world);
    let other = CRYPT.replace("qFmFH", "qFmFG");
    world.write("people.csv", format!("login,passwordHash\nann@x.org,{CRYPT}\nÁNN@x.org,{other}\n"));
    export(&world, &["people.csv"]).refused(1, &["lines 2 and 3 of people.csv"]);
    assert!(!world.path("people.cred").exists());
    world.write("people.csv", format!("login,passwordHash\nann@x.org,{CRYPT}\nÁNN@x.org,{CRYPT}\n"));
    assert_eq!(export(&world, &["people.csv"]).code, 0);
    assert_eq!(opened(&world).credentials(), 1);
}

#[test]
fn a_key_is_needed_and_never_overwritten() {
    let world = World::free();
    world.write("people.csv", "login,passwordHash\n");
    export(&world, &["people.csv"]).refused(2, &["no key", "--new-key"]);
    world.write("hook.key", "short");
    world.muster(&["hook", "export", "--new-key", "hook.key"]).refused(1, &["hook.key"]);
    assert_eq!(world.read("hook.key"), "short");
    world.write("people.csv", "login,passwordHash\nann@x.org,x\n");
    export(&world, &["people.csv"]).refused(2, &["hook.key", "32 bytes"]);
    world.muster(&["hook", "export", "people.csv"]).refused(2, &["--out"]);
}

#[test]
fn what_was_settled_goes_into_the_file() {
    let world = World::free();
    new_key(&world);
    world.write("pepper", "pfeffer\n");
    world.write("muster.toml", "[passwords]\nmeant = ['ntlm']\npepper = 'file:pepper'\n");
    world.write("people.csv", format!("login,passwordHash\nann@x.org,{CRYPT}\n"));
    let ran = export(&world, &["people.csv"]);
    assert!(matches!(ran.code, 0 | 3), "{ran:?}");
    let file = opened(&world);
    assert_eq!(file.settlement().meant.len(), 1);
    assert_eq!(file.settlement().pepper.as_ref().unwrap().reveal(), "pfeffer");
    world.write("muster.toml", "[passwords]\nmeant = ['enigma']\n");
    export(&world, &["people.csv"]).refused(2, &["enigma"]);
    world.write("muster.toml", "[passwords]\npepper = 'pfeffer'\n");
    let ran = export(&world, &["people.csv"]);
    ran.refused(2, &["env:NAME"]);
}

#[test]
fn a_credential_file_takes_the_place_of_no_other_file() {
    let world = World::free();
    new_key(&world);
    let source = format!("email,passwordHash\na@example.com,{CRYPT}\n");
    world.write("people.csv", &source);
    for taken in ["people.csv", "hook.key"] {
        let ran = world.muster(&["hook", "export", "people.csv", "--key-file", "hook.key", "--out", taken]);
        ran.refused(2, &[taken, "is no credential file"]);
    }
    assert_eq!(world.read("people.csv"), source);
    assert_eq!(export(&world, &["people.csv"]).code, 0);
    assert_eq!(export(&world, &["people.csv"]).code, 0, "an older one is replaced");
}
