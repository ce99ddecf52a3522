//! The people of a source, with what a reader of the product's contract expects of each row.

use muster_core::candidate::Mode;
use muster_core::login::fold;
use serde_json::{Map, Value, json};

use crate::dice::Dice;

/// What stands in the password columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// Nothing.
    None,
    /// A password that the org takes.
    Password,
    /// A password that the org refuses.
    Weak,
    /// A hash that the org takes.
    Hash,
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// No address.
    Email,
    /// No last name.
    LastName,
    /// A status that nobody can be imported with.
    Status,
    /// A group id that no org hands out.
    Group,
    /// The row ends early.
    Short,
    /// A good row before this one has the same login.
    Double,
}

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// As it is written.
    pub login: String,
    /// What Okta compares.
    pub key: String,
    /// A number that makes it different from the others.
    pub number: usize,
    /// The password columns.
    pub secret: Secret,
    /// The status column.
    pub status: &'static str,
    /// Names in the group column.
    pub groups: Vec<String>,
    /// What is wrong.
    pub flaw: Option<Flaw>,
}

/// What the operator asked for that changes what becomes of a row.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// `--mode`.
    pub mode: Mode,
    /// `--activate`, `--no-activate`.
    pub activate: Option<bool>,
    /// Groups that the org has or will have.
    pub groups: Vec<String>,
    /// For everybody.
    pub marker: Option<String>,
}

const STATUSES: [&str; 9] = [
    "ACTIVE",
    "STAGED",
    "PROVISIONED",
    "SUSPENDED",
    "SUSPENDED",
    "DEPROVISIONED",
    "DEPROVISIONED",
    "PASSWORD_EXPIRED",
    "",
];
const HEADER: &str = "login,email,firstName,lastName,title,password,passwordHash,status,groups,groupId\n";
/// Salted SHA-1 as directories have it.
const HASH: &str = "{SSHA}AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw==";
/// A group id that no org hands out.
const NO_GROUP: &str = "00gnosuchgroup000000";

/// How rows come about.
#[derive(Clone, Copy, Debug)]
pub struct CrowdSettings {
    /// How many rows.
    pub rows: usize,
    /// Rows of a thousand with a flaw.
    pub flawed: u64,
    /// Rows of a thousand with a word in the status column.
    pub with_status: u64,
    /// Rows of a thousand with more groups than fit into a create.
    pub joiners: u64,
    /// Logins of a thousand that no path can hold.
    pub slashes: u64,
}

/// The rows of a source.
pub fn crowd(dice: &Dice, settings: CrowdSettings, groups: &[String], secrets: &[Secret]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(settings.rows);
    for number in 0..settings.rows {
        let flaw = dice.per_mille(settings.flawed).then(|| {
            dice.pick(&[Flaw::Email, Flaw::LastName, Flaw::Status, Flaw::Group, Flaw::Short, Flaw::Double])
        });
        let slash = if dice.per_mille(settings.slashes) { "/x" } else { "" };
        let mut login = format!("p{number}{slash}@example.com");
        let mut flaw = flaw;
        if flaw == Some(Flaw::Double) {
            match rows.iter().rev().find(|row| row.flaw.is_none()) {
                Some(row) if dice.per_mille(500) => login = row.login.to_uppercase(),
                Some(row) => login.clone_from(&row.login),
                None => flaw = None,
            }
        }
        if flaw == Some(Flaw::Email) {
            login = format!("p{number} at example.com");
        }
        rows.push(Row {
            key: fold(&login),
            login,
            number,
            secret: dice.pick(secrets),
            status: if dice.per_mille(settings.with_status) { dice.pick(&STATUSES) } else { "" },
            groups: some_groups(dice, settings, groups),
            flaw,
        });
    }
    rows
}

fn some_groups(dice: &Dice, settings: CrowdSettings, groups: &[String]) -> Vec<String> {
    if groups.is_empty() {
        return Vec::new();
    }
    let many = if dice.per_mille(settings.joiners) { dice.below(groups.len() + 1) } else { dice.below(3) };
    let start = dice.below(groups.len());
    groups.iter().cycle().skip(start).take(many.min(groups.len())).cloned().collect()
}

/// The source as it is written.
pub fn csv(rows: &[Row]) -> String {
    std::iter::once(HEADER.to_owned()).chain(rows.iter().map(Row::csv)).collect()
}

impl Row {
    fn csv(&self) -> String {
        if self.flaw == Some(Flaw::Short) {
            return format!("{},x\n", self.login);
        }
        let (password, hash) = match self.secret {
            Secret::None => ("", ""),
            Secret::Password => ("Kab74-rem13-tos90", ""),
            Secret::Weak => ("x", ""),
            Secret::Hash => ("", HASH),
        };
        let last = if self.flaw == Some(Flaw::LastName) { "" } else { "Last" };
        let status = if self.flaw == Some(Flaw::Status) { "GONE" } else { self.status };
        let group = if self.flaw == Some(Flaw::Group) { NO_GROUP } else { "" };
        let (login, number, groups) = (&self.login, self.number, self.groups.join(";"));
        format!(
            "{login},{},First{number},{last},Title{number},{password},{hash},{status},{groups},{group}\n",
            self.email()
        )
    }

    fn email(&self) -> String {
        format!("mail{}@example.com", self.number)
    }

    /// The profile that the row sends.
    pub fn profile(&self) -> Map<String, Value> {
        let profile = json!({
            "login": self.login,
            "email": self.email(),
            "firstName": format!("First{}", self.number),
            "lastName": "Last",
            "title": format!("Title{}", self.number),
        });
        profile.as_object().cloned().unwrap_or_default()
    }

    /// The groups that a good row asks for.
    pub fn wishes(&self, wanted: &Wanted) -> Vec<String> {
        let mut groups: Vec<String> = self.groups.iter().chain(&wanted.marker).cloned().collect();
        groups.sort();
        groups.dedup();
        groups
    }

    /// Whether it gets no request, unless it is a double.
    pub fn is_invalid(&self, wanted: &Wanted) -> bool {
        let lacking = match wanted.mode {
            Mode::Hash => self.secret != Secret::Hash,
            Mode::Password => !self.has_password(),
            Mode::Auto | Mode::Staged | Mode::Hook => false,
        };
        let unknown = self.wishes(wanted).iter().any(|group| !wanted.groups.contains(group));
        self.flaw.is_some_and(|flaw| flaw != Flaw::Double) || lacking || unknown
    }

    fn has_password(&self) -> bool {
        matches!(self.secret, Secret::Password | Secret::Weak)
    }

    /// Whether the org will refuse it for its password.
    pub fn is_weak(&self, wanted: &Wanted) -> bool {
        self.secret == Secret::Weak && matches!(wanted.mode, Mode::Auto | Mode::Password)
    }

    fn has_credential(&self, wanted: &Wanted) -> bool {
        match wanted.mode {
            Mode::Staged => false,
            Mode::Hook => true,
            Mode::Auto | Mode::Hash | Mode::Password => self.secret != Secret::None,
        }
    }

    /// The status in the end, if the user is ours.
    pub fn final_status(&self, wanted: &Wanted) -> &'static str {
        let credential = self.has_credential(wanted);
        let activate = |by_row: bool| wanted.activate.unwrap_or(by_row && wanted.mode != Mode::Staged);
        let active = if credential { "ACTIVE" } else { "PROVISIONED" };
        let plain = |by_row: bool| if activate(by_row) { active } else { "STAGED" };
        let sent_password = self.has_password() && matches!(wanted.mode, Mode::Auto | Mode::Password);
        match self.status {
            "PASSWORD_EXPIRED" if sent_password && activate(true) => "PASSWORD_EXPIRED",
            "STAGED" => plain(false),
            "PROVISIONED" => plain(true),
            // Only who is active can be suspended.
            "SUSPENDED" if activate(credential) && credential => "SUSPENDED",
            "DEPROVISIONED" => "DEPROVISIONED",
            _ => plain(credential),
        }
    }
}
