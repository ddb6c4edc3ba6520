//! One shopper's phone: what an app calls.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::chunk::Pace;
use crate::feed::{Feed, Visit};
use crate::kept::Kept;
use crate::line::{Line, Patience};
use crate::outbox::{FinishedAudit, OutboxItem};
use crate::problem::Failure;
use crate::store::{FolderStore, Store};
use crate::traffic::Traffic;
use crate::wire::commands::{Command, CommandKind, Done};
use crate::wire::hello::{Hello, Limits};
use crate::wire::{audits, session};

/// One shopper's phone. Everything that it has acknowledged to its owner, and everything that the server has acknowledged to it, survives
/// a kill at any moment.
pub struct Phone {
    pub(crate) line: Line,
    pub(crate) kept: Kept,
    pub(crate) observer: Arc<dyn Observer>,
    /// Asked once for each line; `None` when it has to be asked.
    pub(crate) hello: Option<Hello>,
    /// This server tells the keys of its receipts: one that does not is another.
    pub(crate) tells_keys: bool,
    pub(crate) pace: Pace,
    pub(crate) refused: Vec<Done>,
}

/// Is told of every sending and of every acknowledgement, before the phone notes it: for ledgers.
pub trait Observer: Send + Sync {
    /// The audit's bytes are about to go out.
    fn sent(&self, audit: Uuid, sha256: &str);
    /// A receipt has come and was found to be the server's: 201, 200, 202, or 200 in the answer to an offer.
    fn acknowledged(&self, audit: Uuid, sha256: &str, receipt: &str, status: u16);
    /// The server has all of the photo.
    fn photo_acknowledged(&self, sha256: &str);
}

struct Nobody;

impl Observer for Nobody {
    fn sent(&self, _: Uuid, _: &str) {}
    fn acknowledged(&self, _: Uuid, _: &str, _: &str, _: u16) {}
    fn photo_acknowledged(&self, _: &str) {}
}

/// What was handed in for an audit, read back.
#[derive(Debug)]
pub struct HandedIn {
    /// The document, byte for byte.
    pub text: Vec<u8>,
    /// In the document's order.
    pub photos: Vec<Vec<u8>>,
    /// Photos that the document names and the server was never given.
    pub photos_gone: Vec<String>,
}

impl Phone {
    /// Opens a phone whose memory is a folder, which is made when it is not there. Nothing is sent.
    ///
    /// # Errors
    /// That the folder cannot be used, or that another process uses it.
    pub fn open(folder: &Path, server_url: &str) -> anyhow::Result<Self> {
        let patience = Patience::default();
        let client = reqwest::Client::builder()
            .connect_timeout(patience.answer)
            .build()?;
        let line = Line::new(client, server_url, patience);
        Self::with(Box::new(FolderStore::open(folder)?), line)
    }

    /// Opens a phone with another memory, or with a line that shares its connections.
    ///
    /// # Errors
    /// That the memory cannot be read.
    pub fn with(store: Box<dyn Store>, mut line: Line) -> anyhow::Result<Self> {
        let kept = Kept::load(store)?;
        line.set_token(kept.state.token.clone());
        Ok(Self {
            line,
            kept,
            observer: Arc::new(Nobody),
            hello: None,
            tells_keys: false,
            pace: Pace::new(Limits::default().chunk_bytes_max),
            refused: Vec::new(),
        })
    }

    /// Goes to another address from now on; who is signed in stays the same.
    pub fn set_server(&mut self, url: &str) {
        self.line.set_url(url);
        self.hello = None;
        self.tells_keys = false;
    }

    pub fn set_patience(&mut self, patience: Patience) {
        self.line.set_patience(patience);
    }

    pub fn observe(&mut self, observer: Arc<dyn Observer>) {
        self.observer = observer;
    }

    /// Begins a session, which stays until the server ends it. The outbox is untouched.
    ///
    /// # Errors
    /// As the server has them, and that the phone is another shopper's.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Result<(), Failure> {
        self.line.set_token(None);
        let session = session::sign_in(&self.line, email, password, "plainclothes-phone").await;
        self.line.set_token(self.kept.state.token.clone());
        let session = session?;
        let state = &mut self.kept.state;
        if state.user.is_some_and(|user| user != session.me.user) {
            let what = "it is another shopper's: their work must not be handed in under this name";
            return Err(Failure::Storage(what.to_owned()));
        }
        state.user = Some(session.me.user);
        state.token = Some(session.token.clone());
        self.line.set_token(Some(session.token));
        Ok(self.kept.save_state()?)
    }

    /// Uses a session that was begun elsewhere.
    ///
    /// # Errors
    /// That it cannot be kept.
    pub fn use_session(&mut self, user: Uuid, token: String) -> Result<(), Failure> {
        self.kept.state.user = Some(user);
        self.kept.state.token = Some(token.clone());
        self.line.set_token(Some(token));
        Ok(self.kept.save_state()?)
    }

    /// Whose phone it is, once somebody has signed in.
    pub fn user(&self) -> Option<Uuid> {
        self.kept.state.user
    }

    pub fn visits(&self) -> Vec<Visit> {
        self.kept
            .state
            .feed
            .visits(|checklist| self.kept.is_ready(checklist))
    }

    /// Everything that the server tells this shopper.
    pub fn feed(&self) -> &Feed {
        &self.kept.state.feed
    }

    /// The bytes of a checklist version, if it is on the phone.
    ///
    /// # Errors
    /// As the phone's memory has them.
    pub fn checklist(&self, sha256: &str) -> anyhow::Result<Option<Vec<u8>>> {
        Ok(self.kept.checklist(sha256)?)
    }

    /// Takes a finished audit into the outbox. It is durable when this returns, and its bytes never change.
    ///
    /// # Errors
    /// That the phone cannot keep it, or that other work was finished under this id.
    pub fn finish(&mut self, audit: FinishedAudit) -> anyhow::Result<Uuid> {
        let id = audit.audit;
        self.kept.finish(audit)?;
        Ok(id)
    }

    /// Everything that was finished and is still on this phone, oldest first.
    pub fn outbox(&self) -> Vec<OutboxItem> {
        self.kept.outbox().to_vec()
    }

    /// The exact bytes of a finished audit, for showing it or beginning a correction.
    ///
    /// # Errors
    /// As the phone's memory has them.
    pub fn text(&self, audit: Uuid) -> anyhow::Result<Vec<u8>> {
        Ok(self.kept.text(audit)?)
    }

    /// The bytes of a photo of a finished audit.
    ///
    /// # Errors
    /// As the phone's memory has them.
    pub fn photo(&self, sha256: &str) -> anyhow::Result<Option<Vec<u8>>> {
        Ok(self.kept.photo(sha256)?)
    }

    /// Tries again what was parked, from the next round on.
    ///
    /// # Errors
    /// As the phone's memory has them.
    pub fn unpark(&mut self, audit: Uuid) -> anyhow::Result<()> {
        Ok(self.kept.unpark(audit)?)
    }

    /// Wants something of the server; told in the next round, done once.
    ///
    /// # Errors
    /// As the phone's memory has them.
    pub fn want(&mut self, kind: CommandKind, subject: Uuid) -> anyhow::Result<Uuid> {
        let id = Uuid::new_v4();
        let command = Command { id, kind, subject };
        self.kept.state.commands.push(command);
        self.kept.save_state()?;
        Ok(id)
    }

    /// Reads back an audit of this shopper that this phone does not hold: whole, or not at all. A correction begins with it.
    ///
    /// # Errors
    /// 404 when it is not this shopper's, or in quarantine.
    pub async fn handed_in(&self, audit: Uuid) -> Result<HandedIn, Failure> {
        let text = audits::document(&self.line, audit).await?.to_vec();
        let document: serde_json::Value =
            serde_json::from_slice(&text).map_err(|e| Failure::Spoiled(e.to_string()))?;
        let mut handed_in = HandedIn {
            text,
            photos: Vec::new(),
            photos_gone: Vec::new(),
        };
        for photo in document["photos"].as_array().into_iter().flatten() {
            let name = photo["sha256"].as_str().unwrap_or_default();
            match audits::photo(&self.line, name).await {
                Ok(bytes) => handed_in.photos.push(bytes.to_vec()),
                Err(failure) if failure.status() == Some(404) => {
                    handed_in.photos_gone.push(name.to_owned());
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(handed_in)
    }

    /// Phone minus server, as last heard: for an audit's `server_time_difference_ms`.
    pub fn server_time_difference_ms(&self) -> Option<i64> {
        Some(self.line.server_clock()?.difference_ms)
    }

    pub fn traffic(&self) -> Traffic {
        self.line.traffic()
    }

    pub(crate) fn server_time(&self) -> Option<DateTime<Utc>> {
        Some(self.line.server_clock()?.server_time)
    }

    pub(crate) fn limits(&self) -> Limits {
        self.hello
            .as_ref()
            .map(|hello| hello.limits.clone())
            .unwrap_or_default()
    }

    pub(crate) fn receipt_keys(&self) -> &[String] {
        self.hello.as_ref().map_or(&[], Hello::receipt_keys)
    }
}
