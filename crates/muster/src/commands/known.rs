//! Passwords that are known, to prove hashes and to try a hook with. They are kept nowhere.

use std::collections::HashMap;
use std::path::Path;

use muster_core::login::Login;
use muster_core::secret::Secret;

use crate::error::Problem;

/// Reads a CSV file with the columns login (or username, or email) and password: the first people with a password,
/// `most` of them, at least one.
pub fn known_passwords(path: &Path, most: usize) -> Result<Vec<(String, Secret)>, Problem> {
    let wrong = |why: String| {
        let expected = "expected a CSV file in UTF-8 with the columns login and password";
        Problem::wrong_usage(format!("--known {}: {why}; {expected}", path.display()))
    };
    let faulty = |error: csv::Error| wrong(error.to_string());
    let mut rows = csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_path(path).map_err(faulty)?;
    let header = rows.headers().map_err(faulty)?.clone();
    let (Some(login), Some(password)) =
        (column(&header, &["login", "username", "email"]), column(&header, &["password"]))
    else {
        return Err(wrong("its header has no login and password".to_owned()));
    };
    let mut people = Vec::new();
    for row in rows.records() {
        // The message of a faulty row holds its place, and none of its cells.
        let row = row.map_err(faulty)?;
        let (login, password) = (row.get(login).unwrap_or_default(), row.get(password).unwrap_or_default());
        if !login.is_empty() && !password.is_empty() {
            people.push((login.trim().to_owned(), Secret::new(password)));
        }
        if people.len() == most {
            break;
        }
    }
    if people.is_empty() { Err(wrong("nobody with a password is in it".to_owned())) } else { Ok(people) }
}

fn column(header: &csv::StringRecord, names: &[&str]) -> Option<usize> {
    header.iter().position(|cell| {
        let bare = cell.trim_start_matches('\u{feff}');
        names.iter().any(|name| bare.eq_ignore_ascii_case(name))
    })
}

/// Known passwords by folded login. They live as long as the census, and are wiped then.
#[derive(Debug, Default)]
pub struct KnownPasswords {
    of: HashMap<String, Secret>,
}

impl KnownPasswords {
    /// All of a file.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let people = known_passwords(path, usize::MAX)?.into_iter();
        Ok(Self {
            of: people
                .filter_map(|(login, password)| Some((Login::parse(&login)?.folded(), password)))
                .collect(),
        })
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
