//! A plan in words.

use muster_core::candidate::Mode;
use muster_core::column::Target;
use muster_engine::Plan;
use muster_legacy::files::{EncodingProof, Format};

use super::sourcing::describe_sourcing;
use super::{Estimate, Page, grouped};

/// Kinds of faults shown before the rest is summed up.
const FAULTS_SHOWN: usize = 12;

/// What becomes of a stored hash, in words.
const ROUTES: [(&str, &str); 3] = [
    ("hash", "stored passwords that Okta checks"),
    ("hook", "that only the hook can check"),
    ("reset", "that nobody can check; these people need a new password"),
];

/// The plan on a screen.
pub fn describe_plan(plan: &Plan, estimate: Option<&Estimate>) -> String {
    let mut text = Page::default();
    source(&mut text, plan);
    columns(&mut text, plan);
    match &plan.sourcing {
        Some(sourcing) => describe_sourcing(&mut text, plan, sourcing),
        None => rows(&mut text, plan),
    }
    time(&mut text, estimate);
    groups(&mut text, plan);
    faults(&mut text, plan);
    text.into_text()
}

fn source(text: &mut Page, plan: &Plan) {
    let survey = &plan.source;
    let encoding = &survey.encoding;
    let how = match encoding.how {
        EncodingProof::Bom => " (byte order mark)",
        EncodingProof::Valid => "",
        EncodingProof::Guessed => " (guessed; --encoding says otherwise)",
        EncodingProof::Told => " (as told)",
    };
    let form = match (survey.format, survey.delimiter) {
        (Format::Csv, Some(b'\t')) => "CSV, tab".to_owned(),
        (Format::Csv, Some(byte)) => format!("CSV, {:?}", char::from(byte)),
        (Format::Csv, None) => "CSV".to_owned(),
        (Format::Ndjson, _) => "NDJSON".to_owned(),
    };
    text.line(format_args!(
        "Source    {}: {form}, {}{how}, {} rows",
        survey.name().display(),
        encoding.name,
        grouped(plan.counts.rows)
    ));
    if let (EncodingProof::Guessed, Some(sample)) = (encoding.how, &encoding.sample) {
        text.line(format_args!("          it reads, for example: {sample}"));
    }
    text.line(format_args!("Org       {}", plan.org.trim_end_matches('/')));
    if !plan.schema_is_the_orgs {
        text.line(format_args!("          its user schema can't be read (403 or 404): checked against the 31 base attributes only"));
    }
}

fn columns(text: &mut Page, plan: &Plan) {
    let unmapped: Vec<&str> = plan.mapping.unmapped().collect();
    if unmapped.is_empty() {
        text.line(format_args!("Columns   all {} understood", plan.mapping.header.len()));
    } else {
        let understood = plan.mapping.header.len() - unmapped.len();
        text.line(format_args!(
            "Columns   {understood} understood; NOT imported: {} (not in the org's schema; --map renames)",
            unmapped.join(", ")
        ));
    }
}

fn rows(text: &mut Page, plan: &Plan) {
    let counts = &plan.counts;
    text.line(format_args!(
        "Rows      {} to send, {} invalid",
        grouped(counts.to_send),
        grouped(plan.invalid())
    ));
    if let Some(limit) = plan.limit {
        text.line(format_args!("          only the first {} rows were taken (--limit)", grouped(limit)));
    }
    if counts.to_send > 0 {
        let credentials = counts.credentials.iter().map(|(word, rows)| format!("{word} {}", grouped(*rows)));
        text.line(format_args!("          credentials: {}", credentials.collect::<Vec<_>>().join(", ")));
        for (route, said) in ROUTES {
            if let Some(notations) = counts.notations.get(route) {
                let all = notations.iter().map(|(notation, rows)| format!("{notation} {}", grouped(*rows)));
                let rows = grouped(notations.values().sum());
                text.line(format_args!("          {rows} {said}: {}", all.collect::<Vec<_>>().join(", ")));
            }
        }
        if assumes_cost(plan) {
            text.line(format_args!(
                "          no workFactor column: bcrypt salts and hashes in two columns are taken for cost 10"
            ));
        }
        if counts.credentials.contains_key("hook") {
            text.line(format_args!(
                "          hook: these sign in only while the org has an active password-import inline hook"
            ));
        }
        if plan.wishes.mode == Mode::Hook {
            text.line(format_args!(
                "          --mode hook arms every row, whatever its password is: the hook has to know all of them (hook export --all)"
            ));
        }
        if plan.wishes.arm_existing {
            text.line(format_args!(
                "          users who exist are armed, too: the passwords that they have in Okta are forgotten"
            ));
        }
        if plan.mapping.has(&Target::Salt)
            && counts.credentials.keys().any(|word| word.starts_with("sha-") || word == "md5")
        {
            text.line(format_args!(
                "          salts are read as base64 or hex; one that is plain text is written text:SALT"
            ));
        }
        if counts.other_status > 0 {
            text.line(format_args!(
                "          {} get another status than their status column says (without a password nobody is ACTIVE)",
                grouped(counts.other_status)
            ));
        }
        let staged = counts.to_send - counts.activated;
        text.line(format_args!(
            "          {} become active, {} staged; {} activation mails",
            grouped(counts.activated),
            grouped(staged),
            grouped(counts.mails)
        ));
        text.line(format_args!("Requests  {} if all are new", grouped(counts.requests)));
    }
}

fn time(text: &mut Page, estimate: Option<&Estimate>) {
    for (at, line) in estimate.map(Estimate::lines).unwrap_or_default().iter().enumerate() {
        let head = if at == 0 { "Time" } else { "" };
        text.line(format_args!("{head:<9} {line}"));
    }
}

/// A wrong cost is not seen until people sign in, so an assumed one is said.
fn assumes_cost(plan: &Plan) -> bool {
    let has = |target: Target| plan.mapping.has(&target);
    has(Target::HashedPassword) && !has(Target::WorkFactor) && plan.counts.credentials.contains_key("bcrypt")
}

fn groups(text: &mut Page, plan: &Plan) {
    let groups = &plan.groups;
    if !groups.ids.is_empty() || !groups.to_create.is_empty() {
        text.line(format_args!("Groups    {} there, {} to create", groups.ids.len(), groups.to_create.len()));
    }
    for name in groups.to_create.iter().take(FAULTS_SHOWN) {
        text.line(format_args!("          + {name}"));
    }
    and_more(text, groups.to_create.len());
    for (name, rows) in groups.missing.iter().take(FAULTS_SHOWN) {
        text.line(format_args!(
            "          missing: {name} ({} rows); --create-groups makes it",
            grouped(*rows)
        ));
    }
    and_more(text, groups.missing.len());
}

fn and_more(text: &mut Page, listed: usize) {
    if listed > FAULTS_SHOWN {
        text.line(format_args!("          and {} more", listed - FAULTS_SHOWN));
    }
}

fn faults(text: &mut Page, plan: &Plan) {
    for fault in plan.counts.faults.iter().take(FAULTS_SHOWN) {
        text.line(format_args!(
            "Invalid   {} × {}: first in line {}: {}",
            grouped(fault.rows),
            fault.code,
            fault.first_line,
            fault.example
        ));
        text.line(format_args!("          {}", fault.hint));
    }
    let rest = plan.counts.faults.len().saturating_sub(FAULTS_SHOWN);
    if rest > 0 {
        text.line(format_args!("          and {rest} more kinds"));
    }
}
