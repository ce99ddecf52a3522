//! Who calls, and how a request shows it (API.md §2): an API token, an access token, or a service app that has its
//! own access tokens given out and renewed. It must not know what the requests are for.

mod access_token;
mod authorization;
mod clock;
mod conversation;
mod credentials;
mod dpop;
mod grant;
mod jwk;
mod jws;
mod keeper;
mod refusal;
mod renewal;
mod scopes;
mod service_app;
mod signing_key;

pub use authorization::Authorization;
pub(crate) use credentials::Credentials;
pub use credentials::TokenVerdict;
pub use keeper::TokenReport;
pub use scopes::{ScopeNeed, needs};
pub use service_app::ServiceApp;
pub use signing_key::{BadSigningKey, SigningKey};
