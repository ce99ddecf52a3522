//! People, one after the other.

use crate::fault::{FaultKind, ordinal};
use crate::person::{Person, employee_number};
use crate::settings::{PeopleSettings, SettingsError};

/// How far back a good person is looked for, to be entered twice.
const LOOK_BACK: usize = 8;

/// All the people that the settings describe, made one at a time.
#[derive(Clone, Debug)]
pub struct People {
    settings: PeopleSettings,
    next: u64,
}

impl People {
    /// Checks the settings.
    pub fn new(settings: PeopleSettings) -> Result<Self, SettingsError> {
        settings.check()?;
        Ok(Self { settings, next: 0 })
    }

    /// The settings.
    pub fn settings(&self) -> &PeopleSettings {
        &self.settings
    }

    /// The person of this row, from 0, whoever was asked for before. Rows can be made side by side this way:
    /// a bcrypt hash takes its time.
    pub fn person(&self, index: u64) -> Person {
        let Some(ordinal) = self.fault_ordinal(index) else {
            return Person::make(&self.settings, index);
        };
        let kind = FaultKind::ALL.into_iter().cycle().nth(ordinal % FaultKind::ALL.len());
        match (kind.unwrap_or(FaultKind::BadEmail), self.earlier(index)) {
            (FaultKind::DuplicateLogin, Some(earlier)) => self.again(earlier, index),
            // Where all are faulty there is nobody to enter twice.
            (FaultKind::DuplicateLogin, None) => {
                FaultKind::BadEmail.spoil(Person::make(&self.settings, index))
            }
            (kind, _) => kind.spoil(Person::make(&self.settings, index)),
        }
    }

    /// The earlier person, entered once more under a new personnel number.
    fn again(&self, earlier: u64, index: u64) -> Person {
        let person = Person::make(&self.settings, earlier);
        let person = Person { index, employee_number: employee_number(index), ..person };
        FaultKind::DuplicateLogin.spoil(person)
    }

    /// A good row before this one, well before where there is one.
    fn earlier(&self, index: u64) -> Option<u64> {
        let half = index / 2;
        let mut rows = (0..half).rev().take(LOOK_BACK);
        let good = |row: &u64| self.fault_ordinal(*row).is_none();
        // The first row is good unless all are faulty.
        rows.find(good).or(Some(0).filter(|first| *first < index && good(first)))
    }

    fn fault_ordinal(&self, index: u64) -> Option<usize> {
        ordinal(index, self.settings.faulty_per_mille)
    }
}

impl Iterator for People {
    type Item = Person;

    fn next(&mut self) -> Option<Person> {
        if self.next >= self.settings.count {
            return None;
        }
        let person = self.person(self.next);
        self.next += 1;
        Some(person)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.settings.count - self.next).ok();
        (left.unwrap_or(usize::MAX), left)
    }
}
