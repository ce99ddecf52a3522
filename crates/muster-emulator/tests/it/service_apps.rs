use muster_emulator::ServiceApp;
use serde_json::{Value, json};

use crate::{
    caller::Caller,
    service::{APP, Key, NOW, ask_with, changed, settings},
};

fn file(key: &Key) -> Value {
    json!({"client_id": APP, "jwks": {"keys": [key.jwk]}, "scopes": ["okta.users.manage", "okta.policies.read"]})
}

fn read(file: &Value) -> Result<ServiceApp, String> {
    ServiceApp::from_json(file.to_string().as_bytes()).map_err(|error| error.to_string())
}

#[tokio::test(start_paused = true)]
async fn a_private_key_is_taken_and_its_private_part_is_not_kept() {
    let key = Key::new();
    let mut private = file(&key);
    private["jwks"]["keys"][0]["d"] = json!("c2VjcmV0IG51bWJlcg");
    let app = read(&private).expect("an app");
    assert_eq!((app.client_id(), app.scopes()), (APP, vec!["okta.users.manage", "okta.policies.read"]));
    assert!(!format!("{app:?}").contains("c2Vj"));
    let org = Caller::with(settings(app));
    let got = ask_with(&org, &key.assertion(NOW, &Value::Null), "okta.users.manage", None).await;
    assert_eq!(got.status, 200, "{}", got.text);
}

#[test]
fn a_file_that_is_no_app_is_told_why() {
    let key = Key::new();
    let keys = |keys: Value| json!({"jwks": {"keys": keys}});
    let with = |member: &str, value: &str| {
        let mut jwk = key.jwk.clone();
        jwk[member] = json!(value);
        jwk
    };
    let twice = json!([with("kid", "a"), with("kid", "a")]);
    for (changes, word) in [
        (json!({"client_id": null}), "`client_id`"),
        (json!({"client_id": " "}), "`client_id`"),
        (json!({"client_id": 7}), "`client_id`"),
        (json!({"jwks": null}), "`jwks`"),
        (keys(json!([])), "`jwks`"),
        (keys(json!(vec![key.jwk.clone(); 51])), "`jwks`"),
        (keys(json!([with("use", "enc")])), "`jwks`"),
        (keys(json!([{"kty": "oct", "k": "c2VjcmV0"}])), "key 1 of the service app cannot be used"),
        (keys(json!([with("crv", "P-192")])), "key 1"),
        (keys(json!([with("x", "not base64 \" at all")])), "key 1"),
        (keys(json!(["text"])), "key 1"),
        (keys(twice), "key 2 of the service app cannot be used: another key has the same kid"),
        (keys(json!([with("kid", "a"), key.jwk])), "key 2 of the service app cannot be used: it has no kid"),
        (json!({"scopes": null}), "`scopes`"),
        (json!({"scopes": "okta.users.manage"}), "`scopes`"),
        (json!({"scopes": ["okta.user.manage"]}), "there is no scope `okta.user.manage`"),
        (json!({"dpop_bound_access_tokens": "yes"}), "`dpop_bound_access_tokens`"),
    ] {
        let refused = read(&changed(file(&key), &changes)).expect_err("no app");
        assert!(refused.contains(word) && !refused.contains("c2VjcmV0"), "{changes}: {refused}");
    }
    let refused = ServiceApp::from_json(b"{\n  \"client_id\": hush").expect_err("no JSON").to_string();
    assert!(refused.contains("line 2") && !refused.contains("hush"), "{refused}");
}
