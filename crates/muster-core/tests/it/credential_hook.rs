//! Hashes that only the hook can check: their parts, of hashes that other implementations made of `Pässwörd-1`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_core::credential::{Notation, Verdict};
use muster_core::stored::{Again, Argon2Variant, BcryptInput, Digest, SaltOrder, StoredHash, TextForm};

use crate::credential_proof::{bytes, for_hook, hex, verdict, whole_hash};

fn crypt_parts(stored: &StoredHash) -> (u32, &str, &str) {
    match stored {
        StoredHash::Md5Crypt { salt, value, .. } => (1000, salt, value),
        StoredHash::ShaCrypt { rounds, salt, value, .. } | StoredHash::Sha1Crypt { rounds, salt, value } => {
            (*rounds, salt, value)
        }
        StoredHash::Phpass { log_rounds, salt, value, .. } => (1 << log_rounds, salt, value),
        other => panic!("no crypt: {other:?}"),
    }
}

#[test]
fn crypt_in_all_makes() {
    let sha512 = "olp0kad6.xUL4Jczh3eCe59ZMcr99XkLCvnYwoy1VaI9SSwEH8uwrcCUhe/rQNaGyUsvl8pKMdgtmM696cZk91";
    let sha256 = "00W4.BbQm/mdgtDM/CZ6A6eR1aPj56OmGTkZKjQPqV8";
    let all = [
        (
            "$1$zaGxZj2x$237jQbxTAOCbpHIbC.yp6/".to_owned(),
            Notation::Md5Crypt,
            (1000, "zaGxZj2x", "237jQbxTAOCbpHIbC.yp6/"),
        ),
        (
            "$apr1$mphrQHQy$lrewp2Nf3Oce1MOI8alri.".to_owned(),
            Notation::Apr1,
            (1000, "mphrQHQy", "lrewp2Nf3Oce1MOI8alri."),
        ),
        (
            format!("$5$rounds=1000$kbGyWOi8NbBXgdZY${sha256}"),
            Notation::Sha256Crypt,
            (1000, "kbGyWOi8NbBXgdZY", sha256),
        ),
        (format!("{{CRYPT}}$6$5PCc${sha512}"), Notation::Sha512Crypt, (5000, "5PCc", sha512)),
        (format!("$6$${sha512}"), Notation::Sha512Crypt, (5000, "", sha512)),
        (
            "$sha1$1000$6Iie5rpW$k/59G/Hxo9tiFO6Ty8p3yzyngoLu".to_owned(),
            Notation::Sha1Crypt,
            (1000, "6Iie5rpW", "k/59G/Hxo9tiFO6Ty8p3yzyngoLu"),
        ),
        (
            "$P$6BKLNBTodlJ.LFZLnacf4RXZUL7ly6/".to_owned(),
            Notation::Phpass,
            (256, "BKLNBTod", "lJ.LFZLnacf4RXZUL7ly6/"),
        ),
    ];
    for (text, notation, parts) in all {
        let (found, stored) = for_hook(&text);
        assert_eq!((found, crypt_parts(&stored)), (notation, parts));
    }
}

#[test]
fn crypt_that_is_kept_whole() {
    let yescrypt = "$y$j9T$WGMTl8Bh7tNrTnvK5vHLe0$8HyMIUDbJ4Vh8TCLVjKtrN0Y0NhsoX3pfU5C7i8gcx9";
    let all = [
        ("{CRYPT}Lga870zSbObAk", Notation::DesCrypt, StoredHash::DesCrypt("Lga870zSbObAk".to_owned().into())),
        (
            "crypt$Lg$Lga870zSbObAk",
            Notation::DesCrypt,
            StoredHash::DesCrypt("Lga870zSbObAk".to_owned().into()),
        ),
        (
            "{CRYPT}_7C/.tLhCSUeb4X.5P2A",
            Notation::BsdiCrypt,
            StoredHash::BsdiCrypt("_7C/.tLhCSUeb4X.5P2A".to_owned().into()),
        ),
        (yescrypt, Notation::Yescrypt, StoredHash::Yescrypt(yescrypt.to_owned().into())),
    ];
    for (text, notation, stored) in all {
        assert_eq!(for_hook(text), (notation, stored), "{text}");
    }
}

#[test]
fn drupal_is_phpass_over_sha_512() {
    let value = "x".repeat(43);
    let log_of = |text: &str| match for_hook(text) {
        (notation, StoredHash::Phpass { digest, log_rounds, md5_first, .. }) => {
            (notation, digest, log_rounds, md5_first)
        }
        other => panic!("no PHPass: {other:?}"),
    };
    assert_eq!(log_of(&format!("$S$Dsaltsalt{value}")), (Notation::Drupal7, Digest::Sha512, 15, false));
    assert_eq!(log_of(&format!("U$S$Dsaltsalt{value}")), (Notation::Drupal7, Digest::Sha512, 15, true));
    assert_eq!(log_of("U$P$6BKLNBTodlJ.LFZLnacf4RXZUL7ly6/"), (Notation::Phpass, Digest::Md5, 8, true));
    assert_eq!(log_of("$H$6BKLNBTodlJ.LFZLnacf4RXZUL7ly6/"), (Notation::Phpass, Digest::Md5, 8, false));
}

#[test]
fn bcrypt_of_something_else() {
    let tails = format!("{}{}", "s".repeat(22), "v".repeat(31));
    let split = format!("{}${}", "s".repeat(22), "v".repeat(31));
    let all = [
        (format!("$2x$10${tails}"), Notation::Bcrypt2x, BcryptInput::SignExtended),
        (format!("bcrypt_sha256$$2b$10${tails}"), Notation::BcryptSha256, BcryptInput::HexSha256),
        (format!("$bcrypt-sha256$2a,10${split}"), Notation::BcryptSha256, BcryptInput::Base64Sha256),
        (
            format!("$bcrypt-sha256$v=2,t=2b,r=10${split}"),
            Notation::BcryptSha256,
            BcryptInput::Base64HmacSha256,
        ),
        (format!("$wp$2y$10${tails}"), Notation::WordPressBcrypt, BcryptInput::WordPress),
    ];
    for (text, notation, input) in all {
        let expected =
            StoredHash::Bcrypt { cost: 10, salt: "s".repeat(22).into(), value: "v".repeat(31).into(), input };
        assert_eq!(for_hook(&text), (notation, expected), "{text}");
    }
}

#[test]
fn argon2_in_every_wrapping() {
    let rest = "m=65536,t=3,p=4$c2FsdHNhbHQ$AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
    let of = |variant, version| StoredHash::Argon2 {
        variant,
        version,
        memory: 65536,
        passes: 3,
        lanes: 4,
        salt: bytes(b"saltsalt"),
        value: bytes(&[1; 32]),
    };
    let all = [
        (format!("$argon2id$v=19${rest}"), Notation::Argon2id, of(Argon2Variant::Id, 19)),
        (format!("$argon2i${rest}"), Notation::Argon2i, of(Argon2Variant::I, 16)),
        (format!("{{ARGON2}}$argon2d$v=16${rest}"), Notation::Argon2d, of(Argon2Variant::D, 16)),
        (format!("argon2$argon2id$v=19${rest}"), Notation::Argon2id, of(Argon2Variant::Id, 19)),
        (
            format!("{{argon2@SpringSecurity_v5_8}}$argon2id$v=19${rest}"),
            Notation::Argon2id,
            of(Argon2Variant::Id, 19),
        ),
    ];
    for (text, notation, stored) in all {
        assert_eq!(for_hook(&text), (notation, stored), "{text}");
    }
}

#[test]
fn scrypt_in_every_writing() {
    let of = |salt: &[u8], value: &[u8]| StoredHash::Scrypt {
        log_n: 10,
        r: 8,
        p: 1,
        salt: bytes(salt),
        value: bytes(value),
    };
    let raw = |text| STANDARD.decode(text).expect("base64");
    // Made by hashlib.
    let one = raw("utNmjlhyGS+XsZ2rNNHvSWc0IPoudpMoAGyAVnhDEZ4=");
    let key = [9; 64];
    let salt = b"0123456789abcdef";
    let (salt_text, one_text) = ("MDEyMzQ1Njc4OWFiY2RlZg", STANDARD.encode(&one));
    let all = [
        (format!("$scrypt$ln=10,r=8,p=1${salt_text}${}", one_text.trim_end_matches('=')), of(salt, &one)),
        (format!("$s0$a0801${salt_text}==${one_text}"), of(salt, &one)),
        (format!("{{scrypt}}$a0801${salt_text}==${one_text}"), of(salt, &one)),
        (format!("{{scrypt@SpringSecurity_v5_8}}$a0801${salt_text}==${one_text}"), of(salt, &one)),
        (format!("scrypt$1024$saltsalt$8$1${}", STANDARD.encode(key)), of(b"saltsalt", &key)),
        (format!("scrypt:1024:8:1$saltsalt${}", hex(&key)), of(b"saltsalt", &key)),
    ];
    for (text, stored) in all {
        assert_eq!(for_hook(&text), (Notation::Scrypt, stored), "{text}");
    }
    let (_, seven) = for_hook("$7$86..../....saltsalt$t78oqfxevABJ8ePYbj4X9NNRa4HHH16WfBxouCKz3w2");
    let StoredHash::Scrypt { log_n: 10, r: 8, p: 1, salt, value } = seven else { panic!("scrypt") };
    assert_eq!(salt.as_slice(), b"saltsalt");
    assert_eq!(hex(&value), "79a2d0f6daab3bd3548aba91e76b8c4b9675a6314dd380886bd3d3ba63fd054f");
}

#[test]
fn pbkdf2_that_okta_does_not_take() {
    let sha1 = |iterations, salt: &[u8], value: &[u8]| StoredHash::Pbkdf2 {
        digest: Digest::Sha1,
        salt: bytes(salt),
        iterations,
        value: bytes(value),
    };
    let key = [7; 20];
    let text = STANDARD.encode(key);
    let bare = text.trim_end_matches('=');
    let all = [
        (format!("$pbkdf2$131000$c2FsdA${bare}"), sha1(131_000, b"salt", &key)),
        (format!("$pbkdf2-sha1$i=10000,l=20$c2FsdA${bare}"), sha1(10_000, b"salt", &key)),
        (format!("{{PBKDF2}}60000$c2FsdA${bare}"), sha1(60_000, b"salt", &key)),
        (format!("{{PBKDF2-SHA1}}60000$c2FsdA${bare}"), sha1(60_000, b"salt", &key)),
        (format!("{{PBKDF2}}$1$salt$5000${}", hex(&key)), sha1(5000, b"salt", &key)),
        (format!("pbkdf2_sha1$260000$salt${text}"), sha1(260_000, b"salt", &key)),
        (format!("pbkdf2:sha1:1000$salt${}", hex(&key)), sha1(1000, b"salt", &key)),
        (format!("{{pbkdf2}}{}{}", hex(&[1; 8]), hex(&[2; 32])), sha1(185_000, &[1; 8], &[2; 32])),
        (
            format!("{{PKCS5S2}}{}", STANDARD.encode([[1; 16], [2; 16], [2; 16]].concat())),
            sha1(10_000, &[1; 16], &[2; 32]),
        ),
        (
            // ASP.NET Identity, version 2.
            STANDARD.encode([vec![0], vec![1; 16], vec![2; 32]].concat()),
            sha1(1000, &[1; 16], &[2; 32]),
        ),
    ];
    for (text, stored) in all {
        assert_eq!(for_hook(&text), (Notation::Pbkdf2Sha1, stored), "{text}");
    }
    // Okta takes 4096 rounds and more.
    let few = format!("$pbkdf2-sha256$4095$c2FsdA${}", "A".repeat(43));
    assert_eq!(for_hook(&few).0, Notation::Pbkdf2Sha256);
}

#[test]
fn the_directory_server_389_packs_everything_into_base64() {
    let packed = [&10_000u32.to_be_bytes()[..], &[1; 64], &[2; 256]].concat();
    let expected = StoredHash::Pbkdf2 {
        digest: Digest::Sha256,
        salt: bytes(&[1; 64]),
        iterations: 10_000,
        value: bytes(&[2; 256]),
    };
    let text = format!("{{PBKDF2_SHA256}}{}", STANDARD.encode(packed));
    assert_eq!(for_hook(&text), (Notation::Pbkdf2Sha256, expected));
}

#[test]
fn digests_of_more_than_okta_knows() {
    let of = |digest, salt: &[u8], text, rounds, value: &[u8]| StoredHash::Digest {
        digest,
        salt: bytes(salt),
        order: if salt == [4; 8] { SaltOrder::Postfix } else { SaltOrder::Prefix },
        text,
        rounds,
        again: Again::Raw,
        value: bytes(value),
    };
    let ntlm = || of(Digest::Md4, b"", TextForm::Utf16Le, 1, &[0xab; 16]);
    let digits = "AB".repeat(16);
    let all = [
        (format!("$3$${digits}"), Notation::Ntlm, ntlm()),
        (format!("$NT${digits}"), Notation::Ntlm, ntlm()),
        (format!("{{NT}}{digits}"), Notation::Ntlm, ntlm()),
        (format!("ada:1001:{}:{digits}:::", "0".repeat(32)), Notation::Ntlm, ntlm()),
        (
            format!("*{}", "0A".repeat(20)),
            Notation::Mysql41,
            of(Digest::Sha1, b"", TextForm::Utf8, 2, &[0x0a; 20]),
        ),
        (
            format!("{{SSHA384}}{}", STANDARD.encode([vec![1; 48], vec![4; 8]].concat())),
            Notation::Ssha384,
            of(Digest::Sha384, &[4; 8], TextForm::Utf8, 1, &[1; 48]),
        ),
        (
            format!("{{SHA384}}{}", STANDARD.encode([1; 48])),
            Notation::Sha384,
            of(Digest::Sha384, b"", TextForm::Utf8, 1, &[1; 48]),
        ),
        (format!("{{MD4}}{digits}"), Notation::Md4, of(Digest::Md4, b"", TextForm::Utf8, 1, &[0xab; 16])),
        (
            format!("{{sha256}}{}{}", hex(&[3; 8]), hex(&[1; 32])),
            Notation::IteratedDigest,
            of(Digest::Sha256, &[3; 8], TextForm::Utf8, 1024, &[1; 32]),
        ),
    ];
    for (text, notation, stored) in all {
        assert_eq!(for_hook(&text), (notation, stored), "{text}");
    }
}

#[test]
fn what_nobody_verifies_is_named() {
    let all = [
        (format!("$gy$j9T$saltsalt${}", "x".repeat(43)), Notation::GostYescrypt),
        (format!("$md5,rounds=904$saltsalt$${}", "x".repeat(22)), Notation::SunMd5),
        (format!("$md5$saltsalt$${}", "x".repeat(22)), Notation::SunMd5),
        (format!("$2$10${}", "x".repeat(53)), Notation::Bcrypt2),
    ];
    for (text, notation) in all {
        assert_eq!(verdict(&whole_hash(&text)), Ok(Verdict::Reset { notation }), "{text}");
    }
}
