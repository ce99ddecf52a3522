//! From a record to a candidate: what the cells of a row mean, and every fault that can be found without the org.

mod departing;
mod lists;
mod places;
#[cfg(test)]
mod routing_tests;
mod settled;
mod stored;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::lists::items;
use self::places::{Place, Places};
use crate::candidate::{Afterwards, Candidate, Credential, GroupWish, Mode, Recovery};
use crate::census::Route;
use crate::column::{Mapping, Target};
use crate::credential::{Notation, Settlement, StoredPassword, Verdict, recognise};
use crate::fault::{Fault, FaultCode};
use crate::login::Login;
use crate::profile::{Rule, looks_like_email, quoted};
use crate::record::{Cell, Line, Record};
use crate::schema::ProfileSchema;
use crate::secret::Secret;

/// What the operator decided for all rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// How passwords go over.
    pub mode: Mode,
    /// `--activate` or `--no-activate`; without either, users with a credential are activated and others staged.
    pub activate: Option<bool>,
    /// Groups for everybody, by name.
    pub groups: Vec<String>,
    /// `--arm-existing`: users who were there before are armed with the password-import hook, too.
    #[serde(default)]
    pub arm_existing: bool,
    /// `--notation`: which notations are meant where a text reads as several, by their names.
    #[serde(default)]
    pub meant: Vec<String>,
    /// `--peppered`: something was put after every password before it was hashed, so Okta can't check any hash.
    #[serde(default)]
    pub peppered: bool,
    /// Whether a Firebase project was named, so that a hash as long as its key may be one of it without saying so.
    #[serde(default)]
    pub firebase: bool,
}

/// A row with faults: it gets no request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultyRow {
    /// The row.
    pub line: Line,
    /// The login, where one could be read.
    pub login: Option<String>,
    /// The key of the person in the old system.
    pub external_id: Option<String>,
    /// All that is wrong, at least one.
    pub faults: Vec<Fault>,
}

/// Turns the records of one source into candidates.
#[derive(Debug)]
pub struct Interpreter {
    mapping: Mapping,
    places: Places,
    wishes: Wishes,
    settlement: Settlement,
    rules: Vec<(usize, Rule)>,
    required: Vec<String>,
    email_login: bool,
    external_id_attribute: Option<Rule>,
    guarded: bool,
    departing: bool,
}

impl Interpreter {
    /// An interpreter for sources with this mapping, for an org with this schema.
    pub fn new(mapping: Mapping, schema: &ProfileSchema, wishes: Wishes) -> Self {
        let rule = |name: &str| schema.attribute(name).cloned().map(Rule::new);
        let rules = mapping.targets.iter().enumerate().filter_map(|(at, target)| match target {
            Target::Attribute(name) => rule(name).map(|rule| (at, rule)),
            _ => None,
        });
        let required = schema
            .attributes()
            .filter(|attribute| attribute.required)
            .map(|attribute| attribute.name.clone());
        Self {
            rules: rules.collect(),
            required: required.collect(),
            email_login: schema.attribute("login").is_none_or(|login| login.pattern.is_none()),
            external_id_attribute: schema.find("externalId").cloned().map(Rule::new),
            guarded: mapping.is_reject_file(),
            departing: false,
            places: Places::of(&mapping),
            mapping,
            settlement: wishes.settlement(),
            wishes,
        }
    }

    /// The mapping.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// What this record means.
    pub fn interpret(&self, record: &Record) -> Result<Candidate, FaultyRow> {
        let record = &*self.without_guard(record);
        let record = &*self.with_text(record);
        if self.departing {
            return self.departing(record);
        }
        let external_id = text(record, self.places.external_id).map(str::to_owned);
        let (profile, login, mut faults) = self.profile(record);
        if let Some(fault) = &record.fault {
            // What follows from a torn row is noise beside it.
            faults = vec![fault.clone()];
        }
        let mut keep = |result: Result<Intended, Fault>| result.map_err(|fault| faults.push(fault)).ok();
        let intended = if record.fault.is_some() { None } else { keep(self.intended(record)) };
        match (login, intended) {
            (Some(login), Some(intended)) if faults.is_empty() => {
                Ok(self.candidate(record, login, external_id, profile, intended))
            }
            (login, _) => {
                let login = login.map(|login| login.as_str().to_owned());
                Err(FaultyRow { line: record.line, login, external_id, faults })
            }
        }
    }

    fn candidate(
        &self,
        record: &Record,
        login: Login,
        external_id: Option<String>,
        profile: Map<String, Value>,
        intended: Intended,
    ) -> Candidate {
        let other_status = self.other_status(record, &intended);
        let recovery =
            text(record, self.places.recovery_question).zip(text(record, self.places.recovery_answer));
        Candidate {
            line: record.line,
            login,
            external_id,
            profile,
            credential: intended.credential,
            stored: intended.stored,
            recovery: recovery.map(|(question, answer)| Recovery {
                question: question.to_owned(),
                answer: Secret::new(answer),
            }),
            activate: intended.status.activate,
            change_password: intended.status.change_password,
            other_status,
            afterwards: intended.status.afterwards,
            groups: intended.groups,
            realm_id: text(record, self.places.realm_id).map(str::to_owned),
            type_id: text(record, self.places.type_id).map(str::to_owned),
        }
    }

    /// The profile with login and e-mail standing in for each other, and what is wrong with it.
    fn profile(&self, record: &Record) -> (Map<String, Value>, Option<Login>, Vec<Fault>) {
        let mut profile = Map::new();
        let mut faults = Vec::new();
        let mut misread = BTreeSet::new();
        for (at, rule) in &self.rules {
            let name = &rule.attribute().name;
            match record.cells.get(*at).map_or(Ok(None), |cell| rule.value(&tidied(cell, name))) {
                Ok(Some(value)) => drop(profile.insert(name.clone(), value)),
                Ok(None) => {}
                Err(fault) => {
                    misread.insert(name.clone());
                    faults.push(fault);
                }
            }
        }
        self.add_external_id(record, &mut profile, &mut faults);
        if !profile.contains_key("login")
            && !misread.contains("login")
            && let Some(email) = profile.get("email").cloned()
        {
            profile.insert("login".to_owned(), email);
        }
        faults.extend(self.missing(&profile, &misread));
        let login = profile.get("login").and_then(Value::as_str).and_then(Login::parse);
        faults.extend(login.as_ref().and_then(|login| self.faulty_login(login)));
        (profile, login.or_else(|| self.login_as_written(record)), faults)
    }

    fn add_external_id(&self, record: &Record, profile: &mut Map<String, Value>, faults: &mut Vec<Fault>) {
        let Some(rule) = &self.external_id_attribute else { return };
        let Some(cell) = cell(record, self.places.external_id) else { return };
        match rule.value(cell) {
            Ok(Some(value)) => drop(profile.insert(rule.attribute().name.clone(), value)),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }

    fn missing<'a>(
        &'a self,
        profile: &'a Map<String, Value>,
        misread: &'a BTreeSet<String>,
    ) -> impl Iterator<Item = Fault> + 'a {
        let absent =
            self.required.iter().filter(|name| !profile.contains_key(*name) && !misread.contains(*name));
        // A missing login is the missing e-mail it would have fallen back to.
        let said = absent
            .filter(|name| *name != "login" || (profile.contains_key("email") && !misread.contains("email")));
        said.map(|name| {
            Fault::of_field(FaultCode::Required, name, "is empty; Okta can't create a user without it")
        })
    }

    fn faulty_login(&self, login: &Login) -> Option<Fault> {
        let faulty = self.email_login && !looks_like_email(login.as_str());
        faulty.then(|| {
            let reason =
                format!("{} is not an e-mail address, and this org's logins are", quoted(login.as_str()));
            Fault::of_field(FaultCode::BadEmail, "login", reason)
        })
    }

    /// The login of a faulty row, so that its owner can find it.
    fn login_as_written(&self, record: &Record) -> Option<Login> {
        let written = |place: Place| text(record, place).and_then(Login::parse);
        written(self.places.login).or_else(|| written(self.places.email))
    }

    fn intended(&self, record: &Record) -> Result<Intended, Fault> {
        let (credential, stored) = self.credential(record)?;
        let status = self.status(record, &credential)?;
        self.check_recovery(record)?;
        Ok(Intended { credential, stored, status, groups: self.groups(record)? })
    }

    /// The credential, and what the stored hash was written like where the mode looks at it.
    fn credential(&self, record: &Record) -> Result<(Credential, Option<(Notation, Route)>), Fault> {
        match self.wishes.mode {
            Mode::Staged => return Ok((Credential::None, None)),
            Mode::Hook => return Ok((Credential::Hook, None)),
            Mode::Auto | Mode::Hash | Mode::Password => {}
        }
        let mut stored = self.stored_password(record);
        if self.wishes.mode == Mode::Password {
            stored = StoredPassword { cleartext: stored.cleartext, ..StoredPassword::default() };
        }
        let verdict = recognise(&stored, &self.settlement)?;
        let found = verdict.notation().zip(Route::of_verdict(&verdict));
        Ok((credential_of(self.wishes.mode, verdict)?, found))
    }

    fn stored_password<'a>(&self, record: &'a Record) -> StoredPassword<'a> {
        StoredPassword {
            cleartext: text(record, self.places.password),
            hashed_password: text(record, self.places.hashed_password),
            salt: text(record, self.places.salt),
            salt_order: text(record, self.places.salt_order),
            algorithm: text(record, self.places.algorithm),
            work_factor: text(record, self.places.work_factor),
            iterations: text(record, self.places.iterations),
            key_size: text(record, self.places.key_size),
            digest_algorithm: text(record, self.places.digest_algorithm),
            password_hash: text(record, self.places.password_hash),
            credential_data: text(record, self.places.credential_data),
            secret_data: text(record, self.places.secret_data),
        }
    }

    fn status(&self, record: &Record, credential: &Credential) -> Result<StatusWish, Fault> {
        let has_credential = *credential != Credential::None;
        let word = text(record, self.places.status).map(str::trim).unwrap_or_default();
        let activate =
            |by_row: bool| self.wishes.activate.unwrap_or(by_row && self.wishes.mode != Mode::Staged);
        let plain =
            |by_row| Ok(StatusWish { activate: activate(by_row), change_password: false, afterwards: None });
        if word.is_empty() {
            return plain(has_credential);
        }
        match word.to_ascii_uppercase().as_str() {
            "PASSWORD_EXPIRED" if matches!(credential, Credential::Cleartext(_)) && activate(true) => {
                Ok(StatusWish { activate: true, change_password: true, afterwards: None })
            }
            "ACTIVE" | "PASSWORD_EXPIRED" => plain(has_credential),
            "STAGED" => plain(false),
            "PROVISIONED" => plain(true),
            "SUSPENDED" => Ok(StatusWish {
                activate: activate(has_credential),
                change_password: false,
                afterwards: activate(has_credential).then_some(Afterwards::Suspend),
            }),
            "DEPROVISIONED" | "DEACTIVATED" => Ok(StatusWish {
                activate: false,
                change_password: false,
                afterwards: Some(Afterwards::Deactivate),
            }),
            _ => Err(Fault::of_field(
                FaultCode::BadStatus,
                "status",
                format!("{} is not a status that a user can be imported with", quoted(word)),
            )),
        }
    }

    /// Whether the user will be in another status than the row says, if nobody is there before.
    fn other_status(&self, record: &Record, intended: &Intended) -> bool {
        let word = text(record, self.places.status).map(|word| word.trim().to_ascii_uppercase());
        let has_credential = intended.credential != Credential::None;
        let status = match (&intended.status, has_credential) {
            (StatusWish { afterwards: Some(Afterwards::Suspend), .. }, _) => "SUSPENDED",
            (StatusWish { afterwards: Some(Afterwards::Deactivate), .. }, _) => "DEPROVISIONED",
            (StatusWish { activate: false, .. }, _) => "STAGED",
            (StatusWish { change_password: true, .. }, _) => "PASSWORD_EXPIRED",
            (_, true) => "ACTIVE",
            (_, false) => "PROVISIONED",
        };
        word.is_some_and(|word| word != status && !(word == "DEACTIVATED" && status == "DEPROVISIONED"))
    }

    fn groups(&self, record: &Record) -> Result<BTreeSet<GroupWish>, Fault> {
        let mut groups: BTreeSet<GroupWish> =
            self.wishes.groups.iter().cloned().map(GroupWish::Name).collect();
        for &at in &self.places.groups {
            let (Some(cell), Some(target)) = (record.cells.get(at), self.mapping.targets.get(at)) else {
                continue;
            };
            let wish = if *target == Target::GroupIds { GroupWish::Id } else { GroupWish::Name };
            let column = self.mapping.header.get(at).map(String::as_str).unwrap_or_default();
            groups.extend(items(cell, column)?.into_iter().map(wish));
        }
        Ok(groups)
    }

    /// Okta takes a recovery question with its answer, or neither.
    fn check_recovery(&self, record: &Record) -> Result<(), Fault> {
        let missing = |field: &str, other: &str| {
            let reason = format!("is empty, and the row has a {other}; Okta takes both or none");
            Err(Fault::of_field(FaultCode::Required, field, reason))
        };
        match (text(record, self.places.recovery_question), text(record, self.places.recovery_answer)) {
            (Some(_), None) => missing("recoveryAnswer", "recovery question"),
            (None, Some(_)) => missing("recoveryQuestion", "recovery answer"),
            _ => Ok(()),
        }
    }

    /// Reject files have an apostrophe in front of what a spreadsheet would run, and of what begins with one.
    fn without_guard<'a>(&self, record: &'a Record) -> Cow<'a, Record> {
        let mut record = Cow::Borrowed(record);
        if !self.guarded {
            return record;
        }
        for at in 0..record.cells.len() {
            if let Cell::Text(text) = &record.cells[at]
                && let Some(bare) = text.strip_prefix('\'')
            {
                let bare = Cell::text(bare);
                record.to_mut().cells[at] = bare;
            }
        }
        record
    }

    /// NDJSON may give a work factor as a number, and the credentials of a user as a list; our own columns are all
    /// text.
    fn with_text<'a>(&self, record: &'a Record) -> Cow<'a, Record> {
        let scalar = |cell: &Cell, at| match cell {
            Cell::Json(Value::Array(_)) => Some(at) == self.places.password_hash,
            Cell::Json(Value::Number(_) | Value::Bool(_)) => true,
            _ => false,
        };
        let mut record = Cow::Borrowed(record);
        for &at in &self.places.ours {
            if record.cells.get(at).is_some_and(|cell| scalar(cell, at)) {
                let cell = &mut record.to_mut().cells[at];
                *cell = Cell::text(String::from_utf8_lossy(&cell.to_bytes()));
            }
        }
        record
    }
}

fn cell(record: &Record, place: Place) -> Option<&Cell> {
    record.cells.get(place?)
}

fn text(record: &Record, place: Place) -> Option<&str> {
    match cell(record, place)? {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

/// What is sent for a verdict. What nobody can check is sent as nothing: the person gets a new password, as one who never
/// had any.
fn credential_of(mode: Mode, verdict: Verdict) -> Result<Credential, Fault> {
    let missing = |what: &str| {
        Fault::of_row(FaultCode::MissingCredential, format!("has no {what}, which this --mode asks for"))
    };
    match (mode, verdict) {
        (Mode::Hash, Verdict::Hook { notation, .. }) => {
            let reason = format!(
                "{notation} is a notation that Okta can't check; --mode auto would arm the password hook"
            );
            Err(Fault::of_row(FaultCode::MissingCredential, reason))
        }
        (Mode::Hash, Verdict::None | Verdict::Reset { .. } | Verdict::Cleartext(_)) => {
            Err(missing("hashed password"))
        }
        (Mode::Password, Verdict::None | Verdict::Reset { .. }) => Err(missing("cleartext password")),
        (_, Verdict::Hash { hash, .. }) => Ok(Credential::Hash(hash)),
        (_, Verdict::Cleartext(secret)) => Ok(Credential::Cleartext(secret)),
        (_, Verdict::Hook { .. }) => Ok(Credential::Hook),
        (_, Verdict::None | Verdict::Reset { .. }) => Ok(Credential::None),
    }
}

/// What a row asks for beside its profile and groups.
struct Intended {
    credential: Credential,
    stored: Option<(Notation, Route)>,
    groups: BTreeSet<GroupWish>,
    status: StatusWish,
}

struct StatusWish {
    activate: bool,
    change_password: bool,
    afterwards: Option<Afterwards>,
}

/// Blanks around a login or an address are never meant.
fn tidied<'a>(cell: &'a Cell, name: &str) -> Cow<'a, Cell> {
    match cell {
        Cell::Text(text)
            if matches!(name, "login" | "email" | "secondEmail") && text.trim().len() < text.len() =>
        {
            Cow::Owned(Cell::text(text.trim()))
        }
        Cell::Text(text) if text.trim().is_empty() => Cow::Owned(Cell::Empty),
        _ => Cow::Borrowed(cell),
    }
}
