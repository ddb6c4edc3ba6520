//! `POST /outbox-imports`: an exported outbox, one JSON value a line.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header;
use futures::TryStreamExt as _;

use super::service::{self, Imported};
use crate::accounts::Reviewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::coding::Coding;

const NDJSON: &str = "application/x-ndjson";

/// Take in what a phone has exported, in the name of its shopper. The same file may come any number of times.
#[utoipa::path(post, path = "/outbox-imports", tag = "review",
    request_body(content = String, content_type = "application/x-ndjson"),
    responses((status = 200, body = Imported), (status = 400), (status = 404), (status = 413), (status = 415)))]
pub async fn import(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    request: Request,
) -> Result<Json<Imported>> {
    let headers = request.headers();
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next());
    if kind != Some(NDJSON) || Coding::of(headers)?.is_some() {
        return Err(Error::UnsupportedMediaType(format!(
            "send the export as {NDJSON}, not compressed"
        )));
    }
    let stream = request
        .into_body()
        .into_data_stream()
        .map_err(|_| Error::BodyBrokeOff);
    Ok(Json(service::import(&app, &scope, stream).await?))
}
