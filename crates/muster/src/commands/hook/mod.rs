//! `muster hook …`: the password-import inline hook.

mod backends;
mod books;
mod export;
mod ours;
mod register;
mod registration;
mod removal;
mod serve;
mod status;
mod stop;
mod test;
mod unregister;

use crate::args::HookCommand;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;

pub use serve::start;

/// One of the hook's commands.
pub async fn hook(settings: &Settings, command: HookCommand, console: Console) -> Result<End, Problem> {
    match command {
        HookCommand::Serve(serve) => serve::serve(settings, *serve, console).await,
        HookCommand::Export(export) => export::export(settings, export, console).await,
        HookCommand::Register(register) => register::register(settings, register, console).await,
        HookCommand::Test(test) => test::test(settings, test, console).await,
        HookCommand::Status => status::status(settings, console).await,
        HookCommand::Unregister(unregister) => unregister::unregister(settings, unregister, console).await,
    }
}
