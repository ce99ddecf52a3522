//! The formats that a schema can ask of a string. Shapes only: no list of countries or time zones is kept.

/// Whether a text has the named format. A format that is not known asks nothing.
pub(crate) fn fits(format: &str, text: &str) -> bool {
    match format {
        "email" => is_email(text),
        "uri" => is_uri(text),
        "country-code" => text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
        "language-code" => are_subtags(text, "-"),
        "locale" => are_subtags(text, "_"),
        "timezone" => text.split('/').all(is_zone_part),
        "date-time" => text.parse::<jiff::Timestamp>().is_ok(),
        _ => true,
    }
}

/// Whether a text is shaped like an e-mail address, international ones included.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    local.split('.').all(is_atom) && domain.contains('.') && domain.split('.').all(is_label)
}

fn is_atom(part: &str) -> bool {
    let allowed = |letter: char| {
        letter.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(letter) || is_foreign(letter)
    };
    !part.is_empty() && part.chars().all(allowed)
}

fn is_label(part: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || is_foreign(letter);
    !part.is_empty() && !part.starts_with('-') && !part.ends_with('-') && part.chars().all(allowed)
}

fn is_foreign(letter: char) -> bool {
    !letter.is_ascii() && !letter.is_whitespace() && !letter.is_control()
}

fn is_uri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
            && !rest.is_empty()
            && !rest.contains(char::is_whitespace)
    })
}

/// A language of two or three letters and further parts, as in `en`, `en-US` and `de_CH`.
fn are_subtags(text: &str, separator: &str) -> bool {
    let mut parts = text.split(separator);
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

fn is_zone_part(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for good in ["a@example.com", "o'neil+x@mail.example.co.uk", "jürgen@bücher.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "@example.com",
            "a@",
            "a b@example.com",
            "a..b@example.com",
            "a@b@c.example",
            "a@-b.example",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn formats_ask_for_their_shape() {
        assert!(fits("locale", "en_US") && fits("locale", "de") && !fits("locale", "english"));
        assert!(fits("language-code", "en-US") && !fits("language-code", "en_US"));
        assert!(fits("country-code", "CH") && !fits("country-code", "CHE"));
        assert!(fits("timezone", "Europe/Zurich") && !fits("timezone", "Europe/"));
        assert!(fits("uri", "https://example.com/a") && !fits("uri", "example"));
        assert!(fits("date-time", "2025-09-29T04:00:54.000Z") && !fits("date-time", "yesterday"));
    }
}
