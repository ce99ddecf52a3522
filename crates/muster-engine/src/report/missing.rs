//! `missing.csv`: people of the identity source who are in no row, and what became of each.

use std::path::Path;

use muster_ledger::{Departure, DepartureEnd, Ledger, RunKey};

use super::cell::guarded;
use super::file::{NewFile, failed};
use super::results::PAGE;
use crate::error::EngineError;

const HEADER: [&str; 5] = ["external_id", "login", "okta_id", "end", "reason"];

/// Writes the file, in the order of the external ids.
pub async fn write(ledger: &Ledger, run: RunKey, place: &Path) -> Result<(), EngineError> {
    let mut writer = csv::Writer::from_writer(NewFile::begin(place)?);
    writer.write_record(HEADER).map_err(|error| failed(place, &error))?;
    let mut after = 0;
    loop {
        let page = ledger.departures(run, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.number;
        for departure in &page {
            let cells = cells(departure);
            let cells = cells.iter().map(|cell| guarded(cell.as_bytes()));
            writer.write_record(cells).map_err(|error| failed(place, &error))?;
        }
    }
    writer.into_inner().map_err(|error| failed(place, error.error()))?.finish()
}

fn cells(departure: &Departure) -> [&str; 5] {
    let (end, reason) = match &departure.end {
        None => ("open", ""),
        Some(DepartureEnd::Listed) => ("listed", ""),
        Some(DepartureEnd::Deactivated) => ("deactivated", ""),
        Some(DepartureEnd::NotThere) => ("not_there", ""),
        Some(DepartureEnd::Failed(why)) => ("failed", why.as_str()),
    };
    let login = departure.login.as_deref().unwrap_or_default();
    [&departure.external_id, login, departure.okta_id.as_deref().unwrap_or_default(), end, reason]
}
