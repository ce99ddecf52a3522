//! Published and recorded hashes, and passwords that are not theirs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_passwords::{Bytes, Digest, SaltOrder, StoredHash, bcrypt_hash, digest_hash, pbkdf2_hash, verify};

use super::{bcrypt, plain};

fn raw(text: &str) -> Bytes {
    STANDARD.decode(text).expect("the vectors are base64").into()
}

fn digest(digest: Digest, salt: &str, order: SaltOrder, value: &str) -> StoredHash {
    plain(digest, &raw(salt), order, raw(value))
}

/// The vectors of Okta's own pages, each with its password.
fn vectors() -> Vec<(&'static str, StoredHash)> {
    vec![
        ("P@ssword123456", bcrypt(10, "qRRx8rli7Lvs2h2CNgCQ2O", "mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2")),
        (
            "Abcd1234",
            digest(
                Digest::Sha512,
                "TXlTYWx0",
                SaltOrder::Prefix,
                "QrozP8a+KfoHu6mPFysxLoO5LMQsd2Fw6IclZUf8xQjetJOCGS93vm68h+VaFX0LHSiF/GxQkykq1vofmx6NGA==",
            ),
        ),
        (
            "s3cr3tp@ssw0rd",
            digest(
                Digest::Sha512,
                "JipHQUgqQU8qQUwpQUYjUChBSEcjQQ==",
                SaltOrder::Postfix,
                "Zz6KwLGDm7ospSipwpDmxAjBWHKPLgGh1roGzI267h6txr/ihTI/R4K2eYrpyc0R24qCSF6DRqNl110vZZtj4A==",
            ),
        ),
        (
            "P@ssw0rd",
            digest(Digest::Sha1, "UEO3wsAsgzQ=", SaltOrder::Postfix, "xjrauE6J6kbjcvMjWSSc+PsBBls="),
        ),
        ("Abcd1234", digest(Digest::Md5, "TXlTYWx0", SaltOrder::Prefix, "jqACjUUFXM1XE6NiLALAbA==")),
        (
            "Test123456!",
            StoredHash::Pbkdf2 {
                digest: Digest::Sha512,
                salt: raw("kcs2gJGOI4Nn2bgiWM8E3P83ZHhIanj1"),
                iterations: 20_000,
                value: raw("fBNzjuyyyDghtShOdQNORxp7ppTZQPBZ"),
            },
        ),
        // The reference vector of the jBCrypt test-suite for an empty password.
        ("", bcrypt(6, "DCq7YPn5Rq63x1Lad4cll.", "TV4S6ytwfsfvkgY8jIucDrjc8deX1s.")),
    ]
}

#[test]
fn every_vector_verifies() {
    for (secret, stored) in vectors() {
        assert!(verify(secret, &stored), "{stored:?}");
    }
}

#[test]
fn no_other_password_verifies() {
    for (secret, stored) in vectors() {
        for wrong in [format!("{secret}x"), format!("x{secret}"), secret.to_uppercase() + " "] {
            assert!(!verify(&wrong, &stored), "{stored:?}");
        }
    }
}

#[test]
fn the_side_of_the_salt_matters() {
    for (secret, stored) in vectors() {
        let StoredHash::Digest { digest, salt, order, value, .. } = stored else { continue };
        let order = match order {
            SaltOrder::Prefix => SaltOrder::Postfix,
            SaltOrder::Postfix => SaltOrder::Prefix,
        };
        assert!(!verify(secret, &plain(digest, &salt, order, value)));
    }
}

#[test]
fn bcrypt_looks_at_seventy_two_bytes() {
    let long = "ä".repeat(50);
    let (salt, value) = bcrypt_hash(&long, 4, *b"sixteen bytes!!!");
    let stored = bcrypt(4, &salt, &value);
    assert!(verify(&"ä".repeat(36), &stored));
    assert!(!verify(&"ä".repeat(35), &stored));
}

#[test]
fn bits_left_over_in_a_bcrypt_salt_are_ignored() {
    let stored = bcrypt(10, "qRRx8rli7Lvs2h2CNgCQ2P", "mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2");
    assert!(verify("P@ssword123456", &stored));
}

#[test]
fn what_is_made_verifies() {
    let secret = "Pässwörd 1";
    for digest in [Digest::Sha512, Digest::Sha256, Digest::Sha1, Digest::Md5] {
        for order in [SaltOrder::Prefix, SaltOrder::Postfix] {
            let value = digest_hash(digest, secret, b"salt", order);
            assert_eq!(value.len(), digest.size());
            assert!(verify(secret, &plain(digest, b"salt", order, value.into())));
        }
    }
    for digest in [Digest::Sha256, Digest::Sha512] {
        let value = pbkdf2_hash(digest, secret, b"salt", 4096, 20);
        let salt = b"salt".to_vec().into();
        let stored = StoredHash::Pbkdf2 { digest, salt, iterations: 4096, value: value.into() };
        assert!(verify(secret, &stored));
        assert!(!verify("Password 1", &stored));
    }
}

#[test]
fn debug_shows_neither_salt_nor_value() {
    let shown = format!("{:?}", vectors());
    assert!(shown.contains("Bcrypt { .. }"), "{shown}");
    for part in ["qRRx8", "mVA2N", "salt:", "value:"] {
        assert!(!shown.contains(part), "{shown}");
    }
}
