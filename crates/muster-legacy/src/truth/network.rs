//! What the places on a network share: whom they trust, and which way may be plain.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use super::TruthError;

/// Whether a host is this machine; nobody listens on the way there.
pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// TLS that trusts the authorities of a file alone, or else those that the system trusts.
pub(super) fn tls(place: &str, ca_file: Option<&Path>) -> Result<ClientConfig, TruthError> {
    let failed = |error: rustls::Error| TruthError::setting(place, format!("TLS can't be set up: {error}"));
    let provider =
        CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()));
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(failed)?;
    let builder = if let Some(path) = ca_file {
        builder.with_root_certificates(roots(place, path)?)
    } else {
        let verifier = Verifier::new(provider).map_err(failed)?;
        builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
    };
    Ok(builder.with_no_client_auth())
}

fn roots(place: &str, path: &Path) -> Result<RootCertStore, TruthError> {
    let faulty = |why: &str| TruthError::setting(place, format!("ca_file {}: {why}", path.display()));
    let pem = std::fs::read(path).map_err(TruthError::io(path))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| faulty(&error.to_string()))?;
        roots.add(certificate).map_err(|error| faulty(&error.to_string()))?;
    }
    if roots.is_empty() { Err(faulty("no certificate is in it")) } else { Ok(roots) }
}

/// An error and what is behind it, in one line.
pub(super) fn said(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_all_its_names() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.1", "::1", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example.com", "10.0.0.1", "example.com", ""] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
