//! What is read is proved with passwords, by code of others: the project's own verifier stands above this crate.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use muster_core::credential::{
    Notation, OktaHash, Settlement, StoredPassword, Understood, Verdict, okta_hash, recognise, understand,
};
use muster_core::fault::Fault;
use muster_core::stored::{Bytes, Digest, SaltOrder, StoredHash};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

/// The password behind every hash that is made here.
pub const PASSWORD: &str = "Pässwörd-1";

/// A row with a hash in one text.
pub fn whole_hash(text: &str) -> StoredPassword<'_> {
    StoredPassword { password_hash: Some(text), ..StoredPassword::default() }
}

/// A verdict when the operator has settled nothing.
pub fn verdict(columns: &StoredPassword<'_>) -> Result<Verdict, Fault> {
    recognise(columns, &Settlement::default())
}

/// The only reading.
pub fn reading(columns: &StoredPassword<'_>) -> Understood {
    let mut all = understand(columns, &Settlement::default()).expect("a known notation");
    assert_eq!(all.len(), 1, "one reading");
    all.pop().expect("a hash")
}

/// The notation and the hash of a text for the hook.
pub fn for_hook(text: &str) -> (Notation, StoredHash) {
    match verdict(&whole_hash(text)) {
        Ok(Verdict::Hook { notation, stored }) => (notation, stored),
        other => panic!("not for the hook: {text}: {other:?}"),
    }
}

/// Bytes of a test.
pub fn bytes(bytes: &[u8]) -> Bytes {
    Bytes::new(bytes.to_vec())
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// A digest of salt and password.
pub fn digest_of(digest: Digest, password: &str, salt: &[u8], order: SaltOrder) -> Vec<u8> {
    let text = match order {
        SaltOrder::Prefix => [salt, password.as_bytes()].concat(),
        SaltOrder::Postfix => [password.as_bytes(), salt].concat(),
    };
    match digest {
        Digest::Sha512 => Sha512::digest(text).to_vec(),
        Digest::Sha256 => Sha256::digest(text).to_vec(),
        Digest::Sha1 => Sha1::digest(text).to_vec(),
        Digest::Md5 => Md5::digest(text).to_vec(),
        Digest::Md4 | Digest::Sha384 => panic!("not needed"),
    }
}

/// A key of PBKDF2.
pub fn pbkdf2_of(digest: Digest, password: &str, salt: &[u8], iterations: u32, size: usize) -> Vec<u8> {
    let mut key = vec![0; size];
    match digest {
        Digest::Sha512 => pbkdf2::pbkdf2_hmac::<Sha512>(password.as_bytes(), salt, iterations, &mut key),
        _ => pbkdf2::pbkdf2_hmac::<Sha256>(password.as_bytes(), salt, iterations, &mut key),
    }
    key
}

/// Whether Okta would take this password for the hash, by the JSON that it would be sent.
pub fn okta_takes(hash: &OktaHash, password: &str) -> bool {
    let json = hash.to_json();
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    let bytes = |name: &str| STANDARD.decode(text(name)).expect("padded base64");
    let number = |name: &str| u32::try_from(json[name].as_u64().expect("a number")).expect("a small number");
    let order = if text("saltOrder") == "POSTFIX" { SaltOrder::Postfix } else { SaltOrder::Prefix };
    let digest = |digest| digest_of(digest, password, &bytes("salt"), order) == bytes("value");
    match text("algorithm").as_str() {
        "BCRYPT" => {
            let whole = format!("$2b${:02}${}{}", number("workFactor"), text("salt"), text("value"));
            bcrypt::verify(password, &whole).expect("a bcrypt hash")
        }
        "SHA-512" => digest(Digest::Sha512),
        "SHA-256" => digest(Digest::Sha256),
        "SHA-1" => digest(Digest::Sha1),
        "MD5" => digest(Digest::Md5),
        "PBKDF2" => {
            let hmac = if text("digestAlgorithm") == "SHA512_HMAC" { Digest::Sha512 } else { Digest::Sha256 };
            let size = usize::try_from(number("keySize")).expect("a small number");
            pbkdf2_of(hmac, password, &bytes("salt"), number("iterationCount"), size) == bytes("value")
        }
        other => panic!("no such algorithm: {other}"),
    }
}

/// Asserts that the columns are of this notation, and that Okta would take this password for them.
pub fn assert_converts(columns: &StoredPassword<'_>, notation: Notation, password: &str) {
    let reading = reading(columns);
    assert_eq!(reading.notation, notation);
    assert_eq!(reading.okta, okta_hash(&reading.stored.expect("a hash that can be verified")));
    let okta = reading.okta.expect("a hash that Okta can check");
    assert!(okta_takes(&okta, password), "{notation}");
    assert!(!okta_takes(&okta, "wrong"), "{notation}");
}

/// The fault of a row.
pub fn fault(columns: &StoredPassword<'_>) -> Fault {
    verdict(columns).expect_err("a fault")
}
