//! The way between a process of ours and the org: it takes time, it breaks, and what is on it when the process dies
//! may arrive all the same.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jiff::Timestamp;
use muster_emulator::{Delivery, Emulator};
use muster_okta::transport::{Answering, Transport};
use muster_okta::{TransportError, TransportFailure};
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use crate::dice::Dice;
use crate::doom::{Books, Doom, Moment};
use crate::journal::{Journal, Kind, Seen};
use crate::story::Story;
use crate::strangers::Strangers;
use crate::weather::{Bad, Sky};

/// How the way is.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// To the org, and back, at most.
    pub delay: Duration,
    /// How long a client waits for an answer.
    pub patience: Duration,
    /// Requests of a thousand that find no connection.
    pub unconnected: u64,
    /// Requests of a thousand that arrive much later.
    pub late: u64,
}

/// All processes have the same way, one after the other.
#[derive(Clone)]
pub struct Network {
    /// The org.
    pub org: Emulator,
    /// How the way is.
    pub way: Way,
    /// The weather.
    pub sky: Sky,
    /// What was sent.
    pub journal: Journal,
    /// Everybody else.
    pub strangers: Strangers,
    /// Chance.
    pub dice: Dice,
    /// What happens.
    pub story: Story,
    /// What time it is in the org.
    pub began: (Timestamp, tokio::time::Instant),
    /// What is on its way.
    pub under_way: Arc<Mutex<Vec<AbortHandle>>>,
}

type Answered = Result<Response<Bytes>, TransportError>;

impl Network {
    /// The process that was on the way died: some of what it sent arrives all the same.
    pub fn bury(&self) {
        for request in self.under_way.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            if self.dice.per_mille(400) {
                request.abort();
            }
        }
    }

    /// The org's time, in seconds since 1970.
    fn second(&self) -> i64 {
        let elapsed = i64::try_from(self.began.1.elapsed().as_millis()).unwrap_or(i64::MAX);
        (self.began.0.as_millisecond() + elapsed).div_euclid(1000)
    }

    async fn travel(
        self,
        request: Request<Bytes>,
        place: usize,
        key: Option<String>,
        answer: oneshot::Sender<Answered>,
    ) {
        let late = self.dice.per_mille(self.way.late);
        let delay = if late { Duration::from_secs(self.dice.between(1, 90)) } else { self.delay() };
        let left = tokio::time::Instant::now();
        tokio::time::sleep(delay).await;
        if let Some(key) = &key {
            self.strangers.forestall(key).await;
        }
        let held_up = left.elapsed() > self.way.delay + Duration::from_millis(2);
        self.journal.note(place, |sent| (sent.arrived, sent.held_up) = (Some(self.second()), held_up));
        let delivery = self.org.deliver(request).await;
        let made = self.note(place, &delivery, key.is_some());
        if let (Some(key), Some(made)) = (&key, &made) {
            self.strangers.follow(key, made).await;
        }
        let back = self.delay();
        let answered = self.arrive(delivery, place).await;
        tokio::time::sleep(back).await;
        // Nobody listens when time ran out or the process is dead.
        drop(answer.send(answered));
    }

    fn delay(&self) -> Duration {
        self.dice.time(Duration::ZERO, self.way.delay)
    }

    /// What the org made of it, which we may never see.
    fn note(&self, place: usize, delivery: &Delivery, creates: bool) -> Option<String> {
        let response = match delivery {
            Delivery::Whole(response)
            | Delivery::Cut { response, .. }
            | Delivery::Dripped { response, .. } => response,
            Delivery::Lost | Delivery::Reset | Delivery::Hung { .. } => return None,
        };
        let made = id_in(response).filter(|_| creates);
        let limit = response.headers().get("x-rate-limit-limit");
        self.journal.note(place, |sent| {
            sent.status = Some(response.status().as_u16());
            sent.over_quota = response.status() == 429 && limit.is_some_and(|limit| limit != "0");
            sent.made.clone_from(&made);
        });
        made
    }

    async fn arrive(&self, delivery: Delivery, place: usize) -> Answered {
        let broken = |why: &str| {
            self.story.fault(|| format!("   #{place} {why}"));
            Err(failed(TransportFailure::Broken))
        };
        match delivery {
            Delivery::Whole(response) => Ok(response),
            Delivery::Dripped { response, bytes_per_second } => {
                let length = u32::try_from(response.body().len()).unwrap_or(u32::MAX);
                tokio::time::sleep(Duration::from_secs(length.into()) / bytes_per_second.max(1)).await;
                Ok(response)
            }
            Delivery::Lost => broken("the answer is lost"),
            Delivery::Reset => broken("the connection is reset"),
            Delivery::Cut { .. } => broken("the answer is cut"),
            Delivery::Hung { time } => {
                tokio::time::sleep(time).await;
                broken("the connection hung")
            }
        }
    }
}

fn id_in(response: &Response<Bytes>) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(response.body()).ok()?;
    let id = body["id"].as_str().filter(|_| response.status() == StatusCode::OK)?;
    Some(id.to_owned())
}

fn failed(failure: TransportFailure) -> TransportError {
    TransportError { failure, text: format!("simulated: {failure:?}") }
}

/// The end of the way at which one process stands.
pub struct Line {
    network: Network,
    process: u32,
    doom: Arc<Doom>,
}

impl Line {
    /// The line of this process.
    pub fn of(network: &Network, process: u32, doom: &Arc<Doom>) -> Self {
        Self { network: network.clone(), process, doom: doom.clone() }
    }

    async fn die<T>(&self) -> T {
        if !self.doom.is_dead() {
            self.network.story.tell(|| "the process dies of a request".to_owned());
            self.doom.strike(Books::Before);
        }
        std::future::pending().await
    }

    async fn carry(&self, request: Request<Bytes>) -> Answered {
        if self.doom.is_dead() {
            return std::future::pending().await;
        }
        let moment = self.doom.request();
        if moment == Some(Moment::BeforeLeaving) {
            return self.die().await;
        }
        let network = &self.network;
        let place = network.journal.leave(self.process, (network.story.now(), network.second()), &request);
        network.story.tell(|| format!("-> #{place} {} {}", request.method(), request.uri()));
        if network.sky.has(Bad::Dns) || network.dice.per_mille(network.way.unconnected) {
            tokio::time::sleep(network.delay()).await;
            network.story.fault(|| format!("   #{place} finds no connection"));
            network.journal.note(place, |sent| sent.seen = Seen::NotSent);
            return Err(failed(TransportFailure::Connect));
        }
        let answered = self.answered(request, place, moment).await;
        self.look_at(place, &answered);
        answered
    }

    /// The answer, if there is one in time.
    async fn answered(&self, request: Request<Bytes>, place: usize, moment: Option<Moment>) -> Answered {
        let network = &self.network;
        if network.sky.has(Bad::Outage) {
            return self.edge(place).await;
        }
        let (sender, receiver) = oneshot::channel();
        let mut key = None;
        network.journal.note(place, |sent| key = (sent.kind == Kind::Create).then(|| sent.about.clone()));
        if network.sky.has(Bad::Silence) {
            drop(sender);
        } else {
            let travelling = tokio::spawn(network.clone().travel(request, place, key, sender));
            let mut under_way = network.under_way.lock().unwrap_or_else(PoisonError::into_inner);
            under_way.retain(|request| !request.is_finished());
            under_way.push(travelling.abort_handle());
        }
        let death =
            if moment == Some(Moment::UnderWay) { network.dice.between(0, 400) } else { u64::MAX >> 20 };
        tokio::select! {
            biased;
            Ok(answered) = receiver => {
                if moment.is_some() { self.die().await } else { answered }
            }
            () = tokio::time::sleep(Duration::from_millis(death)) => self.die().await,
            () = tokio::time::sleep(network.way.patience) => {
                network.story.fault(|| format!("   #{place} has no answer in time"));
                Err(failed(TransportFailure::TimedOut))
            }
        }
    }

    /// Something in between answers in the org's place.
    async fn edge(&self, place: usize) -> Answered {
        tokio::time::sleep(self.network.delay()).await;
        self.network.story.fault(|| format!("   #{place} is answered by the edge"));
        let body = Bytes::from_static(b"<html><title>503 Service Unavailable</title></html>");
        Ok(Response::builder().status(503).header("content-type", "text/html").body(body).unwrap())
    }

    fn look_at(&self, place: usize, answered: &Answered) {
        let seen = match answered {
            Ok(response) => {
                let readable = response.body().is_empty()
                    || serde_json::from_slice::<serde_json::Value>(response.body()).is_ok();
                Seen::Answer(response.status().as_u16(), readable)
            }
            Err(_) => Seen::Broken,
        };
        self.network.story.tell(|| format!("<- #{place} {seen:?}"));
        self.network.journal.note(place, |sent| sent.seen = seen);
    }
}

impl Transport for Line {
    fn send(&self, request: Request<Bytes>) -> Answering<'_> {
        Box::pin(self.carry(request))
    }
}
