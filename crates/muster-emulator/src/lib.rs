//! An Okta org on this machine, for rehearsals.
//!
//! A pure model of the org (users, groups, memberships, schemas, credentials) stands behind two fronts: HTTP, and
//! calls in the same process. Both take the same way: authentication, requests at once, rate limits, the model,
//! headers. It must not know `muster-okta`: client and emulator are two independent readings of the same API.

mod access;
mod api;
mod background;
mod bucket;
mod clock;
mod control;
mod delay;
mod delivery;
mod dice;
mod door;
mod emulator;
mod error;
mod expression;
mod faults;
mod heading;
mod ids;
mod inspection;
mod journal;
mod lag;
mod latency;
mod limit;
mod line;
mod model;
mod operation;
mod plan;
mod rate;
mod record;
mod refusal;
mod selection;
mod server;
mod settings;
mod stats;
mod tls;
mod traffic;
mod wire;

pub use background::{Background, BadBackground};
pub use bucket::{Bucket, UnknownBucket};
pub use delay::{BadDelay, DelayRange};
pub use delivery::Delivery;
pub use emulator::Emulator;
pub use error::EmulatorError;
pub use faults::{BadFault, Fault, FaultKind, FaultPlan, Frequency, ServerError};
pub use lag::{BadLag, Lag};
pub use latency::{BadLatency, LatencyModel};
pub use limit::{Allowance, BadLimit, LimitOverride};
pub use plan::{OrgPlan, UnknownPlan};
pub use record::LoggedRequest;
pub use selection::{Operations, UnknownOperation};
pub use server::{Listen, Running, serve};
pub use settings::{OrgSettings, RequestSink};
pub use stats::{RequestStats, Stats};
