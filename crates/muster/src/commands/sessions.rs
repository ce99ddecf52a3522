//! `muster sessions`.

use crate::args::SessionsCommand;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;

/// Import sessions of an identity source.
pub async fn sessions(
    settings: &Settings,
    command: SessionsCommand,
    console: Console,
) -> Result<End, Problem> {
    drop((settings, command, console));
    Err(Problem::could_not_run("not there yet"))
}
