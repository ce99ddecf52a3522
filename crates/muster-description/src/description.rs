//! The judge.

use http::{HeaderMap, Method, StatusCode};

use crate::document::Document;
use crate::fault::{Fault, Kind};
use crate::judgement::{Judgement, shortened};
use crate::operation::{Contract, Operation, Route};
use crate::path_template::Captures;
use crate::{DescriptionError, Side, Violation};

/// An `OpenAPI` 3.0 document, ready to judge. It may be shared between threads; a schema is compiled when it is
/// first needed and kept.
#[derive(Debug)]
pub struct Description {
    contract: Contract,
    base_paths: Vec<String>,
}

/// A request as the judge sees it.
#[derive(Debug, Clone, Copy)]
pub struct RequestFacts<'r> {
    /// The method.
    pub method: &'r Method,
    /// The path as it was sent, percent-encoded and without the query.
    pub path: &'r str,
    /// The query as it was sent, without the question mark.
    pub query: Option<&'r str>,
    /// The headers.
    pub headers: &'r HeaderMap,
    /// The body, empty if there was none.
    pub body: &'r [u8],
}

/// An answer as the judge sees it, with what was asked.
#[derive(Debug, Clone, Copy)]
pub struct AnswerFacts<'a> {
    /// The method of the request.
    pub method: &'a Method,
    /// The path of the request, percent-encoded and without the query.
    pub path: &'a str,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body, empty if there was none.
    pub body: &'a [u8],
}

/// What the description has for a method and a path.
enum Lookup<'d> {
    Operation(&'d Operation, Captures),
    OtherMethods(&'d Route),
    Nothing,
}

impl Description {
    /// Reads a document in JSON and checks that all of it can be used.
    pub fn read(bytes: &[u8]) -> Result<Self, DescriptionError> {
        let document = Document::read(bytes)?;
        Ok(Self { contract: Contract::read(&document)?, base_paths: document.base_paths() })
    }

    /// Where a request departs from the description.
    pub fn judge_request(&self, request: &RequestFacts<'_>) -> Vec<Violation> {
        match self.look_up(request.method, request.path) {
            Lookup::Operation(operation, captures) => {
                let definitions = &self.contract.of_requests;
                let mut judgement = Judgement::new(Side::Request, &operation.name, definitions);
                judgement.judge_request(operation, &captures, request);
                judgement.into_violations()
            }
            Lookup::OtherMethods(route) => {
                let methods: Vec<_> = route.operations.iter().map(|(method, _)| method.as_str()).collect();
                let expected = format!("one of {}", methods.join(", "));
                self.unknown(request, "method", request.method.to_string(), expected)
            }
            Lookup::Nothing => {
                let (found, expected) = ("an unknown path", "a path of the description");
                self.unknown(request, "path", found.to_owned(), expected.to_owned())
            }
        }
    }

    /// Where an answer departs from the description. Nothing is known of answers to unknown operations.
    pub fn judge_answer(&self, answer: &AnswerFacts<'_>) -> Vec<Violation> {
        let Lookup::Operation(operation, _) = self.look_up(answer.method, answer.path) else {
            return Vec::new();
        };
        let mut judgement = Judgement::new(Side::Answer, &operation.name, &self.contract.of_answers);
        judgement.judge_answer(operation, answer);
        judgement.into_violations()
    }

    /// The `operationId` that belongs to a method and a path, or method and template where it has none.
    pub fn knows(&self, method: &Method, path: &str) -> Option<&str> {
        match self.look_up(method, path) {
            Lookup::Operation(operation, _) => Some(&operation.name),
            _ => None,
        }
    }

    /// How many operations the description has.
    pub fn operations(&self) -> usize {
        self.contract.routes.iter().map(|route| route.operations.len()).sum()
    }

    fn look_up(&self, method: &Method, path: &str) -> Lookup<'_> {
        let stripped = self.base_paths.iter().filter_map(|base| path.strip_prefix(base.as_str()));
        for path in stripped.chain([path]) {
            for route in &self.contract.routes {
                if let Some(captures) = route.template.captures(path) {
                    let mut operations = route.operations.iter();
                    return match operations.find(|(known, _)| known == method) {
                        Some((_, operation)) => Lookup::Operation(operation, captures),
                        None => Lookup::OtherMethods(route),
                    };
                }
            }
        }
        Lookup::Nothing
    }

    fn unknown(
        &self,
        request: &RequestFacts<'_>,
        place: &str,
        found: String,
        expected: String,
    ) -> Vec<Violation> {
        let operation = format!("{} {}", request.method, shortened(request.path));
        let mut judgement = Judgement::new(Side::Request, &operation, &self.contract.of_requests);
        judgement.note(vec![Fault::new(Kind::Path, place, found, expected)]);
        judgement.into_violations()
    }
}
