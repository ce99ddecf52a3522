//! What truly happened in the org, whatever its clients were told: every accepted write with its time, and the
//! requests of every window of every bucket. It must not know why anything was asked for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    bucket::Bucket,
    operation::Recognised,
    rate::{Principal, RateView},
};

/// The record of an org. It begins with the start of the emulator; the state file does not hold it.
#[derive(Debug, Default)]
pub(crate) struct Witness {
    writes: Vec<Write>,
    windows: BTreeMap<(i64, &'static str), Span>,
}

/// One write that was done.
#[derive(Debug)]
struct Write {
    /// Milliseconds since 1970.
    at: i64,
    operation: &'static str,
    principal: Principal,
    /// The ids it was about.
    subject: Box<str>,
}

/// The requests of one window.
#[derive(Debug, Default)]
struct Span {
    limit: u32,
    accepted: u32,
    refused: u32,
}

/// A write as `/_emulator/writes` shows it.
#[derive(Serialize)]
struct WriteLine<'a> {
    number: usize,
    at: String,
    operation: &'static str,
    by: String,
    subject: &'a str,
}

/// A window as `/_emulator/windows` shows it.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub(crate) struct WindowView {
    pub bucket: &'static str,
    /// When it ends, in seconds since 1970.
    pub reset: i64,
    /// What one token may do in it.
    pub limit: u32,
    /// Requests that were let in, of all clients.
    pub accepted: u32,
    /// Requests that were answered 429.
    pub refused: u32,
}

#[derive(Deserialize)]
struct Created {
    id: String,
}

impl Witness {
    /// A write was done; what it made is in its answer.
    pub fn write(&mut self, at: i64, wanted: &Recognised<'_>, principal: Principal, answer: &[u8]) {
        let subject = if wanted.parameters.is_empty() {
            serde_json::from_slice::<Created>(answer).map(|made| made.id).unwrap_or_default()
        } else {
            wanted.parameters.join("/")
        };
        let operation = wanted.operation.name;
        self.writes.push(Write { at, operation, principal, subject: subject.into() });
    }

    /// A request came upon a limit and was let in, or not.
    pub fn request(&mut self, bucket: Bucket, view: &RateView, accepted: bool) {
        let span = self.windows.entry((view.reset, bucket.name())).or_default();
        span.limit = view.limit;
        let counter = if accepted { &mut span.accepted } else { &mut span.refused };
        *counter = counter.saturating_add(1);
    }

    /// How many writes were done.
    pub fn len(&self) -> usize {
        self.writes.len()
    }

    /// Writes from a number on, a JSON object per line.
    pub fn lines(&self, from: usize, limit: usize) -> Vec<u8> {
        let mut lines = Vec::new();
        for (number, write) in self.writes.iter().enumerate().skip(from).take(limit) {
            let at = jiff::Timestamp::from_millisecond(write.at).unwrap_or_default();
            let line = WriteLine {
                number,
                at: format!("{at:.3}"),
                operation: write.operation,
                by: write.principal.to_string(),
                subject: &write.subject,
            };
            if serde_json::to_writer(&mut lines, &line).is_ok() {
                lines.push(b'\n');
            }
        }
        lines
    }

    /// All windows, the oldest first.
    pub fn windows(&self) -> Vec<WindowView> {
        let view = |((reset, bucket), span): (&(i64, &'static str), &Span)| WindowView {
            bucket,
            reset: *reset,
            limit: span.limit,
            accepted: span.accepted,
            refused: span.refused,
        };
        self.windows.iter().map(view).collect()
    }
}
