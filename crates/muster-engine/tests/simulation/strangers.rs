//! Everybody else who is at work in the org: before the run, at the same moment as we, and at any other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use muster_emulator::Emulator;
use serde_json::{Value, json};

use crate::crowd::Row;
use crate::dice::Dice;
use crate::inhabitants::{call, inhabitants};
use crate::story::Story;

/// What they did to a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Created it: exactly as the row has it, or with another title.
    Made {
        /// Whether as the row has it.
        same: bool,
    },
    /// Gave it another title.
    Changed,
    /// Deactivated or suspended it.
    Status,
    /// Put it into a group or took it out of one.
    Membership,
}

/// One deed.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// When, in seconds since the beginning.
    pub at: f64,
    /// Whose login.
    pub key: String,
    /// What.
    pub what: What,
}

/// How busy they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bustle {
    /// People of a thousand who are there before.
    pub before: u64,
    /// Creates of ours of a thousand that somebody forestalls.
    pub races: u64,
    /// Creates of ours of a thousand that somebody meddles with directly afterwards.
    pub afterwards: u64,
    /// Deeds at any time.
    pub deeds: u64,
    /// The time in which they are done.
    pub within: Duration,
}

/// Everybody else. Clones are the same people.
#[derive(Clone)]
pub struct Strangers {
    org: Emulator,
    rows: Arc<BTreeMap<String, Row>>,
    groups: Arc<BTreeMap<String, String>>,
    dice: Dice,
    bustle: Bustle,
    deeds: Arc<Mutex<Vec<Deed>>>,
    story: Story,
}

impl Strangers {
    /// People who know the rows and the groups of the org.
    pub fn new(
        org: &Emulator,
        rows: impl Iterator<Item = Row>,
        groups: BTreeMap<String, String>,
        (dice, bustle): (Dice, Bustle),
        story: &Story,
    ) -> Self {
        let rows = rows.map(|row| (row.key.clone(), row)).collect();
        let (rows, groups) = (Arc::new(rows), Arc::new(groups));
        Self { org: org.clone(), rows, groups, dice, bustle, deeds: Arc::default(), story: story.clone() }
    }

    /// What they did so far.
    pub fn deeds(&self) -> Vec<Deed> {
        self.deeds.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn did(&self, key: &str, what: What) {
        self.story.tell(|| format!("a stranger: {key} {what:?}"));
        let deed = Deed { at: self.story.now(), key: key.to_owned(), what };
        self.deeds.lock().unwrap_or_else(PoisonError::into_inner).push(deed);
    }

    /// Some are there before the run.
    pub async fn settle(&self) {
        let rows: Vec<&Row> = self.rows.values().collect();
        for row in rows {
            if !self.dice.per_mille(self.bustle.before) {
                continue;
            }
            let made = self.make(row).await;
            if let Some(id) = made.filter(|_| self.dice.per_mille(200)) {
                self.change_status(&row.key, &id).await;
            }
        }
    }

    /// A create of ours is about to arrive.
    pub async fn forestall(&self, key: &str) {
        if self.dice.per_mille(self.bustle.races)
            && let Some(row) = self.rows.get(key)
        {
            self.make(row).await;
        }
    }

    /// A create of ours was just carried out.
    pub async fn follow(&self, key: &str, id: &str) {
        if self.dice.per_mille(self.bustle.afterwards) {
            self.meddle(key, id).await;
        }
    }

    /// All that they do at any time.
    pub async fn live(self) {
        for _ in 0..self.bustle.deeds {
            tokio::time::sleep(self.dice.time(Duration::ZERO, self.bustle.within)).await;
            self.deed().await;
        }
    }

    async fn deed(&self) {
        let rows: Vec<&Row> = self.rows.values().collect();
        if rows.is_empty() {
            return;
        }
        let row = self.dice.pick(&rows);
        match inhabitants(&self.org).await.get(&row.key) {
            Some(user) => self.meddle(&row.key, &user.id).await,
            None => drop(self.make(row).await),
        }
    }

    async fn meddle(&self, key: &str, id: &str) {
        match self.dice.between(0, 3) {
            0 => self.change(key, id).await,
            1 => self.change_status(key, id).await,
            _ => self.change_membership(key, id).await,
        }
    }

    async fn make(&self, row: &Row) -> Option<String> {
        let mut profile = row.profile();
        let same = self.dice.per_mille(500);
        if !same {
            profile.insert("title".to_owned(), json!("Night watch"));
        } else if self.dice.per_mille(300) {
            profile.insert("login".to_owned(), json!(row.login.to_uppercase()));
        }
        let mut body = json!({ "profile": profile });
        if self.dice.per_mille(500) {
            body["credentials"] = json!({"password": {"value": "Kab74-rem13-tos90"}});
        }
        let path = format!("/api/v1/users?activate={}", self.dice.per_mille(500));
        let (status, user) = call(&self.org, Method::POST, &path, Some(body)).await;
        let id = user["id"].as_str().filter(|_| status == 200)?.to_owned();
        self.did(&row.key, What::Made { same });
        Some(id)
    }

    async fn change(&self, key: &str, id: &str) {
        let body = json!({"profile": {"title": "Night watch"}});
        self.write(Method::POST, &format!("/api/v1/users/{id}"), Some(body), key, What::Changed).await;
    }

    async fn change_status(&self, key: &str, id: &str) {
        let verb = self.dice.pick(&["deactivate", "suspend", "activate?sendEmail=false"]);
        let path = format!("/api/v1/users/{id}/lifecycle/{verb}");
        self.write(Method::POST, &path, None, key, What::Status).await;
    }

    async fn change_membership(&self, key: &str, id: &str) {
        let groups: Vec<&String> = self.groups.values().collect();
        if groups.is_empty() {
            return;
        }
        let method = if self.dice.per_mille(700) { Method::DELETE } else { Method::PUT };
        let path = format!("/api/v1/groups/{}/users/{id}", self.dice.pick(&groups));
        self.write(method, &path, None, key, What::Membership).await;
    }

    async fn write(&self, method: Method, path: &str, body: Option<Value>, key: &str, what: What) {
        let (status, _) = call(&self.org, method, path, body).await;
        if (200..300).contains(&status) {
            self.did(key, what);
        }
    }
}
