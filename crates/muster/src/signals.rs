//! Ctrl-C and its kin: the first asks for a clean stop, the second means it.

use tokio::sync::watch;

use crate::error::End;

/// A flag that turns true when the process is asked to stop.
pub fn stop_flag() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        wait().await;
        sender.send_replace(true);
        wait().await;
        // Intents are in the ledger: what is cut off here is settled by `muster resume`.
        #[expect(clippy::exit, reason = "asked for twice: nothing is waited for any more")]
        std::process::exit(i32::from(End::Stopped.code()));
    });
    receiver
}

/// Waits until the process is asked to stop.
pub async fn wait() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut terminate), Ok(mut hang_up)) =
            (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
        {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
            return;
        }
    }
    drop(tokio::signal::ctrl_c().await);
}
