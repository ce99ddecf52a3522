//! The faults of rows, as real exports have them.

use crate::person::Person;

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// The mail address has no at sign.
    BadEmail,
    /// The last name is empty.
    MissingLastName,
    /// The first name has 51 characters or more.
    LongFirstName,
    /// A good row before this one has the same login, but for the capitals.
    DuplicateLogin,
    /// The group id is one that no org has.
    UnknownGroup,
    /// The row ends after a few cells.
    ShortRow,
}

/// A well-formed id that no org hands out.
const NO_GROUP: &str = "00gnosuchgroup000000";
/// The first length of a first name that is too long.
const TOO_LONG: usize = 51;

impl FaultKind {
    /// All of them, in the order in which they come up.
    pub const ALL: [Self; 6] = [
        Self::BadEmail,
        Self::MissingLastName,
        Self::LongFirstName,
        Self::DuplicateLogin,
        Self::UnknownGroup,
        Self::ShortRow,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadEmail => "bad_email",
            Self::MissingLastName => "missing_last_name",
            Self::LongFirstName => "long_first_name",
            Self::DuplicateLogin => "duplicate_login",
            Self::UnknownGroup => "unknown_group",
            Self::ShortRow => "short_row",
        }
    }

    /// Spoils a good person. A duplicate has to be made from the earlier person; a short row is cut when it
    /// is written.
    pub(crate) fn spoil(self, mut person: Person) -> Person {
        match self {
            Self::BadEmail => person.email = person.email.replace('@', " at "),
            Self::MissingLastName => person.last_name.clear(),
            Self::LongFirstName => person.first_name = repeated(&person.first_name),
            Self::DuplicateLogin => person.login.make_ascii_uppercase(),
            Self::UnknownGroup => person.group_id = Some(NO_GROUP.to_owned()),
            Self::ShortRow => {}
        }
        person.fault = Some(self);
        person
    }
}

/// Which of the faulty rows this row is, counted from 0; none for a good row. The faulty ones are spread
/// evenly, and `n` rows have exactly `n × per_mille / 1000` of them, rounded down.
pub(crate) fn ordinal(index: u64, per_mille: u32) -> Option<usize> {
    let before = |rows: u128| rows * u128::from(per_mille) / 1000;
    let (before, after) = (before(index.into()), before(u128::from(index) + 1));
    if after > before { usize::try_from(before).ok() } else { None }
}

fn repeated(name: &str) -> String {
    let words = TOO_LONG.div_ceil(name.chars().count() + 1) + 1;
    vec![name; words].join(" ")
}
