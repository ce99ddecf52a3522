//! Words as numbers. A number once given keeps its word for all time: ledgers hold it.

use muster_core::outcome::{GroupOutcome, Outcome};
use rusqlite::Row;
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};

/// Kinds of words of which there are few.
#[derive(Clone, Copy)]
pub struct Words(&'static [&'static str]);

/// What a row has for a credential; nothing when it is faulty.
pub const CREDENTIALS: Words =
    Words(&["", "none", "password", "bcrypt", "pbkdf2", "sha-512", "sha-256", "sha-1", "md5", "hook"]);

/// The statuses of users.
pub const STATUSES: Words = Words(&[
    "",
    "STAGED",
    "PROVISIONED",
    "ACTIVE",
    "RECOVERY",
    "PASSWORD_EXPIRED",
    "LOCKED_OUT",
    "SUSPENDED",
    "DEPROVISIONED",
]);

/// A word on its way into the books: as its number, or as it is when it has none.
pub enum Written<'a> {
    Number(i64),
    Word(&'a str),
}

impl Words {
    /// How the word is written.
    pub fn written(self, word: &str) -> Written<'_> {
        let number = self.0.iter().position(|known| *known == word);
        number.and_then(|number| i64::try_from(number).ok()).map_or(Written::Word(word), Written::Number)
    }

    /// The word in this column, if there is one.
    pub fn read(self, row: &Row<'_>, at: usize) -> rusqlite::Result<Option<String>> {
        match row.get_ref(at)? {
            ValueRef::Integer(number) => {
                let word = usize::try_from(number).ok().and_then(|number| self.0.get(number));
                Ok(word.map(|word| (*word).to_owned()))
            }
            ValueRef::Null => Ok(None),
            other => Ok(other.as_str().ok().map(str::to_owned)),
        }
    }
}

impl ToSql for Written<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Number(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Self::Word(word) => ToSqlOutput::Borrowed(ValueRef::Text(word.as_bytes())),
        })
    }
}

/// The number of an outcome.
pub fn outcome(outcome: Outcome) -> i64 {
    match outcome {
        Outcome::Created => 0,
        Outcome::Adopted => 1,
        Outcome::Updated => 2,
        Outcome::Unchanged => 3,
        Outcome::Skipped => 4,
        Outcome::Invalid => 5,
        Outcome::Rejected => 6,
        Outcome::Failed => 7,
    }
}

/// The outcome of this number.
pub fn outcome_of(number: i64) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|known| outcome(*known) == number)
}

/// The number of the outcome of memberships.
pub fn groups(outcome: GroupOutcome) -> i64 {
    match outcome {
        GroupOutcome::None => 0,
        GroupOutcome::Joined => 1,
        GroupOutcome::Partial => 2,
        GroupOutcome::Failed => 3,
    }
}

/// The outcome of memberships of this number.
pub fn groups_of(number: i64) -> Option<GroupOutcome> {
    GroupOutcome::ALL.into_iter().find(|known| groups(*known) == number)
}
