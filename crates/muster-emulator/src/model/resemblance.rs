//! How an org comes to look like another one: it takes over types, schemas, groups, realms, and the names of hooks.
//! Ids stay what they are there, so that a file that names them can be rehearsed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    attribute::Attribute,
    change::{Change, ChangeRef},
    groups::{Group, GroupKind},
    hooks::{Channel, ChannelKind, Config, Hook},
    org::{Org, UserType},
    realms::Realm,
    resources::ResourceChange,
    schema::Schema,
};
use crate::likeness::Likeness;

/// Where a hook of which only the name is known leads: nowhere (RFC 2606 §2).
const NOWHERE: &str = "https://hook.invalid/";

impl Org {
    /// Takes over the looks of another org. What cannot be understood is left out, and told.
    pub fn resemble(&mut self, other: &Likeness, now: Timestamp) -> Vec<String> {
        let mut left_out = Vec::new();
        for seen in &other.types {
            match self.type_like(seen, now) {
                Some(user_type) => self.take_type(user_type, &other.schemas, now, &mut left_out),
                None => left_out.push(format!("a user type: {}", name_of(seen))),
            }
        }
        if let Some(seen) = &other.group_schema {
            let mut schema = self.resources.group_schema.clone();
            schema.custom = attributes(&seen["definitions"]["custom"], &mut left_out);
            self.change(ResourceChange::GroupSchema(Box::new(schema)));
        }
        other.groups.iter().for_each(|seen| self.take_group(seen, now));
        other.realms.iter().filter_map(|seen| realm_like(seen, now)).for_each(|realm| {
            self.change(ResourceChange::Realm(realm));
        });
        other.hooks.iter().filter_map(|seen| hook_like(seen, now)).for_each(|hook| self.put_hook(hook));
        left_out
            .into_iter()
            .map(|what| format!("left out of the likeness, for it is not understood: {what}"))
            .collect()
    }

    fn type_like(&self, seen: &Value, now: Timestamp) -> Option<UserType> {
        let link = seen["_links"]["schema"]["href"].as_str()?;
        let text = |name: &str| seen[name].as_str().map(str::to_owned);
        Some(UserType {
            id: text("id")?,
            schema_id: link.rsplit('/').next()?.to_owned(),
            name: text("name")?,
            display_name: text("displayName").or_else(|| text("name"))?,
            description: text("description"),
            default: seen["default"].as_bool().unwrap_or_default(),
            created: time(&seen["created"], now),
            created_by: self.owner.id.clone(),
            last_updated: Some(time(&seen["lastUpdated"], now)),
        })
    }

    /// A default type comes into the place of the one that is there.
    fn take_type(
        &mut self,
        user_type: UserType,
        schemas: &[(String, Value)],
        now: Timestamp,
        left_out: &mut Vec<String>,
    ) {
        let mut schema = Schema::new(user_type.schema_id.clone(), user_type.id.clone(), now);
        if let Some((_, seen)) = schemas.iter().find(|(of_type, _)| *of_type == user_type.id) {
            schema.base.extend(attributes(&seen["definitions"]["base"], left_out));
            schema.custom = attributes(&seen["definitions"]["custom"], left_out);
            schema.compile();
        }
        self.changes.note(&ChangeRef::Type(&user_type));
        self.replay(Change::Type(user_type));
        self.put_schema(schema);
    }

    /// `Everyone` comes into the place of the one that is there. Other groups of Okta's own are left where they are.
    fn take_group(&mut self, seen: &Value, now: Timestamp) {
        let profile = &seen["profile"];
        let (Some(id), Some(name)) = (seen["id"].as_str(), profile["name"].as_str()) else { return };
        let everyone = self.groups.by_name(name).filter(|group| group.kind == GroupKind::BuiltIn);
        let (kind, ordinal) = match (seen["type"].as_str(), everyone) {
            (Some("BUILT_IN"), Some(everyone)) => (GroupKind::BuiltIn, everyone.ordinal),
            (Some("APP_GROUP"), _) => (GroupKind::AppGroup, self.groups.next_ordinal()),
            (Some("OKTA_GROUP"), _) => (GroupKind::OktaGroup, self.groups.next_ordinal()),
            _ => return,
        };
        let custom = profile.as_object().into_iter().flatten();
        let custom = custom.filter(|(name, value)| {
            !value.is_null() && self.resources.group_schema.custom.contains_key(name.as_str())
        });
        let group = Group {
            ordinal,
            id: id.to_owned(),
            created: time(&seen["created"], now),
            last_updated: time(&seen["lastUpdated"], now),
            last_membership_updated: time(&seen["lastMembershipUpdated"], now),
            kind,
            name: name.to_owned(),
            description: profile["description"].as_str().map(str::to_owned),
            custom: custom.map(|(name, value)| (name.clone(), value.clone())).collect(),
        };
        self.changes.note(&ChangeRef::Group(&group));
        self.replay(Change::Group(group));
    }
}

/// The attributes of a part of a schema. A name in its list of required ones is required.
fn attributes(part: &Value, left_out: &mut Vec<String>) -> BTreeMap<String, Attribute> {
    let required: Vec<String> = read(&part["required"]).unwrap_or_default();
    let mut found = BTreeMap::new();
    for (name, seen) in part["properties"].as_object().into_iter().flatten() {
        let Some(mut attribute) = read::<Attribute>(seen) else {
            left_out.push(format!("the attribute {name}"));
            continue;
        };
        if required.contains(name) {
            attribute.required = Some(true);
        }
        if !attribute.compile() {
            left_out.push(format!("the pattern of the attribute {name}"));
            attribute.pattern = None;
        }
        found.insert(name.clone(), attribute);
    }
    found
}

fn realm_like(seen: &Value, now: Timestamp) -> Option<Realm> {
    Some(Realm {
        id: seen["id"].as_str()?.to_owned(),
        name: seen["profile"]["name"].as_str()?.to_owned(),
        default: seen["isDefault"].as_bool().unwrap_or_default(),
        domains: read(&seen["profile"]["domains"]).unwrap_or_default(),
        created: time(&seen["created"], now),
    })
}

/// Name and type alone: it is not active, and leads nowhere.
fn hook_like(seen: &Value, now: Timestamp) -> Option<Hook> {
    let text = |name: &str| seen[name].as_str().map(str::to_owned);
    let config = Config { uri: NOWHERE.to_owned(), method: "POST".to_owned(), ..Config::default() };
    Some(Hook {
        id: text("id")?,
        name: text("name")?,
        kind: text("type")?,
        version: text("version").unwrap_or_else(|| "1.0.0".to_owned()),
        active: false,
        created: now,
        last_updated: now,
        channel: Channel { kind: ChannelKind::Http, version: "1.0.0".to_owned(), config },
    })
}

fn name_of(seen: &Value) -> &str {
    seen["name"].as_str().unwrap_or("without a name")
}

fn time(seen: &Value, otherwise: Timestamp) -> Timestamp {
    seen.as_str().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn read<T: DeserializeOwned>(seen: &Value) -> Option<T> {
    serde_json::from_value(seen.clone()).ok()
}
