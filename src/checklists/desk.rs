//! Checklist versions at the admin's desk: listed, checked, published, retired.
//!
//! Not here: what phones fetch (`routes.rs`).

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::service::{self, Version};
use crate::accounts::Admin;
use crate::app::App;
use crate::domain::checklist::diff::{Change, Comparability, Difference, Edition};
use crate::domain::checklist::{
    self, CHECKLIST_BYTES_MAX, Checklist, ChecklistProblem, NoPictures, Severity, source_text,
};
use crate::domain::ids::Sha256;
use crate::error::{Error, Limit, Pointed, Result};
use crate::http::extract::{Path, read_body};
use crate::http::views::instant;

/// A published version.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionRow {
    pub slug: String,
    pub version: u32,
    pub sha256: Sha256,
    /// Language → title.
    pub title: BTreeMap<String, String>,
    pub industry: String,
    pub languages: Vec<String>,
    /// Languages in which texts may be missing.
    pub partial_languages: Vec<String>,
    pub sections: usize,
    pub questions: usize,
    /// The checklist of the first leg, where this one is the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    pub published_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<String>,
}

impl From<Version> for VersionRow {
    fn from(version: Version) -> Self {
        let checklist = &version.compiled.checklist;
        Self {
            slug: checklist.checklist.clone(),
            version: checklist.version,
            sha256: version.sha256,
            title: checklist.title.0.clone(),
            industry: checklist.industry.clone(),
            languages: checklist.languages.clone(),
            partial_languages: checklist.partial_languages.clone(),
            sections: checklist.sections.len(),
            questions: checklist.questions().count(),
            follows: checklist.follows.as_ref().map(|it| it.checklist.clone()),
            published_at: instant(version.published_at_ms),
            retired_at: version.retired_at_ms.map(instant),
        }
    }
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Versions {
    pub items: Vec<VersionRow>,
}

/// Every checklist version, by checklist, the newest first.
#[utoipa::path(get, path = "/checklists", tag = "admin", responses((status = 200, body = Versions)))]
pub async fn list(State(app): State<App>, Admin(scope): Admin) -> Result<Json<Versions>> {
    let versions = service::list(&app, scope.agency).await?;
    let items = versions.into_iter().map(VersionRow::from).collect();
    Ok(Json(Versions { items }))
}

/// Something to mend in a checklist file.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileProblem {
    /// From 1; absent when it is about the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// From 1, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// Characters from there that it is about, at least 1.
    pub length: usize,
    /// A warning does not stand in the way of publishing.
    #[schema(value_type = String)]
    pub severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl From<ChecklistProblem> for FileProblem {
    fn from(problem: ChecklistProblem) -> Self {
        Self {
            line: problem.line,
            column: problem.column,
            length: problem.length,
            severity: problem.severity,
            question: problem.question,
            message: problem.message,
            suggestion: problem.suggestion,
        }
    }
}

/// What the program thinks of a checklist file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Checked {
    /// The version that it would become; absent when something is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Sha256>,
    pub problems: Vec<FileProblem>,
}

/// Say everything that is wrong with a checklist in YAML, and what is sound but hardly meant so.
#[utoipa::path(post, path = "/checklists/check", tag = "admin",
    request_body(content = String, content_type = "application/yaml"),
    responses((status = 200, body = Checked), (status = 400), (status = 413)))]
pub async fn check(
    State(_app): State<App>,
    Admin(_scope): Admin,
    request: Request,
) -> Result<Json<Checked>> {
    let checked = read(request).await?;
    Ok(Json(Checked {
        sha256: checked.checklist.map(|checklist| checklist.sha256()),
        problems: checked
            .problems
            .into_iter()
            .map(FileProblem::from)
            .collect(),
    }))
}

/// Publish a checklist in YAML. The same file again is the same version; a published version never changes.
#[utoipa::path(post, path = "/checklists", tag = "admin",
    request_body(content = String, content_type = "application/yaml"),
    responses((status = 201, body = VersionRow), (status = 400), (status = 409), (status = 413)))]
pub async fn publish(
    State(app): State<App>,
    Admin(scope): Admin,
    request: Request,
) -> Result<(StatusCode, Json<VersionRow>)> {
    let read = read(request).await?;
    let checklist = read.checklist.ok_or_else(|| Error::Malformed {
        detail: format!(
            "{} things are wrong with this checklist",
            read.problems.len()
        ),
        errors: read.problems.into_iter().map(pointed).collect(),
    })?;
    let sha256 = service::publish(&app, &scope, &checklist, Vec::new()).await?;
    let version = service::version(&app, scope.agency, sha256).await?;
    Ok((StatusCode::CREATED, Json(version.into())))
}

/// A YAML file has lines, no JSON pointers.
fn pointed(problem: ChecklistProblem) -> Pointed {
    let line = problem.line.unwrap_or(1);
    let column = problem.column.unwrap_or(1);
    Pointed {
        pointer: format!("{line}:{column}"),
        message: problem.to_string(),
        question: problem.question,
    }
}

async fn read(request: Request) -> Result<checklist::Checked> {
    let limit = Limit {
        name: "checklist_bytes_max",
        value: CHECKLIST_BYTES_MAX as u64,
        unit: "bytes",
    };
    let bytes = read_body(request, limit).await?;
    // A large file takes a while to read, which is no work for the thread that answers others.
    tokio::task::spawn_blocking(move || match source_text(&bytes) {
        Ok(source) => Checklist::check_yaml(source, &NoPictures),
        Err(problem) => checklist::Checked {
            checklist: None,
            problems: vec![problem],
        },
    })
    .await
    .map_err(|error| Error::Internal(error.to_string()))
}

/// Take a version out of use. What has been handed out keeps it; publishing the same file again takes it back into use.
#[utoipa::path(post, path = "/checklists/{sha256}/retire", tag = "admin", params(("sha256" = Sha256, Path)),
    responses((status = 200, body = VersionRow), (status = 404), (status = 409)))]
pub async fn retire(
    State(app): State<App>,
    Admin(scope): Admin,
    Path(sha256): Path<Sha256>,
) -> Result<Json<VersionRow>> {
    service::retire(&app, &scope, sha256).await?;
    let version = service::version(&app, scope.agency, sha256).await?;
    Ok(Json(version.into()))
}

/// What a shopper and what a score would notice between two versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Compared {
    /// checklist, version and sha256 of the one.
    #[schema(value_type = Object)]
    pub before: Edition,
    /// The same of the other.
    #[schema(value_type = Object)]
    pub after: Edition,
    /// Whether scores by the two can be compared, and why not.
    #[schema(value_type = Object)]
    pub scores: Comparability,
    /// Every change, with whom it concerns.
    #[schema(value_type = Vec<Object>)]
    pub changes: Vec<Change>,
    /// The changes as sentences, in the order of `changes`.
    pub sentences: Vec<String>,
}

/// What is different in another version, and whether the scores of both can be compared.
#[utoipa::path(get, path = "/checklists/{sha256}/diff/{other}", tag = "admin",
    params(("sha256" = Sha256, Path), ("other" = Sha256, Path)),
    responses((status = 200, body = Compared), (status = 404)))]
pub async fn diff(
    State(app): State<App>,
    Admin(scope): Admin,
    Path((before, after)): Path<(Sha256, Sha256)>,
) -> Result<Json<Compared>> {
    let before = service::version(&app, scope.agency, before).await?;
    let after = service::version(&app, scope.agency, after).await?;
    let Difference {
        before,
        after,
        scores,
        changes,
    } = Difference::between(&before.compiled.checklist, &after.compiled.checklist);
    Ok(Json(Compared {
        sentences: changes.iter().map(ToString::to_string).collect(),
        before,
        after,
        scores,
        changes,
    }))
}
