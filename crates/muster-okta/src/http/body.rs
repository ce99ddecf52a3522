//! The bodies of answers: read whole, and unpacked.

use std::io::Read;

use ::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use ::http::{HeaderMap, HeaderValue, Response};
use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};

use super::failure::broken;
use crate::error::{TransportError, TransportFailure};

/// The largest answer that is read: a page of 200 users is about half a megabyte.
const LARGEST: usize = 64 * 1024 * 1024;

/// How bodies may be packed.
pub(super) const READABLE: HeaderValue = HeaderValue::from_static("gzip");

/// The answer with its body read.
pub(super) async fn whole(answer: Response<Incoming>) -> Result<Response<Bytes>, TransportError> {
    let (mut parts, body) = answer.into_parts();
    let mut body = read(body).await?;
    if take_packing(&mut parts.headers) && !body.is_empty() {
        body = unpacked(&body, LARGEST)?;
    }
    Ok(Response::from_parts(parts, body))
}

/// Most bodies come in one piece, which is not copied.
async fn read(mut body: Incoming) -> Result<Bytes, TransportError> {
    let Some(first) = piece(&mut body).await? else { return Ok(Bytes::new()) };
    let Some(second) = piece(&mut body).await? else { return Ok(first) };
    let mut whole = first.to_vec();
    let mut next = Some(second);
    while let Some(more) = next {
        if whole.len() + more.len() > LARGEST {
            return Err(too_large());
        }
        whole.extend_from_slice(&more);
        next = piece(&mut body).await?;
    }
    Ok(whole.into())
}

async fn piece(body: &mut Incoming) -> Result<Option<Bytes>, TransportError> {
    while !body.is_end_stream() {
        let Some(frame) = body.frame().await else { break };
        // What is no data is a trailer.
        if let Ok(data) = frame.map_err(|error| broken(&error))?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

/// Whether the body is packed. The headers are then those of the unpacked one.
fn take_packing(headers: &mut HeaderMap) -> bool {
    let packed = headers.get(CONTENT_ENCODING).is_some_and(|packing| packing == READABLE);
    if packed {
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
    }
    packed
}

fn unpacked(packed: &[u8], largest: usize) -> Result<Bytes, TransportError> {
    let mut plain = Vec::new();
    let bound = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(packed).take(bound).read_to_end(&mut plain).map_err(|error| broken(&error))?;
    if plain.len() > largest { Err(too_large()) } else { Ok(plain.into()) }
}

fn too_large() -> TransportError {
    let text = format!("the answer is larger than {LARGEST} bytes");
    TransportError { failure: TransportFailure::Broken, text }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_small_body_does_not_unpack_to_an_endless_one() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&vec![b' '; 100_000]).unwrap();
        let packed = gzip.finish().unwrap();
        assert_eq!(unpacked(&packed, 100_000).unwrap().len(), 100_000);
        assert_eq!(unpacked(&packed, 99_999).unwrap_err(), too_large());
    }
}
