//! `muster hook unregister`: switches the hook off and deletes it.

use muster_okta::needs;
use muster_okta::wire::InlineHook;
use serde_json::json;

use super::books::Books;
use super::ours::{ToldHook, Whose, named, whose};
use super::register::{confirm, shut_out};
use super::removal::{MANAGE, hooks_of, remove};
use crate::args::{HookRegisterArgs, HookUnregisterArgs};
use crate::commands::connect::connect_to;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;

/// The command.
pub async fn unregister(
    settings: &Settings,
    args: HookUnregisterArgs,
    console: Console,
) -> Result<End, Problem> {
    let okta = connect_to(settings, settings.org()?, needs::hooks())?;
    let mut books = Books::open(settings, okta.base()).await?;
    let hooks = hooks_of(&okta, MANAGE).await?;
    if hooks.is_empty() && args.hook.is_none() {
        let told = json!({ "done": "nothing", "hook": null });
        console.result(&told, "The org has no password hook; nothing is to be done.");
        return Ok(End::Fine);
    }
    let hook = chosen(hooks, args.hook.as_deref(), books.registered())?;
    let question = format!("Deactivate and delete {}? {}", named(&hook), shut_out(books.armed().await?));
    confirm(settings, question, console).await?;
    remove(&okta, &hook).await?;
    books.ended(&hook).await?;
    let told = json!({ "done": "unregistered", "hook": ToldHook::of(&hook, true) });
    console.result(&told, &format!("Hook {:?} ({}) is switched off and deleted.", hook.name, hook.id));
    Ok(End::Fine)
}

fn chosen(
    hooks: Vec<InlineHook>,
    asked: Option<&str>,
    registered: Option<&str>,
) -> Result<InlineHook, Problem> {
    let there: Vec<String> = hooks.iter().map(named).collect();
    let fits = |hook: &InlineHook| match asked {
        Some(asked) => hook.id == asked || hook.name == asked,
        None => whose(hook, registered, HookRegisterArgs::standard_name(), None) == Whose::Ours,
    };
    let found = hooks.into_iter().find(fits);
    found.ok_or_else(|| match (asked, there.first()) {
        (Some(asked), None) => Problem::could_not_run(format!(
            "there is no password hook {asked:?}; the org has no password hook at all"
        )),
        (Some(asked), Some(other)) => {
            Problem::could_not_run(format!("there is no password hook {asked:?}; the org has {other}"))
        }
        (None, other) => Problem::could_not_run(format!(
            "the org's password hook is not known to be ours: {}.\nName it, by id or name, if it is to go: --hook ID",
            other.map_or("none", String::as_str)
        )),
    })
}
