//! Walking the tree of a file: a place, what is expected there, and the list of what was found instead.
//!
//! Not here: which keys there are and what they mean (`document.rs`, `question.rs`, `condition.rs`).

use std::collections::{BTreeMap, BTreeSet};

use super::node::{Node, Position, Value};
use super::units;
use crate::domain::checklist::Pictures;
use crate::domain::checklist::model::QuestionType;
use crate::domain::checklist::problem::{PROBLEMS_MAX, did_you_mean, nearest};

/// A node and the pointer that leads to it.
#[derive(Clone, Debug)]
pub(super) struct Place<'n> {
    pub node: &'n Node,
    pub path: String,
}

impl<'n> Place<'n> {
    /// The entry of a map that was opened with [`Reader::map`].
    pub fn get(&self, key: &str) -> Option<Self> {
        self.node.get(key).map(|node| Self {
            node,
            path: format!("{}/{key}", self.path),
        })
    }
}

/// A problem with its place, before it is told.
#[derive(Debug)]
pub(super) struct Found {
    pub at: Position,
    pub path: String,
    pub question: Option<String>,
    pub message: String,
    pub suggestion: Option<String>,
}

pub(super) struct Reader<'p> {
    /// Where the files of reference pictures are looked up.
    pub pictures: &'p dyn Pictures,
    pub found: Vec<Found>,
    /// Pointers of keys that are there under a misspelt name, so that they are not told to be missing as well.
    pub meant: Vec<String>,
    /// The question that is being read.
    pub question: Option<String>,
    /// Type and minor digits of every question in the file, since a condition's value is in its question's unit.
    pub kinds: BTreeMap<String, (QuestionType, u32)>,
}

impl<'p> Reader<'p> {
    pub fn new(pictures: &'p dyn Pictures) -> Self {
        Self {
            pictures,
            found: Vec::new(),
            meant: Vec::new(),
            question: None,
            kinds: BTreeMap::new(),
        }
    }

    pub fn problem(&mut self, place: &Place<'_>, message: impl Into<String>) {
        self.problem_with(place, message, None);
    }

    pub fn problem_with(
        &mut self,
        place: &Place<'_>,
        message: impl Into<String>,
        suggestion: Option<String>,
    ) {
        self.tell(
            place.node.at,
            place.path.clone(),
            message.into(),
            suggestion,
        );
    }

    fn tell(&mut self, at: Position, path: String, message: String, suggestion: Option<String>) {
        if self.found.len() < PROBLEMS_MAX {
            let question = self.question.clone();
            self.found.push(Found {
                at,
                path,
                question,
                message,
                suggestion,
            });
        }
    }

    /// Opens a map: tells unknown and repeated keys. None when it is no map.
    pub fn map<'a, 'n>(&mut self, place: &'a Place<'n>, keys: &[&str]) -> Option<&'a Place<'n>> {
        let Value::Map(entries) = &place.node.value else {
            let example: Vec<String> = keys.iter().take(2).map(|key| format!("{key}: …")).collect();
            self.problem_with(
                place,
                format!("a map is wanted here, not {}", place.node.kind()),
                Some(format!("such as {{{}}}", example.join(", "))),
            );
            return None;
        };
        let mut seen = BTreeSet::new();
        for (key, _) in entries {
            if self.found.len() >= PROBLEMS_MAX {
                break;
            }
            let name = &key.name;
            let path = format!("{}/{name}", place.path);
            if !keys.contains(&name.as_str()) {
                let meant = nearest(name, keys.iter().copied());
                let suggestion = match meant {
                    Some(meant) => {
                        self.meant.push(format!("{}/{meant}", place.path));
                        Some(format!("did you mean `{meant}`?"))
                    }
                    // `{points: 2,5}` is two entries.
                    None if name.bytes().all(|byte| byte.is_ascii_digit()) => {
                        Some("decimals are written with a point, such as 2.5".to_owned())
                    }
                    None => None,
                };
                self.tell(key.at, path, format!("unknown key `{name}`"), suggestion);
            } else if !seen.insert(name) {
                let suggestion = Some("delete one of them".to_owned());
                self.tell(
                    key.at,
                    path,
                    format!("key `{name}` is there twice"),
                    suggestion,
                );
            }
        }
        Some(place)
    }

    /// The entry of an opened map, which has to be there.
    pub fn required<'n>(&mut self, map: &Place<'n>, key: &str) -> Option<Place<'n>> {
        let entry = map.get(key);
        let path = format!("{}/{key}", map.path);
        if entry.is_none() && !self.meant.contains(&path) {
            let missing = Place {
                node: map.node,
                path,
            };
            self.problem(&missing, format!("`{key}` is missing"));
        }
        entry
    }

    pub fn list<'n>(&mut self, place: &Place<'n>) -> Vec<Place<'n>> {
        let Value::List(items) = &place.node.value else {
            self.problem_with(
                place,
                format!("a list is wanted here, not {}", place.node.kind()),
                Some("begin each item with a hyphen and a space".to_owned()),
            );
            return Vec::new();
        };
        let item = |(index, node)| Place {
            node,
            path: format!("{}/{index}", place.path),
        };
        items.iter().enumerate().map(item).collect()
    }

    pub fn words(&mut self, place: &Place<'_>) -> Option<String> {
        match &place.node.value {
            Value::Text(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => {
                let message = format!("text is wanted here, not {}", place.node.kind());
                self.problem_with(place, message, Some("put it in quotes".to_owned()));
                None
            }
            _ => {
                self.problem(
                    place,
                    format!("text is wanted here, not {}", place.node.kind()),
                );
                None
            }
        }
    }

    pub fn boolean(&mut self, place: &Place<'_>) -> Option<bool> {
        if let Value::Bool(value) = place.node.value {
            return Some(value);
        }
        let suggestion = match &place.node.value {
            Value::Text(text) if matches!(text.to_lowercase().as_str(), "yes" | "y" | "on") => {
                Some("write true".to_owned())
            }
            Value::Text(text) if matches!(text.to_lowercase().as_str(), "no" | "n" | "off") => {
                Some("write false".to_owned())
            }
            _ => None,
        };
        self.problem_with(
            place,
            format!("true or false is wanted here, not {}", place.node.kind()),
            suggestion,
        );
        None
    }

    /// A decimal number times ten to the power of `digits`; in quotes or not.
    pub fn decimal(&mut self, place: &Place<'_>, digits: u32) -> Option<i64> {
        let (Value::Number(text) | Value::Text(text)) = &place.node.value else {
            self.problem(
                place,
                format!("a number is wanted here, not {}", place.node.kind()),
            );
            return None;
        };
        units::scaled(text, digits)
            .map_err(|what| {
                let suggestion = (what == units::NO_NUMBER).then(|| units::as_digits(text));
                self.problem_with(place, format!("`{text}` {what}"), suggestion);
            })
            .ok()
    }

    /// A whole number from `minimum` to `maximum`.
    pub fn whole(&mut self, place: &Place<'_>, minimum: u32, maximum: u32) -> Option<u32> {
        let number = self.decimal(place, 0)?;
        let fitting = u32::try_from(number)
            .ok()
            .filter(|number| (minimum..=maximum).contains(number));
        if fitting.is_none() {
            self.problem(
                place,
                format!("{number} is not between {minimum} and {maximum}"),
            );
        }
        fitting
    }

    pub fn duration_ms(&mut self, place: &Place<'_>) -> Option<i64> {
        let problem = match &place.node.value {
            Value::Text(text) => match units::duration_ms(text) {
                Ok(duration_ms) => return Some(duration_ms),
                Err(what) => format!("`{text}` {what}"),
            },
            Value::Number(text) => format!("{text} has no unit"),
            _ => format!("a duration is wanted here, not {}", place.node.kind()),
        };
        self.problem_with(
            place,
            problem,
            Some("write it as 30s, 2m, 1m30s or 500ms".to_owned()),
        );
        None
    }

    /// A distance in whole metres.
    pub fn distance_m(&mut self, place: &Place<'_>) -> Option<i64> {
        let problem = match &place.node.value {
            Value::Text(text) => match units::distance_m(text) {
                Ok(distance_m) => return Some(distance_m),
                Err(what) => format!("`{text}` {what}"),
            },
            Value::Number(text) => format!("{text} has no unit"),
            _ => format!("a distance is wanted here, not {}", place.node.kind()),
        };
        self.problem_with(
            place,
            problem,
            Some("write it as 50m, 200m or 1.5km".to_owned()),
        );
        None
    }

    /// One of a few words.
    pub fn word<T: Copy>(
        &mut self,
        place: &Place<'_>,
        words: &[(&str, T)],
        what: &str,
    ) -> Option<T> {
        let word = self.words(place)?;
        let known = words.iter().find(|(name, _)| *name == word);
        if known.is_none() {
            let names = || words.iter().map(|(name, _)| *name);
            let suggestion = did_you_mean(&word, names())
                .unwrap_or_else(|| format!("one of {}", names().collect::<Vec<_>>().join(", ")));
            self.problem_with(place, format!("unknown {what} `{word}`"), Some(suggestion));
        }
        known.map(|(_, value)| *value)
    }
}
