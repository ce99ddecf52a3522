//! A transport to an org in the same process, with someone on the line who may spoil any request or answer.

use bytes::Bytes;
use http::{Request, Response};
use muster_emulator::Emulator;
use muster_okta::transport::{Answering, Transport};
use muster_okta::{TransportError, TransportFailure};
use tokio::sync::Notify;

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
    /// The org does its work, and another one answers.
    AnswerAfter(Response<Bytes>),
    /// The org does its work, and so many thousandths of a good answer's body arrive.
    Truncate(usize),
    /// The process dies before the request leaves.
    DieBefore,
    /// The process dies before the answer is read.
    DieAfter,
}

type Meddle = Box<dyn Fn(&Request<Bytes>) -> Meddling + Send + Sync>;

/// The line to an org, and who meddles with it.
pub struct Line {
    org: Emulator,
    meddle: Meddle,
    died: Notify,
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
        Self { org: org.clone(), meddle: Box::new(meddle), died: Notify::new() }
    }

    /// Ends when the process shall die.
    pub async fn death(&self) {
        self.died.notified().await;
    }

    async fn die(&self) -> Result<Response<Bytes>, TransportError> {
        self.died.notify_one();
        std::future::pending().await
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
            Meddling::AnswerAfter(response) => {
                self.org.call(request).await;
                Ok(response)
            }
            Meddling::Truncate(part) => {
                let mut answer = self.org.call(request).await;
                if !answer.status().is_success() {
                    return Ok(answer);
                }
                let kept = answer.body().len() * part / 1000;
                let body = answer.body().slice(..kept);
                *answer.body_mut() = body;
                Ok(answer)
            }
            Meddling::DieBefore => self.die().await,
            Meddling::DieAfter => {
                self.org.call(request).await;
                self.die().await
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
