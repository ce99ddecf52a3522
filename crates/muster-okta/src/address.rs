//! The addresses of requests: the org's part made once, the path and the query by hand.

use ::http::Uri;
use ::http::uri::{Authority, PathAndQuery, Scheme};
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use url::Url;

use crate::error::{TransportError, TransportFailure};

/// Where the API begins, whatever the path of the org's address is.
const ROOT: &str = "/api/v1/";

/// All but the unreserved characters of RFC 3986 §2.3; the at sign stays readable, as paths allow it.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');

/// An org's address, and those that are made of it.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    base: Url,
    /// None of an address that has no place in HTTP, which no request can be sent to.
    site: Option<(Scheme, Authority)>,
}

impl Addresses {
    pub(crate) fn new(base: Url) -> Self {
        let parts = base.as_str().parse().map(Uri::into_parts).unwrap_or_default();
        Self { base, site: parts.scheme.zip(parts.authority) }
    }

    /// The org itself.
    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    /// The address of what follows `/api/v1/`.
    pub(crate) fn of(&self, path: std::fmt::Arguments<'_>) -> Result<Uri, TransportError> {
        use std::fmt::Write;
        let mut text = String::with_capacity(96);
        text.push_str(ROOT);
        text.write_fmt(path).map_err(|error| unsendable(&error.to_string()))?;
        let path = PathAndQuery::from_maybe_shared(Bytes::from(text));
        let path = path.map_err(|error| unsendable(&error.to_string()))?;
        let Some((scheme, authority)) = self.site.clone() else {
            return Err(unsendable("the org's address is none that requests can be sent to"));
        };
        let uri = Uri::builder().scheme(scheme).authority(authority).path_and_query(path).build();
        uri.map_err(|error| unsendable(&error.to_string()))
    }

    /// The address of what follows `/api/v1/`, written by someone else: what no address can hold is encoded.
    pub(crate) fn of_foreign(&self, path: &str) -> Result<Uri, TransportError> {
        let url = self.base.join(ROOT).and_then(|root| root.join(path));
        uri(&url.map_err(|error| unsendable(&error.to_string()))?)
    }

    /// The address of a next page, which must be of the same org: the token goes nowhere else.
    pub(crate) fn page(&self, page: &str) -> Result<Uri, TransportError> {
        let url = self.base.join(page).map_err(|error| unsendable(&error.to_string()))?;
        if url.origin() == self.base.origin() {
            uri(&url)
        } else {
            Err(unsendable("the next page is on another host"))
        }
    }
}

/// A text as a part of a path.
pub(crate) fn segment(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, SEGMENT)
}

fn uri(url: &Url) -> Result<Uri, TransportError> {
    url.as_str().parse().map_err(|error: ::http::uri::InvalidUri| unsendable(&error.to_string()))
}

pub(crate) fn unsendable(text: &str) -> TransportError {
    TransportError { failure: TransportFailure::Unsendable, text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_the_orgs_address_plays_no_part() {
        let addresses = Addresses::new("https://example.okta.com:8443/admin/x".parse().unwrap());
        let uri = addresses.of(format_args!("users/{}?a=b", segment("kim+ä/x@example.com"))).unwrap();
        assert_eq!(
            uri.to_string(),
            "https://example.okta.com:8443/api/v1/users/kim%2B%C3%A4%2Fx@example.com?a=b"
        );
    }

    #[test]
    fn what_others_wrote_is_encoded() {
        let addresses = Addresses::new("http://127.0.0.1:8100/".parse().unwrap());
        let uri = addresses.of_foreign("groups?filter=type eq \"OKTA_GROUP\"").unwrap();
        assert_eq!(uri.query(), Some("filter=type%20eq%20%22OKTA_GROUP%22"));
        assert!(addresses.page("http://127.0.0.1:8101/api/v1/groups").is_err());
    }
}
