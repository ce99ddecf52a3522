//! `muster hook register`: tells the org where the hook is.
//!
//! An org has one password-import hook. Ours is left alone or changed; somebody else's is never touched unasked.

use muster_okta::wire::{HookAuth, InlineHook, NewInlineHook};
use muster_okta::{CallError, Okta, TransportFailure, needs};
use serde::Serialize;
use serde_json::Value;

use super::books::Books;
use super::ours::{ToldHook, Whose, named, whose};
use super::registration::wanted;
use super::removal::{MANAGE, hooks_of, remove, trouble};
use crate::args::HookRegisterArgs;
use crate::commands::connect::connect_to;
use crate::commands::run::confirmed;
use crate::error::{End, Problem};
use crate::output::{Console, Page, grouped};
use crate::settings::Settings;

/// Hooks of all kinds that an org may have: 50 or 100, by which page of Okta's one reads (API.md §9.1).
const MOST_HOOKS: usize = 50;
/// `muster hook serve` takes no shorter secret.
const SHORTEST_SECRET: usize = 16;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Done {
    Registered,
    Replaced,
    Updated,
    Activated,
    Unchanged,
}

#[derive(Serialize)]
struct Told<'a> {
    done: Done,
    hook: ToldHook,
    next: &'a str,
}

/// The command.
pub async fn register(settings: &Settings, args: HookRegisterArgs, console: Console) -> Result<End, Problem> {
    let org = settings.org()?;
    let hook = wanted(&args, &org)?;
    warn_of_short_secret(&hook, console);
    let okta = connect_to(settings, org, needs::hooks())?;
    let mut books = Books::open(settings, okta.base()).await?;
    let registration = Registration { okta: &okta, settings, args: &args, hook: &hook, console };
    let (done, registered) = registration.carry_out(&mut books).await?;
    books.enter(&registered).await?;
    registration.tell(done, &registered);
    Ok(if registered.is_active() { End::Fine } else { End::Attention })
}

struct Registration<'a> {
    okta: &'a Okta,
    settings: &'a Settings,
    args: &'a HookRegisterArgs,
    hook: &'a NewInlineHook,
    console: Console,
}

impl Registration<'_> {
    async fn carry_out(&self, books: &mut Books<'_>) -> Result<(Done, InlineHook), Problem> {
        let Some(there) = hooks_of(self.okta, MANAGE).await?.into_iter().next() else {
            return Ok((Done::Registered, self.create().await?));
        };
        match whose(&there, books.registered(), &self.hook.name, Some(&self.hook.uri)) {
            Whose::Ours | Whose::Namesake if self.args.update => self.update(&there).await,
            Whose::Ours if there.uri() == Some(self.hook.uri.as_str()) => self.keep(there).await,
            Whose::Ours => Err(moved(&there, &self.hook.uri)),
            _ if self.args.replace => self.replace(&there, books).await,
            Whose::Namesake => Err(moved(&there, &self.hook.uri)),
            Whose::Foreign => Err(foreign(&there, self.hook)),
        }
    }

    async fn create(&self) -> Result<InlineHook, Problem> {
        let error = match self.okta.create_hook(self.hook).await.result {
            Ok(hook) => return Ok(hook),
            Err(error) => error,
        };
        // An answer that was lost leaves the question whether the hook is there.
        if in_doubt(&error) {
            let hooks = hooks_of(self.okta, MANAGE).await.unwrap_or_default();
            let ours =
                |hook: &InlineHook| whose(hook, None, &self.hook.name, Some(&self.hook.uri)) == Whose::Ours;
            if let Some(hook) = hooks.into_iter().find(ours) {
                return Ok(hook);
            }
        }
        let mut problem = trouble(self.okta, &error, "register the hook", MANAGE);
        if error.status() == Some(400)
            && let Some(hooks) = self.hooks_of_all_kinds().await.filter(|hooks| *hooks >= MOST_HOOKS)
        {
            let many = format!(
                "\nThe org has {hooks} inline hooks, and Okta allows 50 (or 100) of all kinds: delete one that nobody needs."
            );
            problem.text.push_str(&many);
        }
        Err(problem)
    }

    async fn hooks_of_all_kinds(&self) -> Option<usize> {
        let all = self.okta.read_resource("inlineHooks").await.result.ok();
        all.as_ref().and_then(Value::as_array).map(Vec::len)
    }

    /// The secret can't be compared: Okta never shows it.
    async fn keep(&self, there: InlineHook) -> Result<(Done, InlineHook), Problem> {
        self.console.note("The secret was not sent: Okta does not show which one it has. --update sends it.");
        if there.is_active() {
            return Ok((Done::Unchanged, there));
        }
        Ok((Done::Activated, self.activate(&there.id).await?))
    }

    /// The secret goes along: whether Okta keeps one that is not sent is not known.
    async fn update(&self, there: &InlineHook) -> Result<(Done, InlineHook), Problem> {
        let updated = self.okta.replace_hook(&there.id, self.hook).await.result;
        let updated = updated.map_err(|error| trouble(self.okta, &error, "change the hook", MANAGE))?;
        let hook = if updated.is_active() { updated } else { self.activate(&there.id).await? };
        Ok((Done::Updated, hook))
    }

    async fn activate(&self, id: &str) -> Result<InlineHook, Problem> {
        let active = self.okta.activate_hook(id).await.result;
        active.map_err(|error| trouble(self.okta, &error, "activate the hook", MANAGE))
    }

    async fn replace(
        &self,
        there: &InlineHook,
        books: &mut Books<'_>,
    ) -> Result<(Done, InlineHook), Problem> {
        let question = format!(
            "Deactivate and delete {}, and register {}? Whoever depends on it can't sign in from then on.",
            named(there),
            self.hook.uri
        );
        confirm(self.settings, question, self.console).await?;
        remove(self.okta, there).await?;
        books.ended(there).await?;
        let created = self.create().await.map_err(|mut problem| {
            problem.text += "\nThe hook that was there is deleted; the org has none now.";
            problem
        })?;
        Ok((Done::Replaced, created))
    }

    fn tell(&self, done: Done, hook: &InlineHook) {
        let next = self.settings.typed().command("hook test");
        let mut text = Page::default();
        let word = match done {
            Done::Registered => "registered",
            Done::Replaced => "registered in place of the other one",
            Done::Updated => "changed; address, header and secret were sent",
            Done::Activated => "was there, and is switched on again",
            Done::Unchanged => "is there already, unchanged",
        };
        text.line(format_args!("Hook {:?} {word}: {} {}", hook.name, hook.id, hook.status));
        text.line(format_args!("Okta calls {}", hook.uri().unwrap_or_default()));
        text.line(format_args!("Prove the way in: {next}"));
        self.console.result(&Told { done, hook: ToldHook::of(hook, true), next: &next }, &text.into_text());
    }
}

/// Whether the operator agrees; without a terminal, `--yes` has to say so.
pub async fn confirm(settings: &Settings, question: String, console: Console) -> Result<(), Problem> {
    if settings.yes() {
        return Ok(());
    }
    if !console.can_ask() {
        return Err(Problem::wrong_usage(format!(
            "there is no terminal to confirm this on; say --yes:\n{question}"
        )));
    }
    if confirmed(question, console).await {
        return Ok(());
    }
    Err(Problem::could_not_run("not confirmed; nothing was changed in the org"))
}

/// How many would be shut out, for a question.
pub fn shut_out(armed: Option<u64>) -> String {
    match armed {
        Some(0) => "Nobody in the books still needs it.".to_owned(),
        Some(1) => "1 person has not come over, and can no longer sign in without it.".to_owned(),
        Some(armed) => format!(
            "{} people have not come over, and can no longer sign in without it.",
            grouped(armed)
        ),
        None => "Whoever has not come over can no longer sign in without it; how many that are is not in these books.".to_owned(),
    }
}

fn warn_of_short_secret(hook: &NewInlineHook, console: Console) {
    let HookAuth::Header(header) = &hook.auth else { return };
    if header.value.reveal().chars().count() < SHORTEST_SECRET {
        console.note("The secret has fewer than 16 characters: it can be guessed. `openssl rand -hex 32` makes a good one.");
    }
}

fn in_doubt(error: &CallError) -> bool {
    match error {
        CallError::Transport(error) => {
            matches!(error.failure, TransportFailure::TimedOut | TransportFailure::Broken)
        }
        CallError::Malformed { .. } | CallError::NotOkta { .. } => true,
        CallError::Okta { status, .. } => *status >= 500,
        CallError::NoToken { .. } => false,
    }
}

fn moved(there: &InlineHook, uri: &str) -> Problem {
    Problem::could_not_run(format!(
        "the org's hook {} calls {}, not {uri}.\n--update gives it the new address, and the secret with it.",
        named(there),
        there.uri().unwrap_or("nowhere")
    ))
}

fn foreign(there: &InlineHook, ours: &NewInlineHook) -> Problem {
    let way = if there.uri() == Some(ours.uri.as_str()) {
        format!("It calls the same address: --name {:?} takes it for ours.", there.name)
    } else {
        "If nobody needs it, --replace deactivates and deletes it and registers ours; if it is ours under another name, say so with --name, and --update.".to_owned()
    };
    Problem::could_not_run(format!(
        "the org has a password hook already, and Okta allows one: {}.\n{way}",
        named(there)
    ))
}
