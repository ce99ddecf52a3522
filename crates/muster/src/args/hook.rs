//! `muster hook …`.

mod export;

use clap::{Args, Subcommand};

pub use export::HookExportArgs;

/// `muster hook`
#[derive(Debug, Subcommand)]
pub enum HookCommand {
    /// Answer Okta's question whether a password is right
    Serve(HookServeArgs),
    /// Write the credential file of `hook serve` from the source of an import
    Export(HookExportArgs),
}

/// `muster hook serve`
#[derive(Args, Debug)]
pub struct HookServeArgs {}
