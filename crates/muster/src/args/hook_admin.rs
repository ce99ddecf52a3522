//! `muster hook register`, `test`, `status` and `unregister`.

use std::path::PathBuf;

use clap::Args;

/// What the hook is called where nobody says otherwise.
const NAME: &str = "Muster password import";

/// `muster hook register`
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  MUSTER_HOOK_SECRET=... muster hook register --url https://hook.example.com/okta/password-import
  muster hook register --url https://... --secret file:/run/secrets/hook --update     a new address or secret
  muster hook register --url https://... --oauth-client-id muster --oauth-token-url https://id.example.com/token

Okta calls one password hook per org. The secret is never a flag: it comes from MUSTER_HOOK_SECRET, or from where
--secret says.")]
pub struct HookRegisterArgs {
    /// Where Okta shall call: https://..., of a public certificate authority
    #[arg(long, value_name = "URL")]
    pub url: String,
    /// The hook's name in the org
    #[arg(long, value_name = "NAME", default_value = NAME)]
    pub name: String,
    /// The header that carries the secret
    #[arg(long, value_name = "NAME", default_value = "Authorization")]
    pub header: String,
    /// Where the secret is.
    #[arg(
        long,
        value_name = "REFERENCE",
        default_value = "env:MUSTER_HOOK_SECRET",
        help = "Where the secret is: env:NAME or file:PATH"
    )]
    pub secret: String,
    /// Change address, header and secret of our hook to these
    #[arg(long)]
    pub update: bool,
    /// End somebody else's hook and put ours in its place
    #[arg(long, conflicts_with = "update")]
    pub replace: bool,
    /// OAuth in place of a header.
    #[command(flatten)]
    pub oauth: HookOAuthArgs,
}

/// OAuth 2.0 in place of a header with a secret
#[derive(Args, Debug)]
#[command(next_help_heading = "OAuth 2.0 in place of a header")]
pub struct HookOAuthArgs {
    /// The client that Okta is to the authorization server
    #[arg(long = "oauth-client-id", value_name = "ID", requires = "token_url")]
    pub client_id: Option<String>,
    /// Where Okta gets its token
    #[arg(long = "oauth-token-url", value_name = "URL", requires = "client_id")]
    pub token_url: Option<String>,
    /// The scope that it asks for
    #[arg(long = "oauth-scope", value_name = "SCOPE", requires = "client_id")]
    pub scope: Option<String>,
    /// The key of the org that signs, in place of a client secret
    #[arg(long = "oauth-key-id", value_name = "ID", requires = "client_id")]
    pub key_id: Option<String>,
    /// Where the client secret is.
    #[arg(
        long = "oauth-client-secret",
        value_name = "REFERENCE",
        default_value = "env:MUSTER_HOOK_CLIENT_SECRET",
        help = "Where the client secret is: env:NAME or file:PATH"
    )]
    pub client_secret: String,
}

/// `muster hook test`
#[derive(Args, Debug)]
#[command(after_help = "\
A known password comes from --known, or with --login from MUSTER_TEST_PASSWORD, the terminal or standard input.
One wrong password is tried, of the first known login. Exit codes: 0 all well · 3 something to look at · 1 it does
not work")]
pub struct HookTestArgs {
    /// The address to try; that of the org's hook when left out
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The header that carries the secret; that of the org's hook when left out
    #[arg(long, value_name = "NAME")]
    pub header: Option<String>,
    /// Where the secret is.
    #[arg(
        long,
        value_name = "REFERENCE",
        default_value = "env:MUSTER_HOOK_SECRET",
        help = "Where the secret is: env:NAME or file:PATH"
    )]
    pub secret: String,
    /// A CSV file of people whose passwords are known: login,password
    #[arg(long, value_name = "FILE", conflicts_with = "login")]
    pub known: Option<PathBuf>,
    /// Somebody whose password is known
    #[arg(long, value_name = "LOGIN")]
    pub login: Option<String>,
    /// Calls to measure with
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub times: u32,
    /// From here alone, without the org
    #[arg(long)]
    pub only_here: bool,
}

/// `muster hook unregister`
#[derive(Args, Debug)]
pub struct HookUnregisterArgs {
    /// Another hook than ours, by id or name
    #[arg(long, value_name = "ID|NAME")]
    pub hook: Option<String>,
}

impl HookRegisterArgs {
    /// The name where nobody says otherwise.
    pub fn standard_name() -> &'static str {
        NAME
    }
}
