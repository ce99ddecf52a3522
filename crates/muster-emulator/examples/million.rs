//! How many people an emulated org can hold, and how fast: `cargo run --release -p muster-emulator --example
//! million -- [USERS] [STATE-FILE]`. It makes the users in this process, one after another, and prints what they
//! cost in time and memory, and what it costs to read them.

#![expect(clippy::print_stdout, reason = "a bench prints what it measures")]

use std::{
    error::Error,
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Request, Response};
use muster_emulator::{Bucket, Emulator, LimitOverride, OrgSettings};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

const HOST: &str = "http://org.example";
/// How many users are read by login, and how many pages of them.
const READS: usize = 1000;
const PAGES: usize = 500;

/// What is asked of the bench.
struct Wish {
    users: usize,
    state: Option<PathBuf>,
}

/// A stretch of time, with what the processor had to do in it.
struct Stopwatch {
    started: Instant,
    processor: Duration,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let users = arguments.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let wish = Wish { users, state: arguments.next().map(PathBuf::from) };
    let org = Emulator::open(wish.settings())?;
    fill(&org, wish.users).await?;
    read(&org, wish.users).await?;
    if let Some(path) = &wish.state {
        println!("state file            {} MB", fs::metadata(path)?.len() / 1_000_000);
        drop(org);
        let watch = Stopwatch::start();
        let org = Emulator::open(wish.settings())?;
        watch.stop("open again", 1);
        println!("users after it        {}", org.stats().users);
        print_memory("in all")?;
    }
    Ok(())
}

impl Wish {
    fn settings(&self) -> OrgSettings {
        let free = |bucket: Bucket| format!("{bucket}=unlimited").parse::<LimitOverride>().ok();
        OrgSettings {
            limits: Bucket::ALL.into_iter().filter_map(free).collect(),
            state: self.state.clone(),
            ..OrgSettings::default()
        }
    }
}

impl Stopwatch {
    fn start() -> Self {
        Self { started: Instant::now(), processor: processor_time() }
    }

    /// Prints the time of so many operations.
    fn stop(&self, what: &str, operations: usize) {
        let (wall, processor) = (self.started.elapsed(), processor_time().saturating_sub(self.processor));
        let operations = f64::from(u32::try_from(operations.max(1)).unwrap_or(u32::MAX));
        let each = |time: Duration| time.as_secs_f64() * 1e6 / operations;
        println!(
            "{what:<21} {:>9.3} s, {:>9.0}/s, {:>10.2} µs each, {:>10.2} µs of the processor",
            wall.as_secs_f64(),
            operations / wall.as_secs_f64(),
            each(wall),
            each(processor),
        );
    }
}

async fn fill(org: &Emulator, users: usize) -> Outcome<()> {
    let groups = [group(org, "Sales").await?, group(org, "Zurich").await?];
    print_memory("before the users")?;
    let mut making = Duration::ZERO;
    let watch = Stopwatch::start();
    for number in 0..users {
        let begun = Instant::now();
        let body = Bytes::from(person(number, &groups).to_string());
        making += begun.elapsed();
        expect_ok(&send(org, "POST", "/api/v1/users?activate=true", body).await?)?;
    }
    watch.stop("creates", users);
    println!("  of it, the bench's own bodies: {:.3} s", making.as_secs_f64());
    print_memory("with the users")
}

async fn read(org: &Emulator, users: usize) -> Outcome<()> {
    let watch = Stopwatch::start();
    for number in 0..READS {
        let login = login(number * users / READS);
        expect_ok(&get(org, &format!("/api/v1/users/{login}")).await?)?;
    }
    watch.stop("reads by login", READS);
    page(org).await?;
    let last = users.saturating_sub(1);
    let number = employee_number(last);
    search(org, "search", &format!("profile.employeeNumber eq \"{number}\"")).await?;
    search(org, "filter", &format!("profile.login eq \"{}\"", login(last))).await?;
    let watch = Stopwatch::start();
    let stats = get(org, "/_emulator/stats").await?;
    watch.stop("stats", 1);
    let stats: Value = serde_json::from_slice(stats.body())?;
    println!("users, memberships    {}, {}", stats["users"], stats["memberships"]);
    print_memory("after the reads")
}

async fn page(org: &Emulator) -> Outcome<()> {
    let watch = Stopwatch::start();
    let mut next = Some("/api/v1/users?limit=200".to_owned());
    let mut pages = 0;
    while pages < PAGES
        && let Some(path) = next
    {
        let answer = get(org, &path).await?;
        expect_ok(&answer)?;
        let mut links = answer.headers().get_all("link").iter().filter_map(|link| link.to_str().ok());
        next = links
            .find_map(|link| link.strip_suffix("; rel=\"next\""))
            .map(|link| link.trim_matches(['<', '>']).trim_start_matches(HOST).to_owned());
        pages += 1;
    }
    watch.stop("pages of 200", pages);
    Ok(())
}

async fn search(org: &Emulator, parameter: &str, expression: &str) -> Outcome<()> {
    let watch = Stopwatch::start();
    let expression = utf8_percent_encode(expression, NON_ALPHANUMERIC);
    let answer = get(org, &format!("/api/v1/users?{parameter}={expression}")).await?;
    watch.stop(parameter, 1);
    let found: Vec<Value> = serde_json::from_slice(answer.body())?;
    if found.len() == 1 { Ok(()) } else { Err(format!("{parameter} found {}", found.len()).into()) }
}

async fn group(org: &Emulator, name: &str) -> Outcome<String> {
    let body = json!({"profile": {"name": name}}).to_string();
    let answer = send(org, "POST", "/api/v1/groups", body.into()).await?;
    let group: Value = serde_json::from_slice(answer.body())?;
    Ok(group["id"].as_str().ok_or("a group without an id")?.to_owned())
}

async fn get(org: &Emulator, path: &str) -> Outcome<Response<Bytes>> {
    send(org, "GET", path, Bytes::new()).await
}

async fn send(org: &Emulator, method: &str, path: &str, body: Bytes) -> Outcome<Response<Bytes>> {
    let request = Request::builder()
        .method(method)
        .uri(format!("{HOST}{path}"))
        .header("authorization", "SSWS test")
        .header("content-type", "application/json")
        .body(body)?;
    Ok(org.call(request).await)
}

fn expect_ok(answer: &Response<Bytes>) -> Outcome<()> {
    if answer.status() == 200 { Ok(()) } else { Err(String::from_utf8_lossy(answer.body()).into()) }
}

fn person(number: usize, groups: &[String]) -> Value {
    let login = login(number);
    json!({
        "profile": {
            "login": login,
            "email": login,
            "firstName": format!("First{number}"),
            "lastName": format!("Last{number}"),
            "employeeNumber": employee_number(number),
            "department": format!("Department {}", number % 50),
        },
        "credentials": {"password": {"hash": {
            "algorithm": "BCRYPT",
            "workFactor": 10,
            "salt": format!("qRRx8rli7Lvs2h{number:08}"),
            "value": format!("mVA2NDdomRGoGFrAXDZcno0{number:08}"),
        }}},
        "groupIds": groups,
    })
}

fn login(number: usize) -> String {
    format!("first{number}.last{number}@example.com")
}

fn employee_number(number: usize) -> String {
    format!("E{number:07}")
}

/// What this process has used of the processor; zero where the system does not tell.
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 =
        after_name.split(' ').skip(12).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// How much memory this process has now and has had at most; nothing where the system does not tell.
fn print_memory(when: &str) -> Outcome<()> {
    let Ok(status) = fs::read_to_string("/proc/self/status") else { return Ok(()) };
    let megabytes = |name: &str| -> Outcome<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such number")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1000)
    };
    println!("memory {when:<20} {} MB, at most {} MB", megabytes("VmRSS:")?, megabytes("VmHWM:")?);
    Ok(())
}
