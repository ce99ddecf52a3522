//! The org's address.

use url::{Host, Url};

/// The address of an org, with nothing behind the host; or what is wrong with it.
pub fn parse_org_url(text: &str) -> Result<Url, String> {
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&whole)
        .map_err(|error| format!("{text:?} is not an address such as https://example.okta.com: {error}"))?;
    let host = url.host_str().unwrap_or_default().to_owned();
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(format!("{text:?} is plain http, which would show the token on the way; use https"));
        }
        other => return Err(format!("{text:?} has the scheme {other}; use https")),
    }
    if let Some(name) = host.split('.').next().and_then(|first| first.strip_suffix("-admin")) {
        let right = host.replacen(&format!("{name}-admin"), name, 1);
        return Err(format!("{text:?} is the address of the Admin Console; the API is at https://{right}"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the org's address must not hold a user or a password".to_owned());
    }
    let path = url.path().trim_end_matches('/');
    if !(path.is_empty() || path == "/api/v1") || url.query().is_some() {
        return Err(format!(
            "{text:?} has something behind the host; the address alone is meant, such as https://{host}"
        ));
    }
    let mut bare = url;
    bare.set_path("/");
    bare.set_fragment(None);
    Ok(bare)
}

/// Whether the address is of this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_cleaned_up() {
        for text in [
            "https://example.okta.com",
            "example.okta.com",
            "https://example.okta.com/",
            "https://example.okta.com/api/v1/",
        ] {
            assert_eq!(parse_org_url(text).unwrap().as_str(), "https://example.okta.com/");
        }
        assert_eq!(parse_org_url("http://127.0.0.1:8100").unwrap().as_str(), "http://127.0.0.1:8100/");
        assert!(parse_org_url("http://localhost:1").is_ok() && parse_org_url("http://[::1]:1").is_ok());
    }

    #[test]
    fn what_would_leak_or_lead_astray_is_refused() {
        for (text, says) in [
            ("http://example.okta.com", "plain http"),
            ("https://example-admin.okta.com", "https://example.okta.com"),
            ("https://u:p@example.okta.com", "user or a password"),
            ("https://example.okta.com/oauth2/default", "behind the host"),
            ("ftp://example.okta.com", "scheme"),
            ("https://", "not an address"),
        ] {
            let reason = parse_org_url(text).unwrap_err();
            assert!(reason.contains(says), "{text}: {reason}");
        }
    }
}
