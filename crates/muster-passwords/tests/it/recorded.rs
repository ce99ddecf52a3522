//! What other people's implementations made of known passwords, as far as a few lines can take it apart.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use muster_passwords::{
    Again, Argon2Variant, BcryptInput, Bytes, Digest, FirebaseProject, SaltOrder, StoredHash, TextForm,
    verify,
};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

type Row = BTreeMap<String, String>;

fn rows() -> Vec<Row> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/passwords.csv");
    let mut reader = csv::Reader::from_path(path).expect("the corpus");
    reader.deserialize().collect::<Result<_, _>>().expect("rows")
}

fn raw(text: &str) -> Bytes {
    LENIENT.decode(text.replace('-', "+").replace('_', "/")).expect("base64").into()
}

fn unhex(text: &str) -> Bytes {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    (0..text.len()).step_by(2).map(byte).collect::<Vec<u8>>().into()
}

fn own(text: &str) -> zeroize::Zeroizing<String> {
    text.to_owned().into()
}

/// The row, taken apart; none for what needs more than a few lines.
fn parsed(row: &Row) -> Option<StoredHash> {
    let text = row["passwordHash"].as_str();
    let fields: Vec<&str> = text.split('$').collect();
    if text.starts_with("{\"") {
        return None;
    }
    let pepper = row["settlement"].strip_prefix("pepper=");
    match (row["notation"].as_str(), &fields[..]) {
        ("des-crypt", [whole]) => Some(StoredHash::DesCrypt(own(whole.trim_start_matches("{CRYPT}")))),
        ("bsdi-crypt", [whole]) => Some(StoredHash::BsdiCrypt(own(whole.trim_start_matches("{CRYPT}")))),
        ("yescrypt", _) => Some(StoredHash::Yescrypt(own(text))),
        ("md5-crypt" | "apr1", [_, id, salt, value]) => {
            Some(StoredHash::Md5Crypt { apache: *id == "apr1", salt: own(salt), value: own(value) })
        }
        ("sha1-crypt", [_, _, rounds, salt, value]) => Some(StoredHash::Sha1Crypt {
            rounds: rounds.parse().expect("rounds"),
            salt: own(salt),
            value: own(value),
        }),
        ("sha256-crypt" | "sha512-crypt", [_, id, more @ ..]) => sha_crypt(id, more),
        ("phpass" | "drupal7", [_, id, rest]) => Some(phpass(text.starts_with('U'), id, rest)),
        ("bcrypt" | "bcrypt-2x" | "bcrypt-sha256" | "wordpress-bcrypt", [.., id, cost, tails]) => {
            let plain = bcrypt(text, id, cost, tails)?;
            Some(match pepper {
                Some(pepper) => StoredHash::Peppered {
                    pepper: muster_core::secret::Secret::new(pepper),
                    hash: Box::new(plain),
                },
                None => plain,
            })
        }
        ("argon2id" | "argon2i" | "argon2d", [.., params, salt, value]) if params.starts_with("m=") => {
            Some(argon2(row, text, params, salt, value))
        }
        ("scrypt", [_, "scrypt", params, salt, value]) => Some(scrypt(params, salt, value)),
        ("firebase-scrypt", _) => Some(firebase(row)),
        ("ntlm", _) => Some(digest(Digest::Md4, TextForm::Utf16Le, 1, &[], unhex(ntlm(row)))),
        ("md4", _) => Some(digest(Digest::Md4, TextForm::Utf8, 1, &[], unhex(&row["hashedPassword"]))),
        ("mysql41", _) => {
            Some(digest(Digest::Sha1, TextForm::Utf8, 2, &[], unhex(text.trim_start_matches('*'))))
        }
        ("aspnet-membership", [cell]) if cell.contains('|') => {
            let parts: Vec<&str> = cell.split('|').collect();
            Some(digest(Digest::Sha1, TextForm::Utf16Le, 1, &raw(parts[2]), raw(parts[0])))
        }
        ("aspnet-membership", _) => {
            let kind = if row["algorithm"].ends_with("256") { Digest::Sha256 } else { Digest::Sha1 };
            Some(digest(kind, TextForm::Utf16Le, 1, &raw(&row["salt"]), raw(&row["hashedPassword"])))
        }
        ("iterated-digest", _) if row["algorithm"] == "SHA-512" => {
            let (salt, value) = (raw(&row["salt"]), raw(&row["hashedPassword"]));
            Some(digest(Digest::Sha512, TextForm::Utf8, 1000, &salt, value))
        }
        ("hmac-sha1" | "hmac-sha256" | "hmac-sha512" | "hmac-md5", [method, key, value]) => {
            let digest = match *method {
                "sha1" => Digest::Sha1,
                "sha256" => Digest::Sha256,
                "sha512" => Digest::Sha512,
                _ => Digest::Md5,
            };
            Some(StoredHash::Hmac { digest, key: key.as_bytes().to_vec().into(), value: unhex(value) })
        }
        ("pbkdf2-sha1", [_, "pbkdf2", rounds, salt, value]) => Some(StoredHash::Pbkdf2 {
            digest: Digest::Sha1,
            salt: raw(&salt.replace('.', "+")),
            iterations: rounds.parse().expect("rounds"),
            value: raw(&value.replace('.', "+")),
        }),
        _ => None,
    }
}

fn digest(digest: Digest, text: TextForm, rounds: u32, salt: &[u8], value: Bytes) -> StoredHash {
    let (salt, order, again) = (salt.to_vec().into(), SaltOrder::Prefix, Again::Raw);
    StoredHash::Digest { digest, salt, order, text, rounds, again, value }
}

fn ntlm(row: &Row) -> &str {
    let text = if row["passwordHash"].is_empty() { &row["hashedPassword"] } else { &row["passwordHash"] };
    &text[text.len() - 32..]
}

fn sha_crypt(id: &str, more: &[&str]) -> Option<StoredHash> {
    let (rounds, salt, value) = match more {
        [rounds, salt, value] => (rounds.trim_start_matches("rounds=").parse().ok()?, salt, value),
        [salt, value] => (5000, salt, value),
        _ => return None,
    };
    let digest = if id == "5" { Digest::Sha256 } else { Digest::Sha512 };
    Some(StoredHash::ShaCrypt { digest, rounds, salt: own(salt), value: own(value) })
}

fn phpass(md5_first: bool, id: &str, rest: &str) -> StoredHash {
    const LETTERS: &str = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let log_rounds = u8::try_from(LETTERS.find(&rest[..1]).expect("a letter")).expect("small");
    let digest = if id == "S" { Digest::Sha512 } else { Digest::Md5 };
    StoredHash::Phpass { digest, log_rounds, salt: own(&rest[1..9]), value: own(&rest[9..]), md5_first }
}

fn bcrypt(text: &str, id: &str, cost: &str, tails: &str) -> Option<StoredHash> {
    let v2 = text.strip_prefix("$bcrypt-sha256$v=2,t=2b,r=").and_then(|rest| {
        let (cost, rest) = rest.split_once('$')?;
        let (salt, value) = rest.split_once('$')?;
        Some((cost, salt, value, BcryptInput::Base64HmacSha256))
    });
    let v1 = text.strip_prefix("$bcrypt-sha256$2b,").and_then(|rest| {
        let (cost, rest) = rest.split_once('$')?;
        let (salt, value) = rest.split_once('$')?;
        Some((cost, salt, value, BcryptInput::Base64Sha256))
    });
    let plain = (tails.len() == 53).then(|| {
        let input = match id {
            _ if text.starts_with("$wp") => BcryptInput::WordPress,
            _ if text.starts_with("bcrypt_sha256") => BcryptInput::HexSha256,
            "2x" => BcryptInput::SignExtended,
            _ => BcryptInput::Password,
        };
        (cost, &tails[..22], &tails[22..], input)
    });
    let (cost, salt, value, input) = v2.or(v1).or(plain)?;
    Some(StoredHash::Bcrypt { cost: cost.parse().ok()?, salt: own(salt), value: own(value), input })
}

/// The number after a name in a list of parameters.
fn number(params: &str, name: &str) -> u32 {
    let mut values = params.split(',').filter_map(|param| param.strip_prefix(name));
    values.next().expect("the parameter").parse().expect("a number")
}

fn argon2(row: &Row, text: &str, params: &str, salt: &str, value: &str) -> StoredHash {
    let variant = match row["notation"].as_str() {
        "argon2id" => Argon2Variant::Id,
        "argon2i" => Argon2Variant::I,
        _ => Argon2Variant::D,
    };
    StoredHash::Argon2 {
        variant,
        version: if text.contains("v=19") { 19 } else { 16 },
        memory: number(params, "m="),
        passes: number(params, "t="),
        lanes: number(params, "p="),
        salt: raw(salt),
        value: raw(value),
    }
}

fn scrypt(params: &str, salt: &str, value: &str) -> StoredHash {
    let log_n = u8::try_from(number(params, "ln=")).expect("small");
    let (r, p) = (number(params, "r="), number(params, "p="));
    StoredHash::Scrypt { log_n, r, p, salt: raw(salt), value: raw(value) }
}

fn firebase(row: &Row) -> StoredHash {
    let settled = row["settlement"].strip_prefix("firebase=").expect("a project");
    let parts: Vec<&str> = settled.split(':').collect();
    let project = FirebaseProject {
        signer_key: raw(parts[0]),
        salt_separator: raw(parts[1]),
        rounds: parts[2].parse().expect("rounds"),
        memory_cost: parts[3].parse().expect("memory"),
    };
    StoredHash::Firebase { project, salt: raw(&row["salt"]), value: raw(&row["hashedPassword"]) }
}

#[test]
fn other_implementations_agree() {
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    let mut bad = Vec::new();
    for row in rows() {
        let Some(stored) = parsed(&row) else { continue };
        let (password, text) = (&row["password"], &row["passwordHash"]);
        if !verify(password, &stored) {
            bad.push(format!("{}: {text} of {}", row["notation"], row["made_by"]));
        }
        assert!(!verify(&format!("~{password}"), &stored), "{}: {text}", row["notation"]);
        *tried.entry(row["notation"].clone()).or_default() += 1;
    }
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(tried.len() >= 24, "{tried:?}");
    assert!(tried.values().all(|rows| *rows >= 3), "{tried:?}");
}
