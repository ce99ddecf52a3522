//! What a hook answered, read as Okta reads it (API.md §9.3).

use serde_json::Value;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// VERIFIED.
    Yes,
    /// UNVERIFIED.
    No,
    /// Nothing that changes the default, which is no.
    Nothing,
    /// The caller is not let in: 401 or 403.
    Refused(u16),
    /// Look elsewhere. Okta does not.
    Elsewhere(u16, String),
    /// Another status.
    Status(u16),
    /// A body that Okta does not understand; why.
    Odd(&'static str),
    /// No answer in the time that Okta waits.
    Late,
    /// No answer at all; why.
    Unreached(String),
    /// The org did not carry the question over; why, and below that what to do.
    NotCarried(String),
}

/// The one command that counts.
const UPDATE: &str = "com.okta.action.update";

impl Heard {
    /// What a status, with a body and the target of a redirect, says.
    pub fn of(status: u16, location: Option<&str>, body: &[u8]) -> Self {
        match status {
            200 => serde_json::from_slice(body)
                .map_or(Self::Odd("the body is not JSON"), |body| Self::of_body(&body)),
            204 => Self::Nothing,
            401 | 403 => Self::Refused(status),
            300..=399 => Self::Elsewhere(status, location.unwrap_or("nowhere").to_owned()),
            _ => Self::Status(status),
        }
    }

    /// What the body of a 200 says.
    pub fn of_body(body: &Value) -> Self {
        let Some(members) = body.as_object() else { return Self::Odd("the body is no JSON object") };
        if members.get("error").is_some_and(|error| !error.is_null()) {
            return Self::Odd("the body holds an error beside the status 200");
        }
        let commands = match members.get("commands") {
            None if members.is_empty() => return Self::Nothing,
            None => return Self::Odd("the body has no commands"),
            Some(Value::Null) => return Self::Nothing,
            Some(Value::Array(commands)) => commands,
            Some(_) => return Self::Odd("commands is no list"),
        };
        let mut heard = Self::Nothing;
        for command in commands {
            if command.get("type").and_then(Value::as_str) != Some(UPDATE) {
                return Self::Odd("a command's type is not com.okta.action.update");
            }
            heard = match command.pointer("/value/credential").and_then(Value::as_str) {
                Some("VERIFIED") => Self::Yes,
                Some("UNVERIFIED") => Self::No,
                _ => return Self::Odd("a command's value.credential is neither VERIFIED nor UNVERIFIED"),
            };
        }
        heard
    }

    /// Whether the person would be let in, or not, by the hook's own word.
    pub fn is_a_judgement(&self) -> bool {
        matches!(self, Self::Yes | Self::No | Self::Nothing)
    }

    /// Whether asking more is in vain.
    pub fn is_silence(&self) -> bool {
        matches!(self, Self::Late | Self::Unreached(_) | Self::NotCarried(_))
    }

    /// The answer in words, and below that what to do.
    pub fn words(&self) -> String {
        match self {
            Self::Yes => "it says VERIFIED".to_owned(),
            Self::No => "it says UNVERIFIED".to_owned(),
            Self::Nothing => "it answers without a command, which Okta takes for a no".to_owned(),
            Self::Refused(status) => format!(
                "it answers {status}: it does not take the secret\nGive the hook, this command and the org the same: `muster hook register --update` sends it to the org"
            ),
            Self::Elsewhere(status, to) => format!(
                "it answers {status} and points to {to}\nOkta follows no redirect: register the address that it leads to"
            ),
            Self::Status(status) if *status >= 500 => format!(
                "it answers {status}; Okta asks once more, and then the sign-in fails\nThe hook's own log says why"
            ),
            Self::Status(404) => {
                "it answers 404: nothing is at this path\nCheck the path of --url".to_owned()
            }
            Self::Status(status) => format!("it answers {status}, which Okta takes for a failure"),
            Self::Odd(why) => format!(
                "it answers 200 and not as a password hook: {why}\nOkta lets nobody in by such an answer; is another service behind the address?"
            ),
            Self::Late => "no answer within 3 s, which is all that Okta waits".to_owned(),
            Self::Unreached(why) => format!("it can't be reached: {why}"),
            Self::NotCarried(why) => why.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_is_a_yes() {
        let of = |body: &str| Heard::of(200, None, body.as_bytes());
        let command = |word: &str| format!(r#"{{"type":"{UPDATE}","value":{{"credential":"{word}"}}}}"#);
        assert_eq!(of(&format!(r#"{{"commands":[{}]}}"#, command("VERIFIED"))), Heard::Yes);
        assert_eq!(of(&format!(r#"{{"commands":[{}]}}"#, command("UNVERIFIED"))), Heard::No);
        for nothing in ["{}", r#"{"commands":[]}"#, r#"{"commands":null}"#] {
            assert_eq!(of(nothing), Heard::Nothing, "{nothing}");
        }
        for odd in [
            "",
            "[]",
            "VERIFIED",
            r#"{"credential":"VERIFIED"}"#,
            r#"{"commands":{}}"#,
            r#"{"commands":[{}]}"#,
        ] {
            assert!(matches!(of(odd), Heard::Odd(_)), "{odd}");
        }
        assert!(matches!(of(&format!(r#"{{"commands":[{}]}}"#, command("verified"))), Heard::Odd(_)));
        let lie = format!(r#"{{"commands":[{}],"error":{{"errorSummary":"no"}}}}"#, command("VERIFIED"));
        assert!(matches!(of(&lie), Heard::Odd(_)));
    }

    #[test]
    fn each_status_is_what_it_is_to_okta() {
        assert_eq!(Heard::of(204, None, b""), Heard::Nothing);
        assert_eq!(Heard::of(401, None, b""), Heard::Refused(401));
        assert_eq!(Heard::of(302, Some("/login"), b""), Heard::Elsewhere(302, "/login".to_owned()));
        assert_eq!(Heard::of(201, None, b"{}"), Heard::Status(201));
    }
}
