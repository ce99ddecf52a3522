//! Argon2.

use argon2::{Algorithm, Argon2, Params, Version};
use muster_core::stored::{Argon2Variant, Bytes};
use zeroize::Zeroizing;

use crate::ceilings::{MAX_ARGON2_LANES, MAX_ARGON2_MEMORY, MAX_ARGON2_WORK, MAX_VALUE};

/// The parameters of one hash.
pub(crate) struct Settings {
    pub(crate) variant: Argon2Variant,
    pub(crate) version: u32,
    pub(crate) memory: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
}

/// The hash of `size` bytes; none for parameters beyond the ceilings or the definition.
pub(crate) fn value(secret: &str, salt: &[u8], settings: &Settings, size: usize) -> Option<Bytes> {
    if size > MAX_VALUE || !settings.bearable() {
        return None;
    }
    let params = Params::new(settings.memory, settings.passes, settings.lanes, Some(size)).ok()?;
    let algorithm = match settings.variant {
        Argon2Variant::D => Algorithm::Argon2d,
        Argon2Variant::I => Algorithm::Argon2i,
        Argon2Variant::Id => Algorithm::Argon2id,
    };
    let version = Version::try_from(settings.version).ok()?;
    let mut hash = Zeroizing::new(vec![0; size]);
    Argon2::new(algorithm, version, params)
        .hash_password_into(secret.as_bytes(), salt, &mut hash)
        .ok()
        .map(|()| hash)
}

impl Settings {
    fn bearable(&self) -> bool {
        self.memory <= MAX_ARGON2_MEMORY
            && (1..=MAX_ARGON2_LANES).contains(&self.lanes)
            && u64::from(self.memory) * u64::from(self.passes) <= MAX_ARGON2_WORK
    }
}
