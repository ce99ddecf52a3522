//! People who wait for the hook, or are staged, and whoever follows them in the weeks after the import.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request};
use jiff::Timestamp;
use muster_core::candidate::Mode;
use muster_core::flow::RowResult;
use muster_core::interpret::Wishes;
use muster_core::login::Login;
use muster_core::outcome::Outcome;
use muster_core::programme::Throttle;
use muster_core::record::Line as SourceLine;
use muster_emulator::{Emulator, HookAnswer, HookAnswering, HookRequest, HookService, OrgSettings};
use muster_engine::programme::{Contact, HookEnd, Programme, ProgrammeReport, ReportWish};
use muster_engine::wave::{Order, Task, Waves};
use muster_engine::{Clock, Dice, Gate, Pacing, PlanSettings};
use muster_ledger::{Bound, FinishedRow, NewRun, PlannedRow};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::clockwork::Clockwork;
use crate::desk::{Desk, okta, plain_people};
use crate::meddling::Line;
use crate::org::{call, grow_old, settings};

/// The right password of everybody.
const RIGHT: &str = "open sesame";

/// A hook that knows the right password.
struct Doorkeeper;

impl HookService for Doorkeeper {
    fn answer(&self, request: HookRequest) -> HookAnswering<'_> {
        let right = String::from_utf8_lossy(&request.body).contains(RIGHT);
        let word = if right { "VERIFIED" } else { "UNVERIFIED" };
        let body = json!({"commands": [{"type": "com.okta.action.update", "value": {"credential": word}}]});
        Box::pin(async move { Ok(HookAnswer { status: 200, body: Bytes::from(body.to_string()) }) })
    }
}

/// A run that was carried out, and the time after it.
pub struct Office {
    pub desk: Desk,
    pub org: Emulator,
    clockwork: Clockwork,
    clock: Clock,
    /// Keeps the stop flag of those who are not stopped.
    pub stop: watch::Sender<bool>,
}

impl Office {
    /// So many people who wait for the hook.
    pub async fn armed(people: usize) -> Self {
        Box::pin(Self::after(people, Wishes { mode: Mode::Hook, ..Wishes::default() })).await
    }

    /// So many staged people without a password.
    pub async fn staged(people: usize) -> Self {
        Box::pin(Self::after(people, Wishes { mode: Mode::Staged, ..Wishes::default() })).await
    }

    async fn after(people: usize, wishes: Wishes) -> Self {
        let org =
            Emulator::open(OrgSettings { hook_service: Some(Arc::new(Doorkeeper)), ..settings() }).unwrap();
        grow_old().await;
        let hook = json!({"name": "Old", "type": "com.okta.user.credential.password.import", "version": "1.0.0",
            "channel": {"type": "HTTP", "version": "1.0.0", "config": {"uri": "https://hook.example/", "method": "POST",
                "authScheme": {"type": "HEADER", "key": "Authorization", "value": "s"}}}});
        call(&org, Method::POST, "/api/v1/inlineHooks", Some(hook)).await;
        let settings = PlanSettings { wishes, ..PlanSettings::default() };
        let desk = Box::pin(Desk::plan(&org, plain_people(people).as_bytes(), settings)).await;
        assert_eq!(desk.carry_out(Line::clean(&org)).await.stopped, None);
        let clock = Clock::Simulated(Timestamp::now(), Instant::now());
        Self { desk, org, clockwork: Clockwork::start(), clock, stop: watch::channel(false).0 }
    }

    /// The programme as a new process sees it.
    pub async fn programme(&self) -> Programme {
        Programme::new(self.desk.books.open(), vec![self.desk.record().await], self.clock)
    }

    /// Another run into the same books that finds these people as they are.
    pub async fn found_again(&self, people: &[Bound]) -> Programme {
        let (ledger, at) = (self.desk.books.open(), self.clock.now());
        let new = NewRun {
            id: "20261122-again".to_owned(),
            org: self.desk.record().await.org,
            source: "people.csv".to_owned(),
            sha256: "ab".repeat(32),
            at,
        };
        let run = ledger.begin_run(new).await.unwrap();
        let row = |line: u64, person: &Bound| PlannedRow {
            line: SourceLine(line),
            login: Login::parse(&person.login),
            external_id: None,
            credential: "none",
            groups_requested: 0,
            footprint: 0,
            sourced: None,
            faults: Vec::new(),
        };
        let rows = (2..).zip(people).map(|(line, person)| row(line, person)).collect();
        ledger.plan_rows(run, rows, at).await.unwrap();
        ledger.planned(run, people.len() as u64, "{}".to_owned()).await.unwrap();
        for (line, person) in (2..).zip(people) {
            let result = RowResult {
                line: SourceLine(line),
                outcome: Outcome::Updated,
                okta_id: Some(person.okta_id.clone()),
                okta_status: None,
                groups_requested: 0,
                groups_joined: 0,
                trouble: None,
                attempts: 1,
            };
            ledger.finish(run, FinishedRow { result, at }).await.unwrap();
        }
        let record = ledger.run(Some("20261122-again".to_owned())).await.unwrap();
        Programme::new(ledger, vec![record], self.clock)
    }

    pub fn contact(&self, line: Line) -> Contact {
        let gate = Gate::new(&Pacing::default(), Dice::from_seed(1), self.stop.subscribe());
        Contact::new(okta(&Arc::new(line)), gate)
    }

    /// One process that carries an order out.
    pub async fn carry_out(&self, line: Line, task: Task, per_hour: u64, limit: Option<u64>) -> Waves {
        let programme = self.programme().await;
        let order = Order { task, crowd: programme.crowd(), throttle: Throttle::new(per_hour), limit };
        let contact = self.contact(line);
        let work = programme.carry_out(&contact, &order, |_| {});
        self.clockwork.drive(programme.ledger(), work).await.unwrap().unwrap()
    }

    /// One process that arms everybody who was loaded.
    pub async fn arm(&self, line: Line, existing: bool) -> Waves {
        self.arm_those(&self.programme().await, line, existing).await
    }

    /// One process that arms everybody of these runs.
    pub async fn arm_those(&self, programme: &Programme, line: Line, existing: bool) -> Waves {
        let task = Task::Arming { existing };
        let order = Order { task, crowd: programme.crowd(), throttle: Throttle::NONE, limit: None };
        let contact = self.contact(line);
        let work = programme.carry_out(&contact, &order, |_| {});
        self.clockwork.drive(programme.ledger(), work).await.unwrap().unwrap()
    }

    pub async fn reset_all(&self, line: Line) -> Waves {
        self.carry_out(line, Task::Reset, 1000, None).await
    }

    /// Reads the System Log, and reports; how many had newly come over.
    pub async fn status(&self, wish: ReportWish) -> (u64, ProgrammeReport) {
        let (programme, contact) = (self.programme().await, self.contact(Line::clean(&self.org)));
        let new = self.clockwork.drive(programme.ledger(), programme.sync(&contact)).await.unwrap().unwrap();
        (new, programme.report(wish).await.unwrap())
    }

    /// Looks at everybody; how many had come over.
    pub async fn look(&self) -> u64 {
        let (programme, contact) = (self.programme().await, self.contact(Line::clean(&self.org)));
        programme.enrol().await.unwrap();
        let crowd = programme.crowd();
        let work = programme.look_at_all(&contact, &crowd);
        self.clockwork.drive(programme.ledger(), work).await.unwrap().unwrap().come_over
    }

    /// Looks again at who was gone.
    pub async fn look_at_gone(&self) {
        let (programme, contact) = (self.programme().await, self.contact(Line::clean(&self.org)));
        let crowd = programme.crowd();
        let work = programme.look_at_gone(&contact, &crowd);
        self.clockwork.drive(programme.ledger(), work).await.unwrap().unwrap();
    }

    /// The time, as the programme has it.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Ends the hook of this name, or the one that is known to be ours.
    pub async fn end_hook(&self, named: Option<&str>) -> HookEnd {
        let (programme, contact) = (self.programme().await, self.contact(Line::clean(&self.org)));
        let work = programme.end_hook(&contact, named);
        self.clockwork.drive(programme.ledger(), work).await.unwrap().unwrap()
    }

    /// Somebody signs in; whether they get in.
    pub async fn signs_in(&self, number: usize, password: &str) -> bool {
        let body = json!({"username": login(number), "password": password});
        let request =
            Request::post("http://org.example/api/v1/authn").header("content-type", "application/json");
        let answer = self.org.call(request.body(Bytes::from(body.to_string())).unwrap()).await;
        answer.status().is_success()
    }

    /// These come over.
    pub async fn come_over(&self, numbers: impl IntoIterator<Item = usize>) {
        for number in numbers {
            assert!(self.signs_in(number, RIGHT).await);
        }
    }

    pub async fn user(&self, number: usize) -> Value {
        call(&self.org, Method::GET, &format!("/api/v1/users/{}", login(number)), None).await
    }

    pub async fn lifecycle(&self, number: usize, step: &str) {
        let id = self.user(number).await["id"].as_str().unwrap().to_owned();
        call(&self.org, Method::POST, &format!("/api/v1/users/{id}/lifecycle/{step}"), None).await;
    }

    /// How many mails of a kind each got.
    pub async fn mails(&self, kind: &str) -> BTreeMap<String, usize> {
        let request = Request::get("http://org.example/_emulator/mails").body(Bytes::new()).unwrap();
        let answer = self.org.call(request).await;
        let mut mails = BTreeMap::new();
        for line in std::str::from_utf8(answer.body()).unwrap().lines() {
            let mail: Value = serde_json::from_str(line).unwrap();
            if mail["kind"] == kind {
                *mails.entry(mail["login"].as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
        mails
    }
}

pub fn login(number: usize) -> String {
    format!("p{number}@example.com")
}

/// Whether the request asks for something of this kind.
pub fn is_lifecycle(request: &Request<Bytes>, step: &str) -> bool {
    request.uri().path().ends_with(&format!("/lifecycle/{step}"))
}
