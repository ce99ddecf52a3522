//! Rows of people who are to be deactivated: nothing is needed of them but their key.

use serde_json::Map;

use super::{Interpreter, text};
use crate::candidate::{Candidate, Credential};
use crate::fault::{Fault, FaultCode};
use crate::interpret::FaultyRow;
use crate::login::Login;
use crate::record::Record;

impl Interpreter {
    /// The same for rows of people who are to be deactivated.
    #[must_use]
    pub fn for_departures(mut self) -> Self {
        self.departing = true;
        self
    }

    /// Who it is. Without a login the external id stands for it in reports.
    pub(super) fn departing(&self, record: &Record) -> Result<Candidate, FaultyRow> {
        let external_id = text(record, self.places.external_id).map(|id| id.trim().to_owned());
        let by_key = || external_id.as_deref().and_then(Login::parse);
        let login = self.login_as_written(record).or_else(by_key);
        let fault = match (&record.fault, &login) {
            (Some(fault), _) => fault.clone(),
            (None, Some(login)) => return Ok(self.nobody_but(record, login.clone(), external_id)),
            (None, None) => Fault::of_field(
                FaultCode::MissingExternalId,
                "externalId",
                "is empty, and the row has no login",
            ),
        };
        let login = login.map(|login| login.as_str().to_owned());
        Err(FaultyRow { line: record.line, login, external_id, faults: vec![fault] })
    }

    fn nobody_but(&self, record: &Record, login: Login, external_id: Option<String>) -> Candidate {
        let mut profile = Map::new();
        for (at, rule) in &self.rules {
            // A key may be an attribute; what is wrong with any other is no matter here.
            if let Some(Ok(Some(value))) = record.cells.get(*at).map(|cell| rule.value(cell)) {
                profile.insert(rule.attribute().name.clone(), value);
            }
        }
        Candidate {
            line: record.line,
            login,
            external_id,
            profile,
            credential: Credential::None,
            stored: None,
            recovery: None,
            activate: false,
            change_password: false,
            other_status: false,
            afterwards: None,
            groups: std::collections::BTreeSet::new(),
            realm_id: None,
            type_id: None,
        }
    }
}
