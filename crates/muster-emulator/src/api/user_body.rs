//! What clients send about a user: its shape, and the checks that create and update share.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    model::{
        credentials::{Credentials, ImportedHash, Password, ProviderKind, Recovery},
        org::Org,
        password_policy,
        profile::Profile,
        schema::Schema,
    },
    refusal::Refusal,
};

pub(crate) const TAKEN: &str = "An object with this field already exists in the current organization";

/// The body of a create or an update. Members that are not known are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserBody {
    pub profile: Option<Map<String, Value>>,
    pub credentials: Option<CredentialsBody>,
    pub group_ids: Option<Vec<String>>,
    pub realm_id: Option<String>,
    #[serde(rename = "type")]
    pub user_type: Option<TypeBody>,
}

#[derive(Deserialize)]
pub(crate) struct TypeBody {
    pub id: Option<String>,
}

#[derive(Default, Deserialize)]
pub(crate) struct CredentialsBody {
    password: Option<PasswordBody>,
    recovery_question: Option<QuestionBody>,
    provider: Option<ProviderBody>,
}

#[derive(Deserialize)]
struct PasswordBody {
    value: Option<String>,
    hash: Option<Value>,
    hook: Option<HookBody>,
}

#[derive(Deserialize)]
struct HookBody {
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct QuestionBody {
    question: Option<String>,
    answer: Option<String>,
}

#[derive(Deserialize)]
struct ProviderBody {
    #[serde(rename = "type")]
    kind: ProviderKind,
    name: Option<String>,
}

/// A password as it was sent, known to be one of the three kinds.
pub(crate) enum GivenPassword {
    Value(String),
    Hash(ImportedHash),
    Hook,
}

/// A provider that has its own idea of passwords.
pub(crate) struct GivenProvider {
    pub kind: ProviderKind,
    pub name: String,
}

impl CredentialsBody {
    /// The password, if one is given; `{}` is none.
    pub fn password(&mut self) -> Result<Option<GivenPassword>, Refusal> {
        let Some(body) = self.password.take() else { return Ok(None) };
        match (body.value, body.hash, body.hook) {
            (None, None, None) => Ok(None),
            (Some(value), None, None) => Ok(Some(GivenPassword::Value(value))),
            (None, Some(hash), None) => {
                let malformed =
                    Refusal::field("password", "The hash is malformed or of an unsupported algorithm");
                let hash: ImportedHash = serde_json::from_value(hash).map_err(|_| malformed)?;
                hash.check().map(|()| Some(GivenPassword::Hash(hash)))
            }
            (None, None, Some(hook)) if hook.kind.as_deref() == Some("default") => {
                Ok(Some(GivenPassword::Hook))
            }
            (None, None, Some(_)) => Err(Refusal::field("password", "The type of the hook must be default")),
            _ => Err(Refusal::field("password", "Exactly one of value, hash and hook can be given")),
        }
    }

    /// The federated or social provider that the body names.
    pub fn outside_provider(&self) -> Option<GivenProvider> {
        let provider = self.provider.as_ref()?;
        let name = provider.name.clone().unwrap_or_else(|| provider.kind.name().to_owned());
        matches!(provider.kind, ProviderKind::Federation | ProviderKind::Social)
            .then_some(GivenProvider { kind: provider.kind, name })
    }

    /// Whether there is anything for a recovery question.
    pub fn has_question(&self) -> bool {
        self.recovery_question.is_some()
    }

    /// The recovery question, with its answer made unreadable.
    pub fn recovery(&mut self, salt: [u8; 16]) -> Result<Option<Recovery>, Refusal> {
        let Some(body) = self.recovery_question.take() else { return Ok(None) };
        let (question, answer) = (body.question.unwrap_or_default(), body.answer.unwrap_or_default());
        for (name, text) in [("question", &question), ("answer", &answer)] {
            match text.chars().count() {
                0 => return Err(recovery_fault(name, "The field cannot be left blank")),
                1..=100 => {}
                _ => return Err(recovery_fault(name, "The field is too long")),
            }
        }
        if answer.to_lowercase().contains(&question.to_lowercase()) {
            return Err(recovery_fault("answer", "The answer must not contain the question"));
        }
        Ok(Some(Recovery::new(question, &answer, salt)))
    }
}

impl GivenPassword {
    /// Refuses a cleartext password that the policy does not allow.
    pub fn check(&self, login: &str) -> Result<(), Refusal> {
        match self {
            Self::Value(secret) => password_policy::check(secret, login),
            Self::Hash(_) | Self::Hook => Ok(()),
        }
    }

    /// Gives the password to a user.
    pub fn give_to(self, credentials: &mut Credentials, salt: [u8; 16]) {
        credentials.set_password(match self {
            Self::Value(secret) => Password::of_secret(&secret, salt),
            Self::Hash(hash) => Password::Hash(hash),
            Self::Hook => Password::Hook,
        });
    }
}

/// Refuses names that the schema does not have.
pub(crate) fn check_names(schema: &Schema, profile: &Map<String, Value>) -> Result<(), Refusal> {
    let undefined = schema.undefined(profile.keys());
    if undefined.is_empty() {
        return Ok(());
    }
    Err(Refusal::undefined(&undefined))
}

/// All that is wrong with a profile; `own` is the place of the user that it belongs to.
pub(crate) fn profile_faults(org: &Org, schema: &Schema, profile: &Profile, own: u64) -> Vec<Refusal> {
    let faults = schema.faults(profile);
    let sound = |name: &str| faults.iter().all(|fault| fault.field != name);
    let mut refusals: Vec<_> = faults.iter().map(|fault| Refusal::field(&fault.field, fault.wrong)).collect();
    let namesake = org.users.by_login(profile.login()).is_some_and(|other| other.ordinal != own);
    if namesake && sound("login") {
        refusals.insert(0, Refusal::field("login", TAKEN));
    }
    for name in schema.unique_names() {
        let value = profile.get(name);
        if value.is_some_and(|value| org.users.has_value(&schema.type_id, name, &value, own)) {
            refusals.push(Refusal::field(name, TAKEN));
        }
    }
    refusals
}

/// One refusal of many: the first one's summary, and the causes of all.
pub(crate) fn gathered(refusals: Vec<Refusal>) -> Result<(), Refusal> {
    let mut refusals = refusals.into_iter();
    let Some(mut first) = refusals.next() else { return Ok(()) };
    first.causes.extend(refusals.flat_map(|refusal| refusal.causes));
    Err(first)
}

fn recovery_fault(name: &str, wrong: &str) -> Refusal {
    Refusal::validation("recovery_question").because(format!("{name}: {wrong}"))
}
