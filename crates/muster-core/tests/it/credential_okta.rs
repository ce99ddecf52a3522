//! Hashes in one text that Okta takes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_core::credential::{Notation, StoredPassword, Verdict, okta_hash};
use muster_core::secret::Secret;
use muster_core::stored::{Again, Digest, SaltOrder, StoredHash, TextForm};

use crate::credential_proof::{
    PASSWORD, assert_converts, bytes, digest_of, hex, pbkdf2_of, reading, verdict, whole_hash,
};

const BCRYPT: &str = "$2a$10$qRRx8rli7Lvs2h2CNgCQ2OmVA2NDdomRGoGFrAXDZcno0OZ6CoOU2";

fn adapted(bytes: &[u8]) -> String {
    STANDARD.encode(bytes).trim_end_matches('=').replace('+', ".")
}

#[test]
fn bcrypt_in_every_wrapping() {
    for text in [
        BCRYPT.to_owned(),
        BCRYPT.replace("2a", "2b"),
        BCRYPT.replace("2a", "2y"),
        format!("{{BCRYPT}}{BCRYPT}"),
        format!("{{bcrypt}}{BCRYPT}"),
        format!("{{CRYPT}}{BCRYPT}"),
        format!("{{BLF-CRYPT}}{BCRYPT}"),
        format!("bcrypt${BCRYPT}"),
        format!("  {BCRYPT}\t"),
    ] {
        assert_converts(&whole_hash(&text), Notation::Bcrypt, "P@ssword123456");
    }
}

#[test]
fn bcrypt_sends_its_tails_alone() {
    let Ok(Verdict::Hash { hash, .. }) = verdict(&whole_hash(BCRYPT)) else { panic!("a hash") };
    let expected = serde_json::json!({
        "algorithm": "BCRYPT",
        "workFactor": 10,
        "salt": "qRRx8rli7Lvs2h2CNgCQ2O",
        "value": "mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2",
    });
    assert_eq!(hash.to_json(), expected);
}

#[test]
fn ldap_digests() {
    let all = [
        (Digest::Sha512, "SHA512", Notation::Sha512, Notation::Ssha512),
        (Digest::Sha256, "SHA256", Notation::Sha256, Notation::Ssha256),
        (Digest::Sha1, "SHA", Notation::Sha1, Notation::Ssha),
        (Digest::Md5, "MD5", Notation::Md5, Notation::Smd5),
    ];
    for (digest, name, plain, salted) in all {
        let value = digest_of(digest, PASSWORD, b"", SaltOrder::Postfix);
        for text in [STANDARD.encode(&value), hex(&value), hex(&value).to_uppercase()] {
            assert_converts(&whole_hash(&format!("{{{name}}}{text}")), plain, PASSWORD);
        }
        let mut value = digest_of(digest, PASSWORD, b"12345678", SaltOrder::Postfix);
        value.extend_from_slice(b"12345678");
        for text in [STANDARD.encode(&value), hex(&value)] {
            assert_converts(&whole_hash(&format!("{{S{name}}}{text}")), salted, PASSWORD);
            assert_converts(&whole_hash(&format!("{{s{}}}{text}", name.to_lowercase())), salted, PASSWORD);
        }
    }
}

#[test]
fn an_unsalted_digest_names_no_salt() {
    let Ok(Verdict::Hash { hash, .. }) = verdict(&whole_hash("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=")) else {
        panic!("a hash")
    };
    let expected = serde_json::json!({ "algorithm": "SHA-1", "value": "W6ph5Mm5Pz8GgiULbPgzG37mj9g=" });
    assert_eq!(hash.to_json(), expected);
    assert_converts(&whole_hash("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="), Notation::Sha1, "password");
}

#[test]
fn pbkdf2_in_every_writing() {
    let all = [
        (Digest::Sha256, "sha256", 32, Notation::Pbkdf2Sha256),
        (Digest::Sha512, "sha512", 64, Notation::Pbkdf2Sha512),
    ];
    for (digest, name, size, notation) in all {
        // These bytes have plus signs in their base64.
        let salt = [0xfb, 0xef, 0xbe, 1, 2, 3, 4, 5, 6, 7];
        let value = pbkdf2_of(digest, PASSWORD, &salt, 5000, size);
        let (salt, value) = (adapted(&salt), adapted(&value));
        let upper = name.to_uppercase();
        for text in [
            format!("$pbkdf2-{name}$5000${salt}${value}"),
            format!("$pbkdf2-{name}$i=5000,l={size}${}${}", salt.replace('.', "+"), value.replace('.', "+")),
            format!("{{PBKDF2-{upper}}}5000${salt}${value}"),
            format!("{{PBKDF2_{upper}}}5000${salt}${value}"),
        ] {
            assert_converts(&whole_hash(&text), notation, PASSWORD);
        }

        let value = pbkdf2_of(digest, PASSWORD, b"saltText", 5000, size);
        for text in [
            format!("pbkdf2_{name}$5000$saltText${}", STANDARD.encode(&value)),
            format!("pbkdf2:{name}:5000$saltText${}", hex(&value)),
        ] {
            assert_converts(&whole_hash(&text), notation, PASSWORD);
        }
    }
}

/// Made by passlib and by Python's hashlib, not by the verifier that the other tests trust.
#[test]
fn hashes_of_another_hand() {
    let all = [
        (
            "$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44",
            Notation::Pbkdf2Sha256,
            "password",
        ),
        (
            "pbkdf2_sha256$5000$seasalt$3esPlU4SCOBTnswOBE5kB116mCYG2mH800ScJMmdqag=",
            Notation::Pbkdf2Sha256,
            "lètmein",
        ),
        (
            "pbkdf2:sha512:5000$seasalt$6dea8ea67bca4433275df050d1ea5b4b645791f372290233528cb8c370c7c0c1\
             247e8ae9598b5a657ae96687cd66a78268659db4c4e2bcd7af238a25bf4bf270",
            Notation::Pbkdf2Sha512,
            "lètmein",
        ),
        (
            "{SSHA512}vVs6er+FTChq5+adkmGHRm66uqqwDwokWpmUglY2qiyMLho2jKhROV5DX3sLDRybXEltwttJcmDbR6jpIqYk\
             cgEC/v8=",
            Notation::Ssha512,
            "lètmein",
        ),
        ("{SSHA256}zRB5UpgdEl89T2ndS8CBvUDThWPWd/yPYKOIpSvzBPUBAv7/", Notation::Ssha256, "lètmein"),
        ("{SMD5}Eu5qORhn/5coZU56LRY7bwEC/v8=", Notation::Smd5, "lètmein"),
    ];
    for (text, notation, password) in all {
        assert_converts(&whole_hash(text), notation, password);
    }
}

#[test]
fn the_identity_of_asp_net() {
    let value = pbkdf2_of(Digest::Sha512, PASSWORD, &[9; 16], 10_000, 32);
    let mut bytes = vec![1];
    for number in [2u32, 10_000, 16] {
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    bytes.extend_from_slice(&[9; 16]);
    bytes.extend_from_slice(&value);
    assert_converts(&whole_hash(&STANDARD.encode(bytes)), Notation::Pbkdf2Sha512, PASSWORD);
}

#[test]
fn a_made_bcrypt_verifies_at_its_own_cost() {
    let made = bcrypt::hash_with_salt(PASSWORD, 5, [200; 16]).expect("a cost that bcrypt takes").to_string();
    assert_converts(&whole_hash(&made), Notation::Bcrypt, PASSWORD);
}

#[test]
fn a_hash_in_a_line_of_ldif_is_base64_once_more() {
    let text = STANDARD.encode("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=");
    assert!(text.starts_with("e1NIQX1"));
    assert_converts(&whole_hash(&text), Notation::Sha1, "password");
}

#[test]
fn the_salt_of_spring_keeps_its_braces() {
    let text = "{MD5}{thisissalt}2a4e7104c2780098f50ed5a84bb2323d";
    assert_converts(&whole_hash(text), Notation::Md5, "password");
    let value = STANDARD.encode(digest_of(Digest::Sha256, PASSWORD, b"{}", SaltOrder::Postfix));
    assert_converts(&whole_hash(&format!("{{SHA-256}}{{}}{value}")), Notation::Sha256, PASSWORD);
}

#[test]
fn the_encoder_of_spring_since_5_8() {
    let (salt, key) = ([7; 16], [8; 32]);
    let text = format!("{{pbkdf2@SpringSecurity_v5_8}}{}{}", hex(&salt), hex(&key));
    let Ok(Verdict::Hash { notation, hash }) = verdict(&whole_hash(&text)) else { panic!("a hash") };
    assert_eq!(
        (notation, hash.to_json()["iterationCount"].as_u64()),
        (Notation::Pbkdf2Sha256, Some(310_000))
    );
    assert_eq!(hash.to_json()["salt"], STANDARD.encode(salt));
    assert_eq!(hash.to_json()["value"], STANDARD.encode(key));
}

#[test]
fn a_cost_that_the_hook_has_no_time_for_is_left_to_okta() {
    let at = |cost| reading(&whole_hash(&BCRYPT.replace("$10$", cost)));
    assert!(at("$16$").stored.is_some());
    let (seventeen, twenty) = (at("$17$"), at("$20$"));
    assert!(seventeen.okta.is_some() && seventeen.stored.is_none());
    assert!(twenty.okta.is_some() && twenty.stored.is_none());
}

#[test]
fn a_hash_in_the_column_of_split_hashes_is_read_whole() {
    let columns = StoredPassword {
        hashed_password: Some(BCRYPT),
        salt: Some("qRRx8rli7Lvs2h2CNgCQ2O"),
        work_factor: Some("10"),
        cleartext: Some("ignored"),
        ..StoredPassword::default()
    };
    assert_converts(&columns, Notation::Bcrypt, "P@ssword123456");
}

#[test]
fn what_okta_takes_follows_from_the_parts_alone() {
    let pbkdf2 = |digest, salt: &[u8], iterations, size| {
        okta_hash(&StoredHash::Pbkdf2 { digest, salt: bytes(salt), iterations, value: bytes(&vec![1; size]) })
    };
    assert!(pbkdf2(Digest::Sha256, b"salt", 4096, 32).is_some());
    assert!(pbkdf2(Digest::Sha256, b"salt", 4095, 32).is_none());
    assert!(pbkdf2(Digest::Sha1, b"salt", 4096, 20).is_none());
    assert!(pbkdf2(Digest::Sha256, b"", 4096, 32).is_none());
    assert!(pbkdf2(Digest::Sha256, b"salt", 4096, 256).is_none(), "a key of 389");
    let digest = |text, rounds| {
        let (digest, salt, value) = (Digest::Sha256, bytes(b"salt"), bytes(&[1; 32]));
        let (order, again) = (SaltOrder::Prefix, Again::Raw);
        StoredHash::Digest { digest, salt, order, text, rounds, again, value }
    };
    assert!(okta_hash(&digest(TextForm::Utf8, 1)).is_some());
    assert!(okta_hash(&digest(TextForm::Utf8, 2)).is_none());
    assert!(okta_hash(&digest(TextForm::Utf16Le, 1)).is_none());
    let hash = Box::new(digest(TextForm::Utf8, 1));
    assert!(okta_hash(&StoredHash::Peppered { pepper: Secret::new("pepper"), hash }).is_none());
}
