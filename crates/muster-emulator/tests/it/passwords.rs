use serde_json::{Value, json};

use crate::caller::{Caller, profile};

/// The vectors that are known to verify: algorithm members and password.
fn vectors() -> Vec<(Value, &'static str)> {
    let sha512 = "QrozP8a+KfoHu6mPFysxLoO5LMQsd2Fw6IclZUf8xQjetJOCGS93vm68h+VaFX0LHSiF/GxQkykq1vofmx6NGA==";
    let sha512_postfix =
        "Zz6KwLGDm7ospSipwpDmxAjBWHKPLgGh1roGzI267h6txr/ihTI/R4K2eYrpyc0R24qCSF6DRqNl110vZZtj4A==";
    vec![
        (crate::caller::bcrypt()["password"]["hash"].clone(), "P@ssword123456"),
        (
            json!({"algorithm": "SHA-512", "salt": "TXlTYWx0", "saltOrder": "PREFIX", "value": sha512}),
            "Abcd1234",
        ),
        (
            json!({"algorithm": "SHA-512", "salt": "JipHQUgqQU8qQUwpQUYjUChBSEcjQQ==", "saltOrder": "POSTFIX", "value": sha512_postfix}),
            "s3cr3tp@ssw0rd",
        ),
        (
            json!({"algorithm": "SHA-1", "salt": "UEO3wsAsgzQ=", "saltOrder": "POSTFIX", "value": "xjrauE6J6kbjcvMjWSSc+PsBBls="}),
            "P@ssw0rd",
        ),
        (
            json!({"algorithm": "MD5", "salt": "TXlTYWx0", "saltOrder": "PREFIX", "value": "jqACjUUFXM1XE6NiLALAbA=="}),
            "Abcd1234",
        ),
        (
            json!({"algorithm": "PBKDF2", "salt": "kcs2gJGOI4Nn2bgiWM8E3P83ZHhIanj1", "iterationCount": 20000,
                   "keySize": 24, "digestAlgorithm": "SHA512_HMAC", "value": "fBNzjuyyyDghtShOdQNORxp7ppTZQPBZ"}),
            "Test123456!",
        ),
        (
            json!({"algorithm": "PBKDF2", "salt": "kcs2gJGOI4Nn2bgiWM8E3P83ZHhIanj1", "iterationCount": 4096,
                   "keySize": 32, "digestAlgorithm": "SHA256_HMAC", "value": "x0Hifuj7MMW6/80IUkaTBWJDfOmw160uK100mHijK/Y="}),
            "Test123456!",
        ),
        (
            json!({"algorithm": "SHA-256", "salt": "MPu13OmY", "saltOrder": "PREFIX", "value": "fVqiXlaRLedaf8tWjW4Y/qzjwjoqVsrVQhyJlXTTjKA="}),
            "test",
        ),
        (
            json!({"algorithm": "SHA-256", "salt": "MPu13OmY", "saltOrder": "POSTFIX", "value": "V3tKPsImWjcG/HB9DDPetJzlXKsUk4ZX5FDtwXzM3kI="}),
            "test",
        ),
        (json!({"algorithm": "SHA-1", "value": "tE3aHa3TUZSPys4YVu2XNm5nkjk="}), "Abcd1234"),
        (
            json!({"algorithm": "MD5", "workFactor": 0, "salt": "", "value": "MloswFKRTO64wZAWwJHSrA=="}),
            "Abcd1234",
        ),
    ]
}

/// Okta's published sample for SHA-256 fits `test` only if the salt is digested as the letters that it is written in.
/// The rule is that salts are decoded, as in all other samples, and the emulated org goes by the rule.
#[tokio::test]
async fn the_published_sha_256_sample_goes_against_the_rule_and_does_not_sign_in() {
    let sample = "Gjxo7mxvvzQWa83ovhYRUH2dWUhC1N77Ntc56UfI4sY";
    let org = Caller::free();
    for (login, salt, status) in
        [("sample@example.com", "MPu13OmY", 401), ("as-letters@example.com", "TVB1MTNPbVk=", 200)]
    {
        let hash = json!({"algorithm": "SHA-256", "salt": salt, "saltOrder": "PREFIX", "value": sample});
        let body = json!({"profile": profile(login), "credentials": {"password": {"hash": hash}}});
        assert_eq!(org.post("/api/v1/users", body).await.status, 200);
        assert_eq!(org.sign_in(login, "test").await.status, status, "{login}");
    }
}

fn body(hash: &Value) -> Value {
    json!({"profile": profile("ada@example.com"), "credentials": {"password": {"hash": hash}}})
}

#[tokio::test]
async fn imported_hashes_sign_in_and_are_okta_s_from_then_on() {
    for (hash, password) in vectors() {
        let org = Caller::free();
        let got = org.post("/api/v1/users", body(&hash)).await;
        assert_eq!(got.status, 200, "{}", got.text);
        assert_eq!(org.sign_in("ada@example.com", "Wrong1234").await.code(), "E0000004");
        let provider =
            || async { org.get("/api/v1/users/ada").await.body["credentials"]["provider"]["type"].clone() };
        assert_eq!(provider().await, json!("IMPORT"), "a failed sign-in changes nothing");
        let got = org.sign_in("ada@example.com", password).await;
        assert_eq!((got.status, got.body["status"].as_str()), (200, Some("SUCCESS")), "{hash}: {}", got.text);
        assert_eq!(provider().await, json!("OKTA"));
    }
}

#[tokio::test]
async fn malformed_hashes_are_refused() {
    let bad = [
        json!({"algorithm": "BCRYPT", "salt": "qRRx8rli7Lvs2h2CNgCQ2O", "value": "mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2"}),
        json!({"algorithm": "BCRYPT", "workFactor": 21, "salt": "qRRx8rli7Lvs2h2CNgCQ2O", "value": "mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2"}),
        json!({"algorithm": "BCRYPT", "workFactor": 10, "salt": "qRRx8rli7Lvs2h2CNgCQ2", "value": "mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2"}),
        json!({"algorithm": "BCRYPT", "workFactor": 10, "salt": "qRRx8rli7Lvs2h2CNgCQ2+", "value": "mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2"}),
        json!({"algorithm": "BCRYPT", "workFactor": 10, "salt": "qRRx8rli7Lvs2h2CNgCQ2O", "value": "mVA2NDdomRGoGFrAXDZcno0OZ6CoOU"}),
        json!({"algorithm": "SHA-512", "salt": "TXlTYWx0", "value": "QrozP8a+"}),
        json!({"algorithm": "SHA-512", "salt": "TXlTYWx0", "saltOrder": "MIDDLE", "value": "QrozP8a+"}),
        json!({"algorithm": "SHA-1", "salt": "!", "saltOrder": "PREFIX", "value": "QrozP8a+"}),
        json!({"algorithm": "MD5"}),
        json!({"algorithm": "SCRYPT", "value": "QrozP8a+"}),
        json!({"algorithm": "PBKDF2", "salt": "TXlTYWx0", "iterationCount": 4095, "keySize": 24, "digestAlgorithm": "SHA512_HMAC", "value": "QrozP8a+"}),
        json!({"algorithm": "PBKDF2", "salt": "TXlTYWx0", "iterationCount": 4096, "keySize": 24, "digestAlgorithm": "SHA1_HMAC", "value": "QrozP8a+"}),
    ];
    for hash in bad {
        let got = Caller::free().post("/api/v1/users", body(&hash)).await;
        assert_eq!((got.status, got.code()), (400, "E0000001"), "{hash}");
        assert_eq!(got.body["errorSummary"], json!("Api validation failed: password"), "{hash}");
    }
}

#[tokio::test]
async fn what_okta_cannot_see_to_be_wrong_only_fails_at_the_sign_in() {
    let hex = "8ea0028d45055ccd5713a3622c02c06c";
    let odd = [
        json!({"algorithm": "MD5", "salt": "TXlTYWx0", "saltOrder": "PREFIX", "value": hex}),
        json!({"algorithm": "MD5", "salt": "TXlTYWx0", "saltOrder": "POSTFIX", "value": "jqACjUUFXM1XE6NiLALAbA=="}),
        json!({"algorithm": "PBKDF2", "salt": "kcs2gJGOI4Nn2bgiWM8E3P83ZHhIanj1", "iterationCount": 20000, "keySize": 32,
               "digestAlgorithm": "SHA512_HMAC", "value": "fBNzjuyyyDghtShOdQNORxp7ppTZQPBZ"}),
    ];
    for hash in odd {
        let org = Caller::free();
        assert_eq!(org.post("/api/v1/users", body(&hash)).await.status, 200, "{hash}");
        for password in ["Abcd1234", "Test123456!"] {
            assert_eq!(org.sign_in("ada@example.com", password).await.status, 401, "{hash}");
        }
    }
}

#[tokio::test]
async fn exactly_one_kind_of_password_is_taken() {
    let two = json!({"password": {"value": "Abcd1234", "hook": {"type": "default"}}});
    let got = Caller::free()
        .post("/api/v1/users", json!({"profile": profile("a@example.com"), "credentials": two}))
        .await;
    assert_eq!(got.body["errorSummary"], json!("Api validation failed: password"));
    let other = json!({"password": {"hook": {"type": "other"}}});
    let got = Caller::free()
        .post("/api/v1/users", json!({"profile": profile("a@example.com"), "credentials": other}))
        .await;
    assert_eq!(got.status, 400);
}

#[tokio::test]
async fn unsalted_and_unpadded_digests_are_taken() {
    let org = Caller::free();
    // SHA-256 of `password`, without a salt and without padding.
    let hash = json!({"algorithm": "SHA-256", "value": "XohImNooBHFR0OVvjcYpJ3NgPQ1qq73WKhHvch0VQtg"});
    assert_eq!(org.post("/api/v1/users", body(&hash)).await.status, 200);
    assert_eq!(org.sign_in("ada", "password").await.status, 200);
}
