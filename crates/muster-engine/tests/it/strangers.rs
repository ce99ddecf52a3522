//! People who are in the org before the run: some of them have the login of a row.

use std::collections::BTreeMap;

use muster_emulator::Emulator;
use muster_people::Person;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::org::{Inhabitant, add_user, inhabitants};

/// Puts about a tenth of the people into the org: equal, with another title, or in other letters; and a few
/// whom no row knows. Says who is there.
pub async fn settle(
    org: &Emulator,
    people: &[Person],
    dice: &mut ChaCha8Rng,
) -> BTreeMap<String, Inhabitant> {
    for person in people.iter().filter(|person| person.fault.is_none()) {
        if dice.random_range(0..10) > 0 {
            continue;
        }
        let mut profile = profile(person);
        match dice.random_range(0..3) {
            0 => profile["title"] = json!("Night watch"),
            1 => profile["login"] = json!(person.login.to_uppercase()),
            _ => {}
        }
        add_user(org, &profile).await;
    }
    for number in 0..5 {
        let login = format!("nobody{number}@elsewhere.example");
        add_user(org, &json!({"login": login, "email": login, "firstName": "No", "lastName": "Body"})).await;
    }
    inhabitants(org).await
}

/// All that a row of this person sends.
fn profile(person: &Person) -> Value {
    let mut profile = json!({
        "login": person.login,
        "email": person.email,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "department": person.department,
        "title": person.title,
        "city": person.city,
        "employeeNumber": person.employee_number,
    });
    if let Some(phone) = &person.mobile_phone {
        profile["mobilePhone"] = json!(phone);
    }
    profile
}
