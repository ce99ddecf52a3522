//! Whether a fault strikes a request, and how often each has.

use std::collections::HashMap;

use serde::Serialize;

use super::{
    kind::{FaultKind, Stage},
    plan::{Fault, FaultPlan},
};
use crate::{dice::Dice, operation::Operation};

/// The name under which requests are counted that are none of the operations.
const NO_OPERATION: &str = "";

/// The plan at work.
#[derive(Debug)]
pub(crate) struct Faults {
    dice: Dice,
    planned: Vec<Planned>,
}

#[derive(Debug)]
struct Planned {
    fault: Fault,
    /// Apart from the frequency, so that a higher one strikes whom a lower one did, and more.
    purpose: String,
    seen: HashMap<&'static str, u64>,
    seen_total: u64,
    fired: u64,
}

/// A fault that strikes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Strike {
    pub kind: FaultKind,
    /// A number from 0 to 1, for whatever there is to be chosen.
    pub choice: f64,
}

/// A planned fault as `/_emulator/faults` shows it.
#[derive(Debug, Serialize)]
pub(crate) struct FaultReport {
    fault: String,
    kind: String,
    operations: Vec<&'static str>,
    limit: Option<u64>,
    seen: u64,
    fired: u64,
}

impl Faults {
    pub fn new(dice: Dice, plan: FaultPlan) -> Self {
        Self { dice, planned: plan.0.into_iter().map(Planned::new).collect() }
    }

    /// One more. What has been counted of the others stays.
    pub fn add(&mut self, fault: Fault) {
        self.planned.push(Planned::new(fault));
    }

    /// The fault that strikes a request at a stage, if one does. Every fault counts the request, whichever strikes.
    pub fn strike(
        &mut self,
        stage: Stage,
        operation: Option<&'static Operation>,
        fits: impl Fn(FaultKind) -> bool,
    ) -> Option<Strike> {
        let mut struck = None;
        for planned in &mut self.planned {
            let kind = planned.fault.kind;
            if kind.stage() != stage || !planned.fault.operations.cover(operation) || !fits(kind) {
                continue;
            }
            let strike = planned.strike(self.dice, operation);
            if struck.is_none() && strike.is_some() {
                planned.fired += 1;
                struck = strike;
            }
        }
        struck
    }

    /// Whether nothing is planned at all.
    pub fn are_none(&self) -> bool {
        self.planned.is_empty()
    }

    /// Whether a fault of this kind is planned at all.
    pub fn have(&self, kind: FaultKind) -> bool {
        self.planned.iter().any(|planned| planned.fault.kind == kind)
    }

    pub fn plan(&self) -> FaultPlan {
        FaultPlan(self.planned.iter().map(|planned| planned.fault.clone()).collect())
    }

    pub fn report(&self) -> Vec<FaultReport> {
        self.planned.iter().map(Planned::report).collect()
    }
}

impl Planned {
    fn new(fault: Fault) -> Self {
        let purpose = format!("{}:{}", fault.kind, fault.operations);
        Self { fault, purpose, seen: HashMap::new(), seen_total: 0, fired: 0 }
    }

    fn strike(&mut self, dice: Dice, operation: Option<&'static Operation>) -> Option<Strike> {
        use rand::RngExt;
        let name = operation.map_or(NO_OPERATION, |operation| operation.name);
        let number = self.seen.entry(name).or_default();
        *number += 1;
        self.seen_total += 1;
        let mut stream = dice.stream(&self.purpose, name, *number);
        let (draw, choice) = (stream.random(), stream.random());
        let strikes = self.fault.frequency.strikes(*number, self.seen_total, draw);
        let may = self.fault.limit.is_none_or(|limit| self.fired < limit);
        (strikes && may).then_some(Strike { kind: self.fault.kind, choice })
    }

    fn report(&self) -> FaultReport {
        FaultReport {
            fault: self.fault.to_string(),
            kind: self.fault.kind.to_string(),
            operations: self.fault.operations.names(),
            limit: self.fault.limit,
            seen: self.seen_total,
            fired: self.fired,
        }
    }
}
