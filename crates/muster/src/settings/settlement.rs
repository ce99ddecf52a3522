//! What the operator settles about stored passwords, from flags, files and the environment.

use std::path::Path;

use muster_core::credential::{Notation, Settlement};
use muster_core::secret::Secret;
use muster_core::stored::FirebaseProject;
use zeroize::Zeroizing;

use super::Environment;
use crate::args::SettlementArgs;
use crate::error::Problem;

/// What was settled.
pub fn settlement(args: &SettlementArgs, environment: &Environment) -> Result<Settlement, Problem> {
    Ok(Settlement {
        meant: args.notation.iter().map(|name| notation(name)).collect::<Result<_, _>>()?,
        pepper: pepper(args.pepper_file.as_deref(), environment)?,
        firebase: args.firebase.as_deref().map(project).transpose()?,
    })
}

/// A notation by its stable name.
pub fn notation(name: &str) -> Result<Notation, Problem> {
    let wanted = name.trim().to_ascii_lowercase();
    let found = Notation::ALL.iter().find(|notation| notation.as_str() == wanted);
    found.copied().ok_or_else(|| {
        let known: Vec<&str> = Notation::ALL.iter().map(|notation| notation.as_str()).collect();
        Problem::wrong_usage(format!("--notation: found \"{name}\", expected one of {}", known.join(", ")))
    })
}

fn pepper(file: Option<&Path>, environment: &Environment) -> Result<Option<Secret>, Problem> {
    let Some(path) = file else {
        return Ok(environment.secret("MUSTER_PEPPER").map(|found| found.value));
    };
    let text = read("--pepper-file", path)?;
    let pepper = text.trim_end_matches(['\r', '\n']);
    if pepper.is_empty() {
        return Err(Problem::wrong_usage(format!("--pepper-file {} is empty", path.display())));
    }
    Ok(Some(Secret::new(pepper)))
}

fn project(path: &Path) -> Result<FirebaseProject, Problem> {
    FirebaseProject::parse(&read("--firebase", path)?)
        .map_err(|reason| Problem::wrong_usage(format!("--firebase {}: {reason}", path.display())))
}

fn read(option: &str, path: &Path) -> Result<Zeroizing<String>, Problem> {
    std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| Problem::wrong_usage(format!("{option} {} can't be read: {error}", path.display())))
}
