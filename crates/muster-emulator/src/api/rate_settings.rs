//! `/rate-limit-settings`: what an org says of its warnings. Nothing of it can be changed here.

use serde_json::json;

use super::call::{Answer, Reply};
use crate::model::org::Org;

/// `GET …/admin-notifications`.
pub(crate) fn notifications() -> Answer {
    Reply::json(&json!({"notificationsEnabled": true}))
}

/// `GET …/per-client`.
pub(crate) fn per_client() -> Answer {
    Reply::json(&json!({"defaultMode": "ENFORCE"}))
}

/// `GET …/warning-threshold`.
pub(crate) fn warning(org: &Org) -> Answer {
    Reply::json(&json!({"warningThreshold": org.resources.warning_threshold}))
}
