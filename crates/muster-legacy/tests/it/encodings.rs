//! Encodings: marks, guesses, what the caller says, and bytes that are wrong.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use muster_core::fault::FaultCode;
use muster_core::record::Cell;
use muster_legacy::files::{DetectedEncoding, EncodingProof, Source, SourceError, SourceOptions};

use crate::desk::{Desk, fault, line, read, records, row, rows};

/// In any encoding; `encoding_rs` does not write UTF-16.
pub fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    if encoding == UTF_16LE {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    } else if encoding == UTF_16BE {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    } else {
        encoding.encode(text).0.into_owned()
    }
}

fn found(bytes: impl AsRef<[u8]>) -> (&'static str, EncodingProof) {
    let desk = Desk::with(bytes);
    let source = desk.open().unwrap();
    (source.survey().encoding.name, source.survey().encoding.how)
}

const PEOPLE: &str = "login,name\nann,Åse Müller\nbob,José Weiß\n";

fn expected() -> Vec<(u64, Vec<String>)> {
    vec![line(2, &["ann", "Åse Müller"]), line(3, &["bob", "José Weiß"])]
}

#[test]
fn a_byte_order_mark_decides() {
    for (mark, encoding) in [(&b"\xEF\xBB\xBF"[..], UTF_8), (b"\xFF\xFE", UTF_16LE), (b"\xFE\xFF", UTF_16BE)]
    {
        let bytes = [mark, &encode(PEOPLE, encoding)].concat();
        assert_eq!(found(&bytes), (encoding.name(), EncodingProof::Bom));
        assert_eq!(rows(&bytes), expected());
        let desk = Desk::with(&bytes);
        assert_eq!(desk.open().unwrap().header(), ["login", "name"], "the mark is no part of the name");
    }
}

#[test]
fn utf16_is_seen_without_a_mark() {
    for encoding in [UTF_16LE, UTF_16BE] {
        let bytes = encode(PEOPLE, encoding);
        assert_eq!(found(&bytes), (encoding.name(), EncodingProof::Guessed));
        assert_eq!(rows(&bytes), expected());
        let bytes = encode("логин;имя\nанна;Анна Петрова\nбоб;Боб Иванов\n", encoding);
        assert_eq!(found(&bytes).0, encoding.name());
    }
}

#[test]
fn utf16_of_other_scripts_is_no_binary_file() {
    let text = "login,name\n".to_owned() + &"王小明一二三四五六七八九十,李雷下上不丈\n".repeat(50);
    let bytes = [b"\xFF\xFE".to_vec(), encode(&text, UTF_16LE)].concat();
    assert_eq!(found(&bytes), ("UTF-16LE", EncodingProof::Bom));
    assert_eq!(rows(&bytes).len(), 50);
}

#[test]
fn what_is_valid_utf8_is_utf8() {
    assert_eq!(found(PEOPLE), ("UTF-8", EncodingProof::Valid));
    assert_eq!(found("login\nann\n"), ("UTF-8", EncodingProof::Valid));
    assert_eq!(rows(PEOPLE), expected());
}

#[test]
fn short_western_files_are_windows_1252() {
    for name in
        ["Müller", "José", "François", "Åse", "Weiß", "Ægir", "Ñuñez", "Strauß-Köhler", "Määttä", "Þórður"]
    {
        let bytes = encode(&format!("login,name\nx,{name}\n"), WINDOWS_1252);
        assert_eq!(found(&bytes), ("windows-1252", EncodingProof::Guessed), "{name}");
        assert_eq!(rows(&bytes), [line(2, &["x", name])]);
    }
}

#[test]
fn long_western_files_are_windows_1252() {
    let names = [
        "Jürgen Groß",
        "Zoë O’Brién",
        "“Chef” Lukasz",
        "5 € für Käthe",
        "Renée d’Été",
        "João Gonçalves",
        "Søren Kjær",
        "Björn Åkerström",
        "Íñigo Peña",
        "Noël Lefèvre",
        "Günther Jäger",
    ];
    let once: String = names.iter().map(|name| ["x,", name, "\n"].concat()).collect();
    let text = "login,name\n".to_owned() + &once.repeat(300);
    let bytes = encode(&text, WINDOWS_1252);
    assert_eq!(found(&bytes), ("windows-1252", EncodingProof::Guessed));
    assert_eq!(rows(&bytes)[1].1[1], "Zoë O’Brién");
    assert_eq!(rows(&bytes)[3].1[1], "5 € für Käthe");
}

#[test]
fn a_late_latin_byte_is_not_overlooked() {
    let mut bytes = "login,name\n".to_owned().into_bytes();
    bytes.extend("ann,Ann Adams\n".repeat(1_000_000).into_bytes());
    bytes.extend(b"bob,M\xFCller\n");
    let desk = Desk::with(&bytes);
    let source = desk.open().unwrap();
    assert_eq!(source.survey().encoding.name, "windows-1252");
    assert_eq!(source.survey().encoding.sample.as_deref(), Some("line 1000002: Müller"));
    assert_eq!(row(&read(source.records().unwrap())[1_000_000]), line(1_000_002, &["bob", "Müller"]));
}

#[test]
fn utf8_with_a_broken_cell_spoils_one_row() {
    let mut bytes = PEOPLE.to_owned().into_bytes();
    bytes.extend(b"cyd,M\xFCller\nd\xC3\x28e,x\neve,\xC3\x88ve\n");
    let desk = Desk::with(&bytes);
    let source = desk.open().unwrap();
    assert_eq!(
        (source.survey().encoding.name, source.survey().encoding.how),
        ("UTF-8", EncodingProof::Guessed)
    );
    let all = read(source.records().unwrap());
    assert_eq!(all[2].cells[1], Cell::Undecodable(b"M\xFCller".to_vec()));
    let reason = "name: byte 0xFC at character 2 is not valid UTF-8";
    assert_eq!(fault(&all[2]), (FaultCode::BadEncoding, reason.to_owned()));
    assert_eq!(fault(&all[3]).1, "login: byte 0xC3 at character 2 is not valid UTF-8");
    assert_eq!((row(&all[4]), &all[4].fault), (line(6, &["eve", "Ève"]), &None));
}

#[test]
fn a_broken_header_is_fatal() {
    let mut bytes = b"login,n\xE4me\n".to_vec();
    bytes.extend("x,Müller\n".repeat(20).into_bytes());
    let error = Desk::with(&bytes).open().unwrap_err();
    assert!(matches!(error, SourceError::HeaderEncoding { line: 1, column: 2, byte: 0xE4, .. }), "{error}");
}

#[test]
fn a_lone_surrogate_spoils_one_row() {
    let mut bytes = encode("login,name\nann,M", UTF_16LE);
    bytes.extend(b"\x00\xD8");
    bytes.extend(encode("x\nbob,Bo\u{FFFD}b\n", UTF_16LE));
    let all = records(&bytes);
    assert_eq!(fault(&all[0]).1, "name: byte 0x00 at character 2 is not valid UTF-16LE");
    assert_eq!((row(&all[1]), &all[1].fault), (line(3, &["bob", "Bo\u{FFFD}b"]), &None));
}

#[test]
fn half_a_japanese_character_spoils_one_row() {
    let bytes =
        [encode("login,name\na,山田太郎\nb,", encoding_rs::SHIFT_JIS), b"\x8E\nc,x\n".to_vec()].concat();
    let desk = Desk::with(&bytes);
    let options = SourceOptions { encoding: Some("sjis".into()), ..SourceOptions::default() };
    let source = Source::open(&desk.path, &options).unwrap();
    assert_eq!(
        (source.survey().encoding.name, source.survey().encoding.how),
        ("Shift_JIS", EncodingProof::Told)
    );
    let all = read(source.records().unwrap());
    assert_eq!(row(&all[0]).1, ["a", "山田太郎"]);
    assert_eq!(all[1].cells[1], Cell::Undecodable(b"\x8E".to_vec()));
    assert_eq!((row(&all[2]), &all[2].fault), (line(4, &["c", "x"]), &None));
}

#[test]
fn the_caller_knows_best() {
    let bytes = encode("login,name\nx,Łukasz\n", encoding_rs::WINDOWS_1250);
    let desk = Desk::with(&bytes);
    let options = SourceOptions { encoding: Some(" CP1250 ".into()), ..SourceOptions::default() };
    let source = Source::open(&desk.path, &options).unwrap();
    assert_eq!(row(&read(source.records().unwrap())[0]).1[1], "Łukasz");
    let options = SourceOptions { encoding: Some("utf-8859".into()), ..SourceOptions::default() };
    let error = Source::open(&desk.path, &options).unwrap_err().to_string();
    assert!(error.starts_with("\"utf-8859\" is not the name of an encoding\nuse one of utf-8,"), "{error}");
}

#[test]
fn told_utf16_leaves_the_order_to_the_mark() {
    let desk = Desk::with([b"\xFE\xFF".to_vec(), encode(PEOPLE, UTF_16BE)].concat());
    let options = SourceOptions { encoding: Some("UTF-16".into()), ..SourceOptions::default() };
    let source = Source::open(&desk.path, &options).unwrap();
    assert_eq!(source.survey().encoding.name, "UTF-16BE");
    assert_eq!(read(source.records().unwrap()).len(), 2);
}

#[test]
fn the_sample_shows_no_secret() {
    let desk = Desk::with(encode("login,Password,recoveryAnswer,name\nx,geheimß,Bär,Weiß\n", WINDOWS_1252));
    let source = desk.open().unwrap();
    assert_eq!(source.survey().encoding.sample.as_deref(), Some("line 2: Weiß"));
    assert_eq!(source.survey().encoding.sample_column.as_deref(), Some("name"));
}

#[test]
fn the_sample_names_its_column() {
    let desk = Desk::with(encode("login,Kennwort\nx,geheimß\n", WINDOWS_1252));
    let encoding = desk.open().unwrap().survey().encoding.clone();
    assert_eq!(encoding.sample.as_deref(), Some("line 2: geheimß"));
    assert_eq!(encoding.sample_column.as_deref(), Some("Kennwort"));
    let stored = serde_json::to_value(&encoding).unwrap();
    assert_eq!(serde_json::from_value::<DetectedEncoding>(stored.clone()).unwrap(), encoding);
    let mut older = stored;
    older.as_object_mut().unwrap().remove("sample_column");
    assert_eq!(serde_json::from_value::<DetectedEncoding>(older).unwrap().sample_column, None);
    let plain = Desk::with("login\nann\n").open().unwrap().survey().encoding.clone();
    assert_eq!((plain.sample, plain.sample_column), (None, None));
}

#[test]
fn other_encodings_go_through_the_guess() {
    let russian = "login;имя\nanna;Анна Смирнова\nfedor;Фёдор Иванов\nmaria;Мария Кузнецова\n";
    let bytes = encode(russian, encoding_rs::WINDOWS_1251);
    assert_eq!(found(&bytes).0, "windows-1251");
    assert_eq!(rows(&bytes)[1].1[1], "Фёдор Иванов");
}
