//! The body of a call, in a buffer of its own that is wiped.
//!
//! What the connection itself has read is wiped where the buffer has no other owner; what is left in the buffers of
//! TLS and HTTP is overwritten by what comes next on that connection, and goes with it.

use bytes::{Buf, Bytes};
use http_body_util::BodyExt;
use hyper::body::Body;
use zeroize::{Zeroize, Zeroizing};

use super::answer::Refusal;

/// Reads a body that is not longer than `limit`.
pub async fn whole<B>(mut body: B, limit: usize) -> Result<Zeroizing<Vec<u8>>, Refusal>
where
    B: Body<Data = Bytes> + Unpin,
{
    let told = body.size_hint();
    if usize::try_from(told.lower()).is_ok_and(|length| length > limit) {
        return Err(Refusal::TooLarge);
    }
    // All the room at once: a buffer that grows leaves its old self behind.
    let room = told.exact().and_then(|length| usize::try_from(length).ok()).unwrap_or(limit);
    let mut gathered = Zeroizing::new(Vec::with_capacity(room.min(limit)));
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refusal::Incomplete)?.into_data() else { continue };
        let fits = gathered.len() + data.remaining() <= limit;
        if fits {
            gathered.extend_from_slice(&data);
        }
        wipe(data);
        if !fits {
            return Err(Refusal::TooLarge);
        }
    }
    Ok(gathered)
}

fn wipe(data: Bytes) {
    if let Ok(mut data) = data.try_into_mut() {
        data.as_mut().zeroize();
    }
}
