//! `muster hashes`: a census of password notations.

use crate::args::HashesArgs;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;

/// Counts the notations of a file.
pub async fn hashes(_settings: &Settings, _args: HashesArgs, _console: Console) -> Result<End, Problem> {
    Err(Problem::could_not_run("not built yet"))
}
