//! Who is in a group (API.md §7).

use ::http::Method;

use super::Okta;
use crate::address::segment;
use crate::exchange::{Exchange, json};
use crate::wire::Member;

impl Okta {
    /// One page of `GET /groups/{id}/users`; `page` is the address that the page before gave.
    pub async fn list_members(&self, group: &str, page: Option<&str>) -> Exchange<Vec<Member>> {
        let address = match page {
            Some(page) => self.addresses.page(page),
            None => self.addresses.of(format_args!("groups/{}/users?limit=1000", segment(group))),
        };
        self.call(Method::GET, address, None, json).await
    }
}
