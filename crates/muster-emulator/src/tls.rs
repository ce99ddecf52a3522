//! A certificate for this machine, made at the start: an authority, and a leaf that it has signed.

use std::{net::IpAddr, sync::Arc};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs::default_provider},
};

use crate::error::EmulatorError;

/// What is needed to serve TLS.
pub(crate) struct Tls {
    pub acceptor: TlsAcceptor,
    /// The authority's certificate, for clients to trust.
    pub ca_pem: String,
}

impl Tls {
    /// Makes an authority and a certificate for `localhost`, the loopback addresses and `host`.
    pub fn for_host(host: IpAddr) -> Result<Self, EmulatorError> {
        let authority = authority().map_err(failed)?;
        let key = KeyPair::generate().map_err(failed)?;
        let leaf = leaf(host).and_then(|leaf| leaf.signed_by(&key, &authority)).map_err(failed)?;
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], private)
            .map_err(failed)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), ca_pem: authority.pem() })
    }
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name.push(DnType::CommonName, "Muster emulator authority");
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn leaf(host: IpAddr) -> Result<CertificateParams, rcgen::Error> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !host.is_loopback() && !host.is_unspecified() {
        names.push(host.to_string());
    }
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "Muster emulator");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn failed(error: impl std::fmt::Display) -> EmulatorError {
    EmulatorError::Certificate(error.to_string())
}
