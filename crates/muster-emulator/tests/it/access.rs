use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use muster_emulator::{OAuthSettings, OrgSettings, Ungranted};
use serde_json::{Value, json};

use crate::{
    caller::Caller,
    service::{APP, ENDPOINT, KIND, Key, NOW, USERS, app, ask, ask_with, go, settings},
};

const SCOPE: &str = "okta.users.manage okta.groups.read";

/// An org that knows an app, and the app's key.
fn org() -> (Caller, Key) {
    let key = Key::new();
    (Caller::with(settings(app(&[&key], false))), key)
}

#[tokio::test(start_paused = true)]
async fn an_app_gets_a_token_and_may_do_what_it_is_for() {
    let (org, key) = org();
    let got = ask_with(&org, &key.assertion(NOW, &Value::Null), SCOPE, None).await;
    let token = got.token();
    let expected = json!({"token_type": "Bearer", "expires_in": 3600, "access_token": token, "scope": SCOPE});
    assert_eq!((got.status, &got.body), (200, &expected));
    assert_eq!((got.header("content-type"), got.header("dpop-nonce")), ("application/json", ""));

    let bearer = format!("Bearer {token}");
    assert_eq!(go(&org, "GET", USERS, &bearer, &[]).await.status, 200, "managing includes reading");
    assert_eq!(go(&org, "GET", "/api/v1/groups", &bearer, &[]).await.status, 200);
    let lacking = go(&org, "POST", "/api/v1/groups", &bearer, &[]).await;
    let denied = "You do not have permission to perform the requested action";
    lacking.refused(StatusCode::FORBIDDEN, "E0000006", denied, &[]);
    let challenge = lacking.header("www-authenticate");
    assert!(
        challenge.contains("insufficient_scope") && challenge.contains("okta.groups.manage"),
        "{challenge}"
    );
    assert_eq!(
        go(&org, "GET", "/api/v1/users/me", &bearer, &[]).await.code(),
        "E0000007",
        "an app is no user"
    );
    for other in [format!("SSWS {token}"), format!("DPoP {token}"), format!("Bearer {token}x")] {
        assert_eq!(go(&org, "GET", USERS, &other, &[]).await.code(), "E0000011");
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_app_does_is_logged_in_its_name() {
    let (org, key) = org();
    let user = org.user("ada@example.com", json!({}), "").await;
    let got = ask_with(&org, &key.assertion(NOW, &Value::Null), "okta.users.manage", None).await;
    let suspend = format!("/api/v1/users/{user}/lifecycle/deactivate");
    assert_eq!(go(&org, "POST", &suspend, &format!("Bearer {}", got.token()), &[]).await.status, 200);
    let log = org.get("/api/v1/logs?sortOrder=DESCENDING").await;
    let actor = &log.body[0]["actor"];
    assert_eq!((&actor["id"], &actor["type"]), (&json!(APP), &json!("PublicClientApp")), "{actor}");
}

#[tokio::test(start_paused = true)]
async fn every_algorithm_of_okta_is_taken() {
    for alg in ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"] {
        let key = Key::of(alg);
        let org = Caller::with(settings(app(&[&key], false)));
        let got = ask_with(&org, &key.assertion(NOW, &Value::Null), SCOPE, None).await;
        assert_eq!(got.status, 200, "{alg}: {}", got.text);
        let other = Key::of(alg);
        let got = ask_with(&org, &other.assertion(NOW, &Value::Null), SCOPE, None).await;
        assert_eq!(got.oauth_error().2, "The client_assertion signature is invalid.", "{alg}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_assertion_must_be_right_in_every_part() {
    let (org, key) = org();
    for (changes, word) in [
        (json!({"aud": "http://org.example"}), "audience"),
        (json!({"aud": "https://org.example/oauth2/v1/token"}), "audience"),
        (json!({"aud": null}), "audience"),
        (json!({"iss": "0oaother"}), "issuer and subject"),
        (json!({"sub": "0oaother"}), "issuer and subject"),
        (json!({"iss": null, "sub": null}), "issuer and subject"),
        (json!({"iss": "0oaother", "sub": "0oaother"}), "Either the client"),
        (json!({"exp": null}), "must have an expiration"),
        (json!({"exp": "soon"}), "must have an expiration"),
        (json!({"exp": NOW}), "is expired"),
        (json!({"exp": NOW + 3601}), "too far into the future"),
        (json!({"exp": 1e300}), "too far into the future"),
    ] {
        let got = ask_with(&org, &key.assertion(NOW, &changes), SCOPE, None).await;
        let (status, error, description) = got.oauth_error();
        assert_eq!((status, error), (401, "invalid_client"), "{changes}");
        assert!(description.contains(word), "{changes}: {description}");
    }
    for changes in [json!({"exp": NOW + 3600}), json!({"iat": null}), json!({"aud": ["x", ENDPOINT]})] {
        let got = ask_with(&org, &key.assertion(NOW, &changes), SCOPE, None).await;
        assert_eq!(got.status, 200, "{changes}: {}", got.text);
    }
    let none = key.signed(&json!({"alg": "none"}), &json!({"iss": APP, "sub": APP}));
    for broken in ["", "a.b.c", "abc", none.as_str()] {
        assert_eq!(ask_with(&org, broken, SCOPE, None).await.status, 401, "{broken}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_endpoint_is_the_one_that_was_called() {
    let (org, key) = org();
    let called = "https://127.0.0.1:8443/oauth2/v1/token";
    for (audience, status) in
        [(called, 200), (ENDPOINT, 401), ("https://localhost:8443/oauth2/v1/token", 401)]
    {
        let assertion = key.assertion(NOW, &json!({"aud": audience}));
        let form = format!(
            "grant_type=client_credentials&scope=okta.users.manage&client_assertion_type={KIND}&client_assertion={assertion}"
        );
        let request =
            Request::post(called).header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        let got = org.call(request.body(Bytes::from(form)).expect("a request")).await;
        assert_eq!(got.status, status, "{audience}: {}", got.text);
    }
}

#[tokio::test(start_paused = true)]
async fn an_assertion_is_good_for_once() {
    let (org, key) = org();
    let assertion = key.assertion(NOW, &Value::Null);
    assert_eq!(ask_with(&org, &assertion, SCOPE, None).await.status, 200);
    let again = ask_with(&org, &assertion, SCOPE, None).await;
    assert_eq!(
        again.oauth_error(),
        (401, "invalid_client", "The client_assertion token has already been used.")
    );
    let unnamed = key.assertion(NOW, &json!({"jti": null}));
    for _ in 0..2 {
        assert_eq!(
            ask_with(&org, &unnamed, SCOPE, None).await.status,
            200,
            "without a jti it can be used again"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn where_there_are_several_keys_the_key_is_named() {
    let (one, two) = (Key::new().named("one"), Key::new().named("two"));
    let org = Caller::with(settings(app(&[&one, &two], false)));
    for key in [&one, &two] {
        assert_eq!(ask_with(&org, &key.assertion(NOW, &Value::Null), SCOPE, None).await.status, 200);
    }
    let claims = json!({"iss": APP, "sub": APP, "aud": ENDPOINT, "exp": NOW + 60});
    for (header, word) in [
        (json!({"alg": "ES256"}), "kid is invalid"),
        (json!({"alg": "ES256", "kid": "three"}), "kid is invalid"),
        (json!({"alg": "ES256", "kid": "two"}), "signature is invalid"),
        (json!({"alg": "HS256", "kid": "one"}), "signature is invalid"),
    ] {
        let got = ask_with(&org, &one.signed(&header, &claims), SCOPE, None).await;
        assert!(got.status == 401 && got.oauth_error().2.contains(word), "{header}: {}", got.text);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_for_a_token_must_be_whole() {
    let (org, key) = org();
    let fresh = || key.assertion(NOW, &Value::Null);
    let (grant, scope, kind) =
        (("grant_type", "client_credentials"), ("scope", SCOPE), ("client_assertion_type", KIND));
    for (fields, status, error) in [
        (vec![], 401, "invalid_client"),
        (vec![grant, scope], 401, "invalid_client"),
        (vec![grant, scope, ("client_id", APP), ("client_secret", "hush")], 401, "invalid_client"),
        (vec![grant, scope, ("client_assertion", &fresh())], 401, "invalid_client"),
        (
            vec![grant, scope, kind, ("client_assertion", &fresh()), ("client_id", "other")],
            401,
            "invalid_client",
        ),
        (vec![scope, kind, ("client_assertion", &fresh())], 400, "invalid_request"),
        (vec![grant, grant, scope, kind, ("client_assertion", &fresh())], 400, "invalid_request"),
        (
            vec![("grant_type", "password"), scope, kind, ("client_assertion", &fresh())],
            400,
            "unsupported_grant_type",
        ),
        (vec![grant, kind, ("client_assertion", &fresh())], 400, "invalid_scope"),
        (vec![grant, kind, ("client_assertion", &fresh()), ("client_id", APP), scope], 200, ""),
    ] {
        let got = ask(&org, &fields, None).await;
        let (found, code, description) = got.oauth_error();
        assert_eq!((found, code), (status, error), "{description}");
        assert_eq!(description.is_empty(), status == 200);
    }
    let json = Request::post("/oauth2/v1/token").header("content-type", "application/json");
    let got = org.call(json.body(Bytes::from_static(b"{}")).expect("a request")).await;
    assert_eq!((got.status, got.code()), (400, "E0000021"));
}

#[tokio::test(start_paused = true)]
async fn scopes_are_those_that_were_granted() {
    let (org, key) = org();
    for scope in
        ["okta.users.manage okta.people.read", "openid", "okta.groups.manage", "okta.users.read", "+"]
    {
        let got = ask_with(&org, &key.assertion(NOW, &Value::Null), scope, None).await;
        assert_eq!((got.oauth_error().0, got.oauth_error().1), (400, "invalid_scope"), "{scope}");
    }
    let dropping = OAuthSettings { ungranted: Ungranted::Dropped, ..OAuthSettings::default() };
    let org = Caller::with(OrgSettings { oauth: dropping, ..settings(app(&[&key], false)) });
    let asked = "okta.groups.manage okta.groups.read okta.groups.read";
    let got = ask_with(&org, &key.assertion(NOW, &Value::Null), asked, None).await;
    assert_eq!((got.status, &got.body["scope"]), (200, &json!("okta.groups.read")));
    for (scope, error) in [("okta.groups.manage", "invalid_scope"), ("okta.people.read", "invalid_scope")] {
        let got = ask_with(&org, &key.assertion(NOW, &Value::Null), scope, None).await;
        assert_eq!(got.oauth_error().1, error, "{scope}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_access_token_runs_out() {
    let key = Key::new();
    let oauth = OAuthSettings { token_lifetime: Duration::from_mins(1), ..OAuthSettings::default() };
    let org = Caller::with(OrgSettings { oauth, ..settings(app(&[&key], false)) });
    let got = ask_with(&org, &key.assertion(NOW, &Value::Null), SCOPE, None).await;
    assert_eq!(got.body["expires_in"], json!(60));
    let bearer = format!("Bearer {}", got.token());
    tokio::time::advance(Duration::from_millis(59_999)).await;
    assert_eq!(go(&org, "GET", USERS, &bearer, &[]).await.status, 200);
    tokio::time::advance(Duration::from_millis(1)).await;
    let late = go(&org, "GET", USERS, &bearer, &[]).await;
    late.refused(StatusCode::UNAUTHORIZED, "E0000011", "Invalid token provided", &[]);
    assert!(late.header("www-authenticate").contains("error=\"invalid_token\""));
    let assertion = key.assertion(NOW, &Value::Null);
    assert_eq!(ask_with(&org, &assertion, SCOPE, None).await.status, 200, "another one is to be had");
    tokio::time::advance(Duration::from_mins(4)).await;
    let old = ask_with(&org, &key.assertion(NOW, &Value::Null), SCOPE, None).await;
    assert_eq!(old.oauth_error().2, "The client_assertion token is expired.", "by the clock of the org");
}

#[tokio::test(start_paused = true)]
async fn an_app_can_be_stopped_and_its_tokens_can_be_ended() {
    let (org, key) = org();
    let got = ask_with(&org, &key.assertion(NOW, &Value::Null), SCOPE, None).await;
    let bearer = format!("Bearer {}", got.token());
    assert!(org.emulator.revoke(APP));
    assert_eq!(go(&org, "GET", USERS, &bearer, &[]).await.status, 401);
    assert_eq!(ask_with(&org, &key.assertion(NOW, &Value::Null), SCOPE, None).await.status, 401);
    assert!(org.emulator.restore(APP));
    assert_eq!(go(&org, "GET", USERS, &bearer, &[]).await.status, 200);
    assert_eq!(org.emulator.expire_access_tokens(), 1);
    assert_eq!(go(&org, "GET", USERS, &bearer, &[]).await.status, 401);
    assert_eq!(ask_with(&org, &key.assertion(NOW, &Value::Null), SCOPE, None).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn tokens_are_counted_for_the_app_that_asks() {
    let key = Key::new();
    let limits = vec!["token=3/60s".parse().expect("a limit")];
    let org = Caller::with(OrgSettings { limits, ..settings(app(&[&key], false)) });
    for left in [2, 1, 0] {
        let got = ask_with(&org, &key.assertion(NOW, &Value::Null), SCOPE, None).await;
        assert_eq!((got.rate().0, got.rate().1), (3, left));
    }
    let got = ask_with(&org, &key.assertion(NOW, &Value::Null), SCOPE, None).await;
    assert_eq!((got.status, got.code()), (429, "E0000047"));
    let nobody = ask(&org, &[("grant_type", "client_credentials")], None).await;
    assert_eq!((nobody.status, nobody.rate().1), (401, 2), "nobody known counts apart, and is counted");
}

#[tokio::test]
async fn the_server_says_what_it_is_and_counts_nobody_for_it() {
    let mut org = Caller::with(OrgSettings {
        limits: vec!["other=1".parse().expect("a limit")],
        ..settings(app(&[&Key::new()], false))
    });
    org.token = "";
    for _ in 0..3 {
        for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
            let got = org.get(path).await;
            assert_eq!((got.status, &got.body["token_endpoint"]), (200, &json!(ENDPOINT)), "{path}");
            assert_eq!(got.body["issuer"], json!("http://org.example"));
        }
        assert_eq!(org.get("/oauth2/v1/keys").await.body, json!({"keys": []}));
    }
}
