//! The table `[hook]` of `muster.toml`, with the flags of `muster hook serve` over it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use muster_core::secret::Secret;
use muster_legacy::truth::SecretReference;
use muster_legacy::truth::TruthSettings;
use muster_server::hook::audit::AuditPlace;
use muster_server::hook::guard::TokenRules;
use muster_server::hook::settings::HookSettings;
use muster_server::tls::CertificateFiles;
use muster_server::{Listen, Safety};
use serde::Deserialize;

use super::resolve_secret;
use crate::args::HookServeArgs;
use crate::error::Problem;

/// The port where Okta calls, unless it is said otherwise.
const PORT: u16 = 8443;
/// The port where health and metrics are told, unless it is said otherwise.
const ADMIN_PORT: u16 = 9464;
/// Where the secret is looked for, unless it is said otherwise.
const SECRET: &str = "MUSTER_HOOK_SECRET";

/// What `[hook]` may say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HookFile {
    /// Where Okta calls.
    pub listen: Option<SocketAddr>,
    /// The path of the hook.
    pub path: Option<String>,
    /// The certificate chain, in PEM.
    pub certificate: Option<PathBuf>,
    /// Its private key, in PEM.
    pub key: Option<PathBuf>,
    /// Whether another server takes the TLS off.
    pub behind_tls_proxy: Option<bool>,
    /// Callers show a certificate that this authority has signed.
    pub client_authority: Option<PathBuf>,
    /// Connections at once.
    pub connections: Option<usize>,
    /// Where health and metrics are told; `none` for nowhere.
    pub admin: Option<String>,
    /// The header that shows that Okta calls.
    pub header: Option<String>,
    /// Its value by reference; two while one takes the place of the other.
    pub secret: Option<OneOrTwo>,
    /// What an access token must say.
    pub token: Option<TokenFile>,
    /// The networks that may call.
    pub allow: Vec<ipnet::IpNet>,
    /// The proxies whose `x-forwarded-for` is believed.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// A call is answered within so many milliseconds.
    pub deadline_ms: Option<u64>,
    /// One backend has so many milliseconds.
    pub lookup_ms: Option<u64>,
    /// So many failures in a row, and a backend is left alone.
    pub breaker_failures: Option<u32>,
    /// For so many milliseconds.
    pub breaker_open_ms: Option<u64>,
    /// Threads that verify.
    pub workers: Option<usize>,
    /// Calls that wait for them at most.
    pub queue: Option<usize>,
    /// Mebibytes that verifications may take together, at most.
    pub memory_mib: Option<u64>,
    /// Wrong passwords of a user that are still judged; 0 for no limit.
    pub wrong_passwords: Option<usize>,
    /// Within so many seconds.
    pub wrong_passwords_within: Option<u64>,
    /// The largest body in bytes.
    pub body_limit: Option<usize>,
    /// The cost of the bcrypt for unknown users before any user was seen.
    pub stand_in_bcrypt_cost: Option<u32>,
    /// Where calls are written down; `-` for standard output.
    pub audit: Option<PathBuf>,
    /// Verify, count, and answer UNVERIFIED to all.
    pub shadow: Option<bool>,
    /// At the end, so many milliseconds are between "not ready" and "no more connections".
    pub notice_ms: Option<u64>,
    /// Where passwords are, in the order in which they are asked.
    pub backend: Vec<TruthSettings>,
}

/// One reference to a secret, or two.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "a secret is named, never written down: env:NAME or file:PATH, or a list of two"
)]
pub enum OneOrTwo {
    /// One.
    One(SecretReference),
    /// Several; two make sense.
    Several(Vec<SecretReference>),
}

/// `[hook.token]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenFile {
    /// The issuer's public keys: a set of JSON Web Keys, or one key in PEM.
    pub keys: PathBuf,
    /// Who signs.
    pub issuer: String,
    /// For whom.
    pub audience: String,
    /// What it must allow.
    pub scope: Option<String>,
}

/// Everything that `muster hook serve` needs.
pub struct HookServe {
    /// Where and how to listen.
    pub listen: Listen,
    /// How the hook works.
    pub hook: HookSettings,
    /// Where passwords are.
    pub backends: Vec<TruthSettings>,
    /// A credential file on top of them.
    pub credentials: Option<PathBuf>,
}

impl HookFile {
    /// The file with the flags over it.
    pub fn with(self, args: HookServeArgs) -> Result<HookServe, Problem> {
        let secrets = self.secrets(self.token.is_some() || self.client_authority.is_some())?;
        let hook = self.hook(&args, secrets)?;
        let listen = self.listen(&args)?;
        Ok(HookServe { listen, hook, backends: self.backend, credentials: args.credentials })
    }

    fn listen(&self, args: &HookServeArgs) -> Result<Listen, Problem> {
        let standard = SocketAddr::from((Ipv4Addr::LOCALHOST, PORT));
        let authority = self.client_authority.as_deref().map(|path| read(path, "client_authority"));
        Ok(Listen {
            address: args.listen.or(self.listen).unwrap_or(standard),
            safety: self.safety(args)?,
            client_authority: authority.transpose()?.map(String::into_bytes),
            connections: self.connections.unwrap_or(1024),
            admin: admin(args.admin.as_deref().or(self.admin.as_deref()))?,
            notice: Duration::from_millis(self.notice_ms.unwrap_or(0)),
            patience: Duration::from_secs(5),
        })
    }

    fn safety(&self, args: &HookServeArgs) -> Result<Safety, Problem> {
        let certificate = args.certificate.clone().or_else(|| self.certificate.clone());
        let key = args.key.clone().or_else(|| self.key.clone());
        let is_behind = args.behind_tls_proxy || self.behind_tls_proxy.unwrap_or(false);
        match (certificate, key) {
            _ if args.self_signed => Ok(Safety::SelfSigned),
            (Some(certificate), Some(key)) => Ok(Safety::Files(CertificateFiles { certificate, key })),
            (None, None) if is_behind => Ok(Safety::BehindTlsProxy),
            (None, None) => Ok(Safety::PlainOnLoopback),
            (Some(_), None) => Err(Problem::wrong_usage("a certificate is set, and no key (--key FILE)")),
            (None, Some(_)) => {
                Err(Problem::wrong_usage("a key is set, and no certificate (--certificate FILE)"))
            }
        }
    }

    fn hook(&self, args: &HookServeArgs, secrets: Vec<Secret>) -> Result<HookSettings, Problem> {
        let mut hook = HookSettings { secrets, ..HookSettings::default() };
        let milliseconds = |set: Option<u64>, standard| set.map_or(standard, Duration::from_millis);
        hook.path = self.path.clone().unwrap_or(hook.path);
        hook.header = self.header.clone().unwrap_or(hook.header);
        hook.token = self.token.as_ref().map(TokenFile::rules).transpose()?;
        hook.addresses.allowed.clone_from(&self.allow);
        hook.addresses.proxies.clone_from(&self.trusted_proxies);
        hook.deadline = milliseconds(self.deadline_ms, hook.deadline);
        hook.lookup = milliseconds(self.lookup_ms, hook.lookup.min(hook.deadline));
        hook.breaker.failures = self.breaker_failures.unwrap_or(hook.breaker.failures).max(1);
        hook.breaker.open_for = milliseconds(self.breaker_open_ms, hook.breaker.open_for);
        hook.pool.workers = args.workers.or(self.workers).unwrap_or(hook.pool.workers);
        hook.pool.queue = self.queue.unwrap_or(hook.pool.queue);
        hook.pool.memory =
            self.memory_mib.map_or(hook.pool.memory, |mebibytes| mebibytes.saturating_mul(1 << 20));
        let wrong = &mut hook.wrong_passwords;
        wrong.tries = self.wrong_passwords.unwrap_or(wrong.tries);
        wrong.within = self.wrong_passwords_within.map_or(wrong.within, Duration::from_secs);
        hook.body_limit = self.body_limit.unwrap_or(hook.body_limit);
        hook.stand_in_bcrypt_cost = self.stand_in_bcrypt_cost.unwrap_or(hook.stand_in_bcrypt_cost);
        hook.audit = args.audit.clone().or_else(|| self.audit.clone()).map(audit_place);
        hook.shadow = args.shadow || self.shadow.unwrap_or(false);
        Ok(hook)
    }

    /// The values of the header. The one of the environment is not missed where callers show something else.
    fn secrets(&self, has_other: bool) -> Result<Vec<Secret>, Problem> {
        let references = match &self.secret {
            None if std::env::var_os(SECRET).is_none() && has_other => Vec::new(),
            None => vec![SecretReference::Environment(SECRET.to_owned())],
            Some(OneOrTwo::One(one)) => vec![one.clone()],
            Some(OneOrTwo::Several(several)) if (1..=2).contains(&several.len()) => several.clone(),
            Some(OneOrTwo::Several(_)) => return Err(Problem::wrong_usage("[hook] secret names one or two")),
        };
        let secret = |reference: &SecretReference| {
            resolve_secret(reference).map_err(|reason| {
                Problem::wrong_usage(format!(
                    "the secret that shows that Okta calls ({reference}): {reason}.\nMake one, and give it to Okta as well:\n  export MUSTER_HOOK_SECRET=$(openssl rand -hex 32)"
                ))
            })
        };
        references.iter().map(secret).collect()
    }
}

impl TokenFile {
    fn rules(&self) -> Result<TokenRules, Problem> {
        Ok(TokenRules {
            keys: read(&self.keys, "token.keys")?,
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            scope: self.scope.clone(),
        })
    }
}

fn audit_place(path: PathBuf) -> AuditPlace {
    if path.as_os_str() == "-" { AuditPlace::StandardOutput } else { AuditPlace::File(path) }
}

fn admin(told: Option<&str>) -> Result<Option<SocketAddr>, Problem> {
    match told {
        None => Ok(Some(SocketAddr::from((Ipv4Addr::LOCALHOST, ADMIN_PORT)))),
        Some("none") => Ok(None),
        Some(address) => address.parse().map(Some).map_err(|_| {
            Problem::wrong_usage(format!("--admin {address:?} is neither ADDRESS:PORT nor none"))
        }),
    }
}

fn read(path: &Path, what: &str) -> Result<String, Problem> {
    let faulty =
        |error| Problem::wrong_usage(format!("[hook] {what}: {} can't be read: {error}", path.display()));
    std::fs::read_to_string(path).map_err(faulty)
}
