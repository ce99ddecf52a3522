//! The form that a token is asked for with.

use url::form_urlencoded;

use crate::refusal::Refusal;

/// The fields of a form, each of which stands there once.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form.
    pub fn read(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// A field; none if it is missing or empty, which OAuth takes for the same.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    /// Refuses a form in which a field stands twice.
    pub fn check(&self) -> Result<(), Refusal> {
        let twice = |(place, (name, _)): (usize, &(String, String))| {
            self.0.iter().take(place).any(|(earlier, _)| earlier == name)
        };
        if self.0.iter().enumerate().any(twice) {
            return Err(Refusal::invalid_request("A parameter must not be included more than once."));
        }
        Ok(())
    }
}
