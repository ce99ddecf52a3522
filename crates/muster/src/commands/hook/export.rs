//! `muster hook export`: writes the credential file.

use crate::args::HookExportArgs;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;

/// The command.
pub async fn export(_settings: &Settings, _args: HookExportArgs, _console: Console) -> Result<End, Problem> {
    Err(Problem::could_not_run("not built yet"))
}
