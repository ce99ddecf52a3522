//! `muster emulator`

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use muster_emulator::{Emulator, Listen, LoggedRequest, OrgSettings, serve};
use serde_json::json;

use crate::args::EmulatorArgs;
use crate::error::{End, Problem};
use crate::output::Console;
use crate::signals;

/// Serves an org until someone stops it.
pub async fn emulator(args: EmulatorArgs, verbose: u8, console: Console) -> Result<End, Problem> {
    let port = args.port;
    let listen = Listen { port, host: IpAddr::V4(Ipv4Addr::LOCALHOST), tls: args.tls };
    let ca_out = args.ca_out.clone();
    let settings = org_settings(args, verbose, console)?;
    let tokens = settings.tokens.clone();
    let failed = |error: muster_emulator::EmulatorError| Problem::could_not_run(error.to_string());
    let emulator = Emulator::open(settings).map_err(failed)?;
    emulator.notices().iter().for_each(|notice| console.note(notice));
    let running = serve(emulator, listen).await.map_err(failed)?;
    if let (Some(path), Some(pem)) = (&ca_out, &running.ca_pem) {
        std::fs::write(path, pem).map_err(|error| {
            Problem::could_not_run(format!("{} can't be written: {error}", path.display()))
        })?;
    }
    // The first line on standard output, for whoever started us.
    console.line(&json!({ "url": running.url, "token": tokens.first() }).to_string());
    console.note(&format!(
        "An Okta org on this machine. To use it:\n  export OKTA_ORG_URL={}\n  export OKTA_API_TOKEN={}\nCtrl-C stops it.",
        running.url,
        tokens.first().map(String::as_str).unwrap_or_default()
    ));
    signals::wait().await;
    running.shutdown().await.map_err(failed)?;
    Ok(End::Fine)
}

fn org_settings(args: EmulatorArgs, verbose: u8, console: Console) -> Result<OrgSettings, Problem> {
    let faulty = |name: &str, reason: String| Problem::wrong_usage(format!("{name}: {reason}"));
    let mut settings = OrgSettings {
        plan: args
            .plan
            .parse()
            .map_err(|error: muster_emulator::UnknownPlan| faulty("--plan", error.to_string()))?,
        concurrency: args.concurrency,
        latency: args.latency.as_deref().map(latency).transpose()?.unwrap_or_default(),
        seed: args.seed,
        state: args.state,
        ..OrgSettings::default()
    };
    for limit in &args.limit {
        let parsed =
            limit.parse().map_err(|error: muster_emulator::BadLimit| faulty("--limit", error.to_string()))?;
        settings.limits.push(parsed);
    }
    if !args.token.is_empty() {
        settings.tokens = args.token;
    }
    if verbose > 0 {
        settings.log = Some(Arc::new(move |request: &LoggedRequest| console.note(&logged(request))));
    }
    Ok(settings)
}

/// A request in one line, with the secrets of its body masked.
fn logged(request: &LoggedRequest) -> String {
    let body = request.body.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{} {} {} {} {body}", request.at, request.method, request.path_and_query, request.status)
}

/// A length of time such as 150ms, 2s or 1m.
fn latency(text: &str) -> Result<Duration, Problem> {
    let faulty = || Problem::wrong_usage(format!("--latency: {text:?} is not a time such as 150ms or 2s"));
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| faulty())?;
    match &text[digits.len()..] {
        "ms" | "" => Ok(Duration::from_millis(number)),
        "s" => Ok(Duration::from_secs(number)),
        "m" => Ok(Duration::from_secs(number.saturating_mul(60))),
        _ => Err(faulty()),
    }
}
