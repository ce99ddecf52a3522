//! Pages of lists: cursors, and the links from page to page.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;

use super::call::{Answer, Call, Reply};
use crate::refusal::Refusal;

/// Which part of a list is asked for.
pub(crate) struct Page {
    pub limit: usize,
    /// The place of the last item of the page before.
    pub after: Option<u64>,
}

impl Page {
    /// What a call asks for.
    pub fn of(call: &Call<'_>, default: usize, greatest: usize) -> Result<Self, Refusal> {
        Ok(Self { limit: call.query.limit(default, greatest)?, after: Self::after(call)? })
    }

    /// The place behind which a call wants to go on.
    pub fn after(call: &Call<'_>) -> Result<Option<u64>, Refusal> {
        call.query.get("after").map(|cursor| place(cursor).ok_or_else(Refusal::cursor)).transpose()
    }

    /// The answer, from the items behind the cursor: as many as fit are shown, and one more tells of a next page.
    pub fn reply<T, V: Serialize>(
        &self,
        call: &Call<'_>,
        items: impl Iterator<Item = T>,
        view: impl Fn(&T) -> V,
        place_of: impl Fn(&T) -> u64,
    ) -> Answer {
        let mut items = items.peekable();
        let mut shown = Vec::new();
        let mut last = None;
        while shown.len() < self.limit
            && let Some(item) = items.next()
        {
            last = Some(place_of(&item));
            shown.push(view(&item));
        }
        let mut reply = Reply::json(&shown)?;
        reply.links = self.links(call, last.filter(|_| items.peek().is_some()));
        Ok(reply)
    }

    /// The links of a page; `last` is the place of its last item if there is another page.
    pub fn links(&self, call: &Call<'_>, last: Option<u64>) -> Vec<String> {
        let limit = ("limit", self.limit.to_string());
        let mut own = vec![limit.clone()];
        if let Some(after) = self.after {
            own.insert(0, ("after", cursor(after)));
        }
        let mut links = vec![format!("<{}>; rel=\"self\"", call.page_href(&own))];
        if let Some(last) = last {
            let next = call.page_href(&[("after", cursor(last)), limit]);
            links.push(format!("<{next}>; rel=\"next\""));
        }
        links
    }
}

/// Cursors are opaque to clients; nobody should be tempted to count in them.
fn cursor(place: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("p{place}"))
}

fn place(cursor: &str) -> Option<u64> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    decoded.strip_prefix('p')?.parse().ok()
}
