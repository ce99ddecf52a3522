//! A person as the org shall have them: what a row means once it was mapped and checked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::census::Route;
use crate::credential::{DigestAlgorithm, Notation, OktaHash};
use crate::login::Login;
use crate::record::Line;
use crate::secret::Secret;

/// How passwords go over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Per row, the best credential it has.
    #[default]
    Auto,
    /// Hashed passwords; a row without one is faulty.
    Hash,
    /// No credentials; users are staged.
    Staged,
    /// The password-import inline hook, for every row.
    Hook,
    /// Cleartext passwords; a row without one is faulty.
    Password,
}

/// What to do with a user who is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnConflict {
    /// Leave the user as it is; add it to its groups.
    #[default]
    Skip,
    /// Send what differs; add it to its groups.
    Update,
    /// Take the row for rejected.
    Fail,
}

/// What stands under `credentials` in the request.
#[derive(Clone, Debug, PartialEq)]
pub enum Credential {
    /// Nothing.
    None,
    /// The password itself.
    Cleartext(Secret),
    /// A hash that Okta can check.
    Hash(OktaHash),
    /// The password-import inline hook.
    Hook,
}

impl Credential {
    /// The word in `results.csv`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Cleartext(_) => "password",
            Self::Hash(OktaHash::Bcrypt { .. }) => "bcrypt",
            Self::Hash(OktaHash::Pbkdf2 { .. }) => "pbkdf2",
            Self::Hash(OktaHash::Digest { algorithm, .. }) => match algorithm {
                DigestAlgorithm::Sha512 => "sha-512",
                DigestAlgorithm::Sha256 => "sha-256",
                DigestAlgorithm::Sha1 => "sha-1",
                DigestAlgorithm::Md5 => "md5",
            },
            Self::Hook => "hook",
        }
    }
}

/// A group that the row asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupWish {
    /// By its id.
    Id(String),
    /// By its name.
    Name(String),
}

/// What has to be done once the user is there, for a status that no create can give (API.md §5.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// The source says SUSPENDED.
    Suspend,
    /// The source says DEPROVISIONED.
    Deactivate,
}

/// A recovery question with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovery {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: Secret,
}

/// One person, ready to be created.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The row.
    pub line: Line,
    /// Also part of the profile.
    pub login: Login,
    /// The key of the person in the old system.
    pub external_id: Option<String>,
    /// All attributes to send, in the org's spelling and types.
    pub profile: Map<String, Value>,
    /// The password in one form or another.
    pub credential: Credential,
    /// What the stored hash was written like and where it goes, where the row has one that the mode looks at.
    pub stored: Option<(Notation, Route)>,
    /// The recovery question.
    pub recovery: Option<Recovery>,
    /// Whether the user shall be activated.
    pub activate: bool,
    /// Whether the password has to be changed at the next sign-in.
    pub change_password: bool,
    /// Whether the status column says something that the user will not have.
    pub other_status: bool,
    /// What remains to be done after the create.
    pub afterwards: Option<Afterwards>,
    /// Groups, without doubles.
    pub groups: BTreeSet<GroupWish>,
    /// The realm.
    pub realm_id: Option<String>,
    /// The Okta user type.
    pub type_id: Option<String>,
}

impl Candidate {
    /// Whether Okta mails the person an activation link when the user is created (API.md §5.1).
    pub fn sends_mail(&self) -> bool {
        self.activate && self.credential == Credential::None
    }
}
