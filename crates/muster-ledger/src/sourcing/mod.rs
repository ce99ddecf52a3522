//! Identity sources: the people whom Okta was told of, the import sessions that rows are loaded into, what each upload
//! carried, and who has left.
//!
//! A row of such a run is open until it has an outcome, as any other. It knows nothing of requests or their answers.

mod departures;
mod groups;
mod lines;
mod people;
mod rows;
mod sessions;
mod settlement;
mod tables;
mod uploads;

pub use departures::{Departure, DepartureCounts, DepartureEnd, MissingCount};
pub use people::{SourceKey, SourceTally};
pub use rows::SourcedRow;
pub(crate) use rows::{ExternalIds, duplicate_external_id, tell_source};
pub use sessions::{SessionRecord, SessionStage};
pub use settlement::{LoadedRow, SettledRow, Standing};
pub(crate) use tables::TABLES;
pub use uploads::{UploadKind, UploadRecord};
