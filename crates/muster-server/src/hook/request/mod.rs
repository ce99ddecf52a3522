//! Okta's question (API.md §9.2), read from the body of a request. Nothing of the body is ever quoted: there is a
//! password in it.

mod text;

use muster_core::login::Login;
use muster_core::secret::Secret;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// The only event that is answered.
const EVENT_TYPE: &str = "com.okta.user.credential.password.import";
/// Okta's are 22 characters long. Nobody's are longer than this.
const LONGEST_EVENT_ID: usize = 256;
/// Okta takes logins of 100 characters.
const LONGEST_LOGIN: usize = 1024;

/// Okta's question whether a password is right.
#[derive(Debug)]
pub struct PasswordImport {
    /// The id of the event; a retry has the same. Empty where the sender gave none.
    pub event_id: String,
    /// Who signs in.
    pub login: Login,
    /// With which password.
    pub password: Secret,
}

/// Why a body is not such a question. Never holds anything of it but the type of the event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestFault {
    /// The body is not JSON.
    #[error("the body is not JSON (line {line}, column {column})")]
    NotJson {
        /// Where.
        line: usize,
        /// Where in it.
        column: usize,
    },
    /// It is JSON of another shape.
    #[error("the body has not the shape of a password-import event (line {line}, column {column})")]
    Shape {
        /// Where.
        line: usize,
        /// Where in it.
        column: usize,
    },
    /// It is another event.
    #[error("the event is not of the type com.okta.user.credential.password.import")]
    OtherEvent,
    /// Something is not there that has to be.
    #[error("{0} is missing, or is not a text")]
    Missing(&'static str),
    /// Something has control characters, which no login has and which databases fail at.
    #[error("{0} has control characters")]
    Control(&'static str),
    /// Something is longer than it ever is.
    #[error("{0} is too long")]
    TooLong(&'static str),
}

impl RequestFault {
    /// The member that is at fault, for the answer.
    pub fn location(&self) -> &'static str {
        match self {
            Self::NotJson { .. } | Self::Shape { .. } => "body",
            Self::OtherEvent => "eventType",
            Self::Missing(place) | Self::Control(place) | Self::TooLong(place) => place,
        }
    }
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, rename = "eventId")]
    id: Option<&'a RawValue>,
    #[serde(borrow, rename = "eventType")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<Data<'a>>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    context: Option<Context<'a>>,
    #[serde(rename = "action")]
    _action: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Context<'a> {
    #[serde(borrow)]
    credential: Option<Credential<'a>>,
}

#[derive(Deserialize)]
struct Credential<'a> {
    #[serde(borrow)]
    username: Option<&'a RawValue>,
    #[serde(borrow)]
    password: Option<&'a RawValue>,
}

/// Reads the body of a request.
pub fn read(body: &[u8]) -> Result<PasswordImport, RequestFault> {
    let event: Event<'_> = serde_json::from_slice(body).map_err(|error| fault(&error))?;
    if text_of(event.kind).is_none_or(|kind| *kind != EVENT_TYPE) {
        return Err(RequestFault::OtherEvent);
    }
    let event_id = text_of(event.id).map(|id| String::clone(&id)).unwrap_or_default();
    if event_id.len() > LONGEST_EVENT_ID {
        return Err(RequestFault::TooLong("eventId"));
    }
    let credential = event.data.and_then(|data| data.context).and_then(|context| context.credential);
    let credential = credential.ok_or(RequestFault::Missing("data.context.credential"))?;
    let login = text_of(credential.username).and_then(|login| Login::parse(&login));
    let login = login.ok_or(RequestFault::Missing("data.context.credential.username"))?;
    if login.as_str().len() > LONGEST_LOGIN {
        return Err(RequestFault::TooLong("data.context.credential.username"));
    }
    if login.as_str().contains(char::is_control) {
        return Err(RequestFault::Control("data.context.credential.username"));
    }
    let password = text_of(credential.password);
    let password = password.ok_or(RequestFault::Missing("data.context.credential.password"))?;
    // A text of exact size: making a secret of it does not move it.
    Ok(PasswordImport { event_id, login, password: Secret::new(password.as_str()) })
}

fn text_of(raw: Option<&RawValue>) -> Option<Zeroizing<String>> {
    raw.and_then(|raw| text::text(raw.get()))
}

/// The place alone: the parser's own words quote what it found.
fn fault(error: &serde_json::Error) -> RequestFault {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Data => RequestFault::Shape { line, column },
        _ => RequestFault::NotJson { line, column },
    }
}
