//! The judging of one request or one answer.

use http::StatusCode;
use serde_json::Value;

use crate::body::{Body, Reading};
use crate::definitions::Definitions;
use crate::description::{AnswerFacts, RequestFacts};
use crate::excuses::{Case, excuse_of};
use crate::fault::{Fault, Kind};
use crate::media_type::MediaType;
use crate::operation::{Answer, Operation};
use crate::parameter::{Location, TextType, pairs};
use crate::path_template::Captures;
use crate::wording::{counted, describe};
use crate::{Side, Violation};

/// How much of a name that came from outside is repeated.
const NAME_LENGTH: usize = 60;

/// Collects what is found about one request or one answer.
pub(crate) struct Judgement<'o> {
    side: Side,
    operation: &'o str,
    definitions: &'o Definitions,
    status: Option<StatusCode>,
    /// The value of an answer's body, which some excuses look at.
    answer: Option<Value>,
    violations: Vec<Violation>,
}

impl<'o> Judgement<'o> {
    pub(crate) fn new(side: Side, operation: &'o str, definitions: &'o Definitions) -> Self {
        Self { side, operation, definitions, status: None, answer: None, violations: Vec::new() }
    }

    pub(crate) fn into_violations(self) -> Vec<Violation> {
        self.violations
    }

    pub(crate) fn note(&mut self, faults: Vec<Fault<'_>>) {
        for fault in faults {
            let case = Case {
                side: self.side,
                operation: self.operation,
                status: self.status,
                answer: self.answer.as_ref(),
                fault: &fault,
            };
            let excuse = excuse_of(&case);
            let Fault { place, found, expected, .. } = fault;
            let operation = self.operation.to_owned();
            self.violations.push(Violation { side: self.side, operation, place, found, expected, excuse });
        }
    }

    pub(crate) fn judge_request(
        &mut self,
        operation: &Operation,
        captures: &Captures,
        request: &RequestFacts<'_>,
    ) {
        let query = pairs(request.query.unwrap_or_default());
        let definitions = self.definitions;
        for parameter in &operation.parameters {
            let texts: Vec<String> = match parameter.location {
                Location::Path => captures.get(&parameter.name).cloned().into_iter().collect(),
                Location::Header => header_texts(request.headers, &parameter.name),
                Location::Query => {
                    let named = query.iter().filter(|(name, _)| *name == parameter.name);
                    named.map(|(_, value)| value.clone()).collect()
                }
            };
            let texts: Vec<_> = texts.iter().map(String::as_str).collect();
            parameter.judge(&texts, definitions, &mut |faults| self.note(faults));
        }
        self.judge_unknown_parameters(operation, &query);
        self.judge_request_body(operation, request);
    }

    /// A server may well ignore a parameter that it does not know; a client has no business to send one.
    fn judge_unknown_parameters(&mut self, operation: &Operation, query: &[(String, String)]) {
        let known = operation.parameters.iter().filter(|parameter| parameter.location == Location::Query);
        if known.clone().any(|parameter| parameter.text_type == TextType::Object) {
            return;
        }
        for (name, value) in query {
            if !known.clone().any(|parameter| parameter.name == *name) {
                let place = format!("query {}", shortened(name));
                let found = counted("a string of", value.chars().count(), "character");
                let expected = format!("a parameter of {}", operation.name);
                self.note(vec![Fault::new(Kind::Other, place, found, expected)]);
            }
        }
    }

    fn judge_request_body(&mut self, operation: &Operation, request: &RequestFacts<'_>) {
        let body = Body { headers: request.headers, bytes: request.body };
        match (&operation.body, request.body.is_empty()) {
            (None, true) => {}
            (None, false) => self.note_extra_body(body),
            (Some(documented), true) => {
                if documented.is_required {
                    self.note_missing_body(&documented.media_types);
                }
            }
            (Some(documented), false) => self.judge_body(body, &documented.media_types),
        }
    }

    pub(crate) fn judge_answer(&mut self, operation: &Operation, facts: &AnswerFacts<'_>) {
        let status = facts.status.as_u16();
        let body = Body { headers: facts.headers, bytes: facts.body };
        self.status = Some(facts.status);
        let fitting =
            operation.answers.iter().filter_map(|answer| Some((answer.statuses.distance(status)?, answer)));
        match fitting.min_by_key(|(distance, _)| *distance) {
            Some((_, answer)) => self.judge_documented(answer, body, facts),
            None => self.judge_undocumented(operation, body, status),
        }
    }

    fn judge_documented(&mut self, answer: &Answer, body: Body<'_>, facts: &AnswerFacts<'_>) {
        let definitions = self.definitions;
        for header in &answer.headers {
            let texts = header_texts(facts.headers, &header.name);
            let texts: Vec<_> = texts.iter().map(String::as_str).collect();
            header.judge(&texts, definitions, &mut |faults| self.note(faults));
        }
        let is_bodiless = facts.method == http::Method::HEAD || facts.status == StatusCode::NOT_MODIFIED;
        match (answer.media_types.is_empty(), body.bytes.is_empty()) {
            (true, true) => {}
            (true, false) => self.note_extra_body(body),
            (false, true) if is_bodiless => {}
            (false, true) => self.note_missing_body(&answer.media_types),
            (false, false) => self.judge_body(body, &answer.media_types),
        }
    }

    /// A status that nobody promised. Its body is held against that of a documented one of the same class.
    fn judge_undocumented(&mut self, operation: &Operation, body: Body<'_>, status: u16) {
        let documented: Vec<_> = operation.answers.iter().map(|answer| answer.statuses.to_string()).collect();
        let expected = format!("one of {}", documented.join(", "));
        self.answer = body.json();
        let found = format!("status {status}");
        self.note(vec![Fault::new(Kind::Status, found.clone(), found, expected)]);
        self.answer = None;
        let sibling = operation.answers.iter().find(|answer| answer.statuses.is_of_class(status));
        let media_types = sibling.map(|answer| answer.media_types.as_slice()).unwrap_or_default();
        let essence = body.essence().unwrap_or_default();
        if !body.bytes.is_empty() && media_types.iter().any(|one| one.covers(&essence)) {
            self.judge_body(body, media_types);
        }
    }

    fn judge_body(&mut self, body: Body<'_>, media_types: &[MediaType]) {
        match body.read(media_types) {
            Reading::Opaque => {}
            Reading::Faulty(fault) => self.note(vec![fault]),
            Reading::Value(value, media_type) => {
                if let Some(shape) = &media_type.shape {
                    self.note(shape.faults(&value, "body", self.definitions));
                }
            }
        }
    }

    fn note_extra_body(&mut self, body: Body<'_>) {
        let value = body.json();
        let found = value.as_ref().map_or_else(
            || counted("a body of", body.bytes.len(), "byte"),
            |value| describe(value, "secret"),
        );
        let mut fault = Fault::new(Kind::ExtraBody, "body", found, "no body");
        fault.value = value.as_ref();
        self.note(vec![fault]);
    }

    fn note_missing_body(&mut self, media_types: &[MediaType]) {
        let ranges: Vec<_> = media_types.iter().map(|one| one.range.as_str()).collect();
        let expected = format!("a body of {}", ranges.join(" or "));
        self.note(vec![Fault::new(Kind::Required, "body", "no body".to_owned(), expected)]);
    }
}

fn header_texts(headers: &http::HeaderMap, name: &str) -> Vec<String> {
    headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}

/// A name from outside, cut to a length that a report can bear.
pub(crate) fn shortened(name: &str) -> String {
    match name.char_indices().nth(NAME_LENGTH) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}
