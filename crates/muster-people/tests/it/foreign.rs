//! Kinds that Okta does not understand, and Django's: written as their makers write them, and true.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use muster_passwords::{Argon2Variant, Bytes, Digest, StoredHash, verify};
use muster_people::{HashKind, PeopleSettings, SettingsError};

use super::{people, settings};

fn raw(text: &str) -> Bytes {
    STANDARD_NO_PAD.decode(text.replace('.', "+")).expect("base64").into()
}

fn own(text: &str) -> zeroize::Zeroizing<String> {
    text.to_owned().into()
}

fn pbkdf2(digest: Digest, rounds: &str, salt: Bytes, value: Bytes) -> StoredHash {
    StoredHash::Pbkdf2 { digest, salt, iterations: rounds.parse().expect("rounds"), value }
}

fn phpass(digest: Digest, log_rounds: u8, rest: &str) -> StoredHash {
    let (salt, value) = (own(&rest[1..9]), own(&rest[9..]));
    StoredHash::Phpass { digest, log_rounds, salt, value, md5_first: false }
}

/// The written form, taken apart again.
fn parsed(text: &str) -> StoredHash {
    match text.split('$').collect::<Vec<_>>()[..] {
        ["", "pbkdf2-sha512", rounds, salt, value] => pbkdf2(Digest::Sha512, rounds, raw(salt), raw(value)),
        ["", "pbkdf2", rounds, salt, value] => pbkdf2(Digest::Sha1, rounds, raw(salt), raw(value)),
        ["pbkdf2_sha256", rounds, salt, value] => {
            let value = STANDARD.decode(value).expect("base64").into();
            pbkdf2(Digest::Sha256, rounds, salt.as_bytes().to_vec().into(), value)
        }
        ["", "argon2id", "v=19", "m=64,t=2,p=1", salt, value] => StoredHash::Argon2 {
            variant: Argon2Variant::Id,
            version: 19,
            memory: 64,
            passes: 2,
            lanes: 1,
            salt: raw(salt),
            value: raw(value),
        },
        ["", "scrypt", "ln=5,r=8,p=1", salt, value] => {
            StoredHash::Scrypt { log_n: 5, r: 8, p: 1, salt: raw(salt), value: raw(value) }
        }
        ["", "6", salt, value] => sha_crypt(Digest::Sha512, 5000, salt, value),
        ["", "5", "rounds=1000", salt, value] => sha_crypt(Digest::Sha256, 1000, salt, value),
        ["", "P", rest] => phpass(Digest::Md5, 7, rest),
        ["", "S", rest] => phpass(Digest::Sha512, 8, rest),
        ["", "1", salt, value] => StoredHash::Md5Crypt { apache: false, salt: own(salt), value: own(value) },
        _ => panic!("no form that is known: {text}"),
    }
}

fn sha_crypt(digest: Digest, rounds: u32, salt: &str, value: &str) -> StoredHash {
    StoredHash::ShaCrypt { digest, rounds, salt: own(salt), value: own(value) }
}

#[test]
fn every_made_hash_verifies() {
    for kind in [
        HashKind::Pbkdf2Sha512 { iterations: 10 },
        HashKind::Pbkdf2Sha1 { iterations: 10 },
        HashKind::DjangoPbkdf2 { iterations: 10 },
        HashKind::Argon2id { memory: 64 },
        HashKind::Scrypt { log_n: 5 },
        HashKind::Sha512Crypt { rounds: 5000 },
        HashKind::Sha256Crypt { rounds: 1000 },
        HashKind::Phpass { log_rounds: 7 },
        HashKind::Drupal7 { log_rounds: 8 },
        HashKind::Md5Crypt,
    ] {
        for person in people(PeopleSettings { hashes: vec![kind], ..settings(5) }) {
            let text = person.password_hash.as_deref().expect("a hash");
            assert!(verify(&person.password, &parsed(text)), "{text}");
            assert!(!verify(&person.login, &parsed(text)), "{text}");
        }
    }
}

#[test]
fn kinds_are_read_from_their_names() {
    assert_eq!("argon2id".parse(), Ok(HashKind::Argon2id { memory: 4096 }));
    assert_eq!("scrypt:5".parse(), Ok(HashKind::Scrypt { log_n: 5 }));
    assert_eq!("phpass:8".parse(), Ok(HashKind::Phpass { log_rounds: 8 }));
    assert_eq!("md5-crypt".parse(), Ok(HashKind::Md5Crypt));
    let bounds = SettingsError::Work { kind: "phpass", least: 7, most: 16, found: 17 };
    assert_eq!("phpass:17".parse::<HashKind>(), Err(bounds));
    for wrong in ["argon2id:7", "scrypt:17", "sha512-crypt:999", "md5-crypt:5", "pbkdf2-sha1:0", "argon2"] {
        assert!(wrong.parse::<HashKind>().is_err(), "{wrong}");
    }
}

#[test]
fn the_first_rows_never_change() {
    let kinds = ["argon2id:64", "phpass:7", "md5-crypt", "django-pbkdf2:10"];
    let made = kinds.map(|kind| {
        let hashes = vec![kind.parse().expect("a kind")];
        let mut all = people(PeopleSettings { hashes, ..settings(1) });
        all.next().expect("a person").password_hash.expect("a hash")
    });
    let expected = [
        "$argon2id$v=19$m=64,t=2,p=1$InW7IMeNy2O3DS8Da9V65g$AdvaFWzTTyjgQhHcbpk/b8Q9f5ihTqXrrdcev2j8Tis",
        "$P$5WpvU5B9XsphQ1Dgqidw4I933/HxfY.",
        "$1$WpvU5B9X$Gday3SQLAcjkOI58ytMrk.",
        "pbkdf2_sha256$10$7O0tBhuYgupZ8Cl0SrTEvO$4+/z/rTVHNhwx4WljJZ1EYkCdt0TmdgeGw9LcMEMxr8=",
    ];
    assert_eq!(made, expected);
}
