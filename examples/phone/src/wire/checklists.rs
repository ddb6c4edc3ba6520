//! What never changes and is kept for ever: checklist versions and their pictures, fetched by their SHA-256.

use bytes::Bytes;
use reqwest::Method;
use serde_json::Value;

use crate::digest::sha256;
use crate::line::{Ask, Line};
use crate::problem::Failure;
use crate::traffic::Kind;

/// # Errors
/// [`Failure::Spoiled`] when the bytes are not those of the name.
pub async fn checklist(line: &Line, name: &str) -> Result<Bytes, Failure> {
    fetch(line, Kind::Checklist, &format!("/checklists/{name}"), name).await
}

/// # Errors
/// [`Failure::Spoiled`] when the bytes are not those of the name.
pub async fn picture(line: &Line, name: &str) -> Result<Bytes, Failure> {
    let path = format!("/checklists/pictures/{name}");
    fetch(line, Kind::Checklist, &path, name).await
}

pub(super) async fn fetch(
    line: &Line,
    kind: Kind,
    path: &str,
    name: &str,
) -> Result<Bytes, Failure> {
    let answer = line.send(Ask::new(kind, Method::GET, path)).await?;
    if sha256(&answer.body) != name {
        return Err(Failure::Spoiled(format!("{path} has another digest")));
    }
    Ok(answer.body)
}

/// The pictures that a checklist's questions name, so that they can be fetched before the visit.
pub fn pictures_of(checklist: &[u8]) -> Vec<String> {
    let checklist: Value = serde_json::from_slice(checklist).unwrap_or_default();
    let each = |value: &Value, member: &str| value[member].as_array().cloned().unwrap_or_default();
    each(&checklist, "sections")
        .iter()
        .flat_map(|section| each(section, "questions"))
        .flat_map(|question| each(&question, "pictures"))
        .filter_map(|picture| Some(picture["sha256"].as_str()?.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_pictures_of_questions() {
        let checklist = br#"{"sections":[{"questions":[{"id":"a"},{"pictures":[{"sha256":"x"},{"sha256":"y"}]}]}]}"#;
        assert_eq!(pictures_of(checklist), ["x", "y"]);
        assert!(pictures_of(b"no JSON").is_empty());
    }
}
