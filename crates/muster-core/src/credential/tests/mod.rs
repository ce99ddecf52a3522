//! Every notation, with hashes made for the purpose or published with their passwords.

mod columns;
mod faults;
mod robustness;
mod whole;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_passwords::StoredHash;

use super::*;
use crate::fault::FaultCode;

/// The password behind every hash that is made here.
const PASSWORD: &str = "Pässwörd-1";

/// The verifier's form of what would be sent, taken from the JSON so that this is what is proved.
fn stored(hash: &OktaHash) -> StoredHash {
    let json = hash.to_json();
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    let bytes = |name: &str| STANDARD.decode(text(name)).expect("padded base64");
    let number = |name: &str| u32::try_from(json[name].as_u64().expect("a number")).expect("a small number");
    let digest = |digest| StoredHash::Digest {
        digest,
        salt: bytes("salt"),
        order: match text("saltOrder").as_str() {
            "POSTFIX" => muster_passwords::SaltOrder::Postfix,
            _ => muster_passwords::SaltOrder::Prefix,
        },
        value: bytes("value"),
    };
    match text("algorithm").as_str() {
        "BCRYPT" => {
            StoredHash::Bcrypt { cost: number("workFactor"), salt: text("salt"), value: text("value") }
        }
        "SHA-512" => digest(muster_passwords::Digest::Sha512),
        "SHA-256" => digest(muster_passwords::Digest::Sha256),
        "SHA-1" => digest(muster_passwords::Digest::Sha1),
        "MD5" => digest(muster_passwords::Digest::Md5),
        "PBKDF2" => {
            let value = bytes("value");
            assert_eq!(usize::try_from(number("keySize")).ok(), Some(value.len()));
            StoredHash::Pbkdf2 {
                digest: match text("digestAlgorithm").as_str() {
                    "SHA512_HMAC" => muster_passwords::Pbkdf2Digest::Sha512,
                    _ => muster_passwords::Pbkdf2Digest::Sha256,
                },
                salt: bytes("salt"),
                iterations: number("iterationCount"),
                value,
            }
        }
        other => panic!("no such algorithm: {other}"),
    }
}

/// Asserts that the columns are of this notation, and that Okta would take this password for them.
fn assert_converts(columns: &StoredPassword<'_>, notation: Notation, password: &str) {
    let reading = read_hash(columns).expect("a known notation").expect("a hash");
    assert_eq!(reading.notation, notation);
    let stored = stored(&reading.hash.expect("a hash that Okta can check"));
    assert!(muster_passwords::verify(password, &stored), "{notation}");
    assert!(!muster_passwords::verify("wrong", &stored), "{notation}");
}

fn whole_hash(text: &str) -> StoredPassword<'_> {
    StoredPassword { password_hash: Some(text), ..StoredPassword::default() }
}

fn fault(columns: &StoredPassword<'_>) -> Fault {
    recognise(columns).expect_err("a fault")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
