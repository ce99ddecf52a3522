//! The state of an emulated org. No I/O and no clock: the time is an argument, ids come from a seed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    attempts::Attempts,
    change::{Change, ChangeRef, Changes, OrgRecord},
    creates::{Creates, LoginMark},
    credentials::Credentials,
    events::{Event, Events},
    fold::folded,
    groups::{Group, GroupKind, Groups},
    hooks::Hooks,
    lags::Lags,
    mails::Mail,
    resources::{ResourceChange, Resources},
    schema::Schema,
    user::{Status, User},
    users::Users,
};
use crate::ids::Ids;

/// A user type. The default one has the default schema.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct UserType {
    pub id: String,
    pub schema_id: String,
    pub name: String,
    pub display_name: String,
    pub description: Option<String>,
    pub default: bool,
    pub created: Timestamp,
    pub created_by: String,
    #[serde(default)]
    pub last_updated: Option<Timestamp>,
}

/// Everything that the org knows. What is changed through its methods is noted for the state file.
pub(crate) struct Org {
    pub record: OrgRecord,
    pub ids: Ids,
    pub users: Users,
    pub groups: Groups,
    pub types: Vec<UserType>,
    pub schemas: Vec<Schema>,
    /// The token's owner, who is in no list.
    pub owner: User,
    /// The client ids of the service apps, in the order of the settings.
    pub client_ids: Vec<String>,
    pub events: Events,
    pub mails: Vec<Mail>,
    creates: Creates,
    pub hooks: Hooks,
    pub attempts: Attempts,
    pub resources: Resources,
    pub changes: Changes,
    pub lags: Lags,
}

impl Org {
    /// An org with nobody in it.
    pub fn new(mut ids: Ids, now: Timestamp) -> Self {
        let record = OrgRecord { id: ids.id("00o"), created: now };
        let type_id = ids.id("oty");
        let schema = Schema::new(ids.id("osc"), type_id.clone(), now);
        let owner = owner(ids.id("00u"), type_id.clone(), now);
        let everyone = Group {
            ordinal: 0,
            id: ids.id("00g"),
            created: now,
            last_updated: now,
            last_membership_updated: now,
            kind: GroupKind::BuiltIn,
            name: "Everyone".to_owned(),
            description: Some("All users in your organization".to_owned()),
            custom: std::collections::BTreeMap::new(),
        };
        let user_type = UserType {
            id: type_id,
            schema_id: schema.id.clone(),
            name: "user".to_owned(),
            display_name: "User".to_owned(),
            description: Some("Okta user profile template with default permission settings".to_owned()),
            default: true,
            created: now,
            created_by: owner.id.clone(),
            last_updated: None,
        };
        let mut groups = Groups::default();
        groups.put(everyone);
        Self {
            record,
            ids,
            users: Users::default(),
            groups,
            types: vec![user_type],
            schemas: vec![schema],
            owner,
            client_ids: Vec::new(),
            events: Events::default(),
            mails: Vec::new(),
            creates: Creates::default(),
            hooks: Hooks::default(),
            attempts: Attempts::default(),
            resources: Resources::new(now),
            changes: Changes::default(),
            lags: Lags::new(0, crate::lag::Lag::default()),
        }
    }

    /// The user type of an id; `default` is one too.
    pub fn user_type(&self, id: &str) -> Option<&UserType> {
        self.types.iter().find(|user_type| user_type.id == id || (id == "default" && user_type.default))
    }

    /// The schema of an id; `default` is one too.
    pub fn schema(&self, id: &str) -> Option<&Schema> {
        let id = if id == "default" {
            &self.types.iter().find(|user_type| user_type.default)?.schema_id
        } else {
            id
        };
        self.schemas.iter().find(|schema| schema.id == id)
    }

    /// The schema of a user type.
    pub fn schema_of(&self, type_id: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.type_id == type_id)
    }

    /// Puts a new user in, and counts it. The user's place is the answer.
    pub fn add_user(&mut self, mut user: User) -> u64 {
        user.ordinal = self.users.next_ordinal();
        let login = LoginMark::of(&folded(user.profile.login()));
        let count = self.creates.count(login);
        if self.changes.wanted {
            self.changes.note(&ChangeRef::CreatesOf(&login.written(), count));
        }
        user.version = user.version.wrapping_add(1);
        self.changes.note(&ChangeRef::User(&user));
        self.lags.user_changes(None, &user);
        let place = user.ordinal;
        self.users.put(user);
        place
    }

    /// Puts a changed user in the place of its former self.
    pub fn put_user(&mut self, user: &mut User) {
        user.version = user.version.wrapping_add(1);
        self.changes.note(&ChangeRef::User(user));
        self.lags.user_changes(self.users.by_ordinal(user.ordinal), user);
        self.users.put(user.clone());
    }

    /// Deletes a user for good.
    pub fn remove_user(&mut self, id: &str) {
        if let Some(user) = self.users.remove(id) {
            self.forget_user(user.ordinal);
            self.changes.note(&ChangeRef::UserGone(id));
            self.changes.note(&ChangeRef::Gone(user.ordinal, id, user.profile.login()));
            self.events.remember(user.ordinal, user.id.clone(), user.profile.login().to_owned());
        }
    }

    /// Writes something into the System Log.
    pub fn happened(&mut self, event: Event) {
        self.changes.note(&ChangeRef::Event(&event));
        self.events.push(event);
    }

    /// Notes that a mail would have gone out.
    pub fn mail(&mut self, mail: Mail) {
        self.changes.note(&ChangeRef::Mail(&mail));
        self.mails.push(mail);
    }

    /// Puts a group in, new or changed.
    pub fn put_group(&mut self, group: Group) {
        self.changes.note(&ChangeRef::Group(&group));
        self.lags.group_changes(self.groups.by_ordinal(group.ordinal), &group);
        self.groups.put(group);
    }

    /// Deletes a group.
    pub fn remove_group(&mut self, id: &str) {
        if let Some(group) = self.groups.remove(id) {
            self.changes.note(&ChangeRef::GroupGone(id));
            self.change(ResourceChange::GroupGone(group.ordinal, group.id, group.name));
        }
    }

    /// Makes a user a member of a group.
    pub fn join(&mut self, group: u64, user: u64) -> bool {
        let joined = self.groups.join(group, user);
        if joined {
            self.changes.note(&ChangeRef::Join(group, user));
        }
        joined
    }

    /// Ends a membership.
    pub fn leave(&mut self, group: u64, user: u64) -> bool {
        let left = self.groups.leave(group, user);
        if left {
            self.changes.note(&ChangeRef::Leave(group, user));
        }
        left
    }

    /// Puts a changed schema in the place of its former self.
    pub fn put_schema(&mut self, schema: Schema) {
        self.changes.note(&ChangeRef::Schema(&schema));
        let former = self.schemas.iter().find(|present| present.type_id == schema.type_id);
        self.lags.schema_changes(former, &schema);
        self.set_schema(schema);
    }

    /// How many creates were accepted, and how many at most for one login.
    pub fn creates(&self) -> (u64, u32) {
        self.creates.totals()
    }

    /// Takes over a change that was read from a file.
    pub fn replay(&mut self, change: Change) {
        match change {
            Change::Org(record) => self.record = record,
            Change::Type(user_type) => self.set_type(user_type),
            Change::Schema(mut schema) => {
                schema.compile();
                self.set_schema(*schema);
            }
            Change::User(user) => self.users.put(*user),
            Change::UserGone(id) => {
                if let Some(user) = self.users.remove(&id) {
                    self.forget_user(user.ordinal);
                }
            }
            Change::Group(group) => self.set_group(group),
            Change::GroupGone(id) => drop(self.groups.remove(&id)),
            Change::Join(group, user) => drop(self.groups.join(group, user)),
            Change::Leave(group, user) => drop(self.groups.leave(group, user)),
            Change::Creates(login, count) => self.creates.set(LoginMark::of(&login), count),
            Change::CreatesOf(mark, count) => {
                if let Some(login) = LoginMark::read(&mark) {
                    self.creates.set(login, count);
                }
            }
            Change::Starts(_) => {}
            Change::Event(event) => self.events.push(event),
            Change::Gone(ordinal, id, login) => {
                self.users.retire(ordinal);
                self.events.remember(ordinal, id, login);
            }
            Change::Mail(mail) => self.mails.push(mail),
            Change::Hook(hook) => self.hooks.put(*hook),
            Change::HookGone(id) => self.hooks.remove(&id),
            Change::Attempts(user, count) => self.attempts.set(user, count),
            Change::Resource(change) => self.take_over(change),
        }
    }

    /// Notes the whole state, as if it had all just been made, and hands it out in portions.
    pub fn note_all<E>(&mut self, mut sink: impl FnMut(&mut Changes) -> Result<(), E>) -> Result<(), E> {
        self.note_signing();
        let Self {
            changes, users, groups, types, schemas, creates, record, events, mails, resources, ..
        } = self;
        changes.note(&ChangeRef::Org(record));
        for user_type in types.iter() {
            changes.note(&ChangeRef::Type(user_type));
        }
        for schema in schemas.iter() {
            changes.note(&ChangeRef::Schema(schema));
        }
        groups.after(None).for_each(|group| changes.note(&ChangeRef::Group(group)));
        sink(changes)?;
        for user in users.after(None) {
            changes.note(&ChangeRef::User(user));
            sink(changes)?;
        }
        for group in groups.after(None) {
            groups
                .members_after(group, None)
                .for_each(|user| changes.note(&ChangeRef::Join(group.ordinal, user)));
            sink(changes)?;
        }
        for (login, count) in creates.iter() {
            changes.note(&ChangeRef::CreatesOf(&login.written(), count));
            sink(changes)?;
        }
        for event in events.all() {
            changes.note(&ChangeRef::Event(&event));
            sink(changes)?;
        }
        for (ordinal, id, login) in events.departed() {
            changes.note(&ChangeRef::Gone(ordinal, id, login));
        }
        for mail in mails.iter() {
            changes.note(&ChangeRef::Mail(mail));
        }
        resources.changes().for_each(|change| changes.note(&ChangeRef::Resource(&change)));
        sink(changes)
    }

    /// How many lines the whole state takes.
    pub fn size(&self) -> usize {
        let single = [self.users.len(), self.groups.len(), self.types.len(), self.schemas.len()];
        let told = self.events.size() + self.mails.len() + self.resources.changes().count();
        let told = told + self.hooks.all().len() + self.attempts.all().count();
        single.iter().sum::<usize>() + self.groups.memberships() + self.creates.len() + told
    }

    /// Drops what hangs on a user who is deleted.
    fn forget_user(&mut self, user: u64) {
        self.groups.forget_user(user);
        self.resources.forget_user(user);
        self.attempts.set(user, 0);
    }

    fn set_schema(&mut self, schema: Schema) {
        self.users.keep_unique(&schema.type_id, schema.unique_names());
        self.schemas.retain(|present| present.type_id != schema.type_id);
        self.schemas.push(schema);
    }

    fn set_type(&mut self, user_type: UserType) {
        if let Some(present) = self.types.iter_mut().find(|present| present.id == user_type.id) {
            *present = user_type;
            return;
        }
        let replaced =
            |present: &UserType| present.id == user_type.id || (present.default && user_type.default);
        if let Some(former) =
            self.types.iter().find(|present| replaced(present)).map(|present| present.id.clone())
        {
            self.schemas.retain(|schema| schema.type_id != former);
            self.types.retain(|present| present.id != former);
        }
        if user_type.default {
            self.owner.type_id.clone_from(&user_type.id);
            self.owner.id.clone_from(&user_type.created_by);
        }
        self.types.push(user_type);
    }

    fn set_group(&mut self, group: Group) {
        if group.kind == GroupKind::BuiltIn
            && let Some(fresh) = self.groups.by_name(&group.name).map(|fresh| fresh.id.clone())
        {
            self.groups.remove(&fresh);
        }
        self.groups.put(group);
    }
}

/// The administrator whose token is used.
fn owner(id: String, type_id: String, now: Timestamp) -> User {
    let mut owner = User::new(id, type_id, now);
    let login = "administrator@emulator.example";
    for (name, value) in
        [("login", login), ("email", login), ("firstName", "Emulated"), ("lastName", "Administrator")]
    {
        owner.profile.insert(name.to_owned(), value.into());
    }
    owner.status = Status::Active;
    owner.credentials = Credentials::default();
    owner
}
