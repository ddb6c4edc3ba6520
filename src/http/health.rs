//! Is the program alive, and can it do its work?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sea_orm::ConnectionTrait as _;
use serde::Serialize;

use crate::app::App;
use crate::objects::{ObjectError, Trouble};

/// Alive: the process answers. Looks at nothing else, so that a database that is away does not get the program killed.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// What was looked at, and how it stands.
#[derive(Serialize)]
pub struct Ready {
    pub ready: bool,
    pub database: &'static str,
    pub objects: &'static str,
    /// What an operator has to mend, when the objects are down. Names nothing: anybody may ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objects_problem: Option<String>,
}

/// Ready: the database and the objects answer.
pub async fn readyz(State(app): State<App>) -> (StatusCode, Json<Ready>) {
    let database = app.db.reader().execute_unprepared("SELECT 1").await.is_ok();
    let objects = app.objects.probe().await;
    let objects_problem = objects.as_ref().err().map(|error| match error {
        ObjectError::Unavailable { trouble, .. } => trouble.to_string(),
        ObjectError::Full => error.to_string(),
        _ => Trouble::Refused.to_string(),
    });
    let word = |up: bool| if up { "up" } else { "down" };
    // Audits and photos are taken without the objects: only the database decides.
    let status = if database {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = Ready {
        ready: database,
        database: word(database),
        objects: word(objects.is_ok()),
        objects_problem,
    };
    (status, Json(body))
}
