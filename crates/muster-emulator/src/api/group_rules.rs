//! `/groups/rules`: rules that put people into groups.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    call::{Answer, Call, Reply},
    page::Page,
    user_body::TAKEN,
};
use crate::{
    clock::written,
    model::{
        group_rules::{GroupRule, RuleStatus},
        groups::GroupKind,
        org::Org,
        resources::ResourceChange,
        rule_expression::RuleExpression,
    },
    refusal::Refusal,
};

const DEFAULT_PAGE: usize = 50;
const LARGEST_PAGE: usize = 200;
const MAX_RULES: usize = 2000;
const MAX_GROUPS: usize = 100;
const MAX_EXCLUDED: usize = 100;
const LONGEST_NAME: usize = 50;

#[derive(Deserialize)]
struct RuleBody {
    #[serde(rename = "type")]
    kind: Option<String>,
    name: Option<String>,
    conditions: Option<Conditions>,
    actions: Option<Actions>,
}

#[derive(Deserialize)]
struct Conditions {
    people: Option<People>,
    expression: Option<ExpressionBody>,
}

#[derive(Deserialize)]
struct People {
    users: Option<Excluded>,
}

#[derive(Deserialize)]
struct Excluded {
    exclude: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct ExpressionBody {
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Actions {
    assign_user_to_groups: Option<Assignment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assignment {
    group_ids: Option<Vec<String>>,
}

/// `GET /groups/rules`; `search` is a part of the name.
pub(crate) fn list(org: &Org, call: &Call<'_>) -> Answer {
    let page = Page::of(call, DEFAULT_PAGE, LARGEST_PAGE)?;
    let wanted = call.query.get("search").unwrap_or_default().to_lowercase();
    let rules = org.resources.rules.after(page.after);
    let rules = rules.filter(|rule| rule.name.to_lowercase().contains(&wanted));
    page.reply(call, rules, |rule| view(org, call, rule), |rule| rule.ordinal)
}

/// `GET /groups/rules/{id}`.
pub(crate) fn read(org: &Org, call: &Call<'_>, id: &str) -> Answer {
    Reply::json(&view(org, call, find(org, id)?))
}

/// `POST /groups/rules`: the new rule does nothing yet.
pub(crate) fn create(org: &mut Org, call: &Call<'_>) -> Answer {
    let body: RuleBody = call.json()?;
    if org.resources.rules.len() >= MAX_RULES {
        let cause = format!("An org can have at most {MAX_RULES} group rules");
        return Err(Refusal::validation("groupRule").because(cause));
    }
    if body.kind.as_deref() != Some("group_rule") {
        return Err(Refusal::field("type", "The type of a rule must be group_rule"));
    }
    let groups = body.groups().unwrap_or_default();
    check_groups(org, &groups)?;
    let rule = GroupRule {
        ordinal: org.resources.rules.next_ordinal(),
        name: body.name(org, None)?,
        expression: body.expression(org)?,
        excluded: body.excluded(org)?,
        groups,
        id: org.ids.id("0pr"),
        status: RuleStatus::Inactive,
        created: call.now,
        last_updated: call.now,
    };
    kept(org, call, rule)
}

/// `PUT /groups/rules/{id}`: an inactive one only, and not the groups.
pub(crate) fn replace(org: &mut Org, call: &Call<'_>, id: &str) -> Answer {
    let mut rule = inactive(org, id)?;
    let body: RuleBody = call.json()?;
    if body.groups().is_some_and(|groups| groups != rule.groups) {
        return Err(Refusal::field("actions", "The groups of a rule cannot be changed"));
    }
    rule.name = body.name(org, Some(&rule.id))?;
    rule.expression = body.expression(org)?;
    rule.excluded = body.excluded(org)?;
    rule.last_updated = call.now;
    kept(org, call, rule)
}

/// `DELETE /groups/rules/{id}`: an inactive one only. Its members stay, unless `removeUsers` says otherwise.
pub(crate) fn delete(org: &mut Org, call: &Call<'_>, id: &str) -> Answer {
    let with_members = call.query.flag("removeUsers", false)?;
    let rule = inactive(org, id)?;
    org.remove_rule(rule.ordinal, with_members, call.now);
    Ok(Reply { status: http::StatusCode::ACCEPTED, ..Reply::empty() })
}

/// `POST …/lifecycle/activate`: everybody is looked at.
pub(crate) fn activate(org: &mut Org, call: &Call<'_>, id: &str) -> Answer {
    let rule = find(org, id)?.clone();
    if rule.status == RuleStatus::Invalid {
        return Err(Refusal::transition("A group of the rule is gone"));
    }
    check_groups(org, &rule.groups)?;
    if rule.status == RuleStatus::Inactive {
        move_to(org, call, rule, RuleStatus::Active);
        org.obey_rules_everywhere(call.now);
    }
    Ok(Reply::empty())
}

/// `POST …/lifecycle/deactivate`: who is a member stays one.
pub(crate) fn deactivate(org: &mut Org, call: &Call<'_>, id: &str) -> Answer {
    let rule = find(org, id)?.clone();
    if rule.status == RuleStatus::Active {
        move_to(org, call, rule, RuleStatus::Inactive);
    }
    Ok(Reply::empty())
}

impl RuleBody {
    fn groups(&self) -> Option<Vec<String>> {
        self.actions.as_ref()?.assign_user_to_groups.as_ref()?.group_ids.clone()
    }

    fn name(&self, org: &Org, own: Option<&str>) -> Result<String, Refusal> {
        let name = self.name.clone().filter(|name| !name.trim().is_empty());
        let name = name.ok_or_else(|| Refusal::field("name", "The field cannot be left blank"))?;
        if name.chars().count() > LONGEST_NAME {
            return Err(Refusal::field("name", "The field is too long"));
        }
        let taken = |rule: &GroupRule| rule.name == name && own.is_none_or(|own| own != rule.id);
        if org.resources.rules.after(None).any(taken) { Err(Refusal::field("name", TAKEN)) } else { Ok(name) }
    }

    fn expression(&self, org: &Org) -> Result<RuleExpression, Refusal> {
        let conditions = self.conditions.as_ref().and_then(|conditions| conditions.expression.as_ref());
        let text = conditions.and_then(|expression| expression.value.as_deref()).unwrap_or_default();
        let refused = |cause: String| Refusal::validation("conditions.expression").because(cause);
        let expression = RuleExpression::read(text).map_err(refused)?;
        let known = |name: &&str| org.schemas.iter().any(|schema| schema.attribute(name).is_some());
        match expression.attributes().into_iter().find(|name| !known(name)) {
            None => Ok(expression),
            Some(unknown) => Err(refused(format!("Invalid property {unknown} in expression {text}"))),
        }
    }

    fn excluded(&self, org: &Org) -> Result<Vec<String>, Refusal> {
        let people = self.conditions.as_ref().and_then(|conditions| conditions.people.as_ref());
        let excluded = people.and_then(|people| people.users.as_ref()?.exclude.clone()).unwrap_or_default();
        if excluded.len() > MAX_EXCLUDED {
            return Err(Refusal::field("exclude", "At most 100 users can be excluded"));
        }
        let unknown = excluded.iter().find(|id| org.users.by_id(id).is_none());
        unknown.map_or(Ok(excluded.clone()), |id| Err(not_there(id, "User")))
    }
}

fn check_groups(org: &Org, groups: &[String]) -> Result<(), Refusal> {
    if groups.is_empty() || groups.len() > MAX_GROUPS {
        return Err(Refusal::field("groupIds", "A rule must have between 1 and 100 groups"));
    }
    for id in groups {
        let group = org.groups.by_id(id).ok_or_else(|| not_there(id, "UserGroup"))?;
        if group.kind != GroupKind::OktaGroup {
            let cause = format!("Nobody can be put into this group: {id}");
            return Err(Refusal::validation("validateRule").because(cause));
        }
    }
    Ok(())
}

fn not_there(id: &str, entity: &str) -> Refusal {
    Refusal::validation("validateRule").because(format!("Resource(s) not found: {id} ({entity})"))
}

fn find<'a>(org: &'a Org, id: &str) -> Result<&'a GroupRule, Refusal> {
    org.resources.rules.by_id(id).ok_or_else(|| Refusal::not_found(id, "GroupRule"))
}

/// That an active rule can be neither changed nor deleted is known; the code is UNCONFIRMED.
fn inactive(org: &Org, id: &str) -> Result<GroupRule, Refusal> {
    let rule = find(org, id)?;
    if rule.status == RuleStatus::Active {
        return Err(Refusal::transition("The rule must be deactivated first"));
    }
    Ok(rule.clone())
}

fn kept(org: &mut Org, call: &Call<'_>, rule: GroupRule) -> Answer {
    let reply = Reply::json(&view(org, call, &rule));
    org.change(ResourceChange::Rule(Box::new(rule)));
    reply
}

fn move_to(org: &mut Org, call: &Call<'_>, mut rule: GroupRule, status: RuleStatus) {
    rule.status = status;
    rule.last_updated = call.now;
    org.change(ResourceChange::Rule(Box::new(rule)));
}

fn view(org: &Org, call: &Call<'_>, rule: &GroupRule) -> Value {
    let mut view = json!({
        "type": "group_rule",
        "id": rule.id,
        "status": rule.status,
        "name": rule.name,
        "created": written(rule.created),
        "lastUpdated": written(rule.last_updated),
        "conditions": {
            "people": {"users": {"exclude": rule.excluded}, "groups": {"exclude": []}},
            "expression": {"value": rule.expression.text(), "type": "urn:okta:expression:1.0"},
        },
        "actions": {"assignUserToGroups": {"groupIds": rule.groups}},
    });
    if call.query.get("expand") == Some("groupIdToGroupNameMap") {
        let groups = rule.groups.iter().filter_map(|id| org.groups.by_id(id));
        let names: Map<_, _> = groups.map(|group| (group.id.clone(), group.name.as_str().into())).collect();
        view["_embedded"] = json!({"groupIdToGroupNameMap": names});
    }
    view
}
