//! `/identity-sources/{id}/users`: one person of a source, without a session. What is done is done at once.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{bodies::person_id, errand, find};
use crate::{
    api::{
        call::{Answer, Call, Reply},
        user_body::TAKEN,
    },
    clock::written,
    imports::{Given, remove, upsert},
    model::{org::Org, sources::Person},
    refusal::Refusal,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersonBody {
    external_id: Option<String>,
    profile: Option<BTreeMap<String, Option<String>>>,
}

/// `POST …/users`. An id that is there already is refused (UNCONFIRMED).
pub(super) fn create(org: &mut Org, call: &Call<'_>, source: &str) -> Answer {
    let errand = errand(call, find(org, source)?);
    let body: PersonBody = call.json()?;
    let external_id = person_id(body.external_id)?;
    if person(org, source, &external_id).is_ok() {
        return Err(Refusal::field("externalId", TAKEN));
    }
    let attributes = body.profile.unwrap_or_default();
    upsert(org, &errand, Given { external_id: &external_id, attributes, is_whole: true })?;
    read(org, source, &external_id)
}

/// `GET …/users/{id}`.
pub(super) fn read(org: &Org, source: &str, external_id: &str) -> Answer {
    Reply::json(&view(person(org, source, external_id)?))
}

/// `PUT …/users/{id}`, which clears what is not said, and `PATCH`, which leaves it.
pub(super) fn change(org: &mut Org, call: &Call<'_>, source: &str, external_id: &str, full: bool) -> Answer {
    let errand = errand(call, find(org, source)?);
    person(org, source, external_id)?;
    let attributes = call.json::<PersonBody>()?.profile.unwrap_or_default();
    upsert(org, &errand, Given { external_id, attributes, is_whole: full })?;
    read(org, source, external_id)
}

/// `DELETE …/users/{id}`: 204, as the description has it; whether Okta answers 200 is UNCONFIRMED (API.md §10.4).
pub(super) fn delete(org: &mut Org, call: &Call<'_>, source: &str, external_id: &str) -> Answer {
    let errand = errand(call, find(org, source)?);
    person(org, source, external_id)?;
    remove(org, &errand, external_id);
    Ok(Reply::empty())
}

fn person<'a>(org: &'a Org, source: &str, external_id: &str) -> Result<&'a Person, Refusal> {
    let person = find(org, source)?.person(external_id);
    person.ok_or_else(|| Refusal::not_found(external_id, "IdentitySourceUser"))
}

fn view(person: &Person) -> Value {
    json!({
        "id": person.id,
        "externalId": person.external_id,
        "created": written(person.created),
        "lastUpdated": written(person.last_updated),
        "profile": person.profile,
    })
}
