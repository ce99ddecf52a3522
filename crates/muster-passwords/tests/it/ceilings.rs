//! What is beyond a ceiling, or no hash at all, is a plain no, and soon.

use muster_core::secret::Secret;
use muster_passwords::{
    Again, Argon2Variant, Bytes, Digest, FirebaseProject, SaltOrder, StoredHash, TextForm, cost, dummy,
    verify,
};
use proptest::prelude::*;

fn bytes(size: usize) -> Bytes {
    vec![0; size].into()
}

fn letters(size: usize) -> zeroize::Zeroizing<String> {
    "N".repeat(size).into()
}

fn argon2(memory: u32, passes: u32, lanes: u32) -> StoredHash {
    let (variant, version) = (Argon2Variant::Id, 19);
    StoredHash::Argon2 { variant, version, memory, passes, lanes, salt: bytes(16), value: bytes(32) }
}

fn scrypt(log_n: u8, r: u32, p: u32) -> StoredHash {
    StoredHash::Scrypt { log_n, r, p, salt: bytes(16), value: bytes(32) }
}

fn yescrypt(params: &str) -> StoredHash {
    StoredHash::Yescrypt(format!("$y${params}${}${}.", ".".repeat(16), "N".repeat(42)).into())
}

fn planted() -> Vec<StoredHash> {
    let firebase = |rounds, memory_cost| StoredHash::Firebase {
        project: FirebaseProject { signer_key: bytes(64), salt_separator: bytes(1), rounds, memory_cost },
        salt: bytes(10),
        value: bytes(64),
    };
    let phpass = |log_rounds| StoredHash::Phpass {
        digest: Digest::Md5,
        log_rounds,
        salt: letters(8),
        value: letters(22),
        md5_first: false,
    };
    let sha_crypt = |rounds| StoredHash::ShaCrypt {
        digest: Digest::Sha512,
        rounds,
        salt: letters(16),
        value: letters(86),
    };
    let digest = |rounds| StoredHash::Digest {
        digest: Digest::Sha512,
        salt: bytes(8),
        order: SaltOrder::Prefix,
        text: TextForm::Utf8,
        rounds,
        again: Again::Raw,
        value: bytes(64),
    };
    let of_netbsd = |rounds| StoredHash::Sha1Crypt { rounds, salt: letters(8), value: letters(28) };
    let long_key =
        StoredHash::Pbkdf2 { digest: Digest::Md5, salt: bytes(8), iterations: 10_000_000, value: bytes(512) };
    vec![
        argon2((1 << 20) + 1, 1, 1),
        argon2(1 << 20, 5, 1),
        argon2(u32::MAX, u32::MAX, 1),
        argon2(1 << 16, 1, 256),
        argon2(1 << 16, 1, 0),
        argon2(0, 0, 0),
        scrypt(21, 8, 1),
        scrypt(20, 8, 5),
        scrypt(63, 1, 1),
        scrypt(64, 1, 1),
        scrypt(255, u32::MAX, u32::MAX),
        scrypt(1, u32::MAX, u32::MAX),
        scrypt(1, 1, u32::MAX),
        scrypt(0, 8, 1),
        scrypt(10, 0, 1),
        scrypt(10, 8, 0),
        firebase(8, 40),
        firebase(u32::MAX, 14),
        yescrypt("jzzzzzz"),
        yescrypt("jJ5"),
        yescrypt("jI5"),
        yescrypt(""),
        yescrypt("j"),
        yescrypt("j75zzzzzzzzzz"),
        phpass(25),
        phpass(31),
        phpass(255),
        sha_crypt(999),
        sha_crypt(5_000_001),
        sha_crypt(999_999_999),
        of_netbsd(0),
        of_netbsd(u32::MAX),
        digest(0),
        digest(u32::MAX),
        long_key,
        StoredHash::BsdiCrypt(format!("_zzzz{}", "N".repeat(15)).into()),
        StoredHash::BsdiCrypt(format!("_....{}", "N".repeat(15)).into()),
    ]
}

#[test]
fn planted_work_factors_are_not_tried() {
    for (at, stored) in planted().into_iter().enumerate() {
        assert!(muster_passwords::value_of("secret", &stored).is_none(), "{at}: {stored:?}");
        assert!(!verify("secret", &stored));
        let peppered = StoredHash::Peppered { pepper: Secret::new("p"), hash: Box::new(stored) };
        assert!(!verify("secret", &peppered));
    }
}

fn any_text_form() -> impl Strategy<Value = StoredHash> {
    let text = "[$_./A-Za-z0-9ä\0]{0,24}";
    prop_oneof![
        text.prop_map(|text| StoredHash::DesCrypt(text.into())),
        text.prop_map(|text| StoredHash::BsdiCrypt(format!("_./..{text}").into())),
        "\\$y\\$[./0-9A-Za-z]{0,8}\\$[./0-9A-Za-z]{0,20}(\\$[./0-9A-Za-z]{0,43})?"
            .prop_map(|text| StoredHash::Yescrypt(text.into())),
        (text, text, any::<bool>()).prop_map(|(salt, value, apache)| StoredHash::Md5Crypt {
            apache,
            salt: salt.into(),
            value: value.into()
        }),
        (text, text, 0..40_u32).prop_map(|(salt, value, rounds)| StoredHash::Sha1Crypt {
            rounds,
            salt: salt.into(),
            value: value.into()
        }),
        (text, text, 0..9_u8).prop_map(|(salt, value, log_rounds)| StoredHash::Phpass {
            digest: Digest::Sha384,
            log_rounds,
            salt: salt.into(),
            value: value.into(),
            md5_first: log_rounds % 2 == 0
        }),
    ]
}

fn any_derived() -> impl Strategy<Value = StoredHash> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..40).prop_map(Bytes::new);
    let small = || prop_oneof![0..12_u32, Just(u32::MAX)];
    prop_oneof![
        (small(), small(), 0..40_u32, bytes(), bytes()).prop_map(|(passes, lanes, memory, salt, value)| {
            let (variant, version) = (Argon2Variant::I, 16 + (memory & 3));
            StoredHash::Argon2 { variant, version, memory, passes, lanes, salt, value }
        }),
        (0..9_u8, small(), small(), bytes(), bytes())
            .prop_map(|(log_n, r, p, salt, value)| StoredHash::Scrypt { log_n, r, p, salt, value }),
        (bytes(), bytes()).prop_map(|(key, value)| StoredHash::Hmac { digest: Digest::Sha384, key, value }),
    ]
}

proptest! {
    #[test]
    fn nothing_stored_panics(secret in ".{0,20}", stored in prop_oneof![any_text_form(), any_derived()]) {
        // A key of a few bytes may fit by chance.
        let short = matches!(&stored, StoredHash::Scrypt { value, .. } | StoredHash::Argon2 { value, .. } if value.len() < 5);
        prop_assert!(short || !verify(&secret, &stored));
        let _ = cost(&stored);
        let _ = verify(&secret, &dummy(&stored));
    }
}
