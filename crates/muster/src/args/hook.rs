//! `muster hook …`.

use clap::{Args, Subcommand};

use super::{HookRegisterArgs, HookTestArgs, HookUnregisterArgs};

/// `muster hook`
#[derive(Debug, Subcommand)]
pub enum HookCommand {
    /// Answer Okta's question whether a password is right
    Serve(HookServeArgs),
    /// Write the credential file of `hook serve` from the source of an import
    Export(HookExportArgs),
    /// Tell the org where the hook is
    Register(HookRegisterArgs),
    /// Prove the way in, from here and through the org
    Test(HookTestArgs),
    /// Which password hook the org has, and what it did in the last hour
    Status,
    /// Switch the hook off and delete it
    Unregister(HookUnregisterArgs),
}

/// `muster hook serve`
#[derive(Args, Debug)]
pub struct HookServeArgs {}

/// `muster hook export`
#[derive(Args, Debug)]
pub struct HookExportArgs {}
