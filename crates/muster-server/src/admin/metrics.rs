//! What the hook counts, in Prometheus' form. No label names a person.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use muster_core::hook_call::HookResult;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// One label with its value.
type Label = [(&'static str, String); 1];
type Counters = Family<Label, Counter>;
type Histograms = Family<Label, Histogram, fn() -> Histogram>;

/// The counters.
pub struct Metrics {
    registry: Registry,
    calls: Counters,
    repeated: Counter,
    refused: Counters,
    seconds: Histograms,
    waiting: Gauge,
    backend_seconds: Histograms,
    backend_failures: Counters,
    backend_open: Family<Label, Gauge>,
    connections: Gauge,
    certificate_expires: Gauge<f64, AtomicU64>,
    audit_lost: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("muster_hook"),
            calls: Counters::default(),
            repeated: Counter::default(),
            refused: Counters::default(),
            seconds: Histograms::new_with_constructor(histogram),
            waiting: Gauge::default(),
            backend_seconds: Histograms::new_with_constructor(histogram),
            backend_failures: Counters::default(),
            backend_open: Family::default(),
            connections: Gauge::default(),
            certificate_expires: Gauge::default(),
            audit_lost: Counter::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("calls", "Calls judged, by result", self.calls.clone());
        registry.register(
            "repeated",
            "Calls answered as an earlier one of the same event",
            self.repeated.clone(),
        );
        registry.register(
            "refused",
            "Requests refused unread or misunderstood, by reason",
            self.refused.clone(),
        );
        let help = "From the arrival of a call to its answer, by result";
        registry.register_with_unit("call", help, Unit::Seconds, self.seconds.clone());
        registry.register("queue_length", "Calls that wait for a worker", self.waiting.clone());
        let help = "How long a backend took to answer or fail";
        registry.register_with_unit("backend", help, Unit::Seconds, self.backend_seconds.clone());
        let failures = self.backend_failures.clone();
        registry.register(
            "backend_failures",
            "Look-ups that a backend failed or did not answer in time",
            failures,
        );
        registry.register("backend_open", "1 while a backend is left alone", self.backend_open.clone());
        registry.register("connections", "Connections that are open", self.connections.clone());
        let expires = self.certificate_expires.clone();
        registry.register("certificate_expires_timestamp_seconds", "When the certificate ends", expires);
        registry.register(
            "audit_lines_lost",
            "Lines that the audit file could not take",
            self.audit_lost.clone(),
        );
    }

    /// A call was judged.
    pub fn judged(&self, result: HookResult, repeated: bool, taken: Duration) {
        let name = name_of(result);
        self.calls.get_or_create(&[("result", name.to_owned())]).inc();
        self.seconds.get_or_create(&[("result", name.to_owned())]).observe(taken.as_secs_f64());
        if repeated {
            self.repeated.inc();
        }
    }

    /// A request was refused.
    pub fn refused(&self, reason: &str) {
        self.refused.get_or_create(&[("reason", reason.to_owned())]).inc();
    }

    /// A backend was asked.
    pub fn asked(&self, backend: &str, taken: Duration, answered: bool) {
        let label = [("backend", backend.to_owned())];
        self.backend_seconds.get_or_create(&label).observe(taken.as_secs_f64());
        if !answered {
            self.backend_failures.get_or_create(&label).inc();
        }
    }

    /// Whether a backend is left alone.
    pub fn breaker(&self, backend: &str, is_open: bool) {
        self.backend_open.get_or_create(&[("backend", backend.to_owned())]).set(i64::from(is_open));
    }

    /// A connection came, or went.
    pub fn connection(&self, came: bool) {
        self.connections.inc_by(if came { 1 } else { -1 });
    }

    /// When the certificate ends, in seconds since 1970.
    #[expect(clippy::cast_precision_loss, reason = "exact until the year 285 million")]
    pub fn certificate_expires(&self, at: i64) {
        self.certificate_expires.set(at as f64);
    }

    /// A call was not written down.
    pub fn audit_line_lost(&self) {
        self.audit_lost.inc();
    }

    /// All of it, as it is scraped.
    pub fn text(&self, waiting: usize) -> String {
        self.waiting.set(i64::try_from(waiting).unwrap_or(i64::MAX));
        let mut text = String::new();
        // A text takes whatever is written to it.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

fn histogram() -> Histogram {
    Histogram::new([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 2.9])
}

/// The word for a result, as in the audit file.
fn name_of(result: HookResult) -> &'static str {
    match result {
        HookResult::Verified => "verified",
        HookResult::WrongPassword => "wrong_password",
        HookResult::UnknownUser => "unknown_user",
        HookResult::TooManyTries => "too_many_tries",
        HookResult::Unreadable => "unreadable",
        HookResult::Unavailable => "unavailable",
        HookResult::Overloaded => "overloaded",
    }
}
