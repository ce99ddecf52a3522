//! The hash parameters of a Firebase project, as its console shows them and as JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::stored::{Bytes, FirebaseProject};

/// Firebase's own default, where the text names none.
const ROUNDS: u32 = 8;
/// Likewise.
const MEMORY_COST: u8 = 14;

impl FirebaseProject {
    /// Reads `hash_config { base64_signer_key: …, … }` as the console shows it, or the same members as JSON.
    pub fn parse(text: &str) -> Result<Self, String> {
        let member =
            |name: &str| text.lines().flat_map(|line| line.split(',')).find_map(|part| value(part, name));
        let key = member("signer_key").ok_or("found no base64_signer_key")?;
        let separator = member("salt_separator").ok_or("found no base64_salt_separator")?;
        let number = |name: &str| {
            member(name)
                .map(|text| text.parse::<u32>().map_err(|_| format!("{name} is no number")))
                .transpose()
        };
        let memory_cost = number("mem_cost")?.map_or(Ok(MEMORY_COST), |cost| {
            u8::try_from(cost).map_err(|_| "mem_cost is beyond 255".to_owned())
        })?;
        Ok(Self {
            signer_key: bytes(key).ok_or("base64_signer_key is not base64")?,
            salt_separator: bytes(separator).ok_or("base64_salt_separator is not base64")?,
            rounds: number("rounds")?.unwrap_or(ROUNDS),
            memory_cost,
        })
    }
}

/// The value of `base64_NAME: value`, `"NAME": "value"` and the like.
fn value<'a>(part: &'a str, name: &str) -> Option<&'a str> {
    let (found, value) = part.trim().trim_start_matches('{').split_once(':')?;
    let found = found.trim().trim_matches('"').to_ascii_lowercase().replace("memcost", "mem_cost");
    let plain = found.strip_prefix("base64_").unwrap_or(&found);
    (plain == name).then(|| value.trim().trim_end_matches('}').trim().trim_matches('"'))
}

fn bytes(text: &str) -> Option<Bytes> {
    STANDARD.decode(text).ok().filter(|bytes| !bytes.is_empty()).map(Bytes::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONSOLE: &str = "hash_config {\n  algorithm: SCRYPT,\n  base64_signer_key: c2lnbmVy,\n  base64_salt_separator: Bw==,\n  rounds: 8,\n  mem_cost: 14,\n}\n";

    #[test]
    fn the_text_of_the_console_and_json_read_alike() {
        let json = r#"{"base64_signer_key": "c2lnbmVy", "base64_salt_separator": "Bw==", "rounds": 8, "mem_cost": 14}"#;
        let (console, json) =
            (FirebaseProject::parse(CONSOLE).unwrap(), FirebaseProject::parse(json).unwrap());
        assert_eq!(console, json);
        assert_eq!(
            (console.signer_key.as_slice(), console.rounds, console.memory_cost),
            (&b"signer"[..], 8, 14)
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(FirebaseProject::parse("rounds: 8").unwrap_err(), "found no base64_signer_key");
    }
}
