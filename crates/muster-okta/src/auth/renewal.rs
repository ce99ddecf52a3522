//! A token for what is needed: asked for until there is one, within bounds, and scope by scope where some are refused.

use std::time::Duration;

use muster_core::retry::back_off;

use super::grant::{Grant, TokenFailure};
use super::keeper::TokenKeeper;
use super::scopes::ScopeNeed;
use crate::error::TransportFailure;
use crate::transport::Transport;

/// How often the endpoint is asked while it can't answer.
const MOST_TRIES: u32 = 3;

/// How long is waited for it in all.
const LONGEST_WAIT: Duration = Duration::from_mins(2);

/// How long a renewal may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// There is a good token still: one try will do.
    OneTry,
    /// Nothing goes on without.
    Some,
}

impl TokenKeeper {
    /// A new token.
    pub(super) async fn renewed(
        &self,
        transport: &dyn Transport,
        patience: Patience,
    ) -> Result<Grant, TokenFailure> {
        let (mut tries, mut waited) = (0, Duration::ZERO);
        loop {
            let failure = match self.granted(transport).await {
                Ok(grant) => return Ok(grant),
                Err(failure) => failure,
            };
            tries += 1;
            let Some(wait) = wait_after(&failure, tries).filter(|_| patience == Patience::Some) else {
                return Err(failure);
            };
            waited += wait;
            if waited > LONGEST_WAIT {
                return Err(failure);
            }
            tokio::time::sleep(wait).await;
        }
    }

    async fn granted(&self, transport: &dyn Transport) -> Result<Grant, TokenFailure> {
        let asked = self.asked();
        match self.converse(transport, &asked).await {
            Ok(grant) if grant.has(&asked) => Ok(grant),
            Err(failure) if failure.code() != "invalid_scope" => Err(failure),
            _ => self.granted_piece_by_piece(transport).await,
        }
    }

    /// A refusal names no scope, and some are left out in silence: which ones, each alone tells.
    async fn granted_piece_by_piece(&self, transport: &dyn Transport) -> Result<Grant, TokenFailure> {
        let mut granted = Vec::new();
        for need in self.app.needs() {
            granted.extend(self.first_granted(transport, need).await?);
        }
        let missing = self.app.needs().iter().filter(|need| !need.is_met(&granted));
        let required: Vec<ScopeNeed> = if granted.is_empty() {
            missing.cloned().collect()
        } else {
            missing.filter(|need| need.is_required()).cloned().collect()
        };
        if !required.is_empty() || granted.is_empty() {
            return Err(TokenFailure::Missing(required));
        }
        granted.dedup();
        let grant = self.converse(transport, &granted).await?;
        self.settle_on(granted);
        Ok(grant)
    }

    async fn first_granted(
        &self,
        transport: &dyn Transport,
        need: &ScopeNeed,
    ) -> Result<Option<String>, TokenFailure> {
        for name in need.names() {
            let asked = std::slice::from_ref(name);
            match self.converse(transport, asked).await {
                Ok(grant) if grant.has(asked) => return Ok(Some(name.clone())),
                Err(failure) if failure.code() != "invalid_scope" => return Err(failure),
                _ => {}
            }
        }
        Ok(None)
    }
}

impl Grant {
    fn has(&self, asked: &[String]) -> bool {
        self.scopes.as_ref().is_none_or(|granted| asked.iter().all(|name| granted.contains(name)))
    }
}

/// How long to wait before the next try; none when it would come to the same.
fn wait_after(failure: &TokenFailure, tries: u32) -> Option<Duration> {
    let TokenFailure::Away { error, wait } = failure else { return None };
    if tries >= MOST_TRIES || matches!(error.failure, TransportFailure::Tls | TransportFailure::Unsendable) {
        return None;
    }
    // The reset of a window is cut to whole seconds.
    let told = wait.map(|wait| wait + Duration::from_secs(1));
    Some(told.unwrap_or_else(|| back_off(tries, rand::random())))
}
