//! Import sessions in words, and as documents.

use jiff::Timestamp;
use muster_ledger::{SessionStage, UploadKind, UploadRecord};
use serde::Serialize;

use super::{Page, Typed, grouped};

/// What stands where nothing is known.
const NOTHING: &str = "–";

/// All sessions of one identity source.
#[derive(Debug, Serialize)]
pub struct SessionList {
    /// The org's address.
    pub org: String,
    /// The identity source.
    pub identity_source: String,
    /// The sessions, oldest first.
    pub sessions: Vec<SessionLine>,
}

/// A session in a list.
#[derive(Debug, Serialize)]
pub struct SessionLine {
    /// Its id; none while it is open whether the org has made it.
    pub id: Option<String>,
    /// The org's word for it, now or when it was over.
    pub status: Option<String>,
    /// When it was created, or intended.
    pub created_at: Option<Timestamp>,
    /// Requests that a run loaded into it.
    pub requests: Option<u32>,
    /// People whom they carry.
    pub people: Option<u64>,
    /// The run; none where it is not of this ledger.
    pub run: Option<String>,
    /// The run that may have begun it: the answer was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_be_of: Option<String>,
}

impl SessionList {
    /// The table.
    pub fn describe(&self, typed: &Typed) -> String {
        let mut text = Page::default();
        text.line(format_args!("Identity source {} of {}", self.identity_source, self.org));
        if self.sessions.is_empty() {
            text.line(format_args!(
                "No session: neither does the org list one nor does this ledger know one."
            ));
            return text.into_text();
        }
        text.line(format_args!(
            "{:<22} {:<11} {:<20} {:>8} {:>10}  {}",
            "SESSION", "STATUS", "CREATED", "REQUESTS", "PEOPLE", "RUN"
        ));
        self.sessions.iter().for_each(|session| session.describe(&mut text));
        for run in self.sessions.iter().filter_map(|session| session.may_be_of.as_ref()) {
            text.line(format_args!(
                "Run {run} asked for a session and got no answer; `{}` finds out whether it is this one.",
                typed.resume(run)
            ));
        }
        text.into_text()
    }
}

impl SessionLine {
    fn describe(&self, text: &mut Page) {
        let run = match (&self.run, &self.may_be_of) {
            (Some(run), _) => run.clone(),
            (None, Some(run)) => format!("may be of {run}"),
            (None, None) => "not of this ledger".to_owned(),
        };
        text.line(format_args!(
            "{:<22} {:<11} {:<20} {:>8} {:>10}  {run}",
            self.id.as_deref().unwrap_or("not known yet"),
            self.status.as_deref().unwrap_or(NOTHING),
            self.created_at.map_or(NOTHING.to_owned(), said),
            self.requests.map_or(NOTHING.to_owned(), |requests| grouped(requests.into())),
            self.people.map_or(NOTHING.to_owned(), grouped)
        ));
    }
}

/// One session.
#[derive(Debug, Serialize)]
pub struct SessionView {
    /// Its id.
    pub id: String,
    /// The org's address.
    pub org: String,
    /// The identity source.
    pub identity_source: String,
    /// The org's word for it now; none where the org no longer knows it.
    pub status: Option<String>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub last_updated: Option<Timestamp>,
    /// What this ledger has of it.
    #[serde(flatten)]
    pub books: Option<SessionBooks>,
    /// The run that may have begun it: the answer was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_be_of: Option<String>,
    /// What to type next.
    pub next: Option<String>,
}

/// What the books have of a session.
#[derive(Debug, Serialize)]
pub struct SessionBooks {
    /// The run.
    pub run: String,
    /// Whether the run has more to do.
    pub run_is_open: bool,
    /// The session's number in the run.
    pub number: u32,
    /// How far it is for the run.
    pub stage: StageWord,
    /// The org's word for it when the run last asked.
    pub status_seen: Option<String>,
    #[serde(skip)]
    pub created_at: Option<Timestamp>,
    /// When it was triggered.
    pub triggered_at: Option<Timestamp>,
    /// When everybody in it had an outcome, or it came to nothing.
    pub ended_at: Option<Timestamp>,
    /// Requests that were loaded into it.
    pub requests: u32,
    /// People whom they carry.
    pub people: u64,
    /// The requests.
    pub uploads: Vec<UploadView>,
}

/// How far a session is for its run.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StageWord {
    /// Maybe made.
    Intended,
    /// Takes requests.
    Loading,
    /// Maybe triggered.
    Triggering,
    /// Processed by the org.
    Triggered,
    /// Everybody in it has an outcome.
    Settled,
    /// It came to nothing.
    Void,
}

/// One request.
#[derive(Debug, Serialize)]
pub struct UploadView {
    /// Its number in the session.
    pub number: u32,
    /// What it carries.
    pub kind: &'static str,
    /// Entities in its body.
    pub entities: u32,
    /// Bytes of its body.
    pub bytes: u64,
    /// Whether the org is known to have taken it.
    pub accepted: bool,
    /// The first line of the source that it carries; none where it carries no rows.
    pub first_line: Option<u64>,
    /// The last.
    pub last_line: Option<u64>,
}

impl SessionView {
    /// The session on a screen.
    pub fn describe(&self) -> String {
        let mut text = Page::default();
        let status = self.status.as_deref().unwrap_or("not known to the org any more");
        text.line(format_args!("Session   {} · {status}", self.id));
        text.line(format_args!("Source    {} of {}", self.identity_source, self.org));
        if let Some(created) = self.created_at {
            text.line(format_args!("Created   {}", said(created)));
        }
        if let Some(changed) = self.last_updated {
            text.line(format_args!("Changed   {}", said(changed)));
        }
        match (&self.books, &self.may_be_of) {
            (Some(books), _) => books.describe(&mut text),
            (None, Some(run)) => text
                .line(format_args!("Run       may be of {run}, which asked for a session and got no answer")),
            (None, None) => text.line(format_args!("Run       not of this ledger")),
        }
        if let Some(next) = &self.next {
            text.line(format_args!("Next      {next}"));
        }
        text.into_text()
    }
}

impl SessionBooks {
    fn describe(&self, text: &mut Page) {
        text.line(format_args!(
            "Run       {}, its session {}: {}",
            self.run,
            self.number,
            self.stage.words()
        ));
        text.line(format_args!(
            "Requests  {}, with {} people",
            grouped(self.requests.into()),
            grouped(self.people)
        ));
        if self.uploads.is_empty() {
            return;
        }
        text.line(format_args!(
            "  {:>4}  {:<10} {:>8} {:>9}  {:<8} {:>10} {:>10}",
            "NO", "KIND", "ENTITIES", "BYTES", "STATE", "FIRST LINE", "LAST LINE"
        ));
        self.uploads.iter().for_each(|upload| upload.describe(text));
    }
}

impl UploadView {
    fn describe(&self, text: &mut Page) {
        let line = |line: Option<u64>| line.map_or(NOTHING.to_owned(), grouped);
        text.line(format_args!(
            "  {:>4}  {:<10} {:>8} {:>9}  {:<8} {:>10} {:>10}",
            self.number,
            self.kind,
            grouped(self.entities.into()),
            grouped(self.bytes),
            if self.accepted { "accepted" } else { "open" },
            line(self.first_line),
            line(self.last_line)
        ));
    }
}

impl From<&UploadRecord> for UploadView {
    fn from(upload: &UploadRecord) -> Self {
        // Departures are counted by numbers of their own, which are no lines.
        let lines = || upload.lines.iter().copied().filter(|_| upload.kind != UploadKind::Departures);
        Self {
            number: upload.number,
            kind: kind(upload.kind),
            entities: upload.entities,
            bytes: upload.bytes,
            accepted: upload.accepted,
            first_line: lines().min(),
            last_line: lines().max(),
        }
    }
}

impl StageWord {
    fn words(self) -> &'static str {
        match self {
            Self::Intended => "it may have been made",
            Self::Loading => "being loaded",
            Self::Triggering => "it may have been triggered",
            Self::Triggered => "triggered",
            Self::Settled => "settled, everybody in it was looked after",
            Self::Void => "it came to nothing",
        }
    }
}

impl From<SessionStage> for StageWord {
    fn from(stage: SessionStage) -> Self {
        match stage {
            SessionStage::Intended => Self::Intended,
            SessionStage::Loading => Self::Loading,
            SessionStage::Triggering => Self::Triggering,
            SessionStage::Triggered => Self::Triggered,
            SessionStage::Settled => Self::Settled,
            SessionStage::Void => Self::Void,
        }
    }
}

fn kind(kind: UploadKind) -> &'static str {
    match kind {
        UploadKind::Users => "users",
        UploadKind::Deletions => "deletions",
        UploadKind::Departures => "departures",
        UploadKind::Groups => "groups",
        UploadKind::Joins => "joins",
        UploadKind::Leaves => "leaves",
    }
}

fn said(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, run: Option<&str>, may_be_of: Option<&str>) -> SessionLine {
        SessionLine {
            id: Some(id.to_owned()),
            status: Some("IN_PROGRESS".to_owned()),
            created_at: Timestamp::from_second(1_700_000_000).ok(),
            requests: run.map(|_| 12),
            people: run.map(|_| 2400),
            run: run.map(str::to_owned),
            may_be_of: may_be_of.map(str::to_owned),
        }
    }

    fn list(sessions: Vec<SessionLine>) -> String {
        let list = SessionList { org: "https://org".into(), identity_source: "0oa1".into(), sessions };
        list.describe(&Typed::default())
    }

    #[test]
    fn whose_a_session_is_is_said() {
        let text = list(vec![line("aps1", Some("R1"), None), line("aps2", None, None)]);
        let ours = text.lines().find(|line| line.starts_with("aps1")).unwrap();
        assert!(ours.contains("2023-11-14 22:13:20Z") && ours.contains("2,400") && ours.ends_with("R1"));
        assert!(text.contains("not of this ledger"), "{text}");
        let text = list(vec![line("aps3", None, Some("R2"))]);
        assert!(text.contains("may be of R2") && text.contains("muster resume R2"), "{text}");
        assert!(list(Vec::new()).contains("No session"));
    }

    #[test]
    fn requests_show_their_lines_and_departures_have_none() {
        let upload = |kind, lines| UploadRecord {
            number: 1,
            kind,
            lines,
            entities: 3,
            bytes: 1234,
            accepted: kind == UploadKind::Users,
            at: Timestamp::UNIX_EPOCH,
        };
        let users = UploadView::from(&upload(UploadKind::Users, vec![9, 2, 5]));
        assert_eq!((users.first_line, users.last_line, users.kind), (Some(2), Some(9), "users"));
        let gone = UploadView::from(&upload(UploadKind::Departures, vec![1, 2]));
        assert_eq!((gone.first_line, gone.accepted), (None, false));
        let mut text = Page::default();
        users.describe(&mut text);
        gone.describe(&mut text);
        let text = text.into_text();
        assert!(text.contains("1,234") && text.contains("accepted") && text.contains("open"), "{text}");
    }
}
