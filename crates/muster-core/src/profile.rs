//! From a cell to a profile value: coerced to the type that the org's schema gives, and checked by its rules.
//!
//! Only what Okta surely refuses is a fault here. What is not known for sure is sent, and Okta's answer is
//! reported (API.md §4.2 lists the texts).

use regex::Regex;
use serde_json::{Number, Value};

use crate::fault::{Fault, FaultCode};
use crate::record::Cell;
use crate::schema::{Attribute, Kind};

/// An attribute with its pattern compiled, ready to check a stream of rows.
#[derive(Debug)]
pub struct Rule {
    attribute: Attribute,
    pattern: Option<Regex>,
}

impl Rule {
    /// The rule for this attribute. A pattern that this machine's regular expressions can't express is left to Okta.
    pub fn new(attribute: Attribute) -> Self {
        let whole = |pattern: &String| Regex::new(&format!("^(?:{pattern})$")).ok();
        let pattern = attribute.pattern.as_ref().and_then(whole);
        Self { attribute, pattern }
    }

    /// The attribute.
    pub fn attribute(&self) -> &Attribute {
        &self.attribute
    }

    /// The value to send for this cell, or what is wrong with it. An empty cell is no value.
    pub fn value(&self, cell: &Cell) -> Result<Option<Value>, Fault> {
        let value = match cell {
            Cell::Empty => return Ok(None),
            Cell::Undecodable(_) => {
                return Err(self.fault(FaultCode::BadEncoding, "holds bytes that are not valid text"));
            }
            Cell::Text(text) if self.attribute.array => self.list_of_text(text)?,
            Cell::Text(text) => self.scalar_of_text(text)?,
            Cell::Json(Value::Array(items)) => self.list(items)?,
            Cell::Json(value) if self.attribute.array => self.list(std::slice::from_ref(value))?,
            Cell::Json(value) => self.scalar(value)?,
        };
        self.check(&value)?;
        Ok(Some(value))
    }

    fn list_of_text(&self, text: &str) -> Result<Value, Fault> {
        if text.trim_start().starts_with('[')
            && let Ok(items) = serde_json::from_str::<Vec<Value>>(text)
        {
            return self.list(&items);
        }
        let items = text.split([';', '|']).map(str::trim).filter(|item| !item.is_empty());
        items.map(|item| self.scalar_of_text(item)).collect::<Result<Vec<_>, _>>().map(Value::Array)
    }

    fn list(&self, items: &[Value]) -> Result<Value, Fault> {
        if !self.attribute.array {
            return Err(self.fault(
                FaultCode::BadType,
                &format!("is a list, the org's schema says {}", self.attribute.type_name()),
            ));
        }
        items.iter().map(|item| self.scalar(item)).collect::<Result<Vec<_>, _>>().map(Value::Array)
    }

    fn scalar(&self, value: &Value) -> Result<Value, Fault> {
        match (self.attribute.kind, value) {
            (Kind::Boolean, Value::Bool(_)) | (Kind::Number, Value::Number(_)) => Ok(value.clone()),
            (_, Value::String(text)) => self.scalar_of_text(text),
            (Kind::String | Kind::Integer, Value::Number(number)) => self.scalar_of_text(&number.to_string()),
            (Kind::String, Value::Bool(flag)) => Ok(Value::String(flag.to_string())),
            _ => Err(self.wrong_type(&value.to_string())),
        }
    }

    fn scalar_of_text(&self, text: &str) -> Result<Value, Fault> {
        let trimmed = text.trim();
        let value = match self.attribute.kind {
            Kind::String => Some(Value::String(text.to_owned())),
            Kind::Boolean => boolean(trimmed).map(Value::Bool),
            Kind::Integer => integer(trimmed).map(|number| Value::Number(number.into())),
            Kind::Number => trimmed.parse().ok().and_then(Number::from_f64).map(Value::Number),
        };
        value.ok_or_else(|| self.wrong_type(trimmed))
    }

    fn check(&self, value: &Value) -> Result<(), Fault> {
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.check_one(item)),
            single => self.check_one(single),
        }
    }

    fn check_one(&self, value: &Value) -> Result<(), Fault> {
        match value {
            Value::String(text) => self.check_text(text)?,
            Value::Number(number) => self.check_number(number)?,
            _ => {}
        }
        if self.attribute.allowed.is_empty()
            || self.attribute.allowed.iter().any(|allowed| same_scalar(allowed, value))
        {
            return Ok(());
        }
        let allowed: Vec<String> = self.attribute.allowed.iter().take(8).map(Value::to_string).collect();
        Err(self.fault(FaultCode::NotInEnum, &format!("{value} is not one of {}", allowed.join(", "))))
    }

    fn check_text(&self, text: &str) -> Result<(), Fault> {
        let beyond = || text.chars().find(|letter| u32::from(*letter) > 0xFFFF);
        if !text.is_ascii()
            && let Some(letter) = beyond()
        {
            let found =
                format!("holds {letter:?} (U+{:X}); Okta takes characters up to U+FFFF", u32::from(letter));
            return Err(self.fault(FaultCode::UnsupportedCharacter, &found));
        }
        self.check_length(text)?;
        if self.attribute.format.as_deref() == Some("email") && !looks_like_email(text) {
            return Err(
                self.fault(FaultCode::BadEmail, &format!("{} is not an e-mail address", quoted(text)))
            );
        }
        match &self.pattern {
            Some(pattern) if !pattern.is_match(text) => {
                let expected = self.attribute.pattern.as_deref().unwrap_or_default();
                Err(self.fault(FaultCode::BadPattern, &format!("{} does not match {expected}", quoted(text))))
            }
            _ => Ok(()),
        }
    }

    fn check_length(&self, text: &str) -> Result<(), Fault> {
        if self.attribute.min_length.is_none() && self.attribute.max_length.is_none() {
            return Ok(());
        }
        let length = text.chars().count() as u64;
        if let Some(max) = self.attribute.max_length.filter(|max| length > *max) {
            return Err(
                self.fault(FaultCode::TooLong, &format!("has {length} characters, {max} are allowed"))
            );
        }
        if let Some(min) = self.attribute.min_length.filter(|min| length < *min) {
            return Err(self
                .fault(FaultCode::TooShort, &format!("has {length} characters, at least {min} are needed")));
        }
        Ok(())
    }

    fn check_number(&self, number: &Number) -> Result<(), Fault> {
        let Some(found) = number.as_f64() else { return Ok(()) };
        let below = self
            .attribute
            .minimum
            .filter(|minimum| found < *minimum)
            .map(|minimum| format!("below {minimum}"));
        let above = self
            .attribute
            .maximum
            .filter(|maximum| found > *maximum)
            .map(|maximum| format!("above {maximum}"));
        match below.or(above) {
            Some(how) => Err(self.fault(FaultCode::OutOfRange, &format!("{number} is {how}"))),
            None => Ok(()),
        }
    }

    fn wrong_type(&self, found: &str) -> Fault {
        let expected = self.attribute.type_name();
        self.fault(
            FaultCode::BadType,
            &format!("{} is no {expected}, which the org's schema asks for", quoted(found)),
        )
    }

    fn fault(&self, code: FaultCode, reason: &str) -> Fault {
        Fault::of_field(code, &self.attribute.name, reason)
    }
}

/// Values of one attribute are equal when Okta would call them equal: `1` is `1.0`.
pub fn same_scalar(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

/// A short quotation of a value in a message.
pub fn quoted(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST {
        return format!("{text:?}");
    }
    let head: String = text.chars().take(MOST).collect();
    format!("{head:?}…")
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "t" => Some(true),
        "false" | "no" | "n" | "0" | "f" => Some(false),
        _ => None,
    }
}

fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_suffix(".0").unwrap_or(text);
    digits.strip_prefix('+').unwrap_or(digits).parse().ok()
}

fn has_no_place_in_addresses(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_whitespace()
            || letter.is_ascii_control()
            || matches!(letter, '<' | '>' | ',' | ';' | ':' | '\\' | '"' | '(' | ')' | '[' | ']' | '@');
    }
    letter.is_whitespace() || letter.is_control()
}

/// Whether the text has the shape of an address: what this refuses, Okta refuses.
pub fn looks_like_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let clean = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
            && !part.contains(has_no_place_in_addresses)
    };
    clean(local) && clean(domain) && !domain.starts_with('-') && !domain.contains('_')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rule(edit: impl FnOnce(&mut Attribute)) -> Rule {
        let mut attribute = Attribute::text("color");
        edit(&mut attribute);
        Rule::new(attribute)
    }

    fn code(rule: &Rule, text: &str) -> FaultCode {
        rule.value(&Cell::text(text)).unwrap_err().code
    }

    #[test]
    fn text_becomes_the_type_of_the_schema() {
        let value =
            |kind, text: &str| rule(|found| found.kind = kind).value(&Cell::text(text)).unwrap().unwrap();
        assert_eq!(value(Kind::Boolean, "Yes"), json!(true));
        assert_eq!(value(Kind::Integer, " 42 "), json!(42));
        assert_eq!(value(Kind::Integer, "42.0"), json!(42));
        assert_eq!(value(Kind::Number, "1.5"), json!(1.5));
        assert_eq!(value(Kind::String, "007"), json!("007"));
    }

    #[test]
    fn lists_are_split_or_read_as_json() {
        let list = |kind, text: &str| {
            let rule = rule(|found| (found.kind, found.array) = (kind, true));
            rule.value(&Cell::text(text)).map(Option::unwrap)
        };
        assert_eq!(list(Kind::String, "red; green|blue").unwrap(), json!(["red", "green", "blue"]));
        assert_eq!(list(Kind::Integer, "[1, 2]").unwrap(), json!([1, 2]));
        assert_eq!(list(Kind::Integer, "1;two").unwrap_err().code, FaultCode::BadType);
    }

    #[test]
    fn json_values_are_taken_as_they_are_or_coerced() {
        let text = rule(|_| {});
        assert_eq!(text.value(&Cell::Json(json!(7))).unwrap(), Some(json!("7")));
        let flag = rule(|found| found.kind = Kind::Boolean);
        assert_eq!(flag.value(&Cell::Json(json!(false))).unwrap(), Some(json!(false)));
        assert_eq!(flag.value(&Cell::Json(json!(3))).unwrap_err().code, FaultCode::BadType);
        assert_eq!(text.value(&Cell::Json(json!(["a"]))).unwrap_err().code, FaultCode::BadType);
    }

    #[test]
    fn the_rules_of_the_schema_are_checked() {
        assert_eq!(code(&rule(|found| found.max_length = Some(3)), "four"), FaultCode::TooLong);
        assert_eq!(code(&rule(|found| found.min_length = Some(5)), "four"), FaultCode::TooShort);
        assert_eq!(
            code(&rule(|found| found.pattern = Some("[a-z]+".to_owned())), "A1"),
            FaultCode::BadPattern
        );
        assert_eq!(code(&rule(|found| found.allowed = vec![json!("red")]), "blue"), FaultCode::NotInEnum);
        assert_eq!(code(&rule(|_| {}), "hi 😀"), FaultCode::UnsupportedCharacter);
        let bounded = rule(|found| (found.kind, found.maximum) = (Kind::Integer, Some(5.0)));
        assert_eq!(code(&bounded, "6"), FaultCode::OutOfRange);
        assert_eq!(bounded.value(&Cell::text("5")).unwrap(), Some(json!(5)));
    }

    #[test]
    fn addresses_are_refused_only_when_they_surely_are_none() {
        for fine in ["a@b.co", "o'neil+x@exa-mple.com", "jürgen@müller.de", "a@localhost"] {
            assert!(looks_like_email(fine), "{fine}");
        }
        for faulty in ["", "a", "a@", "@b.c", "a b@c.d", "a@b..c", "a@@b.c", "a@.b", "a.@b.c", "a@b c"] {
            assert!(!looks_like_email(faulty), "{faulty}");
        }
    }
}
