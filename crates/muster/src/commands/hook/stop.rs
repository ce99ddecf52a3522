//! What a server is asked by signals. A hang-up is no end here: it means that files were moved.

use crate::error::Problem;

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To look at its files.
    Reload,
    /// To come to an end.
    Stop,
}

/// The signals of the process.
#[cfg(unix)]
pub struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Hears signals from now on.
    pub fn listen() -> Result<Self, Problem> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// What is asked next.
    pub async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.interrupt.recv() => Asked::Stop,
            _ = self.terminate.recv() => Asked::Stop,
            _ = self.hang_up.recv() => Asked::Reload,
        }
    }
}

/// The signals of the process.
#[cfg(not(unix))]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Hears signals from now on.
    pub fn listen() -> Result<Self, Problem> {
        Ok(Self)
    }

    /// What is asked next.
    pub async fn next(&mut self) -> Asked {
        drop(tokio::signal::ctrl_c().await);
        Asked::Stop
    }
}

impl Signals {
    /// Waits until the end is asked for.
    pub async fn stop(&mut self) {
        while self.next().await != Asked::Stop {}
    }
}
