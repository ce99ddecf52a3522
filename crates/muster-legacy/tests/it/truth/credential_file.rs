//! The credential file: what went in comes out, and nobody sees anything without the key.

use std::path::{Path, PathBuf};

use muster_core::credential::{Notation, Settlement};
use muster_core::login::Login;
use muster_core::record::Line;
use muster_core::secret::Secret;
use muster_legacy::truth::{
    Added, Column, CredentialCells, CredentialFile, CredentialFileWriter, FileKey, Place, TruthError, Written,
};

const HASH: &str =
    "$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/";

fn key(text: &str) -> FileKey {
    FileKey::parse(&Secret::new(text)).unwrap()
}

fn some_key() -> FileKey {
    key(&"7a".repeat(32))
}

fn login(text: &str) -> Login {
    Login::parse(text).unwrap()
}

fn cells(hash: &str) -> CredentialCells {
    let mut cells = CredentialCells::default();
    cells.set(Column::PasswordHash, hash);
    cells.set(Column::Salt, "hex:00ff");
    cells
}

fn at(line: u64) -> Place {
    Place { source: 0, line: Line(line) }
}

fn write(out: &Path, key: &FileKey, people: &[(String, String)]) -> Result<Written, TruthError> {
    let settlement =
        Settlement { meant: vec![Notation::Ntlm], pepper: Some(Secret::new("pfeffer")), firebase: None };
    let mut writer = CredentialFileWriter::begin(out, key, &settlement)?;
    writer.source("people.csv");
    for (number, (name, hash)) in (2..).zip(people) {
        assert_eq!(writer.add(&login(name), &cells(hash), at(number))?, Added::Yes);
    }
    writer.finish()
}

fn people(count: usize) -> Vec<(String, String)> {
    (0..count).map(|number| (format!("user{number}@example.com"), format!("{HASH}{number}"))).collect()
}

/// A file with so many people.
fn file(count: usize) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("people.cred");
    write(&out, &some_key(), &people(count)).unwrap();
    (folder, out)
}

fn opened(path: &Path) -> Result<CredentialFile, String> {
    CredentialFile::open(path, &some_key()).map_err(|error| error.to_string())
}

#[test]
fn everybody_is_found_and_nobody_else() {
    for count in [0, 1, 2, 30, 3000] {
        let (_folder, path) = file(count);
        let file = opened(&path).unwrap();
        assert_eq!(file.credentials(), count as u64);
        for (name, hash) in people(count) {
            let found = file.find(&login(&name)).unwrap().unwrap();
            assert!(found == cells(&hash), "{name}");
        }
        for stranger in 0..200 {
            assert!(file.find(&login(&format!("stranger{stranger}@x.y"))).unwrap().is_none());
        }
    }
}

#[test]
fn logins_are_compared_as_okta_compares_them() {
    let (_folder, path) = file(40);
    let file = opened(&path).unwrap();
    assert!(file.find(&login(" USÉR7@Example.com ")).unwrap().unwrap() == cells(&format!("{HASH}7")));
}

#[test]
fn the_settlement_travels_with_the_file() {
    let (_folder, path) = file(1);
    let file = opened(&path).unwrap();
    assert_eq!(file.settlement().meant, [Notation::Ntlm]);
    assert_eq!(file.settlement().pepper.as_ref().unwrap().reveal(), "pfeffer");
}

#[test]
fn without_the_key_it_shows_nothing() {
    let (_folder, path) = file(500);
    let bytes = std::fs::read(&path).unwrap();
    let shows = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    for text in
        ["user7", "example", "$6$", "saltsalt", "qFmFH", "hex:00ff", "00ff", "ntlm", "pfeffer", "people.csv"]
    {
        assert!(!shows(text), "{text}");
    }
    // Nor a digest that could be made again without the key.
    let fingerprint = login("user7@example.com").fingerprint().0.to_be_bytes();
    assert!(!bytes.windows(8).any(|window| window == fingerprint));
    // The same people are other bytes in another file: no two files can be compared.
    let (_other_folder, other) = file(500);
    let other = std::fs::read(other).unwrap();
    assert_eq!(bytes.len(), other.len());
    let same = bytes.iter().zip(&other).filter(|(one, other)| one == other).count();
    assert!(same < bytes.len() / 50, "{same} of {}", bytes.len());
}

#[test]
fn a_wrong_key_is_called_one() {
    let (_folder, path) = file(3);
    let wrong = |text: &str| CredentialFile::open(&path, &key(text)).unwrap_err().to_string();
    assert!(wrong(&"7b".repeat(32)).contains("the key is not the one"));
    assert!(wrong("correct horse battery staple").contains("this is a passphrase"));
}

#[test]
fn a_passphrase_opens_what_it_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.cred");
    write(&path, &key("correct horse battery staple"), &people(5)).unwrap();
    let open = |text: &str| CredentialFile::open(&path, &key(text));
    assert!(
        open("correct horse battery staple").unwrap().find(&login("user3@example.com")).unwrap().is_some()
    );
    assert!(open("correct horse battery stable").unwrap_err().to_string().contains("the key is not the one"));
    assert!(open(&"7a".repeat(32)).unwrap_err().to_string().contains("with a passphrase"));
}

#[cfg(unix)]
#[test]
fn it_is_its_owners_alone_and_leaves_nothing_behind() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = file(10);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn every_altered_byte_is_noticed() {
    let (_folder, path) = file(60);
    let good = std::fs::read(&path).unwrap();
    for at in (0..good.len()).step_by(13) {
        let mut bad = good.clone();
        bad[at] ^= 4;
        std::fs::write(&path, &bad).unwrap();
        let Ok(file) = opened(&path) else { continue };
        let damaged = people(60).iter().any(|(name, _)| file.find(&login(name)).is_err());
        assert!(damaged, "byte {at} of {}", good.len());
    }
}

#[test]
fn cut_and_lengthened_files_are_noticed() {
    let (_folder, path) = file(60);
    let good = std::fs::read(&path).unwrap();
    for length in [0, 7, 63, 64, 95, 96, 500, good.len() - 4112, good.len() - 1] {
        std::fs::write(&path, &good[..length]).unwrap();
        assert!(opened(&path).is_err(), "{length}");
    }
    std::fs::write(&path, [good.as_slice(), &[0; 4112]].concat()).unwrap();
    assert!(opened(&path).unwrap_err().contains("cut or added to"));
}

#[test]
fn blocks_that_changed_places_are_noticed() {
    let (_folder, path) = file(200);
    let mut bytes = std::fs::read(&path).unwrap();
    let first = bytes.len() - 2 * 4112;
    let (front, last) = bytes.split_at_mut(first + 4112);
    front[first..].swap_with_slice(last);
    std::fs::write(&path, &bytes).unwrap();
    let file = opened(&path).unwrap();
    let errors = people(200).iter().filter(|(name, _)| file.find(&login(name)).is_err()).count();
    assert!(errors > 0);
}

#[test]
fn blocks_of_another_file_with_the_same_key_are_noticed() {
    let (_folder, path) = file(200);
    let (_other_folder, other) = file(200);
    let (mut bytes, other) = (std::fs::read(&path).unwrap(), std::fs::read(other).unwrap());
    let last = bytes.len() - 4112;
    bytes[last..].copy_from_slice(&other[last..]);
    std::fs::write(&path, &bytes).unwrap();
    let file = opened(&path).unwrap();
    assert!(people(200).iter().any(|(name, _)| file.find(&login(name)).is_err()));
}

#[test]
fn one_login_with_two_passwords_is_refused_with_its_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.cred");
    let twice = |second: &str| {
        let people = [("ann@x.y", "h1"), ("bob@x.y", "h2"), ("ÄNN@x.y", second)];
        let people: Vec<_> = people.map(|(name, hash)| (name.to_owned(), hash.to_owned())).into();
        write(&path, &some_key(), &people)
    };
    let error = twice("h3").unwrap_err().to_string();
    assert!(error.contains("lines 2 and 4 of people.csv"), "{error}");
    assert!(!error.contains("h3") && !path.exists());
    let written = twice("h1").unwrap();
    assert_eq!((written.credentials, written.repeated), (2, 1));
}

#[test]
fn cells_beyond_all_measure_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.cred");
    let mut writer = CredentialFileWriter::begin(&path, &some_key(), &Settlement::default()).unwrap();
    writer.source("people.csv");
    let mut add =
        |name: &str, length: usize| writer.add(&login(name), &cells(&"x".repeat(length)), at(1)).unwrap();
    assert_eq!(add("a@x.y", 4000), Added::Yes);
    assert_eq!(add("b@x.y", 4096), Added::TooLong);
    assert_eq!(add("c@x.y", 70_000), Added::TooLong);
    writer.finish().unwrap();
    let file = opened(&path).unwrap();
    assert!(file.find(&login("a@x.y")).unwrap().is_some());
    assert!(file.find(&login("b@x.y")).unwrap().is_none());
}
