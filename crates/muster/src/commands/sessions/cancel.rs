//! `muster sessions cancel`.

use jiff::Timestamp;
use muster_engine::patiently;
use muster_ledger::SessionStage;
use muster_okta::wire::{ImportSession, SessionStatus};
use serde_json::json;

use super::opened::{Held, MANAGE, Opened};
use crate::args::SessionArgs;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;

/// Cancels a session that is being loaded.
pub async fn cancel(settings: &Settings, args: &SessionArgs, console: Console) -> Result<End, Problem> {
    Opened::can_be_confirmed(settings, console, "the cancellation")?;
    let opened = Opened::of(settings, &args.of, console).await?;
    let session = opened.present(&args.session).await?;
    refuse_late(&session)?;
    let held = opened.hold(&session).await?;
    if session.status == SessionStatus::Closed {
        say(&opened, &session, &held, false).await?;
        return Ok(End::Fine);
    }
    if !opened.is_wanted(question(&opened, &session, &held)).await {
        return Err(Problem::could_not_run("nothing was cancelled, as you wish"));
    }
    carry_out(&opened, &session.id).await?;
    say(&opened, &session, &held, true).await?;
    Ok(End::Fine)
}

/// What the org processes, or has processed, can't be taken back. A status that nobody knows is the org's to refuse.
fn refuse_late(session: &ImportSession) -> Result<(), Problem> {
    let (id, status) = (&session.id, &session.status);
    let why = match status {
        SessionStatus::Triggered => "the org is processing it, and that can't be called back",
        SessionStatus::Completed | SessionStatus::Error | SessionStatus::Expired => "it is over",
        _ => return Ok(()),
    };
    Err(Problem::could_not_run(format!("session {id} is {status}: {why}; nothing was cancelled")))
}

fn question(opened: &Opened<'_>, session: &ImportSession, held: &Held) -> String {
    let whose = match &held.booked {
        Some(ours) => format!(
            "It has {} requests of run {}, which go for nothing; {}",
            ours.session.requests,
            ours.run.id,
            again(opened, held).unwrap_or_else(|| "the run is complete.".to_owned())
        ),
        None => "It is not of this ledger: somebody else may be loading it.".to_owned(),
    };
    format!("{whose}\nCancel session {} ({}) of {}?", session.id, session.status, opened.source)
}

/// What brings the people of the session into the org after all.
fn again(opened: &Opened<'_>, held: &Held) -> Option<String> {
    let ours = held.booked.as_ref().filter(|ours| ours.run_is_open())?;
    Some(format!("`{}` loads its people again.", opened.typed().resume(&ours.run.id)))
}

/// The answer may be lost and the call be made twice: what counts is what the session is afterwards.
async fn carry_out(opened: &Opened<'_>, id: &str) -> Result<(), Problem> {
    let call = || opened.okta.cancel_import_session(&opened.source, id);
    let Err(error) = patiently(call).await.result else { return Ok(()) };
    match opened.now(id).await? {
        None => Ok(()),
        Some(now) if now.status == SessionStatus::Closed => Ok(()),
        Some(now) => {
            refuse_late(&now)?;
            Err(opened.trouble(&error, "cancel an import session", MANAGE))
        }
    }
}

/// The books learn it as well: the run is loaded again without a look at this session.
async fn say(
    opened: &Opened<'_>,
    session: &ImportSession,
    held: &Held,
    cancelled: bool,
) -> Result<(), Problem> {
    let status = SessionStatus::Closed.to_string();
    if let (Some(ledger), Some(ours)) = (&opened.ledger, &held.booked) {
        let (run, number, at) = (ours.run.key, ours.session.number, Timestamp::now());
        ledger.end_session(run, number, SessionStage::Void, Some(status.clone()), at).await?;
    }
    let done = if cancelled { "is cancelled." } else { "is closed already." };
    let again = again(opened, held);
    let run = held.booked.as_ref().map(|ours| &ours.run.id);
    let document = json!({ "id": session.id, "status": status, "cancelled": cancelled, "run": run });
    let text = format!("Session {} {done} {}", session.id, again.unwrap_or_default());
    opened.console.result(&document, text.trim_end());
    Ok(())
}
