//! `muster sessions list`.

use muster_ledger::SessionStage;
use muster_okta::wire::ImportSession;

use super::opened::{Booked, Opened, may_be_of};
use crate::args::SessionsArgs;
use crate::error::{End, Problem};
use crate::output::{Console, SessionLine, SessionList};
use crate::settings::Settings;

/// What the org lists, together with what this ledger knows.
pub async fn list(settings: &Settings, args: &SessionsArgs, console: Console) -> Result<End, Problem> {
    let opened = Opened::of(settings, args, console).await?;
    let listed = opened.listed().await?;
    let booked = opened.booked().await?;
    let mut sessions: Vec<SessionLine> = listed.iter().map(|session| line(session, &booked)).collect();
    for ours in &booked {
        if !listed.iter().any(|session| ours.is(&session.id)) {
            sessions.push(unlisted(&opened, ours).await?);
        }
    }
    sessions.sort_by_key(|session| session.created_at);
    let list = SessionList { org: opened.org().to_owned(), identity_source: opened.source.clone(), sessions };
    console.result(&list, &list.describe(&opened.typed()));
    Ok(End::Fine)
}

/// A session that the org lists.
fn line(session: &ImportSession, booked: &[Booked]) -> SessionLine {
    let ours = booked.iter().find(|ours| ours.is(&session.id));
    SessionLine {
        id: Some(session.id.clone()),
        status: Some(session.status.to_string()),
        created_at: session.created.or_else(|| ours.and_then(|ours| ours.session.created_at)),
        requests: ours.map(|ours| ours.session.requests),
        people: ours.map(|ours| ours.session.users),
        run: ours.map(|ours| ours.run.id.clone()),
        may_be_of: may_be_of(booked, session).map(|ours| ours.run.id.clone()),
    }
}

/// A session that this ledger knows and the org does not list. What is over stays as it was.
async fn unlisted(opened: &Opened<'_>, ours: &Booked) -> Result<SessionLine, Problem> {
    let session = &ours.session;
    let is_over = matches!(session.stage, SessionStage::Settled | SessionStage::Void);
    let now = match session.id.as_deref().filter(|_| !is_over) {
        Some(id) => opened.now(id).await?,
        None => None,
    };
    Ok(SessionLine {
        id: session.id.clone(),
        status: now.map(|now| now.status.to_string()).or_else(|| session.status.clone()),
        created_at: session.created_at.or(Some(session.intended_at)),
        requests: Some(session.requests),
        people: Some(session.users),
        run: Some(ours.run.id.clone()),
        may_be_of: None,
    })
}
