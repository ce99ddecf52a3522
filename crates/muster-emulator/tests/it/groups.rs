use http::StatusCode;
use serde_json::json;

use crate::caller::{Caller, Got};

#[tokio::test]
async fn a_group_is_made_changed_and_deleted() {
    let org = Caller::free();
    let profile = json!({"name": "Sales", "description": "Those who sell"});
    let got = org.post("/api/v1/groups", json!({"profile": profile})).await;
    assert_eq!((got.status, &got.body["type"]), (200, &json!("OKTA_GROUP")));
    assert_eq!((&got.body["profile"], &got.body["objectClass"]), (&profile, &json!(["okta:user_group"])));
    let path = format!("/api/v1/groups/{}", got.id());
    assert_eq!(got.body["_links"]["users"]["href"], json!(format!("http://org.example{path}/users")));
    let got = org.send("PUT", &path, Some(json!({"profile": {"name": "Sellers"}}))).await;
    assert_eq!(got.body["profile"], json!({"name": "Sellers", "description": null}));
    assert_eq!(org.send("DELETE", &path, None).await.status, 204);
    assert_eq!(org.get(&path).await.code(), "E0000007");
    assert_eq!(org.post("/api/v1/groups", json!({"profile": {"name": "Sellers"}})).await.status, 200);
}

#[tokio::test]
async fn names_are_checked_and_differ() {
    let org = Caller::free();
    org.group("Sales").await;
    let other = org.group("sales").await;
    let post = |name: &str| org.post("/api/v1/groups", json!({"profile": {"name": name}}));
    let taken = "name: An object with this field already exists in the current organization";
    post("Sales").await.invalid("name", &[taken]);
    post("Everyone").await.invalid("name", &[taken]);
    post("").await.invalid("name", &["name: The field cannot be left blank"]);
    post(&"x".repeat(256)).await.invalid("name", &["name: The field is too long"]);
    assert_eq!(post(&"x".repeat(255)).await.status, 200);
    let got = org
        .send("PUT", &format!("/api/v1/groups/{other}"), Some(json!({"profile": {"name": "Sales"}})))
        .await;
    got.invalid("name", &[taken]);
}

#[tokio::test]
async fn memberships_come_and_go_as_often_as_one_says_so() {
    let org = Caller::free();
    let group = org.group("Sales").await;
    let user = org.user("ada@example.com", json!({}), "").await;
    let path = format!("/api/v1/groups/{group}/users/{user}");
    for method in ["PUT", "PUT", "DELETE", "DELETE", "PUT"] {
        assert_eq!(org.send(method, &path, None).await.status, 204, "{method}");
    }
    assert_eq!(org.emulator.stats().memberships, 1);
    let members = org.get(&format!("/api/v1/groups/{group}/users")).await;
    assert_eq!(members.body[0]["id"], json!(user));
    let none = org.send("PUT", &format!("/api/v1/groups/{group}/users/00u0"), None).await;
    none.refused(StatusCode::NOT_FOUND, "E0000007", "Not found: Resource not found: 00u0 (User)", &[]);
    let none = org.send("PUT", &format!("/api/v1/groups/00g0/users/{user}"), None).await;
    none.refused(StatusCode::NOT_FOUND, "E0000007", "Not found: Resource not found: 00g0 (UserGroup)", &[]);
    org.send("DELETE", &format!("/api/v1/groups/{group}"), None).await;
    assert_eq!(org.get(&format!("/api/v1/users/{user}/groups")).await.body.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn everyone_holds_everyone_and_cannot_be_changed() {
    let org = Caller::free();
    let user = org.user("ada@example.com", json!({}), "").await;
    let all = org.get("/api/v1/groups?q=every").await;
    assert_eq!(all.body[0]["type"], json!("BUILT_IN"));
    let path = format!("/api/v1/groups/{}", all.body[0]["id"].as_str().expect("an id"));
    assert_eq!(org.get(&format!("{path}/users")).await.body[0]["id"], json!(user));
    assert_eq!(org.send("DELETE", &path, None).await.status, 501);
    assert_eq!(org.send("PUT", &format!("{path}/users/{user}"), None).await.code(), "E0000060");
}

#[tokio::test]
async fn members_and_groups_come_in_pages() {
    let org = Caller::free();
    let group = org.group("Sales").await;
    for number in 0..25 {
        let user = org.user(&format!("user{number}@example.com"), json!({}), "").await;
        org.send("PUT", &format!("/api/v1/groups/{group}/users/{user}"), None).await;
        org.group(&format!("Group {number}")).await;
    }
    for (path, expected) in
        [(format!("/api/v1/groups/{group}/users?limit=10"), 25), ("/api/v1/groups?limit=10".into(), 27)]
    {
        let mut path = Some(path);
        let mut count = 0;
        while let Some(page) = path {
            let got = org.get(&page).await;
            count += got.body.as_array().map_or(0, Vec::len);
            path = got.next();
        }
        assert_eq!(count, expected);
    }
}

#[tokio::test]
async fn groups_are_searched_and_filtered() {
    let org = Caller::free();
    for name in ["Sales North", "Sales South", "Support"] {
        org.group(name).await;
    }
    for (query, expected) in [
        ("search=profile.name%20eq%20%22sales%20north%22", 1),
        ("search=profile.name%20sw%20%22Sales%22", 2),
        ("filter=type%20eq%20%22OKTA_GROUP%22", 3),
        ("filter=type%20eq%20%22BUILT_IN%22", 1),
        ("q=s", 3),
        ("q=support", 1),
    ] {
        let got = org.get(&format!("/api/v1/groups?{query}")).await;
        assert_eq!(got.body.as_array().map(Vec::len), Some(expected), "{query}: {}", got.text);
    }
    assert_eq!(org.get("/api/v1/groups?filter=profile.name%20eq%20%22a%22").await.code(), "E0000094");
}

fn names(got: &Got) -> Vec<&str> {
    let groups = got.body.as_array().into_iter().flatten();
    groups.filter_map(|group| group["profile"]["name"].as_str()).collect()
}

#[tokio::test]
async fn found_groups_are_sorted_and_come_in_pages() {
    let org = Caller::free();
    for (name, description) in [("beta", "same"), ("Alpha", "same"), ("gamma", "other"), ("delta", "same")] {
        let profile = json!({"name": name, "description": description});
        org.post("/api/v1/groups", json!({"profile": profile})).await;
    }
    let found = "/api/v1/groups?search=type%20eq%20%22OKTA_GROUP%22";
    let rising = ["Alpha", "beta", "delta", "gamma"];
    let mut falling = rising;
    falling.reverse();
    let sorted = org.get(&format!("{found}&sortBy=profile.name")).await;
    assert_eq!(names(&sorted), rising);
    let first = org.get(&format!("{found}&sortBy=profile.name&sortOrder=desc&limit=3")).await;
    let second = org.get(&first.next().expect("a next page")).await;
    assert_eq!([names(&first), names(&second)].concat(), falling);
    assert_eq!(second.next(), None);
    let by_age = org.get(&format!("{found}&sortBy=created&sortOrder=asc")).await;
    let ages: Vec<_> = by_age.body.as_array().into_iter().flatten().map(|group| &group["created"]).collect();
    assert!(ages.len() == 4 && ages.is_sorted_by_key(|age| age.as_str()), "{}", by_age.text);
    for order in ["asc", "desc"] {
        let got = org.get(&format!("{found}&sortBy=profile.description&sortOrder={order}")).await;
        let groups = got.body.as_array().into_iter().flatten();
        let same = groups.filter(|group| group["profile"]["description"] == json!("same"));
        let ids: Vec<_> = same.filter_map(|group| group["id"].as_str()).collect();
        assert!(ids.len() == 3 && ids.is_sorted(), "{order}: {ids:?}");
    }
    assert_eq!(names(&org.get("/api/v1/groups?sortBy=profile.name").await)[..2], ["Everyone", "beta"]);
}

#[tokio::test]
async fn groups_are_counted_where_it_is_asked_for() {
    let org = Caller::free();
    let group = org.group("Sales").await;
    let ada = org.user("ada@example.com", json!({}), "").await;
    org.user("bob@example.com", json!({}), "").await;
    org.send("PUT", &format!("/api/v1/groups/{group}/users/{ada}"), None).await;
    let got = org.get("/api/v1/groups?expand=stats").await;
    let stats = &got.body[1]["_embedded"]["stats"];
    let numbers = [&stats["usersCount"], &stats["appsCount"], &stats["groupPushMappingsCount"]];
    assert_eq!(numbers, [&json!(1), &json!(0), &json!(0)], "{}", got.text);
    assert_eq!(stats["hasAdminPrivilege"], json!(false));
    let own = format!("http://org.example/api/v1/groups/{group}/stats");
    assert_eq!(stats["_links"]["self"]["href"], json!(own));
    assert_eq!(got.body[0]["_embedded"]["stats"]["usersCount"], json!(2), "Everyone");
    let found = "/api/v1/groups?expand=stats&search=profile.name%20eq%20%22Sales%22&sortBy=profile.name";
    assert_eq!(org.get(found).await.body[0]["_embedded"]["stats"]["usersCount"], json!(1));
    assert_eq!(org.get("/api/v1/groups?q=S&expand=stats").await.body[0]["_embedded"]["stats"], *stats);
    assert_eq!(org.get("/api/v1/groups").await.body[0].get("_embedded"), None);
}
