//! A listener of its own for figures, so that none of them can be had where clients reach the program.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{CONTENT_TYPE, scrape};
use crate::app::App;

/// Answers `GET /metrics` until told to stop.
pub async fn serve(app: App, listener: TcpListener, mut stop: watch::Receiver<bool>) {
    let router = Router::new()
        .route("/metrics", get(metrics))
        .with_state(app);
    let served = axum::serve(listener, router).with_graceful_shutdown(async move {
        let _ = stop.changed().await;
    });
    if let Err(error) = served.await {
        tracing::error!(%error, "figures are not served any more");
    }
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], scrape(&app).await)
}
