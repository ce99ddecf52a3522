//! What is fatal, the copy of standard input, and taking up a source again.

use std::fs;
use std::io::{self, Read};

use muster_legacy::files::{Source, SourceError, SourceOptions, Survey};

use crate::desk::{Desk, read, refusal};

fn open(path: &str) -> SourceError {
    Source::open(path, &SourceOptions::default()).unwrap_err()
}

#[test]
fn what_is_not_there_is_named_as_it_was_given() {
    let message = open("no/such/../file.csv").to_string();
    assert!(message.starts_with("there is no file no/such/../file.csv\n"), "{message}");
    assert!(matches!(open("."), SourceError::Directory { .. }));
}

#[cfg(unix)]
#[test]
fn a_device_is_refused_before_it_is_read() {
    assert!(matches!(open("/dev/zero"), SourceError::NotAFile { .. }));
}

#[cfg(unix)]
#[test]
fn no_permission_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with("login\nann\n");
    fs::set_permissions(&desk.path, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser may read it all the same.
    if fs::File::open(&desk.path).is_err() {
        assert!(matches!(desk.open(), Err(SourceError::Permission { .. })));
    }
}

#[test]
fn a_file_without_people_is_refused() {
    for text in ["", "\n\r\n \n", "\u{FEFF}", "\u{FEFF}\n"] {
        assert!(refusal(text).contains("is empty; expected a header"), "{text:?}");
    }
    for (text, line) in [("login,email", 1), ("login,email\n\n\n", 1), ("\n\nlogin,email\n  \n", 3)] {
        let message = refusal(text);
        assert!(message.contains(&format!("no people below the header (line {line})")), "{message}");
    }
}

#[test]
fn other_kinds_of_files_are_recognised() {
    let xlsx = b"PK\x03\x04\x14\0\x06\0\x08\0\0\0[Content_Types].xml";
    let cases: [(&[u8], &str); 9] = [
        (xlsx, "is an Excel workbook; expected CSV or NDJSON text\nopen it and save it as CSV UTF-8"),
        (b"PK\x03\x04\x14\0people.csv", "is a zip archive"),
        (b"%PDF-1.7\n%\xE2\xE3", "is a PDF document"),
        (b"PAR1\x15\x04\x15\x00", "is a Parquet file"),
        (b"SQLite format 3\0\x10\0", "is an SQLite database"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "is an old Excel workbook"),
        (b"\xFD7zXZ\0\0\x04", "is an xz file"),
        (b"<!DOCTYPE html>\n<html>", "is a web page"),
        (&[7, 1, 2, 3, 0, 0, 200, 5], "is a binary file"),
    ];
    for (bytes, expected) in cases {
        let message = refusal(bytes);
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_stream_is_put_down_and_read_again() {
    let desk = Desk::with("an older and longer file that is overwritten");
    let source = Source::spool(&b"login,name\nann,Ann\n"[..], &desk.path, &SourceOptions::default()).unwrap();
    assert!(source.survey().spooled);
    assert_eq!(source.survey().path, desk.path);
    for _ in 0..2 {
        assert_eq!(read(source.records().unwrap()).len(), 1);
    }
    let fresh = desk.dir.path().join("fresh");
    let error = Source::spool(io::empty(), &fresh, &SourceOptions::default()).unwrap_err();
    assert!(error.to_string().starts_with("standard input is empty"), "{error}");
    #[cfg(unix)]
    for path in [desk.path, fresh] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_stream_that_breaks_off_is_an_error() {
    struct Breaking;
    impl Read for Breaking {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the pipe broke"))
        }
    }
    let desk = Desk::with("");
    let error = Source::spool(Breaking, &desk.path, &SourceOptions::default()).unwrap_err();
    assert!(error.to_string().contains("the pipe broke"), "{error}");
}

#[test]
fn a_survey_survives_the_process() {
    let desk = Desk::with("login;name\nann;M\u{FC}ller\n");
    let source = desk.open().unwrap();
    let stored = serde_json::to_string(source.survey()).unwrap();
    let survey: Survey = serde_json::from_str(&stored).unwrap();
    assert_eq!(&survey, source.survey());
    let again = Source::reopen(&survey).unwrap();
    assert_eq!(read(again.records().unwrap()), read(source.records().unwrap()));
    assert!(serde_json::from_str::<Survey>(&stored.replace("UTF-8", "UTF-9")).is_err());
}

#[test]
fn a_changed_file_is_not_taken_up_again() {
    let desk = Desk::with("login;name\nann;Ann\n");
    let survey = desk.open().unwrap().survey().clone();
    fs::write(&desk.path, "login;name\nbob;Bob B\n").unwrap();
    match Source::reopen(&survey).unwrap_err() {
        SourceError::Changed { expected, found, bytes, .. } => {
            assert_eq!((expected == survey.sha256, found == survey.sha256, bytes), (true, false, (19, 21)));
        }
        other => panic!("{other}"),
    }
    fs::remove_file(&desk.path).unwrap();
    assert!(matches!(Source::reopen(&survey), Err(SourceError::NotFound { .. })));
}

#[test]
fn records_can_be_read_on_another_thread() {
    let records = Desk::with("login\nann\nbob\n").open().map(|source| source.records().unwrap()).unwrap();
    let count = std::thread::spawn(move || records.count()).join().unwrap();
    assert_eq!(count, 2);
}
