//! What a phone keeps, and what it asks of whatever keeps it: that a change which has returned survives a kill, and that
//! one which has not is there whole or not at all.

use std::io;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::feed::Feed;
use crate::outbox::OutboxItem;
use crate::wire::commands::Command;

mod folder;
mod memory;

pub use folder::FolderStore;
pub use memory::MemoryStore;

/// Everything that is small, but for the outbox.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// Whose phone this is, once somebody has signed in.
    pub user: Option<Uuid>,
    pub token: Option<String>,
    /// Of the server as last seen.
    pub epoch: Option<String>,
    /// The epoch in which the server was offered everything that is held here.
    pub offered_epoch: Option<String>,
    /// How many audits the server was last told are still on this phone.
    pub offered_audits: usize,
    pub cursor: Option<String>,
    pub feed: Feed,
    /// Intents that wait.
    pub commands: Vec<Command>,
}

/// Bytes that are named by their SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shelf {
    Photos,
    Checklists,
    Pictures,
}

/// A phone's memory.
pub trait Store: Send + Sync {
    /// What was kept when the phone was last open.
    fn load(&mut self) -> io::Result<(State, Vec<OutboxItem>)>;

    fn save_state(&mut self, state: &State) -> io::Result<()>;

    /// Keeps an audit's text for good. When this has returned, the audit is finished; the item's photos are there already.
    fn add_audit(&mut self, item: &OutboxItem, text: &[u8]) -> io::Result<()>;

    /// The exact bytes of an audit that was added.
    fn text(&self, audit: Uuid) -> io::Result<Vec<u8>>;

    fn save_item(&mut self, item: &OutboxItem) -> io::Result<()>;

    fn remove_audit(&mut self, audit: Uuid) -> io::Result<()>;

    fn put(&mut self, shelf: Shelf, sha256: &str, bytes: &[u8]) -> io::Result<()>;

    fn get(&self, shelf: Shelf, sha256: &str) -> io::Result<Option<Vec<u8>>>;

    fn has(&self, shelf: Shelf, sha256: &str) -> bool;

    fn remove(&mut self, shelf: Shelf, sha256: &str) -> io::Result<()>;
}
