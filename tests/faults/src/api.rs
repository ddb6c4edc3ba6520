//! One signed-in client of the server over plain HTTP, with exactly the requests that a scenario wants, right or wrong.
//!
//! Not here: a phone that behaves (the reference client does that).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::document::{Audit, Photo};

/// A device of somebody's.
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    pub base: String,
    pub token: String,
}

/// An answer, whole.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// It says when to come again.
    pub asks_again: bool,
    pub bytes: Vec<u8>,
}

const TIMEOUT: Duration = Duration::from_secs(30);

impl Answer {
    /// A 2xx: what was sent is the server's now.
    pub fn is_taken(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The answer when it is a 2xx.
    ///
    /// # Errors
    /// Its status and body.
    pub fn accepted(self) -> anyhow::Result<Self> {
        anyhow::ensure!(
            (200..300).contains(&self.status),
            "{} {}",
            self.status,
            self.text()
        );
        Ok(self)
    }
}

impl Api {
    /// # Errors
    /// No server, or not these credentials.
    pub async fn sign_in(url: &str, email: &str, password: &str) -> anyhow::Result<Self> {
        let client = Client::builder().timeout(TIMEOUT).build()?;
        let mut api = Self {
            client,
            base: format!("{url}/api/v1"),
            token: String::new(),
        };
        let body =
            json!({"email": email, "password": password, "device_name": "plainclothes-faults"});
        let session = api.post("/sessions", &body).await?.accepted()?.json();
        session["token"]
            .as_str()
            .unwrap_or_default()
            .clone_into(&mut api.token);
        Ok(api)
    }

    /// The same device at another address, with connections of its own.
    ///
    /// # Errors
    /// That no client can be made.
    pub fn at(&self, url: &str) -> anyhow::Result<Self> {
        Ok(Self {
            client: Client::builder().timeout(TIMEOUT).build()?,
            base: format!("{url}/api/v1"),
            token: self.token.clone(),
        })
    }

    /// A request below `/api/v1`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token)
    }

    /// # Errors
    /// That no whole answer came.
    pub async fn send(&self, request: RequestBuilder) -> anyhow::Result<Answer> {
        let answer = request.send().await?;
        Ok(Answer {
            status: answer.status().as_u16(),
            asks_again: answer.headers().contains_key("retry-after"),
            bytes: answer.bytes().await?.to_vec(),
        })
    }

    /// # Errors
    /// That no whole answer came.
    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.send(self.request(Method::GET, path)).await
    }

    /// # Errors
    /// That no whole answer came.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// Hands in an audit.
    ///
    /// # Errors
    /// That no whole answer came.
    pub async fn put_audit(&self, audit: &Audit) -> anyhow::Result<Answer> {
        self.put(&audit.id.to_string(), audit.text.clone().into_bytes())
            .await
    }

    /// Hands in these bytes under this id.
    ///
    /// # Errors
    /// That no whole answer came.
    pub async fn put(&self, id: &str, bytes: Vec<u8>) -> anyhow::Result<Answer> {
        let digest = content_digest(&bytes);
        let request = self
            .request(Method::PUT, &format!("/audits/{id}"))
            .header("content-type", "application/json")
            .header("content-digest", digest)
            .body(bytes);
        self.send(request).await
    }

    /// Begins a photo, or finds it begun.
    ///
    /// # Errors
    /// That no whole answer came.
    pub async fn begin_photo(&self, photo: &Photo) -> anyhow::Result<Answer> {
        let metadata = format!(
            "sha256 {},filetype {}",
            STANDARD.encode(&photo.sha256),
            STANDARD.encode("image/jpeg")
        );
        let request = self
            .request(Method::POST, "/photos")
            .header("tus-resumable", "1.0.0")
            .header("upload-length", photo.bytes.len())
            .header("upload-metadata", metadata);
        self.send(request).await
    }

    /// Appends the photo's bytes from `offset` up to, not including, `end`.
    ///
    /// # Errors
    /// That no whole answer came.
    pub async fn patch_photo(
        &self,
        photo: &Photo,
        offset: usize,
        end: usize,
    ) -> anyhow::Result<Answer> {
        let request = self
            .request(Method::PATCH, &format!("/photos/{}", photo.sha256))
            .header("tus-resumable", "1.0.0")
            .header("upload-offset", offset)
            .header("content-type", "application/offset+octet-stream")
            .body(photo.bytes[offset..end].to_vec());
        self.send(request).await
    }
}

/// RFC 9530.
pub fn content_digest(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    format!("sha-256=:{}:", STANDARD.encode(sha2::Sha256::digest(bytes)))
}
