//! The JSON of requests and answers, as far as Muster needs it.

mod activation;
mod create;
mod group;
mod hook_auth;
mod inline_hook;
mod log_event;
mod member;
mod schema;
mod standing;
mod user;

pub use activation::ActivationLink;
pub use create::create_body;
pub use group::{Group, group_body};
pub use hook_auth::{HookAuth, HookClient};
pub use inline_hook::{HookChannel, HookHeader, InlineHook, NewInlineHook, PASSWORD_IMPORT};
pub use log_event::{LogEntity, LogEvent, LogOutcome};
pub use member::Member;
pub use schema::profile_schema;
pub use standing::UserStanding;
pub(crate) use user::WrittenUser;
pub use user::{User, update_body};
