//! gzip and zstd: whole, in parts, cut short, corrupt.

use std::io::Write;

use flate2::write::GzEncoder;
use muster_legacy::files::{Compression, SourceError};
use sha2::{Digest, Sha256};

use crate::desk::{Desk, line, read, refusal, rows};

const HEAD: &str = "login,name\nann,Ann\n";
const TAIL: &str = "bob,Bob\n";

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    // As the command line tool does.
    encoder.include_checksum(true).unwrap();
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

type Pack = fn(&[u8]) -> Vec<u8>;

fn both() -> [(Compression, Pack); 2] {
    [(Compression::Gzip, gzip), (Compression::Zstd, zstd)]
}

/// Text that does not compress well, so that its middle can be hit.
fn many() -> Vec<u8> {
    let mut text = b"login,name\n".to_vec();
    for number in 0_u64..20_000 {
        let word = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        text.extend(format!("{word:x},{number}\n").bytes());
    }
    text
}

#[test]
fn the_first_bytes_tell_and_all_parts_are_read() {
    for (compression, pack) in both() {
        let packed = [pack(HEAD.as_bytes()), pack(b""), pack(TAIL.as_bytes())].concat();
        let desk = Desk::with(&packed);
        let source = desk.open().unwrap();
        assert_eq!(source.survey().compression, compression);
        assert_eq!(source.survey().bytes, packed.len() as u64);
        let records = source.records().unwrap();
        let progress = records.progress();
        assert_eq!(read(records).len(), 2);
        assert_eq!(progress.bytes_read(), packed.len() as u64);
        assert_eq!(rows(&packed), [line(2, &["ann", "Ann"]), line(3, &["bob", "Bob"])]);
    }
}

#[test]
fn a_skippable_frame_may_come_first() {
    let packed = [b"\x50\x2A\x4D\x18\x04\0\0\0abcd".to_vec(), zstd(HEAD.as_bytes())].concat();
    assert_eq!(rows(packed).len(), 1);
}

#[test]
fn the_hash_is_that_of_the_file_as_it_lies_there() {
    assert_eq!(
        Desk::with(HEAD).open().unwrap().survey().sha256,
        "0cb8062b443619fee28be0aeb4aea3d4c5ce09320de01275b090fa1af2ff3cec"
    );
    for (_, pack) in both() {
        let packed = pack(HEAD.as_bytes());
        let sum = Sha256::digest(&packed);
        let pairs = Desk::with(&packed).open().unwrap().survey().sha256.clone().into_bytes();
        let found =
            pairs.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
        assert!(found.eq(sum));
    }
}

#[test]
fn what_is_cut_short_is_said_to_be() {
    for (expected, pack) in both() {
        let packed = pack(&many());
        for cut in [packed.len() / 2, packed.len() - 1] {
            match Desk::with(&packed[..cut]).open().unwrap_err() {
                SourceError::Truncated { compression, position, .. } => {
                    assert_eq!((compression, position), (expected, cut as u64));
                }
                other => panic!("{other}"),
            }
        }
    }
}

#[test]
fn what_is_corrupt_is_said_to_be_with_the_place() {
    for (expected, pack) in both() {
        let mut packed = pack(&many());
        let middle = packed.len() / 2;
        packed[middle..middle + 40].fill(0xFF);
        let size = packed.len() as u64;
        match Desk::with(&packed).open().unwrap_err() {
            SourceError::Corrupt { compression, position, .. } => {
                assert_eq!(compression, expected);
                assert!((1..=size).contains(&position), "{position}");
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn garbage_after_the_end_is_not_ignored() {
    for (_, pack) in both() {
        let packed = [pack(HEAD.as_bytes()), b"garbage, and more of it".to_vec()].concat();
        assert!(matches!(Desk::with(packed).open(), Err(SourceError::Corrupt { .. })));
    }
}

#[test]
fn nothing_inside_is_empty() {
    for (_, pack) in both() {
        assert!(refusal(pack(b"")).contains("is empty"));
        assert!(refusal(pack(&pack(HEAD.as_bytes()))).contains("within a compressed file"));
    }
}
