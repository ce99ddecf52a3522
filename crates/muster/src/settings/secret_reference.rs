//! Secrets of the password hook: named by a flag, never written in one.

use muster_core::secret::Secret;

use crate::error::Problem;

/// The secret at `env:NAME` or `file:PATH`; `what` is what it is for. The reference is never quoted where it can't be
/// read as one: it may be the secret itself.
pub fn secret_at(reference: &str, what: &str) -> Result<Secret, Problem> {
    let text = match reference.split_once(':') {
        Some(("env", name)) if !name.is_empty() => std::env::var(name).map_err(|_| {
            Problem::wrong_usage(format!(
                "{what} is not set: the environment has no {name} (or no text in it)"
            ))
        })?,
        Some(("file", path)) if !path.is_empty() => std::fs::read_to_string(path)
            .map_err(|error| Problem::wrong_usage(format!("{what} can't be read from {path}: {error}")))?,
        _ => {
            let how = "a secret is named, never written down, such as env:NAME or file:PATH";
            return Err(Problem::wrong_usage(format!("{what}: {how}")));
        }
    };
    match text.trim() {
        "" => Err(Problem::wrong_usage(format!("{what} is empty at {reference}"))),
        secret => Ok(Secret::new(secret)),
    }
}

/// The password of a trial, where the environment holds one.
pub fn test_password() -> Option<Secret> {
    std::env::var("MUSTER_TEST_PASSWORD").ok().filter(|text| !text.is_empty()).map(Secret::new)
}
