//! Requests and values as the document's schemas describe them: mostly as they should be, and in every way beside it.

use axum::http::Method;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::stock::Stock;
use super::text;
use crate::harness::Call;

pub struct Values<'a> {
    pub document: &'a Value,
    pub stock: &'a Stock,
}

/// Good values of members and parameters that are only called 'string' in the document.
const GOOD: [(&str, &[&str]); 22] = [
    (
        "state",
        &[
            "submitted",
            "approved",
            "open",
            "assigned",
            "waiting",
            "settled",
        ],
    ),
    ("from", &["2026-09-01", "2026-01-01"]),
    ("to", &["2026-09-30", "2026-12-31"]),
    ("from_day", &["2026-09-20", "2026-10-01"]),
    ("local_opens", &["2026-09-15T08:00"]),
    ("local_closes", &["2026-09-15T20:00"]),
    ("checklist", &["test-cafe"]),
    ("checklist_slug", &["test-cafe"]),
    ("language", &["en", "nl"]),
    ("variant", &["original", "1280", "320", "published"]),
    ("size", &["1280", "320"]),
    ("number", &["1", "2", "6", "7"]),
    ("after", &["YXQ6Mg"]),
    ("limit", &["1", "50", "500"]),
    ("question", &["greeted", "receipt"]),
    ("email", &["shopper@example.org", "nobody@example.org"]),
    ("reweighting", &["sections: {welcome: 10, room: 90}\n"]),
    ("Tus-Resumable", &["1.0.0"]),
    ("Upload-Length", &["700"]),
    ("Upload-Offset", &["0", "10", "18446744073709551615"]),
    ("Upload-Checksum", &["sha1 AAAA", "md5 x"]),
    (
        "Upload-Metadata",
        &[
            "sha256 MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMA==",
        ],
    ),
];

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => select(vec!["a", "Gut gemacht.", "x y", "2026-09-15", "0"]).prop_map(str::to_owned),
        2 => select(vec!["", " ", "\u{0}", "é\u{0}", "\u{202e}abc", "🕵", "'; DROP TABLE visit; --", "%", "../..", "{{7*7}}"])
            .prop_map(str::to_owned),
        1 => Just("l".repeat(3000)),
        1 => any::<String>(),
    ]
}

fn junk() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words().prop_map(Value::from),
        Just(json!([])),
        Just(json!({"a": [{}]})),
    ]
}

fn named(name: &str) -> BoxedStrategy<String> {
    match GOOD.iter().find(|(of, _)| *of == name) {
        Some((_, good)) => prop_oneof![
            9 => select(good.to_vec()).prop_map(str::to_owned),
            1 => words(),
        ]
        .boxed(),
        None => words().boxed(),
    }
}

impl Values<'_> {
    /// Requests to one operation.
    pub fn calls(&self, method: Method, template: &str, operation: &Value) -> BoxedStrategy<Call> {
        let parameters = operation["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let mut given = Just(Vec::new()).boxed();
        for parameter in parameters {
            let (name, place) = (text(&parameter, "name"), text(&parameter, "in"));
            let always = place == "path" || parameter["required"] == true;
            let present = if place == "path" {
                1.0
            } else if always {
                0.95
            } else {
                0.4
            };
            let value = self
                .value(&parameter["schema"], name)
                .prop_map(|value| match value {
                    Value::String(text) => text,
                    other => other.to_string(),
                });
            let one = proptest::option::weighted(f64::min(present, 1.0 - f64::EPSILON), value);
            let (name, place) = (name.to_owned(), place.to_owned());
            given = (given, one)
                .prop_map(move |(mut all, value)| {
                    let value = match (value, place.as_str()) {
                        (None, "path") => Some("none".to_owned()),
                        (value, _) => value,
                    };
                    all.extend(value.map(|value| (name.clone(), place.clone(), value)));
                    all
                })
                .boxed();
        }
        let template = template.trim_start_matches("/api/v1").to_owned();
        (given, self.body(operation))
            .prop_map(move |(given, body)| call(method.clone(), &template, &given, body))
            .boxed()
    }

    fn body(&self, operation: &Value) -> BoxedStrategy<Option<(String, Vec<u8>)>> {
        let content = operation["requestBody"]["content"].as_object();
        let Some((kind, described)) = content.and_then(|content| content.iter().next()) else {
            return Just(None).boxed();
        };
        let bytes = match kind.as_str() {
            "application/json" if described["schema"] == json!({"type": "object"}) => {
                let documents = select(self.stock.documents.clone());
                let changed = (documents, named("language"), 0..20_u8).prop_map(
                    |(mut document, word, chance)| {
                        match chance {
                            0 => document["language"] = Value::from(word),
                            1 => document["answers"]["clean"] = Value::from(word),
                            2 => document["audit"] = json!(Uuid::nil()),
                            _ => {}
                        }
                        document.to_string().into_bytes()
                    },
                );
                changed.boxed()
            }
            "application/json" => self
                .value(&described["schema"], "")
                .prop_map(|value| value.to_string().into_bytes())
                .boxed(),
            "application/yaml" => {
                let yaml = include_str!("../harness/fixture.yaml");
                (0..60_u32, words())
                    .prop_map(move |(version, word)| match version {
                        0..5 => word.into_bytes(),
                        5..9 => yaml.replace("greeted", &word).into_bytes(),
                        _ => yaml
                            .replace("version: 1", &format!("version: {version}"))
                            .into_bytes(),
                    })
                    .boxed()
            }
            _ => proptest::collection::vec(any::<u8>(), 0..800).boxed(),
        };
        let kind = kind.clone();
        prop_oneof![
            20 => bytes.prop_map(move |bytes| Some((kind.clone(), bytes))),
            1 => Just(Some(("text/plain".to_owned(), b"{".to_vec()))),
            1 => Just(None),
        ]
        .boxed()
    }

    /// A value of this schema, or now and then of another.
    fn value(&self, schema: &Value, name: &str) -> BoxedStrategy<Value> {
        let right = self.right(schema, name);
        prop_oneof![24 => right, 1 => junk()].boxed()
    }

    fn right(&self, schema: &Value, name: &str) -> BoxedStrategy<Value> {
        if let Some(reference) = schema["$ref"].as_str() {
            let kind = reference.rsplit('/').next().unwrap();
            if let Some(ids) = self.stock.ids.get(kind) {
                return self.id(ids.clone());
            }
            return self.right(self.document.pointer(&reference[1..]).unwrap(), name);
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[choice].as_array() {
                let choices: Vec<_> = choices.iter().map(|one| self.right(one, name)).collect();
                return proptest::strategy::Union::new(choices).boxed();
            }
        }
        if let Some(all) = schema["enum"].as_array() {
            return select(all.clone()).boxed();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds[0].as_str().unwrap_or_default(),
            kind => kind.as_str().unwrap_or_default(),
        };
        match kind {
            "object" => self.object(schema),
            "array" => proptest::collection::vec(self.value(&schema["items"], name), 0..4)
                .prop_map(Value::from)
                .boxed(),
            "string" if text(schema, "format") == "uuid" => {
                let all: Vec<String> = self.stock.ids.values().flatten().cloned().collect();
                self.id(all.into_iter().filter(|id| id.len() == 36).collect())
            }
            "string" => named(name).prop_map(Value::from).boxed(),
            "integer" if GOOD.iter().any(|(of, _)| *of == name) => {
                named(name).prop_map(Value::from).boxed()
            }
            "integer" => select(vec![0, 1, 2, 700, -1, i64::MAX, i64::MIN])
                .prop_map(Value::from)
                .boxed(),
            "number" => any::<f64>().prop_map(Value::from).boxed(),
            "boolean" => any::<bool>().prop_map(Value::from).boxed(),
            "null" => Just(Value::Null).boxed(),
            _ => junk().boxed(),
        }
    }

    fn id(&self, ids: Vec<String>) -> BoxedStrategy<Value> {
        prop_oneof![
            12 => select(ids),
            1 => any::<u128>().prop_map(|id| Uuid::from_u128(id).to_string()),
            1 => Just("0".repeat(64)),
            1 => words(),
        ]
        .prop_map(Value::from)
        .boxed()
    }

    fn object(&self, schema: &Value) -> BoxedStrategy<Value> {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let mut object = Just(Map::new()).boxed();
        for (name, member) in schema["properties"]
            .as_object()
            .cloned()
            .unwrap_or_default()
        {
            let present = if required.contains(&json!(name)) {
                0.97
            } else {
                0.5
            };
            let value = proptest::option::weighted(present, self.value(&member, &name));
            object = (object, value)
                .prop_map(move |(mut object, value)| {
                    object.extend(value.map(|value| (name.clone(), value)));
                    object
                })
                .boxed();
        }
        let extra = proptest::option::weighted(0.1, junk());
        (object, extra)
            .prop_map(|(mut object, extra)| {
                object.extend(extra.map(|extra| ("stranger".to_owned(), extra)));
                Value::Object(object)
            })
            .boxed()
    }
}

type Given = (String, String, String);

fn call(method: Method, template: &str, given: &[Given], body: Option<(String, Vec<u8>)>) -> Call {
    let mut path = template.to_owned();
    let (mut query, mut headers) = (Vec::new(), Vec::new());
    for (name, place, value) in given {
        match place.as_str() {
            "path" => path = path.replace(&format!("{{{name}}}"), &encoded(value)),
            "query" => query.push(format!("{name}={}", encoded(value))),
            _ => headers.push((header(name), value.chars().filter(printable).collect())),
        }
    }
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    let mut call = Call::new(method, path);
    call.headers = headers;
    if let Some((kind, bytes)) = body {
        call = call.header("content-type", kind).body(bytes);
    }
    call
}

fn printable(letter: &char) -> bool {
    letter.is_ascii_graphic() || *letter == ' '
}

/// A header of the document under a name that lives as long as the test.
fn header(name: &str) -> &'static str {
    GOOD.iter()
        .map(|(of, _)| *of)
        .find(|of| *of == name)
        .unwrap_or("content-digest")
}

fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
