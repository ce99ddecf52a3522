//! What a returned request means: for the budget, for the health of the org, for the row.

use std::time::Duration;

use muster_core::flow::{CallKind, Progress, RowFlow};
use muster_core::outcome::Outcome;
use muster_core::retry::{Class, back_off};
use muster_ledger::Entry;
use muster_okta::Endpoint;

use super::Dispatcher;
use crate::breaker::Side;
use crate::request::Returned;
use crate::rights::{Blame, scope};
use crate::run::StopReason;

/// Access tokens that may be refused in a row for one call.
const MOST_TOKENS: u32 = 10;

impl Dispatcher {
    pub(super) fn returned(&mut self, returned: Returned) {
        let now = self.now();
        self.news = true;
        self.counts.answer(returned.status);
        log_answer(&returned, now);
        if returned.reading.is_none() && matches!(returned.class, None | Some(Class::Doubtful)) {
            self.pacer.lost(returned.endpoint, returned.sent_at);
        } else {
            self.pacer.returned(returned.endpoint, returned.sent_at, returned.reading, now);
        }
        if let Some(date) = returned.date {
            self.org_said(date);
        }
        if let Some(reading) =
            returned.reading.filter(|reading| returned.endpoint == Endpoint::CreateUser && reading.limit > 0)
        {
            self.counts.window(reading.limit, reading.resets_in);
        }
        match returned.class {
            Some(Class::OverQuota) => self.over_quota(returned, now),
            Some(Class::OverConcurrency) => self.over_concurrency(returned, now),
            Some(Class::TokenSpent) => self.token_spent(returned),
            Some(Class::Unauthorised) => self.stop(StopReason::Unauthorised(words(&returned))),
            Some(Class::Forbidden) => self.forbidden(returned),
            _ => self.progressed(returned, now),
        }
    }

    /// Tokens that are good elsewhere and refused here, one after the other, will not be taken at last.
    fn token_spent(&mut self, mut returned: Returned) {
        self.health.answered(side(returned.endpoint));
        if returned.flow.token_refused() > MOST_TOKENS {
            let why = format!("{} ({})", words(&returned), returned.endpoint.as_str());
            return self.stop(StopReason::Unauthorised(why));
        }
        self.turned_away(returned.flow, None);
    }

    fn forbidden(&mut self, returned: Returned) {
        let endpoint = returned.endpoint;
        let why = format!("{} ({}, scope {})", words(&returned), endpoint.as_str(), scope(endpoint));
        let now = self.now();
        match self.rights.forbidden(returned) {
            Blame::Unclear => {}
            Blame::Token => self.stop(StopReason::Forbidden(why)),
            Blame::Rows(rows) => rows.into_iter().for_each(|returned| self.progressed(returned, now)),
        }
    }

    /// Nothing is left that would tell whether the token or the row is to blame: then it is the row.
    pub(super) fn settle_forbidden(&mut self) {
        let now = self.now();
        for returned in self.rights.rest() {
            self.progressed(returned, now);
        }
    }

    fn over_quota(&mut self, returned: Returned, now: Duration) {
        self.counts.quota_429 += 1;
        self.health.answered(side(returned.endpoint));
        self.pacer.over_quota(returned.endpoint, returned.window_ends_in, now);
        tracing::info!(
            endpoint = returned.endpoint.as_str(),
            "the window is spent: waiting for the next one"
        );
        self.turned_away(returned.flow, None);
    }

    fn over_concurrency(&mut self, returned: Returned, now: Duration) {
        self.counts.concurrency_429 += 1;
        self.health.answered(side(returned.endpoint));
        self.pacer.over_concurrency(returned.sent_at, now);
        tracing::info!(allowed = self.pacer.allowed(), "too many requests at once: fewer from now on");
        self.turned_away(returned.flow, Some(now + back_off(1, self.context.surroundings.dice.throw())));
    }

    /// A 429 is refused before anything is done (API.md §11.7): the row is as it was.
    fn turned_away(&mut self, mut flow: Box<RowFlow>, until: Option<Duration>) {
        flow.turned_away();
        match until {
            None => self.queue.push_front(flow),
            Some(at) => self.queue.push_at(at, flow),
        }
    }

    fn progressed(&mut self, returned: Returned, now: Duration) {
        self.note_health(&returned, now);
        if returned.class == Some(Class::Success) {
            for aside in self.rights.allowed(&returned) {
                self.progressed(aside, now);
            }
        }
        let Returned { mut flow, answer, intended_at, .. } = returned;
        flow.took(now.saturating_sub(returned.sent_at));
        match flow.answered(
            answer,
            intended_at,
            self.health.is_well(),
            self.context.surroundings.dice.throw(),
        ) {
            Progress::Again(wait) if wait.is_zero() && flow.call_kind() == Some(CallKind::Update) => {
                self.books.disclaim(flow);
            }
            Progress::Again(wait) if wait.is_zero() => self.queue.push(flow),
            Progress::Again(wait) => self.queue.push_at(now + wait, flow),
            Progress::Settled(user) => {
                self.note_adoption(user.outcome);
                let (line, attempts) = (flow.candidate().line, flow.attempts());
                self.books.enter(Entry::Settle { line, user, attempts });
                flow.attempts_are_booked();
                self.queue.push(flow);
            }
            Progress::Finished(result) => {
                self.note_adoption(result.outcome);
                self.finish(result);
            }
        }
    }

    /// A user who was read back as ours is a write that worked, whatever became of its answer.
    fn note_adoption(&mut self, outcome: Outcome) {
        if outcome == Outcome::Adopted {
            self.health.answered(Side::Writes);
        }
    }

    fn note_health(&mut self, returned: &Returned, now: Duration) {
        let was_away = self.health.away(now);
        match returned.class {
            Some(Class::ReadOnly) => self.health.read_only(now, &words(returned)),
            None | Some(Class::Doubtful) => {
                self.health.failed(side(returned.endpoint), now, &words(returned));
            }
            Some(_) => {
                self.health.answered(side(returned.endpoint));
                self.pacer.went_well(returned.endpoint, now.saturating_sub(returned.sent_at), now);
            }
        }
        if let Some(away) = self.health.away(now) {
            self.probe_at = now + self.health.probe_wait(self.context.surroundings.dice.throw());
            tracing::info!(seconds = away.as_secs(), words = self.health.words(), "the org is away");
            if away > self.context.pacing.patience {
                self.stop(StopReason::OrgAway(self.health.words().to_owned()));
            }
        } else if let Some(away) = was_away {
            tracing::info!(seconds = away.as_secs(), "the org is back");
        }
    }
}

fn side(endpoint: Endpoint) -> Side {
    if matches!(endpoint, Endpoint::ReadUser | Endpoint::ListUsers) { Side::Reads } else { Side::Writes }
}

/// Rows are named by their line: a log outlives the run, and logins are personal data.
fn log_answer(returned: &Returned, now: Duration) {
    tracing::debug!(
        line = returned.flow.candidate().line.0,
        endpoint = returned.endpoint.as_str(),
        status = returned.status,
        milliseconds = u64::try_from(now.saturating_sub(returned.sent_at).as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
}

/// The org's words in an answer that went wrong.
fn words(returned: &Returned) -> String {
    use muster_core::flow::Answer;
    match &returned.answer {
        Answer::Refused(refusal) | Answer::NotFound(refusal) | Answer::Later(refusal) => {
            let trouble = refusal.trouble();
            format!("{} {}", trouble.code, trouble.text)
        }
        Answer::Doubtful(text) | Answer::NotSent(text) => text.clone(),
        Answer::User(_) | Answer::Done => String::new(),
    }
}
