//! The emulated org, as its clients see it.

mod authn;
mod caller;
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
mod signing_in;
mod state;
mod updates;
mod users;
mod validation;
mod watching;
mod wire;
