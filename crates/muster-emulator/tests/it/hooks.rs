use std::sync::Arc;

use muster_emulator::{HookCalls, HookFailure, OrgSettings};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, hook, unlimited},
    hook_server::{Doing, HookServer, InProcess, command, registration, says},
};

const HOOKS: &str = "/api/v1/inlineHooks";
const URI: &str = "https://hooks.example.com/password";

fn asked(service: &Arc<InProcess>) -> Caller {
    Caller::with(OrgSettings {
        limits: unlimited(),
        hook_service: Some(service.clone()),
        ..OrgSettings::default()
    })
}

async fn registered(org: &Caller, body: Value) -> String {
    let got = org.post(HOOKS, body).await;
    assert_eq!(got.status, 200, "{}", got.text);
    got.body["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_hook_has_a_life() {
    let org = Caller::free();
    let created = org.post(HOOKS, registration(URI)).await;
    let id = created.id();
    let own = format!("{HOOKS}/{id}");
    assert!(id.starts_with("cal") && id.len() == 20, "{id}");
    assert_eq!(created.body["status"], json!("ACTIVE"));
    let config = json!({"uri": URI, "method": "POST", "headers": [{"key": "X-Other", "value": "other value"}],
                        "authScheme": {"type": "HEADER", "key": "Authorization"}});
    assert_eq!(created.body["channel"], json!({"type": "HTTP", "version": "1.0.0", "config": config}));
    let href = format!("http://org.example{own}");
    let allow =
        |tail: &str, method: &str| json!({"href": format!("{href}{tail}"), "hints": {"allow": [method]}});
    let links = json!({"self": {"href": href}, "execute": allow("/execute", "POST"),
                       "deactivate": allow("/lifecycle/deactivate", "POST")});
    assert_eq!(created.body["_links"], links);

    assert_eq!(org.get(&own).await.body, created.body);
    assert_eq!(org.get(HOOKS).await.body, json!([created.body]));
    assert_eq!(org.get(&format!("{HOOKS}?type=com.okta.telephony.provider")).await.body, json!([]));
    assert_eq!(org.send("DELETE", &own, None).await.code(), "E0000107", "it is active");

    let resting = org.send("POST", &format!("{own}/lifecycle/deactivate"), None).await;
    assert_eq!((resting.status, &resting.body["status"]), (200, &json!("INACTIVE")));
    let links = json!({"self": {"href": href}, "activate": allow("/lifecycle/activate", "POST"),
                       "delete": allow("", "DELETE")});
    assert_eq!(resting.body["_links"], links);
    let woken = org.send("POST", &format!("{own}/lifecycle/activate"), None).await;
    assert_eq!((woken.status, &woken.body["status"]), (200, &json!("ACTIVE")));
    org.send("POST", &format!("{own}/lifecycle/deactivate"), None).await;
    let gone = org.send("DELETE", &own, None).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    let missing = org.get(&own).await;
    assert_eq!((missing.status, missing.code()), (404, "E0000007"));
    assert_eq!(
        missing.body["errorSummary"],
        json!(format!("Not found: Resource not found: {id} (InlineHook)"))
    );
    let events = ["created", "deactivated", "activated", "deactivated", "deleted"];
    let told = org.get("/_emulator/requests").await.text;
    assert!(told.contains("<13 characters>") && !told.contains("shared-secret"), "{told}");
    assert_eq!(happened(&org, "inline_hook").await, events.map(|name| format!("inline_hook.{name} SUCCESS")));
}

/// Type and result of the events whose type begins so.
async fn happened(org: &Caller, start: &str) -> Vec<String> {
    let log = org.get("/api/v1/logs?limit=1000").await.body;
    let events = log.as_array().expect("a list").iter();
    let told = events.map(|event| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        format!("{} {}", text(&event["eventType"]), text(&event["outcome"]["result"]))
    });
    told.filter(|told| told.starts_with(start)).collect()
}

#[tokio::test]
async fn faulty_hooks_are_refused() {
    let long = "x".repeat(256);
    let faults = [
        ("/name", json!(""), "name"),
        ("/name", json!(long), "name"),
        ("/type", json!("com.okta.other"), "type"),
        ("/version", json!("2.0"), "version"),
        ("/channel", json!(null), "channel"),
        ("/channel/type", json!("http"), "channel.type"),
        ("/channel/version", json!("1"), "channel.version"),
        ("/channel/config/uri", json!("http://127.0.0.1/password"), "channel.config.uri"),
        ("/channel/config/uri", json!("https://a.example/a b"), "channel.config.uri"),
        (
            "/channel/config/uri",
            json!(format!("https://a.example/{}", "x".repeat(1024))),
            "channel.config.uri",
        ),
        ("/channel/config/method", json!("GET"), "channel.config.method"),
        ("/channel/config/headers", json!([{"key": "a b", "value": ""}]), "channel.config.headers"),
        ("/channel/config/authScheme/type", json!("BODY"), "channel.config.authScheme.type"),
        ("/channel/config/authScheme/value", json!(null), "channel.config.authScheme.value"),
        ("/channel/config/authScheme/key", json!("a b"), "channel.config.authScheme"),
    ];
    let org = Caller::free();
    for (place, value, field) in faults {
        let mut body = registration(URI);
        *body.pointer_mut(place).expect("a place") = value.clone();
        let got = org.post(HOOKS, body).await;
        assert_eq!((got.status, got.code()), (400, "E0000001"), "{place} {value}: {}", got.text);
        assert_eq!(got.body["errorSummary"], json!(format!("Api validation failed: {field}")), "{value}");
        assert!(!got.text.contains("shared-secret"));
    }
    let mut oauth = registration(URI);
    oauth["channel"]["type"] = json!("OAUTH");
    assert!(org.post(HOOKS, oauth.clone()).await.text.contains("authScheme"));
    oauth["channel"]["config"] = json!({"uri": URI, "authType": "client_secret_post", "clientId": "me"});
    assert!(org.post(HOOKS, oauth).await.text.contains("clientSecret"));
    assert_eq!(org.get(HOOKS).await.body, json!([]));
}

#[tokio::test]
async fn there_is_one_hook_for_passwords_and_names_are_unique() {
    let org = Caller::free();
    registered(&org, registration(URI)).await;
    let mut second = registration(URI);
    second["name"] = json!("Another");
    org.post(HOOKS, second.clone())
        .await
        .invalid("type", &["type: Only one inline hook of this type is allowed in an organization"]);
    second["type"] = json!("com.okta.user.pre-registration");
    let other = registered(&org, second.clone()).await;
    let taken = ["name: An object with this field already exists in the current organization"];
    org.post(HOOKS, second.clone()).await.invalid("name", &taken);
    org.post(&format!("{HOOKS}/{other}"), json!({"name": "Old passwords"})).await.invalid("name", &taken);
    org.post(&format!("{HOOKS}/{other}"), json!({"name": "Another"})).await;
    for number in 2..50 {
        second["name"] = json!(format!("Hook {number}"));
        registered(&org, second.clone()).await;
    }
    second["name"] = json!("Hook 51");
    assert_eq!(org.post(HOOKS, second).await.status, 400, "50 are the most");
}

#[tokio::test]
async fn updates_keep_the_secret_that_they_do_not_name() {
    let service = InProcess::new(vec![says(200, command("UNVERIFIED"))]);
    let org = asked(&service);
    let own = format!("{HOOKS}/{}", registered(&org, registration(URI)).await);
    let sent = || async {
        org.post(&format!("{own}/execute"), json!({})).await;
        let last = service.seen().pop().expect("a call");
        let auth = last.headers.get("authorization").map(|value| value.to_str().expect("text").to_owned());
        (last.uri, auth, last.headers.contains_key("x-other"))
    };
    let got = org.post(&own, json!({"name": "New name"})).await;
    assert_eq!((got.status, &got.body["name"]), (200, &json!("New name")), "{}", got.text);
    assert_eq!(got.body["channel"]["config"]["uri"], json!(URI));
    let moved = json!({"channel": {"type": "HTTP", "config": {"uri": "https://b.example/"}}});
    assert_eq!(org.post(&own, moved).await.status, 200);
    let expected = ("https://b.example/".to_owned(), Some("shared-secret".to_owned()), true);
    assert_eq!(sent().await, expected);

    let mut whole = registration(URI);
    whole.as_object_mut().expect("an object").remove("type");
    whole["channel"]["config"] = json!({"uri": URI, "authScheme": {"type": "HEADER", "key": "X-Key"}});
    let got = org.send("PUT", &own, Some(whole.clone())).await;
    assert_eq!((got.status, &got.body["name"]), (200, &json!("Old passwords")), "{}", got.text);
    assert_eq!(sent().await, (URI.to_owned(), None, false), "the other headers are gone");
    let last = service.seen().pop().expect("a call");
    assert_eq!(last.headers.get("x-key").map(http::HeaderValue::as_bytes), Some(&b"shared-secret"[..]));

    whole["type"] = json!("com.okta.telephony.provider");
    assert_eq!(org.send("PUT", &own, Some(whole)).await.status, 400, "the type stays");
    assert_eq!(org.send("PUT", &own, Some(json!({"name": "A"}))).await.status, 400, "all of it is wanted");
    let none = json!({"channel": {"config": {"authScheme": null}}});
    assert_eq!(org.post(&own, none).await.body["channel"]["config"]["authScheme"], json!(null));
}

#[tokio::test]
async fn hooks_outlive_the_process_with_their_secrets() {
    let folder = tempfile::tempdir().expect("a folder");
    let service = InProcess::new(vec![says(200, command("VERIFIED"))]);
    let open = || {
        let state = Some(folder.path().join("org.ndjson"));
        Caller::with(OrgSettings {
            state,
            limits: unlimited(),
            hook_service: Some(service.clone()),
            ..OrgSettings::default()
        })
    };
    let org = open();
    let id = registered(&org, registration(URI)).await;
    let mut other = registration(URI);
    (other["name"], other["type"]) = (json!("Gone"), json!("com.okta.telephony.provider"));
    let gone = registered(&org, other).await;
    org.send("POST", &format!("{HOOKS}/{gone}/lifecycle/deactivate"), None).await;
    org.send("DELETE", &format!("{HOOKS}/{gone}"), None).await;
    let shown = org.get(HOOKS).await.text;
    drop(org);
    for _ in 0..2 {
        let org = open();
        assert_eq!(org.get(HOOKS).await.text, shown);
        org.post(&format!("{HOOKS}/{id}/execute"), json!({})).await;
        let last = service.seen().pop().expect("a call");
        assert_eq!(last.headers["authorization"], "shared-secret");
    }
}

/// An org whose hook is the server, with a user who waits for it.
async fn served(server: &HookServer) -> Caller {
    let hooks = HookCalls { ca_pem: Some(server.ca_pem.clone()), ..HookCalls::default() };
    let org = Caller::with(OrgSettings { hooks, limits: unlimited(), ..OrgSettings::default() });
    registered(&org, registration(&server.uri)).await;
    org.user("isaac.brock@example.com", hook(), "").await;
    org
}

#[tokio::test]
async fn the_service_is_asked_as_okta_asks() {
    let server = HookServer::start(vec![Doing::Answer(200, "", command("VERIFIED"))]).await;
    let org = served(&server).await;
    let body = json!({"username": "isaac.brock", "password": "Okta"});
    let headers = [("x-forwarded-for", "66.124.153.138, 10.0.0.1")];
    let got = org.send_with("POST", "/api/v1/authn", Some(body), &headers).await;
    assert_eq!((got.status, &got.body["status"]), (200, &json!("SUCCESS")), "{}", got.text);

    let seen = server.seen();
    let [request] = seen.as_slice() else { panic!("{} requests", seen.len()) };
    assert_eq!(request.line, "POST /password HTTP/1.1");
    for (name, value) in [
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("authorization", "shared-secret"),
        ("x-other", "other value"),
    ] {
        assert_eq!(request.header(name), [value], "{name}");
    }
    let calls = org.get("/_emulator/hook-calls").await;
    let event_id = calls.body[0]["event_id"].as_str().expect("an id");
    assert_eq!(event_id.len(), 22);
    let time = request.body["eventTime"].as_str().expect("a time");
    assert!(time.strip_suffix(".000Z").is_some() && time.parse::<jiff::Timestamp>().is_ok(), "{time}");
    let hook = org.get(HOOKS).await.body[0]["_links"]["self"]["href"].clone();
    let expected = json!({
        "eventId": event_id,
        "eventTime": time,
        "eventType": "com.okta.user.credential.password.import",
        "eventTypeVersion": "1.0",
        "contentType": "application/json",
        "cloudEventVersion": "0.1",
        "source": hook,
        "data": {
            "context": {
                "request": {"id": got.header("x-okta-request-id"), "method": "POST",
                            "url": {"value": "/api/v1/authn"}, "ipAddress": "66.124.153.138"},
                "credential": {"username": "isaac.brock@example.com", "password": "Okta"},
            },
            "action": {"credential": "UNVERIFIED"},
        },
    });
    assert_eq!(request.body, expected);
    let call = &calls.body[0];
    assert_eq!((&call["login"], &call["decision"]), (&json!("isaac.brock@example.com"), &json!("verified")));
    assert_eq!(
        (&call["attempts"], &call["status"], &call["failure"]),
        (&json!(1), &json!(200), &json!(null))
    );
    assert!(!calls.text.contains("\"Okta\"") && !calls.text.contains("shared-secret"), "{}", calls.text);
}

#[tokio::test]
async fn a_second_try_is_made_where_okta_makes_one() {
    let yes = || command("VERIFIED");
    let ok = || Doing::Answer(200, "", yes());
    let answer = |status, body: String| Doing::Answer(status, "", body);
    let large = format!("{}{}", yes(), " ".repeat(256 * 1024));
    let behaviours: Vec<(&str, Vec<Doing>, usize, &str)> = vec![
        ("a yes", vec![ok()], 1, "verified"),
        ("a no", vec![answer(200, command("UNVERIFIED")), ok()], 1, "unverified"),
        ("nothing", vec![answer(204, String::new()), ok()], 1, "unverified"),
        ("an empty object", vec![answer(200, "{}".to_owned()), ok()], 1, "unverified"),
        ("a yes that is only created", vec![answer(201, yes()), ok()], 1, "failed"),
        ("4xx", vec![answer(403, yes()), ok()], 1, "failed"),
        ("a redirect", vec![Doing::Answer(307, "location: /other\r\n", yes()), ok()], 1, "failed"),
        ("garbage", vec![answer(200, "{\"commands\":".to_owned()), ok()], 1, "failed"),
        ("a lie", vec![answer(200, "{\"credential\":\"VERIFIED\"}".to_owned()), ok()], 1, "unverified"),
        ("too large a body", vec![answer(200, large), ok()], 1, "failed"),
        ("5xx, then a yes", vec![answer(503, yes()), ok()], 2, "verified"),
        ("5xx twice", vec![answer(500, yes()), answer(502, yes()), ok()], 2, "failed"),
        ("a closed connection, then a yes", vec![Doing::Close, ok()], 2, "verified"),
        ("two closed connections", vec![Doing::Close, Doing::Close, ok()], 2, "failed"),
        ("5xx, then 4xx", vec![answer(500, String::new()), answer(400, yes()), ok()], 2, "failed"),
    ];
    check(behaviours).await;
}

/// It takes three seconds a try, for there is a real connection.
#[tokio::test]
async fn a_silent_service_is_given_up_and_asked_once_more() {
    let ok = || Doing::Answer(200, "", command("VERIFIED"));
    let behaviours = vec![
        ("silence, then a yes", vec![Doing::Hold, ok()], 2, "verified"),
        ("silence twice", vec![Doing::Hold, Doing::Hold, ok()], 2, "failed"),
    ];
    check(behaviours).await;
}

/// What a service does is followed by so many tries, this decision, and the sign-in that it leads to.
async fn check(behaviours: Vec<(&str, Vec<Doing>, usize, &str)>) {
    for (what, doings, tries, decision) in behaviours {
        let server = HookServer::start(doings).await;
        let org = served(&server).await;
        let got = org.sign_in("isaac.brock@example.com", "Abcd1234").await;
        let verified = decision == "verified";
        assert_eq!((got.status, got.code()), if verified { (200, "") } else { (401, "E0000004") }, "{what}");
        let seen = server.seen();
        assert_eq!(seen.len(), tries, "{what}");
        let ids: Vec<_> = seen.iter().map(|request| &request.body["eventId"]).collect();
        assert!(ids.windows(2).all(|two| two[0] == two[1]), "{what}: a retry has the same event id");
        let call = &org.get("/_emulator/hook-calls").await.body[0];
        assert_eq!((&call["decision"], &call["attempts"]), (&json!(decision), &json!(tries)), "{what}");
    }
}

#[tokio::test]
async fn a_service_without_a_known_certificate_is_not_asked() {
    let server = HookServer::start(vec![Doing::Answer(200, "", command("VERIFIED"))]).await;
    let other = HookServer::start(Vec::new()).await;
    let hooks = HookCalls { ca_pem: Some(other.ca_pem.clone()), ..HookCalls::default() };
    let org = Caller::with(OrgSettings { hooks, ..OrgSettings::default() });
    registered(&org, registration(&server.uri)).await;
    org.user("ada@example.com", hook(), "").await;
    assert_eq!(org.sign_in("ada@example.com", "Abcd1234").await.status, 401);
    assert!(server.seen().is_empty());
    let call = &org.get("/_emulator/hook-calls").await.body[0];
    let failure = call["failure"].as_str().unwrap_or_default();
    assert!(failure.starts_with("the connection failed: ") && !failure.contains("password"), "{failure}");
    let bad = HookCalls { ca_pem: Some("no certificate".to_owned()), ..HookCalls::default() };
    let opened = muster_emulator::Emulator::open(OrgSettings { hooks: bad, ..OrgSettings::default() });
    assert!(opened.is_err_and(|error| error.to_string().contains("in PEM")));
}

#[tokio::test]
async fn executing_shows_what_the_service_answers() {
    let answers = vec![
        (says(200, command("VERIFIED")), 200, ""),
        (says(204, ""), 200, ""),
        (says(200, "garbage"), 400, "E0000135"),
        (says(200, json!({"error": {"errorSummary": "no"}}).to_string()), 400, "E0000135"),
        (says(404, ""), 400, "E0000135"),
        (says(302, ""), 502, "E0000134"),
        (says(500, ""), 502, "E0000134"),
        (Err(HookFailure::Connection("refused".to_owned())), 502, "E0000134"),
        (Err(HookFailure::TimedOut), 504, "E0000137"),
    ];
    for (answer, status, code) in answers {
        let service = InProcess::new(vec![answer]);
        let org = asked(&service);
        let own = format!("{HOOKS}/{}", registered(&org, registration(URI)).await);
        let payload = json!({"eventId": "e1", "data": {"anything": [1, 2]}});
        let got = org.post(&format!("{own}/execute"), payload.clone()).await;
        assert_eq!((got.status, got.code()), (status, code), "{}", got.text);
        assert_eq!(service.bodies()[0], payload);
        if code.is_empty() {
            assert!(got.text == command("VERIFIED") || got.text == "{}", "{}", got.text);
        }
        org.send("POST", &format!("{own}/lifecycle/deactivate"), None).await;
        assert_eq!(org.post(&format!("{own}/execute"), payload).await.code(), "E0000107", "it is inactive");
    }
}

#[tokio::test]
async fn an_oauth_hook_is_called_with_a_token_that_is_fetched_first() {
    let token = || says(200, json!({"access_token": "t0ken", "token_type": "Bearer"}).to_string());
    let service = InProcess::new(vec![token(), says(200, command("VERIFIED")), says(401, "")]);
    let org = asked(&service);
    let mut body = registration(URI);
    body["channel"] = json!({"type": "OAUTH", "version": "1.0.0", "config": {
        "authType": "client_secret_post", "clientId": "me", "clientSecret": "s&cret", "scope": "a b",
        "tokenUrl": "https://login.example.com/token", "uri": URI, "method": "POST", "headers": []}});
    let got = org.post(HOOKS, body).await;
    assert_eq!(got.status, 200, "{}", got.text);
    assert!(!got.text.contains("s&cret"));
    assert_eq!(got.body["channel"]["config"]["authScheme"], json!(null));
    org.user("ada@example.com", hook(), "").await;
    assert_eq!(org.sign_in("ada@example.com", "Abcd1234").await.status, 200);
    let seen = service.seen();
    assert_eq!(seen[0].uri, "https://login.example.com/token");
    assert_eq!(seen[0].headers["content-type"], "application/x-www-form-urlencoded");
    let form = "grant_type=client_credentials&scope=a%20b&client_id=me&client_secret=s%26cret";
    assert_eq!(seen[0].body, form);
    assert_eq!(
        (seen[1].uri.as_str(), &seen[1].headers["authorization"]),
        (URI, &"Bearer t0ken".parse().expect("a value"))
    );
    org.user("bob@example.com", hook(), "").await;
    assert_eq!(org.sign_in("bob@example.com", "Abcd1234").await.status, 401, "there is no token");
    let call = &org.get("/_emulator/hook-calls").await.body[1];
    assert_eq!((&call["attempts"], &call["decision"]), (&json!(0), &json!("failed")));
    assert_eq!(service.seen().len(), 3);
}

#[tokio::test]
async fn an_oauth_hook_with_a_key_signs_for_its_token() {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).expect("a key");
    let token = says(200, json!({"access_token": "t0ken"}).to_string());
    let service = InProcess::new(vec![token, says(200, command("VERIFIED"))]);
    let hooks = HookCalls { private_key_pem: Some(key.serialize_pem()), ..HookCalls::default() };
    let org =
        Caller::with(OrgSettings { hooks, hook_service: Some(service.clone()), ..OrgSettings::default() });
    let mut body = registration(URI);
    body["channel"] = json!({"type": "OAUTH", "version": "1.0.0", "config": {
        "authType": "private_key_jwt", "clientId": "me", "hookKeyId": "HKY1", "uri": URI,
        "tokenUrl": "https://login.example.com/token"}});
    registered(&org, body).await;
    org.user("ada@example.com", hook(), "").await;
    assert_eq!(org.sign_in("ada@example.com", "Abcd1234").await.status, 200);
    let form = String::from_utf8(service.seen()[0].body.to_vec()).expect("UTF-8");
    let assertion = form.split_once("client_assertion=").expect("an assertion").1;
    let head = jsonwebtoken::decode_header(assertion).expect("a head");
    assert_eq!((head.alg, head.kid.as_deref()), (jsonwebtoken::Algorithm::RS256, Some("HKY1")));
    assert!(
        form.contains(
            "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        )
    );
}

#[tokio::test]
async fn a_hook_without_tls_is_for_rehearsals_alone() {
    let plain = registration("http://127.0.0.1:1/password");
    assert_eq!(Caller::free().post(HOOKS, plain.clone()).await.status, 400);
    let hooks = HookCalls { allow_http: true, ..HookCalls::default() };
    let org = Caller::with(OrgSettings { hooks, ..OrgSettings::default() });
    registered(&org, plain).await;
    let mut far = registration("http://hooks.example.com/password");
    (far["name"], far["type"]) = (json!("Far"), json!("com.okta.telephony.provider"));
    assert_eq!(org.post(HOOKS, far).await.status, 400);
}
