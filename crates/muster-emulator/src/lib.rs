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
mod hook_call;
mod hook_service;
mod hook_token;
mod ids;
mod inspection;
mod journal;
mod lag;
mod latency;
mod likeness;
mod limit;
mod line;
mod model;
mod operation;
mod pages;
mod plan;
mod rate;
mod record;
mod refusal;
mod scheme;
mod selection;
mod server;
mod settings;
mod sign_in_rules;
mod signing;
mod stats;
mod tls;
mod traffic;
mod witness;

pub use muster_description::{Description, DescriptionError, Noted, Side, Tally, Violation};

pub use access::{
    ApiToken, BadApiToken, BadServiceApp, OAuthSettings, PrincipalKind, PrincipalState, PrincipalView,
    ServiceApp, Ungranted, UnknownScope,
};
mod wire;

pub use background::{Background, BadBackground};
pub use bucket::{Bucket, UnknownBucket};
pub use delay::{BadDelay, DelayRange};
pub use delivery::Delivery;
pub use emulator::Emulator;
pub use error::EmulatorError;
pub use faults::{BadFault, Fault, FaultKind, FaultPlan, Frequency, ServerError};
pub use hook_service::{HookAnswer, HookAnswering, HookCalls, HookFailure, HookRequest, HookService};
pub use lag::{BadLag, Lag};
pub use latency::{BadLatency, LatencyModel};
pub use likeness::Likeness;
pub use limit::{Allowance, BadLimit, LimitOverride};
pub use plan::{OrgPlan, UnknownPlan};
pub use record::LoggedRequest;
pub use selection::{Operations, UnknownOperation};
pub use server::{Listen, Running, serve};
pub use settings::{OrgSettings, RequestSink};
pub use sign_in_rules::SignInRules;
pub use signing::HookCall;
pub use stats::{RequestStats, Stats};
