//! The JSON of requests and answers, as far as Muster needs it.

mod activation;
mod bulk;
mod create;
mod group;
mod hook_auth;
mod identity_source;
mod import_session;
mod inline_hook;
mod log_event;
mod member;
mod schema;
mod source_schema;
mod standing;
mod user;

pub use activation::ActivationLink;
pub use bulk::{
    BulkKind, deletion_entity, group_deletion_entity, group_entity, memberships_entity, user_entity,
};
pub use create::create_body;
pub use group::{Group, group_body};
pub use hook_auth::{HookAuth, HookClient};
pub(crate) use identity_source::{ListedApp, SourceMembers};
pub use identity_source::{SourceApp, SourceUser};
pub use import_session::{ImportSession, SessionStatus};
pub use inline_hook::{HookChannel, HookHeader, InlineHook, NewInlineHook, PASSWORD_IMPORT};
pub use log_event::{LogDebugContext, LogEntity, LogEvent, LogOutcome};
pub use member::Member;
pub use schema::profile_schema;
pub use source_schema::{SourceAttribute, SourceSchema, source_schema};
pub use standing::UserStanding;
pub(crate) use user::WrittenUser;
pub use user::{ShownPassword, User, update_body};
