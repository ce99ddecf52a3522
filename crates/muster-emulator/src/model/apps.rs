//! Applications, and the users who are assigned to them.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One application.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct App {
    pub id: String,
    pub name: String,
}

/// A user's assignment to an application.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AppUser {
    /// The application's id.
    pub app: String,
    /// The user's place.
    pub user: u64,
    pub user_name: Option<String>,
    pub profile: Map<String, Value>,
    pub created: Timestamp,
}

/// The applications in the order of their creation, with their users in the order of theirs.
#[derive(Default)]
pub(crate) struct Apps {
    pub all: Vec<App>,
    users: HashMap<String, BTreeMap<u64, AppUser>>,
}

impl Apps {
    /// The application of an id.
    pub fn by_id(&self, id: &str) -> Option<&App> {
        self.all.iter().find(|app| app.id == id)
    }

    /// The assignment of a user.
    pub fn user(&self, app: &str, user: u64) -> Option<&AppUser> {
        self.users.get(app)?.get(&user)
    }

    /// The assignments behind a place.
    pub fn users_after(&self, app: &str, place: Option<u64>) -> impl Iterator<Item = &AppUser> {
        let from = place.map_or(0, |place| place.saturating_add(1));
        self.users.get(app).into_iter().flat_map(move |users| users.range(from..).map(|(_, user)| user))
    }

    /// Everything that there is.
    pub fn assignments(&self) -> impl Iterator<Item = &AppUser> {
        self.users.values().flat_map(BTreeMap::values)
    }

    /// Assigns a user.
    pub fn assign(&mut self, user: AppUser) {
        self.users.entry(user.app.clone()).or_default().insert(user.user, user);
    }

    /// Ends all assignments of a user.
    pub fn forget_user(&mut self, user: u64) {
        for users in self.users.values_mut() {
            users.remove(&user);
        }
    }
}
