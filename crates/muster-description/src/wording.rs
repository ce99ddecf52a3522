//! How values and rules are put into words. The text of a value is never repeated.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

/// How many options of an enumeration are listed.
const LISTED: usize = 12;
/// Names of members whose numbers may be secret as well.
const SECRET: [&str; 7] = ["password", "credential", "secret", "answer", "token", "assertion", "hash"];

/// Describes a value that stands at a JSON pointer.
pub(crate) fn describe(value: &Value, pointer: &str) -> String {
    let lower = pointer.to_ascii_lowercase();
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Number(_) if SECRET.iter().any(|name| lower.contains(name)) => {
            format!("{} that may be secret", article(type_name(value)))
        }
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => counted("a string of", text.chars().count(), "character"),
        Value::Array(items) => counted("an array of", items.len(), "item"),
        Value::Object(members) => counted("an object of", members.len(), "member"),
    }
}

pub(crate) fn counted(lead: &str, count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{lead} {count} {noun}{plural}")
}

fn type_name(value: &Value) -> &'static str {
    if value.is_number() { "number" } else { "boolean" }
}

fn article(noun: &str) -> String {
    match noun {
        "null" => noun.to_owned(),
        _ if noun.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {noun}"),
        _ => format!("a {noun}"),
    }
}

/// What a rule of a schema wants.
pub(crate) fn expectation(kind: &ValidationErrorKind) -> String {
    use ValidationErrorKind as K;
    match kind {
        K::Type { kind } => types(kind),
        K::Enum { options } => enumeration(options),
        K::Constant { expected_value } => enumeration(&Value::Array(vec![(**expected_value).clone()])),
        K::Format { format } => format!("the format {format}"),
        K::Pattern { pattern } => format!("a string that matches {pattern}"),
        K::Minimum { limit } => format!("at least {limit}"),
        K::Maximum { limit } => format!("at most {limit}"),
        K::ExclusiveMinimum { limit } => format!("more than {limit}"),
        K::ExclusiveMaximum { limit } => format!("less than {limit}"),
        K::MultipleOf { multiple_of } => format!("a multiple of {multiple_of}"),
        K::MinLength { limit } => format!("at least {limit} characters"),
        K::MaxLength { limit } => format!("at most {limit} characters"),
        K::MinItems { limit } => format!("at least {limit} items"),
        K::MaxItems { limit } => format!("at most {limit} items"),
        K::MinProperties { limit } => format!("at least {limit} members"),
        K::MaxProperties { limit } => format!("at most {limit} members"),
        K::UniqueItems => "items that differ from each other".to_owned(),
        K::OneOfMultipleValid { .. } => "exactly one of the choices to fit".to_owned(),
        K::Not { .. } => "anything but what it is".to_owned(),
        K::FalseSchema => "nothing".to_owned(),
        other => format!("what `{}` asks for", other.keyword()),
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => article(one.as_str()),
        TypeKind::Multiple(set) => {
            let names: Vec<_> = set.iter().map(|one| article(one.as_str())).collect();
            names.join(" or ")
        }
    }
}

fn enumeration(options: &Value) -> String {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let words =
        options.iter().map(|option| option.as_str().map_or_else(|| option.to_string(), str::to_owned));
    let listed: Vec<_> = words.take(LISTED).collect();
    let rest = options.len().saturating_sub(LISTED);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let lead = if options.len() == 1 { "" } else { "one of " };
    format!("{lead}{}{more}", listed.join(", "))
}
