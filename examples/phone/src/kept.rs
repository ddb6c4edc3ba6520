//! What the phone holds, in memory and in its store at once: every change goes through here, and is kept before it counts.

use std::collections::HashMap;
use std::io;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::digest::sha256;
use crate::outbox::{FinishedAudit, OutboxItem, OutboxPhoto, PhotoStanding, Standing, Trouble};
use crate::store::{Shelf, State, Store};
use crate::wire::checklists::pictures_of;

/// A phone keeps what is complete for so long: a server that was restored from a backup asks for it again.
const KEPT_AFTER_COMPLETE: TimeDelta = TimeDelta::days(30);

/// Everything that outlives a round.
pub struct Kept {
    store: Box<dyn Store>,
    /// Change it, then call [`Kept::save_state`]. What could not be saved is asked for or sent again after a restart.
    pub state: State,
    /// Oldest first.
    outbox: Vec<OutboxItem>,
    /// By checklist. A version never changes: it is read once.
    pictures_of: HashMap<String, Vec<String>>,
}

impl Kept {
    pub fn load(mut store: Box<dyn Store>) -> io::Result<Self> {
        let (state, mut outbox) = store.load()?;
        outbox.sort_by_key(|item| (item.order, item.audit));
        let mut kept = Self {
            store,
            state,
            outbox,
            pictures_of: HashMap::new(),
        };
        kept.read_checklists();
        Ok(kept)
    }

    pub fn save_state(&mut self) -> io::Result<()> {
        self.store.save_state(&self.state)
    }

    /// Oldest first.
    pub fn outbox(&self) -> &[OutboxItem] {
        &self.outbox
    }

    pub fn item(&self, audit: Uuid) -> Option<&OutboxItem> {
        self.outbox.iter().find(|item| item.audit == audit)
    }

    pub fn text(&self, audit: Uuid) -> io::Result<Vec<u8>> {
        self.store.text(audit)
    }

    pub fn photo(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        self.store.get(Shelf::Photos, name)
    }

    /// Keeps a finished audit: photos first, the text last. Finishing the same again changes nothing.
    pub fn finish(&mut self, audit: FinishedAudit) -> anyhow::Result<()> {
        let name = sha256(&audit.text);
        if let Some(held) = self.item(audit.audit) {
            anyhow::ensure!(
                held.sha256 == name,
                "audit {} is finished: a correction has an id of its own",
                audit.audit
            );
            return Ok(());
        }
        let mut photos: Vec<OutboxPhoto> = Vec::new();
        for bytes in &audit.photos {
            let photo = OutboxPhoto::waiting(sha256(bytes), bytes.len() as u64);
            if photos.iter().all(|other| other.sha256 != photo.sha256) {
                self.store.put(Shelf::Photos, &photo.sha256, bytes)?;
                photos.push(photo);
            }
        }
        let order = self.outbox.last().map_or(0, |item| item.order) + 1;
        let item = OutboxItem {
            audit: audit.audit,
            sha256: name,
            text_bytes: audit.text.len() as u64,
            order,
            finished_at: finished_at(&audit.text),
            state: Standing::Waiting,
            photos,
            receipt: None,
            quarantine: None,
            trouble: None,
            completed_at: None,
        };
        self.store.add_audit(&item, &audit.text)?;
        self.outbox.push(item);
        Ok(())
    }

    /// Changes one item; nothing happens when there is none.
    pub fn change(&mut self, audit: Uuid, change: impl FnOnce(&mut OutboxItem)) -> io::Result<()> {
        let Some(held) = self.outbox.iter_mut().find(|item| item.audit == audit) else {
            return Ok(());
        };
        let mut item = held.clone();
        change(&mut item);
        if item != *held {
            self.store.save_item(&item)?;
            *held = item;
        }
        Ok(())
    }

    /// Changes a photo in every audit that names it: it is sent once for all.
    pub fn change_photo(
        &mut self,
        name: &str,
        change: impl Fn(&mut OutboxPhoto),
    ) -> io::Result<()> {
        let naming: Vec<Uuid> = self
            .outbox
            .iter()
            .filter(|item| item.photos.iter().any(|photo| photo.sha256 == name))
            .map(|item| item.audit)
            .collect();
        for audit in naming {
            self.change(audit, |item| {
                item.photo_mut(name).into_iter().for_each(&change)
            })?;
        }
        Ok(())
    }

    /// Begins a photo anew, once; whether this was the first time.
    pub fn restart_photo(&mut self, name: &str) -> io::Result<bool> {
        let mut photos = self.outbox.iter().flat_map(|item| &item.photos);
        let is_first = photos.any(|photo| photo.sha256 == name && photo.restarts == 0);
        self.change_photo(name, |photo| {
            photo.restarts += 1;
            photo.sent_bytes = 0;
        })?;
        Ok(is_first)
    }

    pub fn park(&mut self, audit: Uuid, trouble: Trouble) -> io::Result<()> {
        self.change(audit, |item| {
            item.state = Standing::Parked;
            item.trouble = Some(trouble);
        })
    }

    pub fn park_photo(&mut self, name: &str, trouble: &Trouble) -> io::Result<()> {
        self.change_photo(name, |photo| {
            photo.state = PhotoStanding::Parked;
            photo.trouble = Some(trouble.clone());
        })
    }

    /// The shopper asks to try again what was parked.
    pub fn unpark(&mut self, audit: Uuid) -> io::Result<()> {
        self.change(audit, |item| {
            item.trouble = None;
            if item.state == Standing::Parked {
                item.state = Standing::Waiting;
            }
            let parked = |photo: &&mut OutboxPhoto| photo.state == PhotoStanding::Parked;
            for photo in item.photos.iter_mut().filter(parked) {
                *photo = OutboxPhoto::waiting(photo.sha256.clone(), photo.size_bytes);
            }
        })
    }

    /// Lets go of what has been complete for thirty days; never of anything else. `now` is the server's time.
    pub fn forget_old(&mut self, now: DateTime<Utc>) -> io::Result<()> {
        let is_old = |item: &OutboxItem| {
            let completed_at = item
                .completed_at
                .filter(|_| item.state == Standing::Complete);
            completed_at.is_some_and(|at| now - at > KEPT_AFTER_COMPLETE)
        };
        while let Some(at) = self.outbox.iter().position(is_old) {
            self.store.remove_audit(self.outbox[at].audit)?;
            let item = self.outbox.remove(at);
            for photo in item.photos {
                let mut others = self.outbox.iter().flat_map(|item| &item.photos);
                if others.all(|other| other.sha256 != photo.sha256) {
                    self.store.remove(Shelf::Photos, &photo.sha256)?;
                }
            }
        }
        Ok(())
    }

    pub fn keep_checklist(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.store.put(Shelf::Checklists, name, bytes)
    }

    pub fn keep_picture(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.store.put(Shelf::Pictures, name, bytes)
    }

    pub fn checklist(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        self.store.get(Shelf::Checklists, name)
    }

    /// Reads which pictures the checklists name that open visits are filled in with.
    pub fn read_checklists(&mut self) {
        for name in self.state.feed.wanted_checklists() {
            if !self.pictures_of.contains_key(name)
                && let Ok(Some(bytes)) = self.store.get(Shelf::Checklists, name)
            {
                self.pictures_of
                    .insert(name.to_owned(), pictures_of(&bytes));
            }
        }
    }

    pub fn lacking_checklists(&self) -> Vec<String> {
        let wanted = self.state.feed.wanted_checklists();
        let lacking = wanted.filter(|name| !self.pictures_of.contains_key(*name));
        lacking.map(str::to_owned).collect()
    }

    pub fn lacking_pictures(&self) -> Vec<String> {
        let wanted = self.state.feed.wanted_checklists();
        wanted
            .filter_map(|name| self.pictures_of.get(name))
            .flatten()
            .filter(|name| !self.store.has(Shelf::Pictures, name))
            .cloned()
            .collect()
    }

    /// Whether a visit with this checklist can be made without a network.
    pub fn is_ready(&self, checklist: &str) -> bool {
        self.pictures_of.get(checklist).is_some_and(|names| {
            names
                .iter()
                .all(|name| self.store.has(Shelf::Pictures, name))
        })
    }
}

fn finished_at(text: &[u8]) -> Option<String> {
    let document: serde_json::Value = serde_json::from_slice(text).ok()?;
    Some(document["finished_at"].as_str()?.to_owned())
}
