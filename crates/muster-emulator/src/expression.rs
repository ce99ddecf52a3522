//! Filter and search expressions: `status eq "ACTIVE" and (profile.city sw "B" or profile.city pr)`.
//! They are read here; what may stand in them is for each list to say.

use std::cmp::Ordering;

use serde_json::Value;

use crate::refusal::Refusal;

/// How deep parentheses may go.
const DEEPEST: usize = 32;

/// What an attribute is compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Eq,
    Ne,
    Sw,
    Ew,
    Co,
    Gt,
    Ge,
    Lt,
    Le,
    Pr,
}

/// An expression, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    /// All of them; a long row of them is no deeper than a short one.
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Test {
        attribute: String,
        operator: Operator,
        value: Value,
    },
}

/// Whether the case of values counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Counts,
    Ignored,
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Open,
    Close,
    Plain(String),
    Text(String),
}

impl Expression {
    /// Reads an expression, without what most lists don't allow: `ne`, `ew` and `not`.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        Self::read_with_negations(text)
            .and_then(|read| if read.is_plain() { Ok(read) } else { Err(Refusal::search()) })
    }

    /// Reads an expression with any operator.
    pub fn read_with_negations(text: &str) -> Result<Self, Refusal> {
        let mut words = Words { words: split(text).ok_or_else(Refusal::search)?, next: 0 };
        let expression = words.any_of(0).ok_or_else(Refusal::search)?;
        if words.next == words.words.len() { Ok(expression) } else { Err(Refusal::search()) }
    }

    fn is_plain(&self) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().all(Self::is_plain),
            Self::Not(_) => false,
            Self::Test { operator, .. } => !matches!(operator, Operator::Ne | Operator::Ew),
        }
    }

    /// Refuses an expression that has a test which is not allowed.
    pub fn check(&self, allowed: &impl Fn(&str, Operator) -> bool, refusal: &Refusal) -> Result<(), Refusal> {
        match self {
            Self::And(parts) | Self::Or(parts) => {
                parts.iter().try_for_each(|part| part.check(allowed, refusal))
            }
            Self::Not(inner) => inner.check(allowed, refusal),
            Self::Test { attribute, operator, .. } if allowed(attribute, *operator) => Ok(()),
            Self::Test { .. } => Err(refusal.clone()),
        }
    }

    /// Whether it holds for what has these attributes.
    pub fn holds(&self, case: Case, of: &impl Fn(&str) -> Option<Value>) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds(case, of)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(case, of)),
            Self::Not(inner) => !inner.holds(case, of),
            Self::Test { attribute, operator: Operator::Ne, value } => {
                let equal =
                    Self::Test { attribute: attribute.clone(), operator: Operator::Eq, value: value.clone() };
                !equal.holds(case, of)
            }
            Self::Test { attribute, operator, value } => match of(attribute) {
                Some(Value::Array(found)) => found.iter().any(|found| compare(*operator, found, value, case)),
                Some(found) => compare(*operator, &found, value, case),
                None => false,
            },
        }
    }

    /// The value that an attribute must have for this to hold, if it says so plainly.
    pub fn required_text(&self, wanted: &str) -> Option<&str> {
        match self {
            Self::And(parts) => parts.iter().find_map(|part| part.required_text(wanted)),
            Self::Test { attribute, operator: Operator::Eq, value } if attribute == wanted => value.as_str(),
            Self::Or(..) | Self::Not(_) | Self::Test { .. } => None,
        }
    }
}

struct Words {
    words: Vec<Word>,
    next: usize,
}

impl Words {
    fn any_of(&mut self, depth: usize) -> Option<Expression> {
        let first = self.all_of(depth)?;
        let mut parts = Vec::new();
        while self.takes("or") {
            parts.push(self.all_of(depth)?);
        }
        Some(joined(first, parts, Expression::Or))
    }

    fn all_of(&mut self, depth: usize) -> Option<Expression> {
        let first = self.one(depth)?;
        let mut parts = Vec::new();
        while self.takes("and") {
            parts.push(self.one(depth)?);
        }
        Some(joined(first, parts, Expression::And))
    }

    fn one(&mut self, depth: usize) -> Option<Expression> {
        match self.word()? {
            Word::Open if depth < DEEPEST => {
                let inner = self.any_of(depth + 1)?;
                (self.word()? == Word::Close).then_some(inner)
            }
            Word::Plain(not) if not.eq_ignore_ascii_case("not") && depth < DEEPEST => {
                Some(Expression::Not(Box::new(self.one(depth + 1)?)))
            }
            Word::Plain(attribute) => self.test(attribute),
            _ => None,
        }
    }

    fn test(&mut self, attribute: String) -> Option<Expression> {
        let Word::Plain(operator) = self.word()? else { return None };
        let operator = Operator::of(&operator)?;
        let value = if operator == Operator::Pr { Value::Null } else { self.value()? };
        Some(Expression::Test { attribute, operator, value })
    }

    fn value(&mut self) -> Option<Value> {
        match self.word()? {
            Word::Text(text) => Some(Value::String(text)),
            Word::Plain(plain) => serde_json::from_str(&plain).ok(),
            Word::Open | Word::Close => None,
        }
    }

    fn word(&mut self) -> Option<Word> {
        let word = self.words.get(self.next).cloned();
        self.next += 1;
        word
    }

    fn takes(&mut self, wanted: &str) -> bool {
        let here =
            matches!(self.words.get(self.next), Some(Word::Plain(word)) if word.eq_ignore_ascii_case(wanted));
        self.next += usize::from(here);
        here
    }
}

impl Operator {
    fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "sw" => Self::Sw,
            "ew" => Self::Ew,
            "co" => Self::Co,
            "gt" => Self::Gt,
            "ge" => Self::Ge,
            "lt" => Self::Lt,
            "le" => Self::Le,
            "pr" => Self::Pr,
            _ => return None,
        })
    }
}

/// One part alone is not joined to anything.
fn joined(
    first: Expression,
    mut others: Vec<Expression>,
    join: fn(Vec<Expression>) -> Expression,
) -> Expression {
    if others.is_empty() {
        return first;
    }
    others.insert(0, first);
    join(others)
}

fn split(text: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '(' => words.push(Word::Open),
            ')' => words.push(Word::Close),
            '"' => words.push(Word::Text(quoted(&mut letters)?)),
            blank if blank.is_whitespace() => {}
            first => {
                let mut plain = String::from(first);
                while let Some(next) =
                    letters.next_if(|next| !next.is_whitespace() && !"()\"".contains(*next))
                {
                    plain.push(next);
                }
                words.push(Word::Plain(plain));
            }
        }
    }
    Some(words)
}

/// The rest of a text in quotes; a backslash takes the next letter as it is.
fn quoted(letters: &mut impl Iterator<Item = char>) -> Option<String> {
    let mut text = String::new();
    loop {
        match letters.next()? {
            '"' => return Some(text),
            '\\' => text.push(letters.next()?),
            letter => text.push(letter),
        }
    }
}

fn compare(operator: Operator, found: &Value, wanted: &Value, case: Case) -> bool {
    if operator == Operator::Pr {
        return !found.is_null();
    }
    match (found, wanted) {
        (Value::String(found), Value::String(wanted)) if case == Case::Ignored => {
            compare_texts(operator, &found.to_lowercase(), &wanted.to_lowercase())
        }
        (Value::String(found), Value::String(wanted)) => compare_texts(operator, found, wanted),
        (Value::Number(found), Value::Number(wanted)) => {
            let order = found.as_f64().partial_cmp(&wanted.as_f64());
            order.is_some_and(|order| fits(operator, order))
        }
        _ => operator == Operator::Eq && found == wanted,
    }
}

/// Times in a list are all written alike, so that they compare as texts; one with another precision is read first.
fn compare_texts(operator: Operator, found: &str, wanted: &str) -> bool {
    match operator {
        Operator::Sw => found.starts_with(wanted),
        Operator::Ew => found.ends_with(wanted),
        Operator::Co => found.contains(wanted),
        _ => {
            let times = found.parse::<jiff::Timestamp>().ok().zip(wanted.parse::<jiff::Timestamp>().ok());
            fits(operator, times.map_or_else(|| found.cmp(wanted), |(found, wanted)| found.cmp(&wanted)))
        }
    }
}

fn fits(operator: Operator, order: Ordering) -> bool {
    match operator {
        Operator::Eq => order.is_eq(),
        Operator::Gt => order.is_gt(),
        Operator::Ge => order.is_ge(),
        Operator::Lt => order.is_lt(),
        Operator::Le => order.is_le(),
        Operator::Ne => order.is_ne(),
        Operator::Sw | Operator::Ew | Operator::Co | Operator::Pr => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(text: &str, case: Case) -> bool {
        let of = |name: &str| match name {
            "status" => Some(json!("ACTIVE")),
            "profile.city" => Some(json!("Bern \"old\"")),
            "profile.age" => Some(json!(42)),
            "profile.tags" => Some(json!(["a", "b"])),
            "created" => Some(json!("2025-09-29T04:00:54.000Z")),
            _ => None,
        };
        Expression::read(text).expect("an expression").holds(case, &of)
    }

    #[test]
    fn expressions_hold_or_not() {
        for yes in [
            r#"status eq "ACTIVE""#,
            r#"status eq "STAGED" or profile.city sw "Bern""#,
            r#"(status eq "STAGED" or status eq "ACTIVE") and profile.age gt 41"#,
            r#"profile.city eq "Bern \"old\"""#,
            r#"profile.tags eq "b""#,
            r"profile.age pr",
            r#"created gt "2025-09-29T04:00:00Z""#,
            r#"profile.city co "old""#,
        ] {
            assert!(holds(yes, Case::Counts), "{yes}");
        }
        assert!(!holds(r#"status eq "active""#, Case::Counts));
        assert!(holds(r#"status eq "active""#, Case::Ignored));
        assert!(!holds(r"profile.none pr", Case::Ignored));
    }

    #[test]
    fn a_long_row_is_not_deep() {
        for (join, last) in [(" or ", "profile.none pr"), (" and ", "profile.age pr")] {
            let text = vec!["profile.age pr"; 100_000].join(join) + join + last;
            assert!(holds(&text, Case::Counts));
        }
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        let deep = "(".repeat(100_000);
        let negated = "not ".repeat(100_000);
        for bad in [
            "",
            "status",
            "status eq",
            r#"status eq "A" and"#,
            r#"status ne "A""#,
            r#"(status eq "A""#,
            r#"a eq "b"#,
            &deep,
            &negated,
        ] {
            assert_eq!(Expression::read(bad), Err(Refusal::search()), "{bad}");
        }
    }
}
