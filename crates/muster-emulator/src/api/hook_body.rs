//! What clients send about an inline hook, and what is wrong with it.
//!
//! Whether an update without a secret keeps the stored one is not known of Okta; here it does, for a header's value
//! and for a client secret alike. The words of these refusals are not known either.

use std::net::IpAddr;

use http::{HeaderName, HeaderValue, Uri};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    model::hooks::{AuthScheme, Channel, ChannelKind, Config},
    refusal::Refusal,
};

/// The version of everything about hooks.
const VERSION: &str = "1.0.0";
const LONGEST_NAME: usize = 255;
const LONGEST_ADDRESS: usize = 1024;
const BLANK: &str = "The field cannot be left blank";

/// A field, and what is wrong with it.
type Fault = (&'static str, &'static str);

/// The body of a create or an update. Members that are not known are ignored.
#[derive(Deserialize)]
pub(crate) struct HookBody {
    pub name: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub version: Option<String>,
    pub channel: Option<ChannelBody>,
}

#[derive(Deserialize)]
pub(crate) struct ChannelBody {
    #[serde(rename = "type")]
    kind: Option<String>,
    version: Option<String>,
    config: Option<Map<String, Value>>,
}

/// What of a hook's former self an update leaves in place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// What isn't sent.
    All,
    /// Secrets that aren't sent.
    Secrets,
}

impl HookBody {
    /// The name, of a fitting length.
    pub fn name(&self) -> Result<String, Refusal> {
        let name = self.name.as_deref().map(str::trim).unwrap_or_default();
        match name.chars().count() {
            0 => Err(Refusal::field("name", BLANK)),
            1..=LONGEST_NAME => Ok(name.to_owned()),
            _ => Err(Refusal::field("name", "The field is too long")),
        }
    }

    /// The version, which is always the same.
    pub fn version(&self) -> Result<String, Refusal> {
        fixed("version", self.version.as_deref())
    }
}

impl ChannelBody {
    /// The channel, whole and sound.
    pub fn channel(self, former: Option<(&Channel, Kept)>, plain_http: bool) -> Result<Channel, Refusal> {
        let partly = former.filter(|(_, kept)| *kept == Kept::All).map(|(former, _)| former);
        let kind = match (&self.kind, partly) {
            (None, Some(former)) => former.kind,
            (kind, _) => {
                let kind = kind.as_deref().ok_or_else(|| Refusal::field("channel.type", BLANK))?;
                let unknown = || Refusal::field("channel.type", "The type must be HTTP or OAUTH");
                ChannelKind::named(kind).ok_or_else(unknown)?
            }
        };
        let version = match (self.version, partly) {
            (None, Some(former)) => former.version.clone(),
            (version, _) => fixed("channel.version", version.as_deref())?,
        };
        let former = former.filter(|(former, _)| former.kind == kind);
        let config = config(self.config.unwrap_or_default(), former)?;
        match fault(kind, &config, plain_http) {
            Some((field, wrong)) => Err(Refusal::field(field, wrong)),
            None => Ok(Channel { kind, version, config }),
        }
    }
}

fn fixed(field: &str, version: Option<&str>) -> Result<String, Refusal> {
    match version {
        Some(VERSION) => Ok(VERSION.to_owned()),
        None | Some("") => Err(Refusal::field(field, BLANK)),
        Some(_) => Err(Refusal::field(field, "The version must be 1.0.0")),
    }
}

/// What is sent, over what is kept. Null is as good as nothing.
fn config(given: Map<String, Value>, former: Option<(&Channel, Kept)>) -> Result<Config, Refusal> {
    let mut members = match former {
        Some((former, Kept::All)) => object(&former.config)?,
        _ => Map::new(),
    };
    members.extend(given);
    members.retain(|_, value| !value.is_null());
    for name in ["headers", "authScheme"] {
        members.get_mut(name).into_iter().for_each(drop_nulls);
    }
    let mut config: Config =
        serde_json::from_value(Value::Object(members)).map_err(|_| Refusal::malformed())?;
    if config.method.is_empty() {
        "POST".clone_into(&mut config.method);
    }
    if let Some((former, _)) = former {
        keep_secrets(&mut config, &former.config);
    }
    Ok(config)
}

fn object(config: &Config) -> Result<Map<String, Value>, Refusal> {
    match serde_json::to_value(config) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(Refusal::internal()),
    }
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => members.retain(|_, value| !value.is_null()),
        Value::Array(elements) => elements.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

fn keep_secrets(config: &mut Config, former: &Config) {
    if let (Some(scheme), Some(former)) = (&mut config.auth_scheme, &former.auth_scheme)
        && scheme.value.is_empty()
    {
        scheme.value.clone_from(&former.value);
    }
    if config.client_secret.is_none() && config.auth_type == former.auth_type {
        config.client_secret.clone_from(&former.client_secret);
    }
}

fn fault(kind: ChannelKind, config: &Config, plain_http: bool) -> Option<Fault> {
    if let Some(wrong) = address_fault(&config.uri, plain_http) {
        return Some(("channel.config.uri", wrong));
    }
    if !config.method.eq_ignore_ascii_case("POST") {
        return Some(("channel.config.method", "The method must be POST"));
    }
    let sound = |key: &str, value: &str| {
        HeaderName::from_bytes(key.as_bytes()).is_ok() && HeaderValue::from_str(value).is_ok()
    };
    if !config.headers.iter().all(|header| sound(&header.key, &header.value)) {
        return Some(("channel.config.headers", "A key or a value is not that of a header"));
    }
    match kind {
        ChannelKind::Http => config.auth_scheme.as_ref().and_then(|scheme| scheme_fault(scheme, &sound)),
        ChannelKind::Oauth => oauth_fault(config, plain_http),
    }
}

fn scheme_fault(scheme: &AuthScheme, sound: &impl Fn(&str, &str) -> bool) -> Option<Fault> {
    if !scheme.kind.eq_ignore_ascii_case("HEADER") {
        return Some(("channel.config.authScheme.type", "The type must be HEADER"));
    }
    if scheme.value.is_empty() {
        return Some(("channel.config.authScheme.value", BLANK));
    }
    let wrong = "The key or the value is not that of a header";
    (!sound(&scheme.key, &scheme.value)).then_some(("channel.config.authScheme", wrong))
}

fn oauth_fault(config: &Config, plain_http: bool) -> Option<Fault> {
    let blank = |value: &Option<String>| value.as_deref().unwrap_or_default().is_empty();
    if config.auth_scheme.is_some() {
        return Some(("channel.config.authScheme", "The field must be null for OAUTH"));
    }
    let secret = match config.auth_type.as_deref() {
        Some("client_secret_post") => ("channel.config.clientSecret", &config.client_secret),
        Some("private_key_jwt") => ("channel.config.hookKeyId", &config.hook_key_id),
        _ => {
            let wrong = "The field must be client_secret_post or private_key_jwt";
            return Some(("channel.config.authType", wrong));
        }
    };
    for (field, value) in [("channel.config.clientId", &config.client_id), secret] {
        if blank(value) {
            return Some((field, BLANK));
        }
    }
    let wrong = address_fault(config.token_url.as_deref().unwrap_or_default(), plain_http)?;
    Some(("channel.config.tokenUrl", wrong))
}

fn address_fault(address: &str, plain_http: bool) -> Option<&'static str> {
    if address.is_empty() {
        return Some(BLANK);
    }
    if address.chars().count() > LONGEST_ADDRESS {
        return Some("The field is too long");
    }
    let Ok(uri) = address.parse::<Uri>() else { return Some("The field must be an address") };
    let host = uri.host().unwrap_or_default();
    let scheme = uri.scheme_str().unwrap_or_default();
    let fits = match scheme {
        "https" => !host.is_empty(),
        "http" => plain_http && is_loopback(host),
        _ => false,
    };
    (!fits).then_some("The field must be an address that begins with https://")
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_https_or_on_this_machine() {
        for good in ["https://hooks.example.com/in", "https://127.0.0.1:8443/", "https://[::1]:1/a?b=c"] {
            assert_eq!(address_fault(good, false), None, "{good}");
        }
        for bad in
            ["", "http://hooks.example.com/", "ftp://a", "https://", "hooks.example.com", "https://a b/"]
        {
            assert!(address_fault(bad, true).is_some(), "{bad}");
        }
        for local in ["http://127.0.0.1:80/", "http://localhost/in", "http://[::1]:8080/"] {
            assert_eq!(address_fault(local, true), None, "{local}");
            assert!(address_fault(local, false).is_some(), "{local}");
        }
    }
}
