//! Every route on one page, grouped by who calls it.

use axum::Router;
use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use axum::middleware;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _};
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

use super::views::CONTENT_DIGEST;
use super::{assets, health, request_id, rest_of_body, security};
use crate::app::App;
use crate::error::Error;
use crate::{
    accounts, audits, bundles, campaigns, checklists, clients, comparisons, metrics, outbox,
    photos, quarantine, queue, rankings, reports, review, sync, traces, visits, webhooks, what_ifs,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Plainclothes",
        description = "Sync server, phones and desks of a mystery-shopping agency. Errors are `application/problem+json` \
                       with a `code` and a `retry` that tells a phone what to do; `docs/sync.md` tells the whole protocol."
    ),
    modifiers(&Schemes),
    security(("bearer" = []), ("cookie" = [])),
    components(schemas(
        super::problem::Problem,
        visits::feed::VisitForShopper,
        review::feedback::Feedback
    )),
    tags(
        (name = "sessions", description = "Signing in and out"),
        (name = "sync", description = "What phones call"),
        (name = "review", description = "What reviewers call"),
        (name = "admin", description = "What admins call"),
        (name = "desk", description = "What managers and clients call; never anything of the shopper"),
    )
)]
struct ApiDoc;

struct Schemes;

impl utoipa::Modify for Schemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let bearer =
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        components.add_security_scheme("bearer", bearer);
        let cookie =
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-plainclothes")));
        components.add_security_scheme("cookie", cookie);
    }
}

fn phones() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sync::hello::hello))
        .routes(routes!(sync::routes::changes))
        .routes(routes!(sync::routes::offer))
        .routes(routes!(sync::routes::commands))
        .routes(routes!(audits::routes::put, review::routes::get))
        .routes(routes!(audits::routes::document))
        .routes(routes!(checklists::routes::get))
        .routes(routes!(checklists::routes::schema))
        .routes(routes!(checklists::routes::picture))
}

fn uploads() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(photos::routes::options, photos::routes::create))
        .routes(routes!(
            photos::routes::get,
            photos::routes::head,
            photos::routes::patch,
            photos::routes::delete
        ))
        .layer(middleware::from_fn(photos::routes::tus_headers))
}

fn everybody() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(accounts::routes::sign_in))
        .routes(routes!(accounts::routes::me, accounts::routes::sign_out))
}

fn reviewers() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(review::routes::list))
        .routes(routes!(review::routes::photo))
        .routes(routes!(review::routes::approve))
        .routes(routes!(review::routes::return_to_shopper))
        .routes(routes!(review::routes::reject))
        .routes(routes!(review::routes::waive))
        .routes(routes!(review::routes::redact))
        .routes(routes!(comparisons::routes::list))
        .routes(routes!(comparisons::routes::dismiss))
        .routes(routes!(comparisons::routes::confirm))
        .routes(routes!(quarantine::routes::list))
        .routes(routes!(quarantine::routes::get))
        .routes(routes!(quarantine::routes::photo))
        .routes(routes!(quarantine::routes::place))
        .routes(routes!(quarantine::routes::accept))
        .routes(routes!(quarantine::routes::reject))
        .routes(routes!(outbox::routes::import))
}

fn admins() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(visits::routes::list, visits::routes::create))
        .routes(routes!(visits::routes::assign))
        .routes(routes!(visits::routes::withdraw))
        .routes(routes!(accounts::routes::people))
        .routes(routes!(campaigns::routes::list))
        .routes(routes!(campaigns::routes::schedule))
        .routes(routes!(campaigns::routes::unschedule))
        .routes(routes!(
            campaigns::routes::trap_keys,
            campaigns::routes::put_trap_keys
        ))
        .routes(routes!(checklists::desk::list, checklists::desk::publish))
        .routes(routes!(checklists::desk::check))
        .routes(routes!(checklists::desk::diff))
        .routes(routes!(what_ifs::routes::list, what_ifs::routes::create))
        .routes(routes!(what_ifs::routes::get, what_ifs::routes::delete))
        .routes(routes!(checklists::desk::retire))
        .routes(routes!(queue::routes::list))
        .routes(routes!(queue::routes::retry_all))
        .routes(routes!(queue::routes::retry))
        .routes(routes!(queue::routes::delete))
        .routes(routes!(webhooks::routes::list, webhooks::routes::create))
        .routes(routes!(webhooks::routes::delete))
        .routes(routes!(webhooks::routes::test))
}

fn managers_and_clients() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(clients::routes::clients))
        .routes(routes!(clients::routes::regions))
        .routes(routes!(clients::routes::locations))
        .routes(routes!(rankings::routes::ranking))
        .routes(routes!(rankings::routes::location_summary))
        .routes(routes!(reports::routes::list))
        .routes(routes!(reports::routes::get))
        .routes(routes!(reports::routes::photo))
        .routes(routes!(reports::routes::pdf))
        .routes(routes!(bundles::routes::list, bundles::routes::ask))
        .routes(routes!(bundles::routes::get, bundles::routes::delete))
        .routes(routes!(bundles::routes::file))
}

fn api() -> (Router<App>, utoipa::openapi::OpenApi) {
    let (router, mut document) = OpenApiRouter::with_openapi(ApiDoc::openapi())
        .nest(
            "/api/v1",
            phones()
                .merge(uploads())
                .merge(everybody())
                .merge(reviewers())
                .merge(admins())
                .merge(managers_and_clients()),
        )
        .split_for_parts();
    finish(&mut document);
    (router, document)
}

/// What all operations have in common is said once, here: their names and how they fail.
fn finish(document: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let methods = [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("delete", &mut item.delete),
            ("options", &mut item.options),
            ("head", &mut item.head),
            ("patch", &mut item.patch),
        ];
        for (method, operation) in methods {
            if let Some(operation) = operation {
                operation.operation_id = Some(operation_id(method, path));
                declare_problems(operation);
            }
        }
    }
    let components = document.components.get_or_insert_default();
    components
        .responses
        .insert(PROBLEM.to_owned(), problem().into());
}

const PROBLEM: &str = "Problem";

/// How any operation may fail; what else one answers stands at its handler.
const PROBLEM_STATUSES: [&str; 12] = [
    "400", "401", "403", "404", "409", "413", "415", "426", "429", "500", "503", "507",
];

fn declare_problems(operation: &mut utoipa::openapi::path::Operation) {
    let responses = &mut operation.responses.responses;
    let own = responses.keys().cloned().collect::<Vec<_>>();
    let failures = own
        .iter()
        .map(String::as_str)
        .chain(PROBLEM_STATUSES)
        .filter(|status| status.starts_with(['4', '5']));
    for status in failures {
        let shared = Ref::from_response_name(PROBLEM);
        responses.insert(status.to_owned(), RefOr::Ref(shared));
    }
    for (status, response) in responses {
        // OpenAPI wants a description of every answer.
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            let named = status
                .parse()
                .ok()
                .and_then(|code: StatusCode| code.canonical_reason());
            response.description = named.unwrap_or(status).to_owned();
        }
    }
}

fn problem() -> Response {
    let schema = Ref::from_schema_name("Problem");
    ResponseBuilder::new()
        .description("A problem (RFC 9457); `code` says which, `retry` what to do.")
        .content("application/problem+json", Content::new(Some(schema)))
        .build()
}

/// Operations are called after their handlers, several of which are called `list` or `get`; an id made of method and
/// path is unique and does not change when code moves.
fn operation_id(method: &str, path: &str) -> String {
    let words: Vec<&str> = path
        .trim_start_matches("/api/v1")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    format!("{method}_{}", words.join("_"))
}

/// The OpenAPI document, as `/api/openapi.json` gives it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().1
}

/// A digest is of the bytes as they are sent, coding and all (RFC 9530, 2): what has one is sent as it is.
fn has_no_digest(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(CONTENT_DIGEST)
}

/// What is in a bundle is compressed already, and whoever fetches it wants to see how much is still to come.
fn is_no_bundle(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind != "application/zip")
}

/// The whole program over HTTP.
pub fn router(app: App) -> Router {
    let (api, openapi) = api();
    let csp = security::pages_csp(app.objects.public_origin());
    let docs = Router::new()
        .merge(SwaggerUi::new("/api/docs").url("/api/openapi.json", openapi))
        .layer(middleware::from_fn(security::docs_headers));
    api.route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .merge(assets::pages())
        .fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async { Error::MethodNotAllowed })
        .layer(middleware::from_fn_with_state(csp, security::headers))
        .merge(docs)
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(has_no_digest).and(is_no_bundle)),
        )
        .layer(CatchPanicLayer::custom(|_| {
            use axum::response::IntoResponse as _;
            Error::Internal("a handler panicked".to_owned()).into_response()
        }))
        .layer(middleware::from_fn(rest_of_body::layer))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            request_id::layer,
        ))
        .layer(middleware::from_fn(traces::layer))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            metrics::requests::layer,
        ))
        .with_state(app)
}
