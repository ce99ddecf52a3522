//! Each excuse meets what it is for, and its neighbour goes unexcused.
//!
//! The document below borrows no text from Okta: only the names by which excuses find their places.

use std::collections::BTreeSet;

use muster_description::{Violation, excuses};
use serde_json::{Value, json};

use crate::sample::Judge;

fn members(names: &[&str]) -> Value {
    let typed = names.iter().map(|name| ((*name).to_owned(), json!({ "type": "string" })));
    json!({ "type": "object", "properties": typed.collect::<serde_json::Map<_, _>>() })
}

fn attribute(default: &Value) -> Value {
    json!({ "type": "object", "properties": {
        "unique": { "type": "boolean" },
        "required": { "type": "boolean" },
        "default": default,
        "enum": { "type": "array", "items": { "anyOf": [{ "type": "string" }, { "type": "integer" }] } },
        "oneOf": { "type": "array", "items": { "$ref": "#/components/schemas/UserSchemaAttributeEnum" } },
    } })
}

fn schemas() -> Value {
    let email = json!({ "type": "string", "format": "email" });
    let number_or_text =
        json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }, { "type": "number" }] });
    let mut profile = members(&["department", "employeeNumber", "locale", "title"]);
    profile["properties"]["login"] = json!({ "type": "string", "minLength": 5 });
    profile["properties"]["email"] = email.clone();
    profile["properties"]["secondEmail"] = email.clone();
    let custom = json!({ "type": "object", "properties": {
        "properties": { "additionalProperties": { "$ref": "#/components/schemas/UserSchemaAttribute" } },
    } });
    json!({
        "UserProfile": profile,
        "PasswordCredentialHash": { "properties": {
            "algorithm": { "type": "string" },
            "workFactor": { "type": "integer", "minimum": 1 },
            "keySize": { "type": "integer", "minimum": 1 },
        } },
        "OktaUserGroupProfile": members(&["name", "description"]),
        "UserSchema": { "properties": { "definitions": { "properties": { "custom": custom, "base": custom } } } },
        "UserSchemaAttribute": attribute(&number_or_text),
        "UserSchemaAttributeEnum": members(&["const", "title"]),
        "AppUser": members(&["externalId", "id"]),
        "UserType": members(&["description", "name"]),
        "IdentitySourceUserProfileForUpsert": members(&["secondEmail", "userName"]),
        "OrgSetting": members(&["website", "id"]),
        "InlineHookOAuthBasicConfig": members(&["scope", "clientId"]),
        "TokenResponseTokenType": { "type": "string", "enum": ["Bearer"] },
        "UserStatus": { "type": "string", "enum": ["ACTIVE"] },
        "LogEvent": members(&["uuid"]),
        "Partial": { "properties": { "profile": { "required": ["email", "userName", "externalKey"] } } },
        "Other": members(&["department", "description", "scope", "website"]),
    })
}

/// Each schema is the body of `PUT /schema/NAME`, either way, by an operation that says `is_NAME`; other paths are
/// the operations that excuses know by name.
fn document() -> Value {
    let mut paths = serde_json::Map::new();
    let mut put = |path: String, id: &str, schema: Option<&str>, statuses: &[&str]| {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let content = schema.map(|name| json!({ "application/json": { "schema": reference(name) } }));
        let answer = json!({ "content": content.clone().unwrap_or_else(|| json!({})) });
        let answers = statuses.iter().map(|status| ((*status).to_owned(), answer.clone()));
        let mut operation =
            json!({ "operationId": id, "responses": answers.collect::<serde_json::Map<_, _>>() });
        if let Some(content) = content {
            operation["requestBody"] = json!({ "content": content });
        }
        paths.insert(path, json!({ "put": operation }));
    };
    for name in schemas().as_object().expect("schemas").keys() {
        put(format!("/schema/{name}"), &format!("is_{name}"), Some(name), &["200"]);
    }
    put("/schema/update".to_owned(), "updateUserProfile", Some("UserSchema"), &["200"]);
    put("/schema/logs".to_owned(), "listLogEvents", Some("LogEvent"), &["200"]);
    put("/schema/partial".to_owned(), "updateIdentitySourceUsers", Some("Partial"), &["200"]);
    for id in [
        "createIdentitySourceSession",
        "deactivateUser",
        "suspendUser",
        "unsuspendUser",
        "unlockUser",
        "resetFactors",
        "deleteGroupRule",
        "createIdentitySourceUser",
        "deleteIdentitySourceSession",
        "somethingElse",
    ] {
        put(format!("/do/{id}"), id, None, &["200"]);
    }
    json!({ "openapi": "3.0.3", "paths": paths, "components": { "schemas": schemas() } })
}

/// The excuse of the only violation there is.
fn the_excuse(violations: &[Violation], case: &str) -> Option<&'static str> {
    assert_eq!(violations.len(), 1, "{case}: {violations:?}");
    violations[0].excuse
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum In {
    Request,
    Answer,
    Either,
}

/// What is excused of a schema, and a neighbour that is not.
type Pair = (In, &'static str, Value, Value);

fn pairs() -> Vec<Pair> {
    [pairs_of_users_and_groups(), pairs_of_schemas(), pairs_of_the_rest()].concat()
}

fn pairs_of_users_and_groups() -> Vec<Pair> {
    use In::{Either, Request};
    vec![
        (Either, "UserProfile", json!({ "department": null }), json!({ "title": null })),
        (Either, "UserProfile", json!({ "employeeNumber": null }), json!({ "locale": true })),
        (Either, "UserProfile", json!({ "locale": null }), json!({ "login": null })),
        (Either, "UserProfile", json!({ "login": "ada" }), json!({ "login": false })),
        (Either, "UserProfile", json!({ "email": "jürgen@exämple.de" }), json!({ "email": "" })),
        (Either, "UserProfile", json!({ "secondEmail": "" }), json!({ "secondEmail": "ada" })),
        (Request, "UserProfile", json!({ "title": 5 }), json!({ "title": [5] })),
        (
            Either,
            "PasswordCredentialHash",
            json!({ "algorithm": "SHA-512", "workFactor": 0 }),
            json!({ "algorithm": "BCRYPT", "workFactor": 0 }),
        ),
        (
            Either,
            "PasswordCredentialHash",
            json!({ "algorithm": "SHA-512", "workFactor": 0 }),
            json!({ "algorithm": "SHA-512", "workFactor": -1 }),
        ),
        (
            Either,
            "PasswordCredentialHash",
            json!({ "algorithm": "SHA-512", "workFactor": 0 }),
            json!({ "algorithm": "SHA-512", "keySize": 0 }),
        ),
        (Either, "OktaUserGroupProfile", json!({ "description": null }), json!({ "name": null })),
    ]
}

fn pairs_of_schemas() -> Vec<Pair> {
    use In::{Answer, Either, Request};
    let custom =
        |attribute: Value| json!({ "definitions": { "custom": { "properties": { "x": attribute } } } });
    let base = |attribute: Value| json!({ "definitions": { "base": { "properties": { "x": attribute } } } });
    vec![
        (Request, "update", custom(json!(null)), base(json!(null))),
        (Request, "update", custom(json!(null)), custom(json!({ "required": null }))),
        (Answer, "UserSchemaAttribute", json!({ "unique": "UNIQUE_VALIDATED" }), json!({ "unique": "yes" })),
        (
            Answer,
            "UserSchemaAttribute",
            json!({ "unique": "PENDING_UNIQUENESS" }),
            json!({ "required": "UNIQUE_VALIDATED" }),
        ),
        (Either, "UserSchemaAttribute", json!({ "enum": [0.01] }), json!({ "enum": [true] })),
        (Either, "UserSchemaAttribute", json!({ "default": 1 }), json!({ "default": true })),
        (Either, "UserSchemaAttributeEnum", json!({ "const": 0.01 }), json!({ "title": 0.01 })),
    ]
}

fn pairs_of_the_rest() -> Vec<Pair> {
    use In::{Answer, Either, Request};
    vec![
        (Answer, "AppUser", json!({ "externalId": null }), json!({ "id": null })),
        (Answer, "UserType", json!({ "description": null }), json!({ "name": null })),
        (
            Answer,
            "IdentitySourceUserProfileForUpsert",
            json!({ "secondEmail": null }),
            json!({ "userName": null }),
        ),
        (Answer, "OrgSetting", json!({ "website": null }), json!({ "id": null })),
        (Answer, "InlineHookOAuthBasicConfig", json!({ "scope": null }), json!({ "clientId": null })),
        (Answer, "logs", json!({ "uuid": null }), json!({ "uuid": 1 })),
        (
            Request,
            "partial",
            json!({ "profile": { "externalKey": 1, "email": 1 } }),
            json!({ "profile": { "email": 1, "userName": 1 } }),
        ),
        (
            Request,
            "partial",
            json!({ "profile": { "externalKey": 1, "userName": 1 } }),
            json!({ "profile": { "email": 1, "userName": 1 } }),
        ),
        (Either, "TokenResponseTokenType", json!("DPoP"), json!("dpop")),
        (Either, "UserStatus", json!("ACTIVATING"), json!("ASLEEP")),
    ]
}

/// A status with a body where no body is documented: operation, status, body, whether it is excused.
fn answers() -> Vec<(&'static str, u16, Option<Value>, bool)> {
    let error = |code: &str| Some(json!({ "errorCode": code }));
    let mut all = vec![
        ("createIdentitySourceSession", 201, None, true),
        ("createIdentitySourceSession", 202, None, false),
        ("somethingElse", 201, None, false),
        ("deactivateUser", 204, None, true),
        ("suspendUser", 204, None, false),
        ("deleteIdentitySourceSession", 400, None, true),
        ("somethingElse", 400, None, false),
        ("somethingElse", 400, error("E0000031"), true),
        ("somethingElse", 400, error("E0000047"), false),
        ("somethingElse", 400, Some(json!({ "error": "invalid_dpop_proof" })), true),
        ("somethingElse", 400, Some(json!({ "error": "invalid_scope" })), false),
        ("somethingElse", 423, error("E0000239"), true),
        ("somethingElse", 429, error("E0000047"), false),
        ("somethingElse", 401, error("E0000011"), true),
        ("somethingElse", 402, error("E0000011"), false),
        ("somethingElse", 503, None, true),
        ("somethingElse", 302, None, false),
        ("createIdentitySourceUser", 200, Some(json!({ "id": "x" })), true),
        ("createIdentitySourceUser", 200, Some(json!([])), false),
        ("somethingElse", 200, Some(json!({})), false),
    ];
    let empty =
        ["deactivateUser", "suspendUser", "unsuspendUser", "unlockUser", "resetFactors", "deleteGroupRule"];
    for id in empty {
        all.push((id, 200, Some(json!({})), true));
        all.push((id, 200, Some(json!({ "id": "x" })), false));
    }
    all
}

fn met_by_pairs(judge: &Judge, met: &mut BTreeSet<&'static str>) {
    for (side, schema, excused, neighbour) in pairs() {
        let path = format!("/schema/{schema}");
        let request = |body: &Value| judge.request("PUT", &path, Some(body));
        let answer = |body: &Value| judge.answer("PUT", &path, 200, Some(body));
        let case = format!("{side:?} {schema} {excused}");
        if side != In::Answer {
            met.insert(the_excuse(&request(&excused), &case).expect(&case));
            assert_eq!(the_excuse(&request(&neighbour), &case), None, "beside {case}: {neighbour}");
        }
        if side != In::Request {
            met.insert(the_excuse(&answer(&excused), &case).expect(&case));
            assert_eq!(the_excuse(&answer(&neighbour), &case), None, "beside {case}: {neighbour}");
        }
        // What is excused on one side only is none of the other's business.
        match side {
            In::Request => assert_eq!(the_excuse(&answer(&excused), &case), None, "answer of {case}"),
            In::Answer => assert_eq!(the_excuse(&request(&excused), &case), None, "request of {case}"),
            In::Either => {}
        }
    }
}

#[test]
fn every_excuse_meets_what_it_is_for_and_not_its_neighbour() {
    let judge = Judge::new(&document());
    let mut met = BTreeSet::new();
    met_by_pairs(&judge, &mut met);
    for (id, status, body, is_excused) in answers() {
        let violations = judge.answer("PUT", &format!("/do/{id}"), status, body.as_ref());
        let case = format!("{id} {status} {body:?}");
        let excuse = the_excuse(&violations, &case);
        assert_eq!(excuse.is_some(), is_excused, "{case}");
        met.extend(excuse);
    }
    let sign_in = judge.request("POST", "/api/v1/authn", None);
    met.extend(the_excuse(&sign_in, "sign-in"));
    assert_eq!(the_excuse(&judge.request("POST", "/api/v1/authn/factors", None), "beside sign-in"), None);
    for path in ["/api/v1/apps", "/api/v1/meta/schemas/apps/0oa1/default"] {
        met.extend(the_excuse(&judge.request("GET", path, None), path));
    }
    for (method, path) in [("POST", "/api/v1/apps"), ("GET", "/api/v1/apps/0oa1")] {
        assert_eq!(the_excuse(&judge.request(method, path, None), "beside the list of apps"), None);
    }
    let all: BTreeSet<_> = excuses().collect();
    assert_eq!(met, all, "an excuse that nothing meets");
}

#[test]
fn the_same_fault_in_another_schema_is_not_excused() {
    let judge = Judge::new(&document());
    for member in ["department", "description", "scope", "website"] {
        let violations = judge.answer("PUT", "/schema/Other", 200, Some(&json!({ member: null })));
        assert_eq!(the_excuse(&violations, member), None);
    }
}

#[test]
fn a_request_with_an_empty_object_is_not_excused_by_the_answer_that_may_have_one() {
    let violations = Judge::new(&document()).request("PUT", "/do/suspendUser", Some(&json!({})));
    assert_eq!(the_excuse(&violations, "suspendUser"), None);
}
