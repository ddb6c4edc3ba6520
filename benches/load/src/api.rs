//! One signed-in client of the server: requests with its token, answers as JSON, and what went wrong in few words.

use std::fmt;

use anyhow::Context as _;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// A session, with a connection pool of its own, as a device has it.
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    base: String,
    token: String,
}

/// Why a request does not count: a status with the problem's code, or that no answer came. Few different ones, so that
/// they can be counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        let what = if error.is_connect() {
            "no connection"
        } else if error.is_timeout() {
            "no answer in time"
        } else {
            "connection broke"
        };
        Self(what.to_owned())
    }
}

/// A phone gives up on a request after this and tries again later.
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(30);

impl Api {
    /// Signs in; also returns the server's time (RFC 3339, UTC).
    ///
    /// # Errors
    /// No server, or not these credentials.
    pub async fn sign_in(url: &str, email: &str, password: &str) -> anyhow::Result<(Self, String)> {
        let client = Client::builder().timeout(TIMEOUT).build()?;
        let base = format!("{}/api/v1", url.trim_end_matches('/'));
        let body =
            json!({"email": email, "password": password, "device_name": "plainclothes-load"});
        let sent = client.post(format!("{base}/sessions")).json(&body).send();
        let answer = sent
            .await
            .with_context(|| format!("{url} does not answer"))?;
        let time = answer
            .headers()
            .get("server-time")
            .and_then(|time| time.to_str().ok())
            .context("the server does not say what time it is")?
            .to_owned();
        let answer = accepted(answer)
            .await
            .with_context(|| format!("{email} cannot sign in"))?;
        let session: Value = answer.json().await?;
        let token = text(&session, "/token")?;
        let api = Self {
            client,
            base,
            token,
        };
        Ok((api, time))
    }

    /// A request below `/api/v1`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token)
    }

    /// # Errors
    /// Anything but a 2xx with JSON.
    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        let answer = self.request(Method::GET, path).send().await?;
        Ok(accepted(answer).await?.json().await?)
    }

    /// # Errors
    /// Anything but a 2xx with JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        let answer = self.request(Method::POST, path).json(body).send().await?;
        Ok(accepted(answer).await?.json().await?)
    }
}

/// The answer when it is a 2xx.
///
/// # Errors
/// Its status, with the problem's code when there is one.
pub async fn accepted(answer: Response) -> Result<Response, Failure> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let problem: Value = answer.json().await.unwrap_or_default();
    let code = problem["code"].as_str().unwrap_or("no code");
    Err(Failure(format!("{} {code}", status.as_u16())))
}

/// The text at a JSON pointer.
///
/// # Errors
/// That there is none.
pub fn text(value: &Value, pointer: &str) -> anyhow::Result<String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    Ok(found
        .with_context(|| format!("the server's answer has no {pointer}"))?
        .to_owned())
}
