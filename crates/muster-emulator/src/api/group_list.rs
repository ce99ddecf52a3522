//! `GET /groups`: pages of groups, by filter, search or the beginning of a name, in the order that is asked for.

use std::cmp::Ordering;

use serde_json::Value;

use super::{
    call::{Answer, Call, Reply},
    group_stats::Embedded,
    groups::GroupView,
    page::Page,
    user_list::order,
};
use crate::{
    clock::written,
    expression::{Case, Expression, Operator},
    model::{groups::Group, org::Org},
    refusal::Refusal,
};

const LARGEST_PAGE: usize = 10_000;
const LARGEST_BY_NAME: usize = 300;

/// `GET /groups`.
pub(crate) fn list(org: &Org, call: &Call<'_>) -> Answer {
    let parameter = |name| call.query.get(name).filter(|value| !value.is_empty());
    match (parameter("search"), parameter("filter"), parameter("q")) {
        (Some(_), Some(_), _) => Err(Refusal::search_and_filter()),
        (Some(search), None, _) => by_search(org, call, search),
        (None, Some(filter), _) => by_filter(org, call, filter),
        (None, None, Some(start)) => by_name(org, call, start),
        (None, None, None) => {
            let page = Page::of(call, LARGEST_PAGE, LARGEST_PAGE)?;
            let groups = org.listed_groups(page.after, call.now);
            page.reply(call, groups, |group| listed(org, call, group), |group| group.ordinal)
        }
    }
}

/// A group as lists have it, with its statistics if they are asked for.
fn listed<'a>(org: &Org, call: &Call<'_>, group: &'a Group) -> GroupView<'a> {
    GroupView::new(call, group).with(Embedded::of(org, call, group))
}

fn by_name(org: &Org, call: &Call<'_>, start: &str) -> Answer {
    let limit = call.query.limit(LARGEST_BY_NAME, LARGEST_PAGE)?;
    let start = start.to_lowercase();
    let groups =
        org.listed_groups(None, call.now).filter(|group| group.name.to_lowercase().starts_with(&start));
    Reply::json(&groups.take(limit).map(|group| listed(org, call, group)).collect::<Vec<_>>())
}

fn by_filter(org: &Org, call: &Call<'_>, filter: &str) -> Answer {
    let expression = Expression::read(filter)?;
    expression.check(&filterable, &Refusal::filter())?;
    matching(org, call, &expression, Case::Counts)
}

fn by_search(org: &Org, call: &Call<'_>, search: &str) -> Answer {
    let expression = Expression::read(search)?;
    expression.check(&searchable, &Refusal::search())?;
    match call.query.get("sortBy").filter(|attribute| !attribute.is_empty()) {
        Some(attribute) => sorted(org, call, &expression, attribute),
        None => matching(org, call, &expression, Case::Ignored),
    }
}

fn matching(org: &Org, call: &Call<'_>, expression: &Expression, case: Case) -> Answer {
    let page = Page::of(call, LARGEST_PAGE, LARGEST_PAGE)?;
    let groups = org.listed_groups(page.after, call.now).filter(|group| holds(group, expression, case));
    page.reply(call, groups, |group| listed(org, call, group), |group| group.ordinal)
}

/// Groups with the same value are in the order of their ids, in either direction.
fn sorted(org: &Org, call: &Call<'_>, expression: &Expression, attribute: &str) -> Answer {
    let page = Page::of(call, LARGEST_PAGE, LARGEST_PAGE)?;
    let found = org.listed_groups(None, call.now).filter(|group| holds(group, expression, Case::Ignored));
    let mut keyed: Vec<_> = found.map(|group| (field(group, attribute), group)).collect();
    let falling = call.query.get("sortOrder").is_some_and(|order| order.eq_ignore_ascii_case("desc"));
    let directed = |order: Ordering| if falling { order.reverse() } else { order };
    keyed.sort_by(|(one, group), (other, next)| {
        directed(order(one.as_ref(), other.as_ref())).then_with(|| group.id.cmp(&next.id))
    });
    let from = page.after.map_or(0, |after| after.saturating_add(1));
    let rest = (0_u64..).zip(keyed).skip_while(|(place, _)| *place < from);
    page.reply(call, rest, |(_, (_, group))| listed(org, call, group), |(place, _)| *place)
}

fn holds(group: &Group, expression: &Expression, case: Case) -> bool {
    expression.holds(case, &|attribute| field(group, attribute))
}

fn filterable(attribute: &str, operator: Operator) -> bool {
    match attribute {
        "id" | "type" => operator == Operator::Eq,
        "lastUpdated" | "lastMembershipUpdated" => is_comparison(operator),
        _ => false,
    }
}

fn searchable(attribute: &str, operator: Operator) -> bool {
    match attribute {
        "profile.name" | "profile.description" => {
            matches!(operator, Operator::Eq | Operator::Sw | Operator::Co | Operator::Pr)
        }
        "id" | "type" => matches!(operator, Operator::Eq | Operator::Sw),
        "created" | "lastUpdated" | "lastMembershipUpdated" => is_comparison(operator),
        custom => custom.starts_with("profile.") && operator != Operator::Co,
    }
}

fn is_comparison(operator: Operator) -> bool {
    !matches!(operator, Operator::Sw | Operator::Co | Operator::Pr)
}

fn field(group: &Group, attribute: &str) -> Option<Value> {
    Some(Value::String(match attribute {
        "id" => group.id.clone(),
        "type" => group.kind.name().to_owned(),
        "profile.name" => group.name.clone(),
        "profile.description" => group.description.clone()?,
        "created" => written(group.created),
        "lastUpdated" => written(group.last_updated),
        "lastMembershipUpdated" => written(group.last_membership_updated),
        _ => return attribute.strip_prefix("profile.").and_then(|name| group.custom.get(name)).cloned(),
    }))
}
