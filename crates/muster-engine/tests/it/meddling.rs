//! A transport to an org in the same process, with someone on the line who may spoil any request or answer.

use bytes::Bytes;
use http::{Request, Response};
use muster_emulator::Emulator;
use muster_okta::transport::{Answering, Transport};
use muster_okta::{TransportError, TransportFailure};

/// What happens to a request.
pub enum Meddling {
    /// It arrives, and so does its answer.
    None,
    /// It never arrives; no answer comes.
    FailBefore(TransportFailure),
    /// Another one answers in the org's place; the org never hears of it.
    AnswerInstead(Response<Bytes>),
    /// The org does its work, the answer is lost.
    LoseAnswer(TransportFailure),
}

type Meddle = Box<dyn Fn(&Request<Bytes>) -> Meddling + Send + Sync>;

/// The line to an org, and who meddles with it.
pub struct Line {
    org: Emulator,
    meddle: Meddle,
}

impl Line {
    /// Nobody meddles.
    pub fn clean(org: &Emulator) -> Self {
        Self::meddled(org, |_| Meddling::None)
    }

    /// This one does.
    pub fn meddled(
        org: &Emulator,
        meddle: impl Fn(&Request<Bytes>) -> Meddling + Send + Sync + 'static,
    ) -> Self {
        Self { org: org.clone(), meddle: Box::new(meddle) }
    }

    async fn carry(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        match (self.meddle)(&request) {
            Meddling::None => Ok(self.org.call(request).await),
            Meddling::FailBefore(failure) => Err(failed(failure)),
            Meddling::AnswerInstead(response) => Ok(response),
            Meddling::LoseAnswer(failure) => {
                self.org.call(request).await;
                Err(failed(failure))
            }
        }
    }
}

impl Transport for Line {
    fn send(&self, request: Request<Bytes>) -> Answering<'_> {
        Box::pin(self.carry(request))
    }
}

fn failed(failure: TransportFailure) -> TransportError {
    TransportError { failure, text: format!("made up for a test: {failure:?}") }
}

/// An answer in Okta's form.
pub fn refusal(status: u16, code: &str, summary: &str) -> Response<Bytes> {
    let body = format!(
        r#"{{"errorCode":"{code}","errorSummary":"{summary}","errorLink":"{code}","errorId":"oaeTest","errorCauses":[]}}"#
    );
    Response::builder().status(status).body(body.into()).unwrap()
}

/// An answer of an edge in front of the org.
pub fn bad_gateway() -> Response<Bytes> {
    let body = Bytes::from_static(b"<html><head><title>502 Bad Gateway</title></head></html>");
    Response::builder().status(502).header("content-type", "text/html").body(body).unwrap()
}

/// The read-only mode of an org.
pub fn read_only() -> Response<Bytes> {
    refusal(503, "E0000010", "Service is in read only mode")
}

/// Whether the request creates a user.
pub fn is_create(request: &Request<Bytes>) -> bool {
    request.method() == http::Method::POST && request.uri().path() == "/api/v1/users"
}
