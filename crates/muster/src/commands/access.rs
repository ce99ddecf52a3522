//! What `muster doctor` says of the access token of a service app.

use muster_okta::{ScopeNeed, TokenReport, needs};

use super::doctor::Check;
use crate::output::lasting;

/// How the token is, and what an import lacks.
pub fn access(report: &TokenReport, checks: &mut Vec<Check>) {
    let bound = if report.dpop {
        "bound to a key of this process, and every request proves it (DPoP)"
    } else {
        "sent as Bearer, without DPoP"
    };
    let life = lasting(report.life.as_secs_f64());
    checks.push(Check::ok("app", format!("its tokens are good for {life} and are renewed; {bound}")));
    let missing: Vec<ScopeNeed> =
        needs::import().into_iter().filter(|need| !need.is_met(&report.scopes)).collect();
    checks.push(scopes(report, &missing));
}

fn scopes(report: &TokenReport, missing: &[ScopeNeed]) -> Check {
    let granted = format!("granted: {}", report.scopes.join(", "));
    if missing.is_empty() {
        return Check::ok("scopes", format!("{granted}; an import needs no others"));
    }
    let names: Vec<String> =
        missing.iter().map(|need| format!("{} to {}", need.name(), need.purpose())).collect();
    let found = format!("{granted}; an import lacks {}", names.join(", and "));
    let to_do = "grant it in the Admin Console (Applications > the app > Okta API Scopes)";
    if missing.iter().any(ScopeNeed::is_required) {
        Check::failed("scopes", format!("{found}\n{to_do}"))
    } else {
        Check::attention("scopes", found, format!("an import goes on without; or {to_do}"))
    }
}
