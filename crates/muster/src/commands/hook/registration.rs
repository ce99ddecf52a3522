//! The hook as it shall be: from the command line, checked before anything is sent.

use http::{HeaderName, HeaderValue};
use muster_core::secret::Secret;
use muster_okta::wire::{HookAuth, HookClient, HookHeader, NewInlineHook};
use url::Url;

use crate::args::{HookOAuthArgs, HookRegisterArgs};
use crate::error::Problem;
use crate::settings::{is_loopback, secret_at};

/// Okta takes no longer ones (API.md §9.1).
const LONGEST_ADDRESS: usize = 1024;
const LONGEST_NAME: usize = 255;

/// The hook that the operator wants in this org.
pub fn wanted(args: &HookRegisterArgs, org: &Url) -> Result<NewInlineHook, Problem> {
    if !(1..=LONGEST_NAME).contains(&args.name.trim().chars().count()) {
        return Err(Problem::wrong_usage("--name: a hook's name has 1 to 255 characters"));
    }
    let uri = address("--url", &args.url, org)?;
    let auth = match (&args.oauth.client_id, &args.oauth.token_url) {
        (Some(client), Some(token_url)) => oauth(&args.oauth, client, token_url, org)?,
        _ => HookAuth::Header(secret_header(&args.header, &args.secret)?),
    };
    Ok(NewInlineHook { name: args.name.trim().to_owned(), uri, auth, headers: Vec::new() })
}

/// The address, written as Okta keeps it, or what is wrong with it. Only an org on this machine calls this machine.
pub fn address(flag: &str, text: &str, org: &Url) -> Result<String, Problem> {
    let wrong = |why: &str| Err(Problem::wrong_usage(format!("{flag} {text:?}: {why}")));
    let Ok(url) = Url::parse(text) else {
        return wrong("this is no address such as https://hook.example.com/okta/password-import");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Problem::wrong_usage(format!("{flag}: the address must not hold a user or a password")));
    }
    match url.scheme() {
        _ if is_loopback(&url) && !is_loopback(org) => {
            return wrong("this is the address of this machine, where Okta can't call");
        }
        "https" => {}
        "http" if is_loopback(&url) => {}
        _ => return wrong("Okta calls https:// alone"),
    }
    if url.fragment().is_some() {
        return wrong("what stands behind # is never sent");
    }
    if url.as_str().chars().count() > LONGEST_ADDRESS {
        return wrong("Okta takes no address of more than 1024 characters");
    }
    Ok(url.to_string())
}

/// The header that carries the secret.
pub fn secret_header(name: &str, reference: &str) -> Result<HookHeader, Problem> {
    if HeaderName::from_bytes(name.as_bytes()).is_err() {
        return Err(Problem::wrong_usage(format!("--header {name:?} is no name of a header")));
    }
    let value = sendable(secret_at(reference, "the hook's secret (--secret)")?)?;
    Ok(HookHeader { key: name.to_owned(), value })
}

fn sendable(secret: Secret) -> Result<Secret, Problem> {
    if secret.reveal().is_ascii() && HeaderValue::from_str(secret.reveal()).is_ok() {
        return Ok(secret);
    }
    Err(Problem::wrong_usage(
        "the hook's secret has characters that no header can carry; letters, digits and signs of ASCII can go",
    ))
}

fn oauth(args: &HookOAuthArgs, client: &str, token_url: &str, org: &Url) -> Result<HookAuth, Problem> {
    let client = HookClient {
        client_id: client.to_owned(),
        token_url: address("--oauth-token-url", token_url, org)?,
        scope: args.scope.clone(),
    };
    if let Some(key) = &args.key_id {
        return Ok(HookAuth::PrivateKey(client, key.clone()));
    }
    let what = "the client secret (--oauth-client-secret; or name a key with --oauth-key-id)";
    Ok(HookAuth::ClientSecret(client, secret_at(&args.client_secret, what)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_okta_can_call() {
        let org = |text: &str| Url::parse(text).unwrap();
        let (real, here) = (org("https://example.okta.com/"), org("http://127.0.0.1:8100/"));
        assert_eq!(
            address("--url", "https://hook.example.com/a", &real).unwrap(),
            "https://hook.example.com/a"
        );
        assert!(address("--url", "http://127.0.0.1:1/a", &here).is_ok());
        assert!(address("--url", "https://localhost:1/a", &here).is_ok());
        let long = format!("https://a.example/{}", "x".repeat(1024));
        for (text, org, says) in [
            ("http://hook.example.com/", &real, "https://"),
            ("http://hook.example.com/", &here, "https://"),
            ("https://127.0.0.1/a", &real, "this machine"),
            ("https://u:p@a.example/", &real, "user or a password"),
            ("https://a.example/#x", &real, "behind #"),
            ("hook.example.com", &real, "no address"),
            (long.as_str(), &real, "1024"),
        ] {
            let problem = address("--url", text, org).unwrap_err();
            assert!(problem.text.contains(says), "{text}: {}", problem.text);
        }
    }
}
