//! The org itself: its entities and the rules that hold between them. It must not know HTTP, sockets, files or
//! clocks.

pub(crate) mod attempts;
pub(crate) mod attribute;
pub(crate) mod base_attributes;
pub(crate) mod change;
mod creates;
pub(crate) mod credentials;
pub(crate) mod events;
pub(crate) mod fold;
mod formats;
pub(crate) mod groups;
pub(crate) mod hooks;
pub(crate) mod lags;
pub(crate) mod mails;
mod index;
pub(crate) mod org;
mod packing;
pub(crate) mod password_policy;
pub(crate) mod profile;
pub(crate) mod schema;
pub(crate) mod user;
pub(crate) mod users;
