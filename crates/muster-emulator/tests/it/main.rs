//! The emulated org, as its clients see it.

mod authn;
mod caller;
mod groups;
mod lifecycle;
mod limits;
mod passwords;
mod reads;
mod schemas;
mod sdks;
mod state;
mod updates;
mod users;
mod validation;
mod watching;
mod wire;
