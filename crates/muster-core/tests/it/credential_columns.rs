//! Hashes whose salt and parameters stand in columns of their own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_core::credential::{Notation, OktaHash, StoredPassword, Verdict};
use muster_core::fault::FaultCode;
use muster_core::secret::Secret;
use muster_core::stored::{Again, Digest, SaltOrder as Order, StoredHash, TextForm};

use crate::credential_proof::{
    PASSWORD, assert_converts, bytes, digest_of, fault, hex, pbkdf2_of, reading, verdict, whole_hash,
};

fn split<'a>(algorithm: &'a str, value: &'a str, salt: &'a str, order: &'a str) -> StoredPassword<'a> {
    StoredPassword {
        hashed_password: Some(value),
        salt: Some(salt),
        algorithm: Some(algorithm),
        salt_order: Some(order),
        ..StoredPassword::default()
    }
}

#[test]
fn two_bcrypt_tails_need_no_algorithm() {
    let columns = split("", "mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2", "qRRx8rli7Lvs2h2CNgCQ2O", "");
    assert_converts(&columns, Notation::BcryptAssumed10, "P@ssword123456");
    assert_converts(
        &StoredPassword { work_factor: Some("10"), ..columns },
        Notation::Bcrypt,
        "P@ssword123456",
    );
    assert_converts(
        &StoredPassword { algorithm: Some("BCrypt"), ..columns },
        Notation::BcryptAssumed10,
        "P@ssword123456",
    );
    let other = StoredPassword { work_factor: Some("12"), ..columns };
    let Ok(Verdict::Hash { hash: OktaHash::Bcrypt { work_factor: 12, .. }, .. }) = verdict(&other) else {
        panic!("cost 12")
    };
    let beyond = StoredPassword { work_factor: Some("24"), ..columns };
    assert!(fault(&beyond).reason.contains("found work factor 24, expected 1 to 20"));
}

#[test]
fn published_digests() {
    let all = [
        (
            "SHA-512",
            "TXlTYWx0",
            "PREFIX",
            "QrozP8a+KfoHu6mPFysxLoO5LMQsd2Fw6IclZUf8xQjetJOCGS93vm68h+VaFX0LHSiF/GxQkykq1vofmx6NGA==",
            Notation::Sha512,
            "Abcd1234",
        ),
        (
            "sha_512",
            "JipHQUgqQU8qQUwpQUYjUChBSEcjQQ==",
            "postfix",
            "Zz6KwLGDm7ospSipwpDmxAjBWHKPLgGh1roGzI267h6txr/ihTI/R4K2eYrpyc0R24qCSF6DRqNl110vZZtj4A==",
            Notation::Sha512,
            "s3cr3tp@ssw0rd",
        ),
        ("Sha1", "UEO3wsAsgzQ=", "POSTFIX", "xjrauE6J6kbjcvMjWSSc+PsBBls=", Notation::Sha1, "P@ssw0rd"),
        ("md5", "TXlTYWx0", "PREFIX", "jqACjUUFXM1XE6NiLALAbA==", Notation::Md5, "Abcd1234"),
    ];
    for (algorithm, salt, order, value, notation, password) in all {
        assert_converts(&split(algorithm, value, salt, order), notation, password);
    }
}

#[test]
fn the_published_json_comes_out_again() {
    let columns = split("MD5", "jqACjUUFXM1XE6NiLALAbA==", "TXlTYWx0", "PREFIX");
    let Ok(Verdict::Hash { hash, .. }) = verdict(&columns) else { panic!("a hash") };
    let expected = serde_json::json!({
        "algorithm": "MD5", "salt": "TXlTYWx0", "saltOrder": "PREFIX", "value": "jqACjUUFXM1XE6NiLALAbA==",
    });
    assert_eq!(hash.to_json(), expected);
}

#[test]
fn hex_and_lax_base64_become_what_okta_takes() {
    let salt = [0xfb, 0xff, 0x10, 0xa1, 0x5e, 0x6f, 0x70, 0x81];
    let value = digest_of(Digest::Sha256, PASSWORD, &salt, Order::Prefix);
    let lax = |bytes: &[u8]| STANDARD.encode(bytes).trim_end_matches('=').replace('+', "-").replace('/', "_");
    let writings = [
        (hex(&value), hex(&salt)),
        (hex(&value).to_uppercase(), format!("base64:{}", STANDARD.encode(salt))),
        (STANDARD.encode(&value), STANDARD.encode(salt)),
        (STANDARD.encode(&value), format!("hex:{}", hex(&salt))),
        (lax(&value), lax(&salt)),
    ];
    for (value, salt) in writings {
        assert_converts(&split("SHA-256", &value, &salt, "PREFIX"), Notation::Sha256, PASSWORD);
    }
    let value = digest_of(Digest::Sha256, PASSWORD, b"deadbeef", Order::Prefix);
    assert_converts(&split("SHA-256", &hex(&value), "text:deadbeef", "PREFIX"), Notation::Sha256, PASSWORD);
}

#[test]
fn a_directory_scheme_can_stand_in_the_algorithm_column() {
    let value = digest_of(Digest::Sha1, PASSWORD, b"salt", Order::Postfix);
    let packed = STANDARD.encode([value.as_slice(), b"salt"].concat());
    assert_converts(&split("SSHA", &packed, "", ""), Notation::Ssha, PASSWORD);
    assert_converts(&split("SSHA", &STANDARD.encode(&value), "c2FsdA==", ""), Notation::Ssha, PASSWORD);
}

#[test]
fn an_algorithm_column_names_a_bare_hash_too() {
    let value = hex(&digest_of(Digest::Md5, PASSWORD, b"", Order::Prefix));
    let columns = StoredPassword { algorithm: Some("MD5"), ..whole_hash(&value) };
    assert_converts(&columns, Notation::Md5, PASSWORD);
    let columns = StoredPassword { algorithm: Some("NTLM"), ..columns };
    let Ok(Verdict::Hook { notation: Notation::Ntlm, stored }) = verdict(&columns) else { panic!("ntlm") };
    let StoredHash::Digest { digest: Digest::Md4, text: TextForm::Utf16Le, rounds: 1, .. } = stored else {
        panic!("md4 of UTF-16")
    };
}

#[test]
fn a_digest_of_many_rounds_goes_to_the_hook() {
    let value = STANDARD.encode([1; 32]);
    let columns =
        StoredPassword { iterations: Some("1000"), ..split("SHA-256", &value, "c2FsdA==", "PREFIX") };
    let iterated = |again| StoredHash::Digest {
        digest: Digest::Sha256,
        salt: bytes(b"salt"),
        order: Order::Prefix,
        text: TextForm::Utf8,
        rounds: 1000,
        again,
        value: bytes(&[1; 32]),
    };
    let hook = |again| Ok(Verdict::Hook { notation: Notation::IteratedDigest, stored: iterated(again) });
    assert_eq!(verdict(&columns), hook(Again::Raw));
    let hex_between = StoredPassword { algorithm: Some("SHA-256-hex"), ..columns };
    assert_eq!(verdict(&hex_between), hook(Again::Hex));
    let endless = StoredPassword { iterations: Some("10000001"), ..columns };
    assert!(fault(&endless).reason.contains("found 10000001 rounds, expected 1 to 10000000"));
}

#[test]
fn pbkdf2_by_columns() {
    let columns = StoredPassword {
        iterations: Some("20000"),
        key_size: Some("24"),
        digest_algorithm: Some("SHA512_HMAC"),
        ..split("PBKDF2", "fBNzjuyyyDghtShOdQNORxp7ppTZQPBZ", "kcs2gJGOI4Nn2bgiWM8E3P83ZHhIanj1", "")
    };
    assert_converts(&columns, Notation::Pbkdf2Sha512, "Test123456!");
    let Ok(Verdict::Hash { hash, .. }) = verdict(&columns) else { panic!("a hash") };
    let expected = serde_json::json!({
        "algorithm": "PBKDF2",
        "salt": "kcs2gJGOI4Nn2bgiWM8E3P83ZHhIanj1",
        "value": "fBNzjuyyyDghtShOdQNORxp7ppTZQPBZ",
        "iterationCount": 20000,
        "keySize": 24,
        "digestAlgorithm": "SHA512_HMAC",
    });
    assert_eq!(hash.to_json(), expected);

    let value = hex(&pbkdf2_of(Digest::Sha256, PASSWORD, &[0xab; 16], 4096, 32));
    let salt = "ab".repeat(16);
    let columns =
        StoredPassword { iterations: Some("4096"), ..split("pbkdf2-hmac-sha256", &value, &salt, "") };
    assert_converts(&columns, Notation::Pbkdf2Sha256, PASSWORD);
    let java = StoredPassword { algorithm: Some("PBKDF2WithHmacSHA256"), ..columns };
    assert_converts(&java, Notation::Pbkdf2Sha256, PASSWORD);
}

#[test]
fn a_known_password_is_kept_as_it_stands() {
    let columns = StoredPassword { cleartext: Some(" $ecret {x} "), ..StoredPassword::default() };
    assert_eq!(verdict(&columns), Ok(Verdict::Cleartext(Secret::new(" $ecret {x} "))));
    let long = "ß".repeat(72);
    let columns = StoredPassword { cleartext: Some(&long), ..StoredPassword::default() };
    assert_eq!(verdict(&columns), Ok(Verdict::Cleartext(Secret::new(long.clone()))));
}

#[test]
fn no_hash_and_no_password_is_none() {
    assert_eq!(verdict(&StoredPassword::default()), Ok(Verdict::None));
    let blank =
        StoredPassword { cleartext: Some(""), password_hash: Some("  "), ..split("BCRYPT", "", "", "") };
    assert_eq!(verdict(&blank), Ok(Verdict::None));
}

#[test]
fn an_hmac_has_its_key_in_the_column_of_the_salt() {
    let value = STANDARD.encode([5; 32]);
    let columns = split("hmac-sha256", &value, "text:key", "");
    let expected = StoredHash::Hmac { digest: Digest::Sha256, key: bytes(b"key"), value: bytes(&[5; 32]) };
    assert_eq!(verdict(&columns), Ok(Verdict::Hook { notation: Notation::HmacSha256, stored: expected }));
    assert_eq!(fault(&StoredPassword { salt: None, ..columns }).field.as_deref(), Some("salt"));
}

#[test]
fn sha_384_and_md4_are_for_the_hook() {
    for (algorithm, size, notation) in [("sha384", 48, Notation::Sha384), ("MD4", 16, Notation::Md4)] {
        let value = STANDARD.encode(vec![3; size]);
        let columns = split(algorithm, &value, "c2FsdA==", "POSTFIX");
        assert_eq!(reading(&columns).notation, notation);
        assert!(reading(&columns).okta.is_none());
    }
}

#[test]
fn membership_of_asp_net() {
    let (value, salt) = (STANDARD.encode([5; 20]), STANDARD.encode([6; 16]));
    let expected = |digest, value: &[u8]| StoredHash::Digest {
        digest,
        salt: bytes(&[6; 16]),
        order: Order::Prefix,
        text: TextForm::Utf16Le,
        rounds: 1,
        again: Again::Raw,
        value: bytes(value),
    };
    let notation = Notation::AspnetMembership;
    let hook = |digest, value: &[u8]| Ok(Verdict::Hook { notation, stored: expected(digest, value) });
    for algorithm in ["aspnet-membership", "ASPNET Membership SHA1"] {
        assert_eq!(verdict(&split(algorithm, &value, &salt, "")), hook(Digest::Sha1, &[5; 20]));
    }
    let longer = STANDARD.encode([5; 32]);
    let columns = split("aspnet-membership-sha256", &longer, &salt, "");
    assert_eq!(verdict(&columns), hook(Digest::Sha256, &[5; 32]));
    assert_eq!(verdict(&whole_hash(&format!("{value}|1|{salt}"))), hook(Digest::Sha1, &[5; 20]));
    assert!(fault(&whole_hash(&format!("{longer}|1|{salt}"))).reason.contains("aspnet-membership-sha256"));
    assert!(fault(&whole_hash("secret|0|c2FsdA==")).reason.contains("in clear"));
    assert_eq!(verdict(&whole_hash("abc|2|c2FsdA==")), Ok(Verdict::Reset { notation }));
}

#[test]
fn a_name_does_not_make_a_text_what_it_is_not() {
    let columns = StoredPassword { algorithm: Some("argon2id"), ..whole_hash("c2FsdHNhbHQ") };
    let fault = fault(&columns);
    assert_eq!(fault.code, FaultCode::BadCredential);
    assert!(fault.reason.contains("argon2id: found 11 characters, expected its whole text"), "{fault}");
}
