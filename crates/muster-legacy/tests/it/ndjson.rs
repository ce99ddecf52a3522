//! NDJSON: keys, nesting, faults of a line.

use muster_core::fault::FaultCode;
use muster_core::record::Cell;
use muster_legacy::files::{Format, KEY_CAP, Source, SourceOptions};
use serde_json::json;

use crate::desk::{Desk, fault, line, read, records, refusal, row, rows};

#[test]
fn objects_are_flattened_to_the_union_of_their_keys() {
    let text = concat!(
        "{\"login\":\"ann\",\"profile\":{\"firstName\":\"Ann\",\"deep\":{\"er\":1}}}\n",
        "\n",
        "{\"age\":7,\"login\":\"bob\",\"tags\":[\"x\",{\"y\":1}],\"on\":true,\"profile\":{\"lastName\":null}}\r\n",
    );
    let desk = Desk::with(text);
    let source = desk.open().unwrap();
    let header = ["login", "profile.firstName", "profile.deep.er", "age", "tags", "on", "profile.lastName"];
    assert_eq!(source.header(), header);
    assert_eq!((source.survey().format, source.survey().rows), (Format::Ndjson, Some(2)));
    let all = read(source.records().unwrap());
    assert_eq!(row(&all[0]), line(1, &["ann", "Ann", "1", "", "", "", ""]));
    assert_eq!(all[1].line.0, 3);
    let tags = Cell::Json(json!(["x", {"y": 1}]));
    let cells = [
        Cell::text("bob"),
        Cell::Empty,
        Cell::Empty,
        Cell::Json(json!(7)),
        tags,
        Cell::Json(json!(true)),
        Cell::Empty,
    ];
    assert_eq!(all[1].cells, cells);
}

#[test]
fn empty_and_null_are_nothing() {
    let all = records("{\"a\":\"\",\"b\":null,\"c\":\"x\"}\n");
    assert_eq!(all[0].cells, [Cell::Empty, Cell::Empty, Cell::text("x")]);
}

#[test]
fn the_last_of_two_equal_keys_wins() {
    assert_eq!(rows("{\"a\":\"1\",\"a\":\"2\"}\n"), [line(1, &["2"])]);
    assert_eq!(rows("{\"a\":{\"x\":\"1\"},\"a\":{\"y\":\"2\"}}\n"), [line(1, &["", "2"])]);
}

#[test]
fn a_line_that_is_no_object_is_a_faulty_record() {
    let all = records("{\"a\":\"1\"}\n{\"a\":\n[1]\n\"x\"\n{\"ä\" 1}\n{\"a\":\"2\"} {}\n{\"a\":\"3\"}\n");
    let faults: Vec<_> = all.iter().filter(|record| record.fault.is_some()).map(fault).collect();
    assert!(faults.iter().all(|(code, _)| *code == FaultCode::BadJson));
    let reasons: Vec<_> = faults.into_iter().map(|(_, reason)| reason).collect();
    let expected = [
        "column 5: EOF while parsing a value; the line ends too early; expected a JSON object",
        "found an array, expected a JSON object",
        "found a string, expected a JSON object",
        "column 6: expected `:`; expected a JSON object",
        "column 11: trailing characters; expected a JSON object",
    ];
    assert_eq!(reasons, expected);
    assert_eq!(row(&all[6]), line(7, &["3"]));
    assert!(all[1].cells.iter().all(Cell::is_empty));
}

#[test]
fn an_array_is_answered_with_the_way_out() {
    for text in ["[\n{\"a\":1}\n]\n", "[{\"a\":1}]", "[]", "  [\n"] {
        let message = refusal(text);
        assert!(message.contains("is a JSON array") && message.contains("jq -c '.[]' "), "{message}");
    }
}

#[test]
fn a_spread_out_object_is_answered_with_the_way_out() {
    let message = refusal("{\n  \"login\": \"ann\"\n}\n");
    assert!(message.contains("jq -c . "), "{message}");
}

#[test]
fn a_bracket_may_begin_a_csv_file() {
    assert_eq!(rows("[login],[name]\nann,Ann\n"), [line(2, &["ann", "Ann"])]);
}

#[test]
fn deep_nesting_is_a_fault_and_no_overflow() {
    let deep = "{\"a\":".repeat(100_000) + "1" + &"}".repeat(100_000);
    let arrays = format!("{{\"a\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    let all = records(format!("{{\"a\":\"1\"}}\n{deep}\n{arrays}\n{{\"a\":\"2\"}}\n"));
    assert!(fault(&all[1]).1.contains("recursion limit exceeded"));
    assert!(fault(&all[2]).1.contains("recursion limit exceeded"));
    assert_eq!(row(&all[3]), line(4, &["2"]));
}

#[test]
fn a_line_that_is_too_long_spoils_one_row() {
    let all = records(format!("{{\"a\":\"1\"}}\n{{\"a\":\"{}\"}}\n{{\"a\":\"2\"}}\n", "x".repeat(2_000_000)));
    assert_eq!(fault(&all[1]).1, "the line is longer than 1 MiB; expected one JSON object");
    assert_eq!(row(&all[2]), line(3, &["2"]));
}

#[test]
fn a_bad_byte_is_named_with_its_key() {
    let mut bytes = "{\"login\":\"ann\",\"profile\":{\"name\":\"Åse\"}}\n".as_bytes().to_vec();
    bytes.extend(b"{\"login\":\"bob\",\"profile\":{\"name\":\"M\xFCller\"}}\n");
    bytes.extend(b"{\"login\":\"cyd\",\"b\xFCro\":1}\n{\"login\":\"dan\"}\n");
    let desk = Desk::with(&bytes);
    let options = SourceOptions { encoding: Some("utf-8".into()), ..SourceOptions::default() };
    let source = Source::open(&desk.path, &options).unwrap();
    assert_eq!(source.header(), ["login", "profile.name"]);
    let all = read(source.records().unwrap());
    let reason = "profile.name: byte 0xFC at character 2 is not valid UTF-8";
    assert_eq!(fault(&all[1]), (FaultCode::BadEncoding, reason.to_owned()));
    assert_eq!(all[1].cells[1], Cell::Undecodable(b"M\xFCller".to_vec()));
    assert_eq!(fault(&all[2]).0, FaultCode::BadEncoding);
    assert_eq!(row(&all[3]), line(4, &["dan", ""]));
}

#[test]
fn a_number_is_never_rounded_in_silence() {
    let all = records("{\"id\":18446744073709551615}\n{\"id\":184467440737095516150}\n{\"id\":1.5}\n");
    assert_eq!(all[0].cells, [Cell::Json(json!(u64::MAX))]);
    assert_eq!(fault(&all[1]).1, "id: the number is too large to be kept exactly; write it as a string");
    assert_eq!(all[2].cells, [Cell::Json(json!(1.5))]);
}

#[test]
fn keys_are_capped() {
    let members: Vec<String> = (0..=KEY_CAP).map(|key| format!("\"k{key}\":1")).collect();
    let desk = Desk::with(format!("{{{}}}\n", members.join(",")));
    let source = desk.open().unwrap();
    assert_eq!((source.header().len(), source.survey().keys_left_out), (KEY_CAP, true));
    assert_eq!(read(source.records().unwrap())[0].cells.len(), KEY_CAP);
}

#[test]
fn no_object_at_all_is_fatal() {
    assert!(refusal("{\"a\n{\"b\n").contains("no line that is a JSON object"));
}

#[test]
fn old_line_ends_and_utf16_do_not_matter() {
    assert_eq!(rows("{\"a\":\"1\"}\r{\"a\":\"2\"}\r"), [line(1, &["1"]), line(2, &["2"])]);
    let wide: Vec<u8> = "{\"a\":\"é\"}\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(rows(wide), [line(1, &["é"])]);
}
