//! Moves a company's people to Okta, and every one of them is accounted for.
//!
//! The binary: arguments become settings, settings become a command. No rule of the domain lives here; only this
//! crate prints, exits or reads the environment.

mod args;
mod commands;
mod error;
mod output;
mod settings;
mod signals;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command};
use crate::error::{End, Problem};
use crate::output::Console;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(asked) => {
            let code = u8::try_from(asked.exit_code()).unwrap_or(2);
            // Nothing can be done about a terminal that is gone.
            drop(asked.print());
            return ExitCode::from(code);
        }
    };
    let console = Console::new(&arguments.global);
    output::start_log(&arguments.global);
    // The whole process uses one provider; a second call would be a mistake of ours and changes nothing.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let runtime = runtime(serves_an_org(&arguments));
    match runtime.and_then(|runtime| runtime.block_on(commands::run(arguments, &console))) {
        Ok(_) if !output::result_was_written() => {
            console.problem(&Problem::could_not_run(
                "standard output can't be written; the work itself is done",
            ));
            ExitCode::from(End::CouldNotRun.code())
        }
        Ok(end) => ExitCode::from(end.code()),
        Err(problem) => {
            console.problem(&problem);
            ExitCode::from(problem.end.code())
        }
    }
}

/// Whether the command serves an org or the hook, which answer many at once. All others have one conversation with an org and
/// one with the books: handing rows between threads would cost more than the work on them.
fn serves_an_org(arguments: &Arguments) -> bool {
    let is_hook = matches!(arguments.command, Some(Command::Hook(args::HookCommand::Serve(_))));
    is_hook || matches!(arguments.command, Some(Command::Emulator(_) | Command::Demo(_)))
}

fn runtime(several_threads: bool) -> Result<tokio::runtime::Runtime, Problem> {
    let mut builder = if several_threads {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    let runtime = builder.worker_threads(2).enable_all().build();
    runtime.map_err(|error| Problem::could_not_run(format!("the runtime could not be started: {error}")))
}
