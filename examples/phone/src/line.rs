//! One request and its answer, as a phone has to handle them: who asks, gzip both ways, patience, and whether it is the
//! server at all that answers.
//!
//! Not here: what is asked (`wire/`) and what a failure leads to (`problem.rs`).

use std::io::{Read as _, Write as _};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::{self, ServerClock};
use crate::digest::content_digest;
use crate::problem::{Failure, Problem};
use crate::traffic::{Counter, Kind, Traffic};

/// No answer of the protocol comes near; more than this is not read, before or after decompression.
const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Shorter bodies gain nothing from gzip.
const WORTH_CODING_BYTES: usize = 512;
/// A body is handed to the socket in such pieces, so that what was sent can be counted when the line breaks.
const PIECE_BYTES: usize = 8 * 1024;

/// How long a phone waits.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection, for an answer to begin, and between two parts of it.
    pub answer: Duration,
    /// The slowest line that is waited for; what is sent gets so much more time.
    pub bytes_per_s: u64,
}

impl Default for Patience {
    /// 50 kbit/s, the 2G that reaches into a basement.
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(30),
            bytes_per_s: 6_250,
        }
    }
}

/// The way to one server, for one session.
#[derive(Debug)]
pub struct Line {
    client: Client,
    base: String,
    token: Option<String>,
    patience: Patience,
    /// The server has said that it reads gzip.
    gzip: AtomicBool,
    server_clock: Mutex<Option<ServerClock>>,
    counter: Counter,
}

/// A request below `/api/v1`.
#[derive(Clone, Debug)]
pub struct Ask {
    method: Method,
    path: String,
    kind: Kind,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
    is_json: bool,
    with_digest: bool,
}

/// A 2xx.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// Decompressed.
    pub body: Bytes,
}

impl Ask {
    pub fn new(kind: Kind, method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            kind,
            headers: Vec::new(),
            body: Bytes::new(),
            is_json: false,
            with_digest: false,
        }
    }

    pub fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    /// JSON text, which may go compressed.
    pub fn json(mut self, text: impl Into<Bytes>) -> Self {
        self.body = text.into();
        self.is_json = true;
        self
    }

    /// Bytes that go as they are.
    pub fn bytes(mut self, content_type: &'static str, bytes: Bytes) -> Self {
        self.body = bytes;
        self.header("content-type", content_type)
    }

    /// With `Content-Digest` of the bytes as they are sent.
    pub fn with_digest(mut self) -> Self {
        self.with_digest = true;
        self
    }
}

impl Answer {
    /// # Errors
    /// That it is not the JSON that belongs here.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Failure::Spoiled(format!("the answer is not as expected: {error}")))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Line {
    /// `client` may be shared by many lines; it should connect within `patience.answer`. `url` is that of the server,
    /// without `/api`.
    pub fn new(client: Client, url: &str, patience: Patience) -> Self {
        Self {
            client,
            base: format!("{}/api/v1", url.trim_end_matches('/')),
            token: None,
            patience,
            gzip: AtomicBool::new(false),
            server_clock: Mutex::new(None),
            counter: Counter::default(),
        }
    }

    /// Goes to another address from now on, with the same session.
    pub fn set_url(&mut self, url: &str) {
        self.base = format!("{}/api/v1", url.trim_end_matches('/'));
        self.set_gzip(false);
    }

    pub fn set_token(&mut self, token: Option<String>) {
        self.token = token;
    }

    pub fn set_patience(&mut self, patience: Patience) {
        self.patience = patience;
    }

    /// Whether JSON may be sent compressed.
    pub fn set_gzip(&self, allowed: bool) {
        self.gzip.store(allowed, Ordering::Relaxed);
    }

    /// What the server's clock was last heard to say.
    pub fn server_clock(&self) -> Option<ServerClock> {
        *self
            .server_clock
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub fn traffic(&self) -> Traffic {
        self.counter.traffic()
    }

    /// # Errors
    /// Anything but a 2xx with JSON.
    pub async fn get<T: DeserializeOwned>(&self, kind: Kind, path: &str) -> Result<T, Failure> {
        self.send(Ask::new(kind, Method::GET, path)).await?.json()
    }

    /// # Errors
    /// Anything but a 2xx with JSON.
    pub async fn post<T: DeserializeOwned>(
        &self,
        kind: Kind,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        let text = serde_json::to_vec(body).map_err(|e| Failure::Spoiled(e.to_string()))?;
        let ask = Ask::new(kind, Method::POST, path).json(text);
        self.send(ask).await?.json()
    }

    /// Sends one request; a 2xx comes back.
    ///
    /// # Errors
    /// [`Failure::NoConnection`] when no Plainclothes server answered in time, [`Failure::Problem`] for its refusals.
    pub async fn send(&self, ask: Ask) -> Result<Answer, Failure> {
        let worth_coding = ask.is_json && ask.body.len() >= WORTH_CODING_BYTES;
        if !worth_coding || !self.gzip.load(Ordering::Relaxed) {
            return self.send_once(ask).await;
        }
        match self.send_once(coded(ask.clone())?).await {
            Err(failure) if failure.status() == Some(415) => {
                // Another server than the one that said hello, which does not read gzip.
                self.set_gzip(false);
                self.send_once(ask).await
            }
            other => other,
        }
    }

    async fn send_once(&self, ask: Ask) -> Result<Answer, Failure> {
        let kind = ask.kind;
        self.counter.count(kind, |bytes| bytes.requests += 1);
        let length = ask.body.len() as u64;
        let patience =
            self.patience.answer + Duration::from_secs(length / self.patience.bytes_per_s.max(1));
        let sent = self.request(ask).send();
        let response = tokio::time::timeout(patience, sent)
            .await
            .map_err(|_| Failure::NoConnection("no answer in time".to_owned()))??;
        let status = response.status();
        let headers = response.headers().clone();
        // Every answer of ours carries it. Without it, this is a page of whoever owns the line.
        let Some(server_time) = headers.get("server-time").and_then(|v| v.to_str().ok()) else {
            let what = format!("status {status} does not come from Plainclothes");
            return Err(Failure::NoConnection(what));
        };
        self.note_time(server_time);
        let body = self.read(kind, response).await?;
        let body = decoded(&headers, body)?;
        if status.is_success() {
            return Ok(Answer {
                status: status.as_u16(),
                headers,
                body,
            });
        }
        let number = |name| headers.get(name)?.to_str().ok()?.parse().ok();
        Err(Failure::Problem(Problem::read(
            status.as_u16(),
            &body,
            number("retry-after").map(Duration::from_secs),
            number("upload-offset"),
        )))
    }

    fn request(&self, ask: Ask) -> reqwest::RequestBuilder {
        let mut request = self
            .client
            .request(ask.method, format!("{}{}", self.base, ask.path))
            .header("accept-encoding", "gzip");
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if ask.is_json {
            request = request.header("content-type", "application/json");
        }
        if ask.with_digest {
            request = request.header("content-digest", content_digest(&ask.body));
        }
        for (name, value) in ask.headers {
            request = request.header(name, value);
        }
        if ask.body.is_empty() {
            return request;
        }
        request.body(reqwest::Body::wrap(Pieces {
            left: ask.body,
            kind: ask.kind,
            counter: self.counter.clone(),
        }))
    }

    async fn read(&self, kind: Kind, mut response: reqwest::Response) -> Result<Bytes, Failure> {
        let mut body = Vec::new();
        loop {
            let part = tokio::time::timeout(self.patience.answer, response.chunk())
                .await
                .map_err(|_| {
                    Failure::NoConnection("the answer stopped in the middle".to_owned())
                })?;
            let Some(part) = part? else {
                return Ok(body.into());
            };
            let length = part.len() as u64;
            self.counter.count(kind, |bytes| bytes.received += length);
            body.extend_from_slice(&part);
            if body.len() as u64 > ANSWER_BYTES_MAX {
                return Err(Failure::Spoiled("an answer without end".to_owned()));
            }
        }
    }

    fn note_time(&self, server_time: &str) {
        if let Some(heard) = clock::hear(server_time) {
            let mut clock = self
                .server_clock
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *clock = Some(heard);
        }
    }
}

fn coded(mut ask: Ask) -> Result<Ask, Failure> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&ask.body)?;
    ask.body = encoder.finish()?.into();
    Ok(ask.header("content-encoding", "gzip"))
}

fn decoded(headers: &HeaderMap, body: Bytes) -> Result<Bytes, Failure> {
    match headers.get("content-encoding") {
        Some(coding) if coding == "gzip" && !body.is_empty() => {
            let mut decoded = Vec::new();
            flate2::read::GzDecoder::new(&body[..])
                .take(ANSWER_BYTES_MAX)
                .read_to_end(&mut decoded)
                .map_err(|_| Failure::NoConnection("the answer arrived damaged".to_owned()))?;
            Ok(decoded.into())
        }
        _ => Ok(body),
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        let what = if error.is_connect() {
            "nobody there"
        } else {
            "the line broke"
        };
        Self::NoConnection(what.to_owned())
    }
}

/// A body that is counted as it goes.
struct Pieces {
    left: Bytes,
    kind: Kind,
    counter: Counter,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.left.len().min(PIECE_BYTES);
        let piece = self.left.split_to(length);
        let length = length as u64;
        self.counter.count(self.kind, |bytes| bytes.sent += length);
        Poll::Ready(Some(Ok(http_body::Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(self.left.len() as u64)
    }
}
