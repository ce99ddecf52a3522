//! What a server shows of itself before anything is sent: its certificate, when that ends, and who vouches for it.
//!
//! A connection is made, looked at and closed. No proxy stands between; where one has to, this tells nothing.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::HttpSettings;
use super::failure::{late, unsendable};
use super::trust::{named, provider};
use crate::error::{TransportError, TransportFailure};

/// Who vouches for a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrustedBy {
    /// An authority that the system knows.
    System,
    /// One of the certificates that were named, and nobody whom the system knows.
    Named,
    /// Nobody; why.
    Nobody(String),
}

/// The certificate of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// When it ends; none where it can't be read.
    pub ends: Option<Timestamp>,
    /// Who signed it, in the certificate's own words.
    pub issuer: String,
    /// How many certificates came along, this one among them.
    pub chain: usize,
    /// Who vouches for it, for that host and today.
    pub trusted_by: TrustedBy,
}

/// Looks at the certificate of a server.
pub async fn look_at_certificate(
    settings: &HttpSettings,
    host: &str,
    port: u16,
) -> Result<Certificate, TransportError> {
    let looking = look(settings, host, port);
    tokio::time::timeout(settings.connect_timeout, looking).await.unwrap_or_else(|_| Err(late()))
}

async fn look(settings: &HttpSettings, host: &str, port: u16) -> Result<Certificate, TransportError> {
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(bare.clone()).map_err(|error| unsendable(error.to_string()))?;
    let looker = Arc::new(Looker::new(settings)?);
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| unsendable(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(looker.clone())
        .with_no_client_auth();
    let stream = TcpStream::connect((bare.as_str(), port)).await.map_err(|error| failed(&error))?;
    let shaken = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    let seen = looker.seen.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (seen, shaken) {
        (Some(certificate), _) => Ok(certificate),
        (None, Err(error)) => Err(failed(&error)),
        (None, Ok(_)) => Err(unsendable("the server showed no certificate")),
    }
}

fn failed(error: &std::io::Error) -> TransportError {
    let tls = matches!(error.get_ref(), Some(cause) if cause.is::<rustls::Error>());
    let failure = if tls { TransportFailure::Tls } else { TransportFailure::Connect };
    TransportError { failure, text: error.to_string() }
}

/// Judges as the transport does, and keeps what it saw.
#[derive(Debug)]
struct Looker {
    system: Option<Arc<dyn ServerCertVerifier>>,
    named: Option<Arc<dyn ServerCertVerifier>>,
    signatures: Vec<SignatureScheme>,
    seen: Mutex<Option<Certificate>>,
}

impl Looker {
    fn new(settings: &HttpSettings) -> Result<Self, TransportError> {
        let provider = provider();
        // A system may know nobody at all.
        let system = Verifier::new(provider.clone()).ok();
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(named(settings)?);
        let named = (!roots.is_empty())
            .then(|| WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build());
        let named = named.transpose().map_err(|error| unsendable(error.to_string()))?;
        Ok(Self {
            system: system.map(|verifier| Arc::new(verifier) as _),
            named: named.map(|verifier| verifier as _),
            signatures: provider.signature_verification_algorithms.supported_schemes(),
            seen: Mutex::new(None),
        })
    }
}

impl ServerCertVerifier for Looker {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        stapled: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let ask = |verifier: &Arc<dyn ServerCertVerifier>| {
            verifier.verify_server_cert(leaf, chain, host, stapled, now)
        };
        let system = self.system.as_ref().map(ask);
        let named = self.named.as_ref().map(ask);
        let trusted_by = match (&system, &named) {
            (Some(Ok(_)), _) => TrustedBy::System,
            (_, Some(Ok(_))) => TrustedBy::Named,
            (_, Some(Err(error))) | (Some(Err(error)), None) => TrustedBy::Nobody(error.to_string()),
            (None, None) => TrustedBy::Nobody("this system knows no authorities".to_owned()),
        };
        let trusted = !matches!(trusted_by, TrustedBy::Nobody(_));
        let certificate = described(leaf, chain.len() + 1, trusted_by);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(certificate);
        if trusted {
            return Ok(ServerCertVerified::assertion());
        }
        Err(rustls::Error::General("nobody vouches for the certificate".to_owned()))
    }

    /// Nothing is sent on this connection: whether the server has the key is the transport's to find out.
    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.signatures.clone()
    }
}

fn described(leaf: &CertificateDer<'_>, chain: usize, trusted_by: TrustedBy) -> Certificate {
    let read = X509Certificate::from_der(leaf).ok().map(|(_, read)| read);
    Certificate {
        ends: read
            .as_ref()
            .and_then(|read| Timestamp::from_second(read.validity().not_after.timestamp()).ok()),
        issuer: read.map(|read| read.issuer().to_string()).unwrap_or_default(),
        chain,
        trusted_by,
    }
}
