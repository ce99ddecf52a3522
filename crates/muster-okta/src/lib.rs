//! Okta's Management API as types and calls.
//!
//! Only this crate knows Okta's URLs, headers and JSON. It makes one request per call and says exactly what came
//! of it; when to send, whether to repeat and what an answer means for a row is decided elsewhere.

mod address;
pub mod auth;
pub mod calls;
pub mod error;
pub mod exchange;
pub mod http;
pub mod transport;
pub mod wire;

pub use auth::{
    Authorization, BadSigningKey, ScopeNeed, ServiceApp, SigningKey, TokenReport, TokenVerdict, needs,
};
pub use calls::{Done, Endpoint, Okta};
pub use error::{CallError, OktaError, TransportError, TransportFailure};
pub use exchange::Exchange;
