//! One phone: sends the next thing as soon as the last is answered, and notes everything in the ledger.
//!
//! Not here: what a real phone does around it, which is keeping things on its disk and asking before sending: the reference
//! client (`plainclothes-phone`) does, and `crowd.rs` runs whole rounds of it.

use std::collections::BTreeMap;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use plainclothes_phone::wire::photos::Photo;
use plainclothes_phone::wire::{audits, changes, photos};
use plainclothes_phone::{Failure, Pace};

use crate::api::Api;
use crate::document::{Audit, Occasion, Template};
use crate::ledger::Note;
use crate::photo;
use crate::stage::{self, Stage};

/// As the web client cuts photos; a phone on a good line takes larger chunks.
const CHUNK_BYTES: u64 = 256 * 1024;
/// As much of a feed as a server gives at once.
const PAGE_ENTRIES: u64 = 500;
/// After a failure, so that a server that is away is not asked as fast as the loop can turn.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(50);

/// What phones do in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Audits that name a photo which is already there.
    Audits,
    /// Audits with a photo each; one is done when the photo's last byte is acknowledged.
    AuditsWithPhoto,
    /// Asking for changes when there are none.
    Pull,
    /// Asking for the same changes again and again: so many each time.
    Changes { count: usize },
}

/// What one phone has done in one run.
#[derive(Debug, Default)]
pub struct Work {
    /// Of everything done before the run's end.
    pub latencies: Vec<Duration>,
    pub failures: BTreeMap<String, u64>,
}

/// A shopper's phone.
#[derive(Debug)]
pub struct Phone {
    index: usize,
    api: Api,
    notes: Sender<Note>,
    template: Template,
    pace: Pace,
    sample_sha256: String,
    padded: Option<Vec<u8>>,
    cursor: Option<String>,
}

impl Phone {
    /// Signs in, gets a visit, hands in the sample photo and pulls until nothing is new. `account` counts from 0; several
    /// phones may have the same.
    ///
    /// # Errors
    /// What the server says.
    pub async fn set_up(
        stage: &Stage,
        index: usize,
        account: usize,
        password: &str,
        notes: Sender<Note>,
    ) -> anyhow::Result<Self> {
        let api = Api::sign_in(&stage.url, &stage::email(account), password).await?;
        let visit = stage.new_visit(account).await?;
        let template = Template::new(Occasion {
            visit: &visit,
            checklist: &stage.checklist,
            at: &stage.at,
            photo_bytes: stage
                .padded
                .as_ref()
                .map_or(stage.sample.bytes.len(), Vec::len),
        })?;
        let mut phone = Self {
            index,
            api,
            notes,
            template,
            pace: Pace::new(CHUNK_BYTES),
            sample_sha256: stage.sample.sha256.clone(),
            padded: stage.padded.clone(),
            cursor: None,
        };
        phone.send_photo(&stage.sample).await?;
        phone.catch_up().await?;
        Ok(phone)
    }

    /// Pulls until nothing is new.
    ///
    /// # Errors
    /// What the server says.
    pub async fn catch_up(&mut self) -> Result<(), Failure> {
        loop {
            let page = self.pull().await?;
            let count = page.changes.len();
            self.cursor = Some(page.cursor);
            if count == 0 {
                return Ok(());
            }
        }
    }

    /// Stops taking notes.
    pub fn into_api(self) -> Api {
        self.api
    }

    /// Works until the time is over; what is under way then is finished and not counted.
    pub async fn work(&mut self, task: Task, until: Instant) -> Work {
        let mut work = Work::default();
        loop {
            let began = Instant::now();
            if began >= until {
                return work;
            }
            let done = match task {
                Task::Audits => self.hand_in().await,
                Task::AuditsWithPhoto => self.hand_in_with_photo().await,
                Task::Pull => self.pull_changes(0).await,
                Task::Changes { count } => self.pull_changes(count).await,
            };
            match done {
                Ok(taken) if began + taken <= until => work.latencies.push(taken),
                Ok(_) => {}
                Err(failure) => {
                    *work.failures.entry(failure.kind()).or_default() += 1;
                    tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
                }
            }
        }
    }

    async fn hand_in(&self) -> Result<Duration, Failure> {
        let audit = self.template.audit(&self.sample_sha256);
        let began = Instant::now();
        self.send_audit(audit).await?;
        Ok(began.elapsed())
    }

    async fn hand_in_with_photo(&mut self) -> Result<Duration, Failure> {
        let photo = photo::unique(self.padded.as_deref().unwrap_or_default());
        let audit = self.template.audit(&photo.sha256);
        let id = audit.id.to_string();
        let began = Instant::now();
        self.send_audit(audit).await?;
        self.send_photo(&photo).await?;
        let taken = began.elapsed();
        self.note(Note::Photo {
            phone: self.index,
            audit: id,
            sha256: photo.sha256,
        });
        Ok(taken)
    }

    /// Asks from the same cursor each time; several pages count as one.
    async fn pull_changes(&mut self, expected: usize) -> Result<Duration, Failure> {
        let began = Instant::now();
        let from = self.cursor.clone();
        let mut count = 0;
        let ended = loop {
            match self.pull().await {
                Err(failure) => break Err(failure),
                Ok(page) => {
                    count += page.changes.len();
                    self.cursor = Some(page.cursor);
                    if !page.more {
                        break Ok(());
                    }
                }
            }
        };
        self.cursor = from;
        ended?;
        if count != expected {
            let what = format!("{count} changes where {expected} were expected");
            return Err(Failure::Spoiled(what));
        }
        Ok(began.elapsed())
    }

    async fn send_audit(&self, audit: Audit) -> Result<(), Failure> {
        let Audit { id, bytes, sha256 } = audit;
        let audit = id.to_string();
        self.note(Note::Sent {
            phone: self.index,
            audit: audit.clone(),
            sha256: sha256.clone(),
        });
        // Checking signatures is the phones' work, of which there are many elsewhere: no key.
        let said = audits::put(&self.api.line, id, bytes.into(), &sha256, &[]).await?;
        if said.status != 201 {
            let reason = said.quarantine.map(|quarantine| quarantine.reason);
            let what = format!("{} {}", said.status, reason.unwrap_or_default());
            return Err(Failure::Spoiled(what));
        }
        self.note(Note::Acked {
            phone: self.index,
            audit,
            sha256,
            number: said.receipt.number,
        });
        Ok(())
    }

    async fn send_photo(&mut self, photo: &Photo) -> Result<(), Failure> {
        photos::send(&self.api.line, &mut self.pace, photo, 0, |_| Ok(())).await
    }

    /// One page from the cursor on, which stays where it is.
    async fn pull(&self) -> Result<changes::Page, Failure> {
        changes::page(&self.api.line, self.cursor.as_deref(), PAGE_ENTRIES).await
    }

    fn note(&self, note: Note) {
        // The ledger's end is told when it is closed.
        let _ = self.notes.send(note);
    }
}
