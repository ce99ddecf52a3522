//! The paths of a description, and how a request finds its own.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use regex::Regex;

/// A path with places for parameters, such as `/users/{id}/groups`.
#[derive(Debug)]
pub(crate) struct PathTemplate {
    segments: Vec<Segment>,
}

#[derive(Debug)]
enum Segment {
    Literal(String),
    Parameter(String),
    /// A segment that is only in part a parameter, such as `{name}.json`.
    Mixed {
        pattern: Regex,
        names: Vec<String>,
    },
}

/// The values of the path parameters, decoded.
pub(crate) type Captures = BTreeMap<String, String>;

impl PathTemplate {
    pub(crate) fn parse(path: &str) -> Self {
        Self { segments: path.split('/').map(Segment::parse).collect() }
    }

    /// How many segments are fixed: of two templates that fit, the one with more of them is meant.
    pub(crate) fn literals(&self) -> usize {
        self.segments.iter().filter(|segment| matches!(segment, Segment::Literal(_))).count()
    }

    pub(crate) fn captures(&self, path: &str) -> Option<Captures> {
        let mut captures = Captures::new();
        let mut given = path.split('/');
        for segment in &self.segments {
            if !segment.accepts(given.next()?, &mut captures) {
                return None;
            }
        }
        given.next().is_none().then_some(captures)
    }
}

impl Segment {
    fn parse(text: &str) -> Self {
        let whole = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match whole {
            Some(name) if !name.contains(['{', '}']) => Self::Parameter(name.to_owned()),
            _ if text.contains('{') => Self::parse_mixed(text),
            _ => Self::Literal(text.to_owned()),
        }
    }

    fn parse_mixed(text: &str) -> Self {
        let (mut pattern, mut names, mut rest) = ("^".to_owned(), Vec::new(), text);
        while let Some((literal, name, tail)) = next_parameter(rest) {
            pattern.push_str(&regex::escape(literal));
            pattern.push_str("(.+?)");
            names.push(name.to_owned());
            rest = tail;
        }
        pattern.push_str(&regex::escape(rest));
        pattern.push('$');
        match Regex::new(&pattern) {
            Ok(pattern) => Self::Mixed { pattern, names },
            Err(_) => Self::Literal(text.to_owned()),
        }
    }

    fn accepts(&self, given: &str, captures: &mut Captures) -> bool {
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        match self {
            Self::Literal(text) => text == given || *text == decode(given),
            Self::Parameter(name) => {
                captures.insert(name.clone(), decode(given));
                !given.is_empty()
            }
            Self::Mixed { pattern, names } => pattern.captures(given).is_some_and(|found| {
                let values = found.iter().skip(1).flatten();
                captures.extend(names.iter().cloned().zip(values.map(|value| decode(value.as_str()))));
                true
            }),
        }
    }
}

/// What stands before the next parameter, its name, and what stands behind it.
fn next_parameter(text: &str) -> Option<(&str, &str, &str)> {
    let (literal, rest) = text.split_once('{')?;
    let (name, tail) = rest.split_once('}')?;
    Some((literal, name, tail))
}
