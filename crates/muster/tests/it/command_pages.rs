//! `docs/reference/commands.md` is what `--help` prints, word for word.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::reference::COMMANDS;
use crate::world::World;

/// Set to write the page in place of comparing it.
const WRITE: &str = "MUSTER_WRITE_DOCS";

fn page() -> String {
    let world = World::free();
    let mut page = String::from(
        "# Commands\n\nWhat `muster --help` and the help of each command print. Generated; to renew it:\n\
         `MUSTER_WRITE_DOCS=1 cargo nextest run -p muster command_pages`\n",
    );
    for command in [""].into_iter().chain(COMMANDS) {
        let words: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let help = world.muster(&words).out;
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        write!(page, "\n## muster {command}\n\n```text\n{}\n```\n", lines.join("\n").trim_end()).unwrap();
    }
    page.replace("## muster \n", "## muster\n")
}

#[test]
fn the_page_of_commands_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/commands.md");
    let page = page();
    if std::env::var_os(WRITE).is_some() {
        fs::write(&path, &page).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == page,
        "docs/reference/commands.md is stale; renew it: {WRITE}=1 cargo nextest run -p muster command_pages"
    );
}
