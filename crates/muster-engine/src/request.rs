//! One request for one row: made, awaited, and told in the words of `muster-core`.

use std::time::Duration;

use jiff::Timestamp;
use muster_core::flow::{Answer, Call, CallKind, Refusal, RowFlow};
use muster_core::pace::Reading;
use muster_core::retry::Class;
use muster_okta::wire::User;
use muster_okta::{CallError, Endpoint, Exchange, Okta};

/// The endpoint that a call of this kind goes to. A login that no path can hold is searched for in the list.
pub fn endpoint(flow: &RowFlow, kind: CallKind) -> Endpoint {
    match kind {
        CallKind::Read if !flow.candidate().login.readable_by_path() => Endpoint::ListUsers,
        CallKind::Create => Endpoint::CreateUser,
        CallKind::Read | CallKind::Look => Endpoint::ReadUser,
        CallKind::Update => Endpoint::UpdateUser,
        CallKind::Join => Endpoint::JoinGroup,
        CallKind::Lifecycle => Endpoint::UserLifecycle,
    }
}

/// A request that has come back.
pub struct Returned {
    /// The row, moved along with its request so that nobody else can touch it meanwhile.
    pub flow: Box<RowFlow>,
    /// Where it went.
    pub endpoint: Endpoint,
    /// When it was sent, since the start of the run.
    pub sent_at: Duration,
    /// When it was sent, by the org's clock.
    pub intended_at: Timestamp,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The rate headers.
    pub reading: Option<Reading>,
    /// How long a spent window is to be waited for, if the answer tells.
    pub window_ends_in: Option<Duration>,
    /// The org's clock.
    pub date: Option<Timestamp>,
    /// What the answer means; none without an answer.
    pub class: Option<Class>,
    /// The answer as the row sees it.
    pub answer: Answer,
}

/// Makes the request.
pub async fn perform(
    okta: Okta,
    flow: Box<RowFlow>,
    call: Call,
    endpoint: Endpoint,
    sent_at: Duration,
    intended_at: Timestamp,
) -> Returned {
    let seen = match call {
        Call::Create => Seen::of_user(okta.create_user(flow.candidate(), flow.groups_at_creation()).await),
        Call::Read => Seen::of_user(okta.read_user(&flow.candidate().login).await),
        Call::Look { user } => Seen::of_user(okta.look_at_user(&user).await),
        Call::Update { id, changes, arm } => Seen::of_user(okta.update_user(&id, &changes, arm).await),
        Call::Join { group, user } => Seen::of_done(okta.join_group(&group, &user).await),
        Call::Suspend { user } => Seen::of_done(okta.suspend(&user).await),
        Call::Deactivate { user } => Seen::of_done(okta.deactivate(&user).await),
    };
    let Seen { status, reading, window_ends_in, date, class, answer } = seen;
    Returned { flow, endpoint, sent_at, intended_at, status, reading, window_ends_in, date, class, answer }
}

struct Seen {
    status: Option<u16>,
    reading: Option<Reading>,
    window_ends_in: Option<Duration>,
    date: Option<Timestamp>,
    class: Option<Class>,
    answer: Answer,
}

impl Seen {
    fn of_user(exchange: Exchange<User>) -> Self {
        Self::of(exchange, |user| Answer::User(Box::new(user.into())))
    }

    fn of_done<T>(exchange: Exchange<T>) -> Self {
        Self::of(exchange, |_| Answer::Done)
    }

    fn of<T>(exchange: Exchange<T>, good: impl FnOnce(T) -> Answer) -> Self {
        let (class, window_ends_in) = (exchange.class(), exchange.window_ends_in());
        let answer = match exchange.result {
            Ok(value) => good(value),
            Err(error) => bad(&error, class),
        };
        Self {
            status: exchange.status,
            reading: exchange.reading,
            window_ends_in,
            date: exchange.date,
            class,
            answer,
        }
    }
}

fn bad(error: &CallError, class: Option<Class>) -> Answer {
    match (class, error) {
        (_, CallError::Transport(transport)) if transport.failure.never_arrived() => {
            Answer::NotSent(error.to_string())
        }
        (None | Some(Class::Success | Class::Doubtful), _) => Answer::Doubtful(error.to_string()),
        (Some(Class::NotFound), _) => Answer::NotFound(refusal(error)),
        (
            Some(
                Class::Later
                | Class::ReadOnly
                | Class::OverQuota
                | Class::OverConcurrency
                | Class::TokenSpent,
            ),
            _,
        ) => Answer::Later(refusal(error)),
        (Some(Class::Refused | Class::Forbidden | Class::Unauthorised), _) => Answer::Refused(refusal(error)),
    }
}

fn refusal(error: &CallError) -> Refusal {
    let status = error.status().unwrap_or_default();
    match error {
        CallError::Okta { error, .. } => Refusal {
            status,
            code: error.error_code.clone(),
            summary: error.error_summary.clone(),
            causes: error.error_causes.iter().map(|cause| cause.error_summary.clone()).collect(),
        },
        CallError::NoToken { words } => Refusal {
            status: 401,
            code: "no_access_token".to_owned(),
            summary: words.clone(),
            causes: Vec::new(),
        },
        _ => Refusal { status, code: String::new(), summary: error.to_string(), causes: Vec::new() },
    }
}
