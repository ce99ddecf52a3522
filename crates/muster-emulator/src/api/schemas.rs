//! `/meta/schemas/user`: the attributes that users have.

use serde_json::{Value, json};

use super::call::{Answer, Call, Reply};
use crate::{
    clock::written,
    model::{
        change::ChangeRef,
        org::Org,
        schema::{Schema, SchemaChange},
    },
    refusal::Refusal,
};

/// `GET /meta/schemas/user/{id}`.
pub(crate) fn read(org: &Org, call: &Call<'_>, id: &str) -> Answer {
    let schema = find(org, id)?;
    Reply::json(&view(org, call, schema))
}

/// `POST /meta/schemas/user/{id}`: adds, changes and (by null) removes attributes.
pub(crate) fn update(org: &mut Org, call: &Call<'_>, id: &str) -> Answer {
    let change: SchemaChange = call.json()?;
    let (next, gone) = find(org, id)?.changed(change, call.now)?;
    if !org.users.keep_unique(&next.type_id, next.unique_names()) {
        return Err(Refusal::field("unique", "Users have the same value of this attribute"));
    }
    let reply = Reply::json(&view(org, call, &next));
    let affected = forget_values(org, &next.type_id, &gone);
    org.put_schema(next);
    for user in affected {
        org.obey_rules(user, call.now);
    }
    reply
}

fn find<'a>(org: &'a Org, id: &str) -> Result<&'a Schema, Refusal> {
    org.schema(id).ok_or_else(|| Refusal::not_found(id, "UserSchema"))
}

/// The values of attributes that are gone disappear from the users; the places of those who had any.
fn forget_values(org: &mut Org, type_id: &str, gone: &[String]) -> Vec<u64> {
    let has = |user: &&crate::model::user::User| {
        user.type_id == type_id && gone.iter().any(|name| user.profile.contains(name))
    };
    let affected: Vec<_> = org.users.after(None).filter(has).cloned().collect();
    let places = affected.iter().map(|user| user.ordinal).collect();
    for mut user in affected {
        for name in gone {
            user.profile.remove(name);
        }
        org.changes.note(&ChangeRef::User(&user));
        org.users.put(user);
    }
    places
}

fn view(org: &Org, call: &Call<'_>, schema: &Schema) -> Value {
    let name = if org.user_type(&schema.type_id).is_some_and(|user_type| user_type.default) {
        "default"
    } else {
        &schema.id
    };
    let own = call.href(&format!("/api/v1/meta/schemas/user/{name}"));
    let of_type = call.href(&format!("/api/v1/meta/types/user/{}", schema.type_id));
    json!({
        "id": call.href(&format!("/meta/schemas/user/{name}")),
        "$schema": "http://json-schema.org/draft-04/schema#",
        "name": "user",
        "title": "User",
        "description": "Okta user profile template with default permission settings",
        "created": written(schema.created),
        "lastUpdated": written(schema.last_updated),
        "type": "object",
        "definitions": {"custom": part("#custom", &schema.custom), "base": part("#base", &schema.base)},
        "properties": {
            "profile": {"allOf": [{"$ref": "#/definitions/custom"}, {"$ref": "#/definitions/base"}]}
        },
        "_links": {
            "self": {"rel": "self", "href": own, "method": "GET"},
            "type": {"rel": "type", "href": of_type, "method": "GET"},
        },
    })
}

pub(super) fn part(
    id: &str,
    attributes: &std::collections::BTreeMap<String, crate::model::attribute::Attribute>,
) -> Value {
    let required: Vec<_> =
        attributes.iter().filter(|(_, attribute)| attribute.is_required()).map(|(name, _)| name).collect();
    json!({"id": id, "type": "object", "properties": attributes, "required": required})
}
