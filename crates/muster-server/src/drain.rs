//! The end of a server: it says that it is not ready any more, takes no more connections, and finishes what it has.

use tokio::sync::watch;

/// Whoever can ask for the end.
#[derive(Debug)]
pub struct Drain {
    draining: watch::Sender<bool>,
    closed: watch::Sender<bool>,
}

/// Whoever has to know of it.
#[derive(Clone, Debug)]
pub struct Draining {
    draining: watch::Receiver<bool>,
    closed: watch::Receiver<bool>,
}

impl Drain {
    /// Nobody asked yet.
    pub fn new() -> (Self, Draining) {
        let (draining, is_draining) = watch::channel(false);
        let (closed, is_closed) = watch::channel(false);
        (Self { draining, closed }, Draining { draining: is_draining, closed: is_closed })
    }

    /// The server says that it is not ready, and still answers.
    pub fn announce(&self) {
        self.draining.send_replace(true);
    }

    /// The server takes no more connections.
    pub fn close(&self) {
        self.announce();
        self.closed.send_replace(true);
    }
}

impl Draining {
    /// Whether the end was announced.
    pub fn is_draining(&self) -> bool {
        *self.draining.borrow()
    }

    /// Waits until no more connections are to be taken; a server that nobody holds any more is at its end, too.
    pub async fn closed(&mut self) {
        drop(self.closed.wait_for(|closed| *closed).await);
    }
}
