//! `muster programme serve`: the numbers on a page of this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout};

use serde_json::Value;

use crate::world::{World, people};

/// A page that is served, until the end of the test.
struct Served {
    child: Child,
    address: String,
    _out: BufReader<ChildStdout>,
}

impl Served {
    fn of(world: &World, more: &[&str]) -> Self {
        let listen = ["programme", "serve", "--listen", "127.0.0.1:0"];
        let mut child = world.start(&[&listen[..], more].concat());
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let url = told["url"].as_str().unwrap();
        let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { child, address, _out: out }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn numbers(&self) -> Value {
        let answer = self.get("/programme.json");
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn world() -> World {
    let world = World::free();
    world.write("people.csv", people(5));
    world.import(&["people.csv", "--mode", "hook"]);
    world
}

#[test]
fn the_page_has_the_numbers_of_the_status() {
    let world = world();
    let served = Served::of(&world, &[]);
    assert!(served.get("/").contains("Who has come over"));
    let (page, status) =
        (served.numbers(), world.muster(&["programme", "status", "--output", "json"]).json());
    assert_eq!(page["people"], 5, "{page}");
    for name in ["org", "runs", "people", "waiting", "come_over", "reset", "hours"] {
        assert_eq!(page[name], status[name], "{name}");
    }
    assert!(!page.to_string().contains("p000@example.com"), "no logins");
}

#[test]
fn other_machines_look_when_it_is_said_so() {
    let world = world();
    let listen = ["programme", "serve", "--listen", "0.0.0.0:0"];
    world.muster(&listen).refused(2, &["--allow-remote", "no logins"]);
    World::free().muster(&["programme", "serve"]).refused(1, &["no ledger"]);
}

#[test]
fn the_books_alone_are_enough_when_that_is_asked_for() {
    let world = world();
    let before = world.stats().requests.total;
    assert_eq!(Served::of(&world, &["--offline"]).numbers()["people"], 5);
    assert_eq!(world.stats().requests.total, before);
}
