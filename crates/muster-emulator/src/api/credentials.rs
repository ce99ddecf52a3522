//! `POST /users/{id}/credentials/…`: a new password, a new question, a forgotten password. As at a sign-in, the
//! present password is checked between two halves, where it keeps nobody waiting.
//!
//! Not known of Okta, and chosen here: a password that only a hook knows is never the right one here; a new password
//! that the policy refuses gets E0000014 with the policy's words; `strict` refuses the present password as the new
//! one (there is no older history); `forgot_password` does not ask for a recovery question, since the links offer it to
//! users without one.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    call::{Answer, Call, Reply},
    user_body::{CredentialsBody, GivenPassword},
    users::find,
};
use crate::{
    model::{
        credentials::{Credentials, Password, Recovery},
        events::{EventKind, Target},
        mails::MailKind,
        org::Org,
        password_policy,
        user::{Status, User},
    },
    refusal::Refusal,
};

/// What is to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Password,
    Question,
}

/// A change that is waiting for the present password to be checked.
pub(crate) struct Check {
    user_id: String,
    pub password: Password,
    pub secret: String,
    fresh: Fresh,
}

enum Fresh {
    Password(String),
    Question(Recovery),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PasswordsBody {
    old_password: Option<SecretBody>,
    new_password: Option<SecretBody>,
}

#[derive(Deserialize)]
struct SecretBody {
    value: Option<String>,
}

impl Change {
    /// Refuses the change for users of whom it cannot be asked.
    fn check(self, user: &User) -> Result<(), Refusal> {
        let (statuses, code): (&[Status], _) = match self {
            Self::Password => {
                (&[Status::Staged, Status::Active, Status::PasswordExpired, Status::Recovery], "E0000035")
            }
            Self::Question => (&[Status::Staged, Status::Active, Status::Recovery], "E0000036"),
        };
        user.require(statuses)?;
        if !user.credentials.password.is_set() || user.is_federated() {
            return Err(not_allowed(code));
        }
        Ok(())
    }
}

impl Fresh {
    fn change(&self) -> Change {
        match self {
            Self::Password(_) => Change::Password,
            Self::Question(_) => Change::Question,
        }
    }
}

impl Check {
    /// The first half: whether there is anything to be checked.
    pub fn begin(org: &mut Org, call: &Call<'_>, key: &str, change: Change) -> Result<Self, Refusal> {
        let user = find(org, key)?.clone();
        change.check(&user)?;
        let (secret, fresh) = match change {
            Change::Password => passwords(call)?,
            Change::Question => question(org, call)?,
        };
        Ok(Self { user_id: user.id, password: user.credentials.password, secret, fresh })
    }

    /// The second half. Whoever was overtaken by another change has not shown that they know the present password.
    pub fn finish(self, org: &mut Org, call: &Call<'_>, right: bool) -> Answer {
        let user = org.users.by_id(&self.user_id).cloned();
        let mut user = user.ok_or_else(|| Refusal::not_found(&self.user_id, "User"))?;
        let change = self.fresh.change();
        change.check(&user)?;
        if !right || user.credentials.password != self.password {
            let old = change == Change::Password;
            return Err(failed(if old { "Old Password is not correct" } else { "Password is not correct" }));
        }
        match self.fresh {
            Fresh::Password(fresh) => {
                check_policy(call, &fresh, &self.secret, user.profile.login())?;
                user.credentials.set_password(Password::of_secret(&fresh, org.ids.salt()));
                user.password_changed = Some(call.now);
                if matches!(user.status, Status::PasswordExpired | Status::Recovery) {
                    user.become_status(Status::Active, call.now);
                }
                org.forget_failures(user.ordinal);
                org.happened(call.event(EventKind::PasswordUpdate, Target::User(user.ordinal)));
            }
            Fresh::Question(recovery) => {
                user.credentials.recovery = Some(recovery);
                org.happened(call.event(EventKind::UserProfile, Target::User(user.ordinal)));
            }
        }
        user.touch(call.now);
        org.put_user(&mut user);
        Reply::json(&view(&user.credentials))
    }
}

/// `forgot_password`: a link for a new password, by mail or in the answer.
pub(crate) fn forgot(org: &mut Org, call: &Call<'_>, key: &str) -> Answer {
    let mut user = find(org, key)?.clone();
    let send_email = call.query.flag("sendEmail", true)?;
    let possible = [Status::Active, Status::PasswordExpired, Status::LockedOut, Status::Recovery];
    if user.require(&possible).is_err() || !user.credentials.password.is_set() {
        return Err(not_allowed("E0000034"));
    }
    user.become_status(Status::Recovery, call.now);
    org.put_user(&mut user);
    org.happened(call.event(EventKind::PasswordReset, Target::User(user.ordinal)));
    if send_email {
        org.mail(call.mail(MailKind::PasswordReset, user.ordinal));
        return Ok(Reply::done());
    }
    let url = call.href(&format!("/reset_password/{}", org.ids.token("", 20)));
    Reply::json(&json!({"resetPasswordUrl": url}))
}

fn passwords(call: &Call<'_>) -> Result<(String, Fresh), Refusal> {
    let body: PasswordsBody = call.json()?;
    let given = |secret: Option<SecretBody>, name: &str| {
        let value = secret.and_then(|secret| secret.value).filter(|value| !value.is_empty());
        value.ok_or_else(|| Refusal::field(name, "The field cannot be left blank"))
    };
    let old = given(body.old_password, "oldPassword")?;
    Ok((old, Fresh::Password(given(body.new_password, "newPassword")?)))
}

fn question(org: &mut Org, call: &Call<'_>) -> Result<(String, Fresh), Refusal> {
    let mut body: CredentialsBody = call.json()?;
    let Some(GivenPassword::Value(secret)) = body.password()? else {
        return Err(Refusal::field("password", "The field cannot be left blank"));
    };
    let blank = || Refusal::field("recovery_question", "The field cannot be left blank");
    let recovery = body.recovery(org.ids.salt())?.ok_or_else(blank)?;
    Ok((secret, Fresh::Question(recovery)))
}

fn check_policy(call: &Call<'_>, fresh: &str, old: &str, login: &str) -> Result<(), Refusal> {
    if let Err(weak) = password_policy::check(fresh, login) {
        let why = weak.causes.first().map_or("", String::as_str);
        return Err(failed(why.strip_prefix("password: ").unwrap_or(why)));
    }
    if call.query.flag("strict", false)? && fresh == old {
        return Err(failed("Password has been used too recently"));
    }
    Ok(())
}

fn failed(why: &str) -> Refusal {
    Refusal::new(StatusCode::FORBIDDEN, "E0000014", "Update of credentials failed").because(why)
}

fn not_allowed(code: &'static str) -> Refusal {
    let what = match code {
        "E0000034" => "Forgot password",
        "E0000035" => "Change password",
        _ => "Change recovery question",
    };
    Refusal::new(StatusCode::FORBIDDEN, code, format!("{what} not allowed on specified user."))
}

/// The credentials as answers show them: never a secret.
fn view(credentials: &Credentials) -> Value {
    let mut shown = json!({"password": {}, "provider": credentials.provider});
    if let (Some(recovery), Some(members)) = (&credentials.recovery, shown.as_object_mut()) {
        members.insert("recovery_question".to_owned(), json!({"question": recovery.question}));
    }
    shown
}
