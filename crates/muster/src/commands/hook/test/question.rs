//! The question that Okta asks of a hook (API.md §9.2), asked by us.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use jiff::Timestamp;
use muster_core::hook_call::TRIAL;
use muster_core::secret::Secret;
use muster_okta::wire::PASSWORD_IMPORT;
use serde_json::{Value, json};

/// Whether this is somebody's password.
#[derive(Clone, Debug)]
pub struct Question {
    /// The login.
    pub login: String,
    /// The password.
    pub password: Secret,
}

impl Question {
    /// A question about nobody: the login is new each time, so that no count of wrong passwords grows.
    pub fn of_nobody() -> Self {
        let fresh = fresh();
        Self { login: format!("muster-test-{fresh}@nobody.invalid"), password: Secret::new(fresh) }
    }

    /// The same person with a password that is wrong.
    pub fn with_wrong_password(&self) -> Self {
        Self { login: self.login.clone(), password: Secret::new(format!("wrong-{}", fresh())) }
    }

    /// The body, as Okta sends it. Its ids are new each time: a repeated one gets the answer of before.
    pub fn payload(&self, org: &str, hook: &str) -> Value {
        json!({
            "eventId": format!("{TRIAL}{}", fresh()),
            "eventTime": format!("{:.3}", Timestamp::now()),
            "eventType": PASSWORD_IMPORT,
            "eventTypeVersion": "1.0",
            "contentType": "application/json",
            "cloudEventVersion": "0.1",
            "source": format!("{}/api/v1/inlineHooks/{hook}", org.trim_end_matches('/')),
            "data": {
                "context": {
                    "request": {
                        "id": fresh(), "method": "POST",
                        "url": { "value": "/idp/idx/challenge/answer" }, "ipAddress": "192.0.2.1",
                    },
                    "credential": { "username": self.login, "password": self.password.reveal() },
                },
                "action": { "credential": "UNVERIFIED" },
            },
        })
    }
}

/// A word that nobody has used before: 22 letters, as Okta's ids of events.
pub fn fresh() -> String {
    let number = || RandomState::new().build_hasher().finish();
    let mut word = format!("{:016x}{:016x}", number(), number());
    word.truncate(22);
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_new_each_time_and_the_password_does_not_print() {
        let question = Question { login: "kim@example.com".to_owned(), password: Secret::new("hunter2") };
        let (one, two) = (question.payload("https://o/", "cal1"), question.payload("https://o/", "cal1"));
        assert_ne!(one["eventId"], two["eventId"]);
        assert_eq!(one["source"], "https://o/api/v1/inlineHooks/cal1");
        assert_eq!(one["data"]["context"]["credential"]["password"], "hunter2");
        assert!(!format!("{question:?}").contains("hunter2"));
        assert_ne!(question.with_wrong_password().password, question.password);
    }
}
