//! From the options of `muster emulator` to the settings of its org.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use muster_emulator::{
    Description, FaultPlan, HookCalls, IdentitySourceRules, IdentitySourceSetting, Lag, Likeness,
    LimitOverride, LoggedRequest, OrgSettings, ServiceApp,
};

use crate::args::{EmulatorAccessArgs, EmulatorArgs, EmulatorLineArgs, EmulatorOrgArgs, EmulatorSourceArgs};
use crate::error::Problem;
use crate::output::Console;

/// The settings of the org that these options ask for.
pub fn org_settings(
    args: &EmulatorArgs,
    like: Option<Likeness>,
    verbose: u8,
    console: Console,
) -> Result<OrgSettings, Problem> {
    let mut settings =
        OrgSettings { seed: args.seed, state: args.state.clone(), like, ..OrgSettings::default() };
    with_access(&mut settings, &args.access)?;
    with_org(&mut settings, &args.org)?;
    with_sources(&mut settings, &args.sources)?;
    with_line(&mut settings, &args.line)?;
    if verbose > 0 {
        settings.log = Some(Arc::new(move |request: &LoggedRequest| console.note(&logged(request))));
    }
    Ok(settings)
}

fn with_access(settings: &mut OrgSettings, args: &EmulatorAccessArgs) -> Result<(), Problem> {
    for token in &args.token {
        read::<muster_emulator::ApiToken>("--token", token)?;
    }
    if !args.token.is_empty() {
        settings.tokens.clone_from(&args.token);
    }
    for path in &args.service_app {
        let app = ServiceApp::from_json(&file("--service-app", path)?)
            .map_err(|error| Problem::wrong_usage(format!("--service-app {}: {error}", path.display())))?;
        settings.apps.push(app);
    }
    settings.oauth.token_lifetime = time("--token-lifetime", &args.token_lifetime)?;
    Ok(())
}

fn with_org(settings: &mut OrgSettings, args: &EmulatorOrgArgs) -> Result<(), Problem> {
    settings.plan = read("--plan", &args.plan)?;
    settings.realms.clone_from(&args.realm);
    settings.applications.clone_from(&args.application);
    settings.app_groups.clone_from(&args.app_group);
    settings.active_user_cap = args.active_user_cap;
    let ca_pem = args.hook_ca.as_deref().map(|path| file("--hook-ca", path)).transpose()?;
    let ca_pem = ca_pem.map(String::from_utf8).transpose();
    let ca_pem = ca_pem.map_err(|_| Problem::wrong_usage("--hook-ca: the file is no text in PEM"))?;
    settings.hooks = HookCalls { ca_pem, allow_http: args.allow_http_hooks, ..HookCalls::default() };
    if let Some(path) = &args.description {
        let description = Description::read(&file("--description", path)?)
            .map_err(|error| Problem::wrong_usage(format!("--description {}: {error}", path.display())))?;
        settings.description = Some(Arc::new(description));
    }
    Ok(())
}

fn with_sources(settings: &mut OrgSettings, args: &EmulatorSourceArgs) -> Result<(), Problem> {
    settings.identity_sources = all("--identity-source", &args.sources)?;
    check_sources(&settings.identity_sources)?;
    for text in &args.attributes {
        let name = "--identity-source-attribute";
        let (label, attribute) =
            text.rsplit_once(':').filter(|(_, attribute)| !attribute.is_empty()).ok_or_else(|| {
                Problem::wrong_usage(format!(
                    "{name}: {text:?} is not LABEL:NAME, such as Payroll:costCenter"
                ))
            })?;
        source(settings, name, label)?.attributes.push(attribute.to_owned());
    }
    for label in &args.activate {
        source(settings, "--identity-source-activate", label)?.activates = true;
    }
    settings.identity_source_rules = IdentitySourceRules {
        speed: read("--identity-source-speed", &args.speed)?,
        gap: time("--identity-source-gap", &args.gap)?,
        expiry: time("--identity-source-expiry", &args.expiry)?,
        lists_all: !args.lists_active,
        ..IdentitySourceRules::default()
    };
    Ok(())
}

/// Sources are told apart by their labels, and by their ids.
fn check_sources(sources: &[IdentitySourceSetting]) -> Result<(), Problem> {
    for (place, one) in sources.iter().enumerate() {
        let is_same = |other: &IdentitySourceSetting| {
            one.label == other.label || (one.id.is_some() && one.id == other.id)
        };
        if sources.iter().take(place).any(is_same) {
            let label = &one.label;
            return Err(Problem::wrong_usage(format!(
                "--identity-source {label}: another one has the same label or id"
            )));
        }
    }
    Ok(())
}

/// The source that another option names.
fn source<'a>(
    settings: &'a mut OrgSettings,
    name: &str,
    label: &str,
) -> Result<&'a mut IdentitySourceSetting, Problem> {
    let found = settings.identity_sources.iter_mut().find(|source| source.label == label);
    found.ok_or_else(|| Problem::wrong_usage(format!("{name}: there is no --identity-source {label}")))
}

fn with_line(settings: &mut OrgSettings, args: &EmulatorLineArgs) -> Result<(), Problem> {
    // What a real org's headers told goes first: the last limit of a bucket holds.
    settings.limits = settings.like.as_ref().map(|like| like.limits.clone()).unwrap_or_default();
    settings.limits.extend(all::<LimitOverride>("--limit", &args.limit)?);
    settings.concurrency = args.concurrency;
    settings.background = all("--background", &args.background)?;
    settings.latencies = all("--latency", &args.latency)?;
    let faulty =
        |text: &str, error: muster_emulator::BadLag| Problem::wrong_usage(format!("--lag {text}: {error}"));
    settings.lag = args
        .lag
        .iter()
        .try_fold(Lag::default(), |lag, text| lag.and(text).map_err(|error| faulty(text, error)))?;
    settings.faults = FaultPlan(all("--fault", &args.fault)?);
    settings.read_only = args.read_only;
    Ok(())
}

fn all<T: FromStr<Err: std::fmt::Display>>(name: &str, texts: &[String]) -> Result<Vec<T>, Problem> {
    texts.iter().map(|text| read(name, text)).collect()
}

fn read<T: FromStr<Err: std::fmt::Display>>(name: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|error| Problem::wrong_usage(format!("{name}: {error}")))
}

fn file(name: &str, path: &Path) -> Result<Vec<u8>, Problem> {
    std::fs::read(path)
        .map_err(|error| Problem::wrong_usage(format!("{name} {} can't be read: {error}", path.display())))
}

/// A length of time such as 150ms, 2s or 1m.
fn time(name: &str, text: &str) -> Result<Duration, Problem> {
    let faulty =
        || Problem::wrong_usage(format!("{name}: {text:?} is not a time such as 500ms, 90s, 2m or 1h"));
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| faulty())?;
    match &text[digits.len()..] {
        "ms" => Ok(Duration::from_millis(number)),
        "s" | "" => Ok(Duration::from_secs(number)),
        "m" | "min" => Ok(Duration::from_secs(number.saturating_mul(60))),
        "h" => Ok(Duration::from_secs(number.saturating_mul(3600))),
        _ => Err(faulty()),
    }
}

/// A request in one line, with the secrets of its body masked.
fn logged(request: &LoggedRequest) -> String {
    let body = request.body.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{} {} {} {} {body}", request.at, request.method, request.path_and_query, request.status)
}
