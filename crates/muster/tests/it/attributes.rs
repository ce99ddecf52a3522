//! Attributes that the org has added to its schema: text becomes their type.

use serde_json::{Value, json};

use crate::world::{Imported, World};

fn world() -> World {
    let world = World::free();
    let plain = |kind: &str| json!({"title": kind, "type": kind});
    let list = |kind: &str| json!({"title": kind, "type": "array", "items": {"type": kind}});
    let custom = json!({
        "shoeSize": plain("integer"),
        "height": plain("number"),
        "veteran": plain("boolean"),
        "nickOnChat": plain("string"),
        "colours": list("string"),
        "lockers": list("integer"),
        "scores": list("number"),
        "grade": {"title": "Grade", "type": "string", "enum": ["A", "B"], "oneOf": [{"const": "A", "title": "A"}, {"const": "B", "title": "B"}]},
        "badge": {"title": "Badge", "type": "string", "minLength": 3, "maxLength": 5},
    });
    world.post(
        "/api/v1/meta/schemas/user/default",
        &json!({"definitions": {"custom": {"properties": custom}}}),
    );
    world
}

fn import(world: &World, columns: &str, cells: &str) -> Imported {
    world.write("people.csv", format!("email,firstName,lastName,{columns}\na@example.com,A,B,{cells}\n"));
    world.import(&["people.csv"])
}

#[test]
fn text_becomes_the_type_of_the_schema() {
    let world = world();
    let columns = "shoeSize,height,veteran,nickOnChat,colours,lockers,scores,grade,badge";
    import(&world, columns, "42,1.75,yes,007,red;blue,\"[7, 8]\",1.5|2,B,b-12").came_to(0, &[("created", 1)]);
    let profile = &world.user("a@example.com")["profile"];
    let same = |name: &str, value: &Value| assert_eq!(&profile[name], value, "{name}");
    same("shoeSize", &json!(42));
    same("height", &json!(1.75));
    same("veteran", &json!(true));
    same("nickOnChat", &json!("007"));
    same("colours", &json!(["red", "blue"]));
    same("lockers", &json!([7, 8]));
    assert_eq!(
        profile["scores"].as_array().unwrap().iter().map(Value::as_f64).collect::<Vec<_>>(),
        [Some(1.5), Some(2.0)]
    );
    same("grade", &json!("B"));
    import(&world, columns, "42,1.75,yes,007,red;blue,\"[7, 8]\",1.5|2,B,b-12")
        .came_to(0, &[("unchanged", 1)]);
}

#[test]
fn an_empty_cell_is_no_value() {
    let world = world();
    import(&world, "shoeSize,veteran,colours", ",,").came_to(0, &[("created", 1)]);
    let profile = &world.user("a@example.com")["profile"];
    assert!(profile["shoeSize"].is_null() && profile["veteran"].is_null() && profile["colours"].is_null());
}

#[test]
fn what_is_of_another_type_is_told_with_the_orgs_type() {
    let cases = [
        ("shoeSize", "large", "bad_type", "integer"),
        ("shoeSize", "42.5", "bad_type", "integer"),
        ("height", "tall", "bad_type", "number"),
        ("veteran", "maybe", "bad_type", "boolean"),
        ("lockers", "7;eight", "bad_type", "array of integer"),
        ("grade", "C", "not_in_enum", "\"A\""),
        ("badge", "b", "too_short", "3"),
        ("badge", "b-12345", "too_long", "5"),
    ];
    let world = world();
    let columns = ["shoeSize", "height", "veteran", "lockers", "grade", "badge"];
    let rows = cases.iter().enumerate().map(|(at, (wrong, cell, ..))| {
        let cells = columns.map(|column| if column == *wrong { *cell } else { "" });
        format!("p{at}@example.com,A,B,{}", cells.join(","))
    });
    let rows: Vec<String> = rows.collect();
    world.write(
        "people.csv",
        format!("email,firstName,lastName,{}\n{}\n", columns.join(","), rows.join("\n")),
    );
    let import = world.import(&["people.csv"]);
    import.came_to(3, &[("invalid", cases.len())]);
    for ((column, cell, code, word), reject) in cases.into_iter().zip(&import.rejects) {
        assert_eq!(reject["_code"], code, "{reject:?}");
        assert!(reject["_reason"].contains(column) && reject["_reason"].contains(word), "{reject:?}");
        assert_eq!(reject[column], cell);
    }
    assert!(world.is_untouched());
}

#[test]
fn columns_in_other_spellings_are_the_orgs() {
    let world = world();
    import(&world, "SHOESIZE,Nick On Chat", "42,ada").came_to(0, &[("created", 1)]);
    let profile = &world.user("a@example.com")["profile"];
    assert_eq!((&profile["shoeSize"], &profile["nickOnChat"]), (&json!(42), &json!("ada")));
}

#[test]
fn a_column_that_nobody_knows_is_told_and_does_no_harm() {
    let world = world();
    world.write("people.csv", "email,firstName,lastName,hatSize,shoeSize\na@example.com,A,B,7,42\n");
    let plan = world.muster(&["plan", "people.csv"]);
    assert_eq!(plan.code, 0);
    let told = plan.out.lines().find(|line| line.starts_with("Columns")).unwrap();
    assert!(
        told.contains("hatSize") && !told.contains("shoeSize") && told.contains("NOT imported"),
        "{told}"
    );
    world.import(&["people.csv"]).came_to(0, &[("created", 1)]);
    assert_eq!(world.user("a@example.com")["profile"]["shoeSize"], 42);
    assert!(world.user("a@example.com")["profile"]["hatSize"].is_null());
}

#[test]
fn the_key_of_the_old_system_is_in_the_results() {
    let world = world();
    let import = import(&world, "externalId", "4711");
    import.came_to(0, &[("created", 1)]);
    assert_eq!(import.row("a@example.com")["external_id"], "4711");
}
