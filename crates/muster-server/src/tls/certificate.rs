//! The certificate that the server shows, read anew when its files change. A new one that is no good does not take
//! the place of the old one.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

use crate::error::ServerError;

/// Where certificate and key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The chain, the server's own certificate first, in PEM.
    pub certificate: PathBuf,
    /// The private key, in PEM.
    pub key: PathBuf,
}

/// The certificate of the moment.
#[derive(Debug)]
pub struct Certificate {
    current: RwLock<Arc<CertifiedKey>>,
    files: Option<CertificateFiles>,
    /// A digest of what was read last, good or bad: what did not change is not read into anything.
    seen: Mutex<Vec<u8>>,
}

struct Read {
    chain: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

impl Certificate {
    /// One that never changes.
    pub fn fixed(key: Arc<CertifiedKey>) -> Self {
        Self { current: RwLock::new(key), files: None, seen: Mutex::default() }
    }

    /// The one in these files.
    pub fn read(files: CertificateFiles) -> Result<Self, ServerError> {
        let read = Read::of(&files)?;
        let key = read.certified(Timestamp::now())?;
        Ok(Self { current: RwLock::new(Arc::new(key)), seen: Mutex::new(read.digest()), files: Some(files) })
    }

    /// Looks at the files. True if there is a new certificate; an error says why a changed one is no good, once.
    pub fn reload(&self) -> Result<bool, ServerError> {
        let Some(files) = &self.files else { return Ok(false) };
        let read = Read::of(files);
        // Files that can't be read look like nothing, which is said once, too.
        let digest = read.as_ref().map(Read::digest).unwrap_or_default();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == digest {
            return Ok(false);
        }
        *seen = digest;
        let key = Arc::new(read?.certified(Timestamp::now())?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = key;
        Ok(true)
    }

    /// When it ends, in seconds since 1970.
    pub fn expires(&self) -> Option<i64> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.cert.first().and_then(|leaf| ends(leaf).ok())
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Read {
    fn of(files: &CertificateFiles) -> Result<Self, ServerError> {
        let key = Zeroizing::new(bytes_of(&files.key)?);
        Ok(Self { chain: bytes_of(&files.certificate)?, key })
    }

    fn digest(&self) -> Vec<u8> {
        let of = |bytes| digest(&SHA256, bytes);
        [of(&self.chain).as_ref(), of(&self.key).as_ref()].concat()
    }

    /// Certificate and key, if they belong together and have not ended.
    fn certified(&self, now: Timestamp) -> Result<CertifiedKey, ServerError> {
        let wrong = |text: &str| ServerError::Certificate(text.to_owned());
        let chain = CertificateDer::pem_slice_iter(&self.chain).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|_| wrong("the certificate is not PEM"))?;
        let leaf = chain.first().ok_or_else(|| wrong("there is no certificate in its file"))?;
        let ends = ends(leaf)?;
        if ends <= now.as_second() {
            let at = Timestamp::from_second(ends).map(|at| at.to_string()).unwrap_or_default();
            return Err(ServerError::Certificate(format!("it ended at {at}")));
        }
        let key = PrivateKeyDer::from_pem_slice(&self.key);
        let key = key.map_err(|_| wrong("there is no private key in PEM in its file"))?;
        CertifiedKey::from_der(chain, key, &default_provider())
            .map_err(|error| ServerError::Certificate(error.to_string()))
    }
}

/// The bytes of a file.
pub fn bytes_of(path: &Path) -> Result<Vec<u8>, ServerError> {
    std::fs::read(path).map_err(|source| ServerError::File { path: path.to_owned(), doing: "read", source })
}

fn ends(certificate: &CertificateDer<'_>) -> Result<i64, ServerError> {
    let parsed = x509_parser::parse_x509_certificate(certificate);
    let (_, parsed) = parsed.map_err(|_| ServerError::Certificate("it is not X.509".to_owned()))?;
    Ok(parsed.validity().not_after.timestamp())
}
