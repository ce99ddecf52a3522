//! Whatever stands in the columns, the answer is a verdict or a fault: a fault never repeats a hash, and a reading
//! has the lengths and costs of its notation.

use muster_core::credential::{Settlement, StoredPassword, Verdict, candidates, recognise, understand};
use muster_core::secret::Secret;
use muster_core::stored::{FirebaseProject, StoredHash};
use proptest::prelude::*;

use crate::credential_proof::{bytes, fault, whole_hash};

/// A text of every notation.
const SEEDS: &[&str] = &[
    "$2a$10$qRRx8rli7Lvs2h2CNgCQ2OmVA2NDdomRGoGFrAXDZcno0OZ6CoOU2",
    "$2x$10$qRRx8rli7Lvs2h2CNgCQ2OmVA2NDdomRGoGFrAXDZcno0OZ6CoOU2",
    "$wp$2y$10$qRRx8rli7Lvs2h2CNgCQ2OmVA2NDdomRGoGFrAXDZcno0OZ6CoOU2",
    "bcrypt_sha256$$2b$12$qRRx8rli7Lvs2h2CNgCQ2OmVA2NDdomRGoGFrAXDZcno0OZ6CoOU2",
    "$bcrypt-sha256$v=2,t=2b,r=12$qRRx8rli7Lvs2h2CNgCQ2O$mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2",
    "$bcrypt-sha256$2a,12$qRRx8rli7Lvs2h2CNgCQ2O$mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2",
    "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE",
    "$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$utNmjlhyGS+XsZ2rNNHvSWc0IPoudpMoAGyAVnhDEZ4",
    "$7$86..../....saltsalt$t78oqfxevABJ8ePYbj4X9NNRa4HHH16WfBxouCKz3w2",
    "{scrypt}$e0801$c2FsdHNhbHQ=$utNmjlhyGS+XsZ2rNNHvSWc0IPoudpMoAGyAVnhDEZ4=",
    "scrypt:1024:8:1$saltsalt$79a2d0f6daab3bd3548aba91e76b8c4b9675a6314dd380886bd3d3ba63fd054f",
    "$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44",
    "pbkdf2_sha256$29000$Y83QTi9sjjW9$QNe5wCsfK8ufe0gsMkbxFuNogSfkh/5eT3UxLkXlsLo=",
    "pbkdf2:sha1:1000$salt$0707070707070707070707070707070707070707",
    "{PKCS5S2}GWOMUSplbO2ds5ay9n5P6f8b32u1gxZXoYMRcjeu5c1UOtRO/Dgtfvp6NVwfcA45",
    "$1$zaGxZj2x$237jQbxTAOCbpHIbC.yp6/",
    "$5$rounds=1000$kbGyWOi8NbBXgdZY$00W4.BbQm/mdgtDM/CZ6A6eR1aPj56OmGTkZKjQPqV8",
    "$6$5PCc$olp0kad6.xUL4Jczh3eCe59ZMcr99XkLCvnYwoy1VaI9SSwEH8uwrcCUhe/rQNaGyUsvl8pKMdgtmM696cZk91",
    "$sha1$1000$6Iie5rpW$k/59G/Hxo9tiFO6Ty8p3yzyngoLu",
    "$y$j9T$WGMTl8Bh7tNrTnvK5vHLe0$8HyMIUDbJ4Vh8TCLVjKtrN0Y0NhsoX3pfU5C7i8gcx9",
    "$md5,rounds=904$saltsalt$$xxxxxxxxxxxxxxxxxxxxxx",
    "{CRYPT}Lga870zSbObAk",
    "{CRYPT}_7C/.tLhCSUeb4X.5P2A",
    "$P$6BKLNBTodlJ.LFZLnacf4RXZUL7ly6/",
    "U$S$Dsaltsaltxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "{SSHA}Ty28ueFZ7FvzQNSTfqdiyOWq56OSstZa",
    "{MD5}{thisissalt}2a4e7104c2780098f50ed5a84bb2323d",
    "{sha256}0303030303030303e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "sha1$6sDos3fSwfhB$ec04de9e17f157ec87473f1a929638326097e920",
    "5f4dcc3b5aa765d61d8327deb882cf99",
    "*EF55B2566FC50F31E9AF455DA586E4AE3953028A",
    "ada:1001:00000000000000000000000000000000:5f4dcc3b5aa765d61d8327deb882cf99:::",
    "W6ph5Mm5Pz8GgiULbPgzG37mj9g=|1|c2FsdHNhbHQ=",
    "AQAAAAEAACcQAAAAEAkJCQkJCQkJCQkJCQkJCQkBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ==",
    "e1NTSEF9VHkyOHVlRlo3RnZ6UU5TVGZxZGl5T1dxNTZPU3N0WmE=",
    r#"{"secretData":{"value":"BwcHBwcHBwcHBwcHBwcHBw==","salt":"c2FsdHNhbHQ="},"credentialData":{"hashIterations":27500,"algorithm":"pbkdf2-sha256"}}"#,
    r#"{"secretData":{"value":"BwcHBwcHBwcHBwcHBwcHBw==","salt":"c2FsdHNhbHQ="},"credentialData":{"hashIterations":5,"algorithm":"argon2","additionalParameters":{"memory":["7168"],"type":["id"],"version":["1.3"],"parallelism":["1"]}}}"#,
    r#"{"algorithm":"md5","hash":{"value":"X03MO1qnZdYdgyfeuILPmQ==","encoding":"base64"},"salt":{"value":"salt","position":"prefix"}}"#,
    r#"{"algorithm":"scrypt","hash":{"value":"BwcHBwcHBwcHBwcHBwcHBw==","encoding":"base64"},"salt":{"value":"abcd"},"cost":16384,"blockSize":8,"parallelization":1}"#,
];

const NAMES: [&str; 16] = [
    "BCRYPT",
    "SHA-512",
    "SHA-256-hex",
    "SHA-1",
    "MD5",
    "SSHA",
    "PBKDF2",
    "PBKDF2-SHA256",
    "argon2id",
    "ntlm",
    "hmac-sha1",
    "mysql41",
    "des-crypt",
    "aspnet-membership",
    "scrypt",
    "md4",
];

/// A text of a notation with something cut out, put in or written over.
fn mutated() -> impl Strategy<Value = String> {
    let piece = prop_oneof![".{0,3}", "[./A-Za-z0-9+=$,{}:|]{0,4}", "[0-9]{1,12}", Just("$".repeat(9))];
    (proptest::sample::select(SEEDS), any::<prop::sample::Index>(), 0..12usize, piece).prop_map(
        |(seed, at, cut, piece)| {
            let mut chars: Vec<char> = seed.chars().collect();
            let at = at.index(chars.len());
            let end = (at + cut).min(chars.len());
            chars.splice(at..end, piece.chars());
            chars.into_iter().collect()
        },
    )
}

fn cell() -> impl Strategy<Value = Option<String>> {
    let rest = prop_oneof![".{0,80}", "[./A-Za-z0-9+=$]{0,90}", "[0-9a-f]{0,128}", "[{}$:|,=]{0,40}"];
    let marked = (proptest::sample::select(SEEDS), 0..24usize, rest)
        .prop_map(|(seed, length, rest)| format!("{}{rest}", seed.chars().take(length).collect::<String>()));
    proptest::option::of(prop_oneof![mutated(), marked])
}

fn algorithm() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(prop_oneof![proptest::sample::select(&NAMES[..]).prop_map(str::to_owned), ".{0,30}"])
}

fn number() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(prop_oneof!["[0-9]{0,12}", ".{0,5}"])
}

fn settled() -> Settlement {
    let project = FirebaseProject {
        signer_key: bytes(&[1; 16]),
        salt_separator: bytes(&[2; 2]),
        rounds: 8,
        memory_cost: 14,
    };
    Settlement { meant: vec![], pepper: Some(Secret::new("pepper")), firebase: Some(project) }
}

/// What the field of every notation promises, said once more and independently of how it was read.
fn holds(stored: &StoredHash) -> bool {
    let memory = |log_n: u8, r: u32| log_n <= 30 && (128u64 << log_n) * u64::from(r) <= 1 << 30;
    match stored {
        StoredHash::Bcrypt { cost, salt, value, .. } => {
            (1..=20).contains(cost) && salt.len() == 22 && value.len() == 31
        }
        StoredHash::Digest { digest, rounds, value, .. } => {
            value.len() == digest.size() && (1..=10_000_000).contains(rounds)
        }
        StoredHash::Hmac { digest, key, value } => value.len() == digest.size() && !key.is_empty(),
        StoredHash::Pbkdf2 { iterations, value, .. } => {
            (1..=10_000_000).contains(iterations) && (16..=512).contains(&value.len())
        }
        StoredHash::Argon2 { version, memory, passes, lanes, salt, value, .. } => {
            matches!(version, 16 | 19)
                && (*lanes * 8..=1 << 20).contains(memory)
                && u64::from(*memory) * u64::from(*passes) <= 4 << 20
                && (1..=255).contains(lanes)
                && *passes > 0
                && salt.len() >= 8
                && value.len() >= 12
        }
        StoredHash::Scrypt { log_n, r, p, value, .. } => {
            memory(*log_n, *r) && *log_n > 0 && *r > 0 && *p > 0 && value.len() >= 16
        }
        StoredHash::Firebase { project, salt, value } => {
            !salt.is_empty() && value.len() == project.signer_key.len()
        }
        StoredHash::Md5Crypt { salt, value, .. } => salt.len() <= 8 && value.len() == 22,
        StoredHash::ShaCrypt { rounds, salt, value, .. } => {
            (1000..=5_000_000).contains(rounds) && salt.len() <= 16 && matches!(value.len(), 43 | 86)
        }
        StoredHash::Sha1Crypt { rounds, salt, value } => *rounds > 0 && salt.len() <= 64 && value.len() == 28,
        StoredHash::Yescrypt(text) => text.starts_with("$y$") && text.is_ascii(),
        StoredHash::DesCrypt(text) => text.len() == 13,
        StoredHash::BsdiCrypt(text) => text.len() == 20 && text.starts_with('_'),
        StoredHash::Phpass { log_rounds, salt, value, .. } => {
            (7..=24).contains(log_rounds) && salt.len() == 8 && matches!(value.len(), 22 | 43)
        }
        StoredHash::Peppered { hash, .. } => !matches!(**hash, StoredHash::Peppered { .. }) && holds(hash),
    }
}

fn check(columns: &StoredPassword<'_>, settlement: &Settlement) {
    if let Ok(Verdict::Hash { hash, .. }) = recognise(columns, settlement) {
        assert!(hash.to_json().is_object());
    }
    let _ = understand(columns, settlement);
    for understood in candidates(columns, settlement).into_iter().flatten() {
        assert!(understood.stored.as_ref().is_none_or(holds), "{understood:?}");
    }
}

#[test]
fn every_seed_is_recognised() {
    for seed in SEEDS {
        let all = candidates(&whole_hash(seed), &Settlement::default()).unwrap_or_else(|fault| {
            panic!("{seed}: {fault}");
        });
        assert!(!all.is_empty(), "{seed}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_mutated_hash_is_read_right_or_not_at_all(text in mutated()) {
        check(&whole_hash(&text), &Settlement::default());
        check(&whole_hash(&text), &settled());
    }

    #[test]
    fn nothing_panics(
        (password, hashed, salt, whole) in (cell(), cell(), cell(), cell()),
        (algorithm, hmac, secret, data) in (algorithm(), algorithm(), cell(), cell()),
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
            secret_data: secret.as_deref(),
            credential_data: data.as_deref(),
        };
        for settlement in [Settlement::default(), settled()] {
            check(&columns, &settlement);
            check(&StoredPassword { password_hash: None, ..columns }, &settlement);
            check(&StoredPassword { password_hash: None, hashed_password: None, ..columns }, &settlement);
        }
    }

    #[test]
    fn a_fault_never_repeats_what_follows_the_marker(marker in "[$]zz[$]|[{]ZZ[}]|zz", rest in "[a-z]{30,60}") {
        let text = format!("{marker}{rest}");
        let fault = fault(&whole_hash(&text));
        prop_assert!(!fault.reason.contains(&rest[..8]));
    }

    #[test]
    fn a_fault_of_a_mutated_hash_shows_no_part_of_it(seed in proptest::sample::select(SEEDS), cut in 0..40usize) {
        let text: String = seed.chars().take(seed.chars().count().saturating_sub(cut)).collect();
        if let Err(fault) = recognise(&whole_hash(&text), &Settlement::default()) {
            let parts = seed.split(['$', '}', '"', '|', ':']).filter(|part| part.len() >= 10 && !part.contains(['=', '-', '_']));
            for part in parts.filter(|part| part.bytes().any(|byte| byte.is_ascii_digit())) {
                prop_assert!(!fault.reason.contains(&part[..8]), "{}", fault);
            }
        }
    }
}
