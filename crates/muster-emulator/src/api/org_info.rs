//! `/org`: what the org says of itself.

use serde_json::json;

use super::call::{Answer, Call, Reply};
use crate::{clock::written, model::org::Org};

/// `GET /org`.
pub(crate) fn read(org: &Org, call: &Call<'_>) -> Answer {
    Reply::json(&json!({
        "id": org.record.id,
        "subdomain": "emulator",
        "companyName": "Emulated org",
        "status": "ACTIVE",
        "created": written(org.record.created),
        "lastUpdated": written(org.record.created),
        "_links": {"organization": {"href": call.href("/api/v1/org"), "hints": {"allow": ["GET"]}}},
    }))
}
