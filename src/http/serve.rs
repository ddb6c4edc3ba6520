//! Listening, and stopping without losing what is under way.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::app::App;
use crate::{jobs, metrics};

/// Serves until SIGINT or SIGTERM, then lets requests and jobs under way end, for at most `shutdown_timeout_s`.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(app: App, listener: TcpListener) -> anyhow::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let figures = match app.config.metrics_listen {
        None => None,
        Some(address) => {
            let listener = TcpListener::bind(address).await.map_err(|error| {
                anyhow::anyhow!("cannot listen on {address} for figures: {error}")
            })?;
            tracing::info!(%address, "figures are at /metrics");
            let serving = metrics::serve(app.clone(), listener, stopped.clone());
            Some(tokio::spawn(serving))
        }
    };
    let worker = tokio::spawn(jobs::work(
        app.clone(),
        Arc::new(crate::handlers::Handlers),
        stopped.clone(),
    ));
    let housekeeping = tokio::spawn(crate::housekeeping::work(app.clone(), stopped.clone()));
    tokio::spawn(crate::objects::watch(app.objects.clone(), stopped.clone()));
    let timeout = Duration::from_secs(u64::from(app.config.shutdown_timeout_s));
    let mut wait = stopped.clone();
    let server =
        axum::serve(listener, super::router::router(app)).with_graceful_shutdown(async move {
            let _ = wait.changed().await;
        });
    let server = tokio::spawn(server.into_future());
    signalled().await;
    tracing::info!("stopping: requests and jobs under way may end first");
    let _ = stop.send(true);
    let ended = tokio::time::timeout(timeout, async {
        let served = server.await;
        let _ = worker.await;
        let _ = housekeeping.await;
        if let Some(figures) = figures {
            let _ = figures.await;
        }
        served
    })
    .await;
    match ended {
        Ok(served) => served??,
        Err(_) => tracing::warn!("some requests did not end in time; phones will ask again"),
    }
    Ok(())
}

async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
