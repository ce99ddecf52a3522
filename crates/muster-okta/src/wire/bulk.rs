//! Bodies of bulk requests into an import session (API.md §10.2), put together of texts that were made one by one:
//! so that a body can be cut by its exact length before there is any.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

/// Which bulk request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BulkKind {
    /// People to be created or updated.
    UsersUpsert,
    /// People to be deactivated.
    UsersDelete,
    /// Groups to be created or updated.
    GroupsUpsert,
    /// Groups to be deleted.
    GroupsDelete,
    /// People to be put into groups.
    MembershipsUpsert,
    /// People to be taken out of groups.
    MembershipsDelete,
}

/// What stands behind the last entity, whatever the kind.
const END: &str = "]}";

/// The most usual entity fits.
const USUAL: usize = 512;

impl BulkKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::UsersUpsert,
        Self::UsersDelete,
        Self::GroupsUpsert,
        Self::GroupsDelete,
        Self::MembershipsUpsert,
        Self::MembershipsDelete,
    ];

    /// Its path below the session.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UsersUpsert => "bulk-upsert",
            Self::UsersDelete => "bulk-delete",
            Self::GroupsUpsert => "bulk-groups-upsert",
            Self::GroupsDelete => "bulk-groups-delete",
            Self::MembershipsUpsert => "bulk-group-memberships-upsert",
            Self::MembershipsDelete => "bulk-group-memberships-delete",
        }
    }

    /// The kind of this path.
    pub fn of(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == path)
    }

    /// Bytes of a body without any entity.
    pub fn envelope(self) -> usize {
        self.beginning().len() + END.len()
    }

    /// The body that holds these entities, in order. Its length is the envelope, the entities, and a comma between
    /// each two.
    pub fn body(self, entities: &[Vec<u8>]) -> Bytes {
        let commas = entities.len().saturating_sub(1);
        let length = self.envelope() + entities.iter().map(Vec::len).sum::<usize>() + commas;
        let mut bytes = Vec::with_capacity(length);
        bytes.extend_from_slice(self.beginning().as_bytes());
        for (place, entity) in entities.iter().enumerate() {
            if place > 0 {
                bytes.push(b',');
            }
            bytes.extend_from_slice(entity);
        }
        bytes.extend_from_slice(END.as_bytes());
        bytes.into()
    }

    fn beginning(self) -> &'static str {
        match self {
            Self::UsersUpsert | Self::UsersDelete => r#"{"entityType":"USERS","profiles":["#,
            Self::GroupsUpsert => r#"{"profiles":["#,
            Self::GroupsDelete => r#"{"externalIds":["#,
            Self::MembershipsUpsert | Self::MembershipsDelete => r#"{"memberships":["#,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entity<'a, P> {
    external_id: &'a str,
    profile: P,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deletion<'a> {
    external_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SourceGroupProfile<'a> {
    display_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Memberships<'a> {
    group_external_id: &'a str,
    member_external_ids: &'a [&'a str],
}

/// A person to be created or updated: [`BulkKind::UsersUpsert`].
pub fn user_entity(external_id: &str, profile: &Map<String, Value>) -> Vec<u8> {
    written(&Entity { external_id, profile })
}

/// A person to be deactivated: [`BulkKind::UsersDelete`].
pub fn deletion_entity(external_id: &str) -> Vec<u8> {
    written(&Deletion { external_id })
}

/// A group to be created or updated: [`BulkKind::GroupsUpsert`].
pub fn group_entity(external_id: &str, name: &str, description: Option<&str>) -> Vec<u8> {
    written(&Entity { external_id, profile: SourceGroupProfile { display_name: name, description } })
}

/// A group to be deleted: [`BulkKind::GroupsDelete`].
pub fn group_deletion_entity(external_id: &str) -> Vec<u8> {
    written(external_id)
}

/// People of one group: [`BulkKind::MembershipsUpsert`] and [`BulkKind::MembershipsDelete`]. Whether Okta counts each
/// of them against the 200 entities of a request is not documented.
pub fn memberships_entity(group_external_id: &str, members: &[&str]) -> Vec<u8> {
    written(&Memberships { group_external_id, member_external_ids: members })
}

fn written(entity: &(impl Serialize + ?Sized)) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(USUAL);
    // Text, numbers and flags always can be written, and so into memory.
    drop(serde_json::to_writer(&mut bytes, entity));
    bytes
}
