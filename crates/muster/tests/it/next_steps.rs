//! What is printed to be typed next does what it says, as it stands there.

use std::time::Duration;

use crate::world::{World, people};

/// The command after the arrow or the colon, typed into a shell.
fn typed(world: &World, text: &str, from: &str) -> Vec<String> {
    let at = text.find(from).unwrap_or_else(|| panic!("{from:?} is not in {text}"));
    let line = text[at..].lines().next().unwrap().trim_end_matches("` goes on.");
    let split = std::process::Command::new("sh")
        .args(["-c", &format!("printf '%s\\n' {line}")])
        .current_dir(world.path("."))
        .output()
        .unwrap();
    String::from_utf8(split.stdout).unwrap().lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn the_next_step_works_as_printed() {
    let world = World::free();
    world.write("people.csv", format!("{}nobody,A,B\n", people(3)));
    let ran = world.muster(&["import", "people.csv", "--yes", "--dir", "my books"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let words = typed(&world, &ran.out, "muster retry");
    assert!(words.contains(&"my books".to_owned()), "{words:?}");
    let file = words.iter().find(|word| word.ends_with("rejects.csv")).unwrap();
    world.write(file, world.read(file).replace("nobody", "somebody@example.com"));
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.push("--yes");
    assert_eq!(world.muster(&words).code, 0, "{words:?}");
    assert!(world.users().contains_key("somebody@example.com"));
}

#[test]
fn an_unfinished_run_names_its_folder_and_counts_what_is_done() {
    let world = World::slow(Duration::from_millis(2));
    let rows = (0..200).map(|at| format!("p{at}@example.com,First,Last,weak\n"));
    world.write("people.csv", format!("email,firstName,lastName,password\n{}", rows.collect::<String>()));
    let ran = world.muster(&["import", "people.csv", "--yes", "--dir", "there", "--max-errors", "5"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.err.contains(" --dir there` goes on."), "{}", ran.err);
    let words = typed(&world, &ran.out, "muster resume");
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert_eq!(world.muster(&words).code, 3);
}

#[test]
fn a_run_that_was_cut_off_while_it_was_planned() {
    let world = World::free();
    world.write("people.csv", people(3));
    world.muster(&["import", "people.csv", "--yes"]);
    let runs = world.muster(&["runs", "--output", "json"]).json();
    let run = runs[0]["run"].as_str().unwrap();
    let books = rusqlite::Connection::open(world.path("muster/ledger.db")).unwrap();
    books.execute("UPDATE run SET stage = 'planning'", []).unwrap();
    drop(books);
    for command in [&["resume"][..], &["status"], &["status", run], &["retry", "--yes"], &["report"]] {
        let words = [run, "still being planned", "nothing was sent", "muster import people.csv"];
        world.muster(command).refused(1, &words);
    }
}
