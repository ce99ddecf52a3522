use http::StatusCode;
use serde_json::{Value, json};

use crate::caller::{Caller, Got, profile, value};

async fn created(change: impl Fn(&mut Value)) -> Got {
    let mut profile = profile("ada@example.com");
    change(&mut profile);
    Caller::free().post("/api/v1/users?activate=false", json!({"profile": profile})).await
}

#[tokio::test]
async fn every_fault_is_a_cause() {
    let got = created(|profile| {
        profile["login"] = json!("ada");
        profile["email"] = json!("nobody");
        profile["firstName"] = json!(" ");
        profile["lastName"] = json!("x".repeat(51));
    })
    .await;
    got.invalid(
        "login",
        &[
            "login: Username must be in the form of an email address",
            "email: Does not match required pattern",
            "firstName: The field cannot be left blank",
            "lastName: The field is too long",
        ],
    );
}

#[tokio::test]
async fn required_attributes_are_missed() {
    let got = Caller::free().post("/api/v1/users", json!({"profile": {}})).await;
    let blank = "The field cannot be left blank";
    let causes = ["login", "email", "firstName", "lastName"].map(|name| format!("{name}: {blank}"));
    got.invalid("login", &causes.each_ref().map(String::as_str));
    Caller::free()
        .post("/api/v1/users", json!({}))
        .await
        .invalid("profile", &["profile: The field cannot be left blank"]);
}

#[tokio::test]
async fn an_unknown_attribute_fails_the_user() {
    let got = created(|profile| profile["notValid"] = json!("x")).await;
    got.invalid("newUser", &["Property name 'notValid' is not defined in profile"]);
}

#[tokio::test]
async fn lengths_count_characters() {
    let fits = created(|profile| profile["firstName"] = json!("é".repeat(50))).await;
    assert_eq!(fits.status, 200, "{}", fits.text);
    let login = |length: usize| format!("{}@example.com", "a".repeat(length - 12));
    assert_eq!(created(|profile| profile["login"] = json!(login(100))).await.status, 200);
    created(|profile| profile["login"] = json!(login(101)))
        .await
        .invalid("login", &["login: The field is too long"]);
}

#[tokio::test]
async fn characters_beyond_the_basic_plane_are_refused() {
    let got = created(|profile| profile["firstName"] = json!("Ada 😀")).await;
    assert_eq!((got.status, got.code()), (400, "E0000001"));
    assert!(got.causes()[0].starts_with("firstName: "), "{}", got.text);
}

#[tokio::test]
async fn scalars_become_text_where_okta_makes_text_of_them() {
    let got = created(|profile| profile["mobilePhone"] = json!(4_711)).await;
    assert_eq!(got.body["profile"]["mobilePhone"], json!("4711"));
    let got = created(|profile| profile["city"] = json!(4_711)).await;
    got.invalid("city", &["city: The field must be of type string"]);
}

#[tokio::test]
async fn a_weak_password_is_told_what_it_lacks() {
    let weak = "password: Password requirements were not met. Password requirements: at least 8 characters, a lowercase \
                letter, an uppercase letter, a number, no parts of your username.";
    let body =
        |password: &str| json!({"profile": profile("lovelace@example.com"), "credentials": value(password)});
    for password in ["short1A", "Lovelace12", "alllower1"] {
        Caller::free().post("/api/v1/users", body(password)).await.invalid("password", &[weak]);
    }
}

#[tokio::test]
async fn bodies_must_be_json_and_say_so() {
    let org = Caller::free();
    let got = org.post("/api/v1/users", json!("text")).await;
    got.refused(StatusCode::BAD_REQUEST, "E0000003", "The request body was not well-formed.", &[]);
    assert_eq!(org.send("POST", "/api/v1/users", None).await.code(), "E0000003");
    let body = json!({"profile": profile("ada@example.com"), "groupIds": "00g"});
    assert_eq!(org.post("/api/v1/users", body.clone()).await.code(), "E0000003");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(org.send_with("POST", "/api/v1/users", Some(body), &form).await.status, 400);
    let large = json!({"profile": {"login": "x".repeat(1024 * 1024)}});
    assert_eq!(org.post("/api/v1/users", large).await.status, 413);
}

#[tokio::test]
async fn paths_methods_and_tokens_are_checked() {
    let mut org = Caller::free();
    let not_found = "The requested path was not found";
    org.get("/api/v1/nothing").await.refused(StatusCode::NOT_FOUND, "E0000008", not_found, &[]);
    org.get("/nothing").await.refused(StatusCode::NOT_FOUND, "E0000008", not_found, &[]);
    assert_eq!(org.send("PATCH", "/api/v1/users", None).await.code(), "E0000022");
    for token in ["wrong", ""] {
        org.token = token;
        let got = org.get("/api/v1/users").await;
        got.refused(StatusCode::UNAUTHORIZED, "E0000011", "Invalid token provided", &[]);
        assert_eq!(got.rate().0, 1_000_000, "the headers are there all the same");
    }
    let bearer = [("authorization", "Bearer test")];
    assert_eq!(org.send_with("GET", "/api/v1/users", None, &bearer).await.status, 200);
}

#[tokio::test]
async fn every_answer_has_oktas_headers() {
    let org = Caller::free();
    for path in ["/api/v1/users", "/api/v1/users/nobody", "/api/v1/nothing"] {
        let got = org.get(path).await;
        for name in [
            "x-okta-request-id",
            "date",
            "x-rate-limit-limit",
            "x-rate-limit-remaining",
            "x-rate-limit-reset",
        ] {
            assert!(!got.header(name).is_empty(), "{path} {name}");
        }
        assert_eq!(got.header("content-type"), "application/json");
        assert_eq!(got.header("cache-control"), "no-cache, no-store");
    }
}

#[tokio::test]
async fn countries_locales_and_time_zones_must_be_some() {
    for (name, bad) in [
        ("countryCode", "XX"),
        ("countryCode", "ch"),
        ("countryCode", "Switzerland"),
        ("locale", "english"),
        ("locale", "en-US"),
        ("locale", "EN_us"),
        ("locale", "en_"),
        ("locale", "en_US_x"),
        ("timezone", "Zurich"),
        ("timezone", "Mars/Olympus"),
        ("timezone", "Europe"),
        ("timezone", "Europe/"),
        ("timezone", "+01:00"),
    ] {
        let got = created(|profile| profile[name] = json!(bad)).await;
        got.invalid(name, &[&format!("{name}: Does not match required pattern")]);
    }
    for (name, good) in [
        ("countryCode", "CH"),
        ("countryCode", "US"),
        ("locale", "en"),
        ("locale", "de_CH"),
        ("timezone", "Europe/Zurich"),
        ("timezone", "America/Argentina/Buenos_Aires"),
        ("timezone", "Etc/GMT+1"),
        ("timezone", "US/Pacific"),
        ("timezone", "UTC"),
        ("timezone", "EST5EDT"),
    ] {
        let got = created(|profile| profile[name] = json!(good)).await;
        assert_eq!(got.status, 200, "{name} {good}: {}", got.text);
    }
}
