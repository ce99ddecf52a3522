//! Okta's errors: what is wrong, in the words that Okta has for it.

use http::StatusCode;
use serde::Serialize;

use crate::access::Aside;

/// Why a request is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub status: StatusCode,
    pub code: &'static str,
    pub summary: String,
    pub causes: Vec<String>,
    pub aside: Aside,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    #[serde(rename = "errorCode")]
    code: &'a str,
    #[serde(rename = "errorSummary")]
    summary: &'a str,
    #[serde(rename = "errorLink")]
    link: &'a str,
    #[serde(rename = "errorId")]
    id: &'a str,
    #[serde(rename = "errorCauses")]
    causes: Vec<Cause<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cause<'a> {
    error_summary: &'a str,
}

impl Refusal {
    /// A refusal without causes.
    pub fn new(status: StatusCode, code: &'static str, summary: impl Into<String>) -> Self {
        Self { status, code, summary: summary.into(), causes: Vec::new(), aside: Aside::default() }
    }

    /// One more cause.
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// E0000001 about a field or an object.
    pub fn validation(subject: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "E0000001", format!("Api validation failed: {subject}"))
    }

    /// E0000001 about one field, with what is wrong with it.
    pub fn field(field: &str, wrong: &str) -> Self {
        Self::validation(field).because(format!("{field}: {wrong}"))
    }

    /// E0000003.
    pub fn malformed() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "E0000003", "The request body was not well-formed.")
    }

    /// E0000004.
    pub fn sign_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "E0000004", "Authentication failed")
    }

    /// E0000007.
    pub fn not_found(id: &str, entity: &str) -> Self {
        let summary = format!("Not found: Resource not found: {id} ({entity})");
        Self::new(StatusCode::NOT_FOUND, "E0000007", summary)
    }

    /// E0000008.
    pub fn no_such_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "E0000008", "The requested path was not found")
    }

    /// E0000009.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "E0000009", "Internal Server Error")
    }

    /// E0000010.
    pub fn read_only() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "E0000010", "Service is in read only mode")
    }

    /// E0000011.
    pub fn invalid_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "E0000011", "Invalid token provided")
    }

    /// E0000015.
    pub fn no_such_feature() -> Self {
        let summary = "You do not have permission to access the feature you are requesting";
        Self::new(StatusCode::UNAUTHORIZED, "E0000015", summary)
    }

    /// E0000016.
    pub fn already_active() -> Self {
        let summary = "Activation failed because the user is already active";
        Self::new(StatusCode::FORBIDDEN, "E0000016", summary)
    }

    /// E0000021.
    pub fn media_type() -> Self {
        let summary = "Bad request. Accept and/or Content-Type headers likely do not match supported values.";
        Self::new(StatusCode::BAD_REQUEST, "E0000021", summary)
    }

    /// E0000022.
    pub fn method() -> Self {
        let summary = "The endpoint does not support the provided HTTP method";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "E0000022", summary)
    }

    /// E0000028.
    pub fn missing_parameter(name: &str) -> Self {
        let summary = format!("The request is missing a required parameter: {name}");
        Self::new(StatusCode::BAD_REQUEST, "E0000028", summary)
    }

    /// E0000029.
    pub fn cursor() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "E0000029", "Invalid paging request.").because("Invalid cursor.")
    }

    /// E0000031.
    pub fn search() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "E0000031", "Invalid search criteria.")
    }

    /// E0000032.
    pub fn not_locked() -> Self {
        Self::new(StatusCode::FORBIDDEN, "E0000032", "Unlock is not allowed for this user.")
            .because("The user is not locked out.")
    }

    /// E0000033.
    pub fn search_and_filter() -> Self {
        let summary = "Invalid request. Can't specify a search query and filter in the same request.";
        Self::new(StatusCode::BAD_REQUEST, "E0000033", summary)
    }

    /// E0000038.
    pub fn status() -> Self {
        let summary = "This operation is not allowed in the user's current status.";
        Self::new(StatusCode::FORBIDDEN, "E0000038", summary)
    }

    /// E0000047.
    pub fn too_many_requests() -> Self {
        let summary = "API call exceeded rate limit due to too many requests.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "E0000047", summary)
    }

    /// E0000060.
    pub fn unsupported_operation() -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "E0000060", "Unsupported operation.")
    }

    /// E0000062.
    pub fn assigned_already() -> Self {
        let summary = "The given user was already assigned to the application.";
        Self::new(StatusCode::CONFLICT, "E0000062", summary)
    }

    /// E0000077.
    pub fn read_only_attribute(attribute: &str) -> Self {
        let summary = format!("Cannot modify the {attribute} attribute because it is read-only.");
        Self::new(StatusCode::FORBIDDEN, "E0000077", summary)
    }

    /// E0000078.
    pub fn immutable(attribute: &str) -> Self {
        let summary = format!("Cannot modify the {attribute} attribute because it is immutable.");
        Self::new(StatusCode::FORBIDDEN, "E0000078", summary)
    }

    /// E0000093.
    pub fn too_many_groups() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "E0000093", "Target count limit exceeded")
            .because("The number of group targets is too large")
    }

    /// E0000094.
    pub fn filter() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "E0000094", "The provided filter is unsupported.")
    }

    /// E0000112.
    pub fn still_activating() -> Self {
        let summary = "Cannot update this user because they are still being activated. Please try again in a few minutes.";
        Self::new(StatusCode::CONFLICT, "E0000112", summary)
    }

    /// E0000001 about attributes that the schema does not have, or that it is said not to have.
    pub fn undefined<'a>(names: impl IntoIterator<Item = &'a String>) -> Self {
        let because = |refusal: Self, name: &String| {
            refusal.because(format!("Property name '{name}' is not defined in profile"))
        };
        names.into_iter().fold(Self::validation("newUser"), because)
    }

    /// E0000107.
    pub fn transition(cause: &str) -> Self {
        let summary = "The entity is not in the expected state for the requested transition.";
        Self::new(StatusCode::FORBIDDEN, "E0000107", summary).because(cause)
    }

    /// E0000117.
    pub fn inactive_user() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "E0000117",
            "Cannot assign apps or update app profiles for an inactive user.",
        )
    }

    /// E0000123.
    pub fn choices() -> Self {
        let summary = "The enum array must match the const values of the oneOf array.";
        Self::new(StatusCode::BAD_REQUEST, "E0000123", summary)
    }

    /// E0000124.
    pub fn expire_needs_password() -> Self {
        let summary = "Could not create user. To create a user and expire their password immediately, a password \
                       must be specified";
        Self::new(StatusCode::BAD_REQUEST, "E0000124", summary)
    }

    /// E0000125.
    pub fn expire_needs_activation() -> Self {
        let summary = "Could not create user. To create a user and expire their password immediately, \
                       \"activate\" must be true";
        Self::new(StatusCode::BAD_REQUEST, "E0000125", summary)
    }

    /// E0000142.
    pub fn type_stays(cause: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "E0000142", "This User Type cannot be deleted.").because(cause)
    }

    /// E0000231.
    pub fn etag_mismatch() -> Self {
        let summary = "The resource was changed since it was read: the ETag does not match.";
        Self::new(StatusCode::PRECONDITION_FAILED, "E0000231", summary)
    }

    /// E0000242.
    pub fn etag_syntax() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "E0000242", "The syntax of the provided ETag is invalid.")
    }

    /// A body above the limit of the emulated org; Okta's edge has no code for it.
    pub fn body_too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "E0000002",
            "The request was not valid: the body is too large",
        )
    }

    /// The body of the answer.
    pub fn body(&self, error_id: &str) -> Vec<u8> {
        if let Some(body) = self.aside.body(&self.summary) {
            return body;
        }
        let causes = self.causes.iter().map(|cause| Cause { error_summary: cause }).collect();
        let body =
            ErrorBody { code: self.code, summary: &self.summary, link: self.code, id: error_id, causes };
        serde_json::to_vec(&body).unwrap_or_default()
    }
}
