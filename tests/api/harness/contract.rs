//! Holds every answer of every story against the OpenAPI document: the operation has to be there, its status has to be
//! documented, and what comes has to have the documented type and shape, without a member that the document does not name.
//!
//! Not here: whether the document that is committed is the program's own (`tests/openapi.rs`).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use axum::http::Method;
use jsonschema::Validator;
use serde_json::{Value, json};

use super::Answer;

static CONTRACT: LazyLock<Contract> = LazyLock::new(Contract::read);

struct Contract {
    document: Value,
    /// The components once more, closed: see [`close`].
    closed: Value,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

/// Panics unless the document knows this answer. `path` begins with a slash and goes on after `/api/v1`.
pub fn hold(method: &Method, path: &str, answer: &Answer) {
    if let Err(why) = CONTRACT.examine(method, path, answer) {
        let body = String::from_utf8_lossy(&answer.bytes);
        let body: String = body.chars().take(2000).collect();
        panic!(
            "{method} {path} answered {}, which docs/openapi.json does not know: {why}\n{body}",
            answer.status
        );
    }
}

impl Contract {
    fn read() -> Self {
        let document = serde_json::to_value(plainclothes::http::router::openapi()).unwrap();
        let mut closed = json!({"components": document["components"].clone()});
        let components = document["components"]["schemas"].clone();
        for schema in closed["components"]["schemas"]
            .as_object_mut()
            .unwrap()
            .values_mut()
        {
            close_inside(schema, &components);
        }
        Self {
            document,
            closed,
            compiled: Mutex::default(),
        }
    }

    fn examine(&self, method: &Method, path: &str, answer: &Answer) -> Result<(), String> {
        let path = path.split('?').next().unwrap_or_default();
        let status = answer.status.as_u16();
        let Some(template) = self.template(path) else {
            return (status == 404)
                .then_some(())
                .ok_or("no such address".to_owned());
        };
        let operations = &self.document["paths"][template];
        let word = method.as_str().to_lowercase();
        // A HEAD is answered wherever a GET is.
        let word = if word == "head" && operations.get("head").is_none() {
            "get"
        } else {
            &word
        };
        let Some(operation) = operations.get(word) else {
            return (status == 405)
                .then_some(())
                .ok_or("no such method".to_owned());
        };
        let response = &operation["responses"][status.to_string()];
        let response = match response["$ref"].as_str() {
            Some(name) => self.document.pointer(&name[1..]).unwrap(),
            None => response,
        };
        if response.is_null() {
            return Err("the status is not documented".to_owned());
        }
        self.content(method, response, answer)
    }

    fn content(&self, method: &Method, response: &Value, answer: &Answer) -> Result<(), String> {
        if answer.bytes.is_empty() {
            let may_be = *method == Method::HEAD || response.get("content").is_none();
            return may_be
                .then_some(())
                .ok_or("the documented body is missing".to_owned());
        }
        let kind = answer.header("content-type");
        let kind = kind.split(';').next().unwrap_or_default();
        let group = kind.split('/').next().unwrap_or_default();
        let content = &response["content"];
        let documented = content.get(kind).or(content.get(format!("{group}/*")));
        let Some(documented) = documented else {
            return Err(format!("the type {kind} is not documented"));
        };
        if !kind.ends_with("json") || !answer.header("content-encoding").is_empty() {
            return Ok(());
        }
        let body: Value =
            serde_json::from_slice(&answer.bytes).map_err(|error| error.to_string())?;
        let schema = &documented["schema"];
        let found: Vec<String> = self
            .validator(schema)
            .iter_errors(&body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        found
            .is_empty()
            .then_some(())
            .ok_or_else(|| found.join("; "))
    }

    /// The template that a path fits; one that fits word by word is nearer than one with parameters.
    fn template(&self, path: &str) -> Option<&str> {
        let full = format!("/api/v1{path}");
        let parts: Vec<&str> = full.split('/').collect();
        let parameters = |template: &&str| template.matches('{').count();
        let templates = self.document["paths"].as_object().unwrap().keys();
        templates
            .map(String::as_str)
            .filter(|template| {
                let wanted: Vec<&str> = template.split('/').collect();
                wanted.len() == parts.len()
                    && wanted
                        .iter()
                        .zip(&parts)
                        .all(|(wanted, part)| wanted == part || wanted.starts_with('{'))
            })
            .min_by_key(parameters)
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let key = schema.to_string();
        let mut compiled = self.compiled.lock().unwrap();
        if let Some(validator) = compiled.get(&key) {
            return validator.clone();
        }
        let components = &self.document["components"]["schemas"];
        let mut whole = self.closed.clone();
        let mut schema = schema.clone();
        close(&mut schema, components);
        whole["allOf"] = json!([schema]);
        let validator = Arc::new(jsonschema::draft202012::new(&whole).unwrap());
        compiled.insert(key, validator.clone());
        validator
    }
}

/// Forbids members that the schema does not name. `unevaluatedProperties` looks through `$ref` and `allOf`, so it stands
/// where a schema is used and never inside an `allOf`; an object without named members is free.
fn close(schema: &mut Value, components: &Value) {
    close_inside(schema, components);
    let is_named = names_members(schema, components);
    if let Some(schema) = schema.as_object_mut()
        && is_named
    {
        schema.insert("unevaluatedProperties".to_owned(), json!(false));
    }
}

fn close_inside(schema: &mut Value, components: &Value) {
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    for (word, inside) in schema {
        match word.as_str() {
            "properties" => inside
                .as_object_mut()
                .unwrap()
                .values_mut()
                .for_each(|member| close(member, components)),
            "items" | "additionalProperties" => close(inside, components),
            "oneOf" | "anyOf" => inside
                .as_array_mut()
                .unwrap()
                .iter_mut()
                .for_each(|choice| close(choice, components)),
            "allOf" => inside
                .as_array_mut()
                .unwrap()
                .iter_mut()
                .for_each(|part| close_inside(part, components)),
            _ => {}
        }
    }
}

fn names_members(schema: &Value, components: &Value) -> bool {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return names_members(&components[name], components);
    }
    let all = schema["allOf"].as_array();
    schema.get("properties").is_some()
        || all.is_some_and(|all| all.iter().any(|part| names_members(part, components)))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, StatusCode};

    use super::*;

    fn answer(status: u16, kind: &str, body: &Value) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", kind.parse().unwrap());
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers,
            bytes: body.to_string().into_bytes(),
        }
    }

    #[test]
    fn what_the_document_does_not_know_is_found() {
        let hold = |method: Method, path: &str, answer: &Answer| {
            CONTRACT.examine(&method, path, answer).unwrap_err()
        };
        let kind = "application/json";
        let people = |item: Value| json!({"items": [item]});
        let good = json!({"id": "1", "display_name": "A", "email": "a@b.c", "grants": []});
        let fine = answer(200, kind, &people(good.clone()));
        CONTRACT.examine(&Method::GET, "/people", &fine).unwrap();

        let mut extra = good.clone();
        extra["password"] = json!("secret");
        let why = hold(Method::GET, "/people", &answer(200, kind, &people(extra)));
        assert!(why.contains("password"), "{why}");
        let mut less = good.clone();
        less.as_object_mut().unwrap().remove("email");
        let why = hold(Method::GET, "/people", &answer(200, kind, &people(less)));
        assert!(why.contains("email"), "{why}");
        let why = hold(Method::GET, "/people", &answer(418, kind, &json!({})));
        assert!(why.contains("status"), "{why}");
        let why = hold(
            Method::GET,
            "/people",
            &answer(200, "text/html", &json!({})),
        );
        assert!(why.contains("text/html"), "{why}");
        let why = hold(Method::GET, "/nowhere", &answer(200, kind, &json!({})));
        assert!(why.contains("address"), "{why}");
        let why = hold(Method::POST, "/people", &answer(200, kind, &json!({})));
        assert!(why.contains("method"), "{why}");
        let why = hold(Method::GET, "/people", &answer(404, kind, &json!({})));
        assert!(why.contains(kind), "{why}");
    }
}
