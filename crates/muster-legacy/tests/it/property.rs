//! What holds for any bytes, and for any table.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use muster_legacy::files::{Format, Source, SourceOptions};
use proptest::prelude::*;

use crate::desk::{Desk, row};
use crate::encodings::encode;

/// Bytes that mean something to one of the readers, and any others.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop_oneof![
        4 => prop::sample::select(vec![
            &b","[..], b";", b"\t", b"|", b"\"", b"\"\"", b"\n", b"\r", b"\r\n", b"sep=;\n", b"{\"a\":", b"}", b"[",
            b"]", b"1", b"login", b"@", b" ", b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF", b"\xC3\xBC", b"\xFC", b"\0",
            b"\x1F\x8B\x08", b"\x28\xB5\x2F\xFD", b"\x00\xD8", b"\\ud800",
        ])
        .prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

fn options() -> impl Strategy<Value = SourceOptions> {
    let format = prop::sample::select(vec![None, None, Some(Format::Csv), Some(Format::Ndjson)]);
    let labels =
        [None, None, Some("utf-8"), Some("utf-16"), Some("shift_jis"), Some("gb18030"), Some("iso-2022-jp")];
    let encoding = prop::sample::select(labels.to_vec());
    (format, encoding).prop_map(|(format, encoding)| SourceOptions {
        format,
        encoding: encoding.map(str::to_owned),
        delimiter: None,
    })
}

/// Little but line ends, quotes and delimiters, below a header with any line end.
fn line_ends() -> impl Strategy<Value = Vec<u8>> {
    let header = prop::sample::select(vec![
        &b"a,b\n"[..],
        b"a,b\r\n",
        b"a,b\r",
        b"a,b\r\r\n",
        b"\xEF\xBB\xBFa\n",
        b"sep=,\ra,b\n",
    ]);
    let pieces = vec![
        &b"\r"[..],
        b"\r",
        b"\n",
        b"\r\n",
        b"\"",
        b",",
        b"x",
        b" ",
        b"\xFE",
        b"\x8D",
        b"\xC3\xA9",
        b"\0",
    ];
    let rows = prop::collection::vec(prop::sample::select(pieces), 0..40);
    (header, rows).prop_map(|(header, rows)| [header, &rows.concat()].concat())
}

/// A table of names and rows; the line on which each row starts follows from the text.
#[derive(Debug)]
struct Table {
    width: usize,
    rows: Vec<Vec<String>>,
    encoding: &'static Encoding,
    marked: bool,
    delimiter: u8,
    ending: &'static str,
    blanks: usize,
}

fn table() -> impl Strategy<Value = Table> {
    let pieces = vec!["a", "Z", "é", "ß", "Ü", " ", ",", ";", "|", "\t", "\"", "\n", "@", "0", "name"];
    let cell = prop::collection::vec(prop::sample::select(pieces), 0..6).prop_map(|pieces| pieces.concat());
    let encodings =
        vec![(UTF_8, false), (UTF_8, true), (UTF_16LE, true), (UTF_16BE, true), (WINDOWS_1252, false)];
    let rows =
        move |width| (Just(width), prop::collection::vec(prop::collection::vec(cell.clone(), width), 1..8));
    let shape = (1_usize..5).prop_flat_map(rows);
    let delimiter = prop::sample::select(b",;\t|".to_vec());
    let ending = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (shape, prop::sample::select(encodings), delimiter, ending, 0_usize..3).prop_map(
        |((width, rows), (encoding, marked), delimiter, ending, blanks)| Table {
            width,
            rows,
            encoding,
            marked,
            delimiter,
            ending,
            blanks,
        },
    )
}

impl Table {
    /// One record in the words of the csv crate, with a line end of its own.
    fn line(&self, cells: &[String]) -> String {
        let terminator = if self.ending == "\r\n" {
            csv::Terminator::CRLF
        } else {
            csv::Terminator::Any(self.ending.as_bytes()[0])
        };
        let mut writer = csv::WriterBuilder::new()
            .delimiter(self.delimiter)
            .terminator(terminator)
            .from_writer(Vec::new());
        writer.write_record(cells).unwrap();
        String::from_utf8(writer.into_inner().unwrap()).unwrap()
    }

    /// The text, and what should be read from it.
    fn written(&self) -> (String, Vec<(u64, Vec<String>)>) {
        let names: Vec<String> = (0..self.width).map(|index| format!("column{index}")).collect();
        let mut text = self.ending.repeat(self.blanks) + &self.line(&names);
        let mut expected = Vec::new();
        for row in &self.rows {
            text.push_str(&self.ending.repeat(self.blanks));
            let cells: Vec<String> = row.iter().map(|cell| cell.replace('\n', self.ending)).collect();
            let line = text.matches(self.ending).count() as u64 + 1;
            text.push_str(&self.line(&cells));
            expected.push((line, cells));
        }
        (text, expected)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_get_an_answer(bytes in bytes(), options in options()) {
        let desk = Desk::with(&bytes);
        if let Ok(source) = Source::open(&desk.path, &options) {
            let mut last = 0;
            let records: Vec<_> = source.records().unwrap().collect();
            prop_assert!(records.len() <= bytes.len());
            for record in records.iter().flatten() {
                prop_assert_eq!(record.cells.len(), source.header().len());
                prop_assert!(record.line.0 > last, "{} after {}", record.line, last);
                last = record.line.0;
            }
            prop_assert!(records.iter().rev().skip(1).all(Result::is_ok), "nothing comes after an error");
        }
    }

    #[test]
    fn every_record_has_a_line_of_its_own(bytes in line_ends()) {
        let desk = Desk::with(&bytes);
        let options = SourceOptions { format: Some(Format::Csv), ..SourceOptions::default() };
        if let Ok(source) = Source::open(&desk.path, &options) {
            let lines: Vec<_> = source.records().unwrap().flatten().map(|record| record.line.0).collect();
            prop_assert!(lines.is_sorted_by(|one, next| one < next), "{:?} of {}", lines, bytes.escape_ascii());
        }
    }

    #[test]
    fn without_quotes_each_line_that_is_not_blank_is_a_record(
        body in prop::collection::vec(prop::sample::select(vec!["\r", "\r", "\n", "\r\n", ",", "x", "é"]), 0..40),
        ending in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        let body = body.concat();
        let desk = Desk::with(["a,b", ending, "1,2", ending, &body].concat());
        let mut expected = vec![(2, "1".to_owned())];
        for (index, text) in body.split('\n').enumerate() {
            let text = text.trim_end_matches('\r');
            if !text.is_empty() {
                expected.push((index as u64 + 3, text.split(',').next().unwrap().to_owned()));
            }
        }
        let source = desk.open().unwrap();
        let found: Vec<_> = source.records().unwrap().map(|record| row(&record.unwrap())).collect();
        let found: Vec<_> = found.into_iter().map(|(line, cells)| (line, cells[0].clone())).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn any_table_comes_back_with_its_lines(table in table()) {
        let (text, expected) = table.written();
        let mut bytes = if table.marked { encode("\u{FEFF}", table.encoding) } else { Vec::new() };
        bytes.extend(encode(&text, table.encoding));
        let desk = Desk::with(bytes);
        let options = SourceOptions {
            encoding: (table.encoding == WINDOWS_1252).then(|| "latin1".to_owned()),
            delimiter: Some(table.delimiter),
            format: Some(Format::Csv),
        };
        let source = Source::open(&desk.path, &options).unwrap();
        let found: Vec<_> = source.records().unwrap().map(|record| row(&record.unwrap())).collect();
        prop_assert_eq!(found, expected);
    }
}
