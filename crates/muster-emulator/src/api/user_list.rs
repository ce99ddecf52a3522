//! `GET /users`: pages of users, by filter, search or the beginning of a name.

use std::cmp::Ordering;

use serde_json::Value;

use super::{
    call::{Answer, Call, Reply},
    page::Page,
    projection::Projection,
    user_view::{Links, UserView},
};
use crate::{
    clock::written,
    expression::{Case, Expression, Operator},
    model::{
        org::Org,
        user::{Status, User},
    },
    refusal::Refusal,
};

const LARGEST_PAGE: usize = 200;
const LARGEST_BY_NAME: usize = 10;

/// `GET /users`.
pub(crate) fn list(org: &Org, call: &Call<'_>) -> Answer {
    let parameter = |name| call.query.get(name).filter(|value| !value.is_empty());
    match (parameter("search"), parameter("filter"), parameter("q")) {
        (Some(_), Some(_), _) => Err(Refusal::search_and_filter()),
        (Some(search), None, _) => by_search(org, call, search),
        (None, Some(filter), _) => by_filter(org, call, filter),
        (None, None, Some(start)) => by_name(org, call, start),
        (None, None, None) => all(org, call),
    }
}

/// The short form of a user, as lists have it.
pub(crate) fn listed<'a>(call: &'a Call<'_>, user: &'a User) -> UserView<'a> {
    UserView::new(call, user, "default", Links::SelfOnly)
}

fn all(org: &Org, call: &Call<'_>) -> Answer {
    let page = Page::of(call, LARGEST_PAGE, LARGEST_PAGE)?;
    let users = org.listed_users(page.after, call.now).filter(|user| user.status != Status::Deprovisioned);
    let fields = Projection::of(call)?;
    page.reply(call, users, |user| fields.part(listed(call, user)), |user| user.ordinal)
}

fn by_name(org: &Org, call: &Call<'_>, start: &str) -> Answer {
    let limit = call.query.limit(LARGEST_BY_NAME, LARGEST_PAGE)?;
    let start = start.to_lowercase();
    let starts = |user: &&User| {
        let names = ["firstName", "lastName", "email"];
        names.iter().any(|name| user.profile.text(name).to_lowercase().starts_with(&start))
    };
    let users = org.listed_users(None, call.now);
    let users = users.filter(|user| user.status != Status::Deprovisioned).filter(starts);
    let fields = Projection::of(call)?;
    Reply::json(&users.take(limit).map(|user| fields.part(listed(call, user))).collect::<Vec<_>>())
}

fn by_filter(org: &Org, call: &Call<'_>, filter: &str) -> Answer {
    let expression = Expression::read(filter)?;
    expression.check(&filterable, &Refusal::filter())?;
    matching(org, call, &expression, Case::Counts)
}

fn by_search(org: &Org, call: &Call<'_>, search: &str) -> Answer {
    let expression = Expression::read(search)?;
    expression.check(&searchable, &Refusal::search())?;
    match call.query.get("sortBy") {
        Some(attribute) => sorted(org, call, &expression, attribute),
        None => matching(org, call, &expression, Case::Ignored),
    }
}

fn filterable(attribute: &str, operator: Operator) -> bool {
    match attribute {
        "status" | "id" | "profile.login" | "profile.email" | "profile.firstName" | "profile.lastName" => {
            operator == Operator::Eq
        }
        "lastUpdated" => !matches!(operator, Operator::Sw | Operator::Co | Operator::Pr),
        _ => false,
    }
}

fn searchable(attribute: &str, operator: Operator) -> bool {
    let own = ["id", "status", "created", "activated", "statusChanged", "lastUpdated", "type.id", "realmId"];
    let contains = ["profile.firstName", "profile.lastName", "profile.email", "profile.login"];
    if operator == Operator::Co {
        contains.contains(&attribute)
    } else {
        own.contains(&attribute) || attribute.starts_with("profile.")
    }
}

fn matching(org: &Org, call: &Call<'_>, expression: &Expression, case: Case) -> Answer {
    let page = Page::of(call, LARGEST_PAGE, LARGEST_PAGE)?;
    let found = candidates(org, call, expression, page.after).filter(|user| holds(user, expression, case));
    let fields = Projection::of(call)?;
    page.reply(call, found, |user| fields.part(listed(call, user)), |user| user.ordinal)
}

fn sorted(org: &Org, call: &Call<'_>, expression: &Expression, attribute: &str) -> Answer {
    let page = Page::of(call, LARGEST_PAGE, LARGEST_PAGE)?;
    let found = candidates(org, call, expression, None).filter(|user| holds(user, expression, Case::Ignored));
    let mut keyed: Vec<_> = found.map(|user| (field(user, attribute), user)).collect();
    keyed.sort_by(|(one, user), (other, next)| {
        order(one.as_ref(), other.as_ref()).then_with(|| user.id.cmp(&next.id))
    });
    if call.query.get("sortOrder").is_some_and(|order| order.eq_ignore_ascii_case("desc")) {
        keyed.reverse();
    }
    let from = page.after.map_or(0, |after| after.saturating_add(1));
    let rest = (0_u64..).zip(keyed).skip_while(|(place, _)| *place < from);
    let fields = Projection::of(call)?;
    page.reply(call, rest, |(_, (_, user))| fields.part(listed(call, user)), |(place, _)| *place)
}

/// The users that an expression can hold for: one, if it names a login or an id.
fn candidates<'a>(
    org: &'a Org,
    call: &Call<'_>,
    expression: &Expression,
    after: Option<u64>,
) -> Box<dyn Iterator<Item = &'a User> + 'a> {
    let only = match (expression.required_text("id"), expression.required_text("profile.login")) {
        (Some(id), _) => Some(org.users.by_id(id).and_then(|user| org.listed_user(user, call.now))),
        (None, Some(login)) => Some(org.listed_by_login(login, call.now)),
        (None, None) => None,
    };
    match only {
        Some(user) => {
            Box::new(user.into_iter().filter(move |user| after.is_none_or(|after| user.ordinal > after)))
        }
        None => Box::new(org.listed_users(after, call.now)),
    }
}

fn holds(user: &User, expression: &Expression, case: Case) -> bool {
    expression.holds(case, &|attribute| field(user, attribute))
}

fn field(user: &User, attribute: &str) -> Option<Value> {
    if let Some(name) = attribute.strip_prefix("profile.") {
        return user.profile.get(name);
    }
    let text = match attribute {
        "id" => user.id.clone(),
        "status" => user.status.name().to_owned(),
        "type.id" => user.type_id.clone(),
        "realmId" => user.realm_id.clone()?,
        "created" => written(user.created),
        "activated" => written(user.activated?),
        "statusChanged" => written(user.status_changed?),
        "lastUpdated" => written(user.last_updated),
        _ => return None,
    };
    Some(Value::String(text))
}

/// Numbers by value and texts without regard to case; what is not set comes last.
pub(crate) fn order(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    match (one, other) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(Value::Number(one)), Some(Value::Number(other))) => {
            one.as_f64().partial_cmp(&other.as_f64()).unwrap_or(Ordering::Equal)
        }
        (Some(one), Some(other)) => text_of(one).cmp(&text_of(other)),
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_lowercase)
}
