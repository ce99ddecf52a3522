//! How connections are made safe: TLS 1.2 and 1.3, with a certificate that can change while the server runs.

mod certificate;
mod self_signed;

use std::sync::Arc;

use rustls::crypto::aws_lc_rs::default_provider;
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use tokio_rustls::TlsAcceptor;

pub use certificate::{Certificate, CertificateFiles, bytes_of};
pub use self_signed::SelfSigned;

use crate::error::ServerError;

/// What takes connections on. With an authority, in PEM, callers must show a certificate that it has signed.
pub fn acceptor(
    certificate: Arc<Certificate>,
    client_authority: Option<&[u8]>,
) -> Result<TlsAcceptor, ServerError> {
    let failed = |error: rustls::Error| ServerError::Certificate(error.to_string());
    let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(failed)?;
    let builder = match client_authority {
        Some(pem) => builder.with_client_cert_verifier(client_verifier(pem)?),
        None => builder.with_no_client_auth(),
    };
    let mut config = builder.with_cert_resolver(certificate);
    // Okta's hooks speak HTTP/1.1; one call at a time on a connection is what the limit on connections counts on.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn client_verifier(pem: &[u8]) -> Result<Arc<dyn ClientCertVerifier>, ServerError> {
    let failed = |error: &dyn std::fmt::Display| ServerError::ClientAuthority(error.to_string());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| failed(&error))?;
        roots.add(certificate).map_err(|error| failed(&error))?;
    }
    let provider = Arc::new(default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
    verifier.map_err(|error| failed(&error))
}
