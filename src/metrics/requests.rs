//! How many requests, how they were answered, and how long each took.
//!
//! A route is named by its pattern (`/api/v1/audits/{id}`), never by the address that was asked for: ids would make a
//! figure for each of them. What matches no route is `unmatched`.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::app::App;

/// Upper bounds in seconds: from an answer out of memory to the longest chunk on a bad line.
const SECONDS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0,
];
const UNMATCHED: &str = "unmatched";
/// Whoever asked was gone before the answer; the number that nginx made usual for that.
const HUNG_UP: u16 = 499;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: &'static str,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

/// The figures of requests.
#[derive(Clone, Debug)]
pub struct Requests {
    answered: Family<Answered, Counter>,
    duration: Family<Route, Histogram>,
    in_flight: Gauge,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            answered: Family::default(),
            duration: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            in_flight: Gauge::default(),
        }
    }
}

impl Requests {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register(
            "http_requests",
            "Requests answered since the start; 499 for whoever hung up before",
            self.answered.clone(),
        );
        registry.register(
            "http_request_duration_seconds",
            "From a request's head to its answer's head",
            self.duration.clone(),
        );
        registry.register(
            "http_requests_in_flight",
            "Requests whose answer has not begun",
            self.in_flight.clone(),
        );
    }
}

/// Counts and times every request. Outside of all other layers, so that nothing is left out.
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or(UNMATCHED, MatchedPath::as_str);
    let mut watched = Watched {
        figures: &app.metrics.requests,
        route: Route {
            method: name(request.method()),
            route: route.to_owned(),
        },
        began: Instant::now(),
        status: HUNG_UP,
    };
    watched.figures.in_flight.inc();
    let response = next.run(request).await;
    watched.status = response.status().as_u16();
    response
}

/// A request on its way. Dropped when it is answered, or when whoever asked has hung up.
struct Watched<'a> {
    figures: &'a Requests,
    route: Route,
    began: Instant,
    status: u16,
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        let Self { figures, route, .. } = self;
        figures.in_flight.dec();
        let seconds = self.began.elapsed().as_secs_f64();
        figures.duration.get_or_create(route).observe(seconds);
        let answered = Answered {
            method: route.method,
            route: std::mem::take(&mut route.route),
            status: self.status,
        };
        figures.answered.get_or_create(&answered).inc();
    }
}

/// Anybody may invent methods; a figure for each would be theirs to multiply.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
