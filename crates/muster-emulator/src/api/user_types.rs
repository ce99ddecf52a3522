//! `/meta/types/user`: the types that users have.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    call::{Answer, Call, Reply},
    user_body::TAKEN,
};
use crate::{
    clock::written,
    model::{
        org::{Org, UserType},
        user_types::MAX_TYPES,
    },
    refusal::Refusal,
};

const BLANK: &str = "The field cannot be left blank";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TypeBody {
    name: Option<String>,
    display_name: Option<String>,
    #[serde(default)]
    description: Described,
}

/// Null clears a description; a partial update without one leaves it.
#[derive(Default)]
enum Described {
    #[default]
    NotSent,
    Sent(Option<String>),
}

impl<'de> Deserialize<'de> for Described {
    fn deserialize<D: serde::Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        Option::deserialize(value).map(Self::Sent)
    }
}

impl Described {
    fn text(self) -> Option<String> {
        match self {
            Self::NotSent => None,
            Self::Sent(text) => text,
        }
    }
}

/// `GET /meta/types/user`.
pub(crate) fn list(org: &Org, call: &Call<'_>) -> Answer {
    Reply::json(&org.types.iter().map(|user_type| view(call, user_type)).collect::<Vec<_>>())
}

/// `GET /meta/types/user/{id}`.
pub(crate) fn read(org: &Org, call: &Call<'_>, id: &str) -> Answer {
    Reply::json(&view(call, find(org, id)?))
}

/// `POST /meta/types/user`.
pub(crate) fn create(org: &mut Org, call: &Call<'_>) -> Answer {
    let body: TypeBody = call.json()?;
    let name = given("name", body.name)?;
    let display_name = given("displayName", body.display_name)?;
    if !is_name(&name) {
        return Err(Refusal::field("name", "Does not match required pattern"));
    }
    if org.types.iter().any(|user_type| user_type.name.eq_ignore_ascii_case(&name)) {
        return Err(Refusal::field("name", TAKEN));
    }
    if org.types.len() >= MAX_TYPES {
        let cause = format!("An org can have at most {MAX_TYPES} user types");
        return Err(Refusal::validation("userType").because(cause));
    }
    let description = body.description.text();
    Reply::json(&view(call, &org.add_type(name, display_name, description, call.now)))
}

/// `POST /meta/types/user/{id}`: changes what is sent.
pub(crate) fn update(org: &mut Org, call: &Call<'_>, id: &str) -> Answer {
    let mut user_type = find(org, id)?.clone();
    let body: TypeBody = call.json()?;
    check_name(&user_type, body.name.as_deref())?;
    if body.display_name.is_some() {
        user_type.display_name = given("displayName", body.display_name)?;
    }
    if let Described::Sent(description) = body.description {
        user_type.description = description;
    }
    changed(org, call, user_type)
}

/// `PUT /meta/types/user/{id}`: changes everything but the name, which must be there all the same.
pub(crate) fn replace(org: &mut Org, call: &Call<'_>, id: &str) -> Answer {
    let mut user_type = find(org, id)?.clone();
    let body: TypeBody = call.json()?;
    let name = given("name", body.name)?;
    check_name(&user_type, Some(&name))?;
    user_type.display_name = given("displayName", body.display_name)?;
    user_type.description = body.description.text();
    changed(org, call, user_type)
}

/// `DELETE /meta/types/user/{id}`.
pub(crate) fn delete(org: &mut Org, id: &str) -> Answer {
    let user_type = find(org, id)?;
    if user_type.default {
        return Err(Refusal::type_stays("The default user type cannot be deleted (PROHIBITED)"));
    }
    let id = user_type.id.clone();
    if org.users.after(None).any(|user| user.type_id == id) {
        return Err(Refusal::type_stays("There are users of this type (UNMET_REQUIREMENTS)"));
    }
    org.remove_type(&id);
    Ok(Reply::empty())
}

fn changed(org: &mut Org, call: &Call<'_>, mut user_type: UserType) -> Answer {
    user_type.last_updated = Some(call.now);
    let reply = Reply::json(&view(call, &user_type));
    org.put_type(user_type);
    reply
}

fn find<'a>(org: &'a Org, id: &str) -> Result<&'a UserType, Refusal> {
    org.user_type(id).ok_or_else(|| Refusal::not_found(id, "CVDType"))
}

fn given(name: &str, text: Option<String>) -> Result<String, Refusal> {
    text.filter(|text| !text.trim().is_empty()).ok_or_else(|| Refusal::field(name, BLANK))
}

fn check_name(user_type: &UserType, name: Option<&str>) -> Result<(), Refusal> {
    let same = name.is_none_or(|name| name == user_type.name);
    if same { Ok(()) } else { Err(Refusal::field("name", "The name of a user type cannot be changed")) }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TypeView<'a> {
    id: &'a str,
    display_name: &'a str,
    name: &'a str,
    description: Option<&'a str>,
    created_by: &'a str,
    last_updated_by: &'a str,
    created: String,
    last_updated: String,
    default: bool,
    #[serde(rename = "_links")]
    links: Value,
}

fn view<'a>(call: &Call<'_>, user_type: &'a UserType) -> TypeView<'a> {
    let schema = call.href(&format!("/api/v1/meta/schemas/user/{}", user_type.schema_id));
    let own = call.href(&format!("/api/v1/meta/types/user/{}", user_type.id));
    TypeView {
        id: &user_type.id,
        display_name: &user_type.display_name,
        name: &user_type.name,
        description: user_type.description.as_deref(),
        created_by: &user_type.created_by,
        last_updated_by: &user_type.created_by,
        created: written(user_type.created),
        last_updated: written(user_type.last_updated.unwrap_or(user_type.created)),
        default: user_type.default,
        links: json!({
            "schema": {"rel": "schema", "href": schema, "method": "GET"},
            "self": {"rel": "self", "href": own, "method": "GET"},
        }),
    }
}
