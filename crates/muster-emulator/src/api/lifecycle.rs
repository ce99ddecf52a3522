//! `POST /users/{id}/lifecycle/…`: the moves from status to status.

use serde_json::json;

use super::{
    call::{Answer, Call, Reply},
    users::{find, shown},
};
use crate::{
    model::{
        credentials::{Password, Provider, ProviderKind},
        events::{EventKind, Target},
        mails::MailKind,
        org::Org,
        user::{Status, User},
    },
    refusal::Refusal,
};

/// `activate`: a mail goes out to who has no password.
pub(crate) fn activate(org: &mut Org, call: &Call<'_>, key: &str) -> Answer {
    let mut user = find(org, key)?.clone();
    let send_email = call.query.flag("sendEmail", true)?;
    if !matches!(user.status, Status::Staged | Status::Deprovisioned) {
        return Err(Refusal::already_active());
    }
    let former = user.status;
    user.activate(call.now);
    org.check_active(Some(former), user.status)?;
    org.put_user(&mut user);
    org.happened(call.event(EventKind::UserActivate, Target::User(user.ordinal)));
    org.obey_rules(user.ordinal, call.now);
    activation(org, call, &user, send_email)
}

/// `reactivate`: another mail for who never came.
pub(crate) fn reactivate(org: &mut Org, call: &Call<'_>, key: &str) -> Answer {
    let mut user = find(org, key)?.clone();
    let send_email = call.query.flag("sendEmail", false)?;
    user.require(&[Status::Provisioned, Status::Recovery])?;
    user.touch(call.now);
    org.put_user(&mut user);
    org.happened(call.event(EventKind::UserReactivate, Target::User(user.ordinal)));
    activation(org, call, &user, send_email)
}

/// A mail goes out, or the token is in the answer.
fn activation(org: &mut Org, call: &Call<'_>, user: &User, send_email: bool) -> Answer {
    if send_email {
        if user.status == Status::Provisioned {
            org.mail(call.mail(MailKind::Activation, user.ordinal));
        }
        return Ok(Reply::done());
    }
    let token = org.ids.token("", 20);
    let url = call.href(&format!("/tokens/{token}/verify"));
    Reply::json(&json!({"activationUrl": url, "activationToken": token}))
}

/// `deactivate`.
pub(crate) fn deactivate(org: &mut Org, call: &Call<'_>, key: &str) -> Answer {
    let user = find(org, key)?.clone();
    if user.status == Status::Deprovisioned {
        return Err(Refusal::status());
    }
    if call.query.flag("sendEmail", false)? {
        org.mail(call.mail(MailKind::Administrator, user.ordinal));
    }
    Ok(moved(org, call, user, Status::Deprovisioned, EventKind::UserDeactivate))
}

/// `suspend`.
pub(crate) fn suspend(org: &mut Org, call: &Call<'_>, key: &str) -> Answer {
    let user = find(org, key)?.clone();
    if user.status != Status::Active {
        return Err(Refusal::validation("suspendUser").because("Cannot suspend a user that is not active"));
    }
    Ok(moved(org, call, user, Status::Suspended, EventKind::UserSuspend))
}

/// `unsuspend`.
pub(crate) fn unsuspend(org: &mut Org, call: &Call<'_>, key: &str) -> Answer {
    let user = find(org, key)?.clone();
    if user.status != Status::Suspended {
        return Err(
            Refusal::validation("unsuspendUser").because("Cannot unsuspend a user that is not suspended")
        );
    }
    org.check_active(Some(user.status), Status::Active)?;
    Ok(moved(org, call, user, Status::Active, EventKind::UserUnsuspend))
}

/// `unlock`.
pub(crate) fn unlock(org: &mut Org, call: &Call<'_>, key: &str) -> Answer {
    let user = find(org, key)?.clone();
    if user.status != Status::LockedOut {
        return Err(Refusal::not_locked());
    }
    Ok(moved(org, call, user, Status::Active, EventKind::UserUnlock))
}

/// `reset_factors`.
pub(crate) fn reset_factors(org: &Org, key: &str) -> Answer {
    find(org, key)?.require(&[Status::Active]).map(|()| Reply::done())
}

fn moved(org: &mut Org, call: &Call<'_>, mut user: User, status: Status, kind: EventKind) -> Reply {
    user.become_status(status, call.now);
    org.put_user(&mut user);
    org.happened(call.event(kind, Target::User(user.ordinal)));
    Reply::done()
}

fn expire(org: &mut Org, call: &Call<'_>, user: &mut User) -> Result<(), Refusal> {
    user.require(&[Status::Active, Status::PasswordExpired, Status::Recovery, Status::LockedOut])?;
    if !user.credentials.password.is_set() {
        return Err(Refusal::status());
    }
    user.become_status(Status::PasswordExpired, call.now);
    org.put_user(user);
    org.happened(call.event(EventKind::PasswordExpire, Target::User(user.ordinal)));
    Ok(())
}

/// `expire_password`: the password is to be changed at the next sign-in.
pub(crate) fn expire_password(org: &mut Org, call: &Call<'_>, key: &str) -> Answer {
    let mut user = find(org, key)?.clone();
    expire(org, call, &mut user)?;
    shown(org, call, &user.id)
}

/// `expire_password_with_temp_password`: the same, with a password to get in by.
pub(crate) fn expire_with_temporary(org: &mut Org, call: &Call<'_>, key: &str) -> Answer {
    let mut user = find(org, key)?.clone();
    let temporary = org.ids.token("Aa1", 12);
    let salt = org.ids.salt();
    expire(org, call, &mut user)?;
    user.credentials.set_password(Password::of_secret(&temporary, salt));
    user.password_changed = Some(call.now);
    org.put_user(&mut user);
    Reply::json(&json!({"tempPassword": temporary}))
}

/// `reset_password`: a link for a new password, by mail or in the answer.
pub(crate) fn reset_password(org: &mut Org, call: &Call<'_>, key: &str) -> Answer {
    let mut user = find(org, key)?.clone();
    if call.query.get("sendEmail").is_none() {
        return Err(Refusal::missing_parameter("sendEmail"));
    }
    let send_email = call.query.flag("sendEmail", true)?;
    let possible =
        [Status::Active, Status::Provisioned, Status::PasswordExpired, Status::Recovery, Status::LockedOut];
    user.require(&possible)?;
    // Whoever was only provisioned has not counted as active so far.
    org.check_active(Some(user.status), Status::Recovery)?;
    if call.query.get("provider") == Some("FEDERATION") {
        user.credentials.password = Password::None;
        user.credentials.provider = Provider::of(ProviderKind::Federation);
        return Ok(moved(org, call, user, Status::Active, EventKind::PasswordReset));
    }
    if user.is_federated() {
        user.credentials.provider = Provider::default();
    }
    let ordinal = user.ordinal;
    let done = moved(org, call, user, Status::Recovery, EventKind::PasswordReset);
    if send_email {
        org.mail(call.mail(MailKind::PasswordReset, ordinal));
        return Ok(done);
    }
    let url = call.href(&format!("/reset_password/{}", org.ids.token("", 20)));
    Reply::json(&json!({"resetPasswordUrl": url}))
}
