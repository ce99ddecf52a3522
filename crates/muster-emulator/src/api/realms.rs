//! `/realms`: the parts of the org, and what a realm asks of its users.

use serde_json::{Map, Value, json};

use super::{
    call::{Answer, Call, Reply},
    page::Page,
};
use crate::{
    clock::written,
    expression::{Case, Expression, Operator},
    model::{org::Org, profile::Profile, realms::Realm, user::User},
    refusal::Refusal,
};

const LARGEST_PAGE: usize = 200;
const FOUND_PAGE: usize = 10;

/// `GET /realms`.
pub(crate) fn list(org: &Org, call: &Call<'_>) -> Answer {
    check_feature(org)?;
    let search =
        call.query.get("search").filter(|text| !text.is_empty()).map(Expression::read).transpose()?;
    if let Some(search) = &search {
        search.check(&searchable, &Refusal::search())?;
    }
    let default = if search.is_some() { FOUND_PAGE } else { LARGEST_PAGE };
    let page = Page::of(call, default, LARGEST_PAGE)?;
    let found = |realm: &Realm| {
        search.as_ref().is_none_or(|search| search.holds(Case::Ignored, &|name| field(realm, name)))
    };
    let realms = (0_u64..).zip(&org.resources.realms);
    let realms =
        realms.filter(|(place, realm)| page.after.is_none_or(|after| *place > after) && found(realm));
    page.reply(call, realms, |(_, realm)| view(call, realm), |(place, _)| *place)
}

/// `GET /realms/{id}`.
pub(crate) fn read(org: &Org, call: &Call<'_>, id: &str) -> Answer {
    check_feature(org)?;
    let realm = org.resources.realm(id).ok_or_else(|| Refusal::not_found(id, "Realm"))?;
    Reply::json(&view(call, realm))
}

/// Puts a user into the realm that is asked for; a new one without a wish into the default realm. A realm that is
/// not there is answered with E0000007, in an org without realms with E0000001. (Both are UNCONFIRMED.)
pub(crate) fn enter(org: &Org, user: &mut User, wanted: Option<&str>) -> Result<(), Refusal> {
    let resources = &org.resources;
    let realm = match wanted {
        None if user.realm_id.is_some() => return Ok(()),
        None => resources.default_realm(),
        Some(_) if resources.realms.is_empty() => {
            return Err(Refusal::field("realmId", "Realms are not enabled in this org"));
        }
        Some(id) => Some(resources.realm(id).ok_or_else(|| Refusal::not_found(id, "Realm"))?),
    };
    user.realm_id = realm.map(|realm| realm.id.clone());
    Ok(())
}

/// What a realm finds wrong with the addresses of a user. (The text is UNCONFIRMED.)
pub(crate) fn faults(org: &Org, realm: Option<&str>, profile: &Profile) -> Vec<Refusal> {
    let Some(realm) = realm.and_then(|id| org.resources.realm(id)) else { return Vec::new() };
    let outside = ["login", "email"].into_iter().filter(|name| !realm.admits(profile.text(name)));
    outside.map(|name| Refusal::field(name, "The domain is not allowed in this realm")).collect()
}

fn check_feature(org: &Org) -> Result<(), Refusal> {
    if org.resources.realms.is_empty() { Err(Refusal::no_such_feature()) } else { Ok(()) }
}

fn searchable(attribute: &str, operator: Operator) -> bool {
    attribute == "profile.name" && matches!(operator, Operator::Co | Operator::Eq | Operator::Sw)
}

fn field(realm: &Realm, attribute: &str) -> Option<Value> {
    (attribute == "profile.name").then(|| realm.name.as_str().into())
}

fn view(call: &Call<'_>, realm: &Realm) -> Value {
    let mut profile = Map::new();
    profile.insert("name".to_owned(), realm.name.as_str().into());
    if !realm.default {
        profile.insert("realmType".to_owned(), "DEFAULT".into());
        profile.insert("domains".to_owned(), json!(realm.domains));
    }
    let own = call.href(&format!("/api/v1/realms/{}", realm.id));
    json!({
        "id": realm.id,
        "created": written(realm.created),
        "lastUpdated": written(realm.created),
        "isDefault": realm.default,
        "profile": profile,
        "_links": {"self": {"rel": "self", "href": own, "method": "GET"}},
    })
}
