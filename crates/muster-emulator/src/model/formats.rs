//! The formats that a schema can ask of a string. Countries are known by their codes; of languages, locales and time
//! zones, the shape is looked at and no list of them is kept.

use super::regions::{is_area, is_country, is_lone_zone};

/// Whether a text has the named format. A format that is not known asks nothing.
pub(crate) fn fits(format: &str, text: &str) -> bool {
    match format {
        "email" => is_email(text),
        "uri" => is_uri(text),
        "country-code" => is_country(text),
        "language-code" => are_subtags(text),
        "locale" => is_locale(text),
        "timezone" => is_zone(text),
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

/// A language of two or three letters and further parts, as in `en` and `en-US`.
fn are_subtags(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// A language of two letters, alone or with a country of two, as in `en` and `de_CH`.
fn is_locale(text: &str) -> bool {
    let (language, country) = text.split_once('_').map_or((text, None), |(one, other)| (one, Some(other)));
    let two = |part: &str, fits: fn(&u8) -> bool| part.len() == 2 && part.as_bytes().iter().all(fits);
    two(language, u8::is_ascii_lowercase)
        && country.is_none_or(|country| two(country, u8::is_ascii_uppercase))
}

/// A place in an area, as in `Europe/Zurich`, or one of the old names that have no area.
fn is_zone(text: &str) -> bool {
    match text.split_once('/') {
        Some((area, place)) => is_area(area) && place.split('/').all(is_zone_part),
        None => is_lone_zone(text),
    }
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
