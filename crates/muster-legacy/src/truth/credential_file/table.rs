//! The table of a credential file: how much is in it, and what the operator settled for its hashes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use muster_core::credential::{Notation, Settlement};
use muster_core::secret::Secret;
use muster_core::stored::FirebaseProject;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::bytes::{take, take_slice};

/// Tables are padded to a multiple of this, or their size would tell what was settled.
const STEP: usize = 1024;

/// The table.
pub(super) struct Table {
    pub(super) blocks: u64,
    pub(super) credentials: u64,
    pub(super) settlement: Settlement,
}

impl Table {
    /// The bytes before sealing. Their length depends on the settlement alone.
    pub(super) fn encode(&self) -> Option<Vec<u8>> {
        let json = Zeroizing::new(serde_json::to_vec(&Written::of(&self.settlement)).ok()?);
        let mut bytes = Vec::with_capacity(json.len() + STEP + 64);
        bytes.extend(self.blocks.to_le_bytes());
        bytes.extend(self.credentials.to_le_bytes());
        bytes.extend(u32::try_from(json.len()).ok()?.to_le_bytes());
        bytes.extend(json.iter());
        bytes.resize(bytes.len().next_multiple_of(STEP), 0);
        Some(bytes)
    }

    /// The table in these bytes.
    pub(super) fn decode(mut bytes: &[u8]) -> Option<Self> {
        let blocks = u64::from_le_bytes(take(&mut bytes)?);
        let credentials = u64::from_le_bytes(take(&mut bytes)?);
        let length = usize::try_from(u32::from_le_bytes(take(&mut bytes)?)).ok()?;
        let written: Written = serde_json::from_slice(take_slice(&mut bytes, length)?).ok()?;
        Some(Self { blocks, credentials, settlement: written.read()? })
    }
}

/// A settlement as it is written; only ever sealed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    meant: Vec<String>,
    pepper: Option<String>,
    firebase: Option<WrittenProject>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenProject {
    signer_key: String,
    salt_separator: String,
    rounds: u32,
    memory_cost: u8,
}

impl Written {
    fn of(settlement: &Settlement) -> Self {
        Self {
            meant: settlement.meant.iter().map(|notation| notation.as_str().to_owned()).collect(),
            pepper: settlement.pepper.as_ref().map(|pepper| pepper.reveal().to_owned()),
            firebase: settlement.firebase.as_ref().map(|project| WrittenProject {
                signer_key: STANDARD.encode(&*project.signer_key),
                salt_separator: STANDARD.encode(&*project.salt_separator),
                rounds: project.rounds,
                memory_cost: project.memory_cost,
            }),
        }
    }

    fn read(mut self) -> Option<Settlement> {
        let named = |name: &String| Notation::from_name(name);
        let project = |project: &WrittenProject| {
            Some(FirebaseProject {
                signer_key: Zeroizing::new(STANDARD.decode(&project.signer_key).ok()?),
                salt_separator: Zeroizing::new(STANDARD.decode(&project.salt_separator).ok()?),
                rounds: project.rounds,
                memory_cost: project.memory_cost,
            })
        };
        Some(Settlement {
            meant: self.meant.iter().map(named).collect::<Option<_>>()?,
            pepper: self.pepper.take().map(Secret::new),
            firebase: match &self.firebase {
                Some(written) => Some(project(written)?),
                None => None,
            },
        })
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        self.pepper.zeroize();
        if let Some(project) = &mut self.firebase {
            project.signer_key.zeroize();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_settled_comes_back() {
        let settlement = Settlement {
            meant: vec![Notation::Ntlm],
            pepper: Some(Secret::new("pfeffer")),
            firebase: Some(FirebaseProject {
                signer_key: Zeroizing::new(vec![1, 2, 3]),
                salt_separator: Zeroizing::new(vec![7]),
                rounds: 8,
                memory_cost: 14,
            }),
        };
        let bytes = Table { blocks: 3, credentials: 5, settlement: settlement.clone() }.encode().unwrap();
        assert_eq!(bytes.len(), STEP);
        let table = Table::decode(&bytes).unwrap();
        assert!(table.settlement == settlement && table.blocks == 3 && table.credentials == 5);
    }
}
