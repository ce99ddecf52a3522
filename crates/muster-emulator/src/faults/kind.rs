//! The kinds of faults.

use std::time::Duration;

use http::StatusCode;

use crate::refusal::Refusal;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// `lost-answer`: the work is done, and the connection is closed without an answer.
    LostAnswer,
    /// `reset`: the connection is reset before anything is done.
    Reset,
    /// `cut`: the connection is closed in the middle of the answer's body. An answer without a body is lost.
    Cut,
    /// `drip@64`: the body of the answer comes at so many bytes a second.
    Drip {
        /// The pace; not 0.
        bytes_per_second: u32,
    },
    /// `hang@30s`: the work is done, and the answer never comes; after so long the connection is closed.
    Hang {
        /// How long a client can wait for nothing.
        time: Duration,
    },
    /// `hang-before@30s`: the same, and the work is not done.
    HangBefore {
        /// How long a client can wait for nothing.
        time: Duration,
    },
    /// `500`, `502`, `503`, `504`, each with `-after` if the work is done nevertheless, and with `-html` for a page
    /// of the edge in place of Okta's body.
    Error {
        /// The status.
        error: ServerError,
        /// Whether the work is done.
        after: bool,
        /// Whether the body is a page.
        html: bool,
    },
    /// `malformed`: the work is done; the JSON of the answer stops in its midst, its length being right.
    Malformed,
    /// `html-200`: the work is done; the answer is a page, with 200.
    Html200,
    /// `expired-token`: 401 E0000011, until the fault is lifted. Best with `from:100`.
    ExpiredToken,
    /// `date-skew@120`: the `Date` of answers is off by so many seconds; the reset of the rate limit is not, as with a
    /// proxy that has a clock of its own. Whoever reckons by `reset − Date` waits too long or too short.
    DateSkew {
        /// The shift.
        seconds: i64,
    },
    /// `clock-skew@120`: `Date` and reset are both off, as with an org, which has both from one clock. The difference
    /// of the two stays right.
    ClockSkew {
        /// The shift.
        seconds: i64,
    },
    /// `undefined-attribute`: 400, an attribute of the request's profile is "not defined in profile" though it is. It
    /// strikes creates and updates with a profile only.
    UndefinedAttribute,
    /// `still-activating`: 409 E0000112. It strikes updates of users, unless other operations are named.
    StillActivating,
}

/// A failure of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerError {
    /// 500 E0000009.
    Internal,
    /// 502. Okta's body for it is that of an agent that did not answer, E0000240; nothing better is known.
    BadGateway,
    /// 503 E0000181.
    Unavailable,
    /// 504. Okta's body for it is that of agents that are not there, E0000241; nothing better is known.
    GatewayTimeout,
}

/// At which moment of a request a fault is decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// When it arrives: what happens to the connection and to the bytes.
    Wire,
    /// When the caller's token is looked at.
    Token,
    /// When it was let in, and would be answered by the model.
    Work,
    /// When the answer is dated.
    Clock,
}

impl FaultKind {
    pub(crate) fn stage(self) -> Stage {
        match self {
            Self::LostAnswer
            | Self::Reset
            | Self::Cut
            | Self::Drip { .. }
            | Self::Hang { .. }
            | Self::HangBefore { .. }
            | Self::Malformed
            | Self::Html200 => Stage::Wire,
            Self::ExpiredToken => Stage::Token,
            Self::Error { .. } | Self::UndefinedAttribute | Self::StillActivating => Stage::Work,
            Self::DateSkew { .. } | Self::ClockSkew { .. } => Stage::Clock,
        }
    }

    /// The operations that it strikes if none are named; empty for all.
    pub(crate) fn usual_operations(self) -> &'static [&'static str] {
        match self {
            Self::UndefinedAttribute => &["createUser", "updateUser", "replaceUser"],
            Self::StillActivating => &["updateUser", "replaceUser"],
            _ => &[],
        }
    }

    /// Whether the work is done though the client is told otherwise.
    pub(crate) fn is_after(self) -> bool {
        matches!(self, Self::Error { after: true, .. })
    }

    /// Whether the answer is a page of the edge.
    pub(crate) fn is_page(self) -> bool {
        matches!(self, Self::Error { html: true, .. })
    }
}

impl ServerError {
    pub(crate) const ALL: [Self; 4] =
        [Self::Internal, Self::BadGateway, Self::Unavailable, Self::GatewayTimeout];

    /// The status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::BadGateway => StatusCode::BAD_GATEWAY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::GatewayTimeout => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// What Okta says.
    pub(crate) fn refusal(self) -> Refusal {
        let (code, summary) = match self {
            Self::Internal => ("E0000009", "Internal Server Error"),
            Self::BadGateway => ("E0000240", "The agent did not respond in time."),
            Self::Unavailable => ("E0000181", "Service temporarily unavailable."),
            Self::GatewayTimeout => ("E0000241", "No agents are available."),
        };
        Refusal::new(self.status(), code, summary)
    }
}
