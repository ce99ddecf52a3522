//! What is planned to go wrong.

use serde::{Deserialize, Deserializer, de::Error as _};

use super::{
    frequency::Frequency,
    kind::FaultKind,
    notation::{BadFault, FaultDocument},
};
use crate::selection::Operations;

/// One thing that goes wrong now and then. Its text is `KIND[:OPERATIONS]=FREQUENCY[,max:N]`: `lost-answer=2%`,
/// `503:createUser=5%`, `reset=1/100`, `hang@30s:createUser+updateUser=first:3`, `500-after:writes=1%,max:10`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// Whom it strikes.
    pub operations: Operations,
    /// How often.
    pub frequency: Frequency,
    /// How many times at most.
    pub limit: Option<u64>,
}

/// Everything that goes wrong. Where two faults would strike a request at the same moment, the former does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultPlan(pub Vec<Fault>);

impl Fault {
    /// One fault from JSON: its text, or an object with `kind`, `operations`, one of `rate`, `every`, `first` and
    /// `from`, and `limit`.
    pub fn from_json(json: &[u8]) -> Result<Self, BadFault> {
        let document: FaultDocument =
            serde_json::from_slice(json).map_err(|error| BadFault::Json(error.to_string()))?;
        document.read()
    }
}

impl FaultPlan {
    /// A plan from JSON: an array of faults, or an object that has it as `faults`.
    pub fn from_json(json: &[u8]) -> Result<Self, BadFault> {
        serde_json::from_slice(json).map_err(|error| BadFault::Json(error.to_string()))
    }
}

impl<'de> Deserialize<'de> for FaultPlan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected an array of faults, or an object that has it as faults")]
        enum PlanDocument {
            Bare(Vec<FaultDocument>),
            Named { faults: Vec<FaultDocument> },
        }
        let (PlanDocument::Bare(faults) | PlanDocument::Named { faults }) =
            PlanDocument::deserialize(deserializer)?;
        let faults: Result<_, _> = faults.into_iter().map(FaultDocument::read).collect();
        faults.map(Self).map_err(D::Error::custom)
    }
}
