//! A phone that forgets everything when it is switched off: for simulating many of them.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use uuid::Uuid;

use super::{Shelf, State, Store};
use crate::outbox::OutboxItem;

/// Keeps only what a phone does not hold itself while it is open.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    texts: HashMap<Uuid, Vec<u8>>,
    shelves: HashMap<(Shelf, String), Arc<[u8]>>,
}

impl MemoryStore {
    /// Puts bytes that many phones hold, so that all of them share one copy.
    pub fn share(&mut self, shelf: Shelf, sha256: &str, bytes: Arc<[u8]>) {
        self.shelves.insert((shelf, sha256.to_owned()), bytes);
    }
}

impl Store for MemoryStore {
    fn load(&mut self) -> io::Result<(State, Vec<OutboxItem>)> {
        Ok(Default::default())
    }

    fn save_state(&mut self, _: &State) -> io::Result<()> {
        Ok(())
    }

    fn add_audit(&mut self, item: &OutboxItem, text: &[u8]) -> io::Result<()> {
        self.texts.insert(item.audit, text.to_vec());
        Ok(())
    }

    fn text(&self, audit: Uuid) -> io::Result<Vec<u8>> {
        let text = self.texts.get(&audit).cloned();
        text.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn save_item(&mut self, _: &OutboxItem) -> io::Result<()> {
        Ok(())
    }

    fn remove_audit(&mut self, audit: Uuid) -> io::Result<()> {
        self.texts.remove(&audit);
        Ok(())
    }

    fn put(&mut self, shelf: Shelf, sha256: &str, bytes: &[u8]) -> io::Result<()> {
        self.share(shelf, sha256, bytes.into());
        Ok(())
    }

    fn get(&self, shelf: Shelf, sha256: &str) -> io::Result<Option<Vec<u8>>> {
        let bytes = self.shelves.get(&(shelf, sha256.to_owned()));
        Ok(bytes.map(|bytes| bytes.to_vec()))
    }

    fn has(&self, shelf: Shelf, sha256: &str) -> bool {
        self.shelves.contains_key(&(shelf, sha256.to_owned()))
    }

    fn remove(&mut self, shelf: Shelf, sha256: &str) -> io::Result<()> {
        self.shelves.remove(&(shelf, sha256.to_owned()));
        Ok(())
    }
}
