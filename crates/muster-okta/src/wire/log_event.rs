//! Events of the System Log (API.md §8.5).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

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
    /// What else is said of it.
    #[serde(default)]
    pub debug_context: Option<LogDebugContext>,
}

/// What else is said of an event: each kind of event has its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogDebugContext {
    /// By name.
    #[serde(default)]
    pub debug_data: Option<Map<String, Value>>,
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
    /// Its name for people.
    #[serde(default)]
    pub display_name: Option<String>,
}

impl LogEvent {
    /// Whom it is about: the user among the targets, or else the one who acted. Which of the two Okta names for an
    /// imported password is not documented.
    pub fn person(&self) -> Option<&LogEntity> {
        let actor = || self.actor.as_ref().filter(|actor| actor.kind.as_deref() == Some("User"));
        self.targets("User").next().or_else(actor)
    }

    /// The targets of this kind, such as `User`. The place of a target among the others means nothing.
    pub fn targets(&self, kind: &str) -> impl Iterator<Item = &LogEntity> {
        self.target.iter().flatten().filter(move |entity| entity.kind.as_deref() == Some(kind))
    }

    /// The import session that it belongs to. Whether Okta tells is UNCONFIRMED: where it does not, time and external
    /// ids have to do.
    pub fn import_session(&self) -> Option<&str> {
        self.debug_context.as_ref()?.debug_data.as_ref()?.get("importSessionId")?.as_str()
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

    #[test]
    fn the_targets_of_a_kind_and_the_session_are_found() {
        let created = event(
            r#"{"target":[{"id":"0oa1","type":"AppInstance","displayName":"HR"},{"id":"00u1","type":"User"},{"id":"1"},
            {"id":"00u2","type":"User","displayName":null}],"debugContext":{"debugData":{"importSessionId":"aps1"}}}"#,
        );
        let ids = |kind| created.targets(kind).filter_map(|entity| entity.id.clone()).collect::<Vec<_>>();
        assert_eq!(
            (ids("User"), ids("AppInstance")),
            (vec!["00u1".into(), "00u2".into()], vec!["0oa1".into()])
        );
        assert_eq!(created.targets("AppInstance").next().unwrap().display_name.as_deref(), Some("HR"));
        assert_eq!((ids("UserGroup").len(), created.import_session()), (0, Some("aps1")));
    }

    #[test]
    fn an_event_need_not_name_a_session() {
        for context in [
            "null",
            "{}",
            r#"{"debugData":null}"#,
            r#"{"debugData":{}}"#,
            r#"{"debugData":{"importSessionId":7}}"#,
        ] {
            let event = event(&format!(r#"{{"debugContext":{context}}}"#));
            assert_eq!((event.import_session(), event.targets("User").count()), (None, 0), "{context}");
        }
        assert_eq!(event("{}").import_session(), None);
    }
}
