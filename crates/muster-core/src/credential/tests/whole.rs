//! Hashes in one text.

use muster_passwords::{Digest, Pbkdf2Digest, SaltOrder, bcrypt_hash, digest_hash, pbkdf2_hash};

use super::*;

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
    let Ok(Verdict::Hash { hash, .. }) = recognise(&whole_hash(BCRYPT)) else { panic!("a hash") };
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
        let value = digest_hash(digest, PASSWORD, b"", SaltOrder::Postfix);
        for text in [STANDARD.encode(&value), hex(&value), hex(&value).to_uppercase()] {
            assert_converts(&whole_hash(&format!("{{{name}}}{text}")), plain, PASSWORD);
        }
        let mut value = digest_hash(digest, PASSWORD, b"12345678", SaltOrder::Postfix);
        value.extend_from_slice(b"12345678");
        for text in [STANDARD.encode(&value), hex(&value)] {
            assert_converts(&whole_hash(&format!("{{S{name}}}{text}")), salted, PASSWORD);
            assert_converts(&whole_hash(&format!("{{s{}}}{text}", name.to_lowercase())), salted, PASSWORD);
        }
    }
}

#[test]
fn an_unsalted_digest_names_no_salt() {
    let Ok(Verdict::Hash { hash, .. }) = recognise(&whole_hash("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=")) else {
        panic!("a hash")
    };
    let expected = serde_json::json!({ "algorithm": "SHA-1", "value": "W6ph5Mm5Pz8GgiULbPgzG37mj9g=" });
    assert_eq!(hash.to_json(), expected);
    assert_converts(&whole_hash("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="), Notation::Sha1, "password");
}

#[test]
fn pbkdf2_in_every_writing() {
    let all = [
        (Pbkdf2Digest::Sha256, "sha256", 32, Notation::Pbkdf2Sha256),
        (Pbkdf2Digest::Sha512, "sha512", 64, Notation::Pbkdf2Sha512),
    ];
    for (digest, name, size, notation) in all {
        // These bytes have plus signs in their base64.
        let salt = [0xfb, 0xef, 0xbe, 1, 2, 3, 4, 5, 6, 7];
        let value = pbkdf2_hash(digest, PASSWORD, &salt, 5000, size);
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

        let value = pbkdf2_hash(digest, PASSWORD, b"saltText", 5000, size);
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
    let value = pbkdf2_hash(Pbkdf2Digest::Sha512, PASSWORD, &[9; 16], 10_000, 32);
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
    let (salt, value) = bcrypt_hash(PASSWORD, 5, [200; 16]);
    assert_converts(&whole_hash(&format!("$2b$05${salt}{value}")), Notation::Bcrypt, PASSWORD);
}

#[test]
fn what_only_the_hook_can_check() {
    let (x22, x31, x43, x86) = ("x".repeat(22), "x".repeat(31), "x".repeat(43), "x".repeat(86));
    let x53 = "x".repeat(53);
    let key = "A".repeat(43);
    let all = [
        (format!("$2b$21${x53}"), Notation::Bcrypt),
        (format!("$2x$10${x53}"), Notation::Bcrypt2x),
        (format!("$bcrypt-sha256$v=2,t=2b,r=12${x22}${x31}"), Notation::BcryptSha256),
        (format!("bcrypt_sha256$$2b$12${x53}"), Notation::BcryptSha256),
        (format!("$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ${x43}"), Notation::Argon2id),
        (format!("$argon2i$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ${x43}"), Notation::Argon2i),
        (format!("{{ARGON2}}$argon2d$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ${x43}"), Notation::Argon2d),
        (format!("argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdHNhbHQ${x43}"), Notation::Argon2id),
        (format!("$scrypt$ln=16,r=8,p=1$c2FsdA${x43}"), Notation::Scrypt),
        (format!("scrypt:32768:8:1$salt${x86}"), Notation::Scrypt),
        (format!("{{scrypt}}$e0801$c2FsdHNhbHQ=${x43}="), Notation::Scrypt),
        (format!("{{PBKDF2}}$1$salt$5000${}", "0".repeat(40)), Notation::Pbkdf2Sha1),
        (format!("$7$C6..../....SaltSalt${x43}"), Notation::Scrypt),
        (format!("$1$saltsalt${x22}"), Notation::Md5Crypt),
        (format!("{{MD5}}$1$saltsalt${x22}"), Notation::Md5Crypt),
        (format!("$apr1$saltsalt${x22}"), Notation::Apr1),
        (format!("$md5,rounds=904$saltsalt$${x22}"), Notation::SunMd5),
        (format!("$5$saltsalt${x43}"), Notation::Sha256Crypt),
        (format!("$6$rounds=656000$saltsalt${x86}"), Notation::Sha512Crypt),
        (format!("{{CRYPT}}$6$saltsalt${x86}"), Notation::Sha512Crypt),
        (format!("{{SHA512-CRYPT}}$6$saltsalt${x86}"), Notation::Sha512Crypt),
        (format!("$y$j9T$saltsalt${x43}"), Notation::Yescrypt),
        (format!("$gy$j9T$saltsalt${x43}"), Notation::GostYescrypt),
        (format!("$sha1$480000$saltsalt${}", "x".repeat(28)), Notation::Sha1Crypt),
        ("{CRYPT}rl0uE2R/8uGGk".into(), Notation::DesCrypt),
        ("{CRYPT}_J9..CCCCXBrJUJV154M".into(), Notation::BsdiCrypt),
        (format!("$P$B{}", "x".repeat(30)), Notation::Phpass),
        (format!("$S$D{}", "x".repeat(51)), Notation::Drupal7),
        (format!("$3$${}", "0".repeat(32)), Notation::Ntlm),
        (format!("*{}", "0A".repeat(20)), Notation::Mysql41),
        (format!("{{SSHA384}}{}", STANDARD.encode([1; 56])), Notation::Sha384),
        (format!("$pbkdf2$131000$c2FsdA${}", "A".repeat(27)), Notation::Pbkdf2Sha1),
        (format!("{{PBKDF2}}60000$c2FsdA${}", "A".repeat(27)), Notation::Pbkdf2Sha1),
        (format!("pbkdf2_sha1$260000$salt${}=", "A".repeat(27)), Notation::Pbkdf2Sha1),
        // Okta takes 4096 rounds and more.
        (format!("$pbkdf2-sha256$4095$c2FsdA${key}"), Notation::Pbkdf2Sha256),
        (format!("{{PBKDF2_SHA256}}{}", STANDARD.encode([3; 324])), Notation::Pbkdf2Sha256),
    ];
    for (text, notation) in all {
        assert_eq!(recognise(&whole_hash(&text)), Ok(Verdict::Hook { notation }), "{text}");
    }
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
fn every_notation_has_a_name_of_its_own() {
    let names: std::collections::BTreeSet<_> = Notation::ALL.into_iter().map(Notation::as_str).collect();
    assert_eq!(names.len(), Notation::ALL.len());
}
