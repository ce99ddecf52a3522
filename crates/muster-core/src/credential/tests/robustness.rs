//! Whatever stands in the columns, the answer is a verdict or a fault, and a fault never repeats a hash.

use proptest::prelude::*;

use super::*;

fn cell() -> impl Strategy<Value = Option<String>> {
    let marker = prop_oneof![
        Just(""),
        Just("$2b$10$"),
        Just("$pbkdf2-sha256$"),
        Just("$pbkdf2-sha512$i=5000,l=64$"),
        Just("$argon2id$v=19$"),
        Just("{SSHA}"),
        Just("{CRYPT}"),
        Just("{PBKDF2-SHA256}"),
        Just("pbkdf2_sha256$5000$"),
        Just("pbkdf2:sha256:5000$"),
        Just("bcrypt$"),
        Just("*"),
        Just("$"),
        Just("{"),
    ];
    let rest = prop_oneof![".{0,80}", "[./A-Za-z0-9+=$]{0,90}", "[0-9a-f]{0,128}"];
    proptest::option::of((marker, rest).prop_map(|(marker, rest)| format!("{marker}{rest}")))
}

fn algorithm() -> impl Strategy<Value = Option<String>> {
    const NAMES: [&str; 9] =
        ["BCRYPT", "SHA-512", "SHA-256", "SHA-1", "MD5", "SSHA", "PBKDF2", "PBKDF2-SHA256", "argon2id"];
    proptest::option::of(prop_oneof![proptest::sample::select(&NAMES[..]).prop_map(str::to_owned), ".{0,30}"])
}

fn number() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(prop_oneof!["[0-9]{0,12}", ".{0,5}"])
}

proptest! {
    #[test]
    fn nothing_panics(
        (password, hashed, salt, whole) in (cell(), cell(), cell(), cell()),
        (algorithm, hmac) in (algorithm(), algorithm()),
        (work, iterations, size, order) in (number(), number(), number(), proptest::option::of("(PRE|POST)FIX|.{0,4}")),
    ) {
        let columns = StoredPassword {
            cleartext: password.as_deref(),
            hashed_password: hashed.as_deref(),
            salt: salt.as_deref(),
            algorithm: algorithm.as_deref(),
            work_factor: work.as_deref(),
            salt_order: order.as_deref(),
            iterations: iterations.as_deref(),
            key_size: size.as_deref(),
            digest_algorithm: hmac.as_deref(),
            password_hash: whole.as_deref(),
        };
        let all = recognise(&columns);
        let whole_alone = recognise(&StoredPassword { password_hash: whole.as_deref(), ..StoredPassword::default() });
        let split_alone = recognise(&StoredPassword { password_hash: None, ..columns });
        for verdict in [all, whole_alone, split_alone].into_iter().flatten() {
            if let Verdict::Hash { hash, .. } = verdict {
                prop_assert!(hash.to_json().is_object());
            }
        }
    }

    #[test]
    fn a_fault_never_repeats_what_follows_the_marker(marker in "[$]zz[$]|[{]ZZ[}]|zz", rest in "[a-z]{30,60}") {
        let text = format!("{marker}{rest}");
        let fault = fault(&whole_hash(&text));
        prop_assert!(!fault.reason.contains(&rest[..8]));
    }
}
