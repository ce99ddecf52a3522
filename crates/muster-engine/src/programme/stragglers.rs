//! Who has not come over, as a list to write or to speak to.

use std::borrow::Cow;
use std::io::Write;

use jiff::Timestamp;
use muster_core::programme::PersonState;
use muster_ledger::{Crowd, Person};

use super::Programme;
use crate::error::EngineError;
use crate::report::guarded;

const HEADER: [&str; 7] =
    ["login", "okta_id", "external_id", "groups", "armed_at", "last_wrong_password_at", "state"];
/// People taken from the books at a time.
const PAGE: u32 = 1000;
/// Those who have not come over, and got no mail.
const STATES: [PersonState; 3] = [PersonState::Armed, PersonState::Verified, PersonState::Cannot];

impl Programme {
    /// Writes them as CSV, in the order of their ids; how many they are. Names of groups are those that were watched.
    pub async fn write_stragglers(
        &self,
        crowd: &Crowd,
        out: impl Write,
        place: &str,
    ) -> Result<u64, EngineError> {
        let failed = |error: &dyn std::error::Error| EngineError::Output {
            path: place.to_owned(),
            reason: error.to_string(),
        };
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(HEADER).map_err(|error| failed(&error))?;
        let (mut after, mut written) = (String::new(), 0);
        loop {
            let page = self.ledger.people(crowd.clone(), STATES.to_vec(), after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.okta_id.clone();
            let ids = page.iter().map(|person| person.okta_id.clone()).collect();
            let groups = self.ledger.groups_of(ids).await?;
            for (person, groups) in page.iter().zip(groups) {
                writer.write_record(row(person, &groups)).map_err(|error| failed(&error))?;
                written += 1;
            }
        }
        writer.flush().map_err(|error| failed(&error))?;
        Ok(written)
    }
}

fn row(person: &Person, groups: &[String]) -> [Vec<u8>; 7] {
    let text = |cell: &str| Cow::into_owned(guarded(cell.as_bytes()));
    let time = |at: Option<Timestamp>| at.map(|at| format!("{at:.3}")).unwrap_or_default().into_bytes();
    [
        text(&person.login),
        text(&person.okta_id),
        text(person.external_id.as_deref().unwrap_or_default()),
        text(&groups.join(";")),
        time(person.armed_at),
        time(person.wrong_at),
        person.state.as_str().into(),
    ]
}
