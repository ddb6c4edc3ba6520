//! One id for each request: in the answer's header, in problem bodies and in every log line of the request.
//!
//! Here a request begins, and so it begins as nobody: what it may see of the database follows from who calls.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::app::App;
use crate::db::tenancy::{self, Tenancy};

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request that this task answers, if it answers one.
pub fn current() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok()
}

/// Gives the request an id, the log a span, and the answer `X-Request-Id` and `Server-Time` (RFC 3339, milliseconds).
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = app.clock.new_uuid().simple().to_string();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let span = tracing::info_span!("request", id, %method, path);
    let mut response = CURRENT
        .scope(
            id.clone(),
            async move {
                let response = tenancy::scope(Tenancy::Nobody, next.run(request)).await;
                tracing::debug!(status = response.status().as_u16(), "answered");
                response
            }
            .instrument(span),
        )
        .await;
    let server_time = app
        .clock
        .now()
        .to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let headers = response.headers_mut();
    for (name, value) in [("x-request-id", id), ("server-time", server_time)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}
