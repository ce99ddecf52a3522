//! What stands between the cells of a CSV file, and what ends its lines, from the beginning of its text.

use csv::ByteRecord;

use crate::files::LineEnding;
use crate::files::returns::Returns;

const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many rows have a say.
const ROWS: usize = 100;

/// What ends the first line that is outside of quotes.
pub(super) fn line_ending(text: &[u8]) -> LineEnding {
    let mut quoted = false;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => return LineEnding::Lf,
            b'\r' if !quoted => return of_return(text.get(at..).unwrap_or_default()),
            _ => {}
        }
    }
    LineEnding::Lf
}

/// What the `\r` at the beginning of a text is part of. Windows may have written it more than once before the
/// `\n`.
fn of_return(text: &[u8]) -> LineEnding {
    let next = text.iter().find(|byte| **byte != b'\r');
    if next == Some(&b'\n') { LineEnding::CrLf } else { LineEnding::Cr }
}

/// The line `sep=;` that Excel reads and writes on top of a CSV file.
pub(super) struct SepLine {
    pub(super) delimiter: u8,
    /// How many bytes it takes, with its end.
    pub(super) length: usize,
}

/// How many bytes are enough to see a [`SepLine`].
pub(super) const SEP_LINE_BYTES: usize = 10;

/// The `sep=` line, if the text starts with one.
pub(super) fn sep_line(text: &[u8]) -> Option<SepLine> {
    let quoted = text.starts_with(b"\"");
    let open = usize::from(quoted);
    if !text.get(open..open + 4)?.eq_ignore_ascii_case(b"sep=") {
        return None;
    }
    let delimiter = *text.get(open + 4)?;
    let mut length = open + 5;
    if quoted {
        (text.get(length) == Some(&b'"')).then_some(())?;
        length += 1;
    }
    length += match text.get(length..)? {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => return None,
    };
    is_usable(delimiter).then_some(SepLine { delimiter, length })
}

/// Whether a byte can stand between cells.
pub(super) fn is_usable(delimiter: u8) -> bool {
    delimiter.is_ascii() && !matches!(delimiter, b'"' | b'\r' | b'\n' | 0)
}

/// The delimiter that cuts the header into the most names while the rows agree with it. `whole` says that
/// the text is all there is, and its last row not cut off.
pub(super) fn detect(text: &[u8], whole: bool) -> u8 {
    let scored =
        CANDIDATES.into_iter().filter_map(|delimiter| Some((score(text, whole, delimiter)?, delimiter)));
    // Of two that are equally good, the one that stands first in the list.
    scored.rev().max_by_key(|(score, _)| *score).map_or(b',', |(_, delimiter)| delimiter)
}

/// Whether most rows have as many cells as the header, how many those are, and how many rows agree.
fn score(text: &[u8], whole: bool, delimiter: u8) -> Option<(bool, usize, usize)> {
    let text = Returns::new(text, line_ending(text.trim_ascii_start()));
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text);
    let mut rows = reader.byte_records().map_while(Result::ok).take(ROWS + 1).collect::<Vec<_>>();
    if !whole && rows.len() <= ROWS && rows.len() > 1 {
        rows.pop();
    }
    let (header, people) = rows.split_first()?;
    if header.len() < 2 || header.iter().any(|name| name.contains(&b'"')) {
        return None;
    }
    let agreeing = people.iter().filter(|row| agrees(row, header)).count();
    Some((agreeing * 2 >= people.len(), header.len(), agreeing))
}

fn agrees(row: &ByteRecord, header: &ByteRecord) -> bool {
    row.len() == header.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_names_the_delimiter_and_the_rows_confirm_it() {
        let cases: [(&[u8], u8); 9] = [
            (b"login,email\na,b\n", b','),
            (b"login;email\na;b\n", b';'),
            (b"login\temail\na\tb\n", b'\t'),
            (b"login|email\na|b\n", b'|'),
            (b"login\nann@x.example\n", b','),
            (b"login;name;x\na;\"B, b\";c\nd;\"E, e\";f\n", b';'),
            (b"login,groups\na,x;y;z\nb,x;y\n", b','),
            (b"login,\"Name; Title; Unit; City\"\na,\"1; 2; 3; 4\"\n", b','),
            (b"login,name\na|b|c|d|e,f\n", b','),
        ];
        for (text, expected) in cases {
            assert_eq!(detect(text, true), expected, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn excel_may_say_the_delimiter_itself() {
        type Seen = Option<(u8, usize)>;
        let cases: [(&[u8], Seen); 6] = [
            (b"sep=;\r\nlogin", Some((b';', 7))),
            (b"SEP=\t\nlogin", Some((b'\t', 6))),
            (b"\"sep=|\"\nlogin", Some((b'|', 8))),
            (b"sep=;login", None),
            (b"sep=\"\n", None),
            (b"sep", None),
        ];
        for (text, expected) in cases {
            assert_eq!(sep_line(text).map(|line| (line.delimiter, line.length)), expected);
        }
    }

    #[test]
    fn a_line_end_in_quotes_is_not_the_end_of_the_line() {
        assert_eq!(line_ending(b"a,\"b\nc\"\r\nd"), LineEnding::CrLf);
        assert_eq!(line_ending(b"a,b\rc,\"x\ny\"\r"), LineEnding::Cr);
        assert_eq!(line_ending(b"a"), LineEnding::Lf);
        assert_eq!(line_ending(b"a,b\r\r\n1,2"), LineEnding::CrLf);
        assert_eq!(line_ending(b"a,b\r\r1,2"), LineEnding::Cr);
    }
}
