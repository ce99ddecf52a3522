//! Secrets that a settings file names and does not hold: `env:NAME`, `file:PATH`.

use muster_core::secret::Secret;

/// The secret that a reference leads to, without blanks around it. What is wrong names the place, never the secret.
pub fn secret_of(reference: &str) -> Result<Secret, String> {
    let text = if let Some(name) = reference.strip_prefix("env:") {
        std::env::var(name)
            .map_err(|_| format!("the environment variable {name} is not set, or is not text"))?
    } else if let Some(path) = reference.strip_prefix("file:") {
        std::fs::read_to_string(path).map_err(|error| format!("{path} can't be read: {error}"))?
    } else {
        // It may be the secret itself: it is not shown.
        return Err(
            "a secret is named by env:NAME or file:PATH; it never stands in the file itself".to_owned()
        );
    };
    let text = text.trim();
    if text.is_empty() { Err(format!("{reference} is empty")) } else { Ok(Secret::new(text)) }
}
