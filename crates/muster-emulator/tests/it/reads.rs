use http::StatusCode;
use serde_json::{Value, json};

use crate::caller::{Caller, Got, profile, value};

fn logins(got: &Got) -> Vec<&str> {
    assert_eq!(got.status, 200, "{}", got.text);
    let users = got.body.as_array().expect("a list");
    users.iter().filter_map(|user| user["profile"]["login"].as_str()).collect()
}

async fn some_users() -> Caller {
    let org = Caller::free();
    for (login, first, city) in [
        ("ada@example.com", "Ada", "Bern"),
        ("bob@example.com", "Bob", "Basel"),
        ("cid@example.com", "Cid", "Zürich"),
        ("ada@example.org", "Ada", "Bern"),
    ] {
        let mut profile = profile(login);
        profile["firstName"] = json!(first);
        profile["city"] = json!(city);
        let got = org.post("/api/v1/users?activate=false", json!({"profile": profile})).await;
        assert_eq!(got.status, 200, "{}", got.text);
    }
    org
}

#[tokio::test]
async fn a_user_is_found_by_id_login_and_short_name() {
    let org = some_users().await;
    let id = org.get("/api/v1/users/bob@example.com").await.id();
    for key in [id.as_str(), "BOB@example.com", "bob", "b%C3%B6b", "bob%40example.com"] {
        assert_eq!(org.get(&format!("/api/v1/users/{key}")).await.id(), id, "{key}");
    }
    let summary = "Not found: Resource not found: ada (User)";
    org.get("/api/v1/users/ada").await.refused(StatusCode::NOT_FOUND, "E0000007", summary, &[]);
    let me = org.get("/api/v1/users/me").await;
    assert_eq!((me.status, me.body["status"].as_str()), (200, Some("ACTIVE")));
    assert_eq!(org.emulator.stats().users, 4, "the token's owner is in no list");
}

#[tokio::test]
async fn pages_lead_through_all_users() {
    let org = Caller::free();
    for number in 0..450 {
        org.user(&format!("user{number}@example.com"), json!({}), "activate=false").await;
    }
    let mut path = "/api/v1/users?limit=200".to_owned();
    let mut sizes = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    loop {
        let got = org.get(&path).await;
        sizes.push(logins(&got).len());
        seen.extend(logins(&got).into_iter().map(str::to_owned));
        let links: Vec<_> = got.headers.get_all("link").iter().collect();
        assert!(
            links[0].to_str().is_ok_and(|link| link.contains("limit=200") && link.ends_with("rel=\"self\""))
        );
        assert!(got.body[0]["_links"].as_object().is_some_and(|links| links.len() == 1));
        match got.next() {
            Some(next) => path = next,
            None => break,
        }
    }
    assert_eq!((sizes, seen.len()), (vec![200, 200, 50], 450));
    assert_eq!(logins(&org.get("/api/v1/users?limit=1000").await).len(), 200, "the limit has a limit");
    let got = org.get("/api/v1/users?after=nonsense").await;
    assert_eq!((got.code(), got.causes()), ("E0000029", vec!["Invalid cursor."]));
    assert_eq!(org.get("/api/v1/users?limit=0").await.status, 400);
}

#[tokio::test]
async fn a_page_that_ends_with_the_list_has_no_next() {
    let org = some_users().await;
    assert_eq!(org.get("/api/v1/users?limit=4").await.next(), None);
    assert!(org.get("/api/v1/users?limit=3").await.next().is_some());
}

#[tokio::test]
async fn deactivated_users_show_in_filters_and_searches_only() {
    let org = some_users().await;
    let id = org.get("/api/v1/users/bob").await.id();
    org.turn(&id, "deactivate").await;
    assert_eq!(logins(&org.get("/api/v1/users").await).len(), 3);
    assert!(logins(&org.get("/api/v1/users?q=bo").await).is_empty());
    for kind in ["filter", "search"] {
        let got = org.get(&format!("/api/v1/users?{kind}=status%20eq%20%22DEPROVISIONED%22")).await;
        assert_eq!(logins(&got), ["bob@example.com"], "{kind}");
    }
}

#[tokio::test]
async fn filters_and_searches_find_what_they_say() {
    let org = some_users().await;
    let rows: [(&str, &str, &[&str]); 9] = [
        ("filter", r#"profile.login eq "bob@example.com""#, &["bob@example.com"]),
        ("filter", r#"profile.login eq "BOB@example.com""#, &[]),
        ("search", r#"profile.login eq "BOB@example.com""#, &["bob@example.com"]),
        ("search", r#"profile.login sw "ada@""#, &["ada@example.com", "ada@example.org"]),
        ("search", r#"profile.city eq "bern" and profile.login sw "ada@example.c""#, &["ada@example.com"]),
        ("search", r#"profile.city eq "Zurich""#, &[]),
        ("search", r#"profile.firstName co "id""#, &["cid@example.com"]),
        (
            "search",
            r#"(profile.city eq "Basel" or profile.city eq "Zürich") and status eq "STAGED""#,
            &["bob@example.com", "cid@example.com"],
        ),
        ("search", r"profile.nickName pr", &[]),
    ];
    for (kind, expression, expected) in rows {
        let query = percent_encoding::utf8_percent_encode(expression, percent_encoding::NON_ALPHANUMERIC);
        assert_eq!(
            logins(&org.get(&format!("/api/v1/users?{kind}={query}")).await),
            expected,
            "{expression}"
        );
    }
    let sorted = "/api/v1/users?search=profile.login%20pr&sortBy=profile.login&sortOrder=desc&limit=3";
    let first = org.get(sorted).await;
    assert_eq!(logins(&first), ["cid@example.com", "bob@example.com", "ada@example.org"]);
    assert_eq!(logins(&org.get(&first.next().expect("a next page")).await), ["ada@example.com"]);
    assert_eq!(logins(&org.get("/api/v1/users?q=BO").await), ["bob@example.com"]);
}

#[tokio::test]
async fn expressions_that_are_not_allowed_are_refused() {
    let org = some_users().await;
    for (query, code) in [
        ("filter=status%20sw%20%22A%22", "E0000094"),
        ("filter=profile.city%20eq%20%22A%22", "E0000094"),
        ("search=status", "E0000031"),
        ("search=profile.city%20co%20%22A%22", "E0000031"),
        ("search=status%20eq%20%22A%22&filter=status%20eq%20%22A%22", "E0000033"),
    ] {
        assert_eq!(org.get(&format!("/api/v1/users?{query}")).await.code(), code, "{query}");
    }
}

#[tokio::test]
async fn clients_can_do_without_credentials() {
    let org = Caller::free();
    let id = org.user("ada@example.com", value("Abcd1234"), "").await;
    let kind =
        "application/json; okta-response=omitCredentials,omitCredentialsLinks,omitTransitioningToStatus";
    let got = org.send_with("GET", &format!("/api/v1/users/{id}"), None, &[("content-type", kind)]).await;
    assert!(got.body.get("credentials").is_none());
    assert_eq!(got.body["_links"]["resetPassword"], Value::Null);
    assert_ne!(got.body["_links"]["suspend"], Value::Null);
}
