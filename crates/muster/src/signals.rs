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
    if stop_flag().wait_for(|stop| *stop).await.is_err() {
        // Nobody listens: nobody asks.
        std::future::pending::<()>().await;
    }
}

/// Whether the process was asked to stop.
pub fn asked() -> bool {
    *stop_flag().borrow()
}

/// A thread of its own: while the rest of the process is busy with a long file, the second request must be heard too.
fn listen() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    let heard = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        if let Ok(runtime) = runtime {
            runtime.block_on(hear(&sender));
        }
    });
    // Without that thread, signals do what they do to any process.
    drop(heard);
    receiver
}

async fn hear(sender: &watch::Sender<bool>) {
    let deaf_to_hang_up = hang_up_is_ignored();
    one(deaf_to_hang_up).await;
    sender.send_replace(true);
    one(deaf_to_hang_up).await;
    // Intents are in the ledger: what is cut off here is settled by `muster resume`.
    #[expect(clippy::exit, reason = "asked for twice: nothing is waited for any more")]
    std::process::exit(i32::from(End::Stopped.code()));
}

/// Whether whoever started us wants the hang-up ignored, as nohup does. An interrupt is heard all the same: scripts
/// start their background jobs with it ignored, and then send one to stop them. Linux tells it in a bit mask;
/// elsewhere nothing is known to be ignored.
fn hang_up_is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    // Bit 0 is signal 1, the hang-up.
    mask & 1 != 0
}

#[cfg(unix)]
async fn one(deaf_to_hang_up: bool) {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).ok();
    let mut terminate = signal(SignalKind::terminate()).ok();
    let mut hang_up = if deaf_to_hang_up { None } else { signal(SignalKind::hangup()).ok() };
    tokio::select! {
        () = next(&mut interrupt) => {}
        () = next(&mut terminate) => {}
        () = next(&mut hang_up) => {}
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
async fn one(_: bool) {
    drop(tokio::signal::ctrl_c().await);
}
