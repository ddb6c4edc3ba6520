//! One signed-in client of the server. What goes over the line is the reference client's (`plainclothes-phone`).

use anyhow::Context as _;
use plainclothes_phone::wire::session::{self, Session};
use plainclothes_phone::{Failure, Kind, Line, Patience};
use reqwest::Client;
use serde_json::Value;

/// A session, with a connection pool of its own, as a device has it.
#[derive(Debug)]
pub struct Api {
    pub line: Line,
    pub session: Session,
}

impl Api {
    /// # Errors
    /// No server, or not these credentials.
    pub async fn sign_in(url: &str, email: &str, password: &str) -> anyhow::Result<Self> {
        Self::sign_in_with(Client::new(), url, email, password).await
    }

    /// The same over connections that are shared.
    ///
    /// # Errors
    /// No server, or not these credentials.
    pub async fn sign_in_with(
        client: Client,
        url: &str,
        email: &str,
        password: &str,
    ) -> anyhow::Result<Self> {
        let mut line = Line::new(client, url, Patience::default());
        let session = session::sign_in(&line, email, password, "plainclothes-load")
            .await
            .with_context(|| format!("{email} cannot sign in at {url}"))?;
        line.set_token(Some(session.token.clone()));
        Ok(Self { line, session })
    }

    /// # Errors
    /// Anything but a 2xx with JSON.
    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.line.get(Kind::Desk, path).await
    }

    /// # Errors
    /// Anything but a 2xx with JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.line.post(Kind::Desk, path, body).await
    }
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
