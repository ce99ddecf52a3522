//! The people of the second tour, and how they behave at the sign-in page.

use std::path::Path;

use muster_people::{Column, CsvWriter, HashKind, KnownWriter, People, PeopleSettings, Person};

use super::sign_in::Try;
use crate::commands::generate::create;
use crate::error::Problem;

const WRONG: &str = "not-the-password-1A";
const STRANGERS: usize = 60;

/// Notations that Okta checks itself. All cost little, so that the tour is short.
const FOR_OKTA: [HashKind; 5] = [
    HashKind::Bcrypt { cost: 4 },
    HashKind::Ssha512,
    HashKind::Ssha256,
    HashKind::Ssha,
    HashKind::Pbkdf2Sha512 { iterations: 4096 },
];
/// Notations that only the hook can check.
const FOR_THE_HOOK: [HashKind; 5] = [
    HashKind::Argon2id { memory: 64 },
    HashKind::Scrypt { log_n: 10 },
    HashKind::Sha512Crypt { rounds: 1000 },
    HashKind::Phpass { log_rounds: 7 },
    HashKind::Pbkdf2Sha1 { iterations: 1000 },
];

/// What somebody does at the sign-in page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    Knows,
    /// The first password is wrong, the second one right.
    Mistypes,
    Forgot,
    StaysAway,
}

/// All people of the tour.
pub struct Crowd {
    people: Vec<Person>,
}

impl Crowd {
    /// So many people, always the same, in files for the import and for whoever wants to try sign-ins.
    pub fn write(count: u64, file: &Path, known: &Path) -> Result<Self, Problem> {
        let settings = PeopleSettings {
            hashes: FOR_OKTA.into_iter().chain(FOR_THE_HOOK).collect(),
            groups: ["All Employees", "Sales", "Engineering"].map(str::to_owned).to_vec(),
            ..PeopleSettings::new(2027, count)
        };
        let mut table = CsvWriter::new(create(file)?, &Column::for_kinds(&settings.hashes))?;
        let mut passwords = KnownWriter::new(create(known)?)?;
        let made = People::new(settings).map_err(|error| Problem::wrong_usage(error.to_string()))?;
        let mut people = Vec::new();
        for person in made {
            table.write(&person)?;
            passwords.write(&person)?;
            people.push(person);
        }
        table.finish()?;
        passwords.finish()?;
        Ok(Self { people })
    }

    /// How many there are.
    pub fn all(&self) -> usize {
        self.people.len()
    }

    /// Those whom Okta can't check.
    pub fn for_the_hook(&self) -> usize {
        self.people.iter().filter(|person| needs_hook(person)).count()
    }

    /// Those of them who know their password and come.
    pub fn come_over(&self) -> usize {
        self.people.iter().filter(|person| needs_hook(person) && comes(person)).count()
    }

    /// The logins of those of them who don't, sorted.
    pub fn stragglers(&self) -> Vec<&str> {
        let left = self.people.iter().filter(|person| needs_hook(person) && !comes(person));
        let mut logins: Vec<&str> = left.map(|person| person.login.as_str()).collect();
        logins.sort_unstable();
        logins
    }

    /// Everybody who knows the password at once.
    pub fn right_at_once(&self) -> Vec<Try> {
        self.tries(own, |habit| habit == Habit::Knows)
    }

    /// Those who had it wrong before, with the right one.
    pub fn right_at_last(&self) -> Vec<Try> {
        self.tries(own, |habit| habit == Habit::Mistypes)
    }

    /// Everybody who came in, once more.
    pub fn right_again(&self) -> Vec<Try> {
        self.tries(own, |habit| matches!(habit, Habit::Knows | Habit::Mistypes))
    }

    /// A wrong password, of those who mistype it and of those who forgot it.
    pub fn wrong(&self) -> Vec<Try> {
        self.tries(|_| WRONG.to_owned(), |habit| matches!(habit, Habit::Mistypes | Habit::Forgot))
    }

    /// Names that nobody has, with passwords that others have.
    pub fn strangers(&self) -> Vec<Try> {
        let borrowed = self.people.iter().take(STRANGERS).enumerate();
        borrowed
            .map(|(at, person)| Try {
                login: format!("nobody-{at}@example.com"),
                password: person.password.clone(),
            })
            .collect()
    }

    fn tries(&self, password: impl Fn(&Person) -> String, who: impl Fn(Habit) -> bool) -> Vec<Try> {
        let them = self.people.iter().filter(|person| who(habit(person)));
        them.map(|person| Try { login: person.login.clone(), password: password(person) }).collect()
    }
}

fn own(person: &Person) -> String {
    person.password.clone()
}

fn needs_hook(person: &Person) -> bool {
    FOR_THE_HOOK.contains(&person.hash_kind)
}

fn comes(person: &Person) -> bool {
    matches!(habit(person), Habit::Knows | Habit::Mistypes)
}

/// Of ten people two stay away, one forgot the password, and one has it wrong at first.
fn habit(person: &Person) -> Habit {
    match person.index % 10 {
        0 | 5 => Habit::StaysAway,
        7 => Habit::Forgot,
        3 => Habit::Mistypes,
        _ => Habit::Knows,
    }
}
