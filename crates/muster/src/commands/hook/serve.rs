//! `muster hook serve`: answers Okta.

use crate::args::HookServeArgs;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;

/// The command.
pub async fn serve(_settings: &Settings, _args: HookServeArgs, _console: Console) -> Result<End, Problem> {
    Err(Problem::could_not_run("not built yet"))
}
