//! An org that is served here, a folder with a home of its own, and the binary between the two.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use muster_emulator::{Description, Emulator, LimitOverride, Listen, OrgSettings, Running, Stats, serve};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// The token that the org accepts.
pub const TOKEN: &str = "test";

/// How long anything is waited for that has to happen.
const LONGEST: Duration = Duration::from_mins(2);

/// A row of a CSV file, by column.
pub type Row = BTreeMap<String, String>;

/// An org and a folder.
pub struct World {
    pub emulator: Emulator,
    pub url: String,
    pub ca_pem: Option<String>,
    folder: TempDir,
    _running: Running,
    runtime: Runtime,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// An import and what it left behind.
#[derive(Debug)]
pub struct Imported {
    pub ran: Ran,
    pub run: String,
    pub folder: PathBuf,
    pub summary: Value,
    pub results: Vec<Row>,
    pub rejects: Vec<Row>,
}

/// Whatever a test does, client and org speak as the official description has it.
impl Drop for World {
    fn drop(&mut self) {
        let tally = self.emulator.violations();
        if !std::thread::panicking() {
            assert!(tally.is_clean(), "{:#?}", tally.first);
        }
    }
}

/// The official description, where it is at hand. It is Okta's and not part of this project.
pub fn official() -> Option<Arc<Description>> {
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/okta/management-subset.json");
    let path = std::env::var_os("MUSTER_DESCRIPTION").unwrap_or_else(|| here.into());
    fs::read(path).ok().map(|bytes| Arc::new(Description::read(&bytes).unwrap()))
}

impl World {
    /// An org without limits.
    pub fn free() -> Self {
        Self::with(free_settings())
    }

    /// An org in which every request takes its time.
    pub fn slow(latency: Duration) -> Self {
        Self::with(OrgSettings { latency, ..free_settings() })
    }

    pub fn with(settings: OrgSettings) -> Self {
        Self::listening(settings, Listen::default())
    }

    pub fn listening(settings: OrgSettings, listen: Listen) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let settings = OrgSettings { description: official(), ..settings };
        let emulator = Emulator::open(settings).unwrap();
        let running = runtime.block_on(serve(emulator.clone(), listen)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("home")).unwrap();
        fs::create_dir(folder.path().join("tmp")).unwrap();
        let (url, ca_pem) = (running.url.clone(), running.ca_pem.clone());
        Self { emulator, url, ca_pem, folder, _running: running, runtime }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The binary in the folder, with nothing in its environment but the org.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command.env("HOME", self.path("home")).env("TMPDIR", self.path("tmp"));
        command.env("OKTA_ORG_URL", &self.url).env("OKTA_API_TOKEN", TOKEN);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn muster(&self, arguments: &[&str]) -> Ran {
        Ran::of(&self.command(arguments).output().unwrap())
    }

    /// The binary with this on standard input.
    pub fn muster_fed(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        // Who has refused already reads nothing.
        drop(child.stdin.take().unwrap().write_all(input.as_ref()));
        Ran::of(&child.wait_with_output().unwrap())
    }

    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// `muster import --yes -q --output json`, which came so far that it has a run.
    pub fn import(&self, arguments: &[&str]) -> Imported {
        let whole = [&["import", "--yes", "-q", "--output", "json"], arguments].concat();
        self.imported(self.muster(&whole))
    }

    /// What the run left behind whose summary is on standard output.
    pub fn imported(&self, ran: Ran) -> Imported {
        let told = ran.json();
        let run = told["run"].as_str().unwrap().to_owned();
        let folder = self.path("muster/runs").join(&run);
        let summary = fs::read_to_string(folder.join("summary.json")).unwrap();
        let summary: Value = serde_json::from_str(&summary).unwrap();
        assert_eq!(summary, told, "the file and standard output tell the same");
        let (results, rejects) = (table(&folder.join("results.csv")), table(&folder.join("rejects.csv")));
        Imported { ran, run, folder, summary, results, rejects }
    }

    pub fn stats(&self) -> Stats {
        self.emulator.stats()
    }

    /// Waits until the org's numbers are so.
    pub fn wait_until(&self, holds: impl Fn(&Stats) -> bool) {
        let begin = Instant::now();
        while !holds(&self.stats()) {
            assert!(begin.elapsed() < LONGEST, "waited in vain: {:?}", self.stats());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// A request to the org, past the binary.
    pub fn call(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, String) {
        let request = Request::builder().method(method).uri(path).header("host", "org.example");
        let request = request.header("authorization", format!("SSWS {TOKEN}"));
        let request = request.header("content-type", "application/json");
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let answer = self.runtime.block_on(self.emulator.call(request.body(body).unwrap()));
        (answer.status().as_u16(), String::from_utf8(answer.body().to_vec()).unwrap())
    }

    pub fn get(&self, path: &str) -> Value {
        let (status, text) = self.call("GET", path, None);
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub fn post(&self, path: &str, body: &Value) -> Value {
        let (status, text) = self.call("POST", path, Some(body));
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// A group of this name; its id.
    pub fn group(&self, name: &str) -> String {
        let group = self.post("/api/v1/groups", &serde_json::json!({"profile": {"name": name}}));
        group["id"].as_str().unwrap().to_owned()
    }

    /// The user of a login, as the API shows it.
    pub fn user(&self, login: &str) -> Value {
        self.get(&format!("/api/v1/users/{login}"))
    }

    /// All users with status, provider, credential and groups, by login.
    pub fn users(&self) -> BTreeMap<String, Value> {
        let (_, text) = self.call("GET", "/_emulator/users", None);
        let users = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        users.map(|user| (user["login"].as_str().unwrap().to_owned(), user)).collect()
    }

    /// The last requests, oldest first.
    pub fn requests(&self) -> Vec<Value> {
        self.get("/_emulator/requests?limit=1000").as_array().unwrap().clone()
    }

    /// Whether someone gets in with this password.
    pub fn signs_in(&self, login: &str, password: &str) -> bool {
        let body = serde_json::json!({"username": login, "password": password});
        self.call("POST", "/api/v1/authn", Some(&body)).0 == 200
    }

    /// Nobody has written anything to the org.
    pub fn is_untouched(&self) -> bool {
        let stats = self.stats();
        stats.creates_accepted == 0 && stats.groups == 1 && stats.memberships == 0
    }
}

impl Ran {
    pub fn of(output: &Output) -> Self {
        Self {
            // Who was killed has no code of its own.
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// Standard output, which is one document.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// It ended so, with nothing on standard output, and said all of this on standard error.
    pub fn refused(&self, code: i32, words: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{self:?}");
        self.says(words);
    }

    /// It said all of this on standard error.
    pub fn says(&self, words: &[&str]) {
        for word in words {
            assert!(self.err.contains(word), "{word:?} is not in {}", self.err);
        }
    }

    /// None of this is on either output.
    pub fn hides(&self, secrets: &[&str]) {
        for secret in secrets {
            assert!(!self.out.contains(secret) && !self.err.contains(secret), "{secret} in {self:?}");
        }
    }
}

impl Imported {
    /// It ended with this code, complete and balanced, with these outcomes and no others.
    pub fn came_to(&self, code: i32, outcomes: &[(&str, usize)]) {
        assert_eq!(self.ran.code, code, "{:?}", self.ran);
        let found = counted(&self.results, "outcome");
        let expected = outcomes.iter().map(|(word, rows)| ((*word).to_owned(), *rows)).collect();
        assert_eq!(found, expected, "{:?} {:?}", self.rejects, self.ran);
        assert_eq!((&self.summary["balanced"], &self.summary["complete"]), (&true.into(), &true.into()));
        assert_eq!(self.summary["rows"], self.results.len());
        for (word, rows) in self.summary["outcomes"].as_object().unwrap() {
            assert_eq!(*rows, found.get(word).copied().unwrap_or_default(), "{word}");
        }
        let needing = ["invalid", "rejected", "failed"];
        let bad = self.results.iter().filter(|row| needing.contains(&row["outcome"].as_str())).count();
        assert_eq!(self.rejects.len(), bad, "each row to repair is in rejects.csv");
    }

    /// The row of a login in `results.csv`.
    pub fn row(&self, login: &str) -> &Row {
        self.results.iter().find(|row| row["login"] == login).unwrap()
    }

    /// Some cells of the row of a login in `results.csv`.
    pub fn cells<const N: usize>(&self, login: &str, columns: [&str; N]) -> [&str; N] {
        let row = self.row(login);
        columns.map(|column| row[column].as_str())
    }

    /// Outcome and group outcome of a login.
    pub fn ends(&self, login: &str) -> [&str; 2] {
        self.cells(login, ["outcome", "group_outcome"])
    }
}

/// An org without limits that knows the token.
pub fn free_settings() -> OrgSettings {
    let names = ["users", "user-writes", "user-reads", "groups", "group", "authn", "other"];
    let unlimited = |name: &&str| format!("{name}=unlimited").parse::<LimitOverride>().unwrap();
    OrgSettings {
        limits: names.iter().map(unlimited).collect(),
        concurrency: Some(1000),
        ..OrgSettings::default()
    }
}

/// A CSV file with a header.
pub fn table(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// How often each word stands in a column.
pub fn counted(rows: &[Row], column: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row[column].clone()).or_default() += 1;
    }
    counts
}

/// A file of people without a credential: `p000@example.com` and so on.
pub fn people(count: usize) -> String {
    let rows = (0..count).map(|at| format!("p{at:03}@example.com,First{at},Last{at}\n"));
    format!("email,firstName,lastName\n{}", rows.collect::<String>())
}
