//! Where a hook is: its name in the network, and its certificate.

use std::net::IpAddr;

use jiff::Timestamp;
use muster_okta::http::{Certificate, HttpSettings, TrustedBy, look_at_certificate};
use url::{Host, Url};

use crate::commands::doctor::Check;
use crate::settings::is_loopback;

/// A certificate that ends within so many days is said.
const SOON: i64 = 21;

/// Which machines the name leads to.
pub async fn name(uri: &Url, org: &Url) -> Check {
    let host = uri.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let port = uri.port_or_known_default().unwrap_or(443);
    let found: Vec<IpAddr> = match tokio::net::lookup_host((bare, port)).await {
        Ok(found) => found.map(|address| address.ip()).collect(),
        Err(error) => {
            let text =
                format!("{host} is not found: {error}\nOkta asks the public name servers; check the name");
            return Check::failed("name", text);
        }
    };
    let words: Vec<String> = found.iter().map(IpAddr::to_string).collect();
    let text = match uri.host() {
        Some(Host::Domain(_)) => format!("{host} is {}", words.join(", ")),
        _ => format!("{host}, an address without a name"),
    };
    if !is_loopback(org) && found.iter().all(is_private) {
        let to_do = "Okta calls from the internet, where such an address leads nowhere; well if the name is another one there";
        return Check::attention("name", format!("{text}: a private address"), to_do.to_owned());
    }
    Check::ok("name", text)
}

fn is_private(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => four.is_private() || four.is_loopback() || four.is_link_local(),
        IpAddr::V6(six) => six.is_loopback() || six.is_unique_local() || six.is_unicast_link_local(),
    }
}

/// Who vouches for it and how long.
pub async fn certificate(uri: &Url, settings: &HttpSettings) -> Check {
    if uri.scheme() == "http" {
        let text = "none: plain http on this machine, which an emulated org alone calls";
        return Check::ok("tls", text.to_owned());
    }
    let host = uri.host_str().unwrap_or_default();
    match look_at_certificate(settings, host, uri.port_or_known_default().unwrap_or(443)).await {
        Ok(certificate) => judged(&certificate, Timestamp::now()),
        Err(error) => {
            let found = format!("no certificate was seen: {error}");
            Check::attention("tls", found, "behind a proxy that is so; Okta comes without one".to_owned())
        }
    }
}

fn judged(certificate: &Certificate, now: Timestamp) -> Check {
    let days = certificate.ends.map(|ends| (ends.as_second() - now.as_second()).div_euclid(86_400));
    let lasts = days.map_or("its end can't be read".to_owned(), |days| format!("{days} days left"));
    let text = format!("issued by {:?}, chain of {}, {lasts}", certificate.issuer, certificate.chain);
    match (&certificate.trusted_by, days) {
        (TrustedBy::Nobody(why), _) => Check::failed(
            "tls",
            format!(
                "not accepted: {why}; {text}\nOkta wants the certificate of a public authority, for this name, with its whole chain; for a rehearsal with one of your own, name its authority with --ca-file"
            ),
        ),
        (TrustedBy::Named, _) => Check::attention(
            "tls",
            format!("accepted by --ca-file alone; {text}"),
            "fine for a rehearsal; Okta itself knows public authorities alone".to_owned(),
        ),
        (TrustedBy::System, Some(..SOON)) => Check::attention(
            "tls",
            format!("accepted; {text}"),
            "renew it before nobody can sign in".to_owned(),
        ),
        (TrustedBy::System, _) => Check::ok("tls", format!("accepted; {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::doctor::Mark;

    #[test]
    fn a_certificate_is_good_while_it_lasts_and_somebody_public_vouches_for_it() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let of = |days: i64, trusted_by| {
            let ends = Timestamp::from_second(1_800_000_000 + days * 86_400 + 60).ok();
            judged(&Certificate { ends, issuer: "CN=x".to_owned(), chain: 2, trusted_by }, now).mark()
        };
        assert_eq!(of(60, TrustedBy::System), Mark::Ok);
        assert_eq!(of(20, TrustedBy::System), Mark::Attention);
        assert_eq!(of(60, TrustedBy::Named), Mark::Attention);
        assert_eq!(of(60, TrustedBy::Nobody("expired".to_owned())), Mark::Failed);
    }
}
