//! The seam between a call and the wire: real HTTP, or an emulated org in the same process.

use std::pin::Pin;

use ::http::{Request, Response};
use bytes::Bytes;

use crate::error::TransportError;

/// What a transport answers with, later.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, TransportError>> + Send + 'a>>;

/// Carries one request and brings its answer. It repeats nothing and follows no redirect.
pub trait Transport: Send + Sync {
    /// Sends the request.
    fn send(&self, request: Request<Bytes>) -> Answering<'_>;
}
