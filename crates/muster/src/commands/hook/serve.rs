//! `muster hook serve`: answers Okta.

use muster_server::hook::verifier::Verifier;
use muster_server::{Running, Safety, ServerError, open, seclusion};
use serde_json::json;

use super::backends;
use super::stop::{Asked, Signals};
use crate::args::HookServeArgs;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::{HookServe, Settings};

/// Serves the hook until someone stops it.
pub async fn serve(settings: &Settings, args: HookServeArgs, console: Console) -> Result<End, Problem> {
    seclusion::forbid_core_dumps();
    let mut signals = Signals::listen()?;
    let running = start(settings, args, console).await?;
    while signals.next().await == Asked::Reload {
        running.reload();
    }
    console.note("Finishing the calls that are there.");
    tokio::select! {
        () = running.drain() => {}
        () = signals.stop() => console.note("Asked twice: nothing is waited for any more."),
    }
    Ok(End::Fine)
}

/// Opens the hook, and says where it is.
pub async fn start(settings: &Settings, args: HookServeArgs, console: Console) -> Result<Running, Problem> {
    let ca_out = args.ca_out.clone();
    let file = settings.hook(args.config.as_deref())?;
    let HookServe { listen, hook, backends, credentials } = file.with(args)?;
    let truths = backends::open(&backends, credentials)?;
    if truths.is_empty() {
        // To see whether Okta gets through; anything else would tell people that their passwords are wrong.
        if listen.safety != Safety::SelfSigned && !hook.shadow {
            return Err(nothing_to_ask());
        }
        console.note("No backend is set: no user is known, and every answer is UNVERIFIED.");
    }
    let (safety, is_shadow) = (listen.safety.clone(), hook.shadow);
    let running = open(listen, hook, truths, Verifier::default()).await.map_err(problem)?;
    if let (Some(path), Some(pem)) = (&ca_out, &running.ca_pem) {
        std::fs::write(path, pem).map_err(|error| {
            Problem::could_not_run(format!("{} can't be written: {error}", path.display()))
        })?;
    }
    // The first line on standard output, for whoever started us.
    console.line(&json!({ "url": running.url, "admin": running.admin_url }).to_string());
    console.note(&how_it_runs(&running.url, &safety, is_shadow));
    Ok(running)
}

fn nothing_to_ask() -> Problem {
    Problem::wrong_usage(
        "no backend is set: nobody would be known. Name the credential file that `muster hook export` wrote:\n  muster hook serve --credentials FILE\nor set [[hook.backend]] in muster.toml (docs/hook.md)",
    )
}

fn problem(error: ServerError) -> Problem {
    match error {
        ServerError::Setting(_)
        | ServerError::PlainHttp(_)
        | ServerError::NoGuard
        | ServerError::HeaderName(_)
        | ServerError::TokenKeys(_)
        | ServerError::ClientAuthority(_) => Problem::wrong_usage(error.to_string()),
        other => Problem::could_not_run(other.to_string()),
    }
}

fn how_it_runs(url: &str, safety: &Safety, is_shadow: bool) -> String {
    let how = match safety {
        Safety::Files(_) | Safety::BehindTlsProxy => "",
        Safety::SelfSigned => "\nIts certificate is for trying out: Okta itself would not trust it.",
        Safety::PlainOnLoopback => {
            "\nPlain HTTP, for this machine alone: Okta calls https:// and nothing else."
        }
    };
    let shadow = if is_shadow { "\nShadow mode: every answer is UNVERIFIED." } else { "" };
    format!("The password-import hook at {url}{how}{shadow}\nCtrl-C stops it.")
}
