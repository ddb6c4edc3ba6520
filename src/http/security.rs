//! The headers that keep a page to itself.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// For our own pages: nothing from elsewhere but pictures from where the objects are, if browsers are sent there; no inline
/// script, no string that becomes code.
pub fn pages_csp(pictures_origin: Option<&str>) -> HeaderValue {
    let csp = |pictures: &str| {
        format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:{pictures}; \
             connect-src 'self'; manifest-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; \
             form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
        )
    };
    let wanted = csp(&pictures_origin.map_or(String::new(), |origin| format!(" {origin}")));
    // what cannot stand in a header was no origin: then no pictures from there
    HeaderValue::from_str(&wanted)
        .or_else(|_| HeaderValue::from_str(&csp("")))
        .unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// The API browser that comes with the program writes styles and one script inline.
const DOCS_CSP: &str = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Adds the headers to every answer that does not have its own.
pub async fn headers(State(csp): State<HeaderValue>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    common(response.headers_mut(), csp);
    response
}

/// The same for the API's documentation.
pub async fn docs_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    common(response.headers_mut(), HeaderValue::from_static(DOCS_CSP));
    response
}

fn common(headers: &mut HeaderMap, csp: HeaderValue) {
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(csp);
    let defaults: [(HeaderName, &'static str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in defaults {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}
