//! What an org has beside users and groups, how it changes, and how it is provided from settings.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    apps::{App, AppUser, Apps},
    change::ChangeRef,
    group_attributes::group_schema,
    group_rules::{GroupRule, Rules},
    groups::{Group, GroupKind},
    org::Org,
    principals::LimitedPrincipal,
    realms::{Realm, WantedRealm},
    schema::Schema,
    sources::{SourceChange, SourceHead, Sources},
};
use crate::{plan::OrgPlan, settings::OrgSettings, source_settings::IdentitySourceSetting};

/// How many active users a free org may have (API.md §8.6).
const FREE_USERS: u32 = 10;

/// The rest of the org.
pub(crate) struct Resources {
    pub group_schema: Schema,
    pub rules: Rules,
    pub realms: Vec<Realm>,
    pub apps: Apps,
    pub sources: Sources,
    pub principals: Vec<LimitedPrincipal>,
    /// At most so many active users.
    pub active_user_cap: Option<u32>,
    /// The share of a limit that causes a warning, in percent.
    pub warning_threshold: u32,
    /// Id and name of the groups that are deleted, by their place, for the System Log.
    gone_groups: HashMap<u64, (String, String)>,
}

/// One change of it, as a line of the state file.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ResourceChange {
    /// The id of a user type that is gone, and its schema with it.
    TypeGone(String),
    GroupSchema(Box<Schema>),
    /// A group rule, new or changed.
    Rule(Box<GroupRule>),
    /// The place of a rule that is gone.
    RuleGone(u64),
    /// A membership that a rule has made: places of rule, group and user.
    Made(u64, u64, u64),
    /// A membership that the rule no longer answers for.
    Unmade(u64, u64, u64),
    Realm(Realm),
    App(App),
    Assigned(Box<AppUser>),
    /// Place, id and name of a group that is deleted, for the System Log.
    GroupGone(u64, String, String),
    /// Something of an identity source.
    Source(SourceChange),
}

impl Resources {
    /// What a new org has.
    pub fn new(now: Timestamp) -> Self {
        Self {
            group_schema: group_schema(now),
            rules: Rules::default(),
            realms: Vec::new(),
            apps: Apps::default(),
            sources: Sources::default(),
            principals: Vec::new(),
            active_user_cap: None,
            warning_threshold: 90,
            gone_groups: HashMap::new(),
        }
    }

    /// The realm of an id.
    pub fn realm(&self, id: &str) -> Option<&Realm> {
        self.realms.iter().find(|realm| realm.id == id)
    }

    /// The realm of those who are put into no other; none unless the org has realms.
    pub fn default_realm(&self) -> Option<&Realm> {
        self.realms.iter().find(|realm| realm.default)
    }

    /// Id and name of a group that is deleted.
    pub fn gone_group(&self, ordinal: u64) -> Option<(&str, &str)> {
        self.gone_groups.get(&ordinal).map(|(id, name)| (id.as_str(), name.as_str()))
    }

    /// All of it, as changes to an empty one.
    pub fn changes(&self) -> impl Iterator<Item = ResourceChange> {
        use ResourceChange as C;
        let schema = std::iter::once(C::GroupSchema(Box::new(self.group_schema.clone())));
        let rules = self.rules.after(None).map(|rule| C::Rule(Box::new(rule.clone())));
        let made = self.rules.all_made().map(|(rule, group, user)| C::Made(rule, group, user));
        let gone = self.gone_groups.iter();
        let gone = gone.map(|(ordinal, (id, name))| C::GroupGone(*ordinal, id.clone(), name.clone()));
        schema
            .chain(rules)
            .chain(made)
            .chain(self.realms.iter().cloned().map(C::Realm))
            .chain(self.apps.all.iter().cloned().map(C::App))
            .chain(self.apps.assignments().map(|user| C::Assigned(Box::new(user.clone()))))
            .chain(gone)
            .chain(self.sources.changes().map(C::Source))
    }

    /// Forgets a user who is deleted.
    pub fn forget_user(&mut self, user: u64) {
        self.rules.forget_user(user);
        self.apps.forget_user(user);
        self.sources.forget_user(user);
    }
}

impl Org {
    /// Makes a change, and notes it.
    pub fn change(&mut self, change: ResourceChange) {
        self.changes.note(&ChangeRef::Resource(&change));
        self.take_over(change);
    }

    /// Makes a change that is noted already.
    pub fn take_over(&mut self, change: ResourceChange) {
        let own = &mut self.resources;
        match change {
            ResourceChange::TypeGone(id) => self.forget_type(&id),
            ResourceChange::GroupSchema(mut schema) => {
                schema.compile();
                own.group_schema = *schema;
            }
            ResourceChange::Rule(rule) => own.rules.put(*rule),
            ResourceChange::RuleGone(rule) => own.rules.remove(rule),
            ResourceChange::Made(rule, group, user) => own.rules.answer_for(rule, group, user),
            ResourceChange::Unmade(rule, group, user) => own.rules.let_go(rule, group, user),
            ResourceChange::Realm(realm) => {
                own.realms.retain(|present| present.id != realm.id);
                own.realms.push(realm);
            }
            ResourceChange::App(app) => own.apps.all.push(app),
            ResourceChange::Source(change) => own.sources.take_over(change),
            ResourceChange::Assigned(user) => own.apps.assign(*user),
            ResourceChange::GroupGone(ordinal, id, name) => {
                own.rules.forget_group(ordinal, &id);
                self.groups.retire(ordinal);
                own.gone_groups.insert(ordinal, (id, name));
            }
        }
    }

    /// Sees to it that there is what the settings ask for. What is there from an earlier start is left as it is.
    pub fn provide(&mut self, settings: &OrgSettings, now: Timestamp) {
        let apps: Vec<_> = settings.apps.iter().map(|app| app.client_id().to_owned()).collect();
        self.resources.principals = LimitedPrincipal::of(settings.seed, settings.tokens.len(), &apps);
        let plan_cap = (settings.plan == OrgPlan::Integrator).then_some(FREE_USERS);
        self.resources.active_user_cap = settings.active_user_cap.or(plan_cap);
        self.resources.warning_threshold = match settings.plan {
            OrgPlan::OneApp | OrgPlan::Enterprise => 60,
            OrgPlan::Integrator | OrgPlan::Workforce => 90,
        };
        self.provide_realms(&settings.realms, now);
        for name in &settings.applications {
            if self.resources.apps.all.iter().all(|app| app.name != *name) {
                let app = App { id: self.ids.id("0oa"), name: name.clone() };
                self.change(ResourceChange::App(app));
            }
        }
        self.provide_app_groups(&settings.app_groups, now);
        self.resources.sources.rules = settings.identity_source_rules.clone();
        for setting in &settings.identity_sources {
            self.provide_source(setting, now);
        }
    }

    /// A source that is there keeps its id, and what it holds. An id that another one has is not given twice.
    fn provide_source(&mut self, setting: &IdentitySourceSetting, now: Timestamp) {
        let present = self.resources.sources.all().iter().find(|source| source.head.label == setting.label);
        let former = present.map(|source| source.head.clone());
        let head = SourceHead {
            id: former.as_ref().map(|head| head.id.clone()).unwrap_or_default(),
            label: setting.label.clone(),
            created: former.as_ref().map_or(now, |head| head.created),
            attributes: setting.attributes.clone(),
            activates: setting.activates,
        };
        if former.as_ref() != Some(&head) {
            let is_new = former.is_none();
            let is_free = |id: &String| self.resources.sources.by_id(id).is_none();
            let new_id = || setting.id.clone().filter(is_free);
            let id = if is_new { new_id().unwrap_or_else(|| self.ids.id("0oa")) } else { head.id.clone() };
            self.change(ResourceChange::Source(SourceChange::Source(SourceHead { id, ..head })));
        }
    }

    /// The first realm brings the default one with it, and everybody is in that.
    fn provide_realms(&mut self, wanted: &[String], now: Timestamp) {
        let wanted: Vec<_> = wanted.iter().filter_map(|text| WantedRealm::of(text)).collect();
        if wanted.is_empty() {
            return;
        }
        if self.resources.realms.is_empty() {
            let id = self.ids.id("guo");
            let everybody: Vec<_> = self.users.after(None).cloned().collect();
            for mut user in everybody {
                user.realm_id = Some(id.clone());
                self.put_user(&mut user);
            }
            let name = "Default Realm".to_owned();
            let realm = Realm { id, name, default: true, domains: Vec::new(), created: now };
            self.change(ResourceChange::Realm(realm));
        }
        for WantedRealm { name, domains } in wanted {
            if self.resources.realms.iter().all(|realm| realm.name != name) {
                let id = self.ids.id("guo");
                self.change(ResourceChange::Realm(Realm { id, name, default: false, domains, created: now }));
            }
        }
    }

    /// A name that is wanted twice is there twice.
    fn provide_app_groups(&mut self, names: &[String], now: Timestamp) {
        let mut present: Vec<_> =
            self.groups.after(None).filter(|group| group.kind == GroupKind::AppGroup).collect();
        let missing = names.iter().filter(|name| {
            let found = present.iter().position(|group| group.name == **name);
            found.map(|place| present.remove(place)).is_none()
        });
        let missing: Vec<_> = missing.cloned().collect();
        for name in missing {
            let group = Group {
                ordinal: self.groups.next_ordinal(),
                id: self.ids.id("00g"),
                created: now,
                last_updated: now,
                last_membership_updated: now,
                kind: GroupKind::AppGroup,
                name,
                description: None,
                custom: std::collections::BTreeMap::new(),
            };
            self.put_group(group);
        }
    }
}
