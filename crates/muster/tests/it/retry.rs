//! What failed, missed its groups or was corrected is sent again, in the same run and the same books.

use std::fs;
use std::time::Duration;

use crate::world::{Imported, Ran, Row, World, people};

/// The faults of the org from here on.
fn disturb(world: &World, faults: &[&str]) {
    let (status, text) = world.call("PUT", "/_emulator/faults", Some(&serde_json::json!(faults)));
    assert!(status < 300, "{status}: {text}");
}

fn retry(world: &World, arguments: &[&str]) -> Ran {
    world.muster(&[&["retry", "--yes", "--output", "json"], arguments].concat())
}

/// Five people: two are good, one has no last name, one a bad address, and one the login of the first.
const MIXED: &str = "email,firstName,lastName,mobilePhone\n\
    ada@example.com,Ada,Byron,+44 1\n\
    ben@example.com,Ben,,+44 2\n\
    nobody,Cem,Demir,+44 3\n\
    ADA@example.com,Dee,Doe,+44 4\n\
    eve@example.com,Eve,Ende,+44 5\n";

fn mixed() -> (World, Imported) {
    let world = World::free();
    world.write("people.csv", MIXED);
    let import = world.import(&["people.csv"]);
    import.came_to(3, &[("created", 2), ("invalid", 3)]);
    (world, import)
}

/// The reject file with these cells set, by line.
fn corrected(import: &Imported, cells: &[(&str, &str, &str)]) -> Vec<Row> {
    let mut rows = import.rejects.clone();
    for (line, column, value) in cells {
        let row = rows.iter_mut().find(|row| row["_line"] == *line).unwrap();
        row.insert((*column).to_owned(), (*value).to_owned());
    }
    rows
}

fn written(rows: &[Row], columns: &[&str], delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(columns).unwrap();
    for row in rows {
        writer.write_record(columns.iter().map(|column| &row[*column])).unwrap();
    }
    writer.into_inner().unwrap()
}

const ALL: [&str; 9] =
    ["email", "firstName", "lastName", "mobilePhone", "_line", "_outcome", "_code", "_reason", "_hint"];

const REPAIRED: [(&str, &str, &str); 3] =
    [("3", "lastName", "Bond"), ("4", "email", "cem@example.com"), ("5", "email", "dee@example.com")];

#[test]
fn a_corrected_reject_file_goes_into_the_same_run() {
    let (world, import) = mixed();
    world.write("fixed.csv", written(&corrected(&import, &REPAIRED), &ALL, b','));
    let again = world.imported(retry(&world, &["fixed.csv"]));
    again.came_to(0, &[("created", 5)]);
    assert_eq!((again.run.as_str(), again.results.len()), (import.run.as_str(), 5), "the same books");
    assert_eq!(world.user("ben@example.com")["profile"]["mobilePhone"], "+44 2", "no apostrophe stays");
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (5, 1));
    let once_more = retry(&world, &["fixed.csv"]);
    assert_eq!(once_more.code, 0, "{once_more:?}");
    once_more.says(&["left alone", "line 3: ben@example.com is created as 00u"]);
    assert_eq!(world.stats().users, 5);
    assert_eq!(world.muster(&["runs", "--output", "json"]).json().as_array().unwrap().len(), 1);
}

#[test]
fn a_spreadsheet_may_have_had_it_in_hand() {
    let (world, import) = mixed();
    let mut rows = corrected(&import, &REPAIRED);
    rows.reverse();
    rows.pop();
    rows[0].insert("mobilePhone".to_owned(), "+44 44".to_owned());
    let columns = ["_line", "_code", "mobilePhone", "lastName", "firstName", "email", "_outcome", "_hint"];
    let text = String::from_utf8(written(&rows, &columns, b';')).unwrap().replace('\n', "\r\n");
    world.write("fixed.csv", format!("\u{feff}{text}"));
    let again = world.imported(retry(&world, &[&import.run, "fixed.csv"]));
    again.came_to(3, &[("created", 4), ("invalid", 1)]);
    assert_eq!(again.rejects[0]["_line"], "3", "the row that was taken out is open to repair still");
    assert_eq!(world.user("dee@example.com")["profile"]["mobilePhone"], "+44 44");
}

#[test]
fn what_nobody_corrected_is_no_correction() {
    let (world, import) = mixed();
    // A login that another row has is only found among all rows: this one is fine by itself, and as it was.
    let mut rows = corrected(&import, &REPAIRED[..1]);
    rows.reverse();
    world.write("fixed.csv", written(&rows, &ALL, b','));
    let again = world.imported(retry(&world, &["fixed.csv"]));
    again.came_to(3, &[("created", 3), ("invalid", 2)]);
    again.ran.says(&["1 corrected\n", "1 sent again as they were", "1 are faulty still"]);
    world.write("second.csv", written(&corrected(&again, &[]), &ALL, b','));
    retry(&world, &["second.csv"]).says(&["1 sent again as they were", "1 are faulty still"]);
}

#[test]
fn what_is_faulty_still_stays_invalid_with_its_new_reason() {
    let (world, import) = mixed();
    let cells = [("3", "firstName", ""), ("4", "email", "eve@example.com"), ("5", "email", "no-one")];
    world.write("fixed.csv", written(&corrected(&import, &cells), &ALL, b','));
    let again = world.imported(retry(&world, &["fixed.csv"]));
    again.came_to(3, &[("created", 2), ("invalid", 3)]);
    let places = again.ran.err.find("line 3:").zip(again.ran.err.find("line 5:"));
    assert!(places.is_some_and(|(third, fifth)| third < fifth), "{:?}", again.ran);
    again.ran.says(&["2 are faulty still", "1 corrected rows have a login that another row has"]);
    let codes: Vec<&str> = again.rejects.iter().map(|row| row["_code"].as_str()).collect();
    assert_eq!(codes, ["required", "duplicate_login", "bad_email"]);
    assert!(again.rejects[1]["_reason"].contains("line 6"), "{:?}", again.rejects);
    assert_eq!(again.rejects[2]["email"], "no-one", "the corrected record is shown, not the first one");
    world.write("fixed.csv", written(&corrected(&again, &REPAIRED), &ALL, b','));
    let cells = [("3", "firstName", "Ben"), ("3", "lastName", "Bond")];
    let rows: Vec<Row> = corrected(&again, &[&REPAIRED[..], &cells].concat());
    world.write("fixed.csv", written(&rows, &ALL, b','));
    world.imported(retry(&world, &["fixed.csv"])).came_to(0, &[("created", 5)]);
}

#[test]
fn the_reject_file_itself_may_be_edited() {
    let (world, import) = mixed();
    let place = import.folder.join("rejects.csv");
    fs::write(&place, written(&corrected(&import, &REPAIRED[..1]), &ALL, b',')).unwrap();
    open_to_all(&place);
    let again = world.imported(retry(&world, &[place.to_str().unwrap()]));
    again.came_to(3, &[("created", 3), ("invalid", 2)]);
    assert_eq!(world.stats().users, 3);
    assert!(again.folder.join("correction-1.csv").exists(), "two rows are faulty as it has them");
    #[cfg(unix)]
    assert_eq!(mode(&again.folder.join("correction-1.csv")), 0o600, "whatever an editor made of the file");
    fs::write(&place, written(&corrected(&again, &REPAIRED[1..]), &ALL, b',')).unwrap();
    world.imported(retry(&world, &[place.to_str().unwrap()])).came_to(0, &[("created", 5)]);
    let left = fs::read_dir(&again.folder).unwrap().flatten().map(|entry| entry.file_name());
    let left: Vec<String> = left.map(|name| name.to_string_lossy().into_owned()).collect();
    assert!(
        !left.iter().any(|name| name.starts_with("correction")),
        "nobody needs a copy any more: {left:?}"
    );
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
fn open_to_all(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap();
}

#[cfg(not(unix))]
fn open_to_all(_: &std::path::Path) {}

#[test]
fn a_file_that_does_not_fit_changes_nothing() {
    let (world, import) = mixed();
    let before = world.stats().requests.total;
    let rows = corrected(&import, &REPAIRED);
    let refuse = |rows: &[Row], columns: &[&str], words: &[&str]| {
        world.write("fixed.csv", written(rows, columns, b','));
        retry(&world, &["fixed.csv"]).refused(1, words);
    };
    let with_line = |line: &str| {
        let mut rows = rows.clone();
        rows[0].insert("_line".to_owned(), line.to_owned());
        rows
    };
    refuse(&with_line("4"), &ALL, &["_line 4", "keep one of them"]);
    refuse(&with_line("77"), &ALL, &["_line 77", "another run"]);
    refuse(&with_line(""), &ALL, &["no _line", "muster import"]);
    refuse(&with_line("three"), &ALL, &["no number in _line"]);
    refuse(&rows, &["email", "firstName"], &["no column _line"]);
    let mut other = rows.clone();
    other[0].insert("_code".to_owned(), "too_long".to_owned());
    refuse(&other, &ALL, &["too_long", "another run"]);
    retry(&world, &["gone.csv"]).refused(1, &["neither a run nor a file", "gone.csv"]);
    retry(&world, &["-"]).refused(1, &["neither a run nor a file"]);
    world.muster(&["retry", "fixed.csv"]).refused(2, &["--yes"]);
    assert_eq!(world.stats().requests.total, before);
    let status = world.imported(world.muster(&["report", "--output", "json"]));
    status.came_to(3, &[("created", 2), ("invalid", 3)]);
}

#[test]
fn columns_that_came_or_went_are_told() {
    let (world, import) = mixed();
    let mut rows = corrected(&import, &REPAIRED);
    for row in &mut rows {
        row.insert("remark".to_owned(), "called her".to_owned());
    }
    let columns = ["email", "firstName", "lastName", "_line", "remark"];
    world.write("fixed.csv", written(&rows, &columns, b','));
    let again = world.imported(retry(&world, &["fixed.csv"]));
    again.ran.says(&["missing, taken for empty: mobilePhone", "NOT imported: remark"]);
    again.came_to(0, &[("created", 5)]);
}

#[test]
fn nothing_to_do_again_is_said() {
    let (world, _) = mixed();
    let before = world.stats().requests.total;
    let nothing = retry(&world, &[]);
    assert_eq!((nothing.code, world.stats().requests.total), (3, before), "{nothing:?}");
    nothing.says(&["Nothing to do again"]);
}

/// A retry of many corrected rows that was killed in its midst.
fn killed_in_a_retry() -> (World, Imported) {
    let world = World::slow(Duration::from_millis(20));
    let bad = people(150).lines().skip(1).fold("email,firstName,lastName\n".to_owned(), |text, line| {
        let (email, _) = line.split_once(',').unwrap();
        text + &format!("{email},First,\n")
    });
    world.write("people.csv", bad);
    let import = world.import(&["people.csv"]);
    import.came_to(3, &[("invalid", 150)]);
    let mut rows = import.rejects.clone();
    for row in &mut rows {
        row.insert("lastName".to_owned(), "Found".to_owned());
    }
    let columns = ["email", "firstName", "lastName", "_line"];
    world.write("fixed.csv", written(&rows, &columns, b','));
    let mut child = world.start(&["retry", "--yes", "--max-in-flight", "3", "fixed.csv"]);
    world.wait_until(|stats| stats.users >= 20);
    child.kill().unwrap();
    child.wait().unwrap();
    (world, import)
}

#[test]
fn a_retry_that_was_killed_is_gone_on_with() {
    let (world, import) = killed_in_a_retry();
    let file = world.read("fixed.csv");
    let there = world.stats().users;
    world.write("fixed.csv", file.replace("Found", "Lost"));
    let resume = ["resume", "--output", "json", "--max-in-flight", "32"];
    world.muster(&resume).refused(1, &["fixed.csv", "has changed", "put it back"]);
    fs::remove_file(world.path("fixed.csv")).unwrap();
    world.muster(&resume).refused(1, &["fixed.csv", "is gone", "put it back"]);
    // What was under way when the process was killed may arrive after that.
    assert!(world.stats().users <= there + 3, "nothing new was sent");
    world.write("fixed.csv", file);
    let resumed = world.imported(world.muster(&resume));
    assert_eq!((resumed.ran.code, resumed.run.as_str()), (0, import.run.as_str()), "{:?}", resumed.ran);
    assert_eq!(resumed.results.len(), 150);
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (150, 1));
}

#[test]
fn a_corrected_file_that_moved_is_found_in_the_folder_of_its_run() {
    let (world, import) = killed_in_a_retry();
    fs::rename(world.path("fixed.csv"), import.folder.join("fixed.csv")).unwrap();
    fs::rename(world.path("muster"), world.path("elsewhere")).unwrap();
    let resume = ["--dir", "elsewhere", "resume", "-q", "--max-in-flight", "32"];
    assert_eq!(world.muster(&resume).code, 0);
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (150, 1));
}

#[test]
fn too_many_errors_stop_a_retry() {
    let world = World::slow(Duration::from_millis(5));
    world.write("people.csv", people(60));
    disturb(&world, &["undefined-attribute=all"]);
    let careful = ["--max-errors", "5", "--max-in-flight", "4"];
    let import = world.import(&[&["people.csv"], &careful[..]].concat());
    assert_eq!(import.ran.code, 4, "{:?}", import.ran);
    let again = world.imported(retry(&world, &careful));
    assert_eq!(again.ran.code, 4, "{:?}", again.ran);
    again.ran.says(&["open already", "--max-errors", "muster resume"]);
    let rejected = again.rejects.len();
    assert!(rejected > import.rejects.len(), "each leg counts its own");
    disturb(&world, &[]);
    world.imported(retry(&world, &[])).came_to(3, &[("created", 60 - rejected), ("rejected", rejected)]);
    fs::copy(again.folder.join("rejects.csv"), world.path("same.csv")).unwrap();
    world.imported(retry(&world, &["same.csv"])).came_to(0, &[("created", 60)]);
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (60, 1));
}
