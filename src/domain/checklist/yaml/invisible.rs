//! Characters in texts that nobody sees, written by their numbers (`"\\u202E"`).
//!
//! Not here: those that stand in the file as they are (`source.rs`).

use super::node::{Node, Value};
use crate::domain::checklist::problem::{Fault, Severity};
use crate::domain::checklist::source::{is_forbidden, turns_writing};

/// One fault for each text; those that only turn the writing are warnings.
pub(super) fn check(root: &Node, source: &str) -> Vec<(Severity, Fault)> {
    let mut faults = Vec::new();
    walk(root, source, &mut String::new(), &mut faults);
    faults
}

fn walk(node: &Node, source: &str, path: &mut String, faults: &mut Vec<(Severity, Fault)>) {
    let length = path.len();
    match &node.value {
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push_str(&format!("/{index}"));
                walk(item, source, path, faults);
                path.truncate(length);
            }
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                path.push('/');
                path.push_str(&key.name);
                walk(value, source, path, faults);
                path.truncate(length);
            }
        }
        Value::Text(text) => faults.extend(look(text, source.get(node.bytes.clone()), path)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn look(text: &str, written: Option<&str>, path: &str) -> Option<(Severity, Fault)> {
    let hidden = |character: &char| is_forbidden(*character) || turns_writing(*character);
    let character = text.chars().find(hidden)?;
    // What stands there as it is has been told already.
    if written.is_some_and(|written| written.contains(character)) {
        return None;
    }
    let code = u32::from(character);
    let (severity, message) = if is_forbidden(character) {
        (
            Severity::Error,
            format!("this text has the control character U+{code:04X}, which no phone can show"),
        )
    } else {
        (
            Severity::Warning,
            format!(
                "this text has an invisible character (U+{code:04X}) that turns the direction of the writing"
            ),
        )
    };
    let fault = Fault {
        path: path.to_owned(),
        message,
        suggestion: Some("leave it out".to_owned()),
    };
    Some((severity, fault))
}
