//! The emulated org, as its clients see it.

mod app_users;
mod authn;
mod caller;
mod group_rules;
mod group_schema;
mod groups;
mod lifecycle;
mod limits;
mod passwords;
mod principals;
mod properties;
mod reads;
mod realms;
mod schemas;
mod state;
mod system_log;
mod updates;
mod user_types;
mod users;
mod validation;
mod views;
mod watching;
mod wire;
