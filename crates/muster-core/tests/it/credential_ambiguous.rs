//! Texts that could be several notations, and who says which.

use muster_core::credential::{
    Notation, Settlement, StoredPassword, Verdict, candidates, recognise, understand,
};
use muster_core::fault::FaultCode;
use muster_core::secret::Secret;
use muster_core::stored::{Digest, FirebaseProject, SaltOrder, StoredHash};

use crate::credential_proof::{bytes, fault, reading, verdict, whole_hash};

/// The MD5 of `password`, or anybody's NTLM.
const DIGITS_32: &str = "5f4dcc3b5aa765d61d8327deb882cf99";
const DJANGO: &str = "sha1$6sDos3fSwfhB$ec04de9e17f157ec87473f1a929638326097e920";

fn meant(notations: &[Notation]) -> Settlement {
    Settlement { meant: notations.to_vec(), ..Settlement::default() }
}

fn notations(columns: &StoredPassword<'_>, settlement: &Settlement) -> Vec<Notation> {
    let all = understand(columns, settlement).expect("readings");
    all.iter().map(|understood| understood.notation).collect()
}

#[test]
fn a_digest_without_a_name_is_not_guessed_about() {
    let all = [
        (DIGITS_32, "found 32 hex digits, which could be md5 or ntlm: "),
        ("5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8", "found 40 hex digits, which could be sha1 or mysql41: "),
        ("W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "found base64 of 20 bytes, which could be sha1 or mysql41: "),
        (&"0a".repeat(32), "found 64 hex digits, which could be sha256: "),
        (&"0a".repeat(48), "could be sha384: "),
        (&"0a".repeat(64), "could be sha512: "),
        (
            DJANGO,
            "found sha1$salt$hex, which Django writes as well as old Werkzeug (an HMAC), which could be sha1 or hmac-sha1: ",
        ),
    ];
    for (text, words) in all {
        let fault = fault(&whole_hash(text));
        assert_eq!(
            (fault.code, fault.field.as_deref()),
            (FaultCode::AmbiguousNotation, Some("passwordHash"))
        );
        assert!(fault.reason.starts_with("found ") && fault.reason.contains(words), "{fault}");
        for way in ["an algorithm column", "--notation NAME", "muster hashes FILE --known known.csv"] {
            assert!(fault.reason.contains(way), "{fault}");
        }
    }
}

#[test]
fn all_readings_are_there_to_be_proved() {
    let none = Settlement::default();
    assert_eq!(notations(&whole_hash(DIGITS_32), &none), [Notation::Md5, Notation::Ntlm]);
    assert_eq!(notations(&whole_hash(DJANGO), &none), [Notation::Sha1, Notation::HmacSha1]);
    let alone = "0a".repeat(32);
    let fault = understand(&whole_hash(&alone), &none).expect_err("not settled");
    assert_eq!(fault.code, FaultCode::AmbiguousNotation);
    let all = candidates(&whole_hash(&alone), &none).expect("candidates");
    assert_eq!(all.len(), 1);
    assert!(all[0].okta.is_some());
}

#[test]
fn the_operator_settles_it_for_all_rows() {
    let md5 = meant(&[Notation::Md5]);
    let Ok(Verdict::Hash { notation: Notation::Md5, .. }) = recognise(&whole_hash(DIGITS_32), &md5) else {
        panic!("md5")
    };
    assert_eq!(notations(&whole_hash(DIGITS_32), &meant(&[Notation::Ntlm])), [Notation::Ntlm]);
    assert_eq!(notations(&whole_hash(DIGITS_32), &meant(&[Notation::Md4])), [Notation::Md4]);
    assert_eq!(notations(&whole_hash(DJANGO), &meant(&[Notation::HmacSha1])), [Notation::HmacSha1]);
    let alone = "0a".repeat(32);
    assert_eq!(notations(&whole_hash(&alone), &meant(&[Notation::Sha256])), [Notation::Sha256]);
    // Two that both fit settle nothing.
    let both = meant(&[Notation::Md5, Notation::Ntlm]);
    assert_eq!(notations(&whole_hash(DIGITS_32), &both).len(), 2);
}

#[test]
fn a_notation_for_all_rows_is_as_good_as_a_column() {
    let salted =
        StoredPassword { salt: Some("c2FsdA=="), salt_order: Some("PREFIX"), ..whole_hash(DIGITS_32) };
    assert_eq!(notations(&salted, &meant(&[Notation::Md5])), [Notation::Md5]);
    assert_eq!(fault(&salted).code, FaultCode::UnknownNotation);
    assert_eq!(notations(&whole_hash("Lga870zSbObAk"), &meant(&[Notation::DesCrypt])), [Notation::DesCrypt]);
    // What says itself what it is stays what it is.
    let ssha = whole_hash("{SSHA}Ty28ueFZ7FvzQNSTfqdiyOWq56OSstZa");
    assert_eq!(notations(&ssha, &meant(&[Notation::Ntlm])), [Notation::Ssha]);
}

#[test]
fn a_column_settles_it_for_its_row() {
    for (algorithm, notation) in [("sha1", Notation::Sha1), ("HMAC-SHA1", Notation::HmacSha1)] {
        let columns = StoredPassword { algorithm: Some(algorithm), ..whole_hash(DJANGO) };
        assert_eq!(reading(&columns).notation, notation);
    }
    let columns = StoredPassword { algorithm: Some("NTLM"), ..whole_hash(DIGITS_32) };
    assert_eq!(reading(&columns).notation, Notation::Ntlm);
}

#[test]
fn django_and_werkzeug_mean_different_things() {
    let all = understand(&whole_hash(DJANGO), &Settlement::default()).expect("readings");
    let Some(StoredHash::Digest { salt, order: SaltOrder::Prefix, rounds: 1, .. }) = &all[0].stored else {
        panic!("a salted digest")
    };
    assert_eq!(salt.as_slice(), b"6sDos3fSwfhB");
    let Some(StoredHash::Hmac { digest: Digest::Sha1, key, .. }) = &all[1].stored else { panic!("an HMAC") };
    assert_eq!(key.as_slice(), b"6sDos3fSwfhB");
    // Without a salt there is nothing to tell apart, and Django never wrote SHA-256 like this.
    let unsalted = whole_hash("sha1$$5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8");
    assert_eq!(reading(&unsalted).notation, Notation::Sha1);
    let werkzeug = format!("sha256$salt${}", "0a".repeat(32));
    assert_eq!(reading(&whole_hash(&werkzeug)).notation, Notation::HmacSha256);
}

#[test]
fn a_pepper_leaves_everything_to_the_hook() {
    let bcrypt = "$2a$10$qRRx8rli7Lvs2h2CNgCQ2OmVA2NDdomRGoGFrAXDZcno0OZ6CoOU2";
    let peppered = Settlement { pepper: Some(Secret::new("pepper")), ..Settlement::default() };
    let Ok(Verdict::Hook { notation: Notation::Bcrypt, stored }) = recognise(&whole_hash(bcrypt), &peppered)
    else {
        panic!("for the hook")
    };
    let StoredHash::Peppered { pepper, hash } = stored else { panic!("peppered") };
    assert_eq!(pepper.reveal(), "pepper");
    assert_eq!(Some(*hash), reading(&whole_hash(bcrypt)).stored);
    let costly = bcrypt.replace("$10$", "$17$");
    let fault = recognise(&whole_hash(&costly), &peppered).expect_err("no time for it");
    assert_eq!(fault.code, FaultCode::BadCredential);
    let none = Settlement { pepper: Some(Secret::new("")), ..Settlement::default() };
    assert!(matches!(recognise(&whole_hash(bcrypt), &none), Ok(Verdict::Hash { .. })));
}

#[test]
fn a_firebase_hash_needs_its_project() {
    let (value, salt) = ("-_".repeat(42) + "-w", "42xEC+ixf3L2lw==");
    let columns = StoredPassword { algorithm: Some("SCRYPT"), salt: Some(salt), ..whole_hash(&value) };
    let named = StoredPassword { algorithm: Some("firebase-scrypt"), ..columns };
    assert!(fault(&named).reason.contains("base64_signer_key"));
    let project = FirebaseProject {
        signer_key: bytes(&[1; 64]),
        salt_separator: bytes(&[2; 2]),
        rounds: 8,
        memory_cost: 14,
    };
    let settled = Settlement { firebase: Some(project), ..Settlement::default() };
    for columns in [columns, named, StoredPassword { algorithm: None, ..columns }] {
        let Ok(Verdict::Hook { notation: Notation::FirebaseScrypt, stored }) = recognise(&columns, &settled)
        else {
            panic!("for the hook")
        };
        let StoredHash::Firebase { salt, value, .. } = stored else { panic!("of Firebase") };
        assert_eq!((salt.len(), value.len()), (10, 64));
    }
}

#[test]
fn marks_that_are_no_hashes_need_a_reset() {
    for text in ["!", "!MK4qlQ3R", "!!", "*", "*LK*", "*NP*", "x"] {
        assert_eq!(verdict(&whole_hash(text)), Ok(Verdict::Reset { notation: Notation::Unusable }), "{text}");
    }
}

#[test]
fn a_directory_locks_an_entry_with_the_same_marks() {
    for text in ["{CRYPT}!", "{CRYPT}*", "{crypt}x", "{CRYPT}!!", "{CRYPT}*LK*", "{CRYPT}!$6$salt$hash"] {
        assert_eq!(verdict(&whole_hash(text)), Ok(Verdict::Reset { notation: Notation::Unusable }), "{text}");
    }
    assert_eq!(fault(&whole_hash("{CRYPT}rl0uE2R")).code, FaultCode::BadCredential, "cut");
}

#[test]
fn letters_beside_a_hash_in_hex_are_not_taken_for_base64() {
    let columns = |salt| StoredPassword {
        hashed_password: Some(DIGITS_32),
        salt: Some(salt),
        algorithm: Some("MD5"),
        salt_order: Some("PREFIX"),
        ..StoredPassword::default()
    };
    let salt = |text| {
        let Some(StoredHash::Digest { salt, .. }) = reading(&columns(text)).stored else {
            panic!("a digest")
        };
        salt.to_vec()
    };
    // Eight letters of a salt, which happen to be base64, too.
    for text in ["q8Zk3LmP", "saltsalt", "NaCl", "Zm9v/+Ah"] {
        let fault = fault(&columns(text));
        assert_eq!((fault.code, fault.field.as_deref()), (FaultCode::BadCredential, Some("salt")), "{text}");
        assert!(fault.reason.contains("text: or base64:") && !fault.reason.contains(text), "{fault}");
    }
    assert_eq!(salt("text:saltsalt"), b"saltsalt");
    assert_eq!((salt("base64:NaCl"), salt("Zm9vYg==")), (vec![0x35, 0xa0, 0xa5], b"foob".to_vec()));
}
