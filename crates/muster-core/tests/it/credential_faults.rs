//! What is refused, and in which words.

use muster_core::credential::StoredPassword;
use muster_core::fault::FaultCode;

use crate::credential_proof::{fault, reading, verdict, whole_hash};

fn assert_bad(columns: &StoredPassword<'_>, field: &str, words: &str) {
    let fault = fault(columns);
    assert_eq!((fault.code, fault.field.as_deref()), (FaultCode::BadCredential, Some(field)), "{fault}");
    assert!(fault.reason.contains(words), "{fault}");
}

fn assert_unknown(columns: &StoredPassword<'_>, field: &str, words: &str) {
    let fault = fault(columns);
    assert_eq!((fault.code, fault.field.as_deref()), (FaultCode::UnknownNotation, Some(field)), "{fault}");
    assert!(fault.reason.contains(words), "{fault}");
}

#[test]
fn what_is_no_hash_is_unknown() {
    assert_unknown(
        &whole_hash("not a hash at all"),
        "passwordHash",
        "found 17 characters, which is no known notation",
    );
    let beside = StoredPassword { salt: Some("abc"), ..whole_hash("xyz#") };
    assert_unknown(&beside, "passwordHash", "found 4 characters beside a salt of 3 characters");
    let long = "x".repeat(4097);
    assert_bad(&whole_hash(&long), "passwordHash", "found 4097 bytes, no notation has more than 4096");
}

#[test]
fn an_unknown_marker_is_shown_and_nothing_after_it() {
    assert_unknown(
        &whole_hash("$zz$secretsecret"),
        "passwordHash",
        "16 characters starting with $zz$ is not known",
    );
    assert_unknown(
        &whole_hash("{TIGER192}secret"),
        "passwordHash",
        "16 characters starting with {TIGER192} is not known",
    );
    assert_unknown(
        &whole_hash("{a secret, perhaps}x"),
        "passwordHash",
        "the notation of 20 characters is not known",
    );
}

#[test]
fn malformed_bcrypt() {
    let good = "$2a$10$qRRx8rli7Lvs2h2CNgCQ2OmVA2NDdomRGoGFrAXDZcno0OZ6CoOU2";
    assert_bad(&whole_hash(&good[..59]), "passwordHash", "found 59 characters, expected 60");
    assert_bad(
        &whole_hash(&good.replace("$10$", "$00$")),
        "passwordHash",
        "found work factor 0, expected 1 to 20",
    );
    assert_bad(&whole_hash(&good.replace("$10$", "$32$")), "passwordHash", "found work factor 32");
    assert_bad(&whole_hash(&good.replace("$10$", "$1x$")), "passwordHash", "expected a whole number");
    assert_bad(&whole_hash(&good.replace("Lvs", "L+s")), "passwordHash", "./A-Za-z0-9");
    let tails = StoredPassword {
        algorithm: Some("BCRYPT"),
        hashed_password: Some("mVA2NDdomRGoGFrAXDZcno0OZ6CoOU"),
        salt: Some("qRRx8rli7Lvs2h2CNgCQ2O"),
        ..StoredPassword::default()
    };
    assert_bad(&tails, "hashedPassword", "found 30 characters, expected bcrypt's 31");
    assert_bad(&StoredPassword { salt: None, ..tails }, "salt", "22 characters");
}

#[test]
fn malformed_digests() {
    let sha1 = StoredPassword {
        algorithm: Some("SHA-1"),
        hashed_password: Some("xjrauE6J6kbjcvMjWSSc+PsBBls="),
        salt: Some("UEO3wsAsgzQ="),
        salt_order: Some("POSTFIX"),
        ..StoredPassword::default()
    };
    assert!(verdict(&sha1).is_ok());
    assert_bad(
        &StoredPassword { salt_order: None, ..sha1 },
        "saltOrder",
        "saltOrder is missing: PREFIX (salt before the password) or POSTFIX",
    );
    assert_bad(&StoredPassword { salt_order: Some("both"), ..sha1 }, "saltOrder", "expected PREFIX");
    assert_bad(&StoredPassword { salt: Some("my salt!"), ..sha1 }, "salt", "not base64");
    assert_bad(
        &StoredPassword { salt: Some("0123456789abcdef"), ..sha1 },
        "salt",
        "reads as hex and as base64",
    );
    assert_bad(
        &StoredPassword { algorithm: Some("SHA-256"), ..sha1 },
        "hashedPassword",
        "a SHA-256 digest: found base64 of 20 bytes, expected base64 or hex of 32 bytes",
    );
    assert_bad(&whole_hash("{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="), "passwordHash", "ssha: found 20 bytes");
    assert_bad(&whole_hash("{SHA}???"), "passwordHash", "expected base64 or hex of 20 bytes");
    assert_unknown(
        &StoredPassword { algorithm: Some("SHA-3"), ..sha1 },
        "algorithm",
        "found \"SHA-3\", expected BCRYPT",
    );
}

#[test]
fn malformed_pbkdf2() {
    let key = "A".repeat(43);
    assert_bad(&whole_hash("$pbkdf2-sha256$29000$c2FsdA"), "passwordHash", "expected iterations$salt$hash");
    assert_bad(
        &whole_hash(&format!("$pbkdf2-sha256$many$c2FsdA${key}")),
        "passwordHash",
        "expected a whole number",
    );
    assert_bad(
        &whole_hash(&format!("$pbkdf2-sha256$i=5000,l=64$c2FsdA${key}")),
        "passwordHash",
        "found a key of 32 bytes, expected l=64",
    );
    assert_bad(&whole_hash("$pbkdf2-sha256$5000$c2FsdA$c2FsdA"), "passwordHash", "found a key of 4 bytes");
    assert_bad(&whole_hash("pbkdf2:sha256$salt$00"), "passwordHash", "found no iterations");
    let columns = StoredPassword {
        algorithm: Some("PBKDF2"),
        hashed_password: Some(&key),
        ..StoredPassword::default()
    };
    assert_bad(&columns, "digestAlgorithm", "SHA256_HMAC");
    let columns = StoredPassword { digest_algorithm: Some("SHA256_HMAC"), ..columns };
    assert_bad(&columns, "iterations", "iterations");
    let columns = StoredPassword { iterations: Some("5000"), ..columns };
    assert_bad(&columns, "salt", "a salt");
    let columns = StoredPassword { salt: Some("c2FsdA=="), key_size: Some("256"), ..columns };
    assert_bad(&columns, "keySize", "the key has 32 bytes, keySize says 256 (it counts bytes, not bits)");
}

#[test]
fn a_hash_for_the_hook_that_was_cut() {
    assert_bad(
        &whole_hash("$6$saltsalt$abc"),
        "passwordHash",
        "sha512-crypt: found 3 characters, expected 86",
    );
    assert_bad(
        &whole_hash("$argon2id$v=19"),
        "passwordHash",
        "argon2id: found 4 characters, expected m=memory",
    );
    assert_bad(&whole_hash("{CRYPT}abc"), "passwordHash", "found 3 characters of crypt(3)");
    assert_bad(&whole_hash("{BCRYPT}abc"), "passwordHash", "expected $ after the braces");
}

#[test]
fn marks_that_are_no_passwords() {
    assert_bad(&whole_hash("plain$salt$secret"), "passwordHash", "move it to the password column");
    assert_bad(&whole_hash("{noop}secret"), "passwordHash", "move it to the password column");
}

#[test]
fn two_hashes_that_differ() {
    let columns = StoredPassword { hashed_password: Some("a"), ..whole_hash("b") };
    assert_bad(&columns, "passwordHash", "different hashes");
}

#[test]
fn a_hash_in_the_password_column() {
    let clear = |text| StoredPassword { cleartext: Some(text), ..StoredPassword::default() };
    let bcrypt = "$2a$10$qRRx8rli7Lvs2h2CNgCQ2OmVA2NDdomRGoGFrAXDZcno0OZ6CoOU2";
    assert_bad(&clear(bcrypt), "password", "looks like a bcrypt hash; name the column passwordHash");
    assert_bad(&clear(&bcrypt[..40]), "password", "looks like a hash that was cut");
    assert_bad(&clear("{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr"), "password", "looks like a ssha hash");
    assert_bad(&clear(&"x".repeat(73)), "password", "found 73 characters, Okta takes 72 at most");
}

#[test]
fn nothing_prints_a_secret() {
    let columns =
        StoredPassword { cleartext: Some("hunter2"), salt: Some("pepper"), ..whole_hash("$zz$hidden") };
    assert_eq!(format!("{columns:?}"), r#"StoredPassword {"password", "salt", "passwordHash"}"#);
    let reading = reading(&whole_hash("{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr"));
    assert!(!format!("{reading:?}").contains("0c0b"));
    assert!(!fault(&columns).to_string().contains("hidden"));
}

#[test]
fn a_cost_that_would_stall_the_server() {
    let (x22, x31, x43) = ("x".repeat(22), "x".repeat(31), "x".repeat(43));
    let key = "A".repeat(43);
    let all = [
        (format!("$2b$21${x22}{x31}"), "found work factor 21, expected 1 to 20"),
        (format!("$2x$17${x22}{x31}"), "bcrypt-2x: found work factor 17, expected 4 to 16"),
        (format!("$wp$2y$17${x22}{x31}"), "wordpress-bcrypt: found work factor 17, expected 4 to 16"),
        (
            format!("$pbkdf2-sha256$10000001$c2FsdA${key}"),
            "found 10000001 iterations, expected 1 to 10000000",
        ),
        (
            format!("$argon2id$v=19$m=2097152,t=1,p=1$c2FsdHNhbHQ${key}"),
            "found 2097152 KiB of memory, expected 8 to 1048576",
        ),
        (
            format!("$argon2id$v=19$m=1048576,t=5,p=1$c2FsdHNhbHQ${key}"),
            "found 5120 MiB to be written, expected 4096 at most",
        ),
        (format!("$scrypt$ln=24,r=8,p=1$c2FsdA${key}"), "found 16384 MiB of memory, expected 1024 at most"),
        (format!("$scrypt$ln=20,r=8,p=5$c2FsdA${key}"), "found 5120 MiB to be written"),
        (
            format!("scrypt:32769:8:1$salt${}", "0".repeat(128)),
            "found an N of 32769, expected a power of two",
        ),
        (format!("$5$rounds=5000001$salt${x43}"), "found 5000001 rounds, expected 1000 to 5000000"),
        (format!("$P$T{}", "x".repeat(30)), "found 2^31 rounds, expected 2^7 to 2^24"),
        (format!("$y$jJT$saltsalt${x43}"), "MiB of memory"),
        (format!("$sha1$10000001$salt${}", "x".repeat(28)), "found 10000001 rounds"),
    ];
    for (text, words) in all {
        assert_bad(&whole_hash(&text), "passwordHash", words);
    }
}

#[test]
fn lengths_that_no_hash_has() {
    let x22 = "x".repeat(22);
    let all = [
        (format!("$1$saltsalts${x22}"), "found a salt of 9 characters, expected 8 at most"),
        (format!("$6${}${}", "s".repeat(17), "x".repeat(86)), "found a salt of 17 characters, expected 16"),
        (format!("$argon2id$v=19$m=65536,t=3,p=4$c2FsdA${}", "A".repeat(43)), "found a salt of 4 bytes"),
        (format!("$argon2id$v=18$m=65536,t=3,p=4$c2FsdHNhbHQ${}", "A".repeat(43)), "found version 18"),
        (format!("$argon2id$v=19$m=65536,t=3,p=4,keyid=AA$c2FsdHNhbHQ${}", "A".repeat(43)), "(keyid)"),
        (format!("$3$${}", "0".repeat(31)), "ntlm: found 31 characters, expected 32 hex digits"),
        (format!("*{}", "0A".repeat(19)), "mysql41: found 38 characters"),
        (format!("{{NT}}{x22}"), "expected 32 hex digits"),
        (format!("$P$B{}", "x".repeat(29)), "phpass: found 21 characters, expected 22"),
        (format!("{{pbkdf2@SpringSecurity_v5_8}}{}", "0".repeat(80)), "expected hex of 48 bytes"),
        ("{PKCS5S2}AAAA".to_owned(), "expected base64 of 48 bytes"),
    ];
    for (text, words) in all {
        assert_bad(&whole_hash(&text), "passwordHash", words);
    }
}
