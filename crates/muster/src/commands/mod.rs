//! The commands. Each gets settings that hold and says how it ended.

mod access;
mod activate;
mod arming;
mod connect;
mod copies;
mod demo;
mod doctor;
mod emulated_org;
mod emulator;
mod generate;
mod hashes;
mod hook;
mod import;
mod known;
mod likeness;
mod plan;
mod programme;
mod reference;
mod report;
mod resume;
mod retry;
mod run;
mod sessions;
mod source;
mod takeup;
mod unchanged;
mod way;

use crate::args::{Arguments, Command};
use crate::error::{End, Problem};
use crate::output::{Console, Page};
use crate::settings::{Environment, Settings};

/// Runs the command of the arguments.
pub async fn run(arguments: Arguments, console: &Console) -> Result<End, Problem> {
    let console = *console;
    let environment = Environment::of_process();
    let settings = Settings::resolve(&arguments.global, &environment)?;
    if arguments.global.show_settings {
        return Ok(show_settings(&settings, console));
    }
    let Some(command) = arguments.command else {
        return Err(Problem::wrong_usage("no command was given; `muster --help` lists them"));
    };
    match command {
        Command::Demo(demo) => demo::demo(&demo, console).await,
        Command::Plan(plan) => plan::plan(&settings, &plan, console).await,
        Command::Import(import) => import::import(&settings, &import, console).await,
        Command::Resume(resume) => resume::resume(&settings, resume, console).await,
        Command::Retry(retry) => retry::retry(&settings, retry, console).await,
        Command::Status(status) => report::status(&settings, status.run, console).await,
        Command::Runs => report::runs(&settings, console).await,
        Command::Report(report) => report::report(&settings, report.run, console).await,
        Command::Activate(activate) => activate::activate(&settings, activate, console).await,
        Command::Hashes(hashes) => hashes::hashes(&settings, hashes, console).await,
        Command::Hook(hook) => hook::hook(&settings, hook, console).await,
        Command::Programme(programme) => programme::programme(&settings, programme, console).await,
        Command::Sessions(command) => sessions::sessions(&settings, command, console).await,
        Command::Doctor => doctor::doctor(&settings, console).await,
        Command::Emulator(emulator) => {
            emulator::emulator(&settings, *emulator, arguments.global.verbose, console).await
        }
        Command::Generate(generate) => generate::generate(generate, console).await,
        Command::Completions { shell } => Ok(reference::completions(shell)),
        Command::Man => reference::man(),
    }
}

fn show_settings(settings: &Settings, console: Console) -> End {
    let rows = settings.rows();
    let mut text = Page::default();
    let mut document = serde_json::Map::new();
    for [name, value, origin] in rows {
        text.line(format_args!("{name:<16} {value:<44} {origin}"));
        document.insert(name, serde_json::json!({ "value": value, "from": origin }));
    }
    console.result(&document, &text.into_text());
    End::Fine
}
