//! What truly happened in the org, whatever its clients were told: every accepted write with its time, and the
//! requests of every window of every bucket. It must not know why anything was asked for.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use crate::{
    bucket::Bucket,
    operation::{Operation, Recognised},
    rate::{Principal, RateView},
};

/// The record of an org. It begins with the start of the emulator; the state file does not hold it.
#[derive(Debug, Default)]
pub(crate) struct Witness {
    writes: Vec<Write>,
    /// The ids that the writes were about, one behind the other: a million texts of their own would take twice the
    /// room.
    subjects: String,
    windows: BTreeMap<(i64, &'static str), Span>,
}

/// One write that was done.
#[derive(Debug)]
struct Write {
    /// Milliseconds since 1970.
    at: i64,
    operation: &'static Operation,
    principal: Principal,
    /// Where its subject ends; it begins where the one before has ended.
    subject_end: usize,
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
        match wanted.parameters.split_first() {
            None => self.subjects.push_str(&id_in(answer)),
            Some((first, others)) => {
                self.subjects.push_str(first);
                for other in others {
                    self.subjects.extend(["/", other]);
                }
            }
        }
        let subject_end = self.subjects.len();
        self.writes.push(Write { at, operation: wanted.operation, principal, subject_end });
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
        let mut begin = from
            .checked_sub(1)
            .and_then(|before| self.writes.get(before))
            .map_or(0, |write| write.subject_end);
        for (number, write) in self.writes.iter().enumerate().skip(from).take(limit) {
            let subject = self.subjects.get(begin..write.subject_end).unwrap_or_default();
            begin = write.subject_end;
            let at = jiff::Timestamp::from_millisecond(write.at).unwrap_or_default();
            let line = WriteLine {
                number,
                at: format!("{at:.3}"),
                operation: write.operation.name,
                by: write.principal.to_string(),
                subject,
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

/// The id of what an answer shows. Nearly every answer begins with it, and need not be read further.
fn id_in(answer: &[u8]) -> Cow<'_, str> {
    let beginning = answer.strip_prefix(br#"{"id":""#).and_then(|rest| {
        let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric())?;
        (rest.get(end) == Some(&b'"')).then(|| rest.get(..end)).flatten()
    });
    match beginning.and_then(|id| std::str::from_utf8(id).ok()) {
        Some(id) => Cow::Borrowed(id),
        None => serde_json::from_slice::<Created>(answer).map(|made| made.id).unwrap_or_default().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_found_wherever_it_stands() {
        assert_eq!(id_in(br#"{"id":"00u1","status":"ACTIVE"}"#), "00u1");
        assert_eq!(id_in(br#"{"status":"ACTIVE", "id": "00u2"}"#), "00u2");
        assert_eq!(id_in(br#"{"id":"a\"b"}"#), "a\"b");
        assert_eq!((id_in(b"[]"), id_in(b""), id_in(br#"{"id":"00u"#)), ("".into(), "".into(), "".into()));
    }

    #[test]
    fn each_write_has_its_own_subject() {
        let mut witness = Witness::default();
        let write = |witness: &mut Witness, method, path: &[&str], answer: &[u8]| {
            let wanted = Operation::of(method, path).expect("an operation");
            witness.write(0, &wanted, Principal::Anyone, answer);
        };
        write(&mut witness, "POST", &["api", "v1", "users"], br#"{"id":"00u1"}"#);
        write(&mut witness, "PUT", &["api", "v1", "groups", "00g1", "users", "00u1"], b"");
        write(&mut witness, "POST", &["api", "v1", "users"], br#"{"id":"00u2"}"#);
        let subjects = |from, limit| {
            let lines = String::from_utf8(witness.lines(from, limit)).expect("a text");
            let subject =
                |line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["subject"].clone();
            lines.lines().map(subject).collect::<Vec<_>>()
        };
        assert_eq!(subjects(0, 9), ["00u1", "00g1/00u1", "00u2"]);
        assert_eq!(subjects(1, 1), ["00g1/00u1"]);
        assert_eq!(subjects(2, 9), ["00u2"]);
    }
}
