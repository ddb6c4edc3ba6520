//! What can be known of an audit document before the transaction: is it one, does its checklist exist, does it hold to
//! it, what is it worth. Reads, never writes.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::accounts::ShopperScope;
use crate::app::App;
use crate::checklists::cache::Compiled;
use crate::domain::audit::{self, AuditDocument};
use crate::domain::checklist::Checklist;
use crate::domain::ids::{AgencyId, AuditId};
use crate::domain::scoring::{self, Score};
use crate::domain::sync::QuarantineReason;
use crate::error::{Error, Limit, Pointed, Result};

/// Errors told of one document; whoever mends these finds the next.
const ERRORS_MAX: usize = 100;
const MESSAGE_CHARACTERS_MAX: usize = 300;

/// A document that can be placed if its visit allows it.
#[derive(Debug)]
pub struct Sound {
    pub document: AuditDocument,
    /// The version that was answered.
    pub compiled: Arc<Compiled>,
    pub score: Score,
    pub score_matches: bool,
}

/// What came.
#[derive(Debug)]
pub enum Examined {
    Sound(Box<Sound>),
    /// JSON, but not an audit that can be placed.
    Unsound {
        reason: QuarantineReason,
        errors: Vec<Pointed>,
    },
}

impl Examined {
    /// Whether photos belong to it, which may arrive at this very moment (`completeness.rs`).
    pub fn names_photos(&self) -> bool {
        matches!(self, Self::Sound(sound) if !sound.document.photos.is_empty())
    }
}

/// Reads a document's bytes and holds them against their checklist version.
///
/// # Errors
/// [`Error::Malformed`] for bytes that are not JSON at all; what is well-formed is examined, never refused.
pub async fn examine(
    app: &App,
    shopper: ShopperScope,
    id: AuditId,
    bytes: &[u8],
) -> Result<Examined> {
    examine_if(app, shopper.agency, bytes, |document| document.audit == id).await
}

/// The same for work that a reviewer places: the id in its address is no matter any more.
///
/// # Errors
/// As [`examine`] has them.
pub async fn examine_by_hand(app: &App, agency: AgencyId, bytes: &[u8]) -> Result<Examined> {
    examine_if(app, agency, bytes, |_| true).await
}

async fn examine_if(
    app: &App,
    agency: AgencyId,
    bytes: &[u8],
    is_addressed: impl FnOnce(&AuditDocument) -> bool,
) -> Result<Examined> {
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| {
        Error::malformed(format!(
            "the audit is not JSON (line {}, column {}): {error}",
            error.line(),
            error.column()
        ))
    })?;
    let document = match serde_json::from_slice::<AuditDocument>(bytes) {
        Ok(document) if is_addressed(&document) => document,
        Ok(_) => return Ok(malformed("/audit", "differs from the id in the address")),
        Err(error) => return Ok(malformed("", error.to_string())),
    };
    let Some(compiled) =
        crate::checklists::service::compiled(app, agency, document.checklist).await?
    else {
        let error = pointed("/checklist", "no such version is published");
        let reason = QuarantineReason::UnknownChecklist;
        return Ok(Examined::Unsound {
            reason,
            errors: vec![error],
        });
    };
    let most = app.config.limits.photos_per_audit_max;
    if document.photos.len() as u64 > most {
        return Err(Error::TooLarge(Limit {
            name: "photos_per_audit_max",
            value: most,
            unit: "photos",
        }));
    }
    let mut errors: Vec<Pointed> = compiled
        .validator
        .iter_errors(&value)
        .take(ERRORS_MAX)
        .map(|error| {
            pointed(
                &error.instance_path().to_string(),
                shortened(error.to_string()),
            )
        })
        .collect();
    if errors.is_empty() {
        let problems = audit::check(&compiled.checklist, &document);
        errors.extend(
            problems
                .into_iter()
                .map(|problem| pointed(&problem.pointer, problem.message)),
        );
    }
    for error in &mut errors {
        error.question = words_at(&compiled.checklist, &error.pointer, &document.language);
    }
    if !errors.is_empty() {
        return Ok(Examined::Unsound {
            reason: QuarantineReason::SchemaRefused,
            errors,
        });
    }
    let score = scoring::score(&compiled.checklist, &document.answers);
    let phone = &document.score;
    let score_matches = phone.total_micros == score.total_micros
        && phone.service_micros == score.service_micros
        && phone.experience_micros == score.experience_micros
        && phone.recovery_micros == score.recovery_micros.flatten();
    Ok(Examined::Sound(Box::new(Sound {
        compiled,
        document,
        score,
        score_matches,
    })))
}

fn malformed(pointer: &str, message: impl Into<String>) -> Examined {
    let reason = QuarantineReason::MalformedDocument;
    Examined::Unsound {
        reason,
        errors: vec![pointed(pointer, message)],
    }
}

fn pointed(pointer: &str, message: impl Into<String>) -> Pointed {
    Pointed {
        pointer: pointer.to_owned(),
        message: message.into(),
        question: None,
    }
}

/// A schema's message may quote what it refuses, at any length.
fn shortened(message: String) -> String {
    match message.char_indices().nth(MESSAGE_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message,
    }
}

/// The words of the question that a pointer such as `/answers/smile/value` lies in.
fn words_at(checklist: &Checklist, pointer: &str, language: &str) -> Option<String> {
    let id = pointer.strip_prefix("/answers/")?.split('/').next()?;
    let question = checklist.question(id)?;
    let words = question.text.in_language(language, &checklist.languages);
    Some(words.to_owned())
}

/// The day of the visit where it took place.
///
/// # Errors
/// [`Error::Internal`] for a time zone that is not known.
pub fn local_day(finished_at_ms: i64, time_zone: &str) -> Result<NaiveDate> {
    let zone: chrono_tz::Tz = time_zone
        .parse()
        .map_err(|_| Error::Internal(format!("unknown time zone {time_zone}")))?;
    let instant = chrono::DateTime::from_timestamp_millis(finished_at_ms).unwrap_or_default();
    Ok(instant.with_timezone(&zone).date_naive())
}
