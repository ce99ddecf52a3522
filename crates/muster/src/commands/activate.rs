//! `muster activate`.

use crate::args::ActivateArgs;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;

/// Activates staged people in waves.
pub async fn activate(_settings: &Settings, _args: ActivateArgs, _console: Console) -> Result<End, Problem> {
    Err(Problem::could_not_run("not built yet"))
}
