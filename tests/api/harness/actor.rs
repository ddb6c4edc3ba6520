//! Somebody who calls the API. Every answer is held against the OpenAPI document.

use std::task::Poll;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::contract;

/// Somebody, signed in or not.
#[derive(Clone)]
pub struct Actor {
    router: Router,
    token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Takes in a whole response.
    pub async fn read(response: axum::response::Response) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status,
            headers: parts.headers,
            bytes: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("{} {}", self.status, String::from_utf8_lossy(&self.bytes)))
    }

    /// The body as JSON, after making sure of the status.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        self.status_is(status);
        if self.bytes.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    #[track_caller]
    pub fn status_is(&self, status: u16) {
        let body = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status.as_u16(), status, "{body}");
    }

    /// Makes sure that this is the problem `code`, with what a phone is told to do.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str, retry: &str) -> Value {
        let body = self.expect(status);
        assert_eq!(
            (&body["code"], &body["retry"]),
            (&json!(code), &json!(retry)),
            "{body}"
        );
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert!(!body["detail"].as_str().unwrap().is_empty());
        assert_eq!(body["request_id"], self.header("x-request-id"));
        body
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Actor {
    pub fn nobody(router: Router) -> Self {
        Self {
            router,
            token: None,
        }
    }

    pub async fn signed_in(router: Router, email: &str, password: &str) -> Self {
        let nobody = Self::nobody(router.clone());
        let body = json!({"email": email, "password": password, "device_name": "test"});
        let token = nobody.post("/sessions", &body).await.expect(201)["token"].clone();
        Self {
            router,
            token: Some(token.as_str().unwrap().to_owned()),
        }
    }

    /// What a signed-in actor proves themselves with.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Vec::new()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let json = [("content-type", "application/json")];
        self.send(Method::POST, path, &json, body.to_string().into_bytes())
            .await
    }

    /// Sends a request to `/api/v1` and the path, or to an absolute path that begins with `//`.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let request = self.request(method.clone(), path, headers, body);
        let response = self.router.clone().oneshot(request).await.unwrap();
        let answer = Answer::read(response).await;
        if !path.starts_with("//") {
            contract::hold(&method, path, &answer);
        }
        answer
    }

    /// Sends a request and waits for its answer.
    pub async fn call(&self, call: &Call) -> Answer {
        let answer = self.hang_up(call, usize::MAX).await;
        answer.expect("nobody hangs up before the end of time")
    }

    /// Sends a request and hangs up when the server has been polled `polls` times; `None` unless it had answered by then.
    pub async fn hang_up(&self, call: &Call, polls: usize) -> Option<Answer> {
        let headers: Vec<(&str, &str)> = call
            .headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let request = self.request(call.method.clone(), &call.path, &headers, call.body.clone());
        let response = polled(self.router.clone().oneshot(request), polls).await?;
        let answer = Answer::read(response.unwrap()).await;
        contract::hold(&call.method, &call.path, &answer);
        Some(answer)
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Request<Body> {
        let uri = match path.strip_prefix('/') {
            Some(absolute) if absolute.starts_with('/') => absolute.to_owned(),
            _ => format!("/api/v1{path}"),
        };
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        request.body(Body::from(body)).unwrap()
    }
}

/// A request that can be sent again.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Call {
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub fn json(method: Method, path: impl Into<String>, body: &Value) -> Self {
        Self::new(method, path)
            .header("content-type", "application/json")
            .body(body.to_string().into_bytes())
    }

    pub fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    pub fn body(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }
}

/// Polls a future at most `polls` times and then drops it.
pub async fn polled<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let (mut future, mut left) = (Box::pin(future), polls);
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
