//! The workspace, as cargo tells it.

use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

use crate::error::WorkshopError;

/// The workspace.
#[derive(Debug, Deserialize)]
pub struct Workspace {
    /// The folder of the root manifest.
    #[serde(rename = "workspace_root")]
    pub root: PathBuf,
    /// The crates.
    pub packages: Vec<Package>,
}

/// One crate of the workspace.
#[derive(Clone, Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// What its manifest lists.
    pub dependencies: Vec<Dependency>,
}

/// One line of a manifest.
#[derive(Clone, Debug, Deserialize)]
pub struct Dependency {
    /// The crate that is depended upon.
    pub name: String,
    /// `dev` or `build`; nothing for the usual kind.
    pub kind: Option<String>,
}

impl Workspace {
    /// Asks cargo.
    pub fn read() -> Result<Self, WorkshopError> {
        let json = said("cargo", &["metadata", "--format-version", "1", "--no-deps"])?;
        Ok(serde_json::from_slice(&json)?)
    }
}

impl Dependency {
    /// Only tests need it.
    pub fn is_dev(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

/// What a program says on stdout.
pub fn said(program: &'static str, arguments: &[&str]) -> Result<Vec<u8>, WorkshopError> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .map_err(|source| WorkshopError::Start { program, source })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(WorkshopError::Failed { program, said });
    }
    Ok(output.stdout)
}
