//! How a service app says who it is at the token endpoint: with a document that it has signed (`private_key_jwt`,
//! API.md §2.2). The reasons are in Okta's words where these are known.

use super::{form::Form, jws::Jws, seen::Seen, service_app::ServiceApp};
use crate::refusal::Refusal;

const KIND: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How far ahead the end of an assertion may be, in seconds.
const LONGEST: i64 = 3600;

/// Where, when and with what an app presents itself.
pub(crate) struct Presented<'a> {
    pub form: &'a Form,
    /// Whether it has an `Authorization` header: a client secret, that is.
    pub secret_header: bool,
    /// The address of the token endpoint, as the client called it.
    pub endpoint: &'a str,
    /// In seconds.
    pub now: i64,
}

/// The place of the app that a form names, whether or not it is the one. It is the one whose quota is used.
pub(crate) fn named(apps: &[ServiceApp], form: &Form) -> Option<usize> {
    let assertion = form.get("client_assertion").and_then(Jws::read);
    let id = assertion.as_ref().and_then(|jws| jws.text("sub")).or_else(|| form.get("client_id"))?;
    apps.iter().position(|app| app.client_id == id)
}

/// The place of the app that presents itself, once it has proven who it is.
pub(crate) fn proven(
    apps: &[ServiceApp],
    used: &mut Seen,
    presented: &Presented<'_>,
) -> Result<usize, Refusal> {
    let assertion = assertion(presented)?;
    let jws = Jws::read(assertion)
        .ok_or_else(|| Refusal::invalid_client("The client_assertion is not a valid JWT."))?;
    let (place, app) = signer(apps, &jws, presented.form)?;
    let key = app
        .key(jws.header.kid.as_deref())
        .ok_or_else(|| Refusal::invalid_client("The client_assertion JWT kid is invalid."))?;
    if !key.has_signed(&jws) {
        return Err(Refusal::invalid_client("The client_assertion signature is invalid."));
    }
    let expires = check_claims(&jws, presented)?;
    let unused = jws.text("jti").is_none_or(|id| used.note(format!("{place} {id}"), expires, presented.now));
    if !unused {
        return Err(Refusal::invalid_client("The client_assertion token has already been used."));
    }
    Ok(place)
}

/// The assertion; a secret is none.
fn assertion<'a>(presented: &Presented<'a>) -> Result<&'a str, Refusal> {
    let form = presented.form;
    let Some(assertion) = form.get("client_assertion") else {
        let secret = presented.secret_header || form.get("client_secret").is_some();
        return Err(Refusal::invalid_client(if secret {
            "Client authentication failed. Either the client or the client credentials are invalid."
        } else {
            "No client credentials found."
        }));
    };
    if form.get("client_assertion_type") != Some(KIND) {
        return Err(Refusal::invalid_client("The client_assertion_type is invalid."));
    }
    Ok(assertion)
}

/// The app that an assertion is of, if it says so throughout.
fn signer<'a>(
    apps: &'a [ServiceApp],
    jws: &Jws<'_>,
    form: &Form,
) -> Result<(usize, &'a ServiceApp), Refusal> {
    let id = jws.text("sub").filter(|id| jws.text("iss") == Some(id));
    let id = id.filter(|id| form.get("client_id").is_none_or(|given| given == *id));
    let words = "The issuer and subject claims of the client_assertion must be the client_id.";
    let id = id.ok_or_else(|| Refusal::invalid_client(words))?;
    let app = apps.iter().enumerate().find(|(_, app)| app.client_id == id);
    let words = "Client authentication failed. Either the client or the client credentials are invalid.";
    app.ok_or_else(|| Refusal::invalid_client(words))
}

/// When the assertion ends, if it is for this endpoint and this hour.
fn check_claims(jws: &Jws<'_>, presented: &Presented<'_>) -> Result<i64, Refusal> {
    let refused = |words| Err(Refusal::invalid_client(words));
    if !jws.names("aud", presented.endpoint) {
        return refused(
            "The audience claim for client_assertion must be the endpoint invoked for the request.",
        );
    }
    let Some(expires) = jws.time("exp") else {
        return refused("The client_assertion token must have an expiration.");
    };
    if expires <= presented.now {
        return refused("The client_assertion token is expired.");
    }
    if expires > presented.now.saturating_add(LONGEST) {
        return refused("The client_assertion token has an expiration too far into the future.");
    }
    Ok(expires)
}
