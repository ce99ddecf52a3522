//! Rust as a row of lines, with comments, literals and test modules blanked, so that a rule that looks for a word
//! finds it in code and nowhere else. It reads tokens, not meaning.

use std::ops::Range;

/// The code of one file.
#[derive(Debug, Default)]
pub struct RustCode {
    /// Everything outside of comments and literals, line by line as in the file.
    code: String,
    /// The modules in it that only tests see.
    tests: Vec<Range<usize>>,
    literals: Vec<Literal>,
}

/// A string literal.
#[derive(Debug, PartialEq, Eq)]
pub struct Literal {
    /// Where it starts.
    pub line: usize,
    /// As it is written, quotes included.
    pub text: String,
    /// Where it starts in the code.
    at: usize,
}

/// What stands at the start of a text.
#[derive(Clone, Copy)]
enum Piece {
    Comment(usize),
    Text(usize),
    Character(usize),
}

impl RustCode {
    /// Takes a file apart.
    pub fn read(text: &str) -> Self {
        let mut read = Self::default();
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let length = if let Some(piece) = piece(rest, read.code.ends_with(is_word)) {
                read.blank(rest, piece)
            } else {
                read.code.push(next);
                next.len_utf8()
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        read.tests = test_modules(&read.code);
        read
    }

    /// The code, tests included.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The lines, from 1, where this starts a word of code, tests apart.
    pub fn lines_with(&self, word: &str) -> Vec<usize> {
        self.words(word).map(|at| line_of(&self.code, at)).collect()
    }

    /// Modules of the standard library that the code names, with the lines; `use std::{fs, io}` names two.
    pub fn std_modules(&self) -> Vec<(usize, &str)> {
        let start = "std::";
        let names = |at: usize| first_names(self.code.get(at + start.len()..).unwrap_or_default());
        let line = |at: usize| line_of(&self.code, at);
        self.words(start).flat_map(|at| names(at).into_iter().map(move |name| (line(at), name))).collect()
    }

    /// The string literals, tests apart.
    pub fn literals(&self) -> impl Iterator<Item = &Literal> {
        self.literals.iter().filter(|literal| self.is_product(literal.at))
    }

    /// Where this starts a word, tests apart.
    fn words<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let starts = |at: usize| !self.code.get(..at).is_some_and(|before| before.ends_with(is_word));
        let places = self.code.match_indices(word).map(|(at, _)| at);
        places.filter(move |at| starts(*at) && self.is_product(*at))
    }

    fn is_product(&self, at: usize) -> bool {
        !self.tests.iter().any(|module| module.contains(&at))
    }

    /// Puts blanks for a piece, and says how long it is.
    fn blank(&mut self, rest: &str, piece: Piece) -> usize {
        let (Piece::Comment(length) | Piece::Text(length) | Piece::Character(length)) = piece;
        let text = rest.get(..length).unwrap_or(rest);
        let at = self.code.len();
        if matches!(piece, Piece::Text(_)) {
            self.literals.push(Literal { line: line_of(&self.code, at), text: text.to_owned(), at });
        }
        // Something has to stay, or the words around would grow together.
        self.code.push(if matches!(piece, Piece::Comment(_)) { ' ' } else { '"' });
        self.code.extend(text.chars().filter(|letter| *letter == '\n'));
        text.len()
    }
}

/// The comment or literal that starts here.
fn piece(rest: &str, after_word: bool) -> Option<Piece> {
    if rest.starts_with("//") {
        return Some(Piece::Comment(rest.find('\n').unwrap_or(rest.len())));
    }
    match rest.chars().next()? {
        '/' if rest.starts_with("/*") => Some(Piece::Comment(block_comment(rest))),
        '"' => Some(Piece::Text(string(rest))),
        'r' | 'b' | 'c' if !after_word => raw_string(rest).map(Piece::Text),
        '\'' => character(rest).map(Piece::Character),
        _ => None,
    }
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
        let step = if tail.starts_with("/*") {
            depth += 1;
            2
        } else if tail.starts_with("*/") {
            depth = depth.saturating_sub(1);
            2
        } else {
            tail.chars().next().map_or(1, char::len_utf8)
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn raw_string(rest: &str) -> Option<usize> {
    let raw = ["r", "br", "cr"].into_iter().find_map(|start| rest.strip_prefix(start))?;
    let body = raw.trim_start_matches('#');
    let hashes = raw.get(..raw.len() - body.len())?;
    let body = body.strip_prefix('"')?;
    let end = format!("\"{hashes}");
    let before = rest.len() - body.len();
    Some(body.find(&end).map_or(rest.len(), |at| before + at + end.len()))
}

/// Nothing for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut letters = rest.char_indices().skip(1);
    let (_, first) = letters.next()?;
    if first == '\\' {
        letters.next()?;
        return letters.find(|(_, letter)| *letter == '\'').map(|(at, _)| at + 1);
    }
    letters.next().filter(|(_, letter)| *letter == '\'').map(|(at, _)| at + 1)
}

/// Each `#[cfg(test)] mod … { … }`.
fn test_modules(code: &str) -> Vec<Range<usize>> {
    let marker = "#[cfg(test)]";
    let ends = |at: usize| code.get(at + marker.len()..).and_then(module_end);
    let markers = code.match_indices(marker);
    markers.filter_map(|(at, _)| ends(at).map(|length| at..at + marker.len() + length)).collect()
}

/// The end of a module with a body, if one starts here.
fn module_end(rest: &str) -> Option<usize> {
    let item = rest.trim_start();
    let item = item.strip_prefix("pub ").unwrap_or(item);
    item.strip_prefix("mod ")?;
    let open =
        rest.find(['{', ';']).filter(|at| rest.get(*at..).is_some_and(|body| body.starts_with('{')))?;
    let mut depth = 0_usize;
    for (at, letter) in rest.char_indices().skip_while(|(at, _)| *at < open) {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    Some(rest.len())
}

/// The first name of a path, or of each path in braces.
fn first_names(rest: &str) -> Vec<&str> {
    let Some(group) = rest.strip_prefix('{') else {
        return vec![first_name(rest)];
    };
    let mut depth = 1_usize;
    let mut names = Vec::new();
    let mut fresh = true;
    for (at, letter) in group.char_indices().take_while(|(_, letter)| *letter != ';') {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 1 => fresh = true,
            letter if fresh && is_word(letter) => {
                names.push(first_name(group.get(at..).unwrap_or_default()));
                fresh = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

fn first_name(path: &str) -> &str {
    path.split(|letter| !is_word(letter)).next().unwrap_or_default()
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.get(..at).unwrap_or(text).matches('\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_code_alone() {
        let code = RustCode::read(
            "// word\nfn a() { \"word \\\" word\"; word(); }\n/* word /* word */ word */ keyword\nr#\"word\" word\"#; word\n",
        );
        assert_eq!(code.lines_with("word"), [2, 4]);
    }

    #[test]
    fn a_lifetime_is_no_character() {
        let code = RustCode::read("fn a<'a>(x: &'a str) { ('\"', '\\'', '\\u{1F600}', b'\"', word) }");
        assert_eq!(code.lines_with("word"), [1]);
        assert!(code.literals().next().is_none());
    }

    #[test]
    fn literals_know_their_line() {
        let code = RustCode::read("let a = \"one\n two\";\nlet r = b\"x\"; let c = r\"three\";");
        let found: Vec<_> = code.literals().map(|literal| (literal.line, literal.text.as_str())).collect();
        assert_eq!(found, [(1, "\"one\n two\""), (3, "\"x\""), (3, "r\"three\"")]);
    }

    #[test]
    fn test_modules_are_left_out_and_what_follows_is_not() {
        let text = "a();\n#[cfg(test)]\nmod tests {\n    fn t() { word(\"word\"); }\n}\nword(\"kept\");\n#[cfg(test)]\nmod tests;\nword();\n";
        let code = RustCode::read(text);
        assert_eq!(code.lines_with("word"), [6, 9]);
        assert_eq!(code.literals().map(|literal| literal.line).collect::<Vec<_>>(), [6]);
        assert!(code.code().contains("fn t()"));
    }

    #[test]
    fn modules_of_std_are_seen_in_groups() {
        let code = RustCode::read("use std::fs;\nuse std::{io::{self, fs}, net};\nnot_std::env;\n");
        assert_eq!(code.std_modules(), [(1, "fs"), (2, "io"), (2, "net")]);
    }

    #[test]
    fn an_open_end_is_no_harm() {
        for text in ["\"", "'", "/*", "r#\"", "#[cfg(test)] mod a {", "'\\", "b", "use std::{", "é'é"] {
            assert!(!RustCode::read(text).code().contains('\0'), "{text}");
        }
    }
}
