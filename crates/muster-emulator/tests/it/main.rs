//! The emulated org, as its clients see it.

mod access;
mod authn;
mod caller;
mod dpop;
mod credentials;
mod groups;
mod hook_server;
mod hooks;
mod lifecycle;
mod limits;
mod page;
mod passwords;
mod reads;
mod schemas;
mod sdks;
mod service;
mod service_apps;
mod signing_in;
mod state;
mod tokens;
mod updates;
mod users;
mod validation;
mod watching;
mod wire;
