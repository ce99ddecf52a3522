//! Who may read what a run leaves behind, and what a spreadsheet makes of it.

use crate::world::{World, people};

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn nobody_else_may_look() {
    let world = World::free();
    world.write("people.csv", people(3));
    let import = world.import(&["people.csv"]);
    for name in ["plan.json", "results.csv", "rejects.csv", "summary.json", "report.html"] {
        assert_eq!(mode(&import.folder.join(name)), 0o600, "{name}");
    }
    assert_eq!(mode(&world.path("muster/ledger.db")), 0o600);
    for folder in ["muster".to_owned(), "muster/runs".to_owned(), format!("muster/runs/{}", import.run)] {
        assert_eq!(mode(&world.path(&folder)), 0o700, "{folder}");
    }
    assert_eq!(world.muster(&["generate", "-n", "3", "--out", "made.csv", "--known", "known.csv"]).code, 0);
    assert_eq!((mode(&world.path("made.csv")), mode(&world.path("known.csv"))), (0o600, 0o600));
}

#[test]
fn no_file_of_a_run_holds_a_secret() {
    let world = World::free();
    let file = "email,firstName,lastName,password,recoveryQuestion,recoveryAnswer\na@example.com,A,B,Tr0mbone-quay,Which pet?,R4bbit-hole\n";
    world.write("people.csv", file);
    let import = world.import(&["people.csv"]);
    import.came_to(0, &[("created", 1)]);
    for entry in
        std::fs::read_dir(&import.folder).unwrap().chain(std::fs::read_dir(world.path("muster")).unwrap())
    {
        let path = entry.unwrap().path();
        let bytes = if path.is_file() { std::fs::read(&path).unwrap() } else { Vec::new() };
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("Tr0mbone") && !text.contains("R4bbit"), "{}", path.display());
    }
}

#[test]
fn what_a_spreadsheet_would_run_is_text() {
    let world = World::free();
    let file = "login,email,firstName,lastName,title\n\
        =cmd@example.com,a@example.com,A,B,\n\
        +a@example.com,b@example.com,A,B,\n\
        =b@example.com,c@example.com,,=1+1,\n\
        @c@example.com,d@example.com,A,@SUM(A1),-2+3\n\
        plain@example.com,e@example.com,,plain,\n";
    world.write("people.csv", file);
    let import = world.import(&["people.csv"]);
    assert_eq!(import.ran.code, 3, "{:?}", import.ran);
    let logins: Vec<&str> = import.results.iter().map(|row| row["login"].as_str()).collect();
    let guarded =
        ["'=cmd@example.com", "'+a@example.com", "'=b@example.com", "'@c@example.com", "plain@example.com"];
    assert_eq!(logins, guarded);
    let names: Vec<&str> = import.rejects.iter().map(|row| row["lastName"].as_str()).collect();
    assert_eq!(names, ["'=1+1", "'@SUM(A1)", "plain"]);
    assert_eq!(
        (import.rejects[1]["title"].as_str(), import.rejects[0]["login"].as_str()),
        ("'-2+3", "'=b@example.com")
    );
    assert!(world.users().contains_key("=cmd@example.com"), "the org gets what the source says");
}

#[test]
fn a_folder_that_can_not_be_made_is_told() {
    let world = World::free();
    world.write("people.csv", people(3));
    world.write("taken", "");
    world.muster(&["import", "--yes", "--dir", "taken", "people.csv"]).refused(1, &["taken"]);
    assert!(world.is_untouched());
}

#[test]
fn a_ledger_that_is_none_is_told() {
    let world = World::free();
    world.write("people.csv", people(3));
    world.write("muster/ledger.db", "this is no database, whatever its name says ".repeat(50));
    world.muster(&["import", "--yes", "people.csv"]).refused(1, &["ledger.db"]);
    assert!(world.is_untouched());
}
