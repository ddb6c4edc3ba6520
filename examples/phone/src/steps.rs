//! The steps of a round: a request, and what is kept of its answer.
//!
//! Not here: their order (`plan.rs`), and what becomes of one that fails (`round.rs`).

use std::collections::HashSet;

use bytes::Bytes;
use uuid::Uuid;

use crate::feed::Feed;
use crate::outbox::{OutboxItem, PhotoStanding, Standing, Trouble};
use crate::phone::Phone;
use crate::plan::is_offered;
use crate::problem::Failure;
use crate::wire::offer::{Held, LackingItem, Offer, Outbox};
use crate::wire::{audits, changes, checklists, commands, hello, offer, photos, receipt};

/// Entries of the feed that are asked for at a time.
const PAGE_ENTRIES: u64 = 200;

impl Phone {
    pub(crate) async fn say_hello(&mut self) -> Result<(), Failure> {
        let hello = hello::hello(&self.line).await?;
        if hello.receipt_keys().is_empty() && self.tells_keys {
            // Else whoever stands in for the server could have its receipts believed unseen.
            return Err(Failure::NoConnection(
                "this server does not tell the keys of its receipts any more".to_owned(),
            ));
        }
        self.tells_keys = !hello.receipt_keys().is_empty();
        if let Some(epoch) = &hello.epoch {
            self.saw_epoch(epoch.clone())?;
        }
        self.pace.limit(hello.limits.chunk_bytes_max);
        self.hello = Some(hello);
        Ok(())
    }

    /// Notes the epoch of an answer. In a new one the feed is read from its beginning, and everything is offered.
    fn saw_epoch(&mut self, epoch: String) -> Result<(), Failure> {
        let state = &mut self.kept.state;
        if state.epoch.as_ref() == Some(&epoch) {
            return Ok(());
        }
        state.cursor = None;
        state.epoch = Some(epoch);
        Ok(self.kept.save_state()?)
    }

    pub(crate) async fn offer(&mut self, everything: bool) -> Result<(), Failure> {
        let (asked, others): (Vec<_>, Vec<_>) = self
            .kept
            .outbox()
            .iter()
            .partition(|item| is_offered(item, everything));
        let covers_all = others.iter().all(|item| item.state == Standing::Parked);
        let items: Vec<_> = asked.into_iter().map(offered).collect();
        let open = self
            .kept
            .outbox()
            .iter()
            .filter(|item| item.is_open())
            .count();
        let mut epochs = HashSet::new();
        let mut spoiled = None;
        // With nothing to ask about, the server is told how much is left: nothing.
        let mut left = items.as_slice();
        loop {
            let (batch, rest) = left.split_at(left.len().min(self.limits().offer_items_max));
            let offer = Offer {
                items: batch.to_vec(),
                outbox: figures(self.kept.outbox()),
            };
            let lacking = offer::offer(&self.line, &offer).await?;
            epochs.insert(lacking.epoch.clone());
            for item in lacking.items {
                spoiled = self.learn(item).err().or(spoiled);
            }
            self.saw_epoch(lacking.epoch)?;
            left = rest;
            if left.is_empty() {
                break;
            }
        }
        if let Some(failure) = spoiled {
            return Err(failure);
        }
        if epochs.len() > 1 {
            return Err(Failure::Spoiled("two epochs at once".to_owned()));
        }
        let state = &mut self.kept.state;
        state.offered_audits = open;
        if covers_all {
            state.offered_epoch = epochs.into_iter().next();
        }
        Ok(self.kept.save_state()?)
    }

    /// Takes over what the server says of one audit. Only a receipt makes it believe that the server has it.
    fn learn(&mut self, lacking: LackingItem) -> Result<(), Failure> {
        let audit = lacking.audit;
        let Some(item) = self.kept.item(audit) else {
            return Ok(());
        };
        if item.state == Standing::Parked {
            return Ok(());
        }
        let text = lacking
            .receipt
            .as_deref()
            .map(|receipt| receipt.get().to_owned());
        match &text {
            Some(text) => {
                receipt::read(text, audit, &item.sha256, self.receipt_keys())?;
                if item.receipt.as_ref() != Some(text) {
                    self.observer.acknowledged(audit, &item.sha256, text, 200);
                }
            }
            None if lacking.state != Held::Unknown => {
                return Err(Failure::Spoiled("an audit without a receipt".to_owned()));
            }
            None => {}
        }
        let now = self.server_time();
        let mut arrived = Vec::new();
        self.kept.change(audit, |item| {
            item.stands(lacking.state, now);
            item.receipt = text.or(item.receipt.take());
            arrived = item.lacks(&lacking.photos_needed, &lacking.partial);
        })?;
        arrived
            .iter()
            .for_each(|name| self.observer.photo_acknowledged(name));
        Ok(())
    }

    /// Hands in the answers. Any 2xx with a receipt means that the server has them.
    pub(crate) async fn hand_in(&mut self, audit: Uuid) -> Result<(), Failure> {
        let Some(item) = self.kept.item(audit) else {
            return Ok(());
        };
        let name = item.sha256.clone();
        let text = Bytes::from(self.kept.text(audit)?);
        self.observer.sent(audit, &name);
        let said = audits::put(&self.line, audit, text, &name, self.receipt_keys()).await?;
        self.observer
            .acknowledged(audit, &name, &said.receipt_text, said.status);
        let now = self.server_time();
        let held = match said.receipt.state.as_str() {
            "complete" => Held::Complete,
            "quarantined" => Held::Quarantined,
            _ => Held::Stored,
        };
        let mut arrived = Vec::new();
        self.kept.change(audit, |item| {
            item.stands(held, now);
            item.receipt = Some(said.receipt_text);
            item.quarantine = said.quarantine;
            // A quarantined audit expects no photos: which of them the server lacks, the next offer says.
            if held != Held::Quarantined {
                arrived = item.lacks(&said.receipt.photos_missing, &Default::default());
            }
        })?;
        arrived
            .iter()
            .for_each(|name| self.observer.photo_acknowledged(name));
        self.saw_epoch(said.receipt.epoch)
    }

    pub(crate) async fn run_commands(&mut self) -> Result<(), Failure> {
        let most = self.limits().commands_max;
        let wanted = &self.kept.state.commands;
        let batch = &wanted[..wanted.len().min(most)];
        let done = commands::run(&self.line, batch).await?;
        let answered: HashSet<Uuid> = done.iter().map(|done| done.id).collect();
        if answered.is_empty() {
            return Err(Failure::Spoiled("no intent was answered".to_owned()));
        }
        let commands = &mut self.kept.state.commands;
        commands.retain(|command| !answered.contains(&command.id));
        self.refused
            .extend(done.into_iter().filter(|done| done.outcome != "done"));
        Ok(self.kept.save_state()?)
    }

    /// Reads the feed to its end; whether anything had changed. When the result does not agree with the server's check,
    /// everything is read anew, once.
    pub(crate) async fn pull(&mut self) -> Result<bool, Failure> {
        let before = self.kept.state.cursor.clone();
        let mut changed = false;
        for _ in 0..2 {
            let check = self.pull_to_the_end(&mut changed).await?;
            if self.kept.state.feed.agrees_with(&check) {
                self.kept.read_checklists();
                if changed || self.kept.state.cursor != before {
                    self.kept.save_state()?;
                }
                return Ok(changed);
            }
            self.kept.state.cursor = None;
        }
        self.kept.save_state()?;
        Err(Failure::Spoiled("the feed does not add up".to_owned()))
    }

    async fn pull_to_the_end(&mut self, changed: &mut bool) -> Result<changes::Check, Failure> {
        let limit = PAGE_ENTRIES.min(self.limits().feed_page_max);
        let mut cursor = self.kept.state.cursor.clone();
        // A snapshot is built beside what is held, and takes its place when it is whole.
        let mut snapshot = cursor.is_none().then(Feed::default);
        loop {
            let page = changes::page(&self.line, cursor.as_deref(), limit).await?;
            self.saw_epoch(page.epoch)?;
            if page.reset {
                snapshot = Some(Feed::default());
            }
            *changed |= page.reset || !page.changes.is_empty();
            let feed = snapshot.as_mut().unwrap_or(&mut self.kept.state.feed);
            page.changes
                .into_iter()
                .for_each(|change| feed.apply(change));
            cursor = Some(page.cursor);
            if snapshot.is_none() {
                self.kept.state.cursor.clone_from(&cursor);
            }
            if !page.more {
                if let Some(feed) = snapshot {
                    *changed |= feed != self.kept.state.feed;
                    self.kept.state.feed = feed;
                    self.kept.state.cursor = cursor;
                }
                return Ok(page.check);
            }
        }
    }

    pub(crate) async fn fetch_checklist(&mut self, name: &str) -> Result<(), Failure> {
        let bytes = checklists::checklist(&self.line, name).await?;
        self.kept.keep_checklist(name, &bytes)?;
        self.kept.read_checklists();
        Ok(())
    }

    pub(crate) async fn fetch_picture(&mut self, name: &str) -> Result<(), Failure> {
        let bytes = checklists::picture(&self.line, name).await?;
        Ok(self.kept.keep_picture(name, &bytes)?)
    }

    /// Sends a photo from where it stands; whether anything of it arrived stands in `moved` even when this fails.
    pub(crate) async fn send_photo(
        &mut self,
        audit: Uuid,
        name: &str,
        moved: &mut bool,
    ) -> Result<(), Failure> {
        let Some(bytes) = self.kept.photo(name)? else {
            let trouble = Trouble {
                code: "photo_gone".to_owned(),
                detail: "This phone does not have the photo any more.".to_owned(),
            };
            return Ok(self.kept.park_photo(name, &trouble)?);
        };
        let item = self.kept.item(audit);
        let begun = item.and_then(|item| item.photos.iter().find(|photo| photo.sha256 == name));
        let begun_bytes = begun.map_or(0, |photo| photo.sent_bytes);
        let photo = photos::Photo {
            sha256: name.to_owned(),
            media_type: media_type(&bytes).to_owned(),
            bytes: bytes.into(),
        };
        let (kept, pace) = (&mut self.kept, &mut self.pace);
        photos::send(&self.line, pace, &photo, begun_bytes, |offset| {
            *moved = true;
            Ok(kept.change_photo(name, |photo| photo.sent_bytes = offset)?)
        })
        .await?;
        self.observer.photo_acknowledged(name);
        Ok(self
            .kept
            .change_photo(name, crate::outbox::OutboxPhoto::is_sent)?)
    }
}

fn offered(item: &OutboxItem) -> offer::Item {
    offer::Item {
        audit: item.audit,
        sha256: item.sha256.clone(),
        photos: item
            .photos
            .iter()
            .map(|photo| photo.sha256.clone())
            .collect(),
    }
}

fn figures(outbox: &[OutboxItem]) -> Outbox {
    let mut open = outbox.iter().filter(|item| item.is_open()).peekable();
    let mut figures = Outbox {
        oldest: open.peek().and_then(|item| item.finished_at.clone()),
        ..Outbox::default()
    };
    for item in open {
        figures.audits += 1;
        for photo in &item.photos {
            if photo.state == PhotoStanding::Sent {
                continue;
            }
            figures.photos += 1;
            figures.photo_bytes += photo.size_bytes - photo.sent_bytes;
        }
    }
    figures
}

/// What the first bytes say; the server looks for itself.
pub(crate) fn media_type(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\x89PNG") {
        "image/png"
    } else if bytes.starts_with(b"RIFF") {
        "image/webp"
    } else {
        "image/jpeg"
    }
}
