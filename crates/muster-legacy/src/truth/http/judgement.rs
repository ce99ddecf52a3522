//! What an answer means.

use serde_json::Value;

use crate::truth::Known;
use crate::truth::settings::{HttpSettings, HttpSign};

/// The signs of the settings, checked.
pub(super) struct Judgement {
    right: HttpSign,
    wrong: HttpSign,
    nobody: Option<HttpSign>,
}

impl Judgement {
    /// Takes the signs of the settings, if no answer could be two things by its status alone.
    pub(super) fn new(settings: &HttpSettings) -> Result<Self, String> {
        let signs = [
            ("right", Some(&settings.right)),
            ("wrong", Some(&settings.wrong)),
            ("nobody", settings.nobody.as_ref()),
        ];
        let signs: Vec<_> = signs.into_iter().filter_map(|(name, sign)| Some((name, sign?))).collect();
        for (at, (name, sign)) in signs.iter().enumerate() {
            check(name, sign)?;
            for (other, rival) in signs.iter().skip(at + 1) {
                tell_apart((name, sign), (other, rival))?;
            }
        }
        Ok(Self {
            right: settings.right.clone(),
            wrong: settings.wrong.clone(),
            nobody: settings.nobody.clone(),
        })
    }

    /// What an answer means, if it means exactly one thing.
    pub(super) fn of(&self, status: u16, body: &[u8]) -> Result<Known, String> {
        let json: Option<Value> = serde_json::from_slice(body).ok();
        let text = std::str::from_utf8(body).ok();
        let shown = |sign: &HttpSign| is_shown(sign, status, json.as_ref(), text);
        let nobody = self.nobody.as_ref().is_some_and(shown);
        match (shown(&self.right), shown(&self.wrong), nobody) {
            (true, false, false) => Ok(Known::Matches),
            (false, true, false) => Ok(Known::Differs),
            (false, false, true) => Ok(Known::Nobody),
            (false, false, false) => Err(format!("an answer of status {status} that nothing was said about")),
            _ => Err(format!("an answer of status {status} that would be two things at once")),
        }
    }
}

fn is_shown(sign: &HttpSign, status: u16, json: Option<&Value>, text: Option<&str>) -> bool {
    let value_at = |pointer: &String| json.and_then(|json| json.pointer(pointer));
    let value = match (&sign.pointer, &sign.equals) {
        (None, _) => true,
        (Some(pointer), None) => value_at(pointer).is_some(),
        (Some(pointer), Some(expected)) => value_at(pointer) == Some(expected),
    };
    let contained = |part: &String| text.is_some_and(|text| text.contains(part.as_str()));
    sign.status.contains(&status) && value && sign.contains.as_ref().is_none_or(contained)
}

fn check(name: &str, sign: &HttpSign) -> Result<(), String> {
    if sign.status.is_empty() {
        return Err(format!("{name}.status is empty"));
    }
    let allowed = |status: u16| match status {
        200..=299 => true,
        // A server that is busy has not looked.
        408 | 429 => false,
        400..=499 => name != "right",
        _ => false,
    };
    if let Some(status) = sign.status.iter().find(|status| !allowed(**status)) {
        return Err(format!("{name}.status: {status} can't be a sign of that"));
    }
    if sign.pointer.as_ref().is_some_and(|pointer| !pointer.is_empty() && !pointer.starts_with('/')) {
        return Err(format!("{name}.pointer is a JSON pointer, such as /user/ok"));
    }
    if sign.equals.is_some() && sign.pointer.is_none() {
        return Err(format!("{name}.equals needs {name}.pointer"));
    }
    Ok(())
}

fn tell_apart(one: (&str, &HttpSign), other: (&str, &HttpSign)) -> Result<(), String> {
    let says_more = |sign: &HttpSign| sign.pointer.is_some() || sign.contains.is_some();
    let shared = one.1.status.iter().find(|status| other.1.status.contains(status));
    match shared {
        Some(status) if !says_more(one.1) || !says_more(other.1) => Err(format!(
            "an answer of status {status} would be both {} and {}: say by pointer or contains what tells them apart",
            one.0, other.0
        )),
        _ => Ok(()),
    }
}
