//! `muster hashes`.

use std::path::PathBuf;

use clap::Args;

/// `muster hashes`
#[derive(Args, Debug)]
pub struct HashesArgs {
    /// The file
    pub file: PathBuf,
}
