//! The org itself: its entities and the rules that hold between them. It must not know HTTP, sockets, files or
//! clocks.

mod active_users;
pub(crate) mod apps;
pub(crate) mod attempts;
pub(crate) mod attribute;
mod attribute_rules;
pub(crate) mod base_attributes;
pub(crate) mod change;
mod creates;
pub(crate) mod credentials;
pub(crate) mod events;
pub(crate) mod fold;
mod formats;
mod group_attributes;
pub(crate) mod group_rules;
pub(crate) mod groups;
pub(crate) mod hooks;
mod index;
pub(crate) mod lags;
pub(crate) mod mails;
pub(crate) mod org;
mod packed_events;
mod packing;
pub(crate) mod password_policy;
pub(crate) mod principals;
pub(crate) mod profile;
pub(crate) mod realms;
mod regions;
mod resemblance;
pub(crate) mod resources;
pub(crate) mod rule_expression;
mod rule_functions;
mod rule_words;
pub(crate) mod schema;
pub(crate) mod user;
pub(crate) mod user_types;
pub(crate) mod users;
