//! What one row costs on its way, without network, books and org: `cargo run --release -p muster --example row`.
//!
//! The way is read → interpret → body of the create → the answer read, each measured by itself over made-up
//! people: nanoseconds of this thread and allocations per row. The counting of allocations takes part of the time,
//! so the numbers are for comparing one change with another, on one machine.

#![expect(clippy::print_stdout, reason = "it prints what it measures")]

use std::alloc::System;
use std::error::Error;
use std::io::BufWriter;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::{Request, Response};
use muster_core::candidate::Candidate;
use muster_core::column::{Mapping, Renames};
use muster_core::interpret::{Interpreter, Wishes};
use muster_core::record::Record;
use muster_core::schema::ProfileSchema;
use muster_core::secret::Secret;
use muster_legacy::files::{Source, SourceOptions};
use muster_okta::transport::{Answering, Transport};
use muster_okta::{Authorization, Okta};
use muster_people::{Column, HashKind, People, PeopleSettings, write_csv};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Rows worked on at a time, as in a run: all of them at once would measure the machine's memory.
const BATCH: usize = 512;

/// An answer to a create, as the emulated org gives it.
const ANSWER: &str = r#"{"id":"00u1ihb3m4Lm4pQrS5d7","status":"ACTIVE","created":"2026-11-22T05:21:40.000Z","activated":"2026-11-22T05:21:40.000Z","statusChanged":"2026-11-22T05:21:40.000Z","lastLogin":null,"lastUpdated":"2026-11-22T05:21:40.000Z","passwordChanged":null,"type":{"id":"oty1ihb3m4Lm4pQrS5d7"},"profile":{"firstName":"Imani","lastName":"Tremblay","mobilePhone":"+44 7700 900505","secondEmail":null,"login":"imani.tremblay@example.com","email":"imani.tremblay@example.com","department":"Engineering","title":"Vice President, \"Special Projects\"","city":"Århus N","employeeNumber":"E0000001"},"credentials":{"password":{},"provider":{"type":"IMPORT","name":"IMPORT"}},"_links":{"suspend":{"href":"http://127.0.0.1:8100/api/v1/users/00u1ihb3m4Lm4pQrS5d7/lifecycle/suspend","method":"POST"},"schema":{"href":"http://127.0.0.1:8100/api/v1/meta/schemas/user/osc1ihb3m4Lm4pQrS5d7"},"self":{"href":"http://127.0.0.1:8100/api/v1/users/00u1ihb3m4Lm4pQrS5d7"},"type":{"href":"http://127.0.0.1:8100/api/v1/meta/types/user/oty1ihb3m4Lm4pQrS5d7"}}}"#;

/// Answers every request at once with the same words.
struct Recorded;

impl Transport for Recorded {
    fn send(&self, _: Request<Bytes>) -> Answering<'_> {
        let answer = Response::builder()
            .header("date", "Sun, 22 Nov 2026 05:21:40 GMT")
            .header("content-type", "application/json")
            .header("x-rate-limit-limit", "600")
            .header("x-rate-limit-remaining", "599")
            .header("x-rate-limit-reset", "1795325000")
            .header("x-okta-request-id", "Xb5Gd2Sw0kL7Yq1Pz9Tn3wAAAAE")
            .body(Bytes::from_static(ANSWER.as_bytes()));
        Box::pin(std::future::ready(Ok(answer.unwrap_or_default())))
    }
}

/// The processor time of this thread, which other programs do not stretch; the time of day where nobody counts it.
fn nanoseconds() -> u64 {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let counted = counted.split_whitespace().next().and_then(|first| first.parse().ok());
    let since_epoch = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    counted.unwrap_or_else(|| u64::try_from(since_epoch().as_nanos()).unwrap_or(u64::MAX))
}

/// Time and allocations of one part of the way, summed up.
#[derive(Default)]
struct Cost {
    nanoseconds: u64,
    allocations: usize,
    bytes: usize,
}

impl Cost {
    fn of<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let measuring = self.begin();
        let done = work();
        measuring.end();
        done
    }

    fn begin(&mut self) -> Measuring<'_> {
        let began = nanoseconds();
        Measuring { cost: self, began, region: Region::new(ALLOCATOR) }
    }

    fn print(&self, part: &str, rows: usize) {
        let each = |sum: usize| format!("{}.{}", sum / rows, sum * 10 / rows % 10);
        let nanoseconds = self.nanoseconds / rows as u64;
        let (allocations, bytes) = (each(self.allocations), self.bytes / rows);
        println!("{part:<22} {nanoseconds:>6} ns  {allocations:>6} allocations  {bytes:>6} bytes");
    }
}

/// A part of the way that is being measured.
struct Measuring<'a> {
    cost: &'a mut Cost,
    region: Region<'static, System>,
    began: u64,
}

impl Measuring<'_> {
    fn end(self) {
        let change = self.region.change();
        self.cost.nanoseconds += nanoseconds().saturating_sub(self.began);
        self.cost.allocations += change.allocations + change.reallocations;
        self.cost.bytes += change.bytes_allocated;
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let rows: u64 = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("people.csv");
    let settings = PeopleSettings {
        hashes: vec![HashKind::Ssha512, HashKind::Ssha, HashKind::None],
        groups: vec!["Staff".to_owned(), "Sales".to_owned()],
        ..PeopleSettings::new(1, rows)
    };
    let columns = Column::for_kinds(&settings.hashes);
    write_csv(BufWriter::new(std::fs::File::create(&path)?), People::new(settings)?, &columns)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(measure(&path))
}

async fn measure(path: &std::path::Path) -> Result<(), Box<dyn Error>> {
    let [mut survey, mut read, mut interpret, mut request] = [(); 4].map(|()| Cost::default());
    let source = survey.of(|| Source::open(path, &SourceOptions::default()))?;
    let schema = ProfileSchema::base();
    let mapping = Mapping::new(source.header(), &schema, &Renames::new())?;
    let interpreter = Interpreter::new(mapping, &schema, Wishes::default());
    let org = "http://127.0.0.1:8100/".parse()?;
    let okta = Okta::new(Arc::new(Recorded), org, &Authorization::ApiToken(Secret::new("test")));
    let okta = okta.ok_or("the token can't be sent")?;
    let groups = ["00g1ihb3m4Lm4pQrS5d7".to_owned()];
    let (mut records, mut rows) = (source.records()?, 0);
    loop {
        let batch: Vec<Record> = read.of(|| records.by_ref().take(BATCH).collect::<Result<_, _>>())?;
        if batch.is_empty() {
            break;
        }
        rows += batch.len();
        let people: Vec<Candidate> = interpret
            .of(|| batch.into_iter().filter_map(|record| interpreter.interpret(&record).ok()).collect());
        let created = request.begin();
        for person in &people {
            std::hint::black_box(okta.create_user(person, &groups).await.result?);
        }
        created.end();
    }
    println!("{rows} rows");
    let parts =
        [(&survey, "survey"), (&read, "read"), (&interpret, "interpret"), (&request, "request and answer")];
    for (cost, part) in parts {
        cost.print(part, rows);
    }
    Ok(())
}
