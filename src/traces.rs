//! Traces for whoever follows a request through several programs: OpenTelemetry's spans, sent by OTLP over HTTP.
//!
//! Only spans of this module leave, and they say routes, kinds of jobs, statuses and durations: nothing that a person or
//! an address with an id in it could be known by. Without an endpoint no span is made at all. Not here: the log.

use std::future::Future;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HeaderExtractor, HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::runtime::Handle;
use tracing::{Instrument as _, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;
use url::Url;

use crate::outward::{Outward, Whom};

/// Marks the spans that leave.
pub const TARGET: &str = "plainclothes_trace";

/// What sends spans. Those that wait are sent at the end by [`Traces::end`].
#[derive(Clone, Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Begins to send to `endpoint` (`http://localhost:4318`), from the runtime that this is called in.
    ///
    /// # Errors
    /// When the endpoint is no address.
    pub fn start(endpoint: &str) -> anyhow::Result<Self> {
        let endpoint = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
        Url::parse(&endpoint).map_err(|error| {
            anyhow::anyhow!("otlp_endpoint cannot be used: {endpoint}: {error}")
        })?;
        let sender = Sender {
            outward: Outward::new(Whom::Anybody),
            runtime: Handle::current(),
        };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint)
            .with_http_client(sender)
            .build()?;
        let resource = Resource::builder_empty()
            .with_service_name("plainclothes")
            .with_attribute(opentelemetry::KeyValue::new(
                "service.version",
                env!("CARGO_PKG_VERSION"),
            ))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource)
            .build();
        Ok(Self { provider })
    }

    /// What makes spans of ours into spans that leave.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("plainclothes"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(|of| of.is_span() && of.target() == TARGET))
    }

    /// Sends what waits. Blocks for some seconds at most.
    pub fn end(&self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

/// Sends spans by the program's own client. The exporter calls it from a thread of its own, outside of any runtime.
#[derive(Debug)]
struct Sender {
    outward: Outward,
    runtime: Handle,
}

#[async_trait::async_trait]
impl HttpClient for Sender {
    async fn send_bytes(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let url = Url::parse(&head.uri.to_string())?;
        let outward = self.outward.clone();
        let asked = self
            .runtime
            .spawn(async move { outward.post(&url, head.headers, body).await });
        let answer = asked.await??;
        Ok(http::Response::builder()
            .status(answer.status)
            .body(answer.body)?)
    }
}

/// Gives each request a span, which belongs to the trace that its `traceparent` (W3C) names, if it names one.
pub async fn layer(request: Request, next: Next) -> Response {
    let method = request.method().as_str();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str);
    let span = tracing::info_span!(
        target: TARGET,
        "request",
        otel.name = %format_args!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = tracing::field::Empty,
    );
    if span.is_disabled() {
        return next.run(request).await;
    }
    let parent = TraceContextPropagator::new().extract(&HeaderExtractor(request.headers()));
    if let Err(error) = span.set_parent(parent) {
        tracing::debug!(%error, "a trace cannot be gone on with");
    }
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    response
}

/// The same for the run of a job, which begins a trace of its own.
pub async fn job<T, E>(
    kind: &'static str,
    attempt: i32,
    run: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let span = tracing::info_span!(
        target: TARGET,
        parent: None,
        "job",
        otel.name = %format_args!("job {kind}"),
        otel.status_code = tracing::field::Empty,
        job.kind = kind,
        job.attempt = attempt,
    );
    if span.is_disabled() {
        return run.await;
    }
    let result = run.instrument(span.clone()).await;
    if result.is_err() {
        span.record("otel.status_code", "ERROR");
    }
    result
}

/// A step within a request or a job: a write to the database, a call to the objects.
pub fn step(name: &'static str, operation: &'static str) -> Span {
    tracing::info_span!(
        target: TARGET,
        "step",
        otel.name = %format_args!("{name} {operation}"),
        otel.kind = "client",
    )
}
