//! The arithmetic of the weeks in which people come over at their own sign-ins: where a person stands, how quickly
//! they come, how many will, and how many mails an hour may bear.

mod arming;
mod audit;
mod forecast;
mod histogram;
mod standing;
mod throttle;

pub use arming::{ArmingNeed, Holder, arming_need};
pub use audit::{AuditHour, AuditTally};
pub use forecast::{Forecast, NoForecast, forecast};
pub use histogram::Histogram;
pub use standing::{ActivationNeed, PersonState, ResetNeed, Seen, activation_need, reset_need};
pub use throttle::Throttle;
