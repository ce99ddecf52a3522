//! NDJSON, flat and in the shape of a request to Okta.

use serde_json::{Value, json};

use crate::world::World;

const PASSWORD: &str = "Tr0mbone-quay";

fn lines(rows: &[Value]) -> String {
    rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn flat_objects_whose_keys_differ() {
    let world = World::free();
    world.group("Sales");
    world.write(
        "people.ndjson",
        lines(&[
            json!({"email": "a@example.com", "firstName": "Jürgen", "lastName": "Müller", "groups": ["Sales"]}),
            json!({"lastName": "Núñez", "firstName": "José", "login": "b@example.com", "email": "b@example.com", "password": PASSWORD}),
            json!({"email": "c@example.com", "firstName": "Łukasz", "lastName": null}),
        ]),
    );
    let import = world.import(&["people.ndjson"]);
    import.came_to(3, &[("created", 2), ("invalid", 1)]);
    assert_eq!(world.user("b@example.com")["profile"]["lastName"], "Núñez");
    assert_eq!(world.users()["a@example.com"]["groups"], json!(["Everyone", "Sales"]));
    assert!(world.signs_in("b@example.com", PASSWORD));
    let reject = &import.rejects[0];
    assert_eq!((reject["_line"].as_str(), reject["_code"].as_str()), ("3", "required"));
    assert_eq!(reject["firstName"], "Łukasz");
}

#[test]
fn objects_in_the_shape_of_a_create() {
    let world = World::free();
    let group = world.group("Sales");
    let profile = |name: &str| json!({"login": format!("{name}@example.com"), "email": format!("{name}@example.com"), "firstName": name, "lastName": "Müller"});
    let hash = json!({"algorithm": "BCRYPT", "workFactor": 10, "salt": "qRRx8rli7Lvs2h2CNgCQ2O", "value": "mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2"});
    world.write(
        "people.json",
        lines(&[
            json!({"profile": profile("ada"), "credentials": {"password": {"value": PASSWORD}}, "groupIds": [group]}),
            json!({"profile": profile("bob"), "credentials": {"password": {"hash": hash}}}),
            json!({"profile": profile("cid"), "credentials": {"password": {"value": PASSWORD}, "recovery_question": {"question": "Which pet?", "answer": "R4bbit-hole"}}}),
            json!({"profile": profile("dot")}),
        ]),
    );
    world.import(&["people.json"]).came_to(0, &[("created", 4)]);
    let users = world.users();
    let of = |name: &str| {
        let user = &users[&format!("{name}@example.com")];
        [&user["status"], &user["provider"], &user["credential"]].map(|word| word.as_str().unwrap())
    };
    assert_eq!(of("ada"), ["ACTIVE", "OKTA", "value"]);
    assert_eq!(of("bob"), ["ACTIVE", "IMPORT", "bcrypt"]);
    assert_eq!(of("dot"), ["STAGED", "OKTA", "none"]);
    assert_eq!(users["ada@example.com"]["groups"], json!(["Everyone", "Sales"]));
    assert!(
        world.signs_in("ada@example.com", PASSWORD) && world.signs_in("bob@example.com", "P@ssword123456")
    );
    let question = &world.user("cid@example.com")["credentials"]["recovery_question"];
    assert_eq!(question["question"], "Which pet?");
}

#[test]
fn a_line_that_is_no_object_is_a_faulty_row() {
    let world = World::free();
    let good = |at: usize| {
        json!({"email": format!("p{at}@example.com"), "firstName": "A", "lastName": "B"}).to_string()
    };
    world.write("people.ndjson", format!("{}\n{{\"email\": \n\n[1]\n{}\n", good(1), good(2)));
    let import = world.import(&["people.ndjson"]);
    import.came_to(3, &[("created", 2), ("invalid", 2)]);
    let told: Vec<(&str, &str)> =
        import.rejects.iter().map(|row| (row["_line"].as_str(), row["_code"].as_str())).collect();
    assert_eq!(told, [("2", "bad_json"), ("4", "bad_json")]);
}

#[test]
fn several_sources_are_several_runs() {
    let world = World::free();
    world.write("a.csv", "email,firstName,lastName\na@example.com,A,B\n");
    world.write("b.ndjson", "{\"email\":\"b@example.com\",\"firstName\":\"A\"}\n");
    let ran = world.muster(&["import", "--yes", "a.csv", "b.ndjson"]);
    assert_eq!((ran.code, world.stats().users), (3, 1), "the worst of the two: {ran:?}");
    assert_eq!(world.muster(&["runs", "--output", "json"]).json().as_array().unwrap().len(), 2);
}
