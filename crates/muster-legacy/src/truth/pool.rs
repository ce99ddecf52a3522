//! A few connections that are kept, and made again when they are gone.
//!
//! A connection comes back only after a whole answer: whoever stops waiting in the middle of one takes it along, and
//! it is closed. What fails on a kept connection is asked once more on a new one, for the other side closes what it
//! has not heard of for long. All questions that are asked this way only read.

use std::sync::{Mutex, PoisonError};

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::Unavailable;

/// Something on a network that is asked over connections.
pub(super) trait Service: Send + Sync {
    /// A connection.
    type Connection: Send;
    /// What it finds.
    type Found: Send;

    /// Makes a connection.
    fn connect(&self) -> impl Future<Output = Result<Self::Connection, String>> + Send;

    /// Looks for a login.
    fn look_up(
        &self,
        connection: &mut Self::Connection,
        login: &str,
    ) -> impl Future<Output = Result<Self::Found, String>> + Send;
}

/// A service and its connections.
pub(super) struct Pool<S: Service> {
    service: S,
    free: Mutex<Vec<S::Connection>>,
    permits: Semaphore,
}

impl<S: Service> Pool<S> {
    /// At most so many connections, made when they are needed.
    pub(super) fn new(service: S, connections: usize) -> Self {
        Self { service, free: Mutex::default(), permits: Semaphore::new(connections.clamp(1, 1000)) }
    }

    /// The service.
    pub(super) fn service(&self) -> &S {
        &self.service
    }

    /// Looks for a login.
    pub(super) async fn look_up(&self, login: &str) -> Result<S::Found, Unavailable> {
        let _permit = self.permits.acquire().await.map_err(|_| Unavailable("closed".to_owned()))?;
        let mut doubt = Doubt { pool: self, relieved: false };
        let kept = self.free().pop();
        if let Some(mut kept) = kept {
            match self.service.look_up(&mut kept, login).await {
                Ok(found) => return Ok(doubt.relieve(kept, found)),
                // The others are as old, and may be as dead.
                Err(_) => self.free().clear(),
            }
        }
        let mut made = self.service.connect().await.map_err(Unavailable)?;
        let found = self.service.look_up(&mut made, login).await.map_err(Unavailable)?;
        Ok(doubt.relieve(made, found))
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<S::Connection>> {
        // What was being done to the list when a thread panicked can't have broken it.
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A question without an answer yet. If none comes, as when nobody waits any longer, the connections that are kept are
/// as doubtful as the one that was asked.
struct Doubt<'a, S: Service> {
    pool: &'a Pool<S>,
    relieved: bool,
}

impl<S: Service> Doubt<'_, S> {
    fn relieve(&mut self, connection: S::Connection, found: S::Found) -> S::Found {
        self.pool.free().push(connection);
        self.relieved = true;
        found
    }
}

impl<S: Service> Drop for Doubt<'_, S> {
    fn drop(&mut self) {
        if !self.relieved {
            self.pool.free().clear();
        }
    }
}

/// What moves the bytes of a connection; it ends with it, whatever the other side does.
pub(super) struct Driver(JoinHandle<()>);

impl Driver {
    /// Lets a connection run.
    pub(super) fn spawn(connection: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(connection))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}
