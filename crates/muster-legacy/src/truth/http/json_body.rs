//! Whether a body of JSON keeps the login and the password apart from everything else.

use serde_json::Value;

/// Stands for the login.
pub(super) const LOGIN: &str = "muster-place-of-the-login";
/// Stands for the password.
pub(super) const PASSWORD: &str = "muster-place-of-the-password";

/// What is wrong with a body that was filled with [`LOGIN`] and [`PASSWORD`]. Escapes of JSON hold for the string they
/// stand in. Where that string is a language of its own (a query of GraphQL, JSON within JSON), whoever reads it undoes
/// them, and a password with a quote would be read as more than a password.
pub(super) fn fault(body: &str) -> Option<&'static str> {
    match serde_json::from_str(body) {
        Ok(json) => of_value(&json),
        Err(_) => Some("body is no JSON; {login} and {password} stand within quotes: \"{login}\""),
    }
}

fn of_value(json: &Value) -> Option<&'static str> {
    match json {
        Value::String(text) => of_text(text),
        Value::Array(values) => values.iter().find_map(of_value),
        Value::Object(members) => members.iter().find_map(|(name, value)| of_name(name).or(of_value(value))),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn of_name(name: &str) -> Option<&'static str> {
    let is_filled = name.contains(LOGIN) || name.contains(PASSWORD);
    is_filled.then_some("body: neither {login} nor {password} can be the name of a member")
}

fn of_text(text: &str) -> Option<&'static str> {
    if text.contains(PASSWORD) && text != PASSWORD {
        return Some(
            "body: {password} stands alone within its quotes, or it could be read as more than a password (for GraphQL, put it into the variables)",
        );
    }
    let has_quotes = text.contains(LOGIN) && text.contains(['"', '\'']);
    has_quotes.then_some("body: {login} can't stand within quotes that are themselves within quotes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_string_of_its_own() {
        let faulty = |body: &str| {
            let body = body.replace("{login}", LOGIN).replace("{password}", PASSWORD);
            fault(&body).is_some()
        };
        assert!(!faulty(r#"{"user": "{login}", "password": "{password}"}"#));
        assert!(!faulty(r#"["CORP\\{login}", {"p": "{password}"}]"#));
        assert!(faulty(r#"{"user": {login}}"#));
        assert!(faulty(r#"{"query": "mutation { login(u: \"ann\", p: \"{password}\") }"}"#));
        assert!(faulty(r#"{"user": "{\"name\": \"{login}\"}", "password": "{password}"}"#));
        assert!(faulty(r#"{"form": "u={login}&p={password}"}"#));
        assert!(faulty(r#"{"{password}": 1}"#));
    }
}
