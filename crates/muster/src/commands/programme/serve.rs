//! `muster programme serve`: the numbers of `status` in a browser, made anew whenever somebody looks.

use std::sync::Arc;

use muster_engine::programme::Contact;
use muster_okta::needs;
use muster_server::programme_page::{Feed, ProgrammePage};
use serde_json::json;

use super::opened::{Opened, patience};
use super::status::report;
use crate::args::{ProgrammeServeArgs, ProgrammeStatusArgs};
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;
use crate::signals;

/// Serves the page until it is asked to stop.
pub async fn serve(settings: &Settings, args: ProgrammeServeArgs, console: Console) -> Result<End, Problem> {
    let address = args.listen;
    if !address.ip().is_loopback() && !args.allow_remote {
        return Err(Problem::wrong_usage(format!(
            "--listen {address} can be reached from other machines, over plain HTTP and without a password.\nThe page holds numbers and names of groups, no logins; if that may be seen, say --allow-remote."
        )));
    }
    let opened = Opened::of(settings, &args.runs).await?;
    let args = as_of_status(args);
    let contact = if args.offline {
        opened.programme.enrol().await?;
        None
    } else {
        let pacing = patience(settings, &args.pacing)?;
        Some(opened.contact(settings, needs::programme_status(), &pacing)?)
    };
    let feed = feed(Numbers { opened, contact, args }, console);
    let page = ProgrammePage::open(address, feed).await.map_err(|error| {
        Problem::could_not_run(format!("--listen {address} can't be listened on: {error}"))
    })?;
    // The first line on standard output, for whoever started us.
    console.line(&json!({ "url": page.url }).to_string());
    console.note("Open it in a browser; Ctrl-C ends it.");
    tokio::select! {
        () = page.serve() => {}
        () = signals::wait() => {}
    }
    Ok(End::Fine)
}

/// All that the numbers are made of.
struct Numbers {
    opened: Opened,
    contact: Option<Contact>,
    args: ProgrammeStatusArgs,
}

fn feed(numbers: Numbers, console: Console) -> Feed {
    let numbers = Arc::new(numbers);
    Feed::new(move || {
        let numbers = Arc::clone(&numbers);
        async move {
            let made = report(&numbers.opened, numbers.contact.as_ref(), &numbers.args, console).await;
            made.map_err(|problem| problem.text)
        }
    })
}

fn as_of_status(args: ProgrammeServeArgs) -> ProgrammeStatusArgs {
    ProgrammeStatusArgs {
        runs: args.runs,
        group: args.group,
        plan_groups: args.plan_groups,
        audit: args.audit,
        until: args.until,
        read_back: false,
        offline: args.offline,
        pacing: args.pacing,
    }
}
