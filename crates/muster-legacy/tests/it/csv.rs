//! CSV: delimiters, quotes, line ends, line numbers, headers.

use muster_core::fault::FaultCode;
use muster_core::record::Cell;
use muster_legacy::files::{Format, LineEnding, Source, SourceError, SourceOptions};

use crate::desk::{Desk, fault, line, read, records, refusal, row, rows};

#[test]
fn a_plain_file_is_surveyed_and_read() {
    let desk = Desk::with("login,firstName\nann,Ann\nbob,\n");
    let source = desk.open().unwrap();
    let survey = source.survey();
    assert_eq!(survey.sha256, "cf1cef4306988c8b2e125c04c0c03f612db7b644b3eda3fdb9310a438450d410");
    assert_eq!((survey.bytes, survey.format, survey.delimiter), (29, Format::Csv, Some(b',')));
    assert_eq!(source.header(), ["login", "firstName"]);
    let all = read(source.records().unwrap());
    assert_eq!(all[1].cells, [Cell::Text("bob".into()), Cell::Empty]);
    assert_eq!(read(source.records().unwrap()), all, "each reading starts anew");
}

#[test]
fn each_delimiter_is_found_out() {
    for delimiter in [",", ";", "\t", "|"] {
        let text = "login,name,city\nann,\"A, n; n|\tx\",Rome\n"
            .replace("login,name,city\nann,", &["login", "name", "city\nann", ""].join(delimiter));
        let text = text.replace("\",Rome", &format!("\"{delimiter}Rome"));
        assert_eq!(rows(text), [line(2, &["ann", "A, n; n|\tx", "Rome"])], "{delimiter:?}");
    }
}

#[test]
fn the_caller_may_name_the_delimiter() {
    let desk = Desk::with("a,b:c,d\n1,2:3,4\n");
    let options = SourceOptions { delimiter: Some(b':'), ..SourceOptions::default() };
    let source = Source::open(&desk.path, &options).unwrap();
    assert_eq!(source.header(), ["a,b", "c,d"]);
    let options = SourceOptions { delimiter: Some(b'"'), ..SourceOptions::default() };
    assert!(matches!(Source::open(&desk.path, &options), Err(SourceError::BadDelimiter { byte: b'"' })));
}

#[test]
fn excels_sep_line_is_understood() {
    for (text, first) in [("sep=;\r\na,x;b\r\n1;2\r\n", 3), ("\"sep=;\"\na,x;b\n\n1;2\n", 4)] {
        let desk = Desk::with(text);
        let source = desk.open().unwrap();
        assert_eq!(source.header(), ["a,x", "b"]);
        assert_eq!(row(&read(source.records().unwrap())[0]), line(first, &["1", "2"]));
    }
}

#[test]
fn quotes_hold_delimiters_quotes_and_line_ends() {
    let found = rows("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n\"1\n2\r\n3\",z\nlast,one");
    assert_eq!(
        found,
        [line(2, &["x, y", "say \"hi\""]), line(3, &["1\n2\r\n3", "z"]), line(6, &["last", "one"])]
    );
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    for end in ["\n", "\r\n", "\r"] {
        let text = "\n\na,b\n\n\n1,\"x\n\ny\"\n\n2,y\n3,\"\n\"\n\n\n\n4,z".replace('\n', end);
        let cell = |text: &str| text.replace('\n', end);
        let expected = [
            line(6, &["1", &cell("x\n\ny")]),
            line(10, &["2", "y"]),
            line(11, &["3", &cell("\n")]),
            line(16, &["4", "z"]),
        ];
        assert_eq!(rows(text), expected, "{end:?}");
    }
}

#[test]
fn a_line_end_of_another_kind_within_a_cell_does_not_shift_the_count() {
    assert_eq!(rows("a,b\r1,\"x\ny\"\r2,z\r"), [line(2, &["1", "x\ny"]), line(4, &["2", "z"])]);
    assert_eq!(rows("a,b\n1,\"x\ry\"\n2,z\n"), [line(2, &["1", "x\ry"]), line(3, &["2", "z"])]);
    assert_eq!(Desk::with("a,b\r1,2\r").open().unwrap().survey().line_ending, LineEnding::Cr);
}

#[test]
fn line_numbers_hold_far_beyond_one_buffer() {
    let text = "login,note\r\n".to_owned() + &"someone,\"first\r\nsecond\"\r\n\r\n".repeat(30_000);
    for (index, record) in records(text).iter().enumerate() {
        assert_eq!(record.line.0, 2 + 3 * index as u64);
    }
}

#[test]
fn blank_lines_are_no_people() {
    assert_eq!(rows("\na,b\n\n1,2\n   \n\n3,4\n\n"), [line(4, &["1", "2"]), line(7, &["3", "4"])]);
}

#[test]
fn names_are_trimmed_and_made_up_where_they_lack() {
    let desk = Desk::with(" login ,,\"  first name\"\n1,2,3\n");
    assert_eq!(desk.open().unwrap().header(), ["login", "column_2", "first name"]);
}

#[test]
fn a_name_that_occurs_twice_is_refused() {
    let message = refusal("login,email,login\n1,2,3\n");
    assert!(
        message.contains("the header (line 1) has the same name in column 1 and in column 3"),
        "{message}"
    );
}

#[test]
fn a_person_is_no_header() {
    let message = refusal("ann@example.com,Ann\nbob@example.com,Bob\n");
    let expected = "the first line looks like a person, not a header: column 1 has something like an e-mail \
                    address; expected names such as login,email,firstName,lastName";
    assert!(message.contains(expected), "{message}");
}

#[test]
fn no_message_quotes_a_cell() {
    let cases: [&[u8]; 9] = [
        b"ann,Ann,S3cr@t\nbob,Bob,S3cr@t\n",
        b"ann,S3cret,S3cret\nbob,S3cret,S3cret\n",
        b"ann,S3cret\xFC\nbob,\xC3\xA9\xC3\xA9\xC3\xA9\n",
        b"login,password\nann,\"S3cret\n",
        b"login,password\nann,S3cret,S3cret\nbob\n",
        b"login,password\n\"S3cret\nx\"\n",
        b"login,password\nann,S3cret\0\nbob,\xC3\xA9\xC3\xA9S3cret\xFC\n",
        b"{\"password\":\"S3cret\\q\"}\n{\"login\":S3cret}\n\"S3cret\"\n{\"login\":\"x\"}\n",
        b"{\"password\":S3cret\n",
    ];
    for bytes in cases {
        let desk = Desk::with(bytes);
        let mut messages = Vec::new();
        match desk.open().and_then(|source| source.records()) {
            Err(error) => messages.push(format!("{error} {error:?}")),
            Ok(records) => messages.extend(records.filter_map(|record| match record {
                Err(error) => Some(format!("{error} {error:?}")),
                Ok(record) => record.fault.map(|fault| format!("{fault} {fault:?}")),
            })),
        }
        assert!(!messages.is_empty(), "{}", bytes.escape_ascii());
        assert!(messages.iter().all(|message| !message.contains("S3cr")), "{messages:?}");
    }
}

#[test]
fn a_lone_carriage_return_is_part_of_its_cell() {
    for end in ["\n", "\r\n", "\r\r\n"] {
        let text = "a,b\n1,A\rX\n\n\r2,\"x\ry\r\"\n\n\"3\",\"\"\n \r \n\"4\"\r,\"\r\"".replace('\n', end);
        let expected = [
            line(2, &["1", "A\rX"]),
            line(4, &["\r2", "x\ry\r"]),
            line(6, &["3", ""]),
            line(8, &["4\r", "\r"]),
        ];
        assert_eq!(rows(&text), expected, "{end:?}");
        assert_eq!(rows(text + "\r"), expected, "{end:?} and a return at the end");
    }
    let desk = Desk::with("a\rb,c\r\n1,2\r\n");
    assert_eq!(desk.open().unwrap().survey().line_ending, LineEnding::Cr, "the first line ends at its first");
}

#[test]
fn a_lone_carriage_return_goes_over_no_line() {
    let found = records("a,b\nx\ry\n1,2\n");
    assert_eq!(fault(&found[0]).1, "has 1 cell, the header has 2");
    assert_eq!((row(&found[0]), found[1].line.0), (line(2, &["x\ry", ""]), 3));
}

#[test]
fn the_bytes_that_disguise_a_carriage_return_come_back() {
    let mut bytes = "a,b\n".to_owned() + &"é,é\n".repeat(20);
    let lines = bytes.lines().count() as u64;
    bytes.push_str("x,");
    let found = records([bytes.as_bytes(), b"1\r\xFE\x8D\xFE\n"].concat());
    assert_eq!(found.last().unwrap().cells[1], Cell::Undecodable(b"1\r\xFE\x8D\xFE".to_vec()));
    assert_eq!(found.last().unwrap().line.0, lines + 1);
}

#[test]
fn a_short_row_is_filled_up_and_faulty() {
    let found = records("a,b,c\n1,2\n\"x\ny\",z\n1,2,3\n");
    assert_eq!(fault(&found[0]), (FaultCode::ShortRow, "has 2 cells, the header has 3".into()));
    assert_eq!(row(&found[0]), line(2, &["1", "2", ""]));
    let hint =
        "has 2 cells, the header has 3; column a goes over more than one line, so a quote may be unclosed";
    assert_eq!(fault(&found[1]).1, hint);
    assert_eq!((found[2].fault.as_ref(), found[2].line.0), (None, 5));
}

#[test]
fn a_long_row_is_faulty_unless_the_rest_is_empty() {
    let found = records("a,b\n1,2,3\n1,2,, \n");
    assert_eq!(fault(&found[0]), (FaultCode::LongRow, "has 3 cells, the header has 2".into()));
    assert_eq!(row(&found[0]).1, ["1", "2"]);
    assert_eq!(found[1].fault, None);
}

#[test]
fn a_quote_that_is_never_closed_does_not_swallow_the_others() {
    let message = refusal("a,b\n\"1,2\n3,4\n5,6\n");
    assert!(message.contains("a quote opens in the record on line 2 and is never closed"), "{message}");
    assert!(message.contains("on line 4"), "{message}");
    let desk = Desk::with("a,b\n1,2\n3,\"4\n");
    let found: Vec<_> = desk.open().unwrap().records().unwrap().collect();
    assert!(matches!(found.as_slice(), [Ok(_), Err(SourceError::UnclosedQuote { line: 3, .. })]));
}

#[test]
fn a_quote_that_is_closed_at_the_very_end_is_fine() {
    for text in
        ["a,b\n1,\"2\"", "a,b\n1,\"2\"\n", "a,b\r\n1,\"2\"\r\n", "a,b\r1,\"2\"\r", "a,b\n1,\"2\"\n\n\n"]
    {
        assert_eq!(rows(text), [line(2, &["1", "2"])], "{text:?}");
    }
}

#[test]
fn a_record_without_end_stops_the_reading() {
    let mut text = String::from("a,b\n1,2\n3,\"4\n");
    text.push_str(&"5,6\n".repeat(600_000));
    let desk = Desk::with(text);
    let mut records = desk.open().unwrap().records().unwrap();
    assert!(records.next().unwrap().is_ok());
    let error = records.next().unwrap().unwrap_err();
    assert!(matches!(error, SourceError::RecordTooLong { line: 3, .. }), "{error}");
    assert!(records.bytes_read() < 1_400_000, "{}", records.bytes_read());
    assert!(records.next().is_none());
}

#[test]
fn many_blank_lines_are_no_long_record() {
    let text = format!("a,b\n1,2\n{}3,4\n", "\n".repeat(3_000_000));
    assert_eq!(rows(text), [line(2, &["1", "2"]), line(3_000_003, &["3", "4"])]);
}

#[test]
fn a_single_column_is_enough() {
    assert_eq!(rows("login\nann@example.com\n\nbob, the builder\n").len(), 2);
    assert_eq!(rows("login\n\"\"\nx\n"), [line(2, &[""]), line(3, &["x"])]);
}

#[test]
fn a_stray_nul_spoils_one_row() {
    let found = records("login,name\nann,Ann\nbob,B\0b\ncyd,Cyd\n");
    assert_eq!(
        fault(&found[1]),
        (FaultCode::BadEncoding, "name: byte 0x00 at character 2 is no text".into())
    );
    assert_eq!(found[2].fault, None);
}
