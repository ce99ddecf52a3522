//! The line between the org and its clients: how long it takes, what goes wrong on it, and whether the org takes
//! writes. All of it can be set while the org runs.

use std::{collections::HashMap, time::Duration};

use bytes::Bytes;
use serde_json::Value;

use crate::{
    dice::Dice,
    emulator::{Emulator, locked},
    faults::{FaultKind, Faults, Stage, Strike},
    heading::Heading,
    latency::{self, LatencyModel},
    model::base_attributes::base_attributes,
    operation::{Operation, OperationId},
    refusal::Refusal,
    settings::OrgSettings,
};

/// The state of the line.
#[derive(Debug)]
pub(crate) struct Line {
    pub dice: Dice,
    pub faults: Faults,
    pub latencies: Vec<LatencyModel>,
    pub read_only: bool,
    /// How long operations take of which no model speaks.
    usual: Duration,
    timed: HashMap<&'static str, u64>,
}

impl Line {
    /// The line of an org that nobody has called yet.
    pub fn new(settings: &OrgSettings) -> Self {
        let dice = Dice::new(settings.seed);
        Self {
            dice,
            faults: Faults::new(dice, settings.faults.clone()),
            latencies: settings.latencies.clone(),
            read_only: settings.read_only,
            usual: settings.latency,
            timed: HashMap::new(),
        }
    }

    fn latency(&mut self, operation: &'static Operation) -> Duration {
        let number = self.timed.entry(operation.name).or_default();
        *number += 1;
        latency::drawn(&self.latencies, self.dice, operation, *number).unwrap_or(self.usual)
    }
}

impl Emulator {
    /// How long the next request of an operation takes.
    pub(crate) fn latency_of(&self, operation: &'static Operation) -> Duration {
        locked(&self.inner.line).latency(operation)
    }

    /// Refuses a good token while tokens are to be taken for expired.
    pub(crate) fn check_expiry(
        &self,
        operation: Option<&'static Operation>,
        heading: &mut Heading,
    ) -> Result<(), Refusal> {
        let struck = locked(&self.inner.line).faults.strike(Stage::Token, operation, |_| true);
        let Some(strike) = struck else { return Ok(()) };
        heading.faults.push(strike.kind);
        Err(Refusal::invalid_token())
    }

    /// Refuses a write while the org is in read-only mode. Sign-ins go on.
    pub(crate) fn check_writable(&self, operation: &Operation) -> Result<(), Refusal> {
        if operation.is_write() && self.is_read_only() { Err(Refusal::read_only()) } else { Ok(()) }
    }

    /// The refusal in place of an answer, if a fault strikes a request that was let in. The second is true if the
    /// work is to be done nevertheless.
    pub(crate) fn failure_of(
        &self,
        operation: &'static Operation,
        body: &Bytes,
        heading: &mut Heading,
    ) -> Option<(Refusal, bool)> {
        let mut line = locked(&self.inner.line);
        // The body is taken apart only for those who plan this fault.
        let wanted = line.faults.have(FaultKind::UndefinedAttribute);
        let attributes = if wanted { attributes_of(operation, body) } else { Vec::new() };
        let fits = |kind| kind != FaultKind::UndefinedAttribute || !attributes.is_empty();
        let strike = line.faults.strike(Stage::Work, Some(operation), fits)?;
        heading.faults.push(strike.kind);
        Some((refusal_of(strike, &attributes)?, strike.kind.is_after()))
    }

    /// Shifts the times of an answer, if the clocks are wrong.
    pub(crate) fn skew(&self, operation: Option<&'static Operation>, heading: &mut Heading) {
        match locked(&self.inner.line).faults.strike(Stage::Clock, operation, |_| true) {
            Some(Strike { kind: FaultKind::DateSkew { seconds }, .. }) => heading.skew = seconds,
            Some(Strike { kind: FaultKind::ClockSkew { seconds }, .. }) => {
                heading.skew = seconds;
                if let Some(rate) = &mut heading.rate {
                    rate.reset = rate.reset.saturating_add(seconds);
                }
            }
            _ => {}
        }
    }
}

fn refusal_of(strike: Strike, attributes: &[String]) -> Option<Refusal> {
    match strike.kind {
        FaultKind::Error { error, .. } => Some(error.refusal()),
        FaultKind::StillActivating => Some(Refusal::still_activating()),
        FaultKind::UndefinedAttribute => {
            let place = crate::faults::within(attributes.len(), strike.choice);
            attributes.get(place).map(|name| Refusal::undefined([name]))
        }
        _ => None,
    }
}

/// The attributes of a request that may be said to be undefined: custom ones if there are any, else the others.
fn attributes_of(operation: &Operation, body: &Bytes) -> Vec<String> {
    use OperationId as Id;
    if !matches!(operation.id, Id::CreateUser | Id::UpdateUser | Id::ReplaceUser) {
        return Vec::new();
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let profile = body.get("profile").and_then(Value::as_object);
    let names: Vec<_> = profile.into_iter().flat_map(|profile| profile.keys().cloned()).collect();
    let base = base_attributes();
    let custom: Vec<_> = names.iter().filter(|name| !base.contains_key(*name)).cloned().collect();
    if custom.is_empty() { names } else { custom }
}
