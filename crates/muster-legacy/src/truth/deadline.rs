//! A place and the time it has.

use std::time::Duration;

use muster_core::secret::Secret;

use super::{Asking, Truth, Unavailable};

/// A place that is unavailable when it takes longer than it may.
pub(super) struct Punctual<T> {
    pub(super) place: T,
    pub(super) time: Duration,
}

impl<T: Truth> Truth for Punctual<T> {
    fn name(&self) -> &str {
        self.place.name()
    }

    fn ask<'a>(&'a self, login: &'a str, password: &'a Secret) -> Asking<'a> {
        Box::pin(async move {
            let asking = tokio::time::timeout(self.time, self.place.ask(login, password));
            let late = |_| Unavailable(format!("no answer within {} ms", self.time.as_millis()));
            asking.await.map_err(late)?
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::truth::Known;

    struct Sloth;

    impl Truth for Sloth {
        fn name(&self) -> &'static str {
            "sloth"
        }

        fn ask<'a>(&'a self, _: &'a str, _: &'a Secret) -> Asking<'a> {
            Box::pin(async {
                tokio::time::sleep(Duration::from_secs(3)).await;
                Ok(Known::Matches)
            })
        }
    }

    #[test]
    fn what_comes_late_is_no_answer() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let sloth = Punctual { place: Sloth, time: Duration::from_millis(20) };
        let password = Secret::new("x");
        let answer = runtime.block_on(sloth.ask("a", &password));
        assert_eq!(answer.unwrap_err(), Unavailable("no answer within 20 ms".to_owned()));
    }
}
