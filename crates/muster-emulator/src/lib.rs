//! An Okta org on this machine, for rehearsals.
//!
//! A pure model of the org (users, groups, memberships, schemas, credentials) stands behind two fronts: HTTP, and
//! calls in the same process. Both take the same way: authentication, requests at once, rate limits, the model,
//! headers. It must not know `muster-okta`: client and emulator are two independent readings of the same API.
//!
//! In a test, an org is opened and called in the same process. No port is needed:
//!
//! ```
//! use bytes::Bytes;
//! use http::Request;
//! use muster_emulator::{Delivery, Emulator, FaultPlan, OrgSettings};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let org = Emulator::open(OrgSettings { seed: 7, ..OrgSettings::default() })?;
//! let create = |login: &str| {
//!     let profile = format!(r#"{{"login":"{login}","email":"{login}","firstName":"Ada","lastName":"Byron"}}"#);
//!     Request::post("/api/v1/users?activate=false")
//!         .header("host", "org.example")
//!         .header("authorization", "SSWS test")
//!         .header("content-type", "application/json")
//!         .body(Bytes::from(format!(r#"{{"profile":{profile}}}"#)))
//! };
//!
//! let answer = org.call(create("ada@example.com")?).await;
//! assert_eq!(answer.status(), 200);
//!
//! // An answer can be lost though the work is done: `deliver` tells, and the org knows.
//! org.set_faults(FaultPlan::from_json(br#"["lost-answer:createUser=first:1"]"#)?);
//! assert!(matches!(org.deliver(create("bob@example.com")?).await, Delivery::Lost));
//! assert_eq!(org.stats().users, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`serve`] puts the same org on a port, with or without TLS, until [`Running::shutdown`].

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
mod imports;
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
mod source_settings;
mod source_views;
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
pub use source_settings::{
    BadIdentitySource, BadImportSpeed, IdentitySourceRules, IdentitySourceSetting, ImportSpeed,
};
pub use source_views::{IdentitySourceView, ImportSessionView, SourcePersonView};
pub use stats::{RequestStats, Stats};
