//! What the operator settles about stored passwords.

use std::path::PathBuf;

use clap::Args;

/// What no row says of its stored password.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Stored passwords")]
pub struct SettlementArgs {
    /// What is meant where a stored password reads as several notations, such as ntlm
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub notation: Vec<String>,
    /// The file of the pepper that was put after every password
    #[arg(long, value_name = "FILE")]
    pub pepper_file: Option<PathBuf>,
    /// The file of the Firebase project's hash parameters, as its console shows them
    #[arg(long, value_name = "FILE")]
    pub firebase: Option<PathBuf>,
}
