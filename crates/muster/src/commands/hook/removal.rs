//! Ending a hook: off first, for Okta deletes none that is on. And what the org says of hooks.

use muster_engine::OrgTrouble;
use muster_okta::wire::InlineHook;
use muster_okta::{CallError, Okta};

use crate::error::Problem;

/// The right that all of this needs (API.md §2.4).
pub const MANAGE: &str = "okta.inlineHooks.manage";

/// The org's password-import hooks: one, or none.
pub async fn hooks_of(okta: &Okta, scope: &'static str) -> Result<Vec<InlineHook>, Problem> {
    let listed = okta.list_password_hooks().await.result;
    listed.map_err(|error| trouble(okta, &error, "see the org's password hook", scope))
}

/// Switches the hook off and deletes it. One that is gone already is gone.
pub async fn remove(okta: &Okta, hook: &InlineHook) -> Result<(), Problem> {
    if hook.is_active() {
        let off = okta.deactivate_hook(&hook.id).await.result.map(drop);
        unless_gone(off).map_err(|error| trouble(okta, &error, "deactivate the hook", MANAGE))?;
    }
    let deleted = okta.delete_hook(&hook.id).await.result.map(drop);
    unless_gone(deleted).map_err(|error| {
        let mut problem = trouble(okta, &error, "delete the hook", MANAGE);
        problem.text.push_str("\nIt is switched off already; the same command again deletes it.");
        problem
    })
}

/// What stands between us and the org's hooks.
pub fn trouble(okta: &Okta, error: &CallError, what: &str, scope: &'static str) -> Problem {
    let org = okta.base().as_str().trim_end_matches('/');
    Problem::could_not_run(OrgTrouble::of(error, org, what, scope).to_string())
}

fn unless_gone(result: Result<(), CallError>) -> Result<(), CallError> {
    match result {
        Err(error) if error.status() == Some(404) && error.code().is_some() => Ok(()),
        other => other,
    }
}
