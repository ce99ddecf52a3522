//! Why no access token is to be had, in words that help. Neither key nor assertion is in them.

use super::grant::TokenFailure;
use super::scopes::ScopeNeed;
use super::service_app::ServiceApp;
use crate::error::CallError;

/// The failure as that of the call that the token was for.
pub fn call_error(app: &ServiceApp, failure: TokenFailure) -> CallError {
    match failure {
        TokenFailure::Away { error, .. } => CallError::Transport(error),
        TokenFailure::Missing(missing) => CallError::NoToken { words: lacking(app, &missing) },
        TokenFailure::Refused { status, error, description } => {
            let said = format!(
                "the org gives the service app {} no access token: {error}: {description} (HTTP {status})",
                app.client_id()
            );
            CallError::NoToken { words: format!("{said}\n{}", advice(app, &error, &description)) }
        }
    }
}

fn lacking(app: &ServiceApp, missing: &[ScopeNeed]) -> String {
    let each = missing.iter().map(|need| format!("\n  {}  to {}", need.name(), need.purpose()));
    format!(
        "the service app {} lacks scopes:{}\nGrant them in the Admin Console (Applications > the app > Okta API Scopes), and give the app an admin role that may do the same (its tab Admin roles).{}",
        app.client_id(),
        each.collect::<String>(),
        without(missing)
    )
}

/// Whether it goes without: only where nothing that the command does would fail.
fn without(missing: &[ScopeNeed]) -> &'static str {
    match missing {
        [need, ..] if need.is_of_the_settings() => "\nOr take what is not granted out of OKTA_SCOPES.",
        [need] if need.name() == "okta.groups.manage" => {
            "\nIf no row has groups and no option names one, it goes without: OKTA_SCOPES=\"okta.users.manage\"."
        }
        _ => "",
    }
}

fn advice(app: &ServiceApp, error: &str, description: &str) -> String {
    let said = description.to_lowercase();
    let says = |word: &str| said.contains(word);
    match error {
        "invalid_client" if says("kid") => key_id(app),
        "invalid_client" if says("signature") => format!(
            "The private key is not the other half of a public key of this app. Compare: Admin Console > Applications > the app > General > Public keys{}.",
            named(app)
        ),
        "invalid_client" if says("expir") || says("future") || says("issued") => {
            "The assertion was made by the org's own clock as its answers tell it; is something in between that changes the header Date?".to_owned()
        }
        "invalid_client" if says("audience") => {
            "OKTA_ORG_URL must be the org's own address, as it calls itself: no other domain, and no custom authorization server.".to_owned()
        }
        "invalid_client" => {
            "Is OKTA_CLIENT_ID right and of this org, is the app active, and does it authenticate by Public key / Private key? (Admin Console > Applications > the app > General)".to_owned()
        }
        "access_denied" => {
            "The org takes no requests of this app from here. Look at its network zones (Admin Console > Security > Networks) and at the policy of the app.".to_owned()
        }
        "unsupported_grant_type" | "unauthorized_client" => {
            "The app must be one of the kind API Services, which may use client credentials.".to_owned()
        }
        "invalid_dpop_proof" | "use_dpop_nonce" => {
            "The org demands DPoP and does not take the proofs; is something in between that changes addresses or headers?".to_owned()
        }
        "invalid_scope" => {
            "Look at the app's Okta API Scopes (Admin Console > Applications > the app), and at OKTA_SCOPES.".to_owned()
        }
        _ => "`muster doctor` looks at the credentials alone.".to_owned(),
    }
}

fn key_id(app: &ServiceApp) -> String {
    match app.key().id() {
        Some(id) => format!(
            "The app has no key of the id {id:?}. Set OKTA_KEY_ID to the one that the Admin Console shows (Applications > the app > General > Public keys)."
        ),
        None => "The app has several keys, so the one that is used must be named: set OKTA_KEY_ID to the id that the Admin Console shows (Applications > the app > General > Public keys).".to_owned(),
    }
}

fn named(app: &ServiceApp) -> String {
    app.key().id().map(|id| format!(", the key {id:?}")).unwrap_or_default()
}
