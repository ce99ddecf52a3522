//! The body of a create, written straight from the candidate (API.md §5.1, §6).

use bytes::Bytes;
use muster_core::candidate::{Candidate, Credential, Recovery};
use muster_core::credential::RevealedHash;
use serde::Serialize;
use serde_json::{Map, Value};

/// Most bodies are smaller: one allocation holds them.
const USUAL: usize = 1024;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreateBody<'a> {
    profile: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credentials: Option<Credentials<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    group_ids: &'a [String],
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<UserType<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    realm_id: Option<&'a str>,
}

#[derive(Serialize)]
struct UserType<'a> {
    id: &'a str,
}

#[derive(Serialize)]
struct Credentials<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<Password<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_question: Option<RecoveryQuestion<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Password<'a> {
    Value(&'a str),
    Hash(RevealedHash<'a>),
    Hook {
        #[serde(rename = "type")]
        kind: &'static str,
    },
}

#[derive(Serialize)]
struct RecoveryQuestion<'a> {
    question: &'a str,
    answer: &'a str,
}

/// The body that creates this person, in these groups.
pub fn create_body(candidate: &Candidate, groups: &[String]) -> Bytes {
    let body = CreateBody {
        profile: &candidate.profile,
        credentials: credentials(candidate),
        group_ids: groups,
        kind: candidate.type_id.as_deref().map(|id| UserType { id }),
        realm_id: candidate.realm_id.as_deref(),
    };
    let mut bytes = Vec::with_capacity(USUAL);
    // Text, numbers and flags always can be written, and so into memory.
    drop(serde_json::to_writer(&mut bytes, &body));
    bytes.into()
}

fn credentials(candidate: &Candidate) -> Option<Credentials<'_>> {
    let password = match &candidate.credential {
        Credential::None => None,
        Credential::Cleartext(secret) => Some(Password::Value(secret.reveal())),
        Credential::Hash(hash) => Some(Password::Hash(hash.revealed())),
        Credential::Hook => Some(Password::Hook { kind: "default" }),
    };
    let recovery_question = candidate.recovery.as_ref().map(question);
    (password.is_some() || recovery_question.is_some()).then_some(Credentials { password, recovery_question })
}

fn question(recovery: &Recovery) -> RecoveryQuestion<'_> {
    RecoveryQuestion { question: &recovery.question, answer: recovery.answer.reveal() }
}
