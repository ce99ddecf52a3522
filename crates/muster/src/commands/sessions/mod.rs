//! `muster sessions …`: import sessions of an identity source.

mod cancel;
mod list;
mod opened;
mod show;
mod trigger;

use crate::args::SessionsCommand;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;

/// One of the commands about sessions.
pub async fn sessions(
    settings: &Settings,
    command: SessionsCommand,
    console: Console,
) -> Result<End, Problem> {
    match command {
        SessionsCommand::List(args) => list::list(settings, &args, console).await,
        SessionsCommand::Show(args) => show::show(settings, &args, console).await,
        SessionsCommand::Cancel(args) => cancel::cancel(settings, &args, console).await,
        SessionsCommand::Trigger(args) => trigger::trigger(settings, &args, console).await,
    }
}
