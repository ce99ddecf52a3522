//! What another org looks like: what an emulated one takes over, so that a rehearsal meets the real rules. No user
//! is in it, and no secret.

use serde_json::Value;

use crate::limit::LimitOverride;

/// The looks of an org, in the API's own JSON, as somebody has read them.
#[derive(Clone, Debug, Default)]
pub struct Likeness {
    /// User types, as in `GET /meta/types/user`.
    pub types: Vec<Value>,
    /// The schemas of user types, as in `GET /meta/schemas/user/{id}`: the id of the type, and the schema.
    pub schemas: Vec<(String, Value)>,
    /// The schema of groups, as in `GET /meta/schemas/group/default`.
    pub group_schema: Option<Value>,
    /// Groups, as in `GET /groups`.
    pub groups: Vec<Value>,
    /// Inline hooks, as in `GET /inlineHooks`. Their names and types are taken over, and nothing else.
    pub hooks: Vec<Value>,
    /// Realms, as in `GET /realms`.
    pub realms: Vec<Value>,
    /// The limits that the headers told.
    pub limits: Vec<LimitOverride>,
}
