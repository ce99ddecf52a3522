//! The emulated org, as its clients see it.

mod access;
mod authn;
mod caller;
mod dpop;
mod groups;
mod lifecycle;
mod limits;
mod passwords;
mod reads;
mod schemas;
mod sdks;
mod service;
mod service_apps;
mod state;
mod tokens;
mod updates;
mod users;
mod validation;
mod watching;
mod wire;
