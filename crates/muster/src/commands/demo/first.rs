//! The first tour: people whose hashes Okta checks itself.

use std::path::{Path, PathBuf};

use muster_emulator::{Emulator, Listen, OrgSettings, serve};
use muster_people::{Column, CsvWriter, HashKind, KnownWriter, People, PeopleSettings, Person};

use super::command_line::CommandLine;
use super::sign_in::authenticate;
use super::{FOLDER, TOKEN, org_failed};
use crate::args::Command;
use crate::commands::generate::create;
use crate::commands::run::make_folder;
use crate::error::{End, Problem};
use crate::output::{Console, grouped};

/// How many people there are unless said.
const PEOPLE: u64 = 1000;

/// The people of the demo, always the same.
fn settings_of_people(count: u64) -> PeopleSettings {
    PeopleSettings {
        hashes: vec![
            HashKind::Bcrypt { cost: 5 },
            HashKind::Ssha512,
            HashKind::Pbkdf2Sha256 { iterations: 4096 },
            HashKind::Ssha,
            HashKind::Bcrypt { cost: 5 },
            HashKind::None,
        ],
        groups: ["All Employees", "Sales", "Northeast", "Engineering"].map(str::to_owned).to_vec(),
        faulty_per_mille: 12,
        ..PeopleSettings::new(2026, count)
    }
}

/// Generates, plans, imports, signs in and reports, all on this machine.
pub async fn tour(people: Option<u64>, console: Console) -> Result<End, Problem> {
    let count = people.unwrap_or(PEOPLE);
    let folder = PathBuf::from(FOLDER);
    make_folder(&folder)?;
    console.headline(&format!("1. {} made-up people, some of them spoiled on purpose", grouped(count)));
    let people = People::new(settings_of_people(count));
    let people = people.map_err(|error| Problem::wrong_usage(error.to_string()))?;
    let file = folder.join("people.csv");
    let signers = write_people(people, &file, &folder.join("known.csv"))?;
    console.note(&format!("   {} (their passwords: {})", file.display(), folder.join("known.csv").display()));

    console.headline("\n2. An Okta org on this machine, with Okta's limits in a shorter window");
    let limits = ["users=600/6s", "groups=600/6s"].into_iter().filter_map(|limit| limit.parse().ok());
    let org =
        OrgSettings { tokens: vec![TOKEN.to_owned()], limits: limits.collect(), ..OrgSettings::default() };
    let emulator = Emulator::open(org).map_err(org_failed)?;
    let running =
        serve(emulator.clone(), Listen { port: 0, ..Listen::default() }).await.map_err(org_failed)?;
    console.note(&format!("   {} · 600 creates in 6 s for this token", running.url));

    console.headline("\n3. muster import people.csv --create-groups");
    let end = Box::pin(import(&running.url, &folder, &file, console)).await?;

    console.headline("\n4. Can they sign in with the passwords that they had?");
    let (good, tried) = sign_in(&emulator, &signers).await;
    console.note(&format!(
        "   {good} of {tried} tried with their own password, {} refused with a wrong one",
        refused(&emulator, &signers).await
    ));
    running.shutdown().await.map_err(org_failed)?;
    console.headline("\nNext");
    console.note(&next_steps(&folder));
    // Rows that were spoiled on purpose are found, which is what the tour is to show.
    Ok(if matches!(end, End::Fine | End::Attention) && good == tried { End::Fine } else { End::CouldNotRun })
}

fn next_steps(folder: &Path) -> String {
    format!(
        "   Look at it      {folder}/muster/runs/*/report.html, results.csv, rejects.csv\n   \
         The real org    export OKTA_ORG_URL=https://example.okta.com OKTA_API_TOKEN=...\n                   \
         muster doctor\n                   muster plan people.csv\n                   muster import people.csv --limit 10\n   \
         Rehearse        muster emulator",
        folder = folder.display()
    )
}

/// Writes the people and keeps a few with a hash, to sign in with.
fn write_people(people: People, file: &Path, known: &Path) -> Result<Vec<Person>, Problem> {
    const SIGNERS: usize = 25;
    let mut table = CsvWriter::new(create(file)?, &Column::for_kinds(&people.settings().hashes))?;
    let mut passwords = KnownWriter::new(create(known)?)?;
    let mut signers = Vec::new();
    for person in people {
        table.write(&person)?;
        passwords.write(&person)?;
        if signers.len() < SIGNERS && person.fault.is_none() && person.password_hash.is_some() {
            signers.push(person);
        }
    }
    table.finish()?;
    passwords.finish()?;
    Ok(signers)
}

/// The import as anybody would call it.
async fn import(org: &str, folder: &Path, file: &Path, console: Console) -> Result<End, Problem> {
    let file = file.display().to_string();
    let words =
        ["import", "--create-groups", "--new-run", "--marker-group", "Migrated by Muster", file.as_str()];
    let (settings, command) = CommandLine::new(org, folder).typed(&words)?;
    let Command::Import(import) = command else { return Ok(End::CouldNotRun) };
    crate::commands::import::import(&settings, &import, console).await
}

/// How many of these people get in with their password.
async fn sign_in(emulator: &Emulator, people: &[Person]) -> (usize, usize) {
    let mut good = 0;
    for person in people {
        good += usize::from(authenticate(emulator, &person.login, &person.password).await);
    }
    (good, people.len())
}

/// How many are kept out with a wrong one.
async fn refused(emulator: &Emulator, people: &[Person]) -> usize {
    let mut refused = 0;
    for person in people {
        refused += usize::from(!authenticate(emulator, &person.login, "not-the-password-1A").await);
    }
    refused
}
