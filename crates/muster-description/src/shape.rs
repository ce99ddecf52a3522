//! A schema ready to judge values.

use std::sync::OnceLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::definitions::Definitions;
use crate::fault::{Fault, Kind};
use crate::schema_place::SchemaPlace;
use crate::wording::{describe, expectation};

/// A translated schema, compiled when it is first asked.
#[derive(Debug)]
pub(crate) struct Shape {
    schema: Value,
    compiled: OnceLock<Result<Validator, String>>,
}

/// A value under judgement and what its place is called.
#[derive(Clone, Copy)]
struct Subject<'a, 'd> {
    root: &'a Value,
    label: &'d str,
    definitions: &'d Definitions,
}

impl Shape {
    pub(crate) fn new(schema: Value) -> Self {
        Self { schema, compiled: OnceLock::new() }
    }

    /// Where a value departs from the schema. `label` is what the value is called, such as `body`.
    pub(crate) fn faults<'a>(
        &self,
        value: &'a Value,
        label: &str,
        definitions: &Definitions,
    ) -> Vec<Fault<'a>> {
        match self.compiled.get_or_init(|| definitions.compile(&self.schema)) {
            Ok(validator) if validator.is_valid(value) => Vec::new(),
            Ok(validator) => {
                let subject = Subject { root: value, label, definitions };
                validator.iter_errors(value).flat_map(|error| subject.faults_of(&error)).collect()
            }
            Err(reason) => {
                vec![Fault::new(Kind::Other, label, reason.clone(), "a schema that can be compiled")]
            }
        }
    }
}

impl<'a> Subject<'a, '_> {
    fn faults_of(self, error: &ValidationError<'_>) -> Vec<Fault<'a>> {
        let pointer = error.instance_path().as_str();
        match error.kind() {
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                self.faults_of_choice(error, context)
            }
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                let mut fault = self.fault(error, &format!("{pointer}/{name}"), Kind::Required);
                "nothing".clone_into(&mut fault.found);
                fault.expected = format!("`{name}`, which is required");
                vec![fault]
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                self.faults_of_members(error, unexpected)
            }
            // This is how a schema without `properties` says that it allows none at all.
            ValidationErrorKind::FalseSchema
                if error.schema_path().as_str().ends_with("/additionalProperties") =>
            {
                let members = self.root.pointer(pointer).and_then(Value::as_object).into_iter().flatten();
                let names: Vec<_> = members.map(|(name, _)| name.clone()).collect();
                self.faults_of_members(error, &names)
            }
            kind => vec![self.fault(error, pointer, kind_of(kind))],
        }
    }

    /// One fault for each member that has no business to be there.
    fn faults_of_members(self, error: &ValidationError<'_>, names: &[String]) -> Vec<Fault<'a>> {
        let pointer = error.instance_path().as_str();
        let fault_of = |name: &String| {
            let name = name.replace('~', "~0").replace('/', "~1");
            let mut fault = self.fault(error, &format!("{pointer}/{name}"), Kind::Other);
            "no member of this name".clone_into(&mut fault.expected);
            fault
        };
        names.iter().map(fault_of).collect()
    }

    /// Where none of the choices fits: the one that was meant, if the value gives it away by fitting at its top.
    fn faults_of_choice(
        self,
        error: &ValidationError<'_>,
        choices: &[Vec<ValidationError<'static>>],
    ) -> Vec<Fault<'a>> {
        let here = error.instance_path().as_str().len();
        let is_deeper = |inner: &ValidationError<'_>| inner.instance_path().as_str().len() > here;
        let meant = choices.iter().filter(|faults| !faults.is_empty() && faults.iter().all(is_deeper));
        if let Some(faults) = meant.min_by_key(|faults| faults.len()) {
            return faults.iter().flat_map(|inner| self.faults_of(inner)).collect();
        }
        let firsts = choices.iter().filter_map(|faults| faults.first());
        let mut inner: Vec<Fault<'a>> = firsts.flat_map(|first| self.faults_of(first)).collect();
        let mut wishes: Vec<String> = Vec::new();
        for fault in &inner {
            if !wishes.contains(&fault.expected) {
                wishes.push(fault.expected.clone());
            }
        }
        let all_types = !inner.is_empty() && inner.iter().all(|fault| fault.kind == Kind::Type);
        let kind = if all_types { Kind::Type } else { Kind::Other };
        let mut fault = self.fault(error, error.instance_path().as_str(), kind);
        fault.expected = wishes.join(" or ");
        // A choice between a schema and null speaks for that schema.
        if fault.schema.is_none() {
            fault.schema = inner.first_mut().and_then(|first| first.schema.take());
        }
        vec![fault]
    }

    fn fault(self, error: &ValidationError<'_>, pointer: &str, kind: Kind) -> Fault<'a> {
        let value = self.root.pointer(pointer);
        let parent = pointer.rfind('/').and_then(|at| pointer.get(..at));
        Fault {
            place: format!("{}{}{pointer}", self.label, if pointer.is_empty() { "" } else { " " }),
            found: value.map_or_else(|| "nothing".to_owned(), |value| describe(value, pointer)),
            expected: expectation(error.kind()),
            kind,
            schema: SchemaPlace::read(error.schema_path().as_str(), self.definitions),
            value,
            parent: parent.and_then(|parent| self.root.pointer(parent)),
        }
    }
}

fn kind_of(kind: &ValidationErrorKind) -> Kind {
    match kind {
        ValidationErrorKind::Type { .. } => Kind::Type,
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => Kind::Enum,
        ValidationErrorKind::Minimum { .. } => Kind::Minimum,
        ValidationErrorKind::MinLength { .. } => Kind::MinLength,
        ValidationErrorKind::Format { format } => Kind::Format(format.clone()),
        ValidationErrorKind::OneOfMultipleValid { .. } => Kind::ManyChoices,
        _ => Kind::Other,
    }
}
