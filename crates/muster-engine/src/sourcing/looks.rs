//! Looking at users one by one, and at those that changed, for whom the System Log says nothing.

use std::collections::{HashMap, HashSet};

use futures_util::StreamExt;
use futures_util::stream::iter;
use jiff::Timestamp;
use muster_core::candidate::Candidate;
use muster_core::login::{Login, fold};
use muster_core::record::Line;
use muster_core::retry::Class;
use muster_core::sourcing::{
    LogFinding, Operation, Seen, SentRow, Settle, SourceVerdict, after_deletion, after_upsert, to_the_second,
};
use muster_ledger::{LoadedRow, SessionRecord};
use muster_okta::Endpoint;
use muster_okta::wire::User;
use serde_json::{Map, Value};

use super::Sessions;
use super::contact::words;
use super::log::Wanted;
use super::settling::Known;
use crate::gate::Halt;
use crate::rows::OpenRows;
use crate::run::StopReason;

/// Users looked at at the same time.
const AT_ONCE: usize = 8;

/// A row whose user is looked at.
pub(super) struct Glance {
    pub row: LoadedRow,
    candidate: Candidate,
    since: Timestamp,
}

impl Sessions<'_> {
    /// What became of these rows, as far as one place tells it of many at once.
    pub(super) async fn find_out(
        &self,
        session: &SessionRecord,
        rows: &[LoadedRow],
    ) -> Result<HashMap<Line, Known>, Halt> {
        let since = session.created_at.unwrap_or(session.intended_at);
        match self.sourcing.settle {
            Settle::Log => self.by_log(session, since, rows).await,
            Settle::Read => self.by_changes(since, rows).await,
            Settle::None => Ok(HashMap::new()),
        }
    }

    async fn by_log(
        &self,
        session: &SessionRecord,
        since: Timestamp,
        rows: &[LoadedRow],
    ) -> Result<HashMap<Line, Known>, Halt> {
        let mut wanted = Wanted::default();
        for row in rows {
            wanted.add(row.line.0, row.login.as_deref(), &row.external_id);
        }
        let found = self.read_log(session.id.as_deref().unwrap_or_default(), since, &wanted).await?;
        let known = found.into_iter().map(|(line, logged)| {
            let deactivated = logged.finding == LogFinding::Deactivated;
            let known = Known {
                verdict: SourceVerdict::of_log(&logged.finding),
                okta_id: logged.okta_id,
                status: deactivated.then(|| "DEPROVISIONED".to_owned()),
            };
            (Line(line), known)
        });
        let mut known = known.collect();
        if self.sourcing.then_hook {
            self.add_ids(rows, &mut known).await?;
        }
        Ok(known)
    }

    /// Whoever is armed afterwards is armed by the user's id. Whether Okta's log names the user beside the person of the
    /// source is UNCONFIRMED: who is named by neither would be left out without a word.
    async fn add_ids(&self, rows: &[LoadedRow], known: &mut HashMap<Line, Known>) -> Result<(), Halt> {
        let is_nameless = |row: &&LoadedRow| {
            let known = known.get(&row.line);
            known.is_some_and(|known| known.okta_id.is_none() && known.verdict.trouble.is_none())
        };
        let nameless = rows.iter().filter(is_nameless);
        let logins = nameless.filter_map(|row| Some((row.line, Login::parse(row.login.as_deref()?)?)));
        let logins: Vec<(Line, Login)> = logins.collect();
        let look = |(line, login): (Line, Login)| async move { (line, self.user(&login).await) };
        let mut looks = iter(logins).map(look).buffer_unordered(AT_ONCE);
        while let Some((line, user)) = looks.next().await {
            if let (Some(user), Some(known)) = (user?, known.get_mut(&line)) {
                (known.okta_id, known.status) = (Some(user.id), Some(user.status));
            }
        }
        Ok(())
    }

    /// The users that changed since then. The list lags behind (API.md §5.4), so it proves what it shows and nothing
    /// else.
    async fn by_changes(&self, since: Timestamp, rows: &[LoadedRow]) -> Result<HashMap<Line, Known>, Halt> {
        let mut known = HashMap::new();
        if self.sourcing.operation == Operation::Deactivate {
            return Ok(known);
        }
        let by_login: HashMap<String, Line> =
            rows.iter().filter_map(|row| Some((fold(row.login.as_deref()?), row.line))).collect();
        let begun = to_the_second(since);
        let mut page: Option<String> = None;
        loop {
            let call = || self.contact.okta.users_changed_since(begun, page.as_deref());
            let exchange = self.contact.gate.patiently(Endpoint::ListUsers, call).await?;
            page.clone_from(&exchange.next);
            let Ok(users) = exchange.result else { return Ok(known) };
            for user in users {
                let login = user.profile.get("login").and_then(|login| login.as_str()).map(fold);
                // Who was there before may have changed for another reason, and is looked at.
                let created = user.created.is_some_and(|created| created >= begun);
                if let Some(line) = login.and_then(|login| by_login.get(&login)).filter(|_| created) {
                    known.insert(*line, of_user(SourceVerdict::of_log(&LogFinding::Created), &user));
                }
            }
            if page.is_none() {
                return Ok(known);
            }
        }
    }

    /// What looking at the users of these rows needs.
    pub(super) async fn glances(
        &self,
        session: &SessionRecord,
        rows: Vec<LoadedRow>,
    ) -> Result<Vec<Glance>, Halt> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let lines: HashSet<u64> = rows.iter().map(|row| row.line.0).collect();
        let begun = self.first_carried(session, &lines).await?;
        let since = session.created_at.unwrap_or(session.intended_at);
        let mut rows: HashMap<Line, LoadedRow> = rows.into_iter().map(|row| (row.line, row)).collect();
        let candidates = self.read_again(&lines).await?;
        let mut logins = self.logins(&rows).await?;
        let glances = candidates.into_iter().filter_map(|mut candidate| {
            let row = rows.remove(&candidate.line)?;
            candidate.login = logins.remove(&row.external_id).unwrap_or(candidate.login);
            let since = begun.get(&row.line.0).copied().unwrap_or(since);
            Some(Glance { row, candidate, since })
        });
        Ok(glances.collect())
    }

    /// The logins of who is to be deactivated, where the books know them: a list of leavers may have keys alone.
    async fn logins(&self, rows: &HashMap<Line, LoadedRow>) -> Result<HashMap<String, Login>, Halt> {
        if self.sourcing.operation != Operation::Deactivate {
            return Ok(HashMap::new());
        }
        let ids = rows.values().map(|row| row.external_id.clone()).collect();
        let logins = self.context.ledger.logins_of_people(self.key, ids).await?;
        Ok(logins.into_iter().filter_map(|(id, login)| Some((id, Login::parse(&login)?))).collect())
    }

    /// The users of the logins, one by one, beside what the rows say. `processed` is whether Okta has gone through the
    /// whole session.
    pub(super) async fn look_at_each(
        &self,
        glances: &[Glance],
        processed: bool,
    ) -> Result<HashMap<Line, Known>, Halt> {
        let mut known = HashMap::new();
        let looks = glances.iter().map(|glance| self.glance(glance, processed));
        let mut looks = iter(looks).buffer_unordered(AT_ONCE);
        while let Some(found) = looks.next().await {
            let (line, found) = found?;
            known.insert(line, found);
        }
        Ok(known)
    }

    /// When rows were first carried by a session of this run, for those that an earlier one carried in vain: whom that
    /// one created, this run has created.
    async fn first_carried(
        &self,
        session: &SessionRecord,
        lines: &HashSet<u64>,
    ) -> Result<HashMap<u64, Timestamp>, Halt> {
        let (ledger, run) = (&self.context.ledger, self.context.run);
        let mut first = HashMap::new();
        for earlier in ledger.import_sessions(run).await? {
            if earlier.number >= session.number {
                break;
            }
            let begun = earlier.created_at.unwrap_or(earlier.intended_at);
            for upload in ledger.uploads(run, earlier.number).await? {
                for line in upload.lines.iter().filter(|line| lines.contains(line)) {
                    first.entry(*line).or_insert(begun);
                }
            }
        }
        Ok(first)
    }

    /// The rows as the source has them: the books hold no profiles.
    async fn read_again(&self, lines: &HashSet<u64>) -> Result<Vec<Candidate>, Halt> {
        let reading = self.context.surroundings.reading;
        let (ledger, run) = (self.context.ledger.clone(), self.context.run);
        let mut rows = OpenRows::new(ledger, run, &self.context.plan, self.source, reading)?;
        let mut found = Vec::with_capacity(lines.len());
        while found.len() < lines.len() {
            let Some((_, candidate)) = rows.next_of(|open| lines.contains(&open.line.0)).await? else {
                break;
            };
            found.push(candidate);
        }
        Ok(found)
    }

    async fn glance(&self, glance: &Glance, processed: bool) -> Result<(Line, Known), Halt> {
        let Glance { row, candidate, since } = glance;
        let user = self.user(&candidate.login).await?;
        let seen = user.as_ref().map_or(Seen::Nobody, seen);
        let verdict = match self.sourcing.operation {
            Operation::CreateUpdate => {
                let profile = self.shall_have(candidate, processed);
                after_upsert(SentRow { profile: &profile, since: *since }, &seen)
            }
            Operation::Deactivate => {
                let at_source = self.is_at_source(&row.external_id).await?;
                after_deletion(at_source, Some(&seen), *since)
            }
        };
        let known = match user {
            Some(user) => of_user(verdict, &user),
            None => Known { verdict, okta_id: None, status: None },
        };
        Ok((row.line, known))
    }

    /// What the user has if the row was taken. How the org maps other attributes nobody knows: a session that Okta went
    /// through is no less done if they differ. After one that it did not go through, a user who lacks any of them may
    /// never have been touched.
    fn shall_have(&self, candidate: &Candidate, processed: bool) -> Map<String, Value> {
        let attributes = &self.sourcing.attributes;
        if processed { attributes.mapped(&candidate.profile) } else { attributes.sent(&candidate.profile) }
    }

    /// The user of this login, if there is one.
    pub(super) async fn user(&self, login: &Login) -> Result<Option<User>, Halt> {
        let call = || self.contact.okta.read_user(login);
        let exchange = self.contact.gate.patiently(Endpoint::ReadUser, call).await?;
        match (exchange.class(), exchange.result) {
            (_, Ok(user)) => Ok(Some(user)),
            (Some(Class::NotFound | Class::Refused), Err(_)) => Ok(None),
            (_, Err(error)) => {
                let why = format!("{} (scope okta.users.read)", words(&error));
                Err(Halt::Stopped(StopReason::Forbidden(why)))
            }
        }
    }

    /// Whether the identity source has this person; nothing where it does not say.
    pub(super) async fn is_at_source(&self, external_id: &str) -> Result<Option<bool>, Halt> {
        let call = || self.contact.okta.read_source_user(&self.contact.source, external_id);
        let exchange = self.contact.gate.patiently(Endpoint::SourceUsers, call).await?;
        Ok(match (exchange.class(), exchange.result) {
            (_, Ok(_)) => Some(true),
            (Some(Class::NotFound), Err(_)) => Some(false),
            (_, Err(_)) => None,
        })
    }
}

pub(super) fn seen(user: &User) -> Seen {
    Seen::User(Box::new(user.clone().into()), user.last_updated)
}

fn of_user(verdict: SourceVerdict, user: &User) -> Known {
    Known { verdict, okta_id: Some(user.id.clone()), status: Some(user.status.clone()) }
}
