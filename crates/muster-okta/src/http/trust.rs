//! Which authorities are trusted: the system's by its own verifier, and those that were named.

use std::sync::Arc;

use rustls::client::WantsClientCert;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;

use super::HttpSettings;
use super::failure::unsendable;
use crate::error::TransportError;

/// The protocols on offer, the best first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

type Trusting = ConfigBuilder<ClientConfig, WantsClientCert>;

/// TLS towards the org.
pub(super) fn tls(settings: &HttpSettings) -> Result<ClientConfig, TransportError> {
    let named = named(settings)?;
    let trusting = if settings.plain {
        named_alone(named)
    } else {
        // A small container may have no roots at all; then those that were named have to do, or nobody needs any.
        let alone = settings.loopback || !named.is_empty();
        match with_the_systems(named.clone()) {
            Err(_) if alone => named_alone(named),
            trusting => trusting,
        }
    };
    let trusting = trusting.map_err(|error| unsendable(error.to_string()))?;
    let mut tls = trusting.with_no_client_auth();
    tls.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).into();
    Ok(tls)
}

pub(super) fn named(settings: &HttpSettings) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    let certificates = settings.extra_roots.iter().flat_map(|pem| CertificateDer::pem_slice_iter(pem));
    let certificates: Result<_, _> = certificates.collect();
    certificates.map_err(|error| unsendable(format!("the certificates can't be read: {error}")))
}

fn with_the_systems(named: Vec<CertificateDer<'static>>) -> Result<Trusting, rustls::Error> {
    let provider = provider();
    let verifier = Verifier::new_with_extra_roots(named, provider.clone())?;
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)))
}

fn named_alone(named: Vec<CertificateDer<'static>>) -> Result<Trusting, rustls::Error> {
    let mut roots = RootCertStore::empty();
    named.into_iter().try_for_each(|certificate| roots.add(certificate))?;
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots))
}

/// That of the process, if it has chosen one.
pub(super) fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()))
}
