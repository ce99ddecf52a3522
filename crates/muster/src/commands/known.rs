//! Passwords that are known, for the proof of what the hashes are.

use std::collections::HashMap;
use std::path::Path;

use muster_core::login::Login;
use muster_core::secret::Secret;
use serde::Deserialize;

use crate::error::Problem;

/// Known passwords by folded login. They live as long as the census, and are wiped then.
#[derive(Debug, Default)]
pub struct KnownPasswords {
    of: HashMap<String, Secret>,
}

#[derive(Deserialize)]
struct Row {
    login: String,
    password: String,
}

impl KnownPasswords {
    /// Reads a CSV file with the columns login and password.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let unreadable = |error: csv::Error| {
            Problem::wrong_usage(format!(
                "--known {}: {error}; expected a CSV file with the columns login and password",
                path.display()
            ))
        };
        let mut of = HashMap::new();
        for row in csv::Reader::from_path(path).map_err(unreadable)?.deserialize() {
            let row: Row = row.map_err(unreadable)?;
            if let Some(login) = Login::parse(&row.login) {
                of.insert(login.folded(), Secret::new(row.password));
            }
        }
        Ok(Self { of })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// The password of a login.
    pub fn of(&self, login: &Login) -> Option<&Secret> {
        self.of.get(&login.folded())
    }
}
