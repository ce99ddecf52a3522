//! Texts with places for a login and a password.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use muster_core::secret::Secret;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Login,
    Password,
    Basic,
}

/// A text with `{login}`, `{password}` and `{basic}` in it. All other braces are braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

static PLACES: [(&str, Piece); 3] =
    [("{login}", Piece::Login), ("{password}", Piece::Password), ("{basic}", Piece::Basic)];

/// How a value is written so that it is nothing but a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// As it is.
    None,
    /// Within the quotes of a JSON string.
    Json,
    /// In an address or a form.
    Percent,
    /// In XML, as text or within quotes.
    Xml,
}

impl Template {
    pub(super) fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((at, place)) = first_place(rest) {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(place.1.clone());
            rest = after.get(place.0.len()..).unwrap_or_default();
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Self(pieces)
    }

    pub(super) fn has_login(&self) -> bool {
        self.0.contains(&Piece::Login)
    }

    pub(super) fn has_password(&self) -> bool {
        self.0.contains(&Piece::Password)
    }

    /// Whether it is a place and nothing around it.
    pub(super) fn is_one_place(&self) -> bool {
        let filled = self.0.iter().filter(|piece| **piece != Piece::Text(String::new()));
        filled.count() == 1 && (self.has_login() || self.has_password())
    }

    pub(super) fn has_basic(&self) -> bool {
        self.0.contains(&Piece::Basic)
    }

    /// The text for a person. What is put in is not looked at again, so a password may hold `{login}`.
    pub(super) fn fill(&self, login: &str, password: &Secret, escape: Escape) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(512));
        for piece in &self.0 {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Login => text.push_str(&escape.apply(login)),
                Piece::Password => text.push_str(&escape.apply(password.reveal())),
                Piece::Basic => text.push_str(&basic(login, password)),
            }
        }
        text
    }
}

fn first_place(text: &str) -> Option<(usize, &'static (&'static str, Piece))> {
    let found = PLACES.iter().filter_map(|place| Some((text.find(place.0)?, place)));
    found.min_by_key(|(at, _)| *at)
}

fn basic(login: &str, password: &Secret) -> Zeroizing<String> {
    let pair = Zeroizing::new(format!("{login}:{}", password.reveal()));
    Zeroizing::new(STANDARD.encode(pair.as_bytes()))
}

impl Escape {
    /// How values are written into a body of this type; none where nobody knows.
    pub(super) fn of_content_type(content_type: &str) -> Option<Self> {
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/x-www-form-urlencoded" => Some(Self::Percent),
            "text/plain" => Some(Self::None),
            "application/json" => Some(Self::Json),
            "application/xml" | "text/xml" => Some(Self::Xml),
            other if other.ends_with("+json") => Some(Self::Json),
            other if other.ends_with("+xml") => Some(Self::Xml),
            _ => None,
        }
    }

    /// Whether a value can be written so at all: XML has no way to write most control characters, and whoever reads
    /// one fails, which would look as if the application were away.
    pub(super) fn carries(self, value: &str) -> bool {
        let is_no_character = |letter: char| matches!(letter, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
        self != Self::Xml || !value.contains(is_no_character)
    }

    fn apply(self, value: &str) -> Zeroizing<String> {
        Zeroizing::new(match self {
            Self::None => value.to_owned(),
            Self::Percent => utf8_percent_encode(value, NON_ALPHANUMERIC).to_string(),
            Self::Json => {
                let quoted = Zeroizing::new(serde_json::Value::from(value).to_string());
                quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
            }
            Self::Xml => value.chars().fold(String::new(), |mut text, letter| {
                match letter {
                    '&' => text.push_str("&amp;"),
                    '<' => text.push_str("&lt;"),
                    '>' => text.push_str("&gt;"),
                    '"' => text.push_str("&quot;"),
                    '\'' => text.push_str("&apos;"),
                    plain => text.push(plain),
                }
                text
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, escape: Escape) -> String {
        Template::parse(template).fill("a\"b&c", &Secret::new("x{login} \\"), escape).to_string()
    }

    #[test]
    fn values_stay_values() {
        assert_eq!(
            filled(r#"{"u":"{login}","p":"{password}"}"#, Escape::Json),
            r#"{"u":"a\"b&c","p":"x{login} \\"}"#
        );
        assert_eq!(filled("u={login}&p={password}", Escape::Percent), "u=a%22b%26c&p=x%7Blogin%7D%20%5C");
        assert_eq!(filled("<u>{login}</u>", Escape::Xml), "<u>a&quot;b&amp;c</u>");
        assert_eq!(filled("{basic}", Escape::None), STANDARD.encode("a\"b&c:x{login} \\"));
    }

    #[test]
    fn the_type_of_a_body_says_how() {
        assert_eq!(Escape::of_content_type("Application/JSON; charset=utf-8"), Some(Escape::Json));
        assert_eq!(Escape::of_content_type("application/soap+xml"), Some(Escape::Xml));
        assert_eq!(Escape::of_content_type("application/x-www-form-urlencoded"), Some(Escape::Percent));
        assert_eq!(Escape::of_content_type("application/cbor"), None);
    }
}
