//! Whatever is stored, the answer is yes or no, and soon.

use muster_passwords::{Digest, SaltOrder, StoredHash, bcrypt_hash, verify};
use proptest::prelude::*;

use super::{bcrypt, plain};

#[test]
fn work_factors_beyond_the_ceilings_are_not_tried() {
    let (salt, value) = bcrypt_hash("secret", 4, [7; 16]);
    for cost in [0, 21, 31, 32, u32::MAX] {
        assert!(!verify("secret", &bcrypt(cost, &salt, &value)));
    }
    for (iterations, size) in [(0, 32), (10_000_001, 32), (u32::MAX, 32), (4096, 0), (10_000_000, 1 << 20)] {
        let stored = StoredHash::Pbkdf2 {
            digest: Digest::Sha256,
            salt: vec![1; 8].into(),
            iterations,
            value: vec![0; size].into(),
        };
        assert!(!verify("secret", &stored));
    }
}

#[test]
fn a_shortened_digest_is_refused() {
    let value = muster_passwords::digest_hash(Digest::Sha256, "secret", b"", SaltOrder::Prefix);
    for size in [0, 1, 16, 31] {
        let short = value[..size].to_vec().into();
        assert!(!verify("secret", &plain(Digest::Sha256, b"", SaltOrder::Prefix, short)));
    }
}

fn any_stored() -> impl Strategy<Value = StoredHash> {
    let digest =
        prop_oneof![Just(Digest::Sha512), Just(Digest::Sha256), Just(Digest::Sha1), Just(Digest::Md5)];
    let order = prop_oneof![Just(SaltOrder::Prefix), Just(SaltOrder::Postfix)];
    let hmac = prop_oneof![Just(Digest::Sha256), Just(Digest::Sha512)];
    let bytes = || proptest::collection::vec(any::<u8>(), 0..80);
    prop_oneof![
        (prop_oneof![0..5u32, 21..40u32], "[./A-Za-z0-9ä=]{20,24}", "[./A-Za-z0-9ä=]{29,33}")
            .prop_map(|(cost, salt, value)| bcrypt(cost, &salt, &value)),
        (digest, bytes(), order, bytes()).prop_map(|(digest, salt, order, value)| plain(
            digest,
            &salt,
            order,
            value.into()
        )),
        (hmac, bytes(), 0..50u32, bytes()).prop_map(|(digest, salt, iterations, value)| StoredHash::Pbkdf2 {
            digest,
            salt: salt.into(),
            iterations,
            value: value.into()
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
        prop_assert!(verify(&secret, &bcrypt(cost.max(1), &salt, &value)));
    }
}
