//! What the least possible importer costs, for `scripts/bench`: the client that Muster uses, JSON, and a table with an
//! intent and an outcome for each user. It reads no file, checks nothing, waits for no limit, repeats nothing and
//! could not go on after a kill: whatever an import costs beyond it is the price of that.
//!
//! `cargo run --release -p muster --example bare -- USERS BODY PLACEHOLDER [FOLDER]` creates so many users at
//! `OKTA_ORG_URL`. BODY is a file with the body of one request; PLACEHOLDER stands in it where users differ.

#![expect(clippy::print_stdout, reason = "a bench prints what it measures")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use http::{Request, Response};
use muster_okta::TransportError;
use muster_okta::http::{HttpSettings, HttpTransport};
use muster_okta::transport::Transport;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Map, Value};

type Outcome<T> = Result<T, Box<dyn Error>>;
type Answer = (usize, Result<Response<Bytes>, TransportError>);

const IN_FLIGHT: usize = 20;

/// What is read of an answer.
#[derive(Deserialize)]
struct Created {
    id: String,
    status: String,
}

/// The body of a request, in which every user has a name of its own.
struct Pattern {
    body: Map<String, Value>,
    placeholder: String,
}

/// What is asked of the bench.
struct Wish {
    users: usize,
    pattern: Pattern,
    folder: PathBuf,
    org: String,
    authorization: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let wish = Wish::read()?;
    let path = wish.folder.join(format!("bare-{}.db", std::process::id()));
    let books = open(&path)?;
    let began = Instant::now();
    create_all(&wish, &books).await?;
    println!("{} users in {:.3} s", wish.users, began.elapsed().as_secs_f64());
    drop(books);
    for end in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{}{end}", path.display())));
    }
    Ok(())
}

/// All that came back since the last time and all that may now go share one commit, before anything goes.
async fn create_all(wish: &Wish, books: &Connection) -> Outcome<()> {
    let transport = HttpTransport::new(&HttpSettings {
        loopback: true,
        connections: IN_FLIGHT,
        ..HttpSettings::default()
    })?;
    let mut under_way = FuturesUnordered::new();
    let mut next = 0;
    let mut answers: Vec<Answer> = Vec::new();
    loop {
        let last = wish.users.min(next + IN_FLIGHT - under_way.len());
        books.execute_batch("BEGIN")?;
        for (user, answer) in answers.drain(..) {
            finish(books, user, &answer?)?;
        }
        for user in next..last {
            books
                .prepare_cached("INSERT INTO user (number, state) VALUES (?1, 1)")?
                .execute([i64::try_from(user)?])?;
        }
        books.execute_batch("COMMIT")?;
        for user in next..last {
            let answering = transport.send(wish.request(user)?);
            under_way.push(answering.map(move |answer| (user, answer)));
        }
        next = last;
        let Some(first) = under_way.next().await else { return Ok(()) };
        answers.push(first);
        while let Some(Some(more)) = under_way.next().now_or_never() {
            answers.push(more);
        }
    }
}

fn finish(books: &Connection, user: usize, answer: &Response<Bytes>) -> Outcome<()> {
    if !answer.status().is_success() {
        return Err(format!("user {user}: {}", answer.status()).into());
    }
    let created: Created = serde_json::from_slice(answer.body())?;
    books
        .prepare_cached("UPDATE user SET state = 2, okta_id = ?2, okta_status = ?3 WHERE number = ?1")?
        .execute((i64::try_from(user)?, created.id, created.status))?;
    Ok(())
}

/// As durable as Muster's own books.
fn open(path: &Path) -> Outcome<Connection> {
    let books = Connection::open(path)?;
    books.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE user (number INTEGER PRIMARY KEY, state INTEGER, okta_id TEXT, okta_status TEXT);",
    )?;
    Ok(books)
}

impl Wish {
    fn read() -> Outcome<Self> {
        let mut arguments = std::env::args().skip(1);
        let mut argument = |name: &str| arguments.next().ok_or(format!("{name} is missing"));
        let users = argument("USERS")?.parse()?;
        let body = serde_json::from_str(&std::fs::read_to_string(argument("BODY")?)?)?;
        let pattern = Pattern { body, placeholder: argument("PLACEHOLDER")? };
        let folder = argument("FOLDER").map_or_else(|_| std::env::temp_dir(), PathBuf::from);
        let org = std::env::var("OKTA_ORG_URL")?;
        let authorization = format!("SSWS {}", std::env::var("OKTA_API_TOKEN")?);
        Ok(Self { users, pattern, folder, org, authorization })
    }

    fn request(&self, user: usize) -> Outcome<Request<Bytes>> {
        Ok(Request::post(format!("{}/api/v1/users?activate=true", self.org))
            .header("authorization", &self.authorization)
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .body(serde_json::to_vec(&self.pattern.of(user))?.into())?)
    }
}

impl Pattern {
    /// The body for one user, whose name is as long as the one that it takes the place of.
    fn of(&self, user: usize) -> Map<String, Value> {
        let name = format!("bare{user:0>width$}", width = self.placeholder.len().saturating_sub(4));
        let mut body = self.body.clone();
        if let Some(Value::Object(profile)) = body.get_mut("profile") {
            for value in profile.values_mut() {
                if let Value::String(text) = value
                    && text.contains(&self.placeholder)
                {
                    *text = text.replace(&self.placeholder, &name);
                }
            }
        }
        body
    }
}
