//! `muster sessions trigger`.

use jiff::Timestamp;
use muster_engine::patiently;
use muster_ledger::{SessionStage, UploadKind, UploadRecord};
use muster_okta::wire::{ImportSession, SessionStatus};
use serde_json::json;

use super::opened::{Booked, Held, MANAGE, Opened};
use crate::args::SessionArgs;
use crate::error::{End, Problem};
use crate::output::{Console, grouped};
use crate::settings::Settings;

/// Has the org process a session.
///
/// A session of a run may be half loaded, or have a request whose answer is open: that is harmless. A resume reads that
/// it is triggered, finds out what became of the people whom its accepted requests carried, and loads everybody else in
/// another session.
pub async fn trigger(settings: &Settings, args: &SessionArgs, console: Console) -> Result<End, Problem> {
    Opened::can_be_confirmed(settings, console, "that the session is to be processed")?;
    let opened = Opened::of(settings, &args.of, console).await?;
    let session = opened.present(&args.session).await?;
    refuse_over(&session)?;
    let held = opened.hold(&session).await?;
    if session.status == SessionStatus::Triggered {
        say(&opened, &session, &held, false);
        return Ok(End::Fine);
    }
    if let Some(ours) = &held.booked {
        refuse_given_up(&opened, ours)?;
        opened.console.note(&what_is_in_it(&opened, ours).await?);
    } else {
        opened.console.note("It is not of this ledger: somebody else may be loading it.");
    }
    let question =
        format!("Have session {} ({}) of {} processed?", session.id, session.status, opened.source);
    if !opened.is_wanted(question).await {
        return Err(Problem::could_not_run("nothing was triggered, as you wish"));
    }
    let now = carry_out(&opened, &session.id).await?;
    book(&opened, &held, &now).await?;
    say(&opened, &now, &held, true);
    Ok(End::Fine)
}

/// There is nothing to process in what is over.
fn refuse_over(session: &ImportSession) -> Result<(), Problem> {
    let (id, status) = (&session.id, &session.status);
    if status.is_over() {
        return Err(Problem::could_not_run(format!(
            "session {id} is {status}: it is over; nothing was triggered"
        )));
    }
    Ok(())
}

/// What was loaded into it went in another session since, and may have changed again.
fn refuse_given_up(opened: &Opened<'_>, ours: &Booked) -> Result<(), Problem> {
    if !matches!(ours.session.stage, SessionStage::Settled | SessionStage::Void) {
        return Ok(());
    }
    let id = ours.session.id.as_deref().unwrap_or_default();
    Err(Problem::could_not_run(format!(
        "run {} has given session {id} up, and loads its people in another one: what is in it may be old. Cancel it: {}",
        ours.run.id,
        opened.typed().command(&format!("sessions cancel {id}"))
    )))
}

/// What is loaded, what may be, and what is not.
async fn what_is_in_it(opened: &Opened<'_>, ours: &Booked) -> Result<String, Problem> {
    let Some(ledger) = &opened.ledger else { return Ok(String::new()) };
    let uploads = ledger.uploads(ours.run.key, ours.session.number).await?;
    let accepted: Vec<&UploadRecord> = uploads.iter().filter(|upload| upload.accepted).collect();
    let people: usize =
        accepted.iter().filter(|upload| carries_people(upload)).map(|upload| upload.lines.len()).sum();
    let left = ledger.tally(ours.run.key).await?.open();
    let mut lines = vec![format!(
        "It is of run {}: {} of its {} requests were accepted, with {} people; {} rows of the run are open.",
        ours.run.id,
        accepted.len(),
        uploads.len(),
        grouped(people as u64),
        grouped(left)
    )];
    if accepted.len() < uploads.len() {
        lines.push("The answer to the others is open. Who was in them is loaded again, and may be told as updated though this session created them.".to_owned());
    }
    lines.push(format!(
        "What is not in it is not lost: `{}` loads it in another session.",
        opened.typed().resume(&ours.run.id)
    ));
    Ok(lines.join("\n"))
}

fn carries_people(upload: &UploadRecord) -> bool {
    matches!(upload.kind, UploadKind::Users | UploadKind::Deletions | UploadKind::Departures)
}

/// The answer may be lost and the call be made twice: what counts is what the session is afterwards.
///
/// Whether the org refuses a session with nothing in it is left to the org, since not every org tells by its status
/// that something was loaded (UNCONFIRMED).
async fn carry_out(opened: &Opened<'_>, id: &str) -> Result<ImportSession, Problem> {
    let error = match patiently(|| opened.okta.start_import(&opened.source, id)).await.result {
        Ok(now) => return Ok(now),
        Err(error) => error,
    };
    let now = opened.present(id).await?;
    match now.status {
        SessionStatus::Triggered | SessionStatus::Completed | SessionStatus::Error => Ok(now),
        SessionStatus::Created => Err(Problem::could_not_run(format!(
            "{error}\nSession {id} is CREATED: nothing was loaded into it that the org could process. Cancel it: {}",
            opened.typed().command(&format!("sessions cancel {id}"))
        ))),
        SessionStatus::InProgress | SessionStatus::Other(_) => {
            Err(opened.trouble(&error, "trigger an import session", MANAGE))
        }
        SessionStatus::Closed | SessionStatus::Expired => Err(Problem::could_not_run(format!(
            "session {id} is {}: somebody was faster; nothing was triggered",
            now.status
        ))),
    }
}

/// The books learn it once it is done, and not before: what was only about to be triggered is triggered by a resume.
async fn book(opened: &Opened<'_>, held: &Held, now: &ImportSession) -> Result<(), Problem> {
    if let (Some(ledger), Some(ours)) = (&opened.ledger, &held.booked) {
        let at = now.last_updated.unwrap_or_else(Timestamp::now);
        ledger.session_triggered(ours.run.key, ours.session.number, at).await?;
    }
    Ok(())
}

fn say(opened: &Opened<'_>, session: &ImportSession, held: &Held, triggered: bool) {
    let done = match (&session.status, triggered) {
        (SessionStatus::Completed | SessionStatus::Error, _) => "is processed",
        (_, true) => "is triggered: the org processes it",
        (_, false) => "is triggered already: the org processes it",
    };
    let ours = held.booked.as_ref();
    let next = match ours.filter(|ours| ours.run_is_open()) {
        Some(ours) => format!(
            " `{}` finds out what became of its people, and loads the rest.",
            opened.typed().resume(&ours.run.id)
        ),
        None => String::new(),
    };
    let run = ours.map(|ours| &ours.run.id);
    let document = json!({ "id": session.id, "status": session.status, "triggered": triggered, "run": run });
    opened.console.result(&document, &format!("Session {} {done}.{next}", session.id));
}
