//! A line to the org that cuts answers in the middle, or goes dead: what was lost is read back, not done again.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::world::{Ran, World, counted, people};

const ROWS: usize = 300;

/// What stands between the binary and the org.
struct Line {
    url: String,
    dead: Arc<AtomicBool>,
    cuts: Arc<AtomicUsize>,
}

impl Line {
    /// A line whose connections carry so many bytes of answers, and then break.
    fn to(world: &World, bytes_until_cut: usize) -> Self {
        let org: SocketAddr = world.url.trim_start_matches("http://").parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (dead, cuts) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (is_dead, counter) = (Arc::clone(&dead), Arc::clone(&cuts));
        std::thread::spawn(move || {
            for (at, client) in listener.incoming().flatten().enumerate() {
                // The first one has to carry the schema, which is long.
                let extra = if at == 0 { 50_000 } else { at * 700 % 5000 };
                let budget = bytes_until_cut.saturating_add(extra);
                let (is_dead, counter) = (Arc::clone(&is_dead), Arc::clone(&counter));
                std::thread::spawn(move || carry(&client, org, budget, &is_dead, &counter));
            }
        });
        Self { url, dead, cuts }
    }

    fn command(&self, world: &World, arguments: &[&str]) -> std::process::Command {
        let mut command = world.command(arguments);
        command.env("OKTA_ORG_URL", &self.url);
        command
    }
}

/// Carries one connection until it is over.
fn carry(client: &TcpStream, org: SocketAddr, budget: usize, dead: &Arc<AtomicBool>, cuts: &AtomicUsize) {
    let Ok(server) = TcpStream::connect(org) else { return };
    let (mut asks, mut hears) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let asking = std::thread::spawn(move || {
        // A side that is gone ends the copy, which is what is wanted.
        drop(std::io::copy(&mut asks, &mut hears));
        drop(hears.shutdown(Shutdown::Both));
    });
    answer(client, &server, budget, dead, cuts);
    drop((client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both)));
    asking.join().unwrap();
}

fn answer(
    mut client: &TcpStream,
    mut server: &TcpStream,
    budget: usize,
    dead: &AtomicBool,
    cuts: &AtomicUsize,
) {
    let (mut left, mut buffer) = (budget, [0; 4096]);
    while let Ok(read @ 1..) = server.read(&mut buffer) {
        if dead.load(Ordering::SeqCst) {
            return;
        }
        let carried = read.min(left);
        if client.write_all(&buffer[..carried]).is_err() {
            return;
        }
        left -= carried;
        if left == 0 {
            cuts.fetch_add(1, Ordering::SeqCst);
            return;
        }
    }
}

#[test]
fn lost_answers_are_read_back() {
    let world = World::slow(Duration::from_millis(2));
    world.write("people.csv", people(ROWS));
    let line = Line::to(&world, 10_000);
    let mut import = line.command(&world, &["import", "--yes", "--output", "json", "people.csv"]);
    let import = world.imported(Ran::of(&import.output().unwrap()));
    assert_eq!((import.ran.code, &import.summary["balanced"]), (0, &true.into()), "{:?}", import.ran);
    let outcomes = counted(&import.results, "outcome");
    let of = |word: &str| outcomes.get(word).copied().unwrap_or_default();
    assert_eq!(of("created") + of("adopted"), ROWS, "{outcomes:?}");
    assert!(line.cuts.load(Ordering::SeqCst) > 3 && of("adopted") > 0, "{outcomes:?}");
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (ROWS, 1));
}

#[test]
fn an_org_that_goes_away_stops_the_run_and_loses_nobody() {
    let world = World::slow(Duration::from_millis(10));
    world.write("people.csv", people(ROWS));
    let line = Line::to(&world, usize::MAX);
    let arguments =
        ["import", "--yes", "--output", "json", "--max-in-flight", "4", "--patience", "1", "people.csv"];
    let child = line.command(&world, &arguments).spawn().unwrap();
    world.wait_until(|stats| stats.users >= 60);
    line.dead.store(true, Ordering::SeqCst);
    let import = world.imported(Ran::of(&child.wait_with_output().unwrap()));
    assert_eq!((import.ran.code, &import.summary["complete"]), (4, &false.into()), "{:?}", import.ran);
    import.ran.says(&["did not answer", &format!("muster resume {}", import.run)]);
    line.dead.store(false, Ordering::SeqCst);
    let resume = line.command(&world, &["resume", "--output", "json"]).output().unwrap();
    let resumed = world.imported(Ran::of(&resume));
    assert_eq!((resumed.ran.code, &resumed.summary["balanced"]), (0, &true.into()), "{:?}", resumed.ran);
    let outcomes = counted(&resumed.results, "outcome");
    assert!(outcomes.keys().all(|word| ["created", "adopted"].contains(&word.as_str())), "{outcomes:?}");
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (ROWS, 1));
}
