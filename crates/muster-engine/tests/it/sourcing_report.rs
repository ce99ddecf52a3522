//! What a run by import sessions leaves behind, from books that no engine has written.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use muster_core::flow::{RowResult, Trouble};
use muster_core::login::Login;
use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_core::sourcing::{Sourcing, SourcingCounts};
use muster_engine::report::{RunFiles, Summary, Via, write_all};
use muster_ledger::{
    DepartureEnd, FinishedRow, Ledger, NewRun, PlannedRow, RunKey, SessionStage, SettledRow, SourceKey,
    SourcedRow, Standing, UploadKind,
};
use muster_legacy::files::{Source, SourceOptions};
use serde_json::{Value, json};
use tempfile::TempDir;

const PEOPLE: &str = "\
email,firstName,lastName,externalId
a@example.com,Ann,Park,A
b@example.com,Bob,Park,B
c@example.com,Cem,Park,C
d@example.com,Dee,Park,D
";

/// Books of an identity source, and a folder for the files of a run.
struct Books {
    folder: TempDir,
    ledger: Ledger,
    key: SourceKey,
    people: Source,
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn row(line: u64, external_id: &str) -> PlannedRow {
    PlannedRow {
        line: Line(line),
        login: Login::parse(&format!("{}@example.com", external_id.to_lowercase())),
        external_id: Some(external_id.to_owned()),
        credential: "none",
        groups_requested: 0,
        footprint: 0,
        sourced: Some(SourcedRow { digest: [1; 16], groups: Vec::new() }),
        faults: Vec::new(),
    }
}

fn settled(line: u64, outcome: Outcome, trouble: Option<(&str, &str)>) -> SettledRow {
    let trouble = trouble.map(|(code, text)| Trouble { code: code.to_owned(), text: text.to_owned() });
    let standing = if trouble.is_some() { Standing::Unknown } else { Standing::Present };
    let result = RowResult {
        line: Line(line),
        outcome,
        okta_id: Some(format!("00u{line}")),
        okta_status: None,
        groups_requested: 0,
        groups_joined: 0,
        trouble,
        attempts: 1,
    };
    SettledRow { row: FinishedRow { result, at: at(9) }, standing }
}

impl Books {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people.csv");
        std::fs::write(&path, PEOPLE).unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.db")).unwrap();
        let key = ledger.identity_source("https://org/".to_owned(), "0oa1".to_owned()).await.unwrap();
        let people = Source::open(&path, &SourceOptions::default()).unwrap();
        Self { folder, ledger, key, people }
    }

    async fn run(&self, id: &str, rows: Vec<PlannedRow>, known: u64) -> RunKey {
        let new = NewRun {
            id: id.to_owned(),
            org: "https://org/".to_owned(),
            source: "people.csv".to_owned(),
            sha256: "00".to_owned(),
            at: at(0),
        };
        let run = self.ledger.begin_run(new).await.unwrap();
        let count = rows.len() as u64;
        self.ledger.plan_rows(run, rows, at(0)).await.unwrap();
        let counts = SourcingCounts { known, ..SourcingCounts::default() };
        let sourcing = Sourcing { source: "0oa1".to_owned(), counts, ..Sourcing::default() };
        self.ledger.planned(run, count, json!({ "sourcing": sourcing }).to_string()).await.unwrap();
        run
    }

    async fn settle(&self, run: RunKey, rows: Vec<SettledRow>) {
        self.ledger.settle_rows(run, self.key, rows).await.unwrap();
    }

    /// A session with one request of these rows, which is over if it has a status.
    async fn session(&self, run: RunKey, id: &str, lines: &[u64], status: Option<&str>) {
        let (ledger, kind) = (&self.ledger, UploadKind::Users);
        let number = ledger.intend_session(run, self.key, at(1)).await.unwrap();
        ledger.session_created(run, number, id.to_owned(), at(2)).await.unwrap();
        let upload = ledger.intend_upload(run, number, kind, lines.to_vec(), 2, 900, at(3)).await.unwrap();
        ledger.upload_accepted(run, number, upload, at(4)).await.unwrap();
        if let Some(status) = status {
            let status = Some(status.to_owned());
            ledger.end_session(run, number, SessionStage::Settled, status, at(9)).await.unwrap();
        }
    }

    async fn report(&self, id: &str) -> (Summary, RunFiles) {
        let files = RunFiles::new(self.folder.path());
        let record = self.ledger.run(Some(id.to_owned())).await.unwrap();
        let summary = write_all(&self.ledger, &record, Some(&self.people), &files).await.unwrap();
        (summary, files)
    }
}

/// A to D are at the source; D stays, and A, B and C are in no row of the second run.
async fn departed() -> (Books, RunKey) {
    let books = Books::new().await;
    let first =
        books.run("first", vec![row(2, "=A"), row(3, "B"), row(4, "C"), row(5, "D"), row(6, "E")], 0).await;
    books.settle(first, (2..7).map(|line| settled(line, Outcome::Created, None)).collect()).await;
    let second = books.run("second", vec![row(5, "D")], 5).await;
    assert_eq!(books.ledger.plan_departures(second, books.key).await.unwrap(), 4);
    books.settle(second, vec![settled(5, Outcome::Updated, None)]).await;
    (books, second)
}

fn json_of(files: &RunFiles) -> Value {
    serde_json::from_slice(&std::fs::read(files.summary()).unwrap()).unwrap()
}

fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

#[tokio::test]
async fn the_summary_tells_of_sessions_and_of_no_creates() {
    let books = Books::new().await;
    let run = books.run("r", vec![row(2, "A"), row(3, "B"), row(4, "C")], 0).await;
    // The org would not begin one at first: that is no session.
    let number = books.ledger.intend_session(run, books.key, at(1)).await.unwrap();
    books.ledger.end_session(run, number, SessionStage::Void, None, at(1)).await.unwrap();
    books.session(run, "aps1", &[2, 3], Some("COMPLETED")).await;
    books.session(run, "aps2", &[4], None).await;
    let rows = [(2, Outcome::Created), (3, Outcome::Updated)];
    books.settle(run, rows.map(|(line, outcome)| settled(line, outcome, None)).into()).await;
    let (summary, files) = books.report("r").await;
    assert_eq!((summary.via, summary.complete), (Via::IdentitySource, false));
    let json = json_of(&files);
    assert_eq!(
        (&json["via"], &json["identity_source"], &json["operation"]),
        (&"identity-source".into(), &"0oa1".into(), &"create-update".into())
    );
    let done = json!({
        "number": 2, "id": "aps1", "status": "COMPLETED", "requests": 1, "users": 2, "created_at": at(2),
        "triggered_at": null, "ended_at": at(9),
    });
    assert_eq!((json["sessions"].as_array().unwrap().len(), &json["sessions"][0]), (2, &done));
    assert_eq!((&json["sessions"][1]["id"], &json["sessions"][1]["status"]), (&"aps2".into(), &Value::Null));
    assert_eq!(
        (&json["budget"]["spent_ratio"], &json["budget"]["limit_per_window"]),
        (&Value::Null, &Value::Null)
    );
    assert!(!files.missing().exists(), "nobody is missing");
    let read: Summary = serde_json::from_value(json).unwrap();
    assert_eq!(read.sourcing, summary.sourcing);
    let sourcing = summary.sourcing.unwrap();
    assert_eq!((sourcing.statuses(), sourcing.requests()), (vec![("COMPLETED", 1), ("under way", 1)], 2));
}

#[tokio::test]
async fn who_is_in_no_row_is_in_a_file_of_its_own() {
    let (books, run) = departed().await;
    let ends = vec![
        (1, DepartureEnd::Deactivated),
        (2, DepartureEnd::NotThere),
        (3, DepartureEnd::Failed("=HYPERLINK(refused)".to_owned())),
    ];
    books.ledger.end_departures(run, books.key, ends, at(9)).await.unwrap();
    books.ledger.complete(run, at(9)).await.unwrap();
    let (summary, files) = books.report("second").await;
    assert!(!summary.complete && !summary.all_fine() && summary.tally().all_fine(), "one of them is open");
    let missing = json!({"known": 5, "listed": 0, "deactivated": 1, "not_there": 1, "failed": 1, "open": 1});
    assert_eq!(json_of(&files)["missing"], missing);
    let written = std::fs::read_to_string(files.missing()).unwrap();
    let expected = "external_id,login,okta_id,end,reason\n\
        '=A,'=a@example.com,00u2,deactivated,\nB,b@example.com,00u3,not_there,\n\
        C,c@example.com,00u4,failed,'=HYPERLINK(refused)\nE,e@example.com,00u6,open,\n";
    assert_eq!(written, expected);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(files.missing()).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let page = std::fs::read_to_string(files.report()).unwrap();
    assert!(page.contains("In no row any more") && page.contains("missing.csv") && page.contains("0oa1"));
    assert!(!page.contains("Creates allowed per window"));
}

#[tokio::test]
async fn who_could_not_be_deactivated_needs_somebody() {
    let (books, run) = departed().await;
    let failed = DepartureEnd::Failed("not_told".to_owned());
    let ends = (1..5).map(|number| (number, if number == 3 { failed.clone() } else { DepartureEnd::Listed }));
    books.ledger.end_departures(run, books.key, ends.collect(), at(9)).await.unwrap();
    books.ledger.complete(run, at(9)).await.unwrap();
    let (summary, files) = books.report("second").await;
    assert!(summary.complete && summary.balanced && !summary.all_fine());
    assert_eq!((summary.missing().people(), summary.missing().listed), (4, 3));
    let page = std::fs::read_to_string(files.report()).unwrap();
    assert!(page.contains("could not be deactivated"), "{page}");
}

#[tokio::test]
async fn every_code_of_sessions_has_a_hint() {
    let books = Books::new().await;
    let run = books.run("r", vec![row(2, "A"), row(3, "B"), row(4, "C"), row(5, "D")], 0).await;
    let rows = vec![
        settled(2, Outcome::Failed, Some(("not_told", "nobody says"))),
        settled(3, Outcome::Rejected, Some(("import_refused", "login: taken"))),
        settled(4, Outcome::Rejected, Some(("upload_refused", "E0000001"))),
        settled(5, Outcome::Created, None),
    ];
    books.settle(run, rows).await;
    books.ledger.complete(run, at(9)).await.unwrap();
    let (summary, files) = books.report("r").await;
    assert!(summary.complete && !summary.all_fine());
    let told: Vec<(String, String)> =
        table(&files.rejects()).iter().map(|row| (row["_code"].clone(), row["_hint"].clone())).collect();
    assert_eq!(told.len(), 3);
    for ((code, hint), (expected, word)) in told.iter().zip([
        ("not_told", "nobody is made twice"),
        ("import_refused", "import settings"),
        ("upload_refused", "no request with this row"),
    ]) {
        assert!(code == expected && hint.contains(word), "{code}: {hint}");
    }
    let page = std::fs::read_to_string(files.report()).unwrap();
    assert!(told.iter().all(|(code, _)| page.contains(code)) && page.contains("import settings"));
}
