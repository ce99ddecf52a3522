//! `/principal-rate-limits`: which share of a limit a token or app has.

use serde_json::{Value, json};

use super::{
    call::{Answer, Call, Reply},
    page::Page,
};
use crate::{
    expression::{Expression, Operator},
    model::{org::Org, principals::LimitedPrincipal},
    refusal::Refusal,
};

const DEFAULT_PAGE: usize = 20;
const LARGEST_PAGE: usize = 50;
/// The share of every limit, in percent.
const SHARE: u32 = 50;

/// `GET /principal-rate-limits`; the filter must name the type.
pub(crate) fn list(org: &Org, call: &Call<'_>) -> Answer {
    let filter = call.query.get("filter").filter(|text| !text.is_empty()).ok_or_else(no_type)?;
    let filter = Expression::read(filter)?;
    filter.check(&filterable, &Refusal::filter())?;
    let kind = filter.required_text("principalType").ok_or_else(no_type)?;
    let page = Page::of(call, DEFAULT_PAGE, LARGEST_PAGE)?;
    let found = (0_u64..).zip(&org.resources.principals).filter(|(place, principal)| {
        page.after.is_none_or(|after| *place > after) && principal.kind.name() == kind
    });
    page.reply(call, found, |(_, principal)| view(org, principal), |(place, _)| *place)
}

/// `GET /principal-rate-limits/{id}`.
pub(crate) fn read(org: &Org, id: &str) -> Answer {
    let found = org.resources.principals.iter().find(|principal| principal.limit_id == id);
    Reply::json(&view(org, found.ok_or_else(|| Refusal::not_found(id, "PrincipalRateLimitEntity"))?))
}

fn filterable(attribute: &str, operator: Operator) -> bool {
    attribute == "principalType" && operator == Operator::Eq
}

/// The word with a letter missing is Okta's.
fn no_type() -> Refusal {
    let summary =
        "The provided filter parameter did not contain the required attrbute filter \"principalType\"";
    Refusal::new(http::StatusCode::BAD_REQUEST, "E0000001", summary)
}

/// Times are without fractions here.
fn view(org: &Org, principal: &LimitedPrincipal) -> Value {
    let created = org.record.created;
    let created = jiff::Timestamp::from_second(created.as_second()).unwrap_or(created).to_string();
    json!({
        "id": principal.limit_id,
        "orgId": org.record.id,
        "principalId": principal.id,
        "principalType": principal.kind.name(),
        "defaultPercentage": SHARE,
        "defaultConcurrencyPercentage": SHARE,
        "createdDate": created,
        "createdBy": org.owner.id,
        "lastUpdate": created,
        "lastUpdatedBy": org.owner.id,
    })
}
