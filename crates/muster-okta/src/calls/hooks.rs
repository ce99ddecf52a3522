//! Inline hooks: list, read, register, change, switch on and off, delete, try out (API.md §9.1).

use ::http::Method;
use serde_json::Value;

use super::{Done, Okta, done, text};
use crate::address::segment;
use crate::exchange::{Exchange, json};
use crate::wire::{InlineHook, NewInlineHook, PASSWORD_IMPORT};

impl Okta {
    /// `GET /inlineHooks` of the type that imports passwords.
    pub async fn list_password_hooks(&self) -> Exchange<Vec<InlineHook>> {
        let address = self.addresses.of(format_args!("inlineHooks?type={PASSWORD_IMPORT}"));
        self.call(Method::GET, address, None, json).await
    }

    /// `GET /inlineHooks/{id}`.
    pub async fn read_hook(&self, id: &str) -> Exchange<InlineHook> {
        let address = self.addresses.of(format_args!("inlineHooks/{}", segment(id)));
        self.call(Method::GET, address, None, json).await
    }

    /// `POST /inlineHooks`; the hook is active at once.
    pub async fn create_hook(&self, hook: &NewInlineHook) -> Exchange<InlineHook> {
        let address = self.addresses.of(format_args!("inlineHooks"));
        self.call(Method::POST, address, Some(text(&hook.body())), json).await
    }

    /// `PUT /inlineHooks/{id}`: everything about it anew, the secret too.
    pub async fn replace_hook(&self, id: &str, hook: &NewInlineHook) -> Exchange<InlineHook> {
        let address = self.addresses.of(format_args!("inlineHooks/{}", segment(id)));
        self.call(Method::PUT, address, Some(text(&hook.body())), json).await
    }

    /// `POST /inlineHooks/{id}/lifecycle/activate`.
    pub async fn activate_hook(&self, id: &str) -> Exchange<InlineHook> {
        let address = self.addresses.of(format_args!("inlineHooks/{}/lifecycle/activate", segment(id)));
        self.call(Method::POST, address, None, json).await
    }

    /// `POST /inlineHooks/{id}/lifecycle/deactivate`.
    pub async fn deactivate_hook(&self, id: &str) -> Exchange<InlineHook> {
        let address = self.addresses.of(format_args!("inlineHooks/{}/lifecycle/deactivate", segment(id)));
        self.call(Method::POST, address, None, json).await
    }

    /// `DELETE /inlineHooks/{id}`; only an inactive one goes.
    pub async fn delete_hook(&self, id: &str) -> Exchange<Done> {
        let address = self.addresses.of(format_args!("inlineHooks/{}", segment(id)));
        self.call(Method::DELETE, address, None, done).await
    }

    /// `POST /inlineHooks/{id}/execute`: Okta sends the payload (API.md §9.2) to the service, and its answer comes
    /// back. Nothing is stored.
    pub async fn execute_hook(&self, id: &str, payload: &Value) -> Exchange<Value> {
        let address = self.addresses.of(format_args!("inlineHooks/{}/execute", segment(id)));
        self.call(Method::POST, address, Some(text(payload)), json).await
    }
}
