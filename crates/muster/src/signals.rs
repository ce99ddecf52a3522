//! Ctrl-C and its kin: the first asks for a clean stop, the second means it.

use std::sync::OnceLock;

use tokio::sync::watch;

use crate::error::End;

/// One for the process: whoever asks later learns of what was asked earlier.
static STOP: OnceLock<watch::Receiver<bool>> = OnceLock::new();

/// A flag that turns true when the process is asked to stop.
pub fn stop_flag() -> watch::Receiver<bool> {
    STOP.get_or_init(listen).clone()
}

/// Waits until the process is asked to stop.
pub async fn wait() {
    // The sender lives as long as the process.
    drop(stop_flag().wait_for(|stop| *stop).await);
}

/// Whether the process was asked to stop.
pub fn asked() -> bool {
    *stop_flag().borrow()
}

fn listen() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    let ignored = Ignored::of_process();
    tokio::spawn(async move {
        one(ignored).await;
        sender.send_replace(true);
        one(ignored).await;
        // Intents are in the ledger: what is cut off here is settled by `muster resume`.
        #[expect(clippy::exit, reason = "asked for twice: nothing is waited for any more")]
        std::process::exit(i32::from(End::Stopped.code()));
    });
    receiver
}

/// Signals that whoever started us wants ignored, as nohup does with the hang-up.
#[derive(Clone, Copy, Default)]
struct Ignored {
    interrupt: bool,
    hang_up: bool,
}

impl Ignored {
    /// Linux tells it in a bit mask; elsewhere nothing is known to be ignored.
    fn of_process() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        // Bit 0 is signal 1, the hang-up; bit 1 is signal 2, the interrupt.
        Self { hang_up: mask & 1 != 0, interrupt: mask & 2 != 0 }
    }
}

#[cfg(unix)]
async fn one(ignored: Ignored) {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind: SignalKind, ignored: bool| if ignored { None } else { signal(kind).ok() };
    let mut interrupt = listen(SignalKind::interrupt(), ignored.interrupt);
    let mut hang_up = listen(SignalKind::hangup(), ignored.hang_up);
    let mut terminate = listen(SignalKind::terminate(), false);
    tokio::select! {
        () = next(&mut interrupt) => {}
        () = next(&mut hang_up) => {}
        () = next(&mut terminate) => {}
    }
}

#[cfg(unix)]
async fn next(signal: &mut Option<tokio::signal::unix::Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn one(_: Ignored) {
    drop(tokio::signal::ctrl_c().await);
}
