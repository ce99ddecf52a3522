//! Progress of long work: a bar on a terminal, a line every ten seconds otherwise.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use muster_core::outcome::Outcome;
use muster_engine::{Phase, Snapshot};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Console, grouped, lasting};

/// How often a line is written where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// How often a bar is drawn.
const BETWEEN_FRAMES: Duration = Duration::from_millis(200);

/// Shows the run until its sender is gone.
pub fn watch_run(console: Console, snapshots: watch::Receiver<Snapshot>) -> JoinHandle<()> {
    tokio::spawn(async move {
        if !console.shows_progress() {
            return;
        }
        let mut view = View::new(console);
        let mut frames = tokio::time::interval(BETWEEN_FRAMES);
        let watched = snapshots.clone();
        let mut over = std::pin::pin!(closed(snapshots));
        loop {
            tokio::select! {
                () = &mut over => return view.close(),
                _ = frames.tick() => view.show(&watched.borrow().clone()),
            }
        }
    })
}

/// Returns when nobody sends any more.
async fn closed(mut snapshots: watch::Receiver<Snapshot>) {
    while snapshots.changed().await.is_ok() {}
}

struct View {
    console: Console,
    bar: Option<ProgressBar>,
    began: Option<(Instant, u64)>,
    last_line: Instant,
}

impl View {
    fn new(console: Console) -> Self {
        let bar = console.is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
            let style = ProgressStyle::with_template("{bar:28.green/dim} {percent:>3}% {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { console, bar, began: None, last_line: Instant::now() }
    }

    fn show(&mut self, snapshot: &Snapshot) {
        let line = self.line(snapshot);
        match &self.bar {
            Some(bar) => {
                bar.set_length(snapshot.rows.max(1));
                bar.set_position(if snapshot.phase == Phase::Reading { 0 } else { snapshot.tally.settled() });
                bar.set_message(line);
                bar.tick();
            }
            None if self.last_line.elapsed() >= BETWEEN_LINES => {
                self.last_line = Instant::now();
                self.console.note(&line);
            }
            None => {}
        }
    }

    fn line(&mut self, snapshot: &Snapshot) -> String {
        if snapshot.phase == Phase::Reading {
            return format!("reading: {} rows", grouped(snapshot.rows));
        }
        let settled = snapshot.tally.settled();
        let (began, before) = *self.began.get_or_insert((Instant::now(), settled));
        let rate = rate(settled.saturating_sub(before), began.elapsed());
        let mut parts = vec![format!("{}/{} rows · {rate:.0}/s", grouped(settled), grouped(snapshot.rows))];
        if let Some(left) = snapshot.time_left(rate) {
            parts.push(format!("done in {}", lasting(left.as_secs_f64())));
        }
        for outcome in Outcome::ALL {
            let rows = snapshot.tally.of(outcome);
            if rows > 0 {
                parts.push(format!("{outcome} {}", grouped(rows)));
            }
        }
        parts.join(" · ") + &phase(&snapshot.phase)
    }

    fn close(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number for people")]
fn rate(rows: u64, time: Duration) -> f64 {
    let seconds = time.as_secs_f64();
    if seconds < 0.5 { 0.0 } else { rows as f64 / seconds }
}

fn phase(phase: &Phase) -> String {
    match phase {
        Phase::Reading | Phase::Running => String::new(),
        Phase::WaitingForBudget(left) => {
            format!(" · the window's budget is spent, {} left", lasting(left.as_secs_f64()))
        }
        Phase::OrgAway(outage) => format!(
            " · paused: the org has been away for {}, trying again for {} more: {}",
            lasting(outage.lasts.as_secs_f64()),
            lasting(outage.patience_left.as_secs_f64()),
            outage.words.lines().next().unwrap_or_default()
        ),
        Phase::Loading { session, request, of } => {
            format!(" · loading session {session}: request {request} of {of}")
        }
        Phase::Importing { session, waiting: 1 } => format!(" · Okta processes session {session}"),
        Phase::Importing { session, waiting } => {
            format!(" · Okta processes session {session}, {} wait", waiting - 1)
        }
        Phase::Settling { session } => format!(" · looking what became of session {session}"),
        Phase::WaitingForSession(left) => {
            format!(" · the org wants a pause between sessions, at most {}", lasting(left.as_secs_f64()))
        }
        Phase::WaitingForOther { session, left } => format!(
            " · session {session}, not of this run, is in the way; waiting for it, at most {} (muster sessions show {session})",
            lasting(left.as_secs_f64())
        ),
        Phase::Draining => " · stopping: waiting for the requests under way".to_owned(),
    }
}
