//! What becomes of a body that is refused before it was read to its end.
//!
//! A server that answers and closes while the client still sends breaks the line, and the client never hears the answer: a phone
//! would try for ever what it was told to park. So the rest is read and thrown away first, up to a bound.
//!
//! Not here: the limits themselves (`extract.rs` and the features).

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, Version, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body::Frame;
use http_body_util::BodyExt as _;

/// Beyond this the line is closed, answer heard or not.
const DISCARDED_BYTES_MAX: usize = 32 * 1024 * 1024;
/// The same for who sends slowly, or not at all any more.
const DISCARDING_MAX: Duration = Duration::from_secs(60);

/// A body that comes back when the handler lets go of it.
struct Lent {
    kept: Arc<Mutex<Kept>>,
}

struct Kept {
    body: Body,
    was_read: bool,
    has_ended: bool,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.was_read = true;
        let polled = Pin::new(&mut kept.body).poll_frame(context);
        kept.has_ended |= matches!(polled, Poll::Ready(None | Some(Err(_))));
        polled
    }

    fn is_end_stream(&self) -> bool {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.body.size_hint()
    }
}

/// Reads what a handler has left of the body before its answer goes out.
pub async fn layer(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let version = request.version();
    // Who waits to be asked for the body has not sent it.
    let waits = request.headers().contains_key(header::EXPECT);
    let (parts, body) = request.into_parts();
    let kept = Arc::new(Mutex::new(Kept {
        body,
        was_read: false,
        has_ended: false,
    }));
    let lent = Body::new(Lent {
        kept: Arc::clone(&kept),
    });
    let mut response = next.run(Request::from_parts(parts, lent)).await;
    let (rest, asked) = {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.has_ended || kept.body.is_end_stream() {
            return response;
        }
        (std::mem::take(&mut kept.body), kept.was_read || !waits)
    };
    let reading = tokio::time::timeout(DISCARDING_MAX, discard(rest));
    let is_read = asked && reading.await.unwrap_or(false);
    if !is_read && version < Version::HTTP_2 {
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Reads to the end; false when that is too far.
async fn discard(mut body: Body) -> bool {
    let mut left = DISCARDED_BYTES_MAX;
    while let Some(frame) = body.frame().await {
        let length = frame
            .ok()
            .and_then(|frame| frame.into_data().ok())
            .map_or(0, |data| data.len());
        let Some(rest) = left.checked_sub(length) else {
            return false;
        };
        left = rest;
    }
    true
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::StatusCode;
    use axum::routing::post;
    use tower::ServiceExt as _;

    use super::*;

    async fn sent(chunks: usize, expects: bool) -> (StatusCode, bool, usize) {
        let read = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&read);
        let stream = futures::stream::iter((0..chunks).map(move |_| {
            *counted.lock().unwrap() += 1;
            Ok::<_, std::io::Error>(Bytes::from(vec![0; 1024 * 1024]))
        }));
        let router = Router::new()
            .route("/", post(|| async { StatusCode::UNAUTHORIZED }))
            .layer(axum::middleware::from_fn(layer));
        let mut request = Request::post("/");
        if expects {
            request = request.header("expect", "100-continue");
        }
        let request = request.body(Body::from_stream(stream)).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let closes = response.headers().contains_key("connection");
        let read = *read.lock().unwrap();
        (response.status(), closes, read)
    }

    #[tokio::test]
    async fn what_was_not_read_is_read_before_the_answer() {
        let refused = StatusCode::UNAUTHORIZED;
        assert_eq!(sent(8, false).await, (refused, false, 8));
        assert_eq!(sent(0, false).await, (refused, false, 0));
        // Too much, or never begun.
        assert_eq!(sent(40, false).await, (refused, true, 33));
        assert_eq!(sent(8, true).await, (refused, true, 0));
    }
}
