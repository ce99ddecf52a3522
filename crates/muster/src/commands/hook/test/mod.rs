//! `muster hook test`: proves the way in, from here and through the org. Nothing is stored by it, in neither.

mod answer;
mod known;
mod place;
mod question;
mod trial;
mod way;

use std::time::Duration;

use muster_core::secret::Secret;
use muster_okta::http::HttpSettings;
use muster_okta::wire::{HookHeader, InlineHook};
use muster_okta::{Okta, needs};
use serde_json::Value;
use url::Url;

use self::known::known_people;
use self::question::Question;
use self::trial::{HERE, ORG};
use self::way::{Caller, Way};
use super::registration::{address, secret_header};
use super::removal::{MANAGE, hooks_of};
use crate::args::HookTestArgs;
use crate::commands::connect::{connect_to, http_settings};
use crate::commands::doctor::{Check, Mark, described};
use crate::error::{End, Problem};
use crate::output::Console;
use crate::settings::Settings;

/// The command.
pub async fn test(settings: &Settings, args: HookTestArgs, console: Console) -> Result<End, Problem> {
    let people = known_people(&args)?;
    let org = settings.org()?;
    let okta = (!args.only_here).then(|| connect_to(settings, org.clone(), needs::hooks())).transpose()?;
    let hook = match &okta {
        Some(okta) => hooks_of(okta, MANAGE).await?.into_iter().next(),
        None => None,
    };
    let mut test = Test { settings, args: &args, people, org, hook, checks: Vec::new() };
    if okta.is_some() {
        test.registered();
    }
    test.straight().await?;
    if let Some(okta) = &okta {
        test.through_the_org(okta).await;
    }
    console.result(&test.checks, &described(&test.checks));
    Ok(test.end())
}

struct Test<'a> {
    settings: &'a Settings,
    args: &'a HookTestArgs,
    people: Vec<Question>,
    org: Url,
    hook: Option<InlineHook>,
    checks: Vec<Check>,
}

impl Test<'_> {
    fn registered(&mut self) {
        let Some(hook) = &self.hook else {
            let to_do = "muster hook register --url https://... tells the org where it is";
            let text = "the org has no password hook";
            self.checks.push(if self.args.url.is_some() {
                Check::attention("hook", text.to_owned(), to_do.to_owned())
            } else {
                Check::failed("hook", format!("{text}\n{to_do}"))
            });
            return;
        };
        let text = format!("{:?} ({}), {}", hook.name, hook.id, hook.status);
        self.checks.push(if hook.is_active() {
            Check::ok("hook", text)
        } else {
            Check::failed(
                "hook",
                format!("{text}: Okta does not call it\nmuster hook register switches ours on again"),
            )
        });
        if let Some(asked) = self.args.url.as_deref().filter(|asked| hook.uri() != Some(*asked)) {
            let text = format!("the org's hook calls {}, not {asked}", hook.uri().unwrap_or("nowhere"));
            self.checks.push(Check::attention(
                "address",
                text,
                "what is tried from here is the latter".to_owned(),
            ));
        }
    }

    /// The address to try; none where nobody names one.
    fn address(&self) -> Result<Option<Url>, Problem> {
        let text = match (&self.args.url, &self.hook) {
            (Some(url), _) => address("--url", url, &self.org)?,
            (None, Some(hook)) => hook.uri().unwrap_or_default().to_owned(),
            (None, None) if self.args.only_here => {
                return Err(Problem::wrong_usage("--only-here needs to know where: --url https://..."));
            }
            (None, None) => return Ok(None),
        };
        let bad = |_| Problem::could_not_run(format!("the org's hook calls {text:?}, which is no address"));
        Ok(Some(Url::parse(&text).map_err(bad)?))
    }

    async fn straight(&mut self) -> Result<(), Problem> {
        let Some(uri) = self.address()? else { return Ok(()) };
        let settings = http_settings(self.settings, &uri)?;
        self.checks.push(place::name(&uri, &self.org).await);
        self.checks.push(place::certificate(&uri, &settings).await);
        if self.is_oauth() {
            return self.without_token(&settings, &uri).await;
        }
        let caller = self.caller(&settings, &uri, &secret_header(&self.header(), &self.args.secret)?)?;
        let mut times = Vec::new();
        if !trial::secret(&caller, true, &mut self.checks, &mut times).await {
            return Ok(());
        }
        self.people_from_here(&caller, &mut times).await;
        self.checks.extend(trial::time(&times));
        Ok(())
    }

    async fn people_from_here(&mut self, caller: &Caller, times: &mut Vec<Duration>) {
        let way = Way::Here(caller);
        let Some(first) = self.people.first() else {
            let to_do = "give one: --known FILE with login,password, or --login LOGIN";
            self.checks.push(Check::attention(
                "known",
                "no known password was tried".to_owned(),
                to_do.to_owned(),
            ));
            while times.len() < self.args.times as usize {
                times.push(way.ask(&Question::of_nobody()).await.1);
            }
            return;
        };
        let known = trial::known(&way, &HERE, &self.people, times).await;
        let good = known.mark() == Mark::Ok;
        self.checks.push(known);
        self.checks.push(trial::wrong(&way, &HERE, first).await);
        while good && times.len() < self.args.times as usize {
            times.push(way.ask(first).await.1);
        }
    }

    /// Only Okta can get the token: from here it is proved that nobody gets in without one.
    async fn without_token(&mut self, settings: &HttpSettings, uri: &Url) -> Result<(), Problem> {
        let header = HookHeader { key: "Authorization".to_owned(), value: Secret::new("none") };
        let caller = self.caller(settings, uri, &header)?;
        trial::secret(&caller, false, &mut self.checks, &mut Vec::new()).await;
        Ok(())
    }

    fn caller(&self, settings: &HttpSettings, uri: &Url, secret: &HookHeader) -> Result<Caller, Problem> {
        Caller::new(settings, (uri.as_str(), self.org.as_str()), secret, &self.headers())
    }

    /// With a header, what was asked from here is asked once more through the org; with OAuth, everything is.
    async fn through_the_org(&mut self, okta: &Okta) {
        let Some(hook) = self.hook.as_ref().filter(|hook| hook.is_active()) else { return };
        let way = Way::Org(okta, &hook.id);
        let mut checks = Vec::new();
        let first = self.people.first();
        match first {
            Some(first) => {
                checks.push(trial::known(&way, &ORG, std::slice::from_ref(first), &mut Vec::new()).await);
                if self.is_oauth() {
                    checks.push(trial::wrong(&way, &ORG, first).await);
                    checks.push(trial::unknown(&way, &ORG).await);
                }
            }
            None => checks.push(trial::unknown(&way, &ORG).await),
        }
        self.checks.extend(checks);
    }

    fn config(&self, name: &str) -> Option<&Value> {
        self.hook.as_ref()?.channel.as_ref()?.config.pointer(name)
    }

    fn is_oauth(&self) -> bool {
        let channel = self.hook.as_ref().and_then(|hook| hook.channel.as_ref());
        self.args.header.is_none()
            && channel.is_some_and(|channel| channel.kind.eq_ignore_ascii_case("OAUTH"))
    }

    fn header(&self) -> String {
        let registered = || self.config("/authScheme/key").and_then(Value::as_str).map(str::to_owned);
        self.args.header.clone().or_else(registered).unwrap_or_else(|| "Authorization".to_owned())
    }

    /// What else the org sends along.
    fn headers(&self) -> Vec<(String, String)> {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let header = |header: &Value| Some((text(header.get("key"))?, text(header.get("value"))?));
        let headers = self.config("/headers").and_then(Value::as_array);
        headers.into_iter().flatten().filter_map(header).collect()
    }

    fn end(&self) -> End {
        let any = |mark| self.checks.iter().any(|check| check.mark() == mark);
        match (any(Mark::Failed), any(Mark::Attention)) {
            (true, _) => End::CouldNotRun,
            (false, true) => End::Attention,
            (false, false) => End::Fine,
        }
    }
}
