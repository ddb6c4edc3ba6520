//! What the phone holds of its feed: visits, feedback, and whatever kinds a newer server sends; and the comparison with
//! what it should hold.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::wire::changes::{Change, Check, Op};

const VISIT: &str = "visit";
/// States of a visit in which its checklist is, or may be, filled in.
const OPEN_STATES: [&str; 3] = ["assigned", "accepted", "returned"];

/// One live entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub kind: String,
    pub id: Uuid,
    pub rev: i64,
    pub value: Value,
}

/// All live entries, by kind and id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Entry>", into = "Vec<Entry>")]
pub struct Feed(BTreeMap<(String, Uuid), Entry>);

/// A visit as the server tells its shopper of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    pub id: Uuid,
    pub rev: i64,
    /// assigned, accepted, submitted, returned, approved or rejected.
    pub state: String,
    /// Names the version to be filled in.
    pub checklist_sha256: String,
    /// Its checklist and all pictures are on this phone: it can be made without a network.
    pub ready_offline: bool,
    /// All that the server says of it.
    pub json: Value,
}

impl Feed {
    /// A `del` removes the entry and nothing else: never anything in the outbox.
    pub fn apply(&mut self, change: Change) {
        let key = (change.kind.clone(), change.id);
        match (change.op, change.value) {
            (Op::Put, Some(value)) => {
                let entry = Entry {
                    kind: change.kind,
                    id: change.id,
                    rev: change.rev,
                    value: serde_json::from_str(value.get()).unwrap_or_default(),
                };
                self.0.insert(key, entry);
            }
            (Op::Put, None) | (Op::Del, _) => {
                self.0.remove(&key);
            }
        }
    }

    /// Whether this is what the phone should hold.
    pub fn agrees_with(&self, check: &Check) -> bool {
        self.check() == *check
    }

    /// XOR over the entries of the first eight bytes (big endian) of SHA-256(`kind:id:rev`).
    pub fn check(&self) -> Check {
        let sum = self.0.values().fold(0, |sum, entry| {
            let name = format!("{}:{}:{}", entry.kind, entry.id, entry.rev);
            let digest = Sha256::digest(name);
            let first = digest[..8].iter();
            sum ^ first.fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
        });
        Check {
            count: self.0.len() as u64,
            sum: format!("{sum:016x}"),
        }
    }

    /// Every entry of a kind.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Entry> {
        self.0.values().filter(move |entry| entry.kind == kind)
    }

    /// Every visit; `is_ready` says whether a checklist is on the phone with its pictures.
    pub(crate) fn visits(&self, is_ready: impl Fn(&str) -> bool) -> Vec<Visit> {
        let visit = |entry: &Entry| {
            let word = |pointer| entry.value.pointer(pointer)?.as_str().map(str::to_owned);
            let checklist_sha256 = word("/checklist/sha256").unwrap_or_default();
            Visit {
                id: entry.id,
                rev: entry.rev,
                state: word("/state").unwrap_or_default(),
                ready_offline: is_ready(&checklist_sha256),
                checklist_sha256,
                json: entry.value.clone(),
            }
        };
        self.of_kind(VISIT).map(visit).collect()
    }

    /// The versions that open visits are filled in with.
    pub(crate) fn wanted_checklists(&self) -> impl Iterator<Item = &str> {
        self.of_kind(VISIT).filter_map(|entry| {
            let state = entry.value["state"].as_str()?;
            let name = entry.value.pointer("/checklist/sha256")?.as_str()?;
            OPEN_STATES.contains(&state).then_some(name)
        })
    }
}

impl From<Vec<Entry>> for Feed {
    fn from(entries: Vec<Entry>) -> Self {
        let keyed = entries
            .into_iter()
            .map(|entry| ((entry.kind.clone(), entry.id), entry));
        Self(keyed.collect())
    }
}

impl From<Feed> for Vec<Entry> {
    fn from(feed: Feed) -> Self {
        feed.0.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: &str, id: u128, rev: i64, value: Option<&str>) -> Change {
        let op = if value.is_some() { "put" } else { "del" };
        let value: Value = value.map_or(Value::Null, |value| serde_json::from_str(value).unwrap());
        let id = Uuid::from_u128(id);
        let change =
            serde_json::json!({"kind": kind, "id": id, "rev": rev, "op": op, "value": value});
        serde_json::from_str(&change.to_string()).unwrap()
    }

    #[test]
    fn the_check_is_that_of_what_is_left() {
        let mut feed = Feed::default();
        assert_eq!(feed.check().sum, "0000000000000000");
        feed.apply(change("visit", 1, 1, Some("{}")));
        let one = feed.check();
        // By: printf visit:00000000-0000-0000-0000-000000000001:1 | sha256sum
        assert_eq!(one.sum, "aec3f3000df039d4");
        feed.apply(change("feedback", 2, 1, Some("{}")));
        assert_ne!(feed.check(), one);
        feed.apply(change("feedback", 2, 2, None));
        assert!(feed.agrees_with(&one));
        feed.apply(change("visit", 1, 2, Some("{}")));
        assert!(!feed.agrees_with(&one));
    }

    #[test]
    fn survives_being_written_down() {
        let mut feed = Feed::default();
        feed.apply(change("visit", 1, 1, Some(r#"{"b":1,"a":2}"#)));
        feed.apply(change("news", 1, 4, Some("[]")));
        let text = serde_json::to_string(&feed).unwrap();
        assert_eq!(serde_json::from_str::<Feed>(&text).unwrap(), feed);
    }
}
