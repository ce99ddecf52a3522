//! Events of the System Log (API.md §8.5).

use jiff::Timestamp;
use serde::Deserialize;

/// An event; what is not needed is not read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEvent {
    /// Its id.
    #[serde(default)]
    pub uuid: String,
    /// When it happened.
    #[serde(default)]
    pub published: Option<Timestamp>,
    /// What happened.
    #[serde(default)]
    pub event_type: String,
    /// How it ended.
    #[serde(default)]
    pub outcome: Option<LogOutcome>,
    /// Who did it.
    #[serde(default)]
    pub actor: Option<LogEntity>,
    /// Whom it was done to; null where it is nobody.
    #[serde(default)]
    pub target: Option<Vec<LogEntity>>,
}

/// How an event ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct LogOutcome {
    /// `SUCCESS`, `FAILURE` and others.
    #[serde(default)]
    pub result: Option<String>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Someone or something in an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntity {
    /// Its id.
    #[serde(default)]
    pub id: Option<String>,
    /// Its kind, such as `User`.
    #[serde(rename = "type", default)]
    pub kind: Option<String>,
    /// Of a user, the login.
    #[serde(default)]
    pub alternate_id: Option<String>,
}

impl LogEvent {
    /// Whom it is about: the user among the targets, or else the one who acted. Which of the two Okta names for an
    /// imported password is not documented.
    pub fn person(&self) -> Option<&LogEntity> {
        let is_user = |entity: &&LogEntity| entity.kind.as_deref() == Some("User");
        let target = self.target.iter().flatten().find(is_user);
        target.or_else(|| self.actor.as_ref().filter(is_user))
    }

    /// Whether it ended well.
    pub fn succeeded(&self) -> bool {
        self.outcome.as_ref().and_then(|outcome| outcome.result.as_deref()) == Some("SUCCESS")
    }

    /// Why it did not.
    pub fn reason(&self) -> Option<&str> {
        self.outcome.as_ref()?.reason.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(json: &str) -> LogEvent {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_person_is_a_target_or_the_actor() {
        let target = event(
            r#"{"uuid":"1","outcome":{"result":"SUCCESS","reason":null},"actor":{"id":"system","type":"SystemPrincipal"},
            "target":[{"id":"0oa1","type":"AppInstance"},{"id":"00u1","type":"User","alternateId":"kim@example.com"}]}"#,
        );
        assert_eq!(target.person().unwrap().id.as_deref(), Some("00u1"));
        assert!(target.succeeded());
        let actor = event(
            r#"{"actor":{"id":"00u2","type":"User"},"target":null,"outcome":{"result":"FAILURE","reason":"X"}}"#,
        );
        assert_eq!(actor.person().unwrap().id.as_deref(), Some("00u2"));
        assert_eq!((actor.succeeded(), actor.reason()), (false, Some("X")));
        assert_eq!(event("{}").person(), None);
    }
}
