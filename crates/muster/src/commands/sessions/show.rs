//! `muster sessions show`.

use muster_okta::wire::ImportSession;

use super::opened::{Booked, Opened, may_be_of};
use crate::args::SessionArgs;
use crate::error::{End, Problem};
use crate::output::{Console, SessionBooks, SessionView, UploadView};
use crate::settings::Settings;

/// One session: at the org, and in the books.
pub async fn show(settings: &Settings, args: &SessionArgs, console: Console) -> Result<End, Problem> {
    let opened = Opened::of(settings, &args.of, console).await?;
    let now = opened.now(&args.session).await?;
    let booked = opened.booked().await?;
    let ours = booked.iter().find(|ours| ours.is(&args.session));
    if now.is_none() && ours.is_none() {
        return Err(opened.unknown(&args.session));
    }
    let books = match ours {
        Some(ours) => Some(books(&opened, ours).await?),
        None => None,
    };
    let may_be_of = now.as_ref().and_then(|now| may_be_of(&booked, now)).map(|ours| ours.run.id.clone());
    let view = view(&opened, &args.session, now, books, may_be_of);
    console.result(&view, &view.describe());
    Ok(End::Fine)
}

fn view(
    opened: &Opened<'_>,
    id: &str,
    now: Option<ImportSession>,
    books: Option<SessionBooks>,
    may_be_of: Option<String>,
) -> SessionView {
    let resumable = books.as_ref().filter(|books| books.run_is_open).map(|books| &books.run);
    let next = resumable.or(may_be_of.as_ref()).map(|run| opened.typed().resume(run));
    let created_at = now.as_ref().and_then(|now| now.created);
    SessionView {
        id: id.to_owned(),
        org: opened.org().to_owned(),
        identity_source: opened.source.clone(),
        status: now.as_ref().map(|now| now.status.to_string()),
        created_at: created_at.or_else(|| books.as_ref().and_then(|books| books.created_at)),
        last_updated: now.and_then(|now| now.last_updated),
        books,
        may_be_of,
        next,
    }
}

async fn books(opened: &Opened<'_>, ours: &Booked) -> Result<SessionBooks, Problem> {
    let uploads = match &opened.ledger {
        Some(ledger) => ledger.uploads(ours.run.key, ours.session.number).await?,
        None => Vec::new(),
    };
    let session = &ours.session;
    Ok(SessionBooks {
        run: ours.run.id.clone(),
        run_is_open: ours.run_is_open(),
        number: session.number,
        stage: session.stage.into(),
        status_seen: session.status.clone(),
        created_at: session.created_at,
        triggered_at: session.triggered_at,
        ended_at: session.ended_at,
        requests: session.requests,
        people: session.users,
        uploads: uploads.iter().map(UploadView::from).collect(),
    })
}
