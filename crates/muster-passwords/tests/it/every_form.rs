//! One of every form, made by the crate itself, for the promises that hold for all of them.

use muster_core::secret::Secret;
use muster_passwords::{
    Again, Argon2Variant, BcryptInput, Bytes, Digest, FirebaseProject, SaltOrder, StoredHash, TextForm, cost,
    dummy, value_of, verify,
};

use super::{bcrypt, plain};

const SECRET: &str = "Pässwörd 1 🌧";

fn bytes(size: usize) -> Bytes {
    vec![0; size].into()
}

fn letters(size: usize) -> zeroize::Zeroizing<String> {
    "N".repeat(size).into()
}

/// With values of no meaning, but of the right length.
fn forms() -> Vec<StoredHash> {
    let mut forms = slow();
    forms.extend(crypts());
    for digest in [Digest::Md4, Digest::Md5, Digest::Sha1, Digest::Sha256, Digest::Sha384, Digest::Sha512] {
        forms.push(plain(digest, b"salt", SaltOrder::Postfix, bytes(digest.size())));
        forms.push(StoredHash::Hmac { digest, key: bytes(12), value: bytes(digest.size()) });
        forms.push(StoredHash::Pbkdf2 { digest, salt: bytes(16), iterations: 10, value: bytes(70) });
        for again in [Again::Raw, Again::Hex] {
            let (order, text) = (SaltOrder::Prefix, TextForm::Utf16Le);
            let (salt, value) = (bytes(8), bytes(digest.size()));
            forms.push(StoredHash::Digest { digest, salt, order, text, rounds: 7, again, value });
        }
    }
    let peppered = forms
        .iter()
        .map(|hash| StoredHash::Peppered { pepper: Secret::new("pepper"), hash: Box::new(hash.clone()) });
    let peppered: Vec<_> = peppered.collect();
    forms.extend(peppered);
    forms
}

fn slow() -> Vec<StoredHash> {
    let inputs = [
        BcryptInput::Password,
        BcryptInput::SignExtended,
        BcryptInput::HexSha256,
        BcryptInput::Base64Sha256,
        BcryptInput::Base64HmacSha256,
        BcryptInput::WordPress,
    ];
    let of_bcrypt = |input| StoredHash::Bcrypt { cost: 4, salt: letters(22), value: letters(31), input };
    let of_argon2 = |(variant, version)| {
        let (salt, value) = (bytes(16), bytes(32));
        StoredHash::Argon2 { variant, version, memory: 64, passes: 2, lanes: 2, salt, value }
    };
    let project = FirebaseProject {
        signer_key: vec![9; 64].into(),
        salt_separator: bytes(1),
        rounds: 8,
        memory_cost: 4,
    };
    let makes =
        [(Argon2Variant::D, 16), (Argon2Variant::I, 19), (Argon2Variant::Id, 19), (Argon2Variant::Id, 16)];
    let mut all: Vec<_> = inputs.map(of_bcrypt).into_iter().chain(makes.map(of_argon2)).collect();
    all.push(StoredHash::Scrypt { log_n: 4, r: 8, p: 3, salt: bytes(16), value: bytes(64) });
    all.push(StoredHash::Firebase { project, salt: bytes(10), value: bytes(64) });
    all
}

fn crypts() -> Vec<StoredHash> {
    let phpass = |digest, md5_first, size| {
        let (salt, value) = (letters(8), letters(size));
        StoredHash::Phpass { digest, log_rounds: 7, salt, value, md5_first }
    };
    let sha_crypt = |digest, rounds, size| {
        let (salt, value) = (letters(16), letters(size));
        StoredHash::ShaCrypt { digest, rounds, salt, value }
    };
    vec![
        StoredHash::Md5Crypt { apache: false, salt: letters(8), value: letters(22) },
        StoredHash::Md5Crypt { apache: true, salt: letters(3), value: letters(22) },
        sha_crypt(Digest::Sha256, 1000, 43),
        sha_crypt(Digest::Sha512, 5000, 86),
        StoredHash::Sha1Crypt { rounds: 24, salt: letters(8), value: letters(28) },
        StoredHash::Yescrypt(format!("$y$j75${}${}.", "/".repeat(16), "N".repeat(42)).into()),
        StoredHash::DesCrypt(letters(13)),
        StoredHash::BsdiCrypt(format!("_J9..{}", "N".repeat(15)).into()),
        phpass(Digest::Md5, false, 22),
        phpass(Digest::Sha512, false, 43),
        phpass(Digest::Sha512, true, 43),
    ]
}

/// The form with the value that the secret comes to.
fn with_value(secret: &str, like: &StoredHash) -> StoredHash {
    let found = value_of(secret, like).expect("a value");
    let text = || zeroize::Zeroizing::new(String::from_utf8(found.to_vec()).expect("letters"));
    let mut hash = like.clone();
    match &mut hash {
        StoredHash::Digest { value, .. }
        | StoredHash::Hmac { value, .. }
        | StoredHash::Pbkdf2 { value, .. }
        | StoredHash::Argon2 { value, .. }
        | StoredHash::Scrypt { value, .. }
        | StoredHash::Firebase { value, .. } => *value = found,
        StoredHash::Md5Crypt { value, .. }
        | StoredHash::ShaCrypt { value, .. }
        | StoredHash::Sha1Crypt { value, .. }
        | StoredHash::Phpass { value, .. } => *value = text(),
        StoredHash::DesCrypt(whole) => *whole = format!("NN{}", text().as_str()).into(),
        StoredHash::BsdiCrypt(whole) => *whole = format!("_J9..NNNN{}", text().as_str()).into(),
        StoredHash::Peppered { hash, .. } => **hash = with_value(&format!("{secret}pepper"), hash),
        // Their values are bytes here and letters there: the corpus has them.
        StoredHash::Bcrypt { .. } | StoredHash::Yescrypt(_) => {}
    }
    hash
}

fn is_byte_valued(hash: &StoredHash) -> bool {
    match hash {
        StoredHash::Bcrypt { .. } | StoredHash::Yescrypt(_) => true,
        StoredHash::Peppered { hash, .. } => is_byte_valued(hash),
        _ => false,
    }
}

#[test]
fn the_value_of_a_password_verifies_and_no_other() {
    for like in forms().iter().filter(|form| !is_byte_valued(form)) {
        for secret in [SECRET, "", "a", &"long ".repeat(60)] {
            let hash = with_value(secret, like);
            assert!(verify(secret, &hash), "{hash:?} of {secret:?}");
            assert!(!verify(&format!("x{secret}"), &hash), "{hash:?} of {secret:?}");
            assert!(!verify(secret, like), "{hash:?} of {secret:?}");
        }
    }
}

#[test]
fn a_dummy_is_tried_in_earnest_and_fits_nobody() {
    for like in forms() {
        let dummy = dummy(&like);
        assert!(dummy != like, "{like:?}");
        assert_eq!(cost(&dummy), cost(&like), "{like:?}");
        assert_eq!(format!("{dummy:?}"), format!("{like:?}"));
        assert!(value_of(SECRET, &dummy).is_some(), "{like:?} is refused before it costs anything");
        for secret in ["", "nonsense", "Nonsense", SECRET] {
            assert!(!verify(secret, &dummy), "{like:?}");
        }
    }
}

#[test]
fn a_password_of_absurd_length_is_refused_at_once() {
    let long = "x".repeat(1 << 20);
    for hash in forms() {
        assert!(!verify(&long, &hash) && value_of(&long, &hash).is_none(), "{hash:?}");
    }
}

#[test]
fn a_pepper_is_not_taken_twice() {
    let inner = plain(Digest::Md5, b"", SaltOrder::Prefix, bytes(16));
    let pepper = || Secret::new("p");
    let once = StoredHash::Peppered { pepper: pepper(), hash: Box::new(inner) };
    let twice = StoredHash::Peppered { pepper: pepper(), hash: Box::new(once) };
    assert!(value_of(SECRET, &twice).is_none());
    assert!(!verify(SECRET, &twice));
}

#[test]
fn a_zero_does_not_end_a_password_unseen() {
    let des = with_value("secret", &StoredHash::DesCrypt(letters(13)));
    assert!(verify("secret", &des) && !verify("secret\0", &des) && !verify("secret\0more", &des));
    let salt = [7; 16];
    let (tail, value) = muster_passwords::bcrypt_hash("secret", 4, salt);
    assert!(!verify("secret\0more", &bcrypt(4, &tail, &value)));
}

#[test]
fn the_first_crypt_looks_at_eight_bytes_and_seven_bits() {
    let des = with_value("12345678", &StoredHash::DesCrypt(letters(13)));
    assert!(verify("12345678 and more", &des) && !verify("1234567", &des));
    let bsdi = StoredHash::BsdiCrypt(format!("_J9..{}", "N".repeat(15)).into());
    let bsdi = with_value("12345678", &bsdi);
    assert!(verify("12345678", &bsdi) && !verify("12345678 and more", &bsdi));
}

#[test]
fn costs_grow_with_the_work_factors() {
    let scrypt = |log_n| StoredHash::Scrypt { log_n, r: 8, p: 1, salt: bytes(8), value: bytes(32) };
    assert!(cost(&scrypt(15)) > cost(&scrypt(14)));
    assert_eq!(cost(&scrypt(14)).memory_bytes, 16 << 20);
    assert!(cost(&bcrypt(12, "", "")) > cost(&bcrypt(10, "", "")));
    assert!(forms().iter().all(|form| cost(form).work >= 1));
    assert_eq!(cost(&scrypt(255)).memory_bytes, u64::MAX);
}
