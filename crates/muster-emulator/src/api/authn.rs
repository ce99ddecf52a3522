//! `/authn`: signing in with a password. A sign-in has two halves, so that a slow hash is computed, and a hook asked,
//! between them, while the org goes on with other requests.
//!
//! Not known of Okta, and chosen here: who is in RECOVERY cannot sign in with the old password; a hook that fails
//! counts like one that says no, towards a lock-out too; whose hook says yes while the password has expired is
//! imported all the same, and still has to change it. In read-only mode a good sign-in is good, and the System Log
//! tells of it; nothing is stored, so that the import fails and is tried again at the next sign-in (API.md §9.3).

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Answer, Call, Reply};
use crate::{
    clock::written,
    model::{
        credentials::{Password, Provider, ProviderKind},
        events::{Actor, Event, EventKind, Target},
        hooks::Hook,
        mails::MailKind,
        org::Org,
        user::{Status, User},
    },
    refusal::Refusal,
    sign_in_rules::SignInRules,
};

/// How long a session token can be used.
const TOKEN_SECONDS: i64 = 300;
const INVALID: &str = "INVALID_CREDENTIALS";
/// What the System Log takes of a name that nobody has.
const LONGEST_NAME: usize = 255;
const READ_ONLY: &str = "READ_ONLY_MODE";

#[derive(Deserialize)]
struct SignInBody {
    username: Option<String>,
    password: Option<String>,
}

/// The first half of a sign-in: it is answered already, or waits for its password to be checked.
pub(crate) enum Begun {
    Answered(Reply),
    Waits(SignIn),
}

/// A sign-in that is waiting.
pub(crate) struct SignIn {
    user_id: String,
    pub login: String,
    pub secret: String,
    pub way: Way,
}

/// How a password is checked.
pub(crate) enum Way {
    /// Against what is stored.
    Stored(Password),
    /// By the hook, if there is one.
    Hook(Option<Box<Hook>>),
}

/// What is known once the password has been checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked {
    /// It is the right one.
    pub right: bool,
    /// The org takes no writes.
    pub read_only: bool,
}

/// The name that somebody wants to sign in by.
pub(crate) fn username(call: &Call<'_>) -> Result<String, Refusal> {
    Ok(read(call)?.0)
}

fn read(call: &Call<'_>) -> Result<(String, String), Refusal> {
    let body: SignInBody = call.json()?;
    let name = body.username.filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Refusal::field("username", "The field cannot be left blank"))?;
    Ok((name, body.password.unwrap_or_default()))
}

impl SignIn {
    /// The first half: who it is. A user who can't sign in is told no more than one who doesn't exist.
    pub fn begin(org: &mut Org, call: &Call<'_>, rules: SignInRules) -> Result<Begun, Refusal> {
        let (name, secret) = read(call)?;
        let Some(user) = org.users.by_name(&name) else {
            let name = name.chars().take(LONGEST_NAME).collect();
            let stranger = Target::other("User", "unknown".to_owned(), name);
            org.happened(event(call, EventKind::SignIn, Actor::System, stranger, Some("VERIFICATION_ERROR")));
            return Err(Refusal::sign_in());
        };
        let ordinal = user.ordinal;
        if !can_sign_in(user) {
            let locked = user.status == Status::LockedOut;
            let reason = if locked { "LOCKED_OUT" } else { INVALID };
            org.happened(of_user(call, EventKind::SignIn, ordinal, Some(reason)));
            if locked && rules.tells_lockout {
                return Reply::json(&json!({"status": "LOCKED_OUT", "_embedded": {}})).map(Begun::Answered);
            }
            return Err(Refusal::sign_in());
        }
        let way = match &user.credentials.password {
            Password::Hook => Way::Hook(org.hooks.password_import().cloned().map(Box::new)),
            stored => Way::Stored(stored.clone()),
        };
        let login = user.profile.login().to_owned();
        Ok(Begun::Waits(Self { user_id: user.id.clone(), login, secret, way }))
    }

    /// The second half, once it is known whether the password is right.
    pub fn finish(self, org: &mut Org, call: &Call<'_>, checked: Checked, rules: SignInRules) -> Answer {
        let mut user = org.users.by_id(&self.user_id).cloned().ok_or_else(Refusal::sign_in)?;
        if !can_sign_in(&user) {
            org.happened(of_user(call, EventKind::SignIn, user.ordinal, Some(INVALID)));
            return Err(Refusal::sign_in());
        }
        if !checked.right || !self.still_holds(&user) {
            self.fail(org, call, &mut user, rules.lockout.filter(|_| !checked.read_only));
            return Err(Refusal::sign_in());
        }
        let expired = user.status == Status::PasswordExpired;
        if user.credentials.provider.kind == ProviderKind::Import {
            let failure = checked.read_only.then_some(READ_ONLY);
            org.happened(of_user(call, EventKind::PasswordImport, user.ordinal, failure));
        }
        if !checked.read_only {
            self.store(org, call, &mut user);
        }
        if expired {
            let token = org.ids.token("00", 42);
            return Reply::json(&answer(call, &user, "PASSWORD_EXPIRED", "stateToken", &token));
        }
        org.happened(of_user(call, EventKind::SignIn, user.ordinal, None));
        let token = org.ids.token("20111", 42);
        Reply::json(&answer(call, &user, "SUCCESS", "sessionToken", &token))
    }

    /// Whether what was checked is still the user's password. Of two sign-ins that asked the hook at once, the first
    /// one stored its password; the other must have the same. So must who was overtaken by a new password.
    fn still_holds(&self, user: &User) -> bool {
        match (&self.way, &user.credentials.password) {
            (Way::Hook(_), Password::Hook) => true,
            (Way::Stored(checked), present) if checked == present => true,
            (_, stored @ Password::Value { .. }) => stored.verify(&self.secret),
            _ => false,
        }
    }

    /// The first good sign-in makes an imported password Okta's own. What a hook has said yes to is stored then, by
    /// whatever policy.
    fn store(&self, org: &mut Org, call: &Call<'_>, user: &mut User) {
        org.forget_failures(user.ordinal);
        if matches!(user.credentials.password, Password::Hook) {
            let salt = org.ids.salt();
            user.credentials.set_password(Password::of_secret(&self.secret, salt));
        }
        if user.credentials.provider.kind == ProviderKind::Import {
            user.credentials.provider = Provider::of(ProviderKind::Okta);
        }
        if user.status != Status::PasswordExpired {
            user.last_login = Some(call.now);
        }
        org.put_user(user);
    }

    /// Without a number of failures that locks out, none are counted.
    fn fail(&self, org: &mut Org, call: &Call<'_>, user: &mut User, lockout: Option<u32>) {
        if matches!((&self.way, &user.credentials.password), (Way::Hook(_), Password::Hook)) {
            org.happened(of_user(call, EventKind::PasswordImport, user.ordinal, Some(INVALID)));
        }
        org.happened(of_user(call, EventKind::SignIn, user.ordinal, Some(INVALID)));
        let Some(most) = lockout else { return };
        if org.count_failure(user.ordinal) >= most {
            org.forget_failures(user.ordinal);
            user.become_status(Status::LockedOut, call.now);
            org.put_user(user);
            org.happened(event(
                call,
                EventKind::UserLock,
                Actor::System,
                Target::User(user.ordinal),
                Some("LOCKED_OUT"),
            ));
            org.mail(call.mail(MailKind::AccountLocked, user.ordinal));
        }
    }
}

fn can_sign_in(user: &User) -> bool {
    matches!(user.status, Status::Active | Status::PasswordExpired) && user.credentials.password.is_set()
}

fn of_user(call: &Call<'_>, kind: EventKind, user: u64, failure: Option<&str>) -> Event {
    event(call, kind, Actor::User(user), Target::User(user), failure)
}

fn event(call: &Call<'_>, kind: EventKind, actor: Actor, target: Target, failure: Option<&str>) -> Event {
    let reason = failure.map(Into::into);
    Event { actor, failed: failure.is_some(), reason, ..call.event(kind, target) }
}

fn answer(call: &Call<'_>, user: &User, status: &str, token_name: &str, token: &str) -> Value {
    let expires = call.now.saturating_add(jiff::SignedDuration::from_secs(TOKEN_SECONDS)).unwrap_or(call.now);
    json!({
        "expiresAt": written(expires),
        "status": status,
        token_name: token,
        "_embedded": {"user": {
            "id": user.id,
            "passwordChanged": user.password_changed.map(written),
            "profile": {
                "login": user.profile.login(),
                "firstName": user.profile.text("firstName"),
                "lastName": user.profile.text("lastName"),
                "locale": user.profile.get("locale").unwrap_or_else(|| "en_US".into()),
                "timeZone": user.profile.get("timezone").unwrap_or_else(|| "America/Los_Angeles".into()),
            },
        }},
    })
}
