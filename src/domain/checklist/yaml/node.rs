//! YAML as a tree that remembers where everything stands, so that all problems of a file can be said at once.
//!
//! Anchors, aliases and merge keys are expanded here, within limits. Not here: what the keys mean (`document.rs` and on), and
//! what is said when the text is no YAML (`syntax.rs`).

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use super::syntax;
use crate::domain::checklist::problem::ChecklistProblem;
use crate::domain::checklist::source::forbidden;

/// 1-based line and column, in characters, and how many characters from there in that line are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub line: usize,
    pub column: usize,
    pub length: usize,
}

/// Bytes of the source; of a map or a list only where it begins, until [`place`] has looked.
type Bytes = std::ops::Range<usize>;

#[derive(Debug)]
pub(super) struct Node {
    pub value: Value,
    pub at: Position,
    pub bytes: Bytes,
}

#[derive(Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// Exactly as it stands in the file, so that no digit is lost: `12`, `-0.50`, `1e3`.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

#[derive(Debug)]
pub(super) struct Key {
    pub name: String,
    pub at: Position,
    bytes: Bytes,
}

/// Nesting of lists and maps; a checklist without conditions needs nine.
const DEPTH_MAX: usize = 48;
const NODES_MAX: usize = 150_000;
const ANCHORS_MAX: usize = 500;
const ALIASES_MAX: usize = 5_000;
const ALIAS_EVENTS_MAX: usize = 150_000;

/// Reads one YAML document.
///
/// # Errors
/// Where and why the text is no YAML, or is more than a checklist needs.
pub(super) fn read(source: &str) -> Result<Node, ChecklistProblem> {
    if let Some(problem) = forbidden(source) {
        return Err(problem);
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEPTH_MAX,
            flow_nesting_limit: DEPTH_MAX,
            max_documents: 1,
            max_nodes: NODES_MAX,
            max_events: 2 * NODES_MAX,
            max_anchors: ANCHORS_MAX,
            max_aliases: ALIASES_MAX,
            max_merge_keys: ALIASES_MAX,
            // One anchor may well be used a hundred times; what that comes to is limited below.
            enforce_alias_anchor_ratio: false,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: ALIAS_EVENTS_MAX },
        // Repeated keys are told by whoever reads the map, together with everything else.
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::PassThrough,
        // What a number is beyond a float's reach is told by whoever wants the number.
        non_finite_float_policy: serde_saphyr::options::NonFiniteFloatPolicy::PassThrough,
        // A text that begins with `!` would else lose its first word.
        reject_unsupported_tags: true,
        emit_comments: false,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    };
    let mut root: Node = serde_saphyr::from_str_with_options(source, options)
        .map_err(|error| syntax::explain(source, error.without_snippet()))?;
    place(&mut root, source);
    Ok(root)
}

fn position(location: Location) -> Position {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    Position {
        line: number(location.line()),
        column: number(location.column()),
        length: 1,
    }
}

fn bytes(location: Location) -> Bytes {
    let number = |n: Option<u64>| n.and_then(|n| usize::try_from(n).ok()).unwrap_or_default();
    let start = number(location.span().byte_offset());
    start..start + number(location.span().byte_len())
}

/// Measures how much of its line each node takes, and takes numbers as they are written.
fn place(node: &mut Node, source: &str) {
    let own = node.bytes.clone();
    let mut widen = |inner: &Bytes| {
        // What an alias or a merge key brought in stands elsewhere.
        if inner.start >= own.start {
            node.bytes.end = node.bytes.end.max(inner.end);
        }
    };
    match &mut node.value {
        Value::List(items) => {
            for item in items {
                place(item, source);
                widen(&item.bytes);
            }
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                key.at.length = length(source, &key.bytes);
                place(value, source);
                widen(&key.bytes);
                widen(&value.bytes);
            }
        }
        Value::Number(text) => {
            if let Some(written) = source.get(own) {
                written.clone_into(text);
            }
        }
        Value::Null | Value::Bool(_) | Value::Text(_) => {}
    }
    if matches!(node.value, Value::List(_) | Value::Map(_)) {
        close(&mut node.bytes, source);
    }
    node.at.length = length(source, &node.bytes);
}

/// Takes the bracket that ends a list or map in the same line with it.
fn close(bytes: &mut Bytes, source: &str) {
    let bracket = match source.as_bytes().get(bytes.start) {
        Some(b'{') => '}',
        Some(b'[') => ']',
        _ => return,
    };
    let after = source.get(bytes.end..).unwrap_or_default();
    let closed = after
        .char_indices()
        .find(|(_, character)| !matches!(character, ' ' | ',' | '\t'));
    if let Some((index, character)) = closed
        && character == bracket
    {
        bytes.end += index + 1;
    }
}

/// Characters up to the end of the first line, at least 1.
fn length(source: &str, bytes: &Bytes) -> usize {
    let text = source.get(bytes.clone()).unwrap_or_default();
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    line.trim_end().chars().count().max(1)
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Where an alias leads: the text to mend stands there.
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Self {
            value: spanned.value,
            at: position(spanned.defined),
            bytes: bytes(spanned.defined),
        })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    // Only for the while: the text that stood there comes from the source.
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value.to_string()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = entries.next_key::<Spanned<String>>()? {
            let value = entries.next_value()?;
            map.push((
                Key {
                    name: key.value,
                    at: position(key.defined),
                    bytes: bytes(key.defined),
                },
                value,
            ));
        }
        Ok(Value::Map(map))
    }
}

impl Node {
    /// The entry of a map.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => entries
                .iter()
                .find(|(key, _)| key.name == name)
                .map(|(_, node)| node),
            _ => None,
        }
    }

    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The position of the node that `path` (a pointer such as `/sections/0/title`) names, or of the nearest one around it.
    pub fn position_of(&self, path: &str) -> Position {
        let mut node = self;
        for step in path.split('/').skip(1) {
            let inner = step
                .parse::<usize>()
                .ok()
                .and_then(|index| node.items().get(index))
                .or_else(|| node.get(step));
            match inner {
                Some(inner) => node = inner,
                None => break,
            }
        }
        node.at
    }

    /// What it is, for a message.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}
