//! `muster emulator` and `muster generate`.

use std::path::PathBuf;

use clap::Args;

/// `muster emulator`
#[derive(Args, Clone, Debug)]
pub struct EmulatorArgs {
    /// The port; 0 is any free one. The address is the first line on standard output
    #[arg(long, default_value_t = 8100)]
    pub port: u16,
    /// An API token that it accepts, repeatable; test unless said
    #[arg(long, value_name = "NAME")]
    pub token: Vec<String>,
    /// Serve HTTPS with a certificate of its own
    #[arg(long)]
    pub tls: bool,
    /// Write the authority of that certificate to this file, for --ca-file
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub ca_out: Option<PathBuf>,
    /// The kind of org, for its limits: integrator, one-app, enterprise, workforce
    #[arg(long, value_name = "PLAN", default_value = "workforce")]
    pub plan: String,
    /// A limit in place of the plan's, repeatable, such as users=600/6s or users=unlimited
    #[arg(long, value_name = "BUCKET=N/TIME")]
    pub limit: Vec<String>,
    /// Requests at the same time
    #[arg(long, value_name = "N")]
    pub concurrency: Option<u32>,
    /// The time that every request takes, such as 150ms
    #[arg(long, value_name = "TIME")]
    pub latency: Option<String>,
    /// Keep the org in this file
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Decides on ids and the like
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
}

/// `muster generate`
#[derive(Args, Clone, Debug)]
pub struct GenerateArgs {
    /// How many people
    #[arg(long, short = 'n', value_name = "N", default_value_t = 1000)]
    pub count: u64,
    /// The same number makes the same people
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// The domain of their addresses
    #[arg(long, value_name = "NAME", default_value = "example.com")]
    pub domain: String,
    /// Notations to mix: bcrypt or bcrypt:COST, ssha512, ssha256, ssha, smd5, pbkdf2-sha256 or pbkdf2-sha256:ROUNDS, cleartext, none
    #[arg(
        long,
        value_name = "NAME,...",
        value_delimiter = ',',
        default_value = "bcrypt:5,ssha512,ssha256,ssha,pbkdf2-sha256:4096,none"
    )]
    pub hashes: Vec<String>,
    /// Groups to spread them over
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub groups: Vec<String>,
    /// Rows to spoil, of a thousand
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub faulty: u32,
    /// Write NDJSON in place of CSV
    #[arg(long)]
    pub ndjson: bool,
    /// Write to this file in place of standard output
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write logins and their passwords to this file, to try sign-ins with
    #[arg(long, value_name = "FILE")]
    pub known: Option<PathBuf>,
}
