//! The two web apps, built by Vite and carried in the binary: `/field/` for phones, `/desk/` for everybody else.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

use crate::app::App;
use crate::error::Error;

#[derive(RustEmbed)]
#[folder = "web/dist/"]
#[allow_missing = true]
struct Built;

/// Vite names what lies here by its content.
const HASHED_FOLDER: &str = "assets/";

/// The routes of the pages.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/desk/") }))
        .route("/field", get(|| async { Redirect::permanent("/field/") }))
        .route("/desk", get(|| async { Redirect::permanent("/desk/") }))
        .route("/field/", get(|| async { file("field", "") }))
        .route("/desk/", get(|| async { file("desk", "") }))
        .route(
            "/field/{*path}",
            get(|Path(path): Path<String>| async move { file("field", &path) }),
        )
        .route(
            "/desk/{*path}",
            get(|Path(path): Path<String>| async move { file("desk", &path) }),
        )
}

/// A file of an app; an address without a dot is a page of the app, which its one document shows.
fn file(app: &str, path: &str) -> Response {
    let is_page = !path.contains('.');
    let name = if is_page { "index.html" } else { path };
    let Some(found) = Built::get(&format!("{app}/{name}")) else {
        return if is_page {
            not_built()
        } else {
            Error::NotFound.into_response()
        };
    };
    let kind = found.metadata.mimetype().to_owned();
    let kind = if kind.starts_with("text/") {
        format!("{kind}; charset=utf-8")
    } else {
        kind
    };
    let caching = if path.starts_with(HASHED_FOLDER) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, caching.to_owned()),
    ];
    (headers, found.data).into_response()
}

fn not_built() -> Response {
    let text = "The web apps were not built into this program: run 'make run', or 'npm run build' in web/.\n";
    (StatusCode::NOT_FOUND, text).into_response()
}
