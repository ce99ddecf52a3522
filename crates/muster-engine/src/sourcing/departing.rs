//! People who are gone from the source: deactivated in sessions of their own, once all rows are through.

use jiff::Timestamp;
use muster_core::login::Login;
use muster_core::outcome::Outcome;
use muster_core::sourcing::{Operation, SessionRoom, Settle, SourceVerdict, after_deletion};
use muster_ledger::{Departure, DepartureEnd, SessionRecord};

use super::Sessions;
use super::block::{BlockBuilder, Piece};
use super::log::Wanted;
use super::looks::seen;
use crate::gate::Halt;

/// Departures taken from the books at a time.
const PAGE: u32 = 1000;

/// Departures entered in one commit.
const BATCH: usize = 500;

impl Sessions<'_> {
    /// Deactivates those whose deactivation was asked for and is open.
    pub(super) async fn load_departures(&mut self) -> Result<(), Halt> {
        for _ in 0..super::MOST_PASSES {
            let mut after = 0;
            loop {
                let block = self.next_departures(&mut after).await?;
                if block.is_empty() {
                    break;
                }
                self.carry(block).await?;
                self.settle_all().await?;
            }
            if self.context.ledger.departure_counts(self.context.run).await?.open == 0 {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn next_departures(&self, after: &mut u64) -> Result<Vec<Piece>, Halt> {
        let room = SessionRoom::after(0, 0);
        let mut builder = BlockBuilder::new(Operation::Deactivate, self.sourcing.limits(), room);
        loop {
            let page = self.context.ledger.departures(self.context.run, *after, PAGE).await?;
            if page.is_empty() {
                return Ok(builder.finish());
            }
            for departure in page {
                if departure.end.is_none() && !builder.offer_departure(&departure) {
                    return Ok(builder.finish());
                }
                *after = departure.number;
            }
        }
    }

    /// What became of those whom the session carried.
    pub(super) async fn settle_departures(
        &mut self,
        session: &SessionRecord,
        numbers: Vec<u64>,
    ) -> Result<(), Halt> {
        let mut gone = Vec::with_capacity(numbers.len());
        for number in numbers {
            let page = self.context.ledger.departures(self.context.run, number.saturating_sub(1), 1).await?;
            gone.extend(page.into_iter().filter(|found| found.number == number && found.end.is_none()));
        }
        if gone.is_empty() {
            return Ok(());
        }
        let mut wanted = Wanted::default();
        for person in &gone {
            wanted.add(person.number, person.login.as_deref(), &person.external_id);
        }
        let since = session.created_at.unwrap_or(session.intended_at);
        let id = session.id.clone().unwrap_or_default();
        let logged = match self.sourcing.settle {
            Settle::Log => self.read_log(&id, since, &wanted).await?,
            Settle::Read | Settle::None => std::collections::HashMap::new(),
        };
        let mut ends = Vec::with_capacity(BATCH.min(gone.len()));
        for person in gone {
            let verdict = match logged.get(&person.number) {
                Some(logged) => SourceVerdict::of_log(&logged.finding),
                None => self.look_at(&person, since).await?,
            };
            ends.push((person.number, end(&verdict)));
            // Looking takes a request or two each: what is known is entered meanwhile.
            if ends.len() >= BATCH {
                self.end_departures(std::mem::take(&mut ends)).await?;
            }
        }
        self.end_departures(ends).await
    }

    async fn end_departures(&self, ends: Vec<(u64, DepartureEnd)>) -> Result<(), Halt> {
        let at = self.context.surroundings.clock.now();
        self.context.ledger.end_departures(self.context.run, self.key, ends, at).await?;
        Ok(())
    }

    async fn look_at(&self, person: &Departure, since: Timestamp) -> Result<SourceVerdict, Halt> {
        if self.sourcing.settle == Settle::None {
            return Ok(SourceVerdict::not_told("--settle none asks nobody what the session did"));
        }
        let at_source = self.is_at_source(&person.external_id).await?;
        let login = person.login.as_deref().and_then(Login::parse);
        let user = match login {
            Some(login) => self.user(&login).await?,
            None => None,
        };
        Ok(after_deletion(at_source, user.as_ref().map(seen).as_ref(), since))
    }

    pub(super) async fn fail_departures(&mut self, numbers: &[u64], words: &str) -> Result<(), Halt> {
        self.end_departures(
            numbers.iter().map(|number| (*number, DepartureEnd::Failed(words.to_owned()))).collect(),
        )
        .await
    }
}

fn end(verdict: &SourceVerdict) -> DepartureEnd {
    match &verdict.trouble {
        Some(trouble) => DepartureEnd::Failed(trouble.text.clone()),
        None if verdict.outcome == Outcome::Updated => DepartureEnd::Deactivated,
        None => DepartureEnd::NotThere,
    }
}
