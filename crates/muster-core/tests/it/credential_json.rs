//! Hashes as JSON objects: of Keycloak and Auth0.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_core::credential::{Notation, StoredPassword, Verdict};
use muster_core::fault::FaultCode;
use muster_core::stored::{Again, Argon2Variant, Digest, SaltOrder, StoredHash, TextForm};
use serde_json::{Value, json};

use crate::credential_proof::{
    PASSWORD, assert_converts, bytes, digest_of, fault, for_hook, hex, pbkdf2_of, verdict, whole_hash,
};

fn keycloak(secret: &str, data: &str) -> Vec<String> {
    let (secret_object, data_object): (Value, Value) =
        (serde_json::from_str(secret).unwrap(), serde_json::from_str(data).unwrap());
    vec![
        json!({"type": "password", "secretData": secret, "credentialData": data}).to_string(),
        json!({"id": "1", "secretData": secret_object, "credentialData": data_object}).to_string(),
    ]
}

fn secret(salt: &[u8], value: &[u8]) -> String {
    json!({"value": STANDARD.encode(value), "salt": STANDARD.encode(salt), "additionalParameters": {}})
        .to_string()
}

fn data(algorithm: &str, iterations: u32) -> String {
    json!({"hashIterations": iterations, "algorithm": algorithm, "additionalParameters": {}}).to_string()
}

#[test]
fn pbkdf2_of_keycloak() {
    let value = pbkdf2_of(Digest::Sha512, PASSWORD, &[8; 16], 30_000, 64);
    let (secret, data) = (secret(&[8; 16], &value), data("pbkdf2-sha512", 30_000));
    for text in keycloak(&secret, &data) {
        assert_converts(&whole_hash(&text), Notation::Pbkdf2Sha512, PASSWORD);
    }
    let columns = StoredPassword {
        secret_data: Some(&secret),
        credential_data: Some(&data),
        ..StoredPassword::default()
    };
    assert_converts(&columns, Notation::Pbkdf2Sha512, PASSWORD);
    assert_eq!(fault(&StoredPassword { secret_data: None, ..columns }).field.as_deref(), Some("secretData"));
    assert_eq!(
        fault(&StoredPassword { credential_data: None, ..columns }).field.as_deref(),
        Some("credentialData")
    );
    let cut = StoredPassword { secret_data: Some(&secret[..40]), ..columns };
    assert!(fault(&cut).reason.contains("JSON that is cut"));
}

#[test]
fn the_list_of_a_users_credentials_has_one_password() {
    let value = pbkdf2_of(Digest::Sha256, PASSWORD, &[8; 16], 5000, 64);
    let password: Value =
        serde_json::from_str(&keycloak(&secret(&[8; 16], &value), &data("pbkdf2-sha256", 5000))[0]).unwrap();
    let otp = json!({"type": "otp", "secretData": "{}", "credentialData": "{}"});
    let all = json!([otp, password]).to_string();
    assert_converts(&whole_hash(&all), Notation::Pbkdf2Sha256, PASSWORD);
    assert!(fault(&whole_hash(&json!([otp]).to_string())).reason.contains("no password"));
    assert!(fault(&whole_hash(&json!([password, password]).to_string())).reason.contains("several"));
}

#[test]
fn the_first_algorithm_of_keycloak_was_sha_1() {
    let value = [7; 64];
    let expected = StoredHash::Pbkdf2 {
        digest: Digest::Sha1,
        salt: bytes(&[8; 16]),
        iterations: 20_000,
        value: bytes(&value),
    };
    for text in keycloak(&secret(&[8; 16], &value), &data("pbkdf2", 20_000)) {
        assert_eq!(for_hook(&text), (Notation::Pbkdf2Sha1, expected.clone()));
    }
    let old = json!({
        "type": "password", "hashedSaltedValue": STANDARD.encode(value), "salt": STANDARD.encode([8; 16]),
        "hashIterations": 20_000, "temporary": false,
    });
    assert_eq!(for_hook(&old.to_string()), (Notation::Pbkdf2Sha1, expected));
}

#[test]
fn argon2_of_keycloak() {
    let data = json!({
        "hashIterations": 5, "algorithm": "argon2",
        "additionalParameters": {
            "hashLength": ["32"], "memory": ["7168"], "type": ["id"], "version": ["1.3"], "parallelism": ["1"],
        },
    });
    let expected = StoredHash::Argon2 {
        variant: Argon2Variant::Id,
        version: 0x13,
        memory: 7168,
        passes: 5,
        lanes: 1,
        salt: bytes(&[8; 16]),
        value: bytes(&[7; 32]),
    };
    for text in keycloak(&secret(&[8; 16], &[7; 32]), &data.to_string()) {
        assert_eq!(for_hook(&text), (Notation::Argon2id, expected.clone()));
    }
    let cut = keycloak(&secret(&[8; 16], &[7; 31]), &data.to_string());
    assert!(fault(&whole_hash(&cut[0])).reason.contains("another length"));
    let unknown = keycloak(&secret(&[8; 16], &[7; 31]), &self::data("scrypt", 1));
    assert_eq!(fault(&whole_hash(&unknown[0])).code, FaultCode::UnknownNotation);
}

#[test]
fn digests_of_auth0() {
    let text = |value: &[u8], position: &str| {
        json!({
            "algorithm": "sha256",
            "hash": {"value": hex(value), "encoding": "hex"},
            "salt": {"value": "salt", "encoding": "utf8", "position": position},
        })
        .to_string()
    };
    for (order, position) in [(SaltOrder::Prefix, "prefix"), (SaltOrder::Postfix, "suffix")] {
        let value = digest_of(Digest::Sha256, PASSWORD, b"salt", order);
        assert_converts(&whole_hash(&text(&value, position)), Notation::Sha256, PASSWORD);
    }
    assert!(fault(&whole_hash(&text(&[0; 32], "nowhere"))).reason.contains("position"));
    let unsalted =
        json!({"algorithm": "md5", "hash": {"value": "X03MO1qnZdYdgyfeuILPmQ==", "encoding": "base64"}});
    assert_converts(&whole_hash(&unsalted.to_string()), Notation::Md5, "password");
    let windows = json!({
        "custom_password_hash": {
            "algorithm": "md4", "hash": {"value": "0b".repeat(16), "encoding": "hex"},
            "password": {"encoding": "utf16le"},
        },
    });
    let expected = StoredHash::Digest {
        digest: Digest::Md4,
        salt: bytes(b""),
        order: SaltOrder::Prefix,
        text: TextForm::Utf16Le,
        rounds: 1,
        again: Again::Raw,
        value: bytes(&[0x0b; 16]),
    };
    assert_eq!(for_hook(&windows.to_string()), (Notation::Md4, expected));
}

#[test]
fn whole_hashes_of_auth0() {
    let of = |algorithm: &str, value: &str| {
        json!({"algorithm": algorithm, "hash": {"value": value, "encoding": "utf8"}}).to_string()
    };
    let bcrypt = "$2a$10$qRRx8rli7Lvs2h2CNgCQ2OmVA2NDdomRGoGFrAXDZcno0OZ6CoOU2";
    assert_converts(&whole_hash(&of("bcrypt", bcrypt)), Notation::Bcrypt, "P@ssword123456");
    let short = json!({"algorithm": "bcrypt", "hash": bcrypt}).to_string();
    assert_converts(&whole_hash(&short), Notation::Bcrypt, "P@ssword123456");
    let ldap = of("ldap", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=");
    assert_converts(&whole_hash(&ldap), Notation::Sha1, "password");
    // The sample of a migration of others, of `Test@123`.
    let pbkdf2 = of(
        "pbkdf2",
        "$pbkdf2-sha256$i=10000,l=32$wJuJqLoUFsdXa8k3sFhRlA$2waKCbPhZzL+RjWMQqvA1jpb+j56jTAXcNmRD9UTekU",
    );
    assert_converts(&whole_hash(&pbkdf2), Notation::Pbkdf2Sha256, "Test@123");
    let argon2 = of("argon2", &format!("$argon2id$v=19$m=4096,t=3,p=1$c2FsdHNhbHQ${}", "A".repeat(43)));
    assert_eq!(for_hook(&argon2).0, Notation::Argon2id);
    assert!(fault(&whole_hash(&of("bcrypt", "secret"))).reason.contains("not of its algorithm"));
    assert_eq!(fault(&whole_hash(&of("rot13", "secret"))).code, FaultCode::UnknownNotation);
}

#[test]
fn scrypt_and_hmac_of_auth0() {
    let scrypt = |keylen: u32| {
        json!({
            "algorithm": "scrypt", "hash": {"value": STANDARD.encode([7; 64]), "encoding": "base64"},
            "salt": {"value": "abcd", "encoding": "utf8"},
            "cost": 16384, "blockSize": 8, "parallelization": 1, "keylen": keylen,
        })
        .to_string()
    };
    let expected = StoredHash::Scrypt { log_n: 14, r: 8, p: 1, salt: bytes(b"abcd"), value: bytes(&[7; 64]) };
    assert_eq!(for_hook(&scrypt(64)), (Notation::Scrypt, expected));
    assert!(fault(&whole_hash(&scrypt(32))).reason.contains("keylen"));
    let hmac = json!({
        "algorithm": "hmac",
        "hash": {
            "value": hex(&[7; 32]), "encoding": "hex", "digest": "sha256",
            "key": {"value": "c2VjcmV0", "encoding": "base64"},
        },
    });
    let expected = StoredHash::Hmac { digest: Digest::Sha256, key: bytes(b"secret"), value: bytes(&[7; 32]) };
    assert_eq!(for_hook(&hmac.to_string()), (Notation::HmacSha256, expected));
}

#[test]
fn other_json_is_not_guessed_about() {
    assert_eq!(fault(&whole_hash(r#"{"a": 1}"#)).code, FaultCode::UnknownNotation);
    assert_eq!(fault(&whole_hash(r#"{"a": "#)).code, FaultCode::BadCredential);
    let clear = |text| StoredPassword { cleartext: Some(text), ..StoredPassword::default() };
    assert!(matches!(verdict(&clear(r#"{"begins like an object, says nothing"#)), Ok(Verdict::Cleartext(_))));
    let hash = r#"{"algorithm":"ldap","hash":{"value":"{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="}}"#;
    assert!(fault(&clear(hash)).reason.contains("looks like a sha1 hash"));
}
