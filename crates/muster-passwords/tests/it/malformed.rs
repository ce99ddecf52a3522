//! Whatever is stored, the answer is yes or no, and soon.

use muster_passwords::{Digest, Pbkdf2Digest, SaltOrder, StoredHash, bcrypt_hash, verify};
use proptest::prelude::*;

#[test]
fn work_factors_beyond_the_ceilings_are_not_tried() {
    let (salt, value) = bcrypt_hash("secret", 4, [7; 16]);
    for cost in [0, 21, 31, 32, u32::MAX] {
        let (salt, value) = (salt.clone(), value.clone());
        assert!(!verify("secret", &StoredHash::Bcrypt { cost, salt, value }));
    }
    for (iterations, size) in [(0, 32), (10_000_001, 32), (u32::MAX, 32), (4096, 0), (10_000_000, 1 << 20)] {
        let stored = StoredHash::Pbkdf2 {
            digest: Pbkdf2Digest::Sha256,
            salt: vec![1; 8],
            iterations,
            value: vec![0; size],
        };
        assert!(!verify("secret", &stored));
    }
}

#[test]
fn a_shortened_digest_is_refused() {
    let value = muster_passwords::digest_hash(Digest::Sha256, "secret", b"", SaltOrder::Prefix);
    for size in [0, 1, 16, 31] {
        let stored = StoredHash::Digest {
            digest: Digest::Sha256,
            salt: Vec::new(),
            order: SaltOrder::Prefix,
            value: value[..size].to_vec(),
        };
        assert!(!verify("secret", &stored));
    }
}

fn any_stored() -> impl Strategy<Value = StoredHash> {
    let digest =
        prop_oneof![Just(Digest::Sha512), Just(Digest::Sha256), Just(Digest::Sha1), Just(Digest::Md5)];
    let order = prop_oneof![Just(SaltOrder::Prefix), Just(SaltOrder::Postfix)];
    let hmac = prop_oneof![Just(Pbkdf2Digest::Sha256), Just(Pbkdf2Digest::Sha512)];
    let bytes = || proptest::collection::vec(any::<u8>(), 0..80);
    prop_oneof![
        (prop_oneof![0..5u32, 21..40u32], "[./A-Za-z0-9ä=]{20,24}", "[./A-Za-z0-9ä=]{29,33}")
            .prop_map(|(cost, salt, value)| StoredHash::Bcrypt { cost, salt, value }),
        (digest, bytes(), order, bytes()).prop_map(|(digest, salt, order, value)| StoredHash::Digest {
            digest,
            salt,
            order,
            value
        }),
        (hmac, bytes(), 0..50u32, bytes()).prop_map(|(digest, salt, iterations, value)| StoredHash::Pbkdf2 {
            digest,
            salt,
            iterations,
            value
        }),
    ]
}

proptest! {
    #[test]
    fn nothing_stored_panics_or_matches_by_chance(secret in ".*", stored in any_stored()) {
        // A one-byte or two-byte derived key may match by chance; anything longer does not.
        let short = matches!(&stored, StoredHash::Pbkdf2 { value, .. } if value.len() < 4);
        prop_assert!(short || !verify(&secret, &stored));
    }

    #[test]
    fn bcrypt_takes_any_password(secret in ".{0,90}", cost in 0..5u32, salt: [u8; 16]) {
        let (salt, value) = bcrypt_hash(&secret, cost, salt);
        prop_assert_eq!((salt.len(), value.len()), (22, 31));
        let stored = StoredHash::Bcrypt { cost: cost.max(1), salt, value };
        prop_assert!(verify(&secret, &stored));
    }
}
