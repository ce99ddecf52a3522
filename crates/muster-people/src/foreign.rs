//! Stored passwords of old systems that Okta does not understand, and Django's.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use muster_passwords::{Argon2Variant, Digest, StoredHash, pbkdf2_hash, value_of};

use crate::dice::Dice;
use crate::hash_kind::HashKind;

/// The letters of `crypt`, in their order.
const LETTERS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The bytes of a derived key.
const KEY: usize = 32;
/// The rounds of `$5$` and `$6$` where none are written.
const USUAL_ROUNDS: u32 = 5000;

/// The stored form of a password; none for a kind that is not made here.
pub(crate) fn stored(kind: HashKind, password: &str, dice: &mut Dice) -> Option<String> {
    match kind {
        HashKind::DjangoPbkdf2 { iterations } => Some(django(password, iterations, dice)),
        HashKind::Argon2id { memory } => argon2id(password, memory, dice),
        HashKind::Scrypt { log_n } => scrypt(password, log_n, dice),
        HashKind::Sha512Crypt { rounds } => sha_crypt(Digest::Sha512, "6", password, rounds, dice),
        HashKind::Sha256Crypt { rounds } => sha_crypt(Digest::Sha256, "5", password, rounds, dice),
        HashKind::Phpass { log_rounds } => phpass(Digest::Md5, "P", password, log_rounds, dice),
        HashKind::Drupal7 { log_rounds } => phpass(Digest::Sha512, "S", password, log_rounds, dice),
        HashKind::Md5Crypt => md5_crypt(password, dice),
        _ => None,
    }
}

fn django(password: &str, iterations: u32, dice: &mut Dice) -> String {
    // Its salts are letters and digits, which the first two letters of crypt are not.
    let salt: String = (0..22).map(|_| char::from(LETTERS[2 + dice.below(62)])).collect();
    let value = pbkdf2_hash(Digest::Sha256, password, salt.as_bytes(), iterations, KEY);
    format!("pbkdf2_sha256${iterations}${salt}${}", STANDARD.encode(value))
}

fn argon2id(password: &str, memory: u32, dice: &mut Dice) -> Option<String> {
    let salt: [u8; 16] = dice.bytes();
    let like = StoredHash::Argon2 {
        variant: Argon2Variant::Id,
        version: 19,
        memory,
        passes: 2,
        lanes: 1,
        salt: salt.to_vec().into(),
        value: vec![0; KEY].into(),
    };
    let value = value_of(password, &like)?;
    Some(format!("$argon2id$v=19$m={memory},t=2,p=1${}${}", plain(&salt), plain(&value)))
}

fn scrypt(password: &str, log_n: u32, dice: &mut Dice) -> Option<String> {
    let salt: [u8; 16] = dice.bytes();
    let (salt_bytes, value) = (salt.to_vec().into(), vec![0; KEY].into());
    let like = StoredHash::Scrypt { log_n: u8::try_from(log_n).ok()?, r: 8, p: 1, salt: salt_bytes, value };
    let value = value_of(password, &like)?;
    Some(format!("$scrypt$ln={log_n},r=8,p=1${}${}", plain(&salt), plain(&value)))
}

fn sha_crypt(digest: Digest, id: &str, password: &str, rounds: u32, dice: &mut Dice) -> Option<String> {
    let salt = letters::<16>(dice);
    let like =
        StoredHash::ShaCrypt { digest, rounds, salt: salt.clone().into(), value: String::new().into() };
    let value = text_of(password, &like)?;
    let written = if rounds == USUAL_ROUNDS { String::new() } else { format!("rounds={rounds}$") };
    Some(format!("${id}${written}{salt}${value}"))
}

fn phpass(digest: Digest, id: &str, password: &str, log_rounds: u32, dice: &mut Dice) -> Option<String> {
    let salt = letters::<8>(dice);
    let like = StoredHash::Phpass {
        digest,
        log_rounds: u8::try_from(log_rounds).ok()?,
        salt: salt.clone().into(),
        value: String::new().into(),
        md5_first: false,
    };
    let value = text_of(password, &like)?;
    let written = char::from(*LETTERS.get(usize::try_from(log_rounds).ok()?)?);
    Some(format!("${id}${written}{salt}{value}"))
}

fn md5_crypt(password: &str, dice: &mut Dice) -> Option<String> {
    let salt = letters::<8>(dice);
    let like = StoredHash::Md5Crypt { apache: false, salt: salt.clone().into(), value: String::new().into() };
    Some(format!("$1${salt}${}", text_of(password, &like)?))
}

/// The value of a form that keeps letters.
fn text_of(password: &str, like: &StoredHash) -> Option<String> {
    value_of(password, like).and_then(|value| String::from_utf8(value.to_vec()).ok())
}

/// A salt of letters.
fn letters<const N: usize>(dice: &mut Dice) -> String {
    dice.bytes::<N>().iter().map(|byte| char::from(LETTERS[usize::from(byte & 63)])).collect()
}

fn plain(bytes: &[u8]) -> String {
    STANDARD_NO_PAD.encode(bytes)
}
