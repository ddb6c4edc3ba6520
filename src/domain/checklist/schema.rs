//! What a checklist version compiles to for its audits: a JSON Schema (2020-12) of the audit document.
//!
//! It refuses what has the wrong shape, type or bounds, and answers to questions that do not exist; it refers to nothing
//! outside itself. Members it does not know are welcome everywhere but among the answers, so that newer phones are not
//! refused. Not here: what depends on other answers (`audit/check.rs`).

use serde_json::{Map, Value, json};

use super::Checklist;
use super::model::{NaPolicy, Question, QuestionType as Type};
use crate::domain::answer::{DISTANCE_M_MAX, INTEGER_MAX};
use crate::domain::audit::AUDIT_PHOTOS_MAX;

/// The schema of an audit document for this version.
pub fn audit_schema(checklist: &Checklist) -> Value {
    let answers: Map<String, Value> = checklist
        .questions()
        .filter(|question| question.kind != Type::Heading)
        .map(|question| (question.id.clone(), answer(question)))
        .collect();
    let micros = json!({"type": ["integer", "null"], "minimum": 0, "maximum": 1_000_000});
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Audit of {} version {}", checklist.checklist, checklist.version),
        "type": "object",
        "required": [
            "format", "audit", "visit", "checklist", "started_at", "finished_at", "elapsed_ms", "language", "answers", "photos",
            "score", "app_version",
        ],
        "properties": {
            "format": {"const": 1},
            "audit": {"$ref": "#/$defs/uuid"},
            "visit": {"$ref": "#/$defs/uuid"},
            "checklist": {"const": checklist.sha256().to_string()},
            "supersedes": {"$ref": "#/$defs/uuid"},
            "started_at": {"$ref": "#/$defs/time"},
            "finished_at": {"$ref": "#/$defs/time"},
            "elapsed_ms": {"type": "integer", "minimum": 0, "maximum": INTEGER_MAX},
            "server_time_difference_ms": {"type": "integer", "minimum": -INTEGER_MAX, "maximum": INTEGER_MAX},
            "language": {"type": "string", "minLength": 2, "maxLength": 35},
            "answers": {"type": "object", "additionalProperties": false, "properties": answers},
            "photos": {
                "type": "array",
                "maxItems": AUDIT_PHOTOS_MAX,
                "items": {
                    "type": "object",
                    "required": ["sha256", "size_bytes", "type"],
                    "properties": {
                        "sha256": {"$ref": "#/$defs/sha256"},
                        "size_bytes": {"type": "integer", "minimum": 1, "maximum": INTEGER_MAX},
                        "type": {"type": "string", "pattern": "^image/[a-z0-9.+-]+$"},
                        "taken_at": {"$ref": "#/$defs/time"},
                    },
                },
            },
            "score": {
                "type": "object",
                "required": ["total_micros", "service_micros", "experience_micros", "engine"],
                "properties": {
                    "total_micros": micros.clone(),
                    "service_micros": micros.clone(),
                    "experience_micros": micros.clone(),
                    "engine": {"type": "integer", "minimum": 1},
                },
            },
            "app_version": {"type": "string", "minLength": 1, "maxLength": 100},
        },
        "$defs": {
            "uuid": {
                "type": "string",
                "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
            },
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "time": {
                "type": "string",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$",
            },
        },
    });
    if checklist.has_recovery() {
        schema["properties"]["score"]["properties"]["recovery_micros"] = micros;
    }
    schema
}

fn answer(question: &Question) -> Value {
    let photos_max = question.photo.as_ref().map_or(0, |photo| photo.max);
    let mut schema = json!({
        "type": "object",
        "properties": {
            "value": value(question),
            "not_applicable": if question.not_applicable == NaPolicy::NotAllowed { json!(false) } else { json!({"const": true}) },
            "comment": {"type": "string"},
            "photos": {
                "type": "array",
                "maxItems": photos_max,
                "uniqueItems": true,
                "items": {"$ref": "#/$defs/sha256"},
            },
            "recorded_at": {"$ref": "#/$defs/time"},
        },
        "not": {"required": ["value", "not_applicable"]},
    });
    if question.kind == Type::LocationCheck {
        schema["properties"]["accuracy_m"] =
            json!({"type": "integer", "minimum": 0, "maximum": DISTANCE_M_MAX});
    }
    schema
}

fn value(question: &Question) -> Value {
    let integer = |least: i64, most: i64| {
        let (minimum, maximum) = (
            question.minimum.unwrap_or(least),
            question.maximum.unwrap_or(most),
        );
        json!({"type": "integer", "minimum": minimum, "maximum": maximum})
    };
    let option_ids = || {
        question
            .options
            .iter()
            .flatten()
            .map(|option| option.id.as_str())
            .collect::<Vec<_>>()
    };
    match question.kind {
        Type::YesNo => json!({"type": "boolean"}),
        Type::Choice => json!({"enum": option_ids()}),
        Type::MultiChoice => {
            let mut schema =
                json!({"type": "array", "uniqueItems": true, "items": {"enum": option_ids()}});
            let alone: Vec<&str> = question
                .options
                .iter()
                .flatten()
                .filter(|option| option.exclusive)
                .map(|option| option.id.as_str())
                .collect();
            if !alone.is_empty() {
                schema["if"] = json!({"contains": {"enum": alone}});
                schema["then"] = json!({"maxItems": 1});
            }
            schema
        }
        Type::Scale => {
            json!({"type": "integer", "minimum": 1, "maximum": question.steps.as_ref().map_or(0, Vec::len)})
        }
        Type::Emotion => json!({"type": "integer", "minimum": 1, "maximum": 5}),
        Type::Recommend => json!({"type": "integer", "minimum": 0, "maximum": 10}),
        Type::Number => integer(-INTEGER_MAX, INTEGER_MAX),
        Type::Count | Type::Money | Type::Duration => integer(0, INTEGER_MAX),
        Type::LocationCheck => integer(0, DISTANCE_M_MAX),
        Type::Text => match question.characters_max {
            Some(most) => json!({"type": "string", "maxLength": most}),
            None => json!({"type": "string"}),
        },
        Type::Date => json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
        Type::Time => json!({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"}),
        Type::Photo | Type::Heading => json!(false),
    }
}
