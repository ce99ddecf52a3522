//! Setting how the org behaves while it runs: by methods, and by the emulator's own paths `/_emulator/faults`,
//! `read-only`, `latency`, `lag` and `background`.

use bytes::Bytes;
use http::{Response, request::Parts};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    background::Background,
    emulator::{Emulator, locked},
    faults::{Fault, FaultPlan, Faults},
    inspection,
    lag::Lag,
    latency::LatencyModel,
    source_settings::IdentitySourceRules,
};

#[derive(Deserialize)]
struct Switch {
    on: bool,
}

#[derive(Deserialize)]
struct Broken {
    session: String,
}

/// What a path of the emulator answers, or what is wrong with the request.
type Controlled = Result<Value, String>;

impl Emulator {
    /// Plans what goes wrong from now on, in place of what was planned before.
    pub fn set_faults(&self, plan: FaultPlan) {
        let mut line = locked(&self.inner.line);
        line.faults = Faults::new(line.dice, plan);
    }

    /// Plans one more fault.
    pub fn add_fault(&self, fault: Fault) {
        locked(&self.inner.line).faults.add(fault);
    }

    /// What is planned to go wrong.
    pub fn faults(&self) -> FaultPlan {
        locked(&self.inner.line).faults.plan()
    }

    /// Puts the org into read-only mode, or ends it.
    pub fn set_read_only(&self, on: bool) {
        locked(&self.inner.line).read_only = on;
    }

    /// Whether the org takes no writes.
    pub fn is_read_only(&self) -> bool {
        locked(&self.inner.line).read_only
    }

    /// Sets how long operations take from now on. Those of which no model speaks take the setting `latency`.
    pub fn set_latencies(&self, models: Vec<LatencyModel>) {
        locked(&self.inner.line).latencies = models;
    }

    /// Sets what the org is late with from now on. Without a lag of searches the index catches up at once.
    pub fn set_lag(&self, lag: Lag) {
        locked(&self.inner.org).org.lags.set(lag);
    }

    /// Sets how import sessions are treated from now on, those that are under way included.
    pub fn set_identity_source_rules(&self, rules: IdentitySourceRules) {
        self.looked().org.resources.sources.rules = rules;
    }

    /// Sets the traffic of other clients from now on.
    pub fn set_background(&self, background: &[Background]) {
        let dice = locked(&self.inner.line).dice;
        locked(&self.inner.traffic).set_background(background, dice, self.inner.clock.now());
    }

    /// Answers a request to the paths of this room; none to others.
    pub(crate) fn control(&self, parts: &Parts, path: &str, body: &Bytes) -> Option<Response<Bytes>> {
        let answer = match (parts.method.as_str(), path) {
            ("GET", "faults") => Ok(self.fault_report()),
            ("PUT", "faults") => self.put_faults(body),
            ("POST", "faults") => self.post_fault(body),
            ("DELETE", "faults") => self.put_faults(&Bytes::from_static(b"[]")),
            ("GET", "read-only") => Ok(json!({"on": self.is_read_only()})),
            ("PUT", "read-only") => self.put_read_only(body),
            ("GET", "latency") => Ok(self.latency_report()),
            ("PUT", "latency") => self.put_latency(body),
            ("GET", "lag") => Ok(self.lag_report()),
            ("PUT", "lag") => self.put_lag(body),
            ("GET", "broken-imports") => Ok(self.broken_imports()),
            ("POST", "broken-imports") => self.post_broken_import(body),
            ("GET", "background") => Ok(self.background_report()),
            ("PUT", "background") => self.put_background(body),
            _ => return None,
        };
        Some(match answer {
            Ok(value) => inspection::json(&value),
            Err(wrong) => inspection::faulty(&wrong),
        })
    }

    fn fault_report(&self) -> Value {
        json!({"faults": locked(&self.inner.line).faults.report()})
    }

    fn put_faults(&self, body: &Bytes) -> Controlled {
        self.set_faults(FaultPlan::from_json(body).map_err(|error| error.to_string())?);
        Ok(self.fault_report())
    }

    fn post_fault(&self, body: &Bytes) -> Controlled {
        self.add_fault(Fault::from_json(body).map_err(|error| error.to_string())?);
        Ok(self.fault_report())
    }

    fn put_read_only(&self, body: &Bytes) -> Controlled {
        let switch: Switch = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        self.set_read_only(switch.on);
        Ok(json!({"on": switch.on}))
    }

    fn latency_report(&self) -> Value {
        let line = locked(&self.inner.line);
        line.latencies.iter().map(ToString::to_string).collect()
    }

    fn put_latency(&self, body: &Bytes) -> Controlled {
        self.set_latencies(texts(body)?);
        Ok(self.latency_report())
    }

    fn lag_report(&self) -> Value {
        json!([locked(&self.inner.org).org.lags.lag.to_string()])
    }

    fn put_lag(&self, body: &Bytes) -> Controlled {
        let texts: Vec<String> = texts(body)?;
        let lag = texts.iter().try_fold(Lag::default(), |lag, text| lag.and(text));
        self.set_lag(lag.map_err(|error| error.to_string())?);
        Ok(self.lag_report())
    }

    fn broken_imports(&self) -> Value {
        let sessions = self.import_sessions();
        sessions.into_iter().filter(|session| session.status == "ERROR").map(|session| session.id).collect()
    }

    fn post_broken_import(&self, body: &Bytes) -> Controlled {
        let Broken { session } = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        if self.break_import(&session) {
            return Ok(json!({"session": session, "status": "ERROR"}));
        }
        Err(format!("there is no session {session} that is triggered and not over"))
    }

    fn background_report(&self) -> Value {
        locked(&self.inner.traffic).background().iter().map(ToString::to_string).collect()
    }

    fn put_background(&self, body: &Bytes) -> Controlled {
        self.set_background(&texts(body)?);
        Ok(self.background_report())
    }
}

/// An array of texts, each in the notation of the command line.
fn texts<T: std::str::FromStr<Err: std::fmt::Display>>(body: &Bytes) -> Result<Vec<T>, String> {
    let texts: Vec<String> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    texts.iter().map(|text| text.parse().map_err(|error: T::Err| error.to_string())).collect()
}
