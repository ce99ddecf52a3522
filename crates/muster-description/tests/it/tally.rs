//! The count of what was judged.

use muster_description::{Side, Tally, Violation};

fn violation(place: &str, excuse: Option<&'static str>) -> Violation {
    let (found, expected) = ("null".to_owned(), "a string".to_owned());
    Violation {
        side: Side::Answer,
        operation: "listBooks".to_owned(),
        place: place.to_owned(),
        found,
        expected,
        excuse,
    }
}

#[test]
fn excused_violations_are_counted_apart() {
    let mut tally = Tally::default();
    tally.note(Side::Request, Vec::new());
    tally.note(Side::Answer, vec![violation("body /title", Some("because"))]);
    assert!(tally.is_clean());
    tally.note(Side::Answer, vec![violation("body /title", None)]);
    assert!(!tally.is_clean());
    assert_eq!((tally.requests_judged, tally.answers_judged), (1, 2));
    assert_eq!((tally.violations, tally.excused), (1, 1));
    assert_eq!((tally.first.len(), tally.first_excused.len()), (1, 1));
}

#[test]
fn positions_in_lists_do_not_tell_violations_apart() {
    let mut tally = Tally::default();
    for position in 0..500 {
        tally.note(Side::Answer, vec![violation(&format!("body /{position}/title"), None)]);
    }
    tally.note(Side::Answer, vec![violation("body /0/author", None)]);
    let kinds: Vec<_> =
        tally.first.iter().map(|noted| (noted.violation.place.as_str(), noted.count)).collect();
    assert_eq!(kinds, [("body /0/title", 500), ("body /0/author", 1)]);
}

#[test]
fn a_hundred_kinds_are_kept_and_all_are_counted() {
    let mut tally = Tally::default();
    for number in 0..150 {
        tally.note(Side::Answer, vec![violation(&format!("body /title{number}"), None)]);
    }
    assert_eq!((tally.violations, tally.first.len()), (150, 100));
}

#[test]
fn it_reads_well_as_json_and_as_text() {
    let mut tally = Tally::default();
    tally.note(Side::Answer, vec![violation("body /title", Some("because"))]);
    let shown = serde_json::to_value(&tally).expect("a tally is plain data");
    assert_eq!(shown["first_excused"][0]["place"], "body /title");
    assert_eq!(shown["first_excused"][0]["side"], "answer");
    assert_eq!(shown["first_excused"][0]["count"], 1);
    assert_eq!(
        violation("body /title", Some("because")).to_string(),
        "answer of listBooks: body /title: found null, expected a string (excused: because)"
    );
}
