//! The official description, where it is at hand. It belongs to Okta and is no part of this project: the tests look
//! for it in the file that `MUSTER_DESCRIPTION` names, else beside the workspace, and pass without it.

use std::path::{Path, PathBuf};

use muster_description::Description;
use serde_json::{Value, json};

use crate::sample::{Judge, places, typed};

fn file() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/okta/management-subset.json");
    std::env::var_os("MUSTER_DESCRIPTION").map_or_else(beside, PathBuf::from)
}

/// The document and its judge; nothing where the file is absent.
#[expect(clippy::print_stdout, reason = "whoever reads the log of a test should see what was not tested")]
fn official() -> Option<(Value, Judge)> {
    let Ok(bytes) = std::fs::read(file()) else {
        println!("left out: the official description is not at hand");
        return None;
    };
    let document = serde_json::from_slice(&bytes).expect("the official description is JSON");
    Some((document, Judge(Description::read(&bytes).expect("the official description is sound"))))
}

/// A user to create, with something put in place of a member.
fn new_user(pointer: &str, value: Value) -> Value {
    let salt_and_value = ("rwh3vH166HCH/NT9XV5FYu", "qaMqvAPULkbiQzkTCWo5XDcvzpk8Tna");
    let mut user = json!({
        "profile": { "login": "ada@example.com", "email": "ada@example.com", "firstName": "Ada", "lastName": "L" },
        "credentials": { "password": { "hash": {
            "algorithm": "BCRYPT", "workFactor": 10, "salt": salt_and_value.0, "value": salt_and_value.1,
        } } },
        "groupIds": ["00g1"],
    });
    if let Some((parent, name)) = pointer.rsplit_once('/') {
        user.pointer_mut(parent).expect("the parent is there")[name] = value;
    }
    user
}

#[test]
fn all_operations_are_read() {
    let Some((document, judge)) = official() else { return };
    let paths = document["paths"].as_object().expect("paths");
    let methods = ["get", "put", "post", "delete", "patch"];
    let items = paths.values().filter_map(Value::as_object);
    let count = items.flat_map(|item| item.keys()).filter(|key| methods.contains(&key.as_str())).count();
    assert_eq!(judge.0.operations(), count);
    assert_eq!(judge.0.knows(&http::Method::POST, "/api/v1/users"), Some("createUser"));
    assert_eq!(judge.0.knows(&http::Method::GET, "/api/v1/groups/rules"), Some("listGroupRules"));
}

#[test]
fn a_user_with_a_hash_is_created_without_violation() {
    let Some((_, judge)) = official() else { return };
    let violations = judge.request("POST", "/api/v1/users?activate=true", Some(&new_user("", json!(null))));
    assert!(violations.is_empty(), "{violations:?}");
}

#[test]
fn what_is_wrong_with_a_new_user_is_named() {
    let Some((_, judge)) = official() else { return };
    let hash = "/credentials/password/hash";
    for (pointer, value, place, is_excused) in [
        (format!("{hash}/algorithm"), json!("ROT13"), "body /credentials/password/hash/algorithm", false),
        (format!("{hash}/workFactor"), json!(21), "body /credentials/password/hash/workFactor", false),
        (format!("{hash}/workFactor"), json!(0), "body /credentials/password/hash/workFactor", false),
        ("/groupIds/0".into(), json!(7), "body /groupIds", false),
        ("/profile/lastName".into(), json!(""), "body /profile/lastName", false),
        ("/profile/email".into(), json!("nobody"), "body /profile/email", false),
        ("/profile/login".into(), json!("ada"), "body /profile/login", true),
        ("/profile/department".into(), json!(null), "body /profile/department", true),
        ("/profile/title".into(), json!(5), "body /profile/title", true),
        ("/profile/title".into(), json!(["x"]), "body /profile/title", false),
    ] {
        let user = if pointer == "/groupIds/0" {
            new_user("/groupIds", json!("00g1"))
        } else {
            new_user(&pointer, value)
        };
        let violations = judge.request("POST", "/api/v1/users", Some(&user));
        assert_eq!(places(&violations), [place]);
        assert_eq!(violations[0].excuse.is_some(), is_excused, "{}", violations[0]);
    }
}

#[test]
fn a_user_without_profile_a_request_without_body_and_a_strange_parameter_are_violations() {
    let Some((_, judge)) = official() else { return };
    let no_profile = judge.request("POST", "/api/v1/users", Some(&json!({ "credentials": {} })));
    assert_eq!(places(&no_profile), ["body /profile"]);
    assert_eq!(places(&judge.request("POST", "/api/v1/users", None)), ["body"]);
    let strange = judge.request("GET", "/api/v1/users?limit=200&offset=3", None);
    assert_eq!(places(&strange), ["query offset"]);
    assert!(strange.iter().all(|violation| violation.excuse.is_none()));
    let missing = judge.request("POST", "/api/v1/users/00u1/lifecycle/reset_password", None);
    assert_eq!(places(&missing), ["query sendEmail"]);
}

#[test]
fn a_token_request_is_judged_as_a_form() {
    let Some((_, judge)) = official() else { return };
    let form = typed("application/x-www-form-urlencoded");
    let ask = |body: &str| judge.raw_request("POST", "/oauth2/v1/token", &form, body.as_bytes());
    let good =
        "grant_type=client_credentials&scope=okta.users.manage+okta.groups.manage&client_assertion=a.b.c";
    assert!(ask(good).is_empty(), "{:?}", ask(good));
    assert_eq!(places(&ask("grant_type=client_credentials")), ["body /scope"]);
    assert_eq!(places(&ask("grant_type=telepathy&scope=x")), ["body /grant_type"]);
}

#[test]
fn the_empty_object_after_a_lifecycle_call_is_excused_and_a_full_one_is_not() {
    let Some((_, judge)) = official() else { return };
    let answer = |call: &str, body| {
        judge.answer("POST", &format!("/api/v1/users/00u1/lifecycle/{call}"), 200, Some(&body))
    };
    for call in ["deactivate", "suspend", "unsuspend", "unlock", "reset_factors"] {
        let violations = answer(call, json!({}));
        assert!(violations.len() == 1 && violations[0].excuse.is_some(), "{call}: {violations:?}");
        let violations = answer(call, json!({ "status": "ACTIVE" }));
        assert!(violations.len() == 1 && violations[0].excuse.is_none(), "{call}: {violations:?}");
    }
    assert!(answer("activate", json!({})).is_empty());
}

#[test]
fn a_hook_is_judged_by_the_type_of_its_channel() {
    let Some((_, judge)) = official() else { return };
    let hook = |channel: Value| json!({ "name": "n", "version": "1.0.0", "type": "com.okta.user.credential.password.import", "channel": channel });
    let good =
        hook(json!({ "type": "HTTP", "version": "1.0.0", "config": { "uri": "https://example.com/hook" } }));
    let violations = judge.request("POST", "/api/v1/inlineHooks", Some(&good));
    assert!(violations.is_empty(), "{violations:?}");
    let bad = hook(json!({ "type": "HTTP", "config": { "uri": 7 } }));
    let violations = judge.request("POST", "/api/v1/inlineHooks", Some(&bad));
    assert_eq!(places(&violations), ["body /channel/config/uri"]);
}

#[test]
fn the_profile_of_a_schema_may_hold_references_as_text() {
    let Some((_, judge)) = official() else { return };
    let all_of = json!([{ "$ref": "#/definitions/custom" }, { "$ref": "#/definitions/base" }]);
    let schema = json!({ "id": "x", "type": "object", "properties": { "profile": { "allOf": all_of } } });
    let violations = judge.answer("GET", "/api/v1/meta/schemas/user/default", 200, Some(&schema));
    assert!(violations.is_empty(), "{violations:?}");
}

/// One example of a body: the operation's path and method, the status if it is an answer, its name and value.
struct Example<'d> {
    method: &'d str,
    path: &'d str,
    status: Option<u16>,
    name: &'d str,
    value: &'d Value,
}

/// Follows a reference within the document.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).expect("it leads somewhere"),
        None => value,
    }
}

fn json_examples<'d>(document: &'d Value, holder: &'d Value) -> Vec<(&'d str, &'d Value)> {
    let content = &resolved(document, holder)["content"]["application/json"];
    let named = content["examples"].as_object().into_iter().flatten();
    let named = named.map(|(name, example)| (name.as_str(), &resolved(document, example)["value"]));
    named.chain(content.get("example").map(|value| ("example", value))).collect()
}

fn examples(document: &Value) -> Vec<Example<'_>> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten().filter(|(_, one)| one.is_object()) {
            for (name, value) in json_examples(document, &operation["requestBody"]) {
                all.push(Example { method, path, status: None, name, value });
            }
            for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
                for (name, value) in json_examples(document, answer) {
                    all.push(Example { method, path, status: status.parse().ok(), name, value });
                }
            }
        }
    }
    all
}

#[test]
fn every_example_agrees_with_its_own_schema() {
    let Some((document, judge)) = official() else { return };
    let examples = examples(&document);
    assert!(examples.len() > 100, "only {} examples were found", examples.len());
    let mut wrong = Vec::new();
    for example in examples {
        let path = example.path.replace(['{', '}'], "");
        let method = example.method.to_uppercase();
        let violations = match example.status {
            Some(status) => judge.answer(&method, &path, status, Some(example.value)),
            None => judge.request(&method, &path, Some(example.value)),
        };
        for violation in violations.into_iter().filter(|violation| violation.place.starts_with("body")) {
            if violation.excuse.is_none() {
                wrong.push(format!("{}: {violation}", example.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_operation_has_schemas_that_compile() {
    let Some((document, judge)) = official() else { return };
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in item.as_object().into_iter().flatten().map(|(method, _)| method.to_uppercase()) {
            if method == "PARAMETERS" {
                continue;
            }
            let path = path.replace(['{', '}'], "");
            let mut violations = judge.request(&method, &format!("{path}?limit=1&filter=x"), Some(&json!(1)));
            violations.extend(judge.answer(&method, &path, 200, Some(&json!(1))));
            let broken = violations.iter().find(|one| one.expected == "a schema that can be compiled");
            assert!(broken.is_none(), "{broken:?}");
        }
    }
}
