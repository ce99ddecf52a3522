//! People to create.

use std::collections::BTreeSet;

use muster_core::candidate::{Candidate, Credential};
use muster_core::login::Login;
use muster_core::record::Line;

/// The plain person of this login.
pub fn person(login: &str) -> Candidate {
    let profile = serde_json::json!({"login": login, "firstName": "Kim", "lastName": "Park"});
    Candidate {
        line: Line(2),
        login: Login::parse(login).unwrap(),
        external_id: None,
        profile: profile.as_object().unwrap().clone(),
        credential: Credential::None,
        stored: None,
        recovery: None,
        activate: false,
        change_password: false,
        other_status: false,
        afterwards: None,
        groups: BTreeSet::new(),
        realm_id: None,
        type_id: None,
    }
}
