//! `POST /users/{id}/lifecycle/…`: the moves from status to status.

use serde_json::json;

use super::{
    call::{Answer, Call, Reply},
    users::{find, shown},
};
use crate::{
    model::{
        credentials::{Password, Provider, ProviderKind},
        org::Org,
        user::{Status, User},
    },
    refusal::Refusal,
};

/// One lifecycle operation, or nothing if there is none of this name.
pub(crate) fn run(org: &mut Org, call: &Call<'_>, key: &str, operation: &str) -> Answer {
    let user = find(org, key)?.clone();
    match operation {
        "activate" => activate(org, call, user),
        "reactivate" => reactivate(org, call, user),
        "deactivate" => deactivate(org, call, user),
        "suspend" => suspend(org, call, user),
        "unsuspend" => unsuspend(org, call, user),
        "unlock" => unlock(org, call, user),
        "expire_password" => expire_password(org, call, user),
        "expire_password_with_temp_password" => expire_with_temporary(org, call, user),
        "reset_password" => reset_password(org, call, user),
        "reset_factors" => user.require(&[Status::Active]).map(|()| Reply::done()),
        _ => Err(Refusal::no_such_path()),
    }
}

/// Whether there is a lifecycle operation of this name.
pub(crate) fn is_known(operation: &str) -> bool {
    let plain = ["activate", "reactivate", "deactivate", "suspend", "unsuspend", "unlock", "reset_factors"];
    let password = ["expire_password", "expire_password_with_temp_password", "reset_password"];
    plain.contains(&operation) || password.contains(&operation)
}

fn activate(org: &mut Org, call: &Call<'_>, mut user: User) -> Answer {
    let send_email = call.query.flag("sendEmail", true)?;
    if !matches!(user.status, Status::Staged | Status::Deprovisioned) {
        return Err(Refusal::already_active());
    }
    user.activate(call.now);
    org.put_user(&mut user);
    activation(org, call, send_email)
}

fn reactivate(org: &mut Org, call: &Call<'_>, mut user: User) -> Answer {
    let send_email = call.query.flag("sendEmail", false)?;
    user.require(&[Status::Provisioned, Status::Recovery])?;
    user.touch(call.now);
    org.put_user(&mut user);
    activation(org, call, send_email)
}

/// A mail goes out, or the token is in the answer.
fn activation(org: &mut Org, call: &Call<'_>, send_email: bool) -> Answer {
    if send_email {
        return Ok(Reply::done());
    }
    let token = org.ids.token("", 20);
    let url = call.href(&format!("/tokens/{token}/verify"));
    Reply::json(&json!({"activationUrl": url, "activationToken": token}))
}

fn deactivate(org: &mut Org, call: &Call<'_>, user: User) -> Answer {
    if user.status == Status::Deprovisioned {
        return Err(Refusal::status());
    }
    Ok(moved(org, call, user, Status::Deprovisioned))
}

fn suspend(org: &mut Org, call: &Call<'_>, user: User) -> Answer {
    if user.status != Status::Active {
        return Err(Refusal::validation("suspendUser").because("Cannot suspend a user that is not active"));
    }
    Ok(moved(org, call, user, Status::Suspended))
}

fn unsuspend(org: &mut Org, call: &Call<'_>, user: User) -> Answer {
    if user.status != Status::Suspended {
        return Err(
            Refusal::validation("unsuspendUser").because("Cannot unsuspend a user that is not suspended")
        );
    }
    Ok(moved(org, call, user, Status::Active))
}

fn unlock(org: &mut Org, call: &Call<'_>, user: User) -> Answer {
    if user.status != Status::LockedOut {
        return Err(Refusal::not_locked());
    }
    Ok(moved(org, call, user, Status::Active))
}

fn moved(org: &mut Org, call: &Call<'_>, mut user: User, status: Status) -> Reply {
    user.become_status(status, call.now);
    org.put_user(&mut user);
    Reply::done()
}

fn expire(org: &mut Org, call: &Call<'_>, user: &mut User) -> Result<(), Refusal> {
    user.require(&[Status::Active, Status::PasswordExpired, Status::Recovery, Status::LockedOut])?;
    if !user.credentials.password.is_set() {
        return Err(Refusal::status());
    }
    user.become_status(Status::PasswordExpired, call.now);
    org.put_user(user);
    Ok(())
}

fn expire_password(org: &mut Org, call: &Call<'_>, mut user: User) -> Answer {
    expire(org, call, &mut user)?;
    shown(org, call, &user.id)
}

fn expire_with_temporary(org: &mut Org, call: &Call<'_>, mut user: User) -> Answer {
    let temporary = org.ids.token("Aa1", 12);
    let salt = org.ids.salt();
    expire(org, call, &mut user)?;
    user.credentials.set_password(Password::of_secret(&temporary, salt));
    user.password_changed = Some(call.now);
    org.put_user(&mut user);
    Reply::json(&json!({"tempPassword": temporary}))
}

fn reset_password(org: &mut Org, call: &Call<'_>, mut user: User) -> Answer {
    if call.query.get("sendEmail").is_none() {
        return Err(Refusal::missing_parameter("sendEmail"));
    }
    let send_email = call.query.flag("sendEmail", true)?;
    let possible =
        [Status::Active, Status::Provisioned, Status::PasswordExpired, Status::Recovery, Status::LockedOut];
    user.require(&possible)?;
    if call.query.get("provider") == Some("FEDERATION") {
        user.credentials.password = Password::None;
        user.credentials.provider = Provider::of(ProviderKind::Federation);
        return Ok(moved(org, call, user, Status::Active));
    }
    if user.is_federated() {
        user.credentials.provider = Provider::default();
    }
    let done = moved(org, call, user, Status::Recovery);
    if send_email {
        return Ok(done);
    }
    let url = call.href(&format!("/reset_password/{}", org.ids.token("", 20)));
    Reply::json(&json!({"resetPasswordUrl": url}))
}
