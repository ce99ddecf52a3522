//! The scopes that an access token is asked for (API.md §2.4): the least that a command can do with.

/// What scopes are for that the operator named.
const OF_THE_SETTINGS: &str = "do what OKTA_SCOPES was set for";

/// One thing that a command needs a right to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeNeed {
    names: Vec<String>,
    purpose: &'static str,
    required: bool,
}

impl ScopeNeed {
    /// A scope that the command can't do without.
    pub fn required(name: impl Into<String>, purpose: &'static str) -> Self {
        Self { names: vec![name.into()], purpose, required: true }
    }

    /// A scope that the command would like to have.
    pub fn optional(name: impl Into<String>, purpose: &'static str) -> Self {
        Self { required: false, ..Self::required(name, purpose) }
    }

    /// A scope that does as well, taken where the first one was not granted. Okta gives a token for what was granted
    /// by name: who was granted `okta.users.manage` alone is refused `okta.users.read`.
    #[must_use]
    pub fn or(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// The scope that is asked for first.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    /// The scope, and what does as well.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What it is for: "to …".
    pub fn purpose(&self) -> &'static str {
        self.purpose
    }

    /// Whether the command can't do without.
    pub fn is_required(&self) -> bool {
        self.required
    }

    /// Whether the operator named it.
    pub(super) fn is_of_the_settings(&self) -> bool {
        self.purpose == OF_THE_SETTINGS
    }

    /// Whether one of these scopes will do.
    pub fn is_met(&self, granted: &[String]) -> bool {
        self.names.iter().any(|name| granted.contains(name))
    }
}

/// What each kind of command needs.
pub mod needs {
    use super::{OF_THE_SETTINGS, ScopeNeed};

    const SCHEMA: &str = "check rows against the org's own schema";
    const USERS: &str = "see users";
    const GROUPS: &str = "see groups";

    /// Writing people and their groups.
    pub fn import() -> Vec<ScopeNeed> {
        vec![
            ScopeNeed::required("okta.users.manage", "create and update users"),
            ScopeNeed::required("okta.groups.manage", "put users into groups, and create groups"),
            schema(),
        ]
    }

    /// Looking only.
    pub fn plan() -> Vec<ScopeNeed> {
        vec![
            ScopeNeed::required("okta.users.read", USERS).or("okta.users.manage"),
            ScopeNeed::required("okta.groups.read", GROUPS).or("okta.groups.manage"),
            schema(),
        ]
    }

    /// What an import needs, each of it only if it was granted: what is missing is what is to be found out.
    pub fn doctor() -> Vec<ScopeNeed> {
        vec![
            ScopeNeed::optional("okta.users.manage", "create and update users").or("okta.users.read"),
            ScopeNeed::optional("okta.groups.manage", "put users into groups, and create groups")
                .or("okta.groups.read"),
            schema(),
        ]
    }

    /// Watching who comes over.
    pub fn programme_status() -> Vec<ScopeNeed> {
        vec![
            logs(),
            ScopeNeed::optional("okta.users.read", USERS).or("okta.users.manage"),
            ScopeNeed::optional("okta.groups.read", GROUPS).or("okta.groups.manage"),
        ]
    }

    /// Resetting who has not come over, and ending the hook.
    pub fn programme_finish() -> Vec<ScopeNeed> {
        vec![
            ScopeNeed::required("okta.users.manage", "reset passwords"),
            logs(),
            ScopeNeed::optional("okta.groups.read", GROUPS).or("okta.groups.manage"),
            ScopeNeed::optional("okta.inlineHooks.manage", "end the password-import hook"),
        ]
    }

    /// Activating who is staged.
    pub fn activate() -> Vec<ScopeNeed> {
        vec![
            ScopeNeed::required("okta.users.manage", "activate users"),
            ScopeNeed::optional("okta.groups.read", GROUPS).or("okta.groups.manage"),
        ]
    }

    /// Registering the password-import hook, trying it out and ending it.
    pub fn hooks() -> Vec<ScopeNeed> {
        vec![ScopeNeed::required("okta.inlineHooks.manage", "register the password-import hook")]
    }

    /// Looking at the password-import hook.
    pub fn hook_status() -> Vec<ScopeNeed> {
        vec![
            ScopeNeed::required("okta.inlineHooks.read", "see the password-import hook")
                .or("okta.inlineHooks.manage"),
            ScopeNeed::optional("okta.logs.read", "see what became of sign-ins"),
        ]
    }

    /// Loading people by import sessions and finding out what became of them; `then_hook` also hands their passwords
    /// over to the password-import hook.
    pub fn identity_source_import(then_hook: bool) -> Vec<ScopeNeed> {
        // Who may change users may read them, and so it is one scope or the other.
        let users = if then_hook {
            ScopeNeed::required("okta.users.manage", "see users, and arm the password-import hook for them")
        } else {
            ScopeNeed::required("okta.users.read", USERS).or("okta.users.manage")
        };
        vec![
            ScopeNeed::required("okta.identitySources.manage", "load people by import sessions"),
            users,
            ScopeNeed::optional("okta.logs.read", "see the outcomes in the System Log"),
            schema(),
            ScopeNeed::optional("okta.apps.read", "find the identity source").or("okta.apps.manage"),
        ]
    }

    /// Looking at import sessions, and ending or triggering them where that was granted.
    pub fn sessions() -> Vec<ScopeNeed> {
        vec![
            ScopeNeed::required("okta.identitySources.read", "see import sessions")
                .or("okta.identitySources.manage"),
            ScopeNeed::optional("okta.identitySources.manage", "cancel and trigger import sessions"),
        ]
    }

    /// Looking at all that an emulated org can be like.
    pub fn likeness() -> Vec<ScopeNeed> {
        let read = |name: &str, purpose| {
            ScopeNeed::optional(format!("okta.{name}.read"), purpose).or(format!("okta.{name}.manage"))
        };
        vec![
            read("userTypes", "see the user types"),
            read("schemas", "see the schemas"),
            read("groups", GROUPS),
            read("users", "see the limits of users"),
            read("inlineHooks", "see the names of inline hooks"),
            read("realms", "see the realms"),
        ]
    }

    /// These by name, whatever the command is.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<ScopeNeed> {
        names.into_iter().map(|name| ScopeNeed::required(name, OF_THE_SETTINGS)).collect()
    }

    fn logs() -> ScopeNeed {
        ScopeNeed::required("okta.logs.read", "see in the System Log who has come over")
    }

    fn schema() -> ScopeNeed {
        ScopeNeed::optional("okta.schemas.read", SCHEMA).or("okta.schemas.manage")
    }
}
