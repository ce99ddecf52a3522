//! SQLite: the operator's query, and rows that mean something.

use super::{ask, place, run, word};
use muster_legacy::truth::{Known, Truth, Unavailable};

fn database() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE users (mail TEXT, hash TEXT, salt BLOB, rounds INTEGER);
             INSERT INTO users VALUES ('ann@x.y', '$nobody$knows', x'ff00', 7);
             INSERT INTO users VALUES ('two@x.y', 'a', NULL, 1), ('two@x.y', 'b', NULL, 1);
             INSERT INTO users VALUES ('none@x.y', NULL, NULL, NULL);",
        )
        .unwrap();
    (folder, path)
}

fn table(path: &std::path::Path, query: &str) -> String {
    format!("kind = 'sqlite'\nname = 'old'\npath = '{}'\nquery = \"{query}\"", path.display())
}

const QUERY: &str =
    "SELECT hash AS passwordHash, salt, rounds AS iterations FROM users WHERE lower(mail) = lower(:login)";

fn answer(truth: &dyn Truth, login: &str) -> Result<Known, Unavailable> {
    run(ask(truth, login, "x"))
}

#[test]
fn rows_are_read() {
    let (_folder, path) = database();
    let truth = place(&table(&path, QUERY)).unwrap();
    assert_eq!(word(&answer(&*truth, "nobody@x.y")), "nobody");
    assert_eq!(word(&answer(&*truth, "' OR 1=1 --")), "nobody");
    let Ok(Known::Unreadable(why)) = answer(&*truth, "ANN@x.y") else { panic!("read") };
    assert!(!why.contains("knows"), "{why}");
    let Ok(Known::Unreadable(why)) = answer(&*truth, "two@x.y") else { panic!("read") };
    assert!(why.contains("more than one row"), "{why}");
    let Ok(Known::Unreadable(why)) = answer(&*truth, "none@x.y") else { panic!("read") };
    assert!(why.contains("no stored hash"), "{why}");
}

#[test]
fn a_query_that_can_not_work_is_refused_at_once() {
    let (folder, path) = database();
    let refused = |query: &str| place(&table(&path, query)).err().unwrap().to_string();
    assert!(refused("SELECT hash AS passwordHash FROM users").contains(":login"));
    assert!(refused("SELECT hash FROM users WHERE mail = :login").contains("\"hash\""));
    assert!(refused("SELECT nothing FROM users WHERE mail = :login").contains("nothing"));
    assert!(place(&table(&folder.path().join("none.db"), QUERY)).is_err());
}

#[test]
fn nothing_is_ever_written() {
    let (_folder, path) = database();
    let query = "DELETE FROM users WHERE mail = :login RETURNING hash AS passwordHash";
    let truth = place(&table(&path, query)).unwrap();
    assert_eq!(word(&answer(&*truth, "ann@x.y")), "unavailable");
    let left: i64 = rusqlite::Connection::open(&path)
        .unwrap()
        .query_row("SELECT count(*) FROM users", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 4);
}

#[test]
fn a_file_that_was_replaced_is_found_again() {
    let (folder, path) = database();
    let truth = place(&table(&path, QUERY)).unwrap();
    assert_eq!(word(&answer(&*truth, "ann@x.y")), "unreadable");
    std::fs::write(&path, "no database").unwrap();
    assert_eq!(word(&answer(&*truth, "ann@x.y")), "unavailable");
    std::fs::remove_file(&path).unwrap();
    let (_other, fresh) = database();
    std::fs::copy(fresh, &path).unwrap();
    assert_eq!(word(&answer(&*truth, "ann@x.y")), "unreadable");
    drop(folder);
}
