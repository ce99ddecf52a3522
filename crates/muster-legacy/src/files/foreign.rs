//! Files that people take for a CSV file, by their first bytes, and the way from them to text.

/// The first bytes, what has them, and what to do.
const MAGIC: &[(&[u8], &str, &str)] = &[
    (b"%PDF-", "a PDF document", "export the people as CSV from where they are kept"),
    (b"PAR1", "a Parquet file", "convert it: duckdb -c \"copy 'FILE' to 'people.csv' (header)\""),
    (b"Obj\x01", "an Avro file", "convert it: avro-tools tojson FILE"),
    (b"ORC", "an ORC file", "convert it to CSV or NDJSON"),
    (
        b"SQLite format 3\0",
        "an SQLite database",
        "export the table: sqlite3 -csv -header FILE 'select * from TABLE'",
    ),
    (
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "an old Excel workbook or Office document",
        "open it and save it as CSV UTF-8",
    ),
    (b"{\\rtf", "an RTF document", "save it as plain text"),
    (b"BZh", "a bzip2 file", "pipe it in: bunzip2 -c FILE | muster ... -"),
    (b"\xFD7zXZ\0", "an xz file", "pipe it in: xz -dc FILE | muster ... -"),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive", "extract it and name the CSV file in it"),
    (b"Rar!\x1A\x07", "a RAR archive", "extract it and name the CSV file in it"),
    (b"\x04\x22\x4D\x18", "an lz4 file", "pipe it in: lz4 -dc FILE | muster ... -"),
    (b"\x1F\x8B", "a gzip file within a compressed file", "decompress it once, then name the result"),
    (b"\x28\xB5\x2F\xFD", "a zstd file within a compressed file", "decompress it once, then name the result"),
    (b"\x89PNG", "a picture", "name the CSV file"),
    (b"\x7FELF", "a program", "name the CSV file"),
    (b"\xFF\xFE\0\0", "UTF-32 text", "save it as UTF-8"),
    (b"\0\0\xFE\xFF", "UTF-32 text", "save it as UTF-8"),
];

/// What the first line starts with when it is a page and not a table.
const MARKUP: &[(&[u8], &str, &str)] = &[
    (b"<!doctype html", "a web page", "the download probably ended on a sign-in page: fetch the file again"),
    (b"<html", "a web page", "the download probably ended on a sign-in page: fetch the file again"),
    (b"<?xml", "an XML document", "export the people as CSV or NDJSON"),
];

/// What the file is, and the hint, if it is known not to be text with people.
pub(super) fn recognise(head: &[u8]) -> Option<(&'static str, &'static str)> {
    if head.starts_with(b"PK\x03\x04") {
        return Some(zip(head));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(("a tar archive", "extract it and name the CSV file in it"));
    }
    let magic = MAGIC.iter().find(|(magic, ..)| is_magic(head, magic));
    let markup = || MARKUP.iter().find(|(start, ..)| starts_with_word(head, start));
    magic.or_else(markup).map(|&(_, what, hint)| (what, hint))
}

/// A magic of plain letters (`ORC`, `BZh`, `PAR1`) might be the first column of a header; a text goes on
/// with text.
fn is_magic(head: &[u8], magic: &[u8]) -> bool {
    head.starts_with(magic) && (!magic.is_ascii() || magic.starts_with(b"%PDF") || !is_text(head))
}

fn is_text(head: &[u8]) -> bool {
    let head = head.get(..512).unwrap_or(head);
    !head.iter().any(|byte| matches!(byte, 0..=8 | 0x0E..=0x1F | 0x7F)) && !head.starts_with(b"{\\rtf")
}

fn zip(head: &[u8]) -> (&'static str, &'static str) {
    let holds = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    if holds(b"opendocument.spreadsheet") {
        ("an OpenDocument spreadsheet", "open it and save it as CSV UTF-8")
    } else if holds(b"xl/") || holds(b"[Content_Types].xml") {
        ("an Excel workbook", "open it and save it as CSV UTF-8")
    } else {
        ("a zip archive", "extract it and name the CSV file in it")
    }
}

fn starts_with_word(head: &[u8], word: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    head.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_named_like_a_magic_is_a_column() {
        assert_eq!(recognise(b"ORCID,login\n1,a\n"), None);
        assert_eq!(recognise(b"BZh91AY&SY\x01\x02").map(|(what, _)| what), Some("a bzip2 file"));
        assert_eq!(recognise(b"PAR1\x15\x04\x15").map(|(what, _)| what), Some("a Parquet file"));
    }
}
