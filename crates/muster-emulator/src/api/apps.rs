//! `/apps`: the list of applications, identity sources among them, and the schema of what these take.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    call::{Answer, Call, Reply},
    page::Page,
    schemas::part,
};
use crate::{
    clock::written,
    expression::{Case, Expression, Operator},
    imports::BASE,
    model::{
        attribute::{Attribute, Kind},
        org::Org,
        sources::SourceHead,
    },
    refusal::Refusal,
};

const DEFAULT_PAGE: usize = 20;
const LARGEST_PAGE: usize = 200;

/// What is shown of an application.
struct Shown<'a> {
    id: &'a str,
    name: &'static str,
    label: &'a str,
    source: Option<&'a SourceHead>,
}

/// `GET /apps`: the applications first, then the identity sources.
pub(crate) fn list(org: &Org, call: &Call<'_>) -> Answer {
    let page = Page::of(call, DEFAULT_PAGE, LARGEST_PAGE)?;
    let filter = call.query.get("filter").filter(|text| !text.is_empty());
    let filter = filter.map(Expression::read).transpose()?;
    if let Some(filter) = &filter {
        filter.check(&filterable, &Refusal::filter())?;
    }
    let start = call.query.get("q").unwrap_or_default().to_lowercase();
    let found = |shown: &Shown<'_>| {
        let starts = [shown.name, shown.label].iter().any(|name| name.to_lowercase().starts_with(&start));
        starts && filter.as_ref().is_none_or(|filter| filter.holds(Case::Counts, &|name| shown.member(name)))
    };
    let apps = (0_u64..).zip(all(org));
    let apps = apps.filter(|(place, shown)| page.after.is_none_or(|after| *place > after) && found(shown));
    page.reply(call, apps, |(_, shown)| view(org, call, shown), |(place, _)| *place)
}

/// `GET /meta/schemas/apps/{id}/default`: the attributes that an identity source takes.
pub(crate) fn schema(org: &Org, call: &Call<'_>, id: &str) -> Answer {
    let source = org.resources.sources.by_id(id).ok_or_else(|| Refusal::not_found(id, "AppInstance"))?;
    let SourceHead { label, created, attributes, .. } = &source.head;
    let base: BTreeMap<_, _> = BASE.iter().map(|name| ((*name).to_owned(), base_attribute(name))).collect();
    let custom: BTreeMap<_, _> = attributes.iter().map(|name| (name.clone(), text(name))).collect();
    let own = call.href(&format!("/api/v1/meta/schemas/apps/{id}/default"));
    Reply::json(&json!({
        "id": own,
        "$schema": "http://json-schema.org/draft-04/schema#",
        "name": "custom_identity_source",
        "title": format!("{label} User"),
        "description": "",
        "created": written(*created),
        "lastUpdated": written(*created),
        "type": "object",
        "definitions": {"custom": part("#custom", &custom), "base": part("#base", &base)},
        "properties": {
            "profile": {"allOf": [{"$ref": "#/definitions/custom"}, {"$ref": "#/definitions/base"}]}
        },
        "_links": {"self": {"rel": "self", "href": own, "method": "GET"}},
    }))
}

fn all(org: &Org) -> impl Iterator<Item = Shown<'_>> {
    let apps = org.resources.apps.all.iter();
    let apps = apps.map(|app| Shown { id: &app.id, name: "bookmark", label: &app.name, source: None });
    let sources = org.resources.sources.all().iter().map(|source| &source.head);
    apps.chain(sources.map(|head| Shown {
        id: &head.id,
        name: "custom_identity_source",
        label: &head.label,
        source: Some(head),
    }))
}

fn filterable(attribute: &str, operator: Operator) -> bool {
    matches!(attribute, "id" | "name" | "status") && operator == Operator::Eq
}

impl Shown<'_> {
    fn member(&self, name: &str) -> Option<Value> {
        match name {
            "id" => Some(self.id.into()),
            "name" => Some(self.name.into()),
            "status" => Some("ACTIVE".into()),
            _ => None,
        }
    }
}

fn view(org: &Org, call: &Call<'_>, shown: &Shown<'_>) -> Value {
    let Shown { id, name, label, source } = shown;
    let created = written(source.map_or(org.record.created, |source| source.created));
    let own = call.href(&format!("/api/v1/apps/{id}"));
    json!({
        "id": id,
        "orn": format!("orn:okta:idp:{}:{name}:{id}", org.record.id),
        "name": name,
        "label": label,
        "status": "ACTIVE",
        "created": created,
        "lastUpdated": created,
        "features": if source.is_some() { json!(["IMPORT_NEW_USERS", "IMPORT_PROFILE_UPDATES", "PROFILE_MASTERING"]) } else { json!([]) },
        "signOnMode": if source.is_some() { Value::Null } else { "BOOKMARK".into() },
        "_links": {"self": {"href": own}, "users": {"href": format!("{own}/users")}},
    })
}

/// With the lengths of the description.
fn base_attribute(name: &str) -> Attribute {
    let (least, most) = match name {
        "firstName" | "lastName" => (Some(1), 50),
        "email" | "secondEmail" => (Some(5), 100),
        "homeAddress" => (None, 4096),
        _ => (None, 100),
    };
    let is_required = matches!(name, "userName" | "email");
    let format = matches!(name, "email" | "secondEmail").then(|| "email".to_owned());
    let required = is_required.then_some(true);
    Attribute { min_length: least, max_length: Some(most), required, format, ..text(name) }
}

fn text(name: &str) -> Attribute {
    Attribute {
        title: Some(name.to_owned()),
        kind: Some(Kind::String),
        scope: Some("NONE".to_owned()),
        mutability: Some("READ_WRITE".to_owned()),
        ..Attribute::default()
    }
}
