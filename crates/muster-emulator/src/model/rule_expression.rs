//! The expressions of group rules: `user.department == "Sales" and not isMemberOfGroupName("Guests")`.
//! A part of Okta's language: what is not understood is refused when a rule is made, not passed over.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{
    groups::Groups,
    rule_functions::Function,
    rule_words::{Word, words},
    user::User,
};

/// How deep an expression may be nested.
const DEEPEST: usize = 32;

/// An expression that was understood.
#[derive(Clone)]
pub(crate) struct RuleExpression {
    text: String,
    term: Term,
}

/// A part of an expression.
#[derive(Clone)]
pub(super) enum Term {
    Literal(Value),
    Attribute(String),
    Not(Box<Term>),
    /// All of them; a long row of them is no deeper than a short one.
    And(Vec<Term>),
    Or(Vec<Term>),
    Compare(Comparison, Box<Term>, Box<Term>),
    Call(Function, Vec<Term>),
}

/// How two values are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Different,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl RuleExpression {
    /// Reads an expression, or says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut reader = Reader { words: words(text)?, next: 0 };
        let term = reader.any_of(0)?;
        if let Some(word) = reader.words.get(reader.next) {
            return Err(format!("{word} is not expected here"));
        }
        if !term.is_truth() {
            return Err("The expression must be true or false".to_owned());
        }
        Ok(Self { text: text.to_owned(), term })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of the attributes that it asks for.
    pub fn attributes(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.term.attributes(&mut names);
        names
    }

    /// Whether it holds for a user.
    pub fn holds(&self, user: &User, groups: &Groups) -> bool {
        self.term.value(user, groups) == Value::Bool(true)
    }
}

impl Serialize for RuleExpression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for RuleExpression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Term {
    /// What it is worth for a user.
    pub(super) fn value(&self, user: &User, groups: &Groups) -> Value {
        let truth = |term: &Self| term.value(user, groups) == Value::Bool(true);
        match self {
            Self::Literal(value) => value.clone(),
            Self::Attribute(name) => user.profile.get(name).unwrap_or_default(),
            Self::Not(term) => Value::Bool(!truth(term)),
            Self::And(parts) => Value::Bool(parts.iter().all(truth)),
            Self::Or(parts) => Value::Bool(parts.iter().any(truth)),
            Self::Compare(comparison, one, other) => {
                Value::Bool(comparison.holds(&one.value(user, groups), &other.value(user, groups)))
            }
            Self::Call(function, arguments) => {
                let values: Vec<_> = arguments.iter().map(|term| term.value(user, groups)).collect();
                function.value(&values, user, groups)
            }
        }
    }

    /// Whether it can be true or false.
    fn is_truth(&self) -> bool {
        match self {
            Self::Literal(value) => value.is_boolean(),
            Self::Call(function, _) => function.is_truth(),
            Self::Attribute(_) | Self::Not(_) | Self::And(..) | Self::Or(..) | Self::Compare(..) => true,
        }
    }

    fn attributes<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Self::Literal(_) => {}
            Self::Attribute(name) => names.push(name),
            Self::Not(term) => term.attributes(names),
            Self::Compare(_, one, other) => {
                one.attributes(names);
                other.attributes(names);
            }
            Self::And(parts) | Self::Or(parts) | Self::Call(_, parts) => {
                for term in parts {
                    term.attributes(names);
                }
            }
        }
    }
}

impl Comparison {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "==" | "eq" => Self::Equal,
            "!=" | "ne" => Self::Different,
            "<" | "lt" => Self::Less,
            "<=" | "le" => Self::AtMost,
            ">" | "gt" => Self::Greater,
            ">=" | "ge" => Self::AtLeast,
            _ => return None,
        })
    }

    /// Case counts. Values of different kinds are different, and neither is the greater one.
    fn holds(self, one: &Value, other: &Value) -> bool {
        let order = match (one, other) {
            (Value::Number(one), Value::Number(other)) => one.as_f64().partial_cmp(&other.as_f64()),
            (Value::String(one), Value::String(other)) => Some(one.cmp(other)),
            _ => (one == other).then_some(std::cmp::Ordering::Equal),
        };
        match self {
            Self::Equal => order.is_some_and(std::cmp::Ordering::is_eq),
            Self::Different => order.is_none_or(std::cmp::Ordering::is_ne),
            Self::Less => order.is_some_and(std::cmp::Ordering::is_lt),
            Self::AtMost => order.is_some_and(std::cmp::Ordering::is_le),
            Self::Greater => order.is_some_and(std::cmp::Ordering::is_gt),
            Self::AtLeast => order.is_some_and(std::cmp::Ordering::is_ge),
        }
    }
}

struct Reader {
    words: Vec<Word>,
    next: usize,
}

/// One term alone is not joined to anything.
fn joined(first: Term, mut others: Vec<Term>, join: fn(Vec<Term>) -> Term) -> Term {
    if others.is_empty() {
        return first;
    }
    others.insert(0, first);
    join(others)
}

impl Reader {
    fn any_of(&mut self, depth: usize) -> Result<Term, String> {
        let first = self.all_of(depth)?;
        let mut parts = Vec::new();
        while self.takes(&["or", "||"]) {
            parts.push(self.all_of(depth)?);
        }
        Ok(joined(first, parts, Term::Or))
    }

    fn all_of(&mut self, depth: usize) -> Result<Term, String> {
        let first = self.negated(depth)?;
        let mut parts = Vec::new();
        while self.takes(&["and", "&&"]) {
            parts.push(self.negated(depth)?);
        }
        Ok(joined(first, parts, Term::And))
    }

    /// `!` binds to what follows it, as a comparison does: `!user.a == "x"` is read as `!(user.a == "x")`.
    fn negated(&mut self, depth: usize) -> Result<Term, String> {
        if depth > DEEPEST {
            return Err("The expression is nested too deep".to_owned());
        }
        if self.takes(&["not", "!"]) {
            return Ok(Term::Not(Box::new(self.negated(depth + 1)?)));
        }
        let left = self.operand(depth)?;
        let Some(comparison) = self.comparison() else { return Ok(left) };
        Ok(Term::Compare(comparison, Box::new(left), Box::new(self.operand(depth)?)))
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let (Word::Name(word) | Word::Sign(word)) = self.words.get(self.next)? else { return None };
        let comparison = Comparison::of(&word.to_ascii_lowercase())?;
        self.next += 1;
        Some(comparison)
    }

    fn operand(&mut self, depth: usize) -> Result<Term, String> {
        let word = self.words.get(self.next).cloned().ok_or("The expression ends too early")?;
        self.next += 1;
        match word {
            Word::Text(text) => Ok(Term::Literal(Value::String(text))),
            Word::Number(number) => Ok(Term::Literal(Value::Number(number))),
            Word::Sign(sign) if sign == "(" => {
                let inner = self.any_of(depth + 1)?;
                self.expects(")").map(|()| inner)
            }
            Word::Sign(_) => Err(format!("{word} is not expected here")),
            Word::Name(name) => self.named(&name, depth),
        }
    }

    fn named(&mut self, name: &str, depth: usize) -> Result<Term, String> {
        match name {
            "true" => return Ok(Term::Literal(Value::Bool(true))),
            "false" => return Ok(Term::Literal(Value::Bool(false))),
            "null" => return Ok(Term::Literal(Value::Null)),
            _ => {}
        }
        if self.takes(&["("]) {
            let function = Function::named(name).ok_or_else(|| format!("There is no function {name}"))?;
            let arguments = self.arguments(depth)?;
            function.check(name, arguments.len())?;
            return Ok(Term::Call(function, arguments));
        }
        match name.strip_prefix("user.") {
            Some(attribute) if !attribute.contains('.') => Ok(Term::Attribute(attribute.to_owned())),
            _ => Err(format!("{name} is not an attribute of a user")),
        }
    }

    fn arguments(&mut self, depth: usize) -> Result<Vec<Term>, String> {
        let mut arguments = Vec::new();
        if self.takes(&[")"]) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.any_of(depth + 1)?);
            if !self.takes(&[","]) {
                return self.expects(")").map(|()| arguments);
            }
        }
    }

    fn expects(&mut self, sign: &str) -> Result<(), String> {
        if self.takes(&[sign]) { Ok(()) } else { Err(format!("{sign} is missing")) }
    }

    fn takes(&mut self, wanted: &[&str]) -> bool {
        let here = match self.words.get(self.next) {
            Some(Word::Name(word) | Word::Sign(word)) => wanted.contains(&word.to_ascii_lowercase().as_str()),
            _ => false,
        };
        self.next += usize::from(here);
        here
    }
}
