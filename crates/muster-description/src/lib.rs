//! An `OpenAPI` description as a judge of requests and answers.
//!
//! It reads an `OpenAPI` 3.0 document once and then says of any exchange in which places it departs from what the
//! document promises. Where the official description is known to err, the departure carries an excuse and is
//! counted apart. It must not know the emulated org, nor the client, nor HTTP machinery beyond names and headers:
//! it is shown facts and gives an opinion. It never repeats the text of a value, because any text may be secret.

mod body;
mod definitions;
mod description;
mod dialect;
mod discriminator;
mod document;
mod error;
mod excuses;
mod fault;
mod judgement;
mod media_type;
mod operation;
mod parameter;
mod path_template;
mod schema_place;
mod shape;
mod tally;
mod violation;
mod wording;

pub use description::{AnswerFacts, Description, RequestFacts};
pub use error::DescriptionError;
pub use excuses::excuses;
pub use tally::{Noted, Tally};
pub use violation::{Side, Violation};
