//! The words of a group rule's expression.

use std::{fmt, iter::Peekable, str::Chars};

use serde_json::Number;

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    /// `user.city`, `and`, `String.len`.
    Name(String),
    /// A parenthesis, a comma or an operator.
    Sign(String),
    Text(String),
    Number(Number),
}

impl fmt::Display for Word {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(text) | Self::Sign(text) | Self::Text(text) => out.write_str(text),
            Self::Number(number) => number.fmt(out),
        }
    }
}

/// An expression in words, or what is wrong with it.
pub(super) fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut letters = text.chars().peekable();
    let mut words = Vec::new();
    while let Some(letter) = letters.next() {
        match letter {
            blank if blank.is_whitespace() => {}
            '"' | '\'' => words.push(Word::Text(quoted(letter, &mut letters)?)),
            '(' | ')' | ',' => words.push(Word::Sign(letter.to_string())),
            '=' | '!' | '<' | '>' | '&' | '|' => words.push(Word::Sign(sign(letter, &mut letters)?)),
            first if first.is_ascii_digit() || first == '-' => words.push(number(first, &mut letters)?),
            first if first.is_alphabetic() || first == '_' => {
                words.push(Word::Name(run(first, &mut letters, |next| {
                    next.is_alphanumeric() || next == '_' || next == '.'
                })));
            }
            other => return Err(format!("{other} is not expected in an expression")),
        }
    }
    Ok(words)
}

fn run(first: char, letters: &mut Peekable<Chars<'_>>, goes_on: impl Fn(char) -> bool) -> String {
    let mut text = String::from(first);
    while let Some(next) = letters.next_if(|next| goes_on(*next)) {
        text.push(next);
    }
    text
}

fn sign(first: char, letters: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let second = if matches!(first, '&' | '|') { first } else { '=' };
    match letters.next_if_eq(&second) {
        Some(second) => Ok([first, second].iter().collect()),
        None if matches!(first, '!' | '<' | '>') => Ok(first.to_string()),
        None => Err(format!("{first} is not an operator; did you mean {first}{second}?")),
    }
}

fn number(first: char, letters: &mut Peekable<Chars<'_>>) -> Result<Word, String> {
    let text = run(first, letters, |next| next.is_ascii_digit() || next == '.');
    serde_json::from_str(&text).map(Word::Number).map_err(|_| format!("{text} is not a number"))
}

/// The rest of a text in quotes; a backslash takes the next letter as it is.
fn quoted(mark: char, letters: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let mut text = String::new();
    loop {
        match letters.next() {
            Some(letter) if letter == mark => return Ok(text),
            Some('\\') => text.extend(letters.next()),
            Some(letter) => text.push(letter),
            None => return Err("A text has no closing quote".to_owned()),
        }
    }
}
