//! Realms: parts of the org with users of their own. A realm can name the domains that its users must come from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One realm. Its place is that of its creation.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Realm {
    pub id: String,
    pub name: String,
    pub default: bool,
    /// In lower case; any domain will do if there is none.
    pub domains: Vec<String>,
    pub created: Timestamp,
}

/// A realm as a setting writes it: `NAME`, or `NAME=domain.example,other.example`.
pub(crate) struct WantedRealm {
    pub name: String,
    pub domains: Vec<String>,
}

impl WantedRealm {
    /// Reads a setting; every text is one, except for an empty name.
    pub fn of(text: &str) -> Option<Self> {
        let (name, domains) = text.split_once('=').unwrap_or((text, ""));
        let domains = domains.split(',').map(|domain| domain.trim().to_lowercase());
        let name = name.trim().to_owned();
        (!name.is_empty())
            .then(|| Self { name, domains: domains.filter(|domain| !domain.is_empty()).collect() })
    }
}

impl Realm {
    /// Whether an address is of one of the domains.
    pub fn admits(&self, address: &str) -> bool {
        let domain = address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
        self.domains.is_empty() || domain.is_some_and(|domain| self.domains.contains(&domain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read() {
        let read = |text| WantedRealm::of(text).map(|realm| (realm.name, realm.domains));
        assert_eq!(read("Partners"), Some(("Partners".to_owned(), Vec::new())));
        let domains = ["a.example", "b.example"].map(str::to_owned).to_vec();
        assert_eq!(read(" Car Co = A.example, b.example,"), Some(("Car Co".to_owned(), domains)));
        assert_eq!(read("=a.example"), None);
    }
}
