//! Mails and links for people, activation and reset (API.md §5.7), and the password-import hook; and the look that goes
//! before each.

use ::http::Method;
use bytes::Bytes;
use serde_json::Map;

use super::{Done, Okta, done, text};
use crate::address::segment;
use crate::exchange::{Exchange, json};
use crate::wire::{ActivationLink, UserStanding, update_body};

impl Okta {
    /// `GET /users/{id}`, as far as it tells whether a password has come over.
    pub async fn read_standing(&self, id: &str) -> Exchange<UserStanding> {
        let address = self.addresses.of(format_args!("users/{}", segment(id)));
        self.call(Method::GET, address, None, json).await
    }

    /// `POST /users/{id}/lifecycle/reset_password`: the user is in RECOVERY, and gets a mail.
    pub async fn reset_password(&self, id: &str) -> Exchange<Done> {
        let address =
            self.addresses.of(format_args!("users/{}/lifecycle/reset_password?sendEmail=true", segment(id)));
        self.call(Method::POST, address, None, done).await
    }

    /// `POST /users/{id}` with the password-import hook and nothing else: the profile may be somebody else's to write
    /// (API.md §5.5, §6.3).
    pub async fn arm(&self, id: &str) -> Exchange<Done> {
        let address = self.addresses.of(format_args!("users/{}", segment(id)));
        self.call(Method::POST, address, Some(text(&update_body(&Map::new(), true))), done).await
    }

    /// `POST /users/{id}/lifecycle/activate`, with a mail, or with a link in the answer.
    pub async fn activate(&self, id: &str, mail: bool) -> Exchange<ActivationLink> {
        let address =
            self.addresses.of(format_args!("users/{}/lifecycle/activate?sendEmail={mail}", segment(id)));
        self.call(Method::POST, address, None, link).await
    }

    /// `POST /users/{id}/lifecycle/reactivate`: another link for who was activated and never came.
    pub async fn reactivate(&self, id: &str, mail: bool) -> Exchange<ActivationLink> {
        let address =
            self.addresses.of(format_args!("users/{}/lifecycle/reactivate?sendEmail={mail}", segment(id)));
        self.call(Method::POST, address, None, link).await
    }
}

/// With a mail, there may be nothing in the answer.
fn link(body: &Bytes) -> Result<ActivationLink, String> {
    if body.trim_ascii().is_empty() { Ok(ActivationLink::default()) } else { json(body) }
}
