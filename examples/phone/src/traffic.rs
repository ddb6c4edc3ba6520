//! What went over the line, counted: on a slow line every byte sent twice is felt.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Session,
    Hello,
    Offer,
    Audit,
    Command,
    Pull,
    /// Checklists and their pictures.
    Checklist,
    Photo,
    /// What no phone asks for: the desk's requests, for tests and measurements.
    Desk,
}

/// Bodies only: headers are not counted, nor what the socket adds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    pub requests: u64,
    /// Handed to the socket, whether they arrived or not.
    pub sent: u64,
    /// Before decompression.
    pub received: u64,
}

/// Since the phone was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    pub requests: u64,
    /// The bodies of all chunks that were begun, as far as they were handed to the socket.
    pub photo_bytes_sent: u64,
    pub by_kind: BTreeMap<Kind, Bytes>,
}

/// Counts from within requests that are under way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counter(Arc<Mutex<BTreeMap<Kind, Bytes>>>);

impl Counter {
    pub fn count(&self, kind: Kind, change: impl FnOnce(&mut Bytes)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(all.entry(kind).or_default());
    }

    pub fn traffic(&self) -> Traffic {
        let by_kind = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        Traffic {
            requests: by_kind.values().map(|bytes| bytes.requests).sum(),
            photo_bytes_sent: by_kind.get(&Kind::Photo).map_or(0, |bytes| bytes.sent),
            by_kind,
        }
    }
}
