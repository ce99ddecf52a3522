//! The JSON of requests and answers, as far as Muster needs it.

mod create;
mod group;
mod schema;
mod user;

pub use create::create_body;
pub use group::{Group, group_body};
pub use schema::profile_schema;
pub(crate) use user::WrittenUser;
pub use user::{User, update_body};
