//! `muster programme stragglers`

use muster_engine::report::NewFile;
use muster_ledger::Crowd;
use muster_okta::needs;

use super::opened::{Opened, halted, patience};
use crate::args::ProgrammeStragglersArgs;
use crate::error::{End, Problem};
use crate::output::{Console, grouped};
use crate::settings::Settings;

/// Who has not come over.
pub async fn stragglers(
    settings: &Settings,
    args: ProgrammeStragglersArgs,
    console: Console,
) -> Result<End, Problem> {
    let opened = Opened::of(settings, &args.runs).await?;
    let crowd = crowd(settings, &opened, &args).await?;
    opened.programme.read_audits(&args.audit).await?;
    let written = match &args.out {
        Some(path) => {
            let mut file = NewFile::begin(path)?;
            let place = path.display().to_string();
            let written = opened.programme.write_stragglers(&crowd, &mut file, &place).await?;
            file.finish()?;
            written
        }
        None => opened.programme.write_stragglers(&crowd, console.output(), "standard output").await?,
    };
    console.note(&format!("{} people have not come over.", grouped(written)));
    Ok(End::Fine)
}

async fn crowd(
    settings: &Settings,
    opened: &Opened,
    args: &ProgrammeStragglersArgs,
) -> Result<Crowd, Problem> {
    let (programme, names) = (&opened.programme, args.group.as_slice());
    let groups = if args.offline {
        programme.enrol().await?;
        programme.watched_by_name(names).await?
    } else {
        let pacing = patience(settings, &args.pacing)?;
        let contact = opened.contact(settings, needs::programme_status(), &pacing)?;
        programme.sync(&contact).await.map_err(halted)?;
        programme.watch(&contact, names, false).await.map_err(halted)?
    };
    match (args.group.as_ref(), groups.first()) {
        (None, _) => Ok(programme.crowd()),
        (Some(_), Some(group)) => Ok(programme.crowd().in_group(group.key)),
        (Some(name), None) => Err(Problem::could_not_run(format!(
            "the members of {name:?} were never read; leave --offline out once"
        ))),
    }
}
