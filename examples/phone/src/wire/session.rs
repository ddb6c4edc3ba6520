//! Signing in.

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::line::Line;
use crate::problem::Failure;
use crate::traffic::Kind;

/// A session of one device.
#[derive(Clone, Debug, Deserialize)]
pub struct Session {
    /// For [`Line::set_token`].
    pub token: String,
    pub me: Me,
}

/// Who has signed in.
#[derive(Clone, Debug, Deserialize)]
pub struct Me {
    pub user: Uuid,
}

/// # Errors
/// 401 for wrong credentials, 429 after too many of them.
pub async fn sign_in(
    line: &Line,
    email: &str,
    password: &str,
    device_name: &str,
) -> Result<Session, Failure> {
    let body = json!({"email": email, "password": password, "device_name": device_name});
    line.post(Kind::Session, "/sessions", &body).await
}
