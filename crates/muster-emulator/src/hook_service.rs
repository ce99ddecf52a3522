//! The services outside that the org calls: inline hooks, and the token endpoints before them. One seam, so that a
//! rehearsal can answer in the same process; over HTTP where nobody does.

use std::{fmt, pin::Pin, sync::OnceLock};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use reqwest::{Certificate, Client, redirect, retry};
use rustls::crypto::aws_lc_rs::default_provider;

use crate::error::EmulatorError;

/// Bodies of this size are too large.
pub(crate) const TOO_LARGE: usize = 256 * 1024;

/// How hooks are called.
#[derive(Clone, Default)]
pub struct HookCalls {
    /// Certificates, in PEM, that are trusted beside the system's.
    pub ca_pem: Option<String>,
    /// Whether hooks on loopback addresses may be `http://`. Okta itself takes `https://` alone.
    pub allow_http: bool,
    /// The key, in PEM, that signs for hooks with `private_key_jwt`. Okta makes these itself, and lets one read the
    /// public half; the emulated org has no such operations.
    pub private_key_pem: Option<String>,
}

/// A call to a service. It is always a POST.
#[derive(Clone)]
pub struct HookRequest {
    /// The address.
    pub uri: String,
    /// All headers that the org sets.
    pub headers: HeaderMap,
    /// The body: JSON to a hook, a form to a token endpoint.
    pub body: Bytes,
}

/// What a service answers.
#[derive(Clone)]
pub struct HookAnswer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HookFailure {
    /// It took too long.
    #[error("no answer within 3 seconds")]
    TimedOut,
    /// It could not be reached, or went away.
    #[error("the connection failed: {0}")]
    Connection(String),
    /// The body of the answer was too large.
    #[error("the answer is too large; 256 KB is too much")]
    TooLarge,
    /// There was no token for the call.
    #[error("there is no token for the call: {0}")]
    Token(String),
    /// The call could not be made at all.
    #[error("the call cannot be made: {0}")]
    Unusable(String),
}

/// An answer to come.
pub type HookAnswering<'a> = Pin<Box<dyn Future<Output = Result<HookAnswer, HookFailure>> + Send + 'a>>;

/// Whoever answers in the place of the services. The org sees to the time and to the second try.
pub trait HookService: Send + Sync {
    /// Answers one call.
    fn answer(&self, request: HookRequest) -> HookAnswering<'_>;
}

/// The services themselves, over HTTP.
pub(crate) struct OverHttp {
    roots: Vec<Certificate>,
    client: OnceLock<Result<Client, String>>,
}

impl OverHttp {
    /// A way to the services. Certificates that cannot be read are found here; the rest is made at the first call.
    pub fn new(settings: &HookCalls) -> Result<Self, EmulatorError> {
        let pem = settings.ca_pem.as_deref().unwrap_or_default();
        let roots = Certificate::from_pem_bundle(pem.as_bytes());
        let roots = roots.map_err(|error| EmulatorError::HookAuthority(error.to_string()))?;
        if roots.is_empty() && settings.ca_pem.is_some() {
            return Err(EmulatorError::HookAuthority("there is no certificate in it".to_owned()));
        }
        Ok(Self { roots, client: OnceLock::new() })
    }

    /// The client. A machine without certificates of its own still trusts those that were given.
    fn client(&self) -> Result<&Client, HookFailure> {
        let client = self.client.get_or_init(|| {
            // Somebody may have done so already.
            let _ = default_provider().install_default();
            let merged = builder().tls_certs_merge(self.roots.clone()).build();
            let client = if self.roots.is_empty() {
                merged
            } else {
                merged.or_else(|_| builder().tls_certs_only(self.roots.clone()).build())
            };
            client.map_err(|error| chain(&error))
        });
        client.as_ref().map_err(|error| HookFailure::Unusable(error.clone()))
    }

    async fn post(&self, request: HookRequest) -> Result<HookAnswer, HookFailure> {
        let HookRequest { uri, headers, body } = request;
        let sent = self.client()?.post(uri).headers(headers).body(body).send().await;
        let mut answer = sent.map_err(|error| failure(&error))?;
        let status = answer.status().as_u16();
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| failure(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() >= TOO_LARGE {
                return Err(HookFailure::TooLarge);
            }
        }
        Ok(HookAnswer { status, body: body.freeze() })
    }
}

impl HookService for OverHttp {
    fn answer(&self, request: HookRequest) -> HookAnswering<'_> {
        Box::pin(self.post(request))
    }
}

/// Nothing on the way may try again, follow a redirect, or go by a proxy: the org counts its own tries, and Okta
/// would not come by this machine's proxy either.
fn builder() -> reqwest::ClientBuilder {
    Client::builder().redirect(redirect::Policy::none()).retry(retry::never()).no_proxy().no_gzip()
}

fn failure(error: &reqwest::Error) -> HookFailure {
    if error.is_builder() {
        HookFailure::Unusable(chain(error))
    } else {
        HookFailure::Connection(chain(error))
    }
}

/// What went wrong, down to its cause, and without the address.
fn chain(error: &reqwest::Error) -> String {
    let mut cause = std::error::Error::source(error);
    let mut text = None;
    while let Some(error) = cause {
        text = Some(error.to_string());
        cause = error.source();
    }
    text.unwrap_or_else(|| "no more is known".to_owned())
}

impl fmt::Debug for HookCalls {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("HookCalls")
            .field("ca_pem", &self.ca_pem.is_some())
            .field("allow_http", &self.allow_http)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for HookRequest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("HookRequest").field("uri", &self.uri).finish_non_exhaustive()
    }
}

impl fmt::Debug for HookAnswer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("HookAnswer").field("status", &self.status).finish_non_exhaustive()
    }
}
