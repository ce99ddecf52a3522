//! Why no answer came: from the errors of hyper, rustls and the system, by their types.

use std::error::Error;
use std::io;
use std::iter::successors;

use hyper_util::client::legacy;

use crate::error::{TransportError, TransportFailure};

type Cause<'a> = &'a (dyn Error + 'static);

/// The failure of a request that can't be sent as it is.
pub(super) fn unsendable(text: impl Into<String>) -> TransportError {
    TransportError { failure: TransportFailure::Unsendable, text: text.into() }
}

/// The failure of a request whose time is up.
pub(super) fn late() -> TransportError {
    TransportError { failure: TransportFailure::TimedOut, text: "no answer in time".to_owned() }
}

/// The failure of a request of which no answer was seen. The error holds no address.
pub(super) fn unanswered(error: &legacy::Error) -> TransportError {
    let failure = if error.is_connect() { unconnected(error) } else { unfinished(error) };
    TransportError { failure, text: words(error) }
}

/// The failure of a request whose answer had begun.
pub(super) fn broken(error: Cause<'_>) -> TransportError {
    let failure = if timed_out(error) { TransportFailure::TimedOut } else { TransportFailure::Broken };
    TransportError { failure, text: words(error) }
}

/// What speaks no TLS at all is not the org; all else that TLS does not like will be the same in a second.
fn unconnected(error: &legacy::Error) -> TransportFailure {
    let tls = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>());
    match tls {
        None | Some(rustls::Error::InvalidMessage(_)) => TransportFailure::Connect,
        Some(_) => TransportFailure::Tls,
    }
}

/// hyper calls those requests canceled that it hands back as they came: the connection, kept from an earlier request,
/// had been closed before anything of this one was written.
fn unfinished(error: &legacy::Error) -> TransportFailure {
    let canceled = |cause: Cause<'_>| cause.downcast_ref().is_some_and(hyper::Error::is_canceled);
    if causes(error).any(canceled) {
        TransportFailure::Connect
    } else if timed_out(error) {
        TransportFailure::TimedOut
    } else {
        TransportFailure::Broken
    }
}

fn timed_out(error: Cause<'_>) -> bool {
    causes(error).any(|cause| {
        let system =
            cause.downcast_ref().is_some_and(|error: &io::Error| error.kind() == io::ErrorKind::TimedOut);
        system || cause.downcast_ref().is_some_and(hyper::Error::is_timeout)
    })
}

/// The error and its causes.
fn causes(error: Cause<'_>) -> impl Iterator<Item = Cause<'_>> {
    successors(Some(error), |error| beneath(*error))
}

/// An I/O error passes over the error that it holds itself.
fn beneath(error: Cause<'_>) -> Option<Cause<'_>> {
    let held = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    held.map(|held| held as Cause<'_>).or_else(|| error.source())
}

/// The error with its causes, each said once.
fn words(error: Cause<'_>) -> String {
    let mut texts: Vec<String> = Vec::new();
    for cause in causes(error) {
        let text = cause.to_string();
        if texts.last().is_none_or(|last| !last.contains(&text)) {
            texts.push(text);
        }
    }
    texts.join(": ")
}
