//! What can change in an org, as lines of its state file.

use serde::{Deserialize, Serialize};

use super::{
    events::Event, groups::Group, hooks::Hook, mails::Mail, org::UserType, resources::ResourceChange,
    schema::Schema, user::User,
};

/// One change, read back from a file.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    /// The org itself.
    Org(OrgRecord),
    /// A user type.
    Type(UserType),
    /// A schema, new or changed.
    Schema(Box<Schema>),
    /// A user, new or changed.
    User(Box<User>),
    /// The id of a user that is gone.
    UserGone(String),
    /// A group, new or changed.
    Group(Group),
    /// The id of a group that is gone.
    GroupGone(String),
    /// A new membership: places of group and user.
    Join(u64, u64),
    /// A membership that is gone.
    Leave(u64, u64),
    /// How many creates have been accepted for a login, as older files say it.
    Creates(String, u32),
    /// Something for the System Log.
    Event(Event),
    /// Place, id and login of a user who is gone, for the System Log.
    Gone(u64, String, String),
    /// A mail.
    Mail(Mail),
    /// How many creates have been accepted for a login of which there is a mark.
    CreatesOf(String, u32),
    /// How often the org has been started.
    Starts(u64),
    /// An inline hook, new or changed.
    Hook(Box<Hook>),
    /// The id of an inline hook that is gone.
    HookGone(String),
    /// How many sign-ins of a user have failed in a row.
    Attempts(u64, u32),
    /// A change to what there is beside users and groups.
    Resource(ResourceChange),
}

/// One change, to be written.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangeRef<'a> {
    Org(&'a OrgRecord),
    Type(&'a UserType),
    Schema(&'a Schema),
    User(&'a User),
    UserGone(&'a str),
    Group(&'a Group),
    GroupGone(&'a str),
    Join(u64, u64),
    Leave(u64, u64),
    Event(&'a Event),
    Gone(u64, &'a str, &'a str),
    Mail(&'a Mail),
    CreatesOf(&'a str, u32),
    Starts(u64),
    Hook(&'a Hook),
    HookGone(&'a str),
    Attempts(u64, u32),
    Resource(&'a ResourceChange),
}

/// What identifies an org.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct OrgRecord {
    pub id: String,
    pub created: jiff::Timestamp,
}

/// The changes since they were last taken, as lines. Nothing is gathered unless somebody wants it.
#[derive(Default)]
pub(crate) struct Changes {
    pub wanted: bool,
    lines: Vec<u8>,
}

impl Changes {
    /// Notes a change.
    pub fn note(&mut self, change: &ChangeRef<'_>) {
        if self.wanted && serde_json::to_writer(&mut self.lines, change).is_ok() {
            self.lines.push(b'\n');
        }
    }

    /// Notes a change that is no change of the model.
    pub fn note_start(&mut self, starts: u64) {
        self.note(&ChangeRef::Starts(starts));
    }

    /// What has been noted, as bytes.
    pub fn lines(&self) -> &[u8] {
        &self.lines
    }

    /// Forgets what has been noted.
    pub fn clear(&mut self) {
        self.lines.clear();
    }
}
