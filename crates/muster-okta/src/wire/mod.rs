//! The JSON of requests and answers, as far as Muster needs it.

mod group;
mod schema;
mod user;

pub use group::{Group, group_body};
pub use schema::profile_schema;
pub use user::{User, create_body, update_body};
