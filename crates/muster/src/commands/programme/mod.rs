//! `muster programme …`: until the last person has signed in.

use crate::args::ProgrammeCommand;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;

/// One of the programme's commands.
pub async fn programme(
    _settings: &Settings,
    _command: ProgrammeCommand,
    _console: Console,
) -> Result<End, Problem> {
    Err(Problem::could_not_run("not built yet"))
}
