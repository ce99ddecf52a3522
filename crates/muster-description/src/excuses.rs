//! The known errors of Okta's own description.
//!
//! Real traffic and Okta's documentation show each of these to be right at Okta and wrong in the description.
//! An excuse names the place of the rule and the kind of departure as tightly as it can, so that a neighbour with
//! the same fault goes unexcused. Properties that are `readOnly` and sent back by a client need no excuse: the
//! judge ignores them, as Okta does. The profile of an identity-source group, which the description nests once
//! too often, needs none either, because nothing forbids the flat one.

use http::StatusCode;
use serde_json::Value;

use crate::Side;
use crate::fault::{Fault, Kind};

/// A departure and what it may be excused by.
pub(crate) struct Case<'c> {
    pub(crate) side: Side,
    pub(crate) operation: &'c str,
    pub(crate) status: Option<StatusCode>,
    pub(crate) answer: Option<&'c Value>,
    pub(crate) fault: &'c Fault<'c>,
}

struct Excuse {
    place: Place,
    is_met: fn(&Case<'_>) -> bool,
    reason: &'static str,
}

enum Place {
    /// Rules at these paths of any of these named schemas.
    Schemas(&'static [&'static str], &'static [&'static str]),
    Operations(&'static [&'static str]),
    Anywhere,
}

/// Error codes of Okta's catalogue by status. The description lists for each operation a choice of the statuses only.
const CATALOGUE: [(u16, &[&str]); 9] = [
    (
        400,
        &[
            "E0000001", "E0000002", "E0000003", "E0000018", "E0000019", "E0000021", "E0000028", "E0000029",
            "E0000031", "E0000033", "E0000037", "E0000093", "E0000094", "E0000123", "E0000124", "E0000125",
            "E0000135", "E0000178", "E0000179", "E0000242",
        ],
    ),
    (404, &["E0000007", "E0000008"]),
    (405, &["E0000022"]),
    (406, &["E0000122"]),
    (409, &["E0000055", "E0000062", "E0000090", "E0000112", "E0000145", "E0000195", "E0000249", "E0000253"]),
    (412, &["E0000231"]),
    // A body too large for the edge never reaches the API.
    (413, &["E0000002"]),
    (414, &["E0000256"]),
    (423, &["E0000239"]),
];

const EXCUSES: &[Excuse] = &[
    Excuse {
        place: Place::Schemas(&["UserProfile"], &["department", "employeeNumber", "locale"]),
        is_met: is_null,
        reason: "null clears these attributes like any other, but the description does not call them nullable",
    },
    Excuse {
        place: Place::Schemas(&["UserProfile"], &["login"]),
        is_met: |case| case.fault.kind == Kind::MinLength,
        reason: "an org with a relaxed login pattern takes logins of fewer than five characters",
    },
    Excuse {
        place: Place::Schemas(&["UserProfile"], &["email", "secondEmail"]),
        is_met: |case| is_bad_email(case) && !text(case).is_ascii(),
        reason: "Okta takes internationalised addresses, which the format `email` does not know",
    },
    Excuse {
        place: Place::Schemas(&["UserProfile"], &["secondEmail"]),
        is_met: |case| is_bad_email(case) && text(case).is_empty(),
        reason: "Okta takes and returns an empty second address",
    },
    Excuse {
        place: Place::Schemas(&["UserProfile"], &["*"]),
        is_met: |case| case.side == Side::Request && is_number(case),
        reason: "Okta turns numbers into text for base attributes",
    },
    Excuse {
        place: Place::Schemas(&["PasswordCredentialHash"], &["workFactor"]),
        is_met: |case| case.fault.kind == Kind::Minimum && is_zero_beside_sha512(case.fault),
        reason: "Okta took a work factor of 0 together with SHA-512, where it means nothing",
    },
    Excuse {
        place: Place::Schemas(&["OktaUserGroupProfile", "OktaActiveDirectoryGroupProfile"], &["description"]),
        is_met: is_null,
        reason: "groups without a description carry null, but the description does not call it nullable",
    },
    Excuse {
        place: Place::Operations(&["updateUserProfile", "updateGroupSchema"]),
        is_met: |case| case.side == Side::Request && is_removed_attribute(case),
        reason: "null removes a custom attribute, but the description does not call it nullable",
    },
    Excuse {
        place: Place::Schemas(&["UserSchemaAttribute", "GroupSchemaAttribute"], &["unique"]),
        is_met: |case| {
            let is_text = matches!(text(case), "UNIQUE_VALIDATED" | "PENDING_UNIQUENESS");
            case.side == Side::Answer && case.fault.kind == Kind::Type && is_text
        },
        reason: "`unique` is a boolean when it is set and a word when it is read",
    },
    Excuse {
        place: Place::Schemas(
            &["UserSchemaAttribute", "GroupSchemaAttribute", "UserSchemaAttributeItems"],
            &["enum/*"],
        ),
        is_met: is_number,
        reason: "attributes of numbers enumerate numbers, the description knows text and whole numbers only",
    },
    Excuse {
        place: Place::Schemas(&["UserSchemaAttributeEnum"], &["const"]),
        is_met: is_number,
        reason: "attributes of numbers name their options by numbers, the description knows text only",
    },
    Excuse {
        place: Place::Schemas(&["UserSchemaAttribute"], &["default"]),
        is_met: |case| case.fault.kind == Kind::ManyChoices && case.fault.value.is_some_and(Value::is_number),
        reason: "a whole number is a number too, so that two of the choices fit",
    },
    Excuse {
        place: Place::Schemas(&["AppUser"], &["externalId"]),
        is_met: is_null_in_answer,
        reason: "app users without an external id carry null, but the description does not call it nullable",
    },
    Excuse {
        place: Place::Schemas(&["UserType"], &["description"]),
        is_met: is_null_in_answer,
        reason: "user types without a description carry null, but the description does not call it nullable",
    },
    Excuse {
        place: Place::Schemas(&["IdentitySourceUserProfileForUpsert"], &["secondEmail"]),
        is_met: is_null_in_answer,
        reason: "identity-source users without a second address carry null, which is not called nullable",
    },
    Excuse {
        place: Place::Schemas(
            &["OrgSetting"],
            &[
                "address1",
                "address2",
                "city",
                "country",
                "endUserSupportHelpURL",
                "expiresAt",
                "phoneNumber",
                "postalCode",
                "state",
                "supportPhoneNumber",
                "website",
            ],
        ),
        is_met: is_null_in_answer,
        reason: "settings that an org has not filled in are null, but the description does not call them nullable",
    },
    Excuse {
        place: Place::Schemas(&["InlineHookOAuthBasicConfig"], &["scope"]),
        is_met: is_null_in_answer,
        reason: "Okta's own examples of hooks without a scope carry null, which is not called nullable",
    },
    Excuse {
        place: Place::Operations(&["listLogEvents"]),
        is_met: |case| {
            // Where a choice is asked for, null is none of them.
            let is_null = case.fault.value.is_some_and(Value::is_null);
            case.side == Side::Answer && is_null && matches!(case.fault.kind, Kind::Type | Kind::Enum)
        },
        reason: "log events carry null for what does not apply, but the description does not call it nullable",
    },
    Excuse {
        place: Place::Operations(&["updateIdentitySourceUsers"]),
        is_met: |case| {
            let is_named =
                matches!(case.fault.place.as_str(), "body /profile/email" | "body /profile/userName");
            case.side == Side::Request && case.fault.kind == Kind::Required && is_named
        },
        reason: "a partial update need not repeat email and user name, though the description requires them",
    },
    Excuse {
        place: Place::Schemas(&["TokenResponseTokenType"], &[""]),
        is_met: |case| case.fault.kind == Kind::Enum && text(case) == "DPoP",
        reason: "tokens bound to a key are of the type `DPoP`, which the enumeration lacks",
    },
    Excuse {
        place: Place::Schemas(&["UserStatus"], &[""]),
        is_met: |case| case.fault.kind == Kind::Enum && text(case) == "ACTIVATING",
        reason: "the description speaks of the transitional status ACTIVATING and leaves it out of the enumeration",
    },
    Excuse {
        place: Place::Operations(&["createIdentitySourceSession"]),
        is_met: |case| has_status(case, 201),
        reason: "a new session is answered by 201 where the description says 200",
    },
    Excuse {
        place: Place::Operations(&["deactivateUser"]),
        is_met: |case| has_status(case, 204),
        reason: "older orgs answer a deactivation by 204 where the description says 200",
    },
    Excuse {
        place: Place::Operations(&[
            "deactivateUser",
            "suspendUser",
            "unsuspendUser",
            "unlockUser",
            "resetFactors",
            "deleteGroupRule",
        ]),
        is_met: |case| {
            let is_empty = |value: &Value| value.as_object().is_some_and(serde_json::Map::is_empty);
            is_extra_body(case) && case.fault.value.is_some_and(is_empty)
        },
        reason: "the answer is an empty object where the description has no body",
    },
    Excuse {
        place: Place::Operations(&["createIdentitySourceUser"]),
        is_met: |case| is_extra_body(case) && case.fault.value.is_some_and(Value::is_object),
        reason: "the answer is the new user where the description has no body",
    },
    Excuse {
        place: Place::Operations(&["deleteIdentitySourceSession"]),
        is_met: |case| has_status(case, 400),
        reason: "a session that cannot be deleted is answered by 400, which the description leaves out",
    },
    Excuse {
        place: Place::Anywhere,
        is_met: |case| has_status(case, 401),
        reason: "every operation answers 401 to a token that does not hold, and the description leaves this out",
    },
    Excuse {
        place: Place::Anywhere,
        is_met: |case| case.fault.kind == Kind::Status && case.status.is_some_and(|s| s.is_server_error()),
        reason: "a failing server, or the edge in front of it, keeps to no description",
    },
    Excuse {
        place: Place::Anywhere,
        is_met: is_in_catalogue,
        reason: "the error is in Okta's catalogue; the description lists only some of them at each operation",
    },
    Excuse {
        place: Place::Anywhere,
        is_met: |case| {
            let told = |name| case.answer.and_then(|answer| answer.get(name)).and_then(Value::as_str);
            has_status(case, 400) && ["error", "errorCode"].map(told).contains(&Some("invalid_dpop_proof"))
        },
        reason: "a bad proof of possession is answered by 400 at every operation, which the description leaves out",
    },
    Excuse {
        place: Place::Operations(&["POST /api/v1/authn"]),
        is_met: |case| case.fault.kind == Kind::Path && case.fault.place == "path",
        reason: "signing in belongs to the authentication API, which has a description of its own",
    },
    Excuse {
        place: Place::Anywhere,
        is_met: is_of_apps,
        reason: "the list of apps and their user schemas are Okta's, but not in the part of its description that is at hand",
    },
];

/// The reason why the description is wrong about a departure, if it is known to be.
pub(crate) fn excuse_of(case: &Case<'_>) -> Option<&'static str> {
    EXCUSES
        .iter()
        .find(|excuse| excuse.place.covers(case) && (excuse.is_met)(case))
        .map(|excuse| excuse.reason)
}

/// The reasons of all excuses, for those who want to know what is forgiven.
pub fn excuses() -> impl Iterator<Item = &'static str> {
    EXCUSES.iter().map(|excuse| excuse.reason)
}

impl Place {
    fn covers(&self, case: &Case<'_>) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Operations(names) => names.contains(&case.operation),
            Self::Schemas(schemas, paths) => case.fault.schema.as_ref().is_some_and(|place| {
                schemas.iter().any(|schema| paths.iter().any(|path| place.fits(schema, path)))
            }),
        }
    }
}

fn text<'c>(case: &Case<'c>) -> &'c str {
    case.fault.value.and_then(Value::as_str).unwrap_or_default()
}

fn is_null(case: &Case<'_>) -> bool {
    case.fault.kind == Kind::Type && case.fault.value.is_some_and(Value::is_null)
}

fn is_null_in_answer(case: &Case<'_>) -> bool {
    case.side == Side::Answer && is_null(case)
}

fn is_number(case: &Case<'_>) -> bool {
    case.fault.kind == Kind::Type && case.fault.value.is_some_and(Value::is_number)
}

fn is_bad_email(case: &Case<'_>) -> bool {
    case.fault.kind == Kind::Format("email".to_owned()) && case.fault.value.is_some_and(Value::is_string)
}

fn is_zero_beside_sha512(fault: &Fault<'_>) -> bool {
    let algorithm = fault.parent.and_then(|hash| hash.get("algorithm")).and_then(Value::as_str);
    algorithm == Some("SHA-512") && fault.value.and_then(Value::as_i64) == Some(0)
}

/// The rule is broken in the attribute's own schema; only the place of the value tells that it is custom.
fn is_removed_attribute(case: &Case<'_>) -> bool {
    let name = case.fault.place.strip_prefix("body /definitions/custom/properties/");
    is_null(case) && name.is_some_and(|name| !name.contains('/'))
}

fn is_extra_body(case: &Case<'_>) -> bool {
    case.side == Side::Answer && case.fault.kind == Kind::ExtraBody
}

fn has_status(case: &Case<'_>, status: u16) -> bool {
    case.fault.kind == Kind::Status && case.status.is_some_and(|have| have == status)
}

/// The operations `listApplications` and `getApplicationUserSchema`.
fn is_of_apps(case: &Case<'_>) -> bool {
    let schema = case.operation.strip_prefix("GET /api/v1/meta/schemas/apps/");
    let is_schema = schema.is_some_and(|rest| rest.ends_with("/default"));
    case.fault.kind == Kind::Path
        && case.fault.place == "path"
        && (is_schema || case.operation == "GET /api/v1/apps")
}

fn is_in_catalogue(case: &Case<'_>) -> bool {
    let code = case.answer.and_then(|answer| answer.get("errorCode")).and_then(Value::as_str);
    CATALOGUE
        .iter()
        .any(|(status, codes)| has_status(case, *status) && code.is_some_and(|code| codes.contains(&code)))
}
