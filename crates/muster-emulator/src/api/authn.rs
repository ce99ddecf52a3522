//! `/authn`: signing in with a password. A sign-in has two halves, so that a slow hash is computed between them,
//! while the org goes on with other requests.

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Answer, Call, Reply};
use crate::{
    clock::written,
    model::{
        credentials::{Password, Provider, ProviderKind},
        events::{EventKind, Target},
        org::Org,
        user::{Status, User},
    },
    refusal::Refusal,
};

/// How long a session token can be used.
const TOKEN_SECONDS: i64 = 300;

#[derive(Deserialize)]
struct SignInBody {
    username: Option<String>,
    password: Option<String>,
}

/// A sign-in that is waiting for its password to be checked.
pub(crate) struct SignIn {
    user_id: String,
    password: Password,
    secret: String,
}

impl SignIn {
    /// The first half: who it is. A user who can't sign in is told no more than one who doesn't exist.
    pub fn begin(org: &Org, call: &Call<'_>) -> Result<Self, Refusal> {
        let body: SignInBody = call.json()?;
        let name = body.username.filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| Refusal::field("username", "The field cannot be left blank"))?;
        let user = org.users.by_name(&name).filter(|user| can_sign_in(user)).ok_or_else(Refusal::sign_in)?;
        let secret = body.password.unwrap_or_default();
        Ok(Self { user_id: user.id.clone(), password: user.credentials.password.clone(), secret })
    }

    /// What lies between: whether the password is right. It may take long.
    pub fn is_right(&self) -> bool {
        self.password.verify(&self.secret)
    }

    /// The second half, once the password was found to be right.
    pub fn finish(org: &mut Org, call: &Call<'_>, user_id: &str) -> Answer {
        let mut user =
            org.users.by_id(user_id).filter(|user| can_sign_in(user)).ok_or_else(Refusal::sign_in)?.clone();
        if user.status == Status::PasswordExpired {
            let token = org.ids.token("00", 42);
            return Reply::json(&answer(call, &user, "PASSWORD_EXPIRED", "stateToken", &token));
        }
        user.last_login = Some(call.now);
        if user.credentials.provider.kind == ProviderKind::Import {
            user.credentials.provider = Provider::of(ProviderKind::Okta);
        }
        org.put_user(&mut user);
        org.happened(call.event(EventKind::SignIn, Target::User(user.ordinal)));
        let token = org.ids.token("20111", 42);
        Reply::json(&answer(call, &user, "SUCCESS", "sessionToken", &token))
    }

    /// The id of the user.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }
}

fn can_sign_in(user: &User) -> bool {
    matches!(user.status, Status::Active | Status::PasswordExpired) && user.credentials.password.is_set()
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
