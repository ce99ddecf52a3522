//! The emulated org, as its clients see it.

mod authn;
mod background;
mod caller;
mod deliveries;
mod faults;
mod groups;
mod lag;
mod latency;
mod lifecycle;
mod limits;
mod passwords;
mod reads;
mod sameness;
mod schemas;
mod state;
mod updates;
mod users;
mod validation;
mod watching;
mod wire;
