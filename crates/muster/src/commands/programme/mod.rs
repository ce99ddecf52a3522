//! `muster programme …`: until the last person has signed in.

mod finish;
mod opened;
mod serve;
mod status;
mod stragglers;

use crate::args::ProgrammeCommand;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;

pub use opened::{Opened, wave_lock};

/// One of the programme's commands.
pub async fn programme(
    settings: &Settings,
    command: ProgrammeCommand,
    console: Console,
) -> Result<End, Problem> {
    match command {
        ProgrammeCommand::Status(args) => status::status(settings, args, console).await,
        ProgrammeCommand::Serve(args) => serve::serve(settings, args, console).await,
        ProgrammeCommand::Stragglers(args) => stragglers::stragglers(settings, args, console).await,
        ProgrammeCommand::Finish(args) => finish::finish(settings, args, console).await,
    }
}
