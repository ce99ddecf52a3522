//! How an answer gets to its client, or does not. The door makes the answer; what happens on the way is decided here.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, header, request::Parts};

use crate::{
    api::call::decoded,
    door::base_of,
    emulator::{Emulator, locked},
    faults::{FaultKind, Stage, Strike, page_with_200, truncated, within},
    inspection,
    operation::Operation,
    pages,
};

/// Tells clients in the same process of a fault that has no other shape for them.
const FAULT_HEADER: HeaderName = HeaderName::from_static("x-emulator-fault");

/// What a client gets for a request.
#[derive(Clone)]
pub enum Delivery {
    /// A whole answer.
    Whole(Response<Bytes>),
    /// Nothing: the connection is closed. The work is done.
    Lost,
    /// Nothing: the connection is reset. The work is not done.
    Reset,
    /// The beginning of an answer; then the connection is closed. Its headers promise the whole.
    Cut {
        /// The whole answer.
        response: Response<Bytes>,
        /// How many bytes of its body arrive; fewer than there are.
        after: usize,
    },
    /// A whole answer, its body slowly.
    Dripped {
        /// The whole answer.
        response: Response<Bytes>,
        /// The pace; not 0.
        bytes_per_second: u32,
    },
    /// Nothing, for so long; then the connection is closed.
    Hung {
        /// How long a client can wait.
        time: Duration,
    },
}

/// Answers can have tokens and passwords in them, which are not to be printed.
impl fmt::Debug for Delivery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = |response: &Response<Bytes>| response.status().as_u16();
        match self {
            Self::Whole(response) => out.debug_tuple("Whole").field(&status(response)).finish(),
            Self::Lost => out.write_str("Lost"),
            Self::Reset => out.write_str("Reset"),
            Self::Cut { response, .. } => out.debug_tuple("Cut").field(&status(response)).finish(),
            Self::Dripped { response, .. } => out.debug_tuple("Dripped").field(&status(response)).finish(),
            Self::Hung { time } => out.debug_tuple("Hung").field(time).finish(),
        }
    }
}

impl Delivery {
    /// A whole answer, for clients that know nothing else: what is dripped or hung takes its time, and what does not
    /// arrive becomes a 502 whose header `x-emulator-fault` names the fault.
    pub async fn whole(self) -> Response<Bytes> {
        match self {
            Self::Whole(response) => response,
            Self::Lost => broken("lost-answer"),
            Self::Reset => broken("reset"),
            Self::Cut { .. } => broken("cut"),
            Self::Dripped { response, bytes_per_second } => {
                let length = u32::try_from(response.body().len()).unwrap_or(u32::MAX);
                tokio::time::sleep(Duration::from_secs(length.into()) / bytes_per_second.max(1)).await;
                response
            }
            Self::Hung { time } => {
                tokio::time::sleep(time).await;
                broken("hang")
            }
        }
    }

    /// What becomes of a request that a fault strikes before anything is done.
    fn before(fault: FaultKind) -> Option<Self> {
        match fault {
            FaultKind::Reset => Some(Self::Reset),
            FaultKind::HangBefore { time } => Some(Self::Hung { time }),
            _ => None,
        }
    }

    /// What becomes of an answer that a fault strikes on its way.
    fn of(response: Response<Bytes>, strike: Option<Strike>) -> Self {
        let Some(Strike { kind, choice }) = strike else { return Self::Whole(response) };
        match kind {
            FaultKind::LostAnswer => Self::Lost,
            FaultKind::Cut if response.body().is_empty() => Self::Lost,
            FaultKind::Cut => Self::Cut { after: within(response.body().len(), choice), response },
            FaultKind::Drip { bytes_per_second } => Self::Dripped { response, bytes_per_second },
            FaultKind::Hang { time } => Self::Hung { time },
            FaultKind::Malformed => Self::Whole(truncated(response, choice)),
            FaultKind::Html200 => Self::Whole(page_with_200(response)),
            _ => Self::Whole(response),
        }
    }
}

impl Emulator {
    /// Answers a request, and says how the answer is to be delivered. What is done to the org is done when this
    /// returns, whether an answer arrives or not.
    pub async fn deliver(&self, request: Request<Bytes>) -> Delivery {
        let (parts, body) = request.into_parts();
        if let Some(rest) = parts.uri.path().strip_prefix("/_emulator/") {
            return Delivery::Whole(match rest {
                _ if inspection::is_of_another_page(&parts.headers, &base_of(&parts)) => {
                    inspection::forbidden()
                }
                "tokens" if matches!(parts.method.as_str(), "GET" | "POST") => self.token_page(&parts, &body),
                _ => self.control(&parts, rest, &body).unwrap_or_else(|| self.inspect(&parts, rest)),
            });
        }
        if let Some(page) = pages::answer(&parts) {
            return Delivery::Whole(page);
        }
        let strike = self.wire_strike(&parts);
        let fault = strike.map(|strike| strike.kind);
        let Some((fault, delivery)) = fault.and_then(|fault| Some((fault, Delivery::before(fault)?))) else {
            return Delivery::of(self.answer_at_door(&parts, &body, fault).await, strike);
        };
        self.record_unanswered(&parts, &body, fault);
        delivery
    }

    /// The fault that strikes a request on the wire. Which operation it is for is asked only if any is planned.
    fn wire_strike(&self, parts: &Parts) -> Option<Strike> {
        let faults = &mut locked(&self.inner.line).faults;
        if faults.are_none() {
            return None;
        }
        faults.strike(Stage::Wire, operation_of(parts), |_| true)
    }
}

fn operation_of(parts: &Parts) -> Option<&'static Operation> {
    let segments: Vec<_> = parts.uri.path().trim_matches('/').split('/').map(decoded).collect();
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    Operation::of(parts.method.as_str(), &segments).ok().map(|wanted| wanted.operation)
}

fn broken(fault: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(format!("the emulated org delivers no answer: {fault}\n")));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response.headers_mut().insert(FAULT_HEADER, HeaderValue::from_static(fault));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}
