//! The questions that a hook has to answer rightly, by either way.

use std::time::Duration;

use super::answer::Heard;
use super::question::{Question, fresh};
use super::way::{Caller, OKTA_WAITS, Way};
use crate::commands::doctor::Check;
use muster_core::secret::Secret;

/// Beyond this, little is missing to Okta's patience.
const SLOW: Duration = Duration::from_millis(1500);
/// So many logins are named.
const NAMED: usize = 3;

/// The names of the checks by one way.
pub struct Names {
    /// Known passwords.
    pub known: &'static str,
    /// A wrong one.
    pub wrong: &'static str,
    /// An unknown user.
    pub unknown: &'static str,
}

/// From here.
pub const HERE: Names = Names { known: "known", wrong: "wrong", unknown: "unknown" };
/// Through the org.
pub const ORG: Names = Names { known: "okta", wrong: "okta-no", unknown: "okta-who" };

/// Whether the secret is asked for, and is right. Says whether more can be asked.
pub async fn secret(
    caller: &Caller,
    right: bool,
    checks: &mut Vec<Check>,
    times: &mut Vec<Duration>,
) -> bool {
    if right {
        let (heard, taken) = Way::Here(caller).ask(&Question::of_nobody()).await;
        if !heard.is_a_judgement() {
            let check = if heard.is_silence() { "reach" } else { "secret" };
            checks.push(Check::failed(check, heard.words()));
            return false;
        }
        checks.push(Check::ok("reach", format!("answers in {} ms", taken.as_millis())));
        checks.push(refused(HERE.unknown, "a login that nobody has", &heard));
        times.push(taken);
    }
    let wrong = Secret::new(format!("wrong-{}", fresh()));
    let heard = caller.ask(&Question::of_nobody(), &wrong).await;
    checks.push(match &heard {
        Heard::Refused(status) if right => Check::ok("secret", format!("right; a wrong one is answered {status}")),
        Heard::Refused(status) => Check::ok("secret", format!("a caller without Okta's token is answered {status}")),
        Heard::Yes | Heard::No | Heard::Nothing => Check::failed(
            "secret",
            "a wrong one is let in: whoever knows the address can try passwords there\nLet the hook demand the secret"
                .to_owned(),
        ),
        other if other.is_silence() => Check::failed("reach", other.words()),
        other => Check::attention(
            "secret",
            format!("a wrong one: {}", first_line(&other.words())),
            "401 is what a hook answers then".to_owned(),
        ),
    });
    !heard.is_silence()
}

/// Known passwords are right.
pub async fn known(way: &Way<'_>, names: &Names, people: &[Question], times: &mut Vec<Duration>) -> Check {
    let mut bad: Vec<(&str, Heard)> = Vec::new();
    for person in people {
        let (heard, taken) = way.ask(person).await;
        times.push(taken);
        if heard != Heard::Yes {
            let silent = heard.is_silence();
            bad.push((&person.login, heard));
            if silent {
                break;
            }
        }
    }
    let Some((_, first)) = bad.first() else {
        return Check::ok(
            names.known,
            format!("{} of {} known passwords verified", people.len(), people.len()),
        );
    };
    if first.is_silence() {
        return Check::failed(names.known, first.words());
    }
    let logins: Vec<&str> = bad.iter().take(NAMED).map(|(login, _)| *login).collect();
    let hint = if *first == Heard::No {
        "\nIs the password the one of the old system, and the login the one that Okta has? People whose hash Okta checks itself are not in the credential file. A hook in shadow mode says no to everybody."
    } else {
        ""
    };
    let others = if bad.len() > NAMED { ", ..." } else { "" };
    Check::failed(
        names.known,
        format!(
            "{} of {} known passwords not verified ({}{others}): {}{hint}",
            bad.len(),
            people.len(),
            logins.join(", "),
            first.words()
        ),
    )
}

/// A wrong password is refused.
pub async fn wrong(way: &Way<'_>, names: &Names, person: &Question) -> Check {
    let (heard, _) = way.ask(&person.with_wrong_password()).await;
    refused(names.wrong, "a wrong password", &heard)
}

/// Somebody whom nobody knows is refused.
pub async fn unknown(way: &Way<'_>, names: &Names) -> Check {
    let (heard, _) = way.ask(&Question::of_nobody()).await;
    refused(names.unknown, "a login that nobody has", &heard)
}

fn refused(name: &'static str, what: &str, heard: &Heard) -> Check {
    match heard {
        Heard::No | Heard::Nothing => Check::ok(name, format!("{what} is refused")),
        Heard::Yes => Check::failed(
            name,
            format!(
                "{what} is VERIFIED: by this hook, anybody gets in as anybody\nSwitch it off: muster hook unregister"
            ),
        ),
        other => Check::failed(name, format!("{what}: {}", other.words())),
    }
}

/// How long the answers took.
pub fn time(times: &[Duration]) -> Option<Check> {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let (median, longest) = (sorted.get(sorted.len() / 2)?, sorted.last()?);
    let text = format!(
        "median {} ms, longest {} ms of {} calls; Okta waits 3000 ms",
        median.as_millis(),
        longest.as_millis(),
        sorted.len()
    );
    Some(if *longest >= OKTA_WAITS {
        Check::failed("time", text)
    } else if *longest >= SLOW {
        let to_do =
            "more than half of Okta's patience, without a crowd; look at the hook's backends and cores";
        Check::attention("time", text, to_do.to_owned())
    } else {
        Check::ok("time", text)
    })
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::doctor::Mark;

    #[test]
    fn the_longest_answer_decides() {
        let of = |times: &[u64]| {
            let times: Vec<Duration> = times.iter().map(|ms| Duration::from_millis(*ms)).collect();
            time(&times).map(|check| check.mark())
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[3, 900, 20]), Some(Mark::Ok));
        assert_eq!(of(&[3, 1600]), Some(Mark::Attention));
        assert_eq!(of(&[3, 3000, 2]), Some(Mark::Failed));
    }

    #[test]
    fn a_yes_to_anybody_is_the_worst() {
        assert_eq!(refused("wrong", "x", &Heard::Yes).mark(), Mark::Failed);
        assert_eq!(refused("wrong", "x", &Heard::Nothing).mark(), Mark::Ok);
    }
}
