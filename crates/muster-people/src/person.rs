//! One made-up person.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use crate::deal::deal;
use crate::dice::Dice;
use crate::fault::FaultKind;
use crate::hash_kind::HashKind;
use crate::hashes;
use crate::names::{CITIES, DEPARTMENTS, TITLES};
use crate::settings::PeopleSettings;

/// One made-up person: a row of the source, and the password that only the generator knows.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Which row, from 0.
    pub index: u64,
    /// The login: the names in plain letters, at the domain.
    pub login: String,
    /// The mail address.
    pub email: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// A number out of the ranges that are kept for films.
    pub mobile_phone: Option<String>,
    /// The department.
    pub department: String,
    /// The job.
    pub title: String,
    /// The city.
    pub city: String,
    /// The number in the personnel department.
    pub employee_number: String,
    /// Names of groups.
    pub groups: Vec<String>,
    /// The id of a group; good people have none.
    pub group_id: Option<String>,
    /// The password.
    pub password: String,
    /// How the old system stores it.
    pub hash_kind: HashKind,
    /// The stored form, in the usual notation of its kind.
    pub password_hash: Option<String>,
    /// What is wrong with the row.
    pub fault: Option<FaultKind>,
}

/// Shows who it is, and nothing of the password.
impl fmt::Debug for Person {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Person")
            .field("index", &self.index)
            .field("login", &self.login)
            .field("hash_kind", &self.hash_kind)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

impl Person {
    /// The faultless person of this number.
    pub(crate) fn make(settings: &PeopleSettings, index: u64) -> Self {
        let hand = deal(settings.seed, index);
        let mut dice = Dice::of(settings.seed, index);
        let login = login(hand.first, hand.last, hand.lap, &settings.domain);
        let password = password(&mut dice);
        let hash_kind = dice.pick(&settings.hashes);
        Self {
            index,
            email: login.clone(),
            login,
            first_name: hand.first.to_owned(),
            last_name: hand.last.to_owned(),
            mobile_phone: mobile_phone(&mut dice),
            department: dice.pick(DEPARTMENTS).to_owned(),
            title: dice.pick(TITLES).to_owned(),
            city: dice.pick(CITIES).to_owned(),
            employee_number: employee_number(index),
            groups: groups(&settings.groups, &mut dice),
            group_id: None,
            password_hash: hashes::stored(hash_kind, &password, &mut dice),
            password,
            hash_kind,
            fault: None,
        }
    }
}

/// The personnel number of a row.
pub(crate) fn employee_number(index: u64) -> String {
    format!("E{:07}", index.saturating_add(1))
}

fn login(first: &str, last: &str, lap: u64, domain: &str) -> String {
    let (first, last) = (folded(first), folded(last));
    match lap {
        0 => format!("{first}.{last}@{domain}"),
        _ => format!("{first}.{last}{}@{domain}", lap + 1),
    }
}

/// A name in lower-case letters of the ASCII alphabet, and hyphens.
fn folded(name: &str) -> String {
    let plain = name.to_lowercase().replace('ß', "ss").replace('æ', "ae");
    plain.nfd().map(unstroked).filter(|letter| letter.is_ascii_lowercase() || *letter == '-').collect()
}

/// Letters that have no decomposition.
fn unstroked(letter: char) -> char {
    match letter {
        'ø' => 'o',
        'ł' => 'l',
        'đ' | 'ð' => 'd',
        'ı' => 'i',
        other => other,
    }
}

/// Three syllables with numbers, such as `Kab74-rem13-tos90`: it passes Okta's default policy, and can't hold a
/// part of the login, because those have four letters or more.
fn password(dice: &mut Dice) -> String {
    const OUTER: &[char] = &['b', 'd', 'f', 'g', 'k', 'm', 'n', 'p', 'r', 's', 't', 'v', 'x', 'z'];
    const INNER: &[char] = &['a', 'e', 'i', 'o', 'u'];
    let mut password = String::with_capacity(17);
    for at in 0..3 {
        let first = dice.pick(OUTER);
        if at == 0 {
            password.push(first.to_ascii_uppercase());
        } else {
            password.extend(['-', first]);
        }
        password.extend([dice.pick(INNER), dice.pick(OUTER)]);
        password.push_str(&(10 + dice.below(90)).to_string());
    }
    password
}

/// Three of four people have one.
fn mobile_phone(dice: &mut Dice) -> Option<String> {
    let (which, number) = (dice.below(4), dice.below(1000));
    match which {
        0 => None,
        1 => Some(format!("+1 202 555 {:04}", 100 + number % 100)),
        _ => Some(format!("+44 7700 900{number:03}")),
    }
}

/// None to three groups that stand next to each other in the list.
fn groups(all: &[String], dice: &mut Dice) -> Vec<String> {
    let (start, many) = (dice.below(all.len()), dice.below(4).min(all.len()));
    all.iter().cycle().skip(start).take(many).cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::names::{FIRST, LAST};

    #[test]
    fn no_two_names_fold_to_the_same_letters() {
        for list in [FIRST, LAST] {
            let folds: BTreeSet<String> = list.iter().map(|name| folded(name)).collect();
            assert_eq!(folds.len(), list.len());
            for name in list {
                let letters = name.chars().filter(|letter| letter.is_alphabetic()).count();
                let kept = folded(name).chars().filter(char::is_ascii_lowercase).count();
                assert!(kept >= letters, "{name} lost a letter: {}", folded(name));
            }
        }
        assert!(FIRST.len() >= 150 && LAST.len() >= 200);
    }

    #[test]
    fn names_fold_as_people_spell_them() {
        let all = [("Großmeißner", "grossmeissner"), ("O'Brien", "obrien"), ("de la Cruz", "delacruz")];
        for (name, expected) in
            all.into_iter().chain([("Łukasz", "lukasz"), ("Işıl", "isil"), ("Đặng", "dang")])
        {
            assert_eq!(folded(name), expected);
        }
    }
}
