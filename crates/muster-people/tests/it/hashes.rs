//! Every hash that is made verifies with its password, and with no other.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use muster_passwords::{Again, BcryptInput, Digest, SaltOrder, StoredHash, TextForm, verify};
use muster_people::{HashKind, PeopleSettings, Person};

use super::{people, settings};

fn made(kind: HashKind) -> Vec<Person> {
    people(PeopleSettings { hashes: vec![kind], ..settings(25) }).collect()
}

/// The written form, taken apart again.
fn parsed(kind: HashKind, text: &str) -> StoredHash {
    let packed = |scheme: &str, digest: Digest| {
        let mut value = STANDARD.decode(text.strip_prefix(scheme).expect("the scheme")).expect("base64");
        let salt = value.split_off(digest.size());
        assert_eq!(salt.len(), 8);
        StoredHash::Digest {
            digest,
            salt: salt.into(),
            order: SaltOrder::Postfix,
            text: TextForm::Utf8,
            rounds: 1,
            again: Again::Raw,
            value: value.into(),
        }
    };
    match kind {
        HashKind::Bcrypt { cost } => {
            let tails = text.strip_prefix(&format!("$2b${cost:02}$")).expect("the marker");
            let (salt, value) = tails.split_at(22);
            StoredHash::Bcrypt {
                cost,
                salt: salt.to_owned().into(),
                value: value.to_owned().into(),
                input: BcryptInput::Password,
            }
        }
        HashKind::Ssha512 => packed("{SSHA512}", Digest::Sha512),
        HashKind::Ssha256 => packed("{SSHA256}", Digest::Sha256),
        HashKind::Ssha => packed("{SSHA}", Digest::Sha1),
        HashKind::Smd5 => packed("{SMD5}", Digest::Md5),
        HashKind::Pbkdf2Sha256 { iterations } => {
            let fields: Vec<&str> = text.split('$').collect();
            let ["", "pbkdf2-sha256", rounds, salt, value] = fields[..] else {
                panic!("five fields: {text}")
            };
            assert_eq!(rounds, iterations.to_string());
            let raw = |text: &str| STANDARD_NO_PAD.decode(text.replace('.', "+")).expect("base64");
            StoredHash::Pbkdf2 {
                digest: Digest::Sha256,
                salt: raw(salt).into(),
                iterations,
                value: raw(value).into(),
            }
        }
        other => panic!("{other:?} is not taken apart here"),
    }
}

#[test]
fn every_made_hash_verifies() {
    for kind in [
        HashKind::Bcrypt { cost: 4 },
        HashKind::Ssha512,
        HashKind::Ssha256,
        HashKind::Ssha,
        HashKind::Smd5,
        HashKind::Pbkdf2Sha256 { iterations: 4096 },
    ] {
        for person in made(kind) {
            let stored = parsed(kind, person.password_hash.as_deref().expect("a hash"));
            assert!(verify(&person.password, &stored), "{person:?}");
            assert!(!verify(&person.login, &stored), "{person:?}");
        }
    }
}

#[test]
fn people_without_a_hash_have_none() {
    for kind in [HashKind::None, HashKind::Cleartext] {
        assert!(made(kind).iter().all(|person| person.password_hash.is_none()));
    }
}

#[test]
fn passwords_pass_the_default_policy() {
    for person in people(settings(2000)) {
        let password = &person.password;
        assert!((8..=72).contains(&password.len()));
        for kind in [char::is_lowercase, char::is_uppercase, char::is_numeric] {
            assert!(password.contains(kind), "{person:?}");
        }
        let parts = person.login.split([',', '.', '_', '#', '@', '-']).filter(|part| part.len() >= 4);
        assert!(parts.into_iter().all(|part| !password.to_lowercase().contains(part)), "{person:?}");
        assert!(!format!("{person:?}").contains(password));
    }
}

#[test]
fn the_mix_is_a_mix() {
    let hashes = vec![HashKind::Ssha, HashKind::Ssha, HashKind::Ssha, HashKind::Cleartext];
    let all = people(PeopleSettings { hashes, ..settings(1000) });
    let clear = all.filter(|person| person.hash_kind == HashKind::Cleartext).count();
    assert!((200..300).contains(&clear), "{clear} of 1000");
}

#[test]
fn kinds_are_read_from_their_names() {
    assert_eq!("bcrypt".parse(), Ok(HashKind::Bcrypt { cost: 10 }));
    assert_eq!("bcrypt:4".parse(), Ok(HashKind::Bcrypt { cost: 4 }));
    assert_eq!("pbkdf2-sha256:5000".parse(), Ok(HashKind::Pbkdf2Sha256 { iterations: 5000 }));
    for wrong in ["bcrypt:3", "bcrypt:x", "ssha:4", "sha", ""] {
        assert!(wrong.parse::<HashKind>().is_err(), "{wrong}");
    }
}
