//! A certificate for trying things out: an authority, and a leaf that it has signed. Okta would not trust it.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::sign::CertifiedKey;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::error::ServerError;

/// How long a certificate for trying out holds.
const DAYS: i64 = 90;

/// A certificate that was just made.
pub struct SelfSigned {
    /// What the server shows.
    pub key: Arc<CertifiedKey>,
    /// The authority, in PEM, for callers to trust.
    pub ca_pem: String,
}

impl SelfSigned {
    /// An authority and a certificate for `localhost`, the loopback addresses and `host`.
    pub fn for_host(host: IpAddr) -> Result<Self, ServerError> {
        let authority = authority().map_err(failed)?;
        let key = KeyPair::generate().map_err(failed)?;
        let leaf = leaf(host).and_then(|leaf| leaf.signed_by(&key, &authority)).map_err(failed)?;
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signer = any_supported_type(&private).map_err(failed)?;
        let key = Arc::new(CertifiedKey::new(vec![leaf.der().clone()], signer));
        Ok(Self { key, ca_pem: authority.pem() })
    }
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::default();
    limit(&mut params);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name.push(DnType::CommonName, "Muster hook authority, for trying out");
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn leaf(host: IpAddr) -> Result<CertificateParams, rcgen::Error> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !host.is_loopback() && !host.is_unspecified() {
        names.push(host.to_string());
    }
    let mut params = CertificateParams::new(names)?;
    limit(&mut params);
    params.distinguished_name.push(DnType::CommonName, "Muster hook");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// From yesterday on, for a clock may be behind, and no longer than anybody tries things out.
fn limit(params: &mut CertificateParams) {
    let day = |days: i64| {
        let at = Timestamp::now() + SignedDuration::from_hours(24 * days);
        let date = at.to_zoned(TimeZone::UTC).date();
        rcgen::date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    (params.not_before, params.not_after) = (day(-1), day(DAYS));
}

fn failed(error: impl std::fmt::Display) -> ServerError {
    ServerError::Certificate(error.to_string())
}
