use muster_emulator::OrgSettings;
use serde_json::{Value, json};

use crate::caller::{Caller, Got, profile};

const PATH: &str = "/api/v1/groups/rules";

fn rule(name: &str, expression: &str, groups: &[&str]) -> Value {
    json!({
        "type": "group_rule",
        "name": name,
        "conditions": {"expression": {"value": expression, "type": "urn:okta:expression:1.0"}},
        "actions": {"assignUserToGroups": {"groupIds": groups}},
    })
}

async fn turn(org: &Caller, rule: &str, operation: &str) -> Got {
    org.send("POST", &format!("{PATH}/{rule}/lifecycle/{operation}"), None).await
}

/// An active rule; its id.
async fn active(org: &Caller, name: &str, expression: &str, groups: &[&str]) -> String {
    let got = org.post(PATH, rule(name, expression, groups)).await;
    assert_eq!(got.status, 200, "{}", got.text);
    assert_eq!(turn(org, &got.id(), "activate").await.status, 204);
    got.id()
}

async fn person(org: &Caller, login: &str, department: &str) -> String {
    let mut profile = profile(login);
    profile["department"] = json!(department);
    org.post("/api/v1/users?activate=false", json!({"profile": profile})).await.id()
}

async fn members(org: &Caller, group: &str) -> Vec<String> {
    let users = org.all(&format!("/api/v1/groups/{group}/users")).await;
    users.iter().map(|user| user["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn a_rule_is_made_read_changed_and_deleted() {
    let org = Caller::free();
    let group = org.group("Sales").await;
    let made = org.post(PATH, rule("Sellers", "user.department == \"Sales\"", &[&group])).await;
    assert_eq!((made.status, &made.body["status"]), (200, &json!("INACTIVE")));
    let path = format!("{PATH}/{}", made.id());
    assert_eq!(org.get(&path).await.body, made.body);
    let expanded = org.get(&format!("{path}?expand=groupIdToGroupNameMap")).await;
    assert_eq!(expanded.body["_embedded"]["groupIdToGroupNameMap"][&group], json!("Sales"));
    let changed = org.send("PUT", &path, Some(rule("People who sell", "true", &[&group]))).await;
    assert_eq!(changed.body["conditions"]["expression"]["value"], json!("true"));
    let other = org.group("Support").await;
    assert_eq!(org.send("PUT", &path, Some(rule("Other", "true", &[&other]))).await.status, 400);

    assert_eq!(turn(&org, &made.id(), "activate").await.status, 204);
    assert_eq!(turn(&org, &made.id(), "activate").await.status, 204, "once more makes no difference");
    assert_eq!(org.get(&path).await.body["status"], json!("ACTIVE"));
    for (method, body) in [("PUT", Some(rule("Late", "true", &[&group]))), ("DELETE", None)] {
        assert_eq!(org.send(method, &path, body).await.code(), "E0000107", "{method}");
    }
    assert_eq!(turn(&org, &made.id(), "deactivate").await.status, 204);
    let deleted = org.send("DELETE", &path, None).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (202, ""));
    assert_eq!(org.get(&path).await.code(), "E0000007");
}

#[tokio::test]
async fn what_cannot_be_a_rule_is_refused() {
    let org = Caller::free();
    let group = org.group("Sales").await;
    let unknown = org.post(PATH, rule("Rule", "true", &["00g0"])).await;
    unknown.invalid("validateRule", &["Resource(s) not found: 00g0 (UserGroup)"]);
    org.post(PATH, rule(&"x".repeat(51), "true", &[&group]))
        .await
        .invalid("name", &["name: The field is too long"]);
    assert_eq!(org.post(PATH, rule("Rule", "true", &[])).await.status, 400);
    let many = vec![group.as_str(); 101];
    assert_eq!(org.post(PATH, rule("Rule", "true", &many)).await.status, 400);
    let everyone =
        org.get("/api/v1/groups?q=Everyone").await.body[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(org.post(PATH, rule("Rule", "true", &[&everyone])).await.status, 400);
    let deep = "(".repeat(5000);
    let negations = "!".repeat(5000);
    for (expression, cause) in [
        ("", "The expression ends too early"),
        ("user.department ==", "The expression ends too early"),
        ("user.department = \"Sales\"", "= is not an operator; did you mean ==?"),
        ("user.department == \"Sales", "A text has no closing quote"),
        ("\"Sales\"", "The expression must be true or false"),
        ("String.len(user.city)", "The expression must be true or false"),
        ("user.nothing == \"x\"", "Invalid property nothing in expression user.nothing == \"x\""),
        ("Time.now() == \"x\"", "There is no function Time.now"),
        ("String.stringContains(user.city)", "String.stringContains can't take 1 arguments"),
        ("group.name == \"x\"", "group.name is not an attribute of a user"),
        ("true false", "false is not expected here"),
        ("(true", ") is missing"),
        (&deep, "The expression is nested too deep"),
        (&negations, "The expression is nested too deep"),
    ] {
        org.post(PATH, rule("Rule", expression, &[&group])).await.invalid("conditions.expression", &[cause]);
    }
    org.post(PATH, rule("Rule", "true", &[&group])).await;
    assert_eq!(org.post(PATH, rule("Rule", "true", &[&group])).await.status, 400, "the name is taken");
}

#[tokio::test]
async fn expressions_hold_or_not() {
    let org = Caller::free();
    let sales = org.group("Sales").await;
    let mut ada = profile("ada@example.com");
    ada["department"] = json!("Sales");
    ada["city"] = json!("New Bern");
    let ada = org.post("/api/v1/users", json!({"profile": ada, "groupIds": [sales]})).await.id();
    let by_id = format!("isMemberOfAnyGroup(\"00g0\", \"{sales}\")");
    let not_by_id = format!("!isMemberOfGroup('{sales}')");
    let cases = [
        ("user.department == \"Sales\"", true),
        ("user.department == 'sales'", false),
        ("user.department != \"Support\" AND user.city != null", true),
        ("user.title == null", true),
        ("user.title != \"Boss\"", true),
        ("not (user.department == \"Sales\") or String.startsWith(user.city, \"New\")", true),
        ("user.department == \"Sales\" && !(user.city == \"New Bern\") || false", false),
        ("String.stringContains(user.city, \"Bern\")", true),
        ("String.toUpperCase(user.department) == \"SALES\"", true),
        ("String.toLowerCase(user.department) eq \"sales\"", true),
        ("String.len(user.city) > 7", true),
        ("String.substringBefore(user.email, \"@\") == \"ada\"", true),
        ("String.substringAfter(user.email, \"@\") == \"example.com\"", true),
        ("String.stringContains(user.title, \"x\")", false),
        ("isMemberOfGroupName(\"Sales\")", true),
        ("isMemberOfGroupNameStartsWith(\"Sal\") and isMemberOfGroupNameContains(\"ale\")", true),
        (by_id.as_str(), true),
        (not_by_id.as_str(), false),
    ];
    for (number, (expression, holds)) in cases.into_iter().enumerate() {
        let target = org.group(&format!("Target {number}")).await;
        active(&org, &format!("Rule {number}"), expression, &[&target]).await;
        let expected: &[String] = if holds { std::slice::from_ref(&ada) } else { &[] };
        assert_eq!(members(&org, &target).await, expected, "{expression}");
    }
}

#[tokio::test]
async fn members_come_and_go_with_what_the_rule_asks_for() {
    let org = Caller::free();
    let (group, by_hand) = (org.group("Sales").await, org.group("Sellers").await);
    let before = person(&org, "before@example.com", "Sales").await;
    org.send("PUT", &format!("/api/v1/groups/{by_hand}/users/{before}"), None).await;
    active(&org, "Sellers", "user.department == \"Sales\"", &[&group, &by_hand]).await;
    let after = person(&org, "after@example.com", "Sales").await;
    let other = person(&org, "other@example.com", "Support").await;
    assert_eq!(members(&org, &group).await, [before.clone(), after.clone()]);

    let path = |id: &str| format!("/api/v1/users/{id}");
    let moved = |department: &str| json!({"profile": {"department": department}});
    org.post(&path(&before), moved("Support")).await;
    org.post(&path(&other), moved("Sales")).await;
    assert_eq!(members(&org, &group).await, [after.clone(), other.clone()]);
    assert!(members(&org, &by_hand).await.contains(&before), "a rule does not end what it has not made");
    let log = org.all("/api/v1/logs?since=2000-01-01T00:00:00Z&until=2999-01-01T00:00:00Z&filter=eventType%20eq%20%22group.user_membership.remove%22").await;
    assert_eq!((log.len(), &log[0]["actor"]["type"]), (1, &json!("SystemPrincipal")));
}

#[tokio::test]
async fn who_is_taken_out_by_hand_stays_out() {
    let org = Caller::free();
    let group = org.group("Sales").await;
    let ada = person(&org, "ada@example.com", "Sales").await;
    let rule = active(&org, "Sellers", "user.department == \"Sales\"", &[&group]).await;
    assert_eq!(org.send("DELETE", &format!("/api/v1/groups/{group}/users/{ada}"), None).await.status, 204);
    let shown = org.get(&format!("{PATH}/{rule}")).await;
    assert_eq!(shown.body["conditions"]["people"]["users"]["exclude"], json!([ada]));
    org.post(&format!("/api/v1/users/{ada}"), json!({"profile": {"city": "Bern"}})).await;
    assert_eq!(members(&org, &group).await, [""; 0]);
}

#[tokio::test]
async fn two_rules_share_a_membership_and_the_last_one_ends_it() {
    let org = Caller::free();
    let group = org.group("Sales").await;
    let ada = person(&org, "ada@example.com", "Sales").await;
    active(&org, "By department", "user.department == \"Sales\"", &[&group]).await;
    active(&org, "By name", "user.firstName == \"Ada\"", &[&group]).await;
    let path = format!("/api/v1/users/{ada}");
    org.post(&path, json!({"profile": {"department": "Support"}})).await;
    assert_eq!(members(&org, &group).await, std::slice::from_ref(&ada));
    org.post(&path, json!({"profile": {"firstName": "Eve"}})).await;
    assert_eq!(members(&org, &group).await, [""; 0]);
}

#[tokio::test]
async fn members_stay_with_a_deactivated_rule_and_go_with_a_deleted_one_at_wish() {
    let org = Caller::free();
    for (remove, left) in [(false, 1), (true, 0)] {
        let group = org.group(&format!("Group {remove}")).await;
        let ada = person(&org, &format!("{remove}@example.com"), &format!("Sales {remove}")).await;
        let rule =
            active(&org, &format!("{remove}"), &format!("user.department == \"Sales {remove}\""), &[&group])
                .await;
        turn(&org, &rule, "deactivate").await;
        org.post(&format!("/api/v1/users/{ada}"), json!({"profile": {"department": "None"}})).await;
        assert_eq!(members(&org, &group).await.len(), 1);
        let deleted = org.send("DELETE", &format!("{PATH}/{rule}?removeUsers={remove}"), None).await;
        assert_eq!((deleted.status, members(&org, &group).await.len()), (202, left));
    }
}

#[tokio::test]
async fn a_rule_without_its_group_is_invalid() {
    let org = Caller::free();
    let group = org.group("Sales").await;
    let rule = active(&org, "Sellers", "true", &[&group]).await;
    org.send("DELETE", &format!("/api/v1/groups/{group}"), None).await;
    assert_eq!(org.get(&format!("{PATH}/{rule}")).await.body["status"], json!("INVALID"));
    assert_eq!(turn(&org, &rule, "activate").await.code(), "E0000107");
    person(&org, "ada@example.com", "Sales").await;
    assert_eq!(org.send("DELETE", &format!("{PATH}/{rule}"), None).await.status, 202);
}

#[tokio::test]
async fn rules_are_listed_searched_and_kept_over_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = OrgSettings { state: Some(folder.path().join("org.ndjson")), ..OrgSettings::default() };
    let org = Caller::like(settings.clone());
    let group = org.group("Sales").await;
    for number in 0..7 {
        org.post(PATH, rule(&format!("Rule {number}"), "false", &[&group])).await;
    }
    active(&org, "Sellers", "user.department == \"Sales\"", &[&group]).await;
    let ada = person(&org, "ada@example.com", "Sales").await;
    assert_eq!(org.all(&format!("{PATH}?limit=3")).await.len(), 8);
    assert_eq!(org.get(&format!("{PATH}?search=sell")).await.body.as_array().map(Vec::len), Some(1));
    let before = org.get(PATH).await.text;
    drop(org);
    for _ in 0..2 {
        let org = Caller::like(settings.clone());
        assert_eq!(org.get(PATH).await.text, before);
        assert_eq!(members(&org, &group).await, std::slice::from_ref(&ada));
    }
    let org = Caller::like(settings);
    org.post(&format!("/api/v1/users/{ada}"), json!({"profile": {"department": null}})).await;
    assert_eq!(members(&org, &group).await, [""; 0], "it is known who made the membership");
}

#[tokio::test]
async fn who_is_in_by_an_attribute_goes_with_the_attribute() {
    let org = Caller::free();
    let schema = "/api/v1/meta/schemas/user/default";
    let change = |attribute: Value| json!({"definitions": {"custom": {"properties": {"badge": attribute}}}});
    org.post(schema, change(json!({"title": "Badge", "type": "string"}))).await;
    let group = org.group("Badged").await;
    active(&org, "Badged", "user.badge == \"red\"", &[&group]).await;
    let mut profile = profile("ada@example.com");
    profile["badge"] = json!("red");
    let ada = org.post("/api/v1/users?activate=false", json!({"profile": profile})).await.id();
    assert_eq!(members(&org, &group).await, [ada]);
    assert_eq!(org.post(schema, change(Value::Null)).await.status, 200);
    assert!(members(&org, &group).await.is_empty());
}
