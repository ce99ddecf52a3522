//! What holds whatever is done to an org, in whatever order.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::caller::{Caller, profile};

/// Spellings of four logins: 0 and 1 are the same to Okta, and so are 2 and 3, and 4 and 5.
const LOGINS: [&str; 7] = [
    "isaac.brock@example.com",
    "ISÁÀC.bröck@Example.COM",
    "zoe@example.com",
    "Zoë@example.com",
    "jose@example.com",
    "JOSÉ@EXAMPLE.com",
    "other@example.com",
];

/// Which login it is, in the mind of a simple model.
fn person(login: usize) -> usize {
    login / 2
}

#[derive(Clone, Debug)]
enum Step {
    Create(usize),
    Rename(usize, usize),
    Deactivate(usize),
    Activate(usize),
    Delete(usize),
    NewGroup(usize),
    RenameGroup(usize, usize),
    DeleteGroup(usize),
    Join(usize, usize),
    Leave(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let (login, who, group) = (0..LOGINS.len(), 0..4_usize, 0..3_usize);
    prop_oneof![
        4 => login.clone().prop_map(Step::Create),
        2 => (who.clone(), login).prop_map(|(who, login)| Step::Rename(who, login)),
        1 => who.clone().prop_map(Step::Deactivate),
        1 => who.clone().prop_map(Step::Activate),
        2 => who.clone().prop_map(Step::Delete),
        2 => group.clone().prop_map(Step::NewGroup),
        1 => (group.clone(), 0..3_usize).prop_map(|(group, name)| Step::RenameGroup(group, name)),
        1 => group.clone().prop_map(Step::DeleteGroup),
        3 => (who.clone(), group.clone()).prop_map(|(who, group)| Step::Join(who, group)),
        2 => (who, group).prop_map(|(who, group)| Step::Leave(who, group)),
    ]
}

/// The org as it should be: users by person, groups by name, and who is in which.
#[derive(Default)]
struct Model {
    users: BTreeMap<usize, (String, &'static str)>,
    groups: BTreeMap<usize, String>,
    members: BTreeSet<(String, String)>,
    ids: BTreeSet<String>,
}

impl Model {
    async fn step(&mut self, org: &Caller, step: &Step) {
        match *step {
            Step::Create(login) => self.create(org, login).await,
            Step::Rename(who, login) => self.rename(org, who, login).await,
            Step::Deactivate(who) => self.turn(org, who, "deactivate", "DEPROVISIONED").await,
            Step::Activate(who) => self.turn(org, who, "activate", "PROVISIONED").await,
            Step::Delete(who) => self.delete(org, who).await,
            Step::NewGroup(name) => self.new_group(org, name).await,
            Step::RenameGroup(group, name) => self.rename_group(org, group, name).await,
            Step::DeleteGroup(group) => self.delete_group(org, group).await,
            Step::Join(who, group) => self.set_member(org, who, group, true).await,
            Step::Leave(who, group) => self.set_member(org, who, group, false).await,
        }
    }

    fn fresh(&mut self, id: &str) {
        assert!(self.ids.insert(id.to_owned()), "the id {id} came twice");
    }

    async fn create(&mut self, org: &Caller, login: usize) {
        let got = org.post("/api/v1/users?activate=false", json!({"profile": profile(LOGINS[login])})).await;
        if self.users.contains_key(&person(login)) {
            return assert_eq!((got.status, got.code()), (400, "E0000001"));
        }
        assert_eq!(got.status, 200, "{}", got.text);
        self.fresh(&got.id());
        self.users.insert(person(login), (got.id(), "STAGED"));
    }

    async fn rename(&mut self, org: &Caller, who: usize, login: usize) {
        let Some((id, status)) = self.users.get(&who).cloned() else { return };
        let body = json!({"profile": {"login": LOGINS[login]}});
        let got = org.post(&format!("/api/v1/users/{id}"), body).await;
        let taken = person(login) != who && self.users.contains_key(&person(login));
        let expected = match (status, taken) {
            ("DEPROVISIONED", _) => 403,
            (_, true) => 400,
            (_, false) => 200,
        };
        assert_eq!(got.status, expected, "{}", got.text);
        if expected == 200 {
            self.users.remove(&who);
            self.users.insert(person(login), (id, status));
        }
    }

    async fn turn(&mut self, org: &Caller, who: usize, operation: &str, status: &'static str) {
        let Some((id, former)) = self.users.get_mut(&who) else { return };
        let possible = if operation == "activate" {
            matches!(*former, "STAGED" | "DEPROVISIONED")
        } else {
            *former != "DEPROVISIONED"
        };
        assert_eq!(org.turn(id, operation).await.status, if possible { 200 } else { 403 });
        if possible {
            *former = status;
        }
    }

    async fn delete(&mut self, org: &Caller, who: usize) {
        let Some((id, status)) = self.users.get_mut(&who) else { return };
        assert_eq!(org.send("DELETE", &format!("/api/v1/users/{id}"), None).await.status, 204);
        if *status == "DEPROVISIONED" {
            let id = id.clone();
            self.members.retain(|(member, _)| *member != id);
            self.users.remove(&who);
        } else {
            *status = "DEPROVISIONED";
        }
    }

    async fn new_group(&mut self, org: &Caller, name: usize) {
        let got = org.post("/api/v1/groups", json!({"profile": {"name": format!("Group {name}")}})).await;
        if self.groups.contains_key(&name) {
            return assert_eq!(got.code(), "E0000001");
        }
        self.fresh(&got.id());
        self.groups.insert(name, got.id());
    }

    async fn rename_group(&mut self, org: &Caller, group: usize, name: usize) {
        let Some(id) = self.groups.get(&group).cloned() else { return };
        let body = json!({"profile": {"name": format!("Group {name}")}});
        let got = org.send("PUT", &format!("/api/v1/groups/{id}"), Some(body)).await;
        if group != name && self.groups.contains_key(&name) {
            return assert_eq!(got.code(), "E0000001");
        }
        assert_eq!(got.status, 200);
        self.groups.remove(&group);
        self.groups.insert(name, id);
    }

    async fn delete_group(&mut self, org: &Caller, group: usize) {
        let Some(id) = self.groups.remove(&group) else { return };
        assert_eq!(org.send("DELETE", &format!("/api/v1/groups/{id}"), None).await.status, 204);
        self.members.retain(|(_, of)| *of != id);
    }

    async fn set_member(&mut self, org: &Caller, who: usize, group: usize, wanted: bool) {
        let (Some((user, _)), Some(group)) = (self.users.get(&who), self.groups.get(&group)) else { return };
        let method = if wanted { "PUT" } else { "DELETE" };
        let path = format!("/api/v1/groups/{group}/users/{user}");
        assert_eq!(org.send(method, &path, None).await.status, 204);
        let membership = (user.clone(), group.clone());
        if wanted {
            self.members.insert(membership)
        } else {
            self.members.remove(&membership)
        };
    }

    /// The org is as the model says.
    async fn check(&self, org: &Caller, limit: usize) {
        let shown = ids(&org.all(&format!("/api/v1/users?limit={limit}")).await);
        let present = self.users.values().filter(|(_, status)| *status != "DEPROVISIONED");
        assert_eq!(set(&shown), present.map(|(id, _)| id.as_str()).collect());
        assert_eq!(set(&shown).len(), shown.len(), "each of them once");
        for (id, status) in self.users.values() {
            assert_eq!(org.status_of(id).await, *status);
        }
        for group in self.groups.values() {
            let members = ids(&org.all(&format!("/api/v1/groups/{group}/users?limit={limit}")).await);
            let expected = self.members.iter().filter(|(_, of)| of == group);
            assert_eq!(set(&members), expected.map(|(user, _)| user.as_str()).collect());
            assert_eq!(set(&members).len(), members.len());
        }
        let groups = org.all(&format!("/api/v1/groups?limit={limit}")).await;
        assert_eq!(groups.len(), self.groups.len() + 1);
        assert_eq!(org.emulator.stats().users, self.users.len());
        assert_eq!(org.emulator.stats().memberships, self.members.len());
    }
}

fn ids(list: &[Value]) -> Vec<String> {
    list.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

fn set(ids: &[String]) -> BTreeSet<&str> {
    ids.iter().map(String::as_str).collect()
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_org_is_what_was_done_to_it(steps in prop::collection::vec(step(), 1..60), limit in 1..5_usize) {
        run(async {
            let (org, mut model) = (Caller::free(), Model::default());
            for step in &steps {
                model.step(&org, step).await;
            }
            model.check(&org, limit).await;
        });
    }

    #[test]
    fn pages_hold_each_one_once_while_others_come(
        present in 1..12_u32,
        pages in prop::collection::vec((1..6_usize, 0..3_u32), 1..30),
    ) {
        run(async {
            let org = Caller::free();
            let create = async |number: u32| {
                org.user(&format!("user{number:03}@example.com"), json!({}), "activate=false").await
            };
            let mut made = Vec::new();
            for number in 0..present {
                made.push(create(number).await);
            }
            let (mut seen, mut next) = (Vec::new(), Some("/api/v1/users?".to_owned()));
            let mut pages = pages.iter().copied().chain(std::iter::repeat((4, 0)));
            while let Some(path) = next {
                let (limit, more) = pages.next().expect("there is no end of them");
                let path = path.split("&limit=").next().unwrap_or_default().to_owned();
                let got = org.get(&format!("{path}&limit={limit}")).await;
                seen.extend(ids(got.body.as_array().expect("a list")));
                next = got.next();
                for _ in 0..more {
                    made.push(create(u32::try_from(made.len()).expect("a number")).await);
                }
            }
            assert!(made.starts_with(&seen), "in the order of their creation, each once");
            assert!(seen.len() >= present as usize);
        });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_creates_at_once_exactly_one_is_accepted() {
    let org = Caller::free();
    for round in 0..20 {
        let attempts = (0..16).map(|attempt| {
            let login = LOGINS[attempt % 2].replace("ck@", &format!("ck{round}@"));
            let emulator = org.emulator.clone();
            tokio::spawn(async move {
                let org = Caller { emulator, token: "test" };
                let got = org.post("/api/v1/users", json!({"profile": profile(&login)})).await;
                (got.status, got.code().to_owned())
            })
        });
        let answers: Vec<_> =
            join_all(attempts).await.into_iter().map(|answer| answer.expect("an answer")).collect();
        assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 1, "{answers:?}");
        let refused = answers.iter().filter(|(status, code)| *status == 400 && code == "E0000001");
        assert_eq!(refused.count(), 15, "{answers:?}");
    }
    let stats = org.emulator.stats();
    assert_eq!((stats.users, stats.creates_accepted, stats.creates_by_login_max), (20, 20, 1));
}
