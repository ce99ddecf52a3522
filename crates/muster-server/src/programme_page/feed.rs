//! Where the numbers come from. However many look, they are made once in a while and one at a time.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// Numbers of this age are told again.
const FRESH: Duration = Duration::from_secs(5);

/// The document, or why there is none.
pub type Numbers = Result<Bytes, String>;

type Making = Pin<Box<dyn Future<Output = Numbers> + Send>>;

/// A source of numbers.
pub struct Feed {
    make: Box<dyn Fn() -> Making + Send + Sync>,
    last: Mutex<Option<(Instant, Numbers)>>,
}

impl Feed {
    /// The report that `make` makes, which takes however long it takes.
    pub fn new<R, F>(make: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        R: Serialize,
        F: Future<Output = Result<R, String>> + Send + 'static,
    {
        let make = move || -> Making {
            let making = make();
            Box::pin(async move {
                let report = making.await?;
                serde_json::to_vec(&report).map(Bytes::from).map_err(|error| error.to_string())
            })
        };
        Self { make: Box::new(make), last: Mutex::new(None) }
    }

    /// The numbers, not much older than now.
    pub async fn numbers(&self) -> Numbers {
        // Held while they are made: whoever asks meanwhile gets the same.
        let mut last = self.last.lock().await;
        if let Some((at, numbers)) = &*last
            && at.elapsed() < FRESH
        {
            return numbers.clone();
        }
        let numbers = (self.make)().await;
        *last = Some((Instant::now(), numbers.clone()));
        numbers
    }
}
