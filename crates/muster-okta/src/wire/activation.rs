//! The answer to an activation without mail (API.md §5.7).

use std::fmt;

use serde::Deserialize;

/// Where a person sets a first password. Whoever has the address can: it is never printed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivationLink {
    /// The address; none when a mail went out.
    #[serde(default)]
    pub activation_url: Option<String>,
}

impl fmt::Debug for ActivationLink {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.activation_url.as_ref().map(|_| "***");
        out.debug_struct("ActivationLink").field("activation_url", &url).finish()
    }
}
