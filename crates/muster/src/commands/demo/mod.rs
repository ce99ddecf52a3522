//! `muster demo`: tours on an embedded org. Each step is a command as anybody would call it.

mod checks;
mod command_line;
mod crowd;
mod first;
mod hook_files;
mod programme;
mod sign_in;
mod witness;

use muster_emulator::EmulatorError;

use crate::args::DemoArgs;
use crate::error::{End, Problem};
use crate::output::Console;

/// Where all files of a tour are.
const FOLDER: &str = "muster-demo";
/// The token of the embedded org.
const TOKEN: &str = "demo";

/// The tour that was asked for.
pub async fn demo(args: &DemoArgs, console: Console) -> Result<End, Problem> {
    if args.programme {
        programme::tour(args.people, console).await
    } else {
        first::tour(args.people, console).await
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn org_failed(error: EmulatorError) -> Problem {
    Problem::could_not_run(error.to_string())
}
