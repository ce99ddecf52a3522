use http::StatusCode;
use serde_json::{Value, json};

use crate::caller::{Caller, bcrypt, hook, profile, value};

/// Status and provider after a create with these credentials and parameters, or the error's code.
async fn outcome(credentials: Value, parameters: &str) -> String {
    let body = json!({"profile": profile("ada@example.com"), "credentials": credentials});
    let got = Caller::free().post(&format!("/api/v1/users?{parameters}"), body).await;
    match got.status {
        200 => format!(
            "{} {}",
            got.body["status"].as_str().unwrap_or_default(),
            got.body["credentials"]["provider"]["type"].as_str().unwrap_or_default()
        ),
        status => format!("{status} {}", got.code()),
    }
}

#[tokio::test]
async fn status_after_create_follows_the_credentials() {
    let question = json!({"recovery_question": {"question": "Which?", "answer": "This one"}});
    let both =
        json!({"password": {"value": "Abcd1234"}, "recovery_question": {"question": "Q?", "answer": "This"}});
    let federated = json!({"provider": {"type": "FEDERATION", "name": "FEDERATION"}});
    let social = json!({"provider": {"type": "SOCIAL", "name": "GOOGLE"}});
    let federated_with_password =
        json!({"provider": {"type": "FEDERATION"}, "password": {"value": "Abcd1234"}});
    let rows = [
        (json!({}), "activate=false", "STAGED OKTA"),
        (json!({}), "activate=true", "PROVISIONED OKTA"),
        (json!({}), "", "PROVISIONED OKTA"),
        (json!({"password": {}}), "", "PROVISIONED OKTA"),
        (json!({"password": null}), "", "PROVISIONED OKTA"),
        (question.clone(), "activate=false", "STAGED OKTA"),
        (question, "", "PROVISIONED OKTA"),
        (value("Abcd1234"), "activate=false", "STAGED OKTA"),
        (value("Abcd1234"), "", "ACTIVE OKTA"),
        (both, "", "ACTIVE OKTA"),
        (bcrypt(), "activate=false", "STAGED IMPORT"),
        (bcrypt(), "", "ACTIVE IMPORT"),
        (hook(), "activate=false", "STAGED IMPORT"),
        (hook(), "activate=true", "ACTIVE IMPORT"),
        (value("Abcd1234"), "nextLogin=changePassword", "PASSWORD_EXPIRED OKTA"),
        (value("Abcd1234"), "activate=false&nextLogin=changePassword", "400 E0000125"),
        (json!({}), "nextLogin=changePassword", "400 E0000124"),
        (json!({}), "activate=false&nextLogin=changePassword", "400 E0000125"),
        (federated.clone(), "provider=true", "ACTIVE FEDERATION"),
        (federated.clone(), "provider=true&activate=false", "STAGED FEDERATION"),
        (federated, "", "PROVISIONED OKTA"),
        (social, "provider=true", "ACTIVE SOCIAL"),
        (federated_with_password, "provider=true", "400 E0000001"),
    ];
    for (credentials, parameters, expected) in rows {
        assert_eq!(outcome(credentials.clone(), parameters).await, expected, "{credentials} {parameters}");
    }
}

#[tokio::test]
async fn the_answer_has_the_members_of_a_real_one_in_their_order() {
    let org = Caller::free();
    let body = json!({"profile": profile("ada@example.com"), "credentials": bcrypt()});
    let got = org.post("/api/v1/users?activate=false", body).await;
    let id = got.id();
    let expected = [
        "{\"id\":\"00u",
        "\",\"status\":\"STAGED\",\"transitioningToStatus\":null,\"created\":\"",
        ".000Z\",\"activated\":null,\"statusChanged\":\"",
        ".000Z\",\"lastLogin\":null,\"lastUpdated\":\"",
        ".000Z\",\"passwordChanged\":\"",
        ".000Z\",\"type\":{\"id\":\"oty",
        "\"},\"profile\":{\"firstName\":\"Ada\",\"lastName\":\"Byron\",\"mobilePhone\":null,\"secondEmail\":null,\
         \"login\":\"ada@example.com\",\"email\":\"ada@example.com\"},\"credentials\":{\"password\":{},\"emails\":\
         [{\"value\":\"ada@example.com\",\"status\":\"VERIFIED\",\"type\":\"PRIMARY\"}],\"provider\":\
         {\"type\":\"IMPORT\",\"name\":\"IMPORT\"}},\"_links\":{\"activate\":{\"href\":\"http://org.example/api/v1/users/",
        "/lifecycle/activate\",\"method\":\"POST\"},\"schema\":{\"href\":\"http://org.example/api/v1/meta/schemas/user/osc",
        "\"},\"type\":{\"href\":\"http://org.example/api/v1/meta/types/user/oty",
        "\"},\"self\":{\"href\":\"http://org.example/api/v1/users/",
    ];
    let mut rest = got.text.as_str();
    for part in expected {
        let at =
            rest.find(part).unwrap_or_else(|| panic!("{part} is missing, in this place, in {}", got.text));
        rest = &rest[at + part.len()..];
    }
    assert_eq!(id.len(), 20);
    assert_eq!(rest, format!("{id}\"}}}}}}"));
}

#[tokio::test]
async fn an_active_user_shows_what_can_be_done_with_it() {
    let org = Caller::free();
    let id = org.user("ada@example.com", value("Abcd1234"), "").await;
    let got = org.get(&format!("/api/v1/users/{id}")).await;
    let links = got.body["_links"].as_object().expect("links");
    for name in [
        "suspend",
        "deactivate",
        "resetPassword",
        "expirePassword",
        "changePassword",
        "schema",
        "type",
        "self",
    ] {
        assert!(links.contains_key(name), "{name}");
    }
    assert!(got.body["activated"].is_string());
    assert!(got.header("etag").starts_with("W/\""));
}

#[tokio::test]
async fn groups_come_with_the_create() {
    let org = Caller::free();
    let mut ids = Vec::new();
    for number in 0..21 {
        ids.push(org.group(&format!("Group {number}")).await);
    }
    let body = |login: &str, ids: &[String]| json!({"profile": profile(login), "groupIds": ids});
    let got = org.post("/api/v1/users?activate=false", body("ada@example.com", &ids[..20])).await;
    assert_eq!(got.status, 200, "{}", got.text);
    let groups = org.get("/api/v1/users/ada@example.com/groups").await;
    assert_eq!(groups.body.as_array().map(Vec::len), Some(21), "Everyone is one of them");
    assert_eq!(groups.body[0]["profile"]["name"], json!("Everyone"));

    let got = org.post("/api/v1/users", body("bob@example.com", &ids)).await;
    let cause = "The number of group targets is too large";
    got.refused(StatusCode::BAD_REQUEST, "E0000093", "Target count limit exceeded", &[cause]);
    let got = org.post("/api/v1/users", body("bob@example.com", &["00gnone".to_owned()])).await;
    let summary = "Not found: Resource not found: 00gnone (UserGroup)";
    got.refused(StatusCode::NOT_FOUND, "E0000007", summary, &[]);
    assert_eq!(org.get("/api/v1/users/bob@example.com").await.status, 404, "nothing was created");
}

#[tokio::test]
async fn a_user_type_must_exist() {
    let org = Caller::free();
    let types = org.get("/api/v1/meta/types/user").await;
    let own = types.body[0]["id"].as_str().expect("a type").to_owned();
    let body = |id: &str| json!({"profile": profile("ada@example.com"), "type": {"id": id}});
    assert_eq!(org.post("/api/v1/users", body("oty0")).await.code(), "E0000007");
    let got = org.post("/api/v1/users", body(&own)).await;
    assert_eq!(got.body["type"]["id"], json!(own));
}

#[tokio::test]
async fn a_login_is_taken_whatever_its_case_and_accents() {
    let org = Caller::free();
    org.user("Isaac.Brock@example.com", json!({}), "").await;
    for login in ["Isaac.Brock@example.com", "isaac.brock@EXAMPLE.com", "isáàc.bröck@example.com"] {
        let mut profile = profile(login);
        profile["firstName"] = json!("");
        let got = org.post("/api/v1/users", json!({"profile": profile})).await;
        let taken = "login: An object with this field already exists in the current organization";
        got.invalid("login", &[taken, "firstName: The field cannot be left blank"]);
    }
    let body = json!({"profile": profile("isaac.brocks@example.com")});
    assert_eq!(org.post("/api/v1/users", body).await.status, 200);
}

#[tokio::test]
async fn deleting_takes_two_steps_and_frees_the_login() {
    let org = Caller::free();
    let id = org.user("ada@example.com", value("Abcd1234"), "").await;
    let path = format!("/api/v1/users/{id}");
    let first = org.send("DELETE", &path, None).await;
    assert_eq!((first.status, first.text.as_str()), (204, ""));
    assert_eq!(org.status_of(&id).await, "DEPROVISIONED");
    assert_eq!(org.post("/api/v1/users", json!({"profile": profile("ada@example.com")})).await.status, 400);
    assert_eq!(org.send("DELETE", &path, None).await.status, 204);
    let summary = format!("Not found: Resource not found: {id} (User)");
    org.get(&path).await.refused(StatusCode::NOT_FOUND, "E0000007", &summary, &[]);
    assert_eq!(org.send("DELETE", &path, None).await.status, 404);
    assert_eq!(org.post("/api/v1/users", json!({"profile": profile("ada@example.com")})).await.status, 200);
    assert_eq!(org.emulator.stats().creates_by_login_max, 2);
}
