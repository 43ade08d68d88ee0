//! A request's body: read within bounds, or passed over.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

use super::held::{Held, LEAST, Share};
use crate::{Failure, compression};

/// A body that is not wanted is read on so far, and for so long, before the answer: a caller that still sends does not
/// read it.
const MAX_DISCARDED: usize = 64 << 20;
const DISCARD_FOR: Duration = Duration::from_secs(5);

/// All bytes of a body. Of one that is refused the rest is passed over, unless the caller waits to be told to send.
pub(super) async fn read(
    mut body: Incoming,
    limit: usize,
    waits: bool,
    held: &Held,
) -> Result<(Bytes, Share), Failure> {
    let done = bytes(&mut body, limit, held).await;
    if done.as_ref().is_err_and(|it| it.status != StatusCode::BAD_REQUEST) {
        pass_over(body, waits).await;
    }
    done
}

async fn bytes(body: &mut Incoming, limit: usize, held: &Held) -> Result<(Bytes, Share), Failure> {
    let mut share = held.take(LEAST).ok_or_else(full)?;
    let mut bytes = BytesMut::new();
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if limit < announced {
        return Err(compression::too_large(limit));
    }
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|err| Failure {
            causes: vec![err.to_string()],
            ..Failure::bad("The body could not be read")
        })?;
        let Ok(data) = frame.into_data() else { continue };
        if limit < bytes.len() + data.len() {
            return Err(compression::too_large(limit));
        }
        share.merge(held.take(data.len()).ok_or_else(full)?);
        bytes.extend_from_slice(&data);
    }
    Ok((bytes.freeze(), share))
}

fn full() -> Failure {
    busy("The server holds as many bytes of requests and answers as it may; try again")
}

/// A request for which there is no room now.
pub(super) fn busy(text: &str) -> Failure {
    Failure::new(StatusCode::SERVICE_UNAVAILABLE, text)
}

/// Reads a body and forgets it. Whether its end was reached: then another request may follow.
pub(super) async fn pass_over(body: Incoming, waits: bool) -> bool {
    if body.is_end_stream() {
        return true;
    }
    // Reading would tell the caller to send.
    !waits && timeout(DISCARD_FOR, discard(body)).await.unwrap_or(false)
}

async fn discard(mut body: Incoming) -> bool {
    let mut n_bytes = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return false };
        n_bytes += frame.data_ref().map_or(0, Bytes::len);
        if MAX_DISCARDED < n_bytes {
            return false;
        }
    }
    true
}
