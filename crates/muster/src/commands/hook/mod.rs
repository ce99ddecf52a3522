//! `muster hook …`: the password-import inline hook.

mod backends;
mod export;
mod serve;
mod stop;

use crate::args::HookCommand;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;

/// One of the hook's commands.
pub async fn hook(settings: &Settings, command: HookCommand, console: Console) -> Result<End, Problem> {
    match command {
        HookCommand::Serve(serve) => serve::serve(settings, *serve, console).await,
        HookCommand::Export(export) => export::export(settings, export, console).await,
    }
}
