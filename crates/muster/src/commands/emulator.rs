//! `muster emulator`

use muster_emulator::{Emulator, EmulatorError, Listen, serve};
use serde_json::json;

use super::emulated_org::org_settings;
use super::likeness::likeness;
use crate::args::EmulatorArgs;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;
use crate::signals;

/// Serves an org until someone stops it.
pub async fn emulator(
    settings: &Settings,
    args: EmulatorArgs,
    verbose: u8,
    console: Console,
) -> Result<End, Problem> {
    let listen = Listen { port: args.port, host: args.host, tls: args.tls };
    let like = match &args.org.like {
        Some(address) => Some(likeness(settings, address, console).await?),
        None => None,
    };
    let settings = org_settings(&args, like, verbose, console)?;
    let token = settings.tokens.first().and_then(|token| token.split('=').next()).map(str::to_owned);
    let failed = |error: EmulatorError| Problem::could_not_run(error.to_string());
    let emulator = Emulator::open(settings).map_err(failed)?;
    emulator.notices().iter().for_each(|notice| console.note(notice));
    let sources = emulator.identity_sources();
    let running = serve(emulator, listen).await.map_err(failed)?;
    if let (Some(path), Some(pem)) = (&args.ca_out, &running.ca_pem) {
        std::fs::write(path, pem).map_err(|error| {
            Problem::could_not_run(format!("{} can't be written: {error}", path.display()))
        })?;
    }
    // The first line on standard output, for whoever started us.
    let mut first = json!({ "url": running.url, "token": token });
    if !sources.is_empty() {
        let ids = sources.into_iter().map(|source| (source.label, source.id.into()));
        first["identity_sources"] = serde_json::Value::Object(ids.collect());
    }
    console.line(&first.to_string());
    console.note(&how_to_use(&running.url, token.as_deref().unwrap_or_default(), &listen));
    signals::wait().await;
    running.shutdown().await.map_err(failed)?;
    Ok(End::Fine)
}

fn how_to_use(url: &str, token: &str, listen: &Listen) -> String {
    let open = if listen.host.is_loopback() {
        ""
    } else {
        "Whoever reaches this address and knows the token can use it; it is for rehearsals, with made-up people.\n"
    };
    format!(
        "{open}An Okta org on this machine. To use it:\n  export OKTA_ORG_URL={url}\n  export OKTA_API_TOKEN={token}\n\
         What happens in it: {url}/_emulator/\nCtrl-C stops it."
    )
}
