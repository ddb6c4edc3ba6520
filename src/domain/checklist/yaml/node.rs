//! YAML as a tree that remembers where everything stands, so that all problems of a file can be said at once.
//!
//! Anchors, aliases and merge keys are expanded here, within limits. Not here: what the keys mean (`document.rs` and on).

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Location, MessageFormatter, Spanned};

/// 1-based line and column, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub line: usize,
    pub column: usize,
}

#[derive(Debug)]
pub(super) struct Node {
    pub value: Value,
    pub at: Position,
}

#[derive(Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// As it would be written without exponent: `12`, `-0.5`.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

#[derive(Debug)]
pub(super) struct Key {
    pub name: String,
    pub at: Position,
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
pub(super) fn read(source: &str) -> Result<Node, (Option<Position>, String)> {
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
        emit_comments: false,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(source, options).map_err(|error| {
        let error = error.without_snippet();
        let message = match error {
            serde_saphyr::Error::Budget {
                breach: BudgetBreach::Documents { .. },
                ..
            } => "a checklist file holds one YAML document".to_owned(),
            serde_saphyr::Error::Budget { breach, .. } => {
                format!("the file holds more than a checklist can: {breach:?}")
            }
            error => serde_saphyr::DefaultMessageFormatter
                .format_message(error)
                .into_owned(),
        };
        (error.location().map(position), message)
    })
}

fn position(location: Location) -> Position {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    Position {
        line: number(location.line()),
        column: number(location.column()),
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Where an alias leads: the text to mend stands there.
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Self {
            value: spanned.value,
            at: position(spanned.defined),
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

    // The shortest text that reads as the same float is the text that stood there, for up to 15 digits.
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
