//! `GET /logs`: the System Log, in pages.
//!
//! A cursor says how far the log has been read: the number of the next event to look at, or, backwards, of the
//! last one that was looked at. Times only grow, so a span of time is found without a walk.

use std::ops::Range;

use super::{
    call::{Answer, Call, Reply},
    log_query::LogQuery,
    log_view,
    page::Page,
};
use crate::model::org::Org;

/// Without `until`, and forwards, it is a poll, and there is always a next page.
pub(crate) fn list(org: &Org, call: &Call<'_>) -> Answer {
    let query = LogQuery::of(org, call)?;
    let span = span(org, &query);
    match (query.descending, query.polls) {
        (true, _) => backwards(org, call, &query, span),
        (false, true) => poll(org, call, &query, span),
        (false, false) => forwards(org, call, &query, span),
    }
}

/// The numbers of the events in the span of time that is asked for.
fn span(org: &Org, query: &LogQuery) -> Range<usize> {
    let first = org.events.first_from(query.since);
    let end = org.events.first_from(query.until);
    first..end.max(first)
}

fn forwards(org: &Org, call: &Call<'_>, query: &LogQuery, span: Range<usize>) -> Answer {
    let numbers = span.start.max(query.place().unwrap_or_default())..span.end;
    let events = numbers.filter_map(|number| found(org, query, number));
    query.page().reply(call, events, |(_, view)| view.clone(), |(number, _)| place_of(number + 1))
}

fn backwards(org: &Org, call: &Call<'_>, query: &LogQuery, span: Range<usize>) -> Answer {
    let numbers = span.start..span.end.min(query.place().unwrap_or(usize::MAX));
    let events = numbers.rev().filter_map(|number| found(org, query, number));
    query.page().reply(call, events, |(_, view)| view.clone(), |(number, _)| place_of(*number))
}

/// The next page begins where this one has ended, or where the log ends by now.
fn poll(org: &Org, call: &Call<'_>, query: &LogQuery, span: Range<usize>) -> Answer {
    let start = span.start.max(query.place().unwrap_or_default());
    let events = (start..span.end).filter_map(|number| found(org, query, number));
    let shown: Vec<_> = events.take(query.limit).collect();
    let next = match shown.last() {
        Some((number, _)) if shown.len() == query.limit => number + 1,
        _ if query.limit == 0 => start,
        _ => span.end.max(start),
    };
    let mut reply = Reply::json(&shown.iter().map(|(_, view)| view).collect::<Vec<_>>())?;
    reply.links = query.page().links(call, Some(place_of(next)));
    Ok(reply)
}

/// An event, if it is wanted. What can be told without a view is asked first: a view takes time.
fn found(org: &Org, query: &LogQuery, number: usize) -> Option<(usize, serde_json::Value)> {
    let event = org.events.get(number)?;
    if !query.can_want(&event) {
        return None;
    }
    let view = log_view::view(org, place_of(number), &event);
    query.wants(&view).then_some((number, view))
}

fn place_of(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

impl LogQuery {
    /// How far the log has been read.
    fn place(&self) -> Option<usize> {
        self.after.map(|after| usize::try_from(after).unwrap_or(usize::MAX))
    }

    fn page(&self) -> Page {
        Page { limit: self.limit, after: self.after }
    }
}
