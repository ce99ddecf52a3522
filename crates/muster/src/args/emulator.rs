//! `muster emulator` and `muster generate`.

use std::path::PathBuf;

use clap::Args;

/// `muster emulator`
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  muster emulator                                             http://127.0.0.1:8100, token test
  muster emulator --plan one-app --background 200/min         limits of such an org, shared with others
  muster emulator --latency okta --lag search=0..3s           as slow, and as late, as the real one
  muster emulator --fault 503:createUser=2% --fault lost-answer=1% --seed 7
  muster emulator --like https://example.okta.com             its schema, types, groups and limits; no user
  muster emulator --tls --ca-out ca.pem --state org.ndjson

What truly happened: /_emulator/ lists what there is to see. A page to sign in by hand: /")]
pub struct EmulatorArgs {
    /// The port; 0 is any free one. The address is the first line on standard output
    #[arg(long, default_value_t = 8100)]
    pub port: u16,
    /// The address to listen on; any but this machine's own opens the org to the network
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: std::net::IpAddr,
    /// Serve HTTPS with a certificate of its own
    #[arg(long)]
    pub tls: bool,
    /// Write the authority of that certificate to this file, for --ca-file
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub ca_out: Option<PathBuf>,
    /// Keep the org in this file
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Decides on ids, latencies, faults and the like
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Who may call.
    #[command(flatten)]
    pub access: EmulatorAccessArgs,
    /// What is in the org.
    #[command(flatten)]
    pub org: EmulatorOrgArgs,
    /// Its identity sources.
    #[command(flatten)]
    pub sources: EmulatorSourceArgs,
    /// How it limits, lags and fails.
    #[command(flatten)]
    pub line: EmulatorLineArgs,
}

/// Who may call the emulated org
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Who may call")]
pub struct EmulatorAccessArgs {
    /// An API token that it accepts, repeatable; test unless said. With scopes it has no other rights
    #[arg(long, value_name = "NAME[=SCOPE,...]")]
    pub token: Vec<String>,
    /// A service app of OAuth 2.0, repeatable: a JSON file with client id, public keys and scopes
    #[arg(long, value_name = "FILE")]
    pub service_app: Vec<PathBuf>,
    /// How long an access token lasts
    #[arg(long, value_name = "TIME", default_value = "1h")]
    pub token_lifetime: String,
}

/// What is in the emulated org
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "What is in the org")]
pub struct EmulatorOrgArgs {
    /// The kind of org, for its limits: integrator, one-app, enterprise, workforce
    #[arg(long, value_name = "PLAN", default_value = "workforce")]
    pub plan: String,
    /// Copy schema, types, groups, limits and the names of hooks from this org, with reads alone; no user
    #[arg(long, value_name = "URL")]
    pub like: Option<String>,
    /// A realm, repeatable; with domains its people must have one of them
    #[arg(long, value_name = "NAME[=DOMAIN,...]")]
    pub realm: Vec<String>,
    /// An app that people can be assigned to, repeatable
    #[arg(long, value_name = "NAME")]
    pub application: Vec<String>,
    /// A group that an app fills, repeatable: nobody can be put into it
    #[arg(long, value_name = "NAME")]
    pub app_group: Vec<String>,
    /// Active users at most; a free Integrator org has 10
    #[arg(long, value_name = "N")]
    pub active_user_cap: Option<u32>,
    /// Trust the authority of this PEM file when a password hook is called
    #[arg(long, value_name = "FILE")]
    pub hook_ca: Option<PathBuf>,
    /// Take password hooks on plain http of this machine, which Okta never does
    #[arg(long)]
    pub allow_http_hooks: bool,
    /// Check every request and answer against this description, in the form of Open API; violations are counted
    #[arg(long, value_name = "FILE")]
    pub description: Option<PathBuf>,
}

/// The identity sources of the emulated org
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Identity sources")]
pub struct EmulatorSourceArgs {
    /// An identity source, repeatable: people and groups are loaded into it in import sessions
    #[arg(long = "identity-source", value_name = "LABEL[=ID]")]
    pub sources: Vec<String>,
    /// An attribute of a source's schema, repeatable; a source without any takes whatever comes
    #[arg(long = "identity-source-attribute", value_name = "LABEL:NAME")]
    pub attributes: Vec<String>,
    /// The people of this source become ACTIVE, repeatable; they are STAGED otherwise
    #[arg(long = "identity-source-activate", value_name = "LABEL")]
    pub activate: Vec<String>,
    /// People that an import processes in a time, such as 2000/min or 500/10s; 0 or instant is at once
    #[arg(long = "identity-source-speed", value_name = "N/TIME", default_value = "2000/min")]
    pub speed: String,
    /// So long after a session was created no other can be, unless that one is over
    #[arg(long = "identity-source-gap", value_name = "TIME", default_value = "5m")]
    pub gap: String,
    /// So long after it was last loaded into a session expires
    #[arg(long = "identity-source-expiry", value_name = "TIME", default_value = "24h")]
    pub expiry: String,
    /// List those sessions alone that are not over
    #[arg(long = "identity-source-lists-active")]
    pub lists_active: bool,
}

/// How the emulated org limits, lags and fails
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "How it limits, lags and fails")]
pub struct EmulatorLineArgs {
    /// A limit in place of the plan's, repeatable, such as users=600/6s or all=unlimited
    #[arg(long, value_name = "BUCKET=N/TIME")]
    pub limit: Vec<String>,
    /// Requests at the same time, for one token
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub concurrency: Option<u32>,
    /// Other clients' traffic, repeatable, such as 200/min or groups=30/s
    #[arg(long, value_name = "[BUCKET=]N/TIME")]
    pub background: Vec<String>,
    /// The time that requests take, repeatable: 150ms, lognormal:300ms,0.6, createUser=800ms, or okta
    #[arg(long, value_name = "[OPERATION=]TIME")]
    pub latency: Vec<String>,
    /// What the org is behind with, repeatable: search=0..3s, activation=2s, fresh=500ms, schema=2s
    #[arg(long, value_name = "WHAT=TIME")]
    pub lag: Vec<String>,
    /// What goes wrong, repeatable: lost-answer=1%, 503:createUser=5%, reset=1/100, hang:writes=first:3
    #[arg(long, value_name = "KIND[:OPERATION]=RATE")]
    pub fault: Vec<String>,
    /// Begin in read-only mode
    #[arg(long)]
    pub read_only: bool,
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
    /// Notations to mix: bcrypt or bcrypt:COST, ssha512, ssha256, ssha, smd5, pbkdf2-sha256 or pbkdf2-sha256:ROUNDS, pbkdf2-sha512, django-pbkdf2, cleartext, none; for the hook argon2id, scrypt, pbkdf2-sha1, sha512-crypt, sha256-crypt, phpass, drupal7, md5-crypt
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
