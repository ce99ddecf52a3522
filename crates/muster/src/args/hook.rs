//! `muster hook …`.

mod export;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{HookRegisterArgs, HookTestArgs, HookUnregisterArgs};
pub use export::HookExportArgs;

/// `muster hook`
#[derive(Debug, Subcommand)]
pub enum HookCommand {
    /// Answer Okta's question whether a password is right
    Serve(Box<HookServeArgs>),
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
#[command(after_help = "\
Examples:
  export MUSTER_HOOK_SECRET=$(openssl rand -hex 32)
  muster hook serve --credentials people.credentials --self-signed --ca-out ca.pem     a first try on this machine
  muster hook serve --config /etc/muster/muster.toml                                   everything from the file

The address is the first line on standard output, a JSON object with `url`. SIGHUP opens the audit file anew and
looks at the certificate; SIGTERM finishes the calls that are there and ends. docs/hook.md has the settings.")]
pub struct HookServeArgs {
    /// Settings from this file in place of muster.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where Okta calls; port 0 is any free one [default: 127.0.0.1:8443]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// The certificate chain, in PEM; read anew when it changes
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// Its private key, in PEM
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Make a certificate, to try things out; Okta would not trust it
    #[arg(long, conflicts_with_all = ["certificate", "key", "behind_tls_proxy"])]
    pub self_signed: bool,
    /// Write the authority of that certificate to this file
    #[arg(long, value_name = "FILE", requires = "self_signed")]
    pub ca_out: Option<PathBuf>,
    /// Serve plain HTTP on any address: another server takes the TLS off before it
    #[arg(long)]
    pub behind_tls_proxy: bool,
    /// The credential file that `hook export` wrote
    #[arg(long, value_name = "FILE")]
    pub credentials: Option<PathBuf>,
    /// Verify and count, and answer UNVERIFIED to all
    #[arg(long)]
    pub shadow: bool,
    /// Write a line of JSON for each call to this file; - is standard output
    #[arg(long, value_name = "FILE")]
    pub audit: Option<PathBuf>,
    /// Where health and metrics are told, or none [default: 127.0.0.1:9464]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub admin: Option<String>,
    /// Threads that verify [default: one for each core]
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
}
