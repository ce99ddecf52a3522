//! What goes wrong between an org and its clients: which faults there are, how often they strike, and whom. Whether
//! one strikes is decided by the seed. They must not know the model: a fault comes before the work or after it.

mod frequency;
mod kind;
mod notation;
mod page;
mod plan;
mod strikes;

pub use frequency::Frequency;
pub(crate) use kind::Stage;
pub use kind::{FaultKind, ServerError};
pub use notation::BadFault;
pub(crate) use page::{error_page, page_with_200, truncated, within};
pub use plan::{Fault, FaultPlan};
pub(crate) use strikes::{Faults, Strike};
