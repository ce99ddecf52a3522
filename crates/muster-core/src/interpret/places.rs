//! Where the columns with a meaning of their own stand: found once for a source, not for every row.

use crate::column::{Mapping, Target};

/// One column, if the source has it.
pub type Place = Option<usize>;

/// The places of the columns that are no attributes of the profile, and of those that a login is read from.
#[derive(Debug)]
pub struct Places {
    pub login: Place,
    pub email: Place,
    pub external_id: Place,
    pub password: Place,
    pub hashed_password: Place,
    pub salt: Place,
    pub salt_order: Place,
    pub algorithm: Place,
    pub work_factor: Place,
    pub iterations: Place,
    pub key_size: Place,
    pub digest_algorithm: Place,
    pub password_hash: Place,
    pub credential_data: Place,
    pub secret_data: Place,
    pub status: Place,
    pub recovery_question: Place,
    pub recovery_answer: Place,
    pub realm_id: Place,
    pub type_id: Place,
    /// All columns with groups.
    pub groups: Vec<usize>,
    /// All columns that are read as text, whatever the org's schema says.
    pub ours: Vec<usize>,
}

impl Places {
    pub fn of(mapping: &Mapping) -> Self {
        let at = |target: &Target| mapping.targets.iter().position(|found| found == target);
        let all = |wanted: fn(&Target) -> bool| {
            let targets = mapping.targets.iter().enumerate();
            targets.filter(|(_, target)| wanted(target)).map(|(at, _)| at).collect()
        };
        Self {
            login: at(&Target::Attribute("login".to_owned())),
            email: at(&Target::Attribute("email".to_owned())),
            external_id: at(&Target::ExternalId),
            password: at(&Target::Password),
            hashed_password: at(&Target::HashedPassword),
            salt: at(&Target::Salt),
            salt_order: at(&Target::SaltOrder),
            algorithm: at(&Target::Algorithm),
            work_factor: at(&Target::WorkFactor),
            iterations: at(&Target::Iterations),
            key_size: at(&Target::KeySize),
            digest_algorithm: at(&Target::DigestAlgorithm),
            password_hash: at(&Target::PasswordHash),
            credential_data: at(&Target::CredentialData),
            secret_data: at(&Target::SecretData),
            status: at(&Target::Status),
            recovery_question: at(&Target::RecoveryQuestion),
            recovery_answer: at(&Target::RecoveryAnswer),
            realm_id: at(&Target::RealmId),
            type_id: at(&Target::TypeId),
            groups: all(|target| matches!(target, Target::Groups | Target::GroupIds)),
            ours: all(|target| !matches!(target, Target::Attribute(_) | Target::Groups | Target::GroupIds)),
        }
    }
}
