//! Standard output has the result and nothing else; as JSON it is one document.

use serde_json::json;

use crate::world::{Ran, World, people};

fn world() -> World {
    let world = World::free();
    world.write("people.csv", format!("{}nobody,A,B\n", people(3)));
    world
}

#[test]
fn an_import_tells_its_numbers_alone() {
    let world = world();
    let ran = world.muster(&["import", "--yes", "people.csv"]);
    assert_eq!(ran.code, 3);
    assert!(ran.out.starts_with("Run       "), "{ran:?}");
    for word in ["created             3", "invalid             1", "balanced", "Files     muster/runs/"] {
        assert!(ran.out.contains(word), "{word:?} is not in {}", ran.out);
    }
    ran.says(&["Source    ", "people.csv: CSV", "3 to send, 1 invalid"]);
    assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "no colours without a terminal");
}

#[test]
fn quiet_is_quiet() {
    let world = world();
    let ran = world.muster(&["import", "--yes", "-q", "people.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (3, ""));
    assert!(ran.out.contains("created"));
    world.muster(&["import", "-q", "--yes", "nobody.csv"]).refused(1, &["nobody.csv"]);
}

#[test]
fn options_of_all_commands_go_before_and_after() {
    let world = world();
    let before = world.muster(&["--output", "json", "--yes", "--dir", "books", "import", "people.csv"]);
    assert_eq!((before.code, before.json()["outcomes"]["created"].clone()), (3, json!(3)));
    assert!(world.path("books/ledger.db").exists() && !world.path("muster").exists());
    let after = world.muster(&["status", "--output", "json", "--dir", "books"]);
    assert_eq!(after.json()["run"], before.json()["run"]);
}

#[test]
fn every_result_is_one_document() {
    let world = world();
    let import = world.import(&["people.csv"]);
    let status = world.muster(&["status", "--output", "json"]);
    assert_eq!((status.code, status.json()), (3, import.summary.clone()));
    let named = world.muster(&["status", &import.run, "--output", "json"]);
    assert_eq!(named.json(), import.summary);
    let runs = world.muster(&["runs", "--output", "json"]);
    let run = &runs.json()[0];
    assert_eq!((runs.code, &run["run"], &run["rows"]), (0, &json!(import.run), &json!(4)));
    assert_eq!(run["org"].as_str().unwrap().trim_end_matches('/'), world.url);
    let report = world.muster(&["report", "--output", "json"]);
    assert_eq!((report.code, report.json()), (3, import.summary.clone()));
}

#[test]
fn the_doctor_tells_check_by_check() {
    let world = world();
    let ran = world.muster(&["doctor", "--output", "json"]);
    let checks = ran.json();
    let result = |name: &str| {
        checks.as_array().unwrap().iter().find(|check| check["check"] == name).unwrap()["result"].clone()
    };
    assert_eq!(ran.code, 0);
    for name in ["settings", "reach", "token", "clock", "users", "groups", "schema"] {
        assert_eq!(result(name), "ok", "{checks}");
    }
    let text = world.muster(&["doctor"]);
    assert!(text.code == 0 && text.out.lines().all(|line| !line.starts_with("FAIL")), "{text:?}");
    assert!(world.is_untouched());
}

#[test]
fn runs_are_told_in_words() {
    let world = world();
    let import = world.import(&["people.csv"]);
    let ran = world.muster(&["runs"]);
    assert!(ran.code == 0 && ran.out.contains(&import.run) && ran.out.contains("people.csv"), "{ran:?}");
    let status = world.muster(&["status"]);
    assert!(
        status.code == 3 && status.out.contains(&import.run) && status.out.contains("balanced"),
        "{status:?}"
    );
}

#[test]
fn a_report_can_be_written_again() {
    let world = world();
    let import = world.import(&["people.csv"]);
    let names = ["results.csv", "rejects.csv", "summary.json", "report.html"];
    let read = |name: &str| std::fs::read_to_string(import.folder.join(name)).unwrap();
    let before = names.map(read);
    for name in names {
        std::fs::remove_file(import.folder.join(name)).unwrap();
    }
    assert_eq!(world.muster(&["report"]).code, 3);
    assert_eq!(names.map(read), before);
    assert!(
        before[3].contains("<svg") && !before[3].contains("http://www.google"),
        "a page that stands alone"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let world = world();
    world.import(&["people.csv"]);
    let mut child = world.start(&["status"]);
    drop(child.stdout.take());
    let ran = Ran::of(&child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.err.contains("panicked")), (3, false), "{ran:?}");
}

#[test]
fn log_lines_are_json_when_asked() {
    let world = world();
    let ran = world.muster(&["import", "--yes", "--limit", "2", "-q", "-vv", "--log", "json", "people.csv"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for line in ran.err.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
    }
}
