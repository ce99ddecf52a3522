//! User types: each has a schema of its own, which comes and goes with it.

use jiff::Timestamp;

use super::{
    change::ChangeRef,
    org::{Org, UserType},
    resources::ResourceChange,
    schema::Schema,
};

/// The default type, and nine more.
pub(crate) const MAX_TYPES: usize = 10;

impl Org {
    /// A new type. Its schema has the base attributes alone.
    pub fn add_type(
        &mut self,
        name: String,
        display_name: String,
        description: Option<String>,
        now: Timestamp,
    ) -> UserType {
        let (id, schema_id) = (self.ids.id("oty"), self.ids.id("osc"));
        let schema = Schema::new(schema_id.clone(), id.clone(), now);
        let user_type = UserType {
            id,
            schema_id,
            name,
            display_name,
            description,
            default: false,
            created: now,
            created_by: self.owner.id.clone(),
            last_updated: Some(now),
        };
        self.put_type(user_type.clone());
        self.put_schema(schema);
        user_type
    }

    /// Puts a type in, or in the place of its former self.
    pub fn put_type(&mut self, user_type: UserType) {
        self.changes.note(&ChangeRef::Type(&user_type));
        match self.types.iter_mut().find(|present| present.id == user_type.id) {
            Some(present) => *present = user_type,
            None => self.types.push(user_type),
        }
    }

    /// Deletes a type, and its schema.
    pub fn remove_type(&mut self, id: &str) {
        self.change(ResourceChange::TypeGone(id.to_owned()));
    }

    /// Takes a type out.
    pub(super) fn forget_type(&mut self, id: &str) {
        self.types.retain(|user_type| user_type.id != id);
        self.schemas.retain(|schema| schema.type_id != id);
        self.users.keep_unique(id, std::iter::empty());
    }
}
