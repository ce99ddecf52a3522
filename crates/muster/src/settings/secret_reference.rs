//! Secrets of the password hook: named by a flag, never written in one.

use muster_core::secret::Secret;
use muster_legacy::truth::SecretReference;

use super::resolve_secret;
use crate::error::Problem;

/// The secret at `env:NAME` or `file:PATH`; `what` is what it is for. The reference is never quoted where it can't be
/// read as one: it may be the secret itself.
pub fn secret_at(reference: &str, what: &str) -> Result<Secret, Problem> {
    let named = SecretReference::try_from(reference.to_owned())
        .map_err(|error| Problem::wrong_usage(format!("{what}: {error}")))?;
    resolve_secret(&named)
        .map_err(|reason| Problem::wrong_usage(format!("{what} can't be had from {named}: {reason}")))
}

/// The password of a trial, where the environment holds one.
pub fn test_password() -> Option<Secret> {
    std::env::var("MUSTER_TEST_PASSWORD").ok().filter(|text| !text.is_empty()).map(Secret::new)
}
