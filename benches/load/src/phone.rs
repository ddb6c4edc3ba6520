//! One phone: sends the next thing as soon as the last is answered, and notes everything in the ledger.

use std::collections::BTreeMap;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::api::{Api, Failure, accepted};
use crate::document::{Audit, Occasion, Template};
use crate::ledger::Note;
use crate::photo::{self, Photo};
use crate::stage::{self, Stage};

/// As the web client cuts photos.
const CHUNK_BYTES: usize = 256 * 1024;
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
}

/// What one phone has done in one run.
#[derive(Debug, Default)]
pub struct Work {
    /// Of everything done before the run's end.
    pub latencies: Vec<Duration>,
    pub failures: BTreeMap<Failure, u64>,
}

/// A shopper's phone.
#[derive(Debug)]
pub struct Phone {
    index: usize,
    api: Api,
    notes: Sender<Note>,
    template: Template,
    sample_sha256: String,
    padded: Option<Vec<u8>>,
    cursor: String,
}

impl Phone {
    /// Signs in, gets a visit, hands in the sample photo and pulls until nothing is new.
    ///
    /// # Errors
    /// What the server says.
    pub async fn set_up(
        stage: &Stage,
        index: usize,
        password: &str,
        notes: Sender<Note>,
    ) -> anyhow::Result<Self> {
        let (api, _) = Api::sign_in(&stage.url, &stage::email(index), password).await?;
        let visit = stage.new_visit(index).await?;
        let template = Template::new(Occasion {
            visit: &visit,
            checklist: &stage.checklist,
            at: &stage.at,
            photo_bytes: stage.padded.as_ref().unwrap_or(&stage.sample).len(),
        })?;
        let mut phone = Self {
            index,
            api,
            notes,
            template,
            sample_sha256: stage.sample_sha256.clone(),
            padded: stage.padded.clone(),
            cursor: String::new(),
        };
        let sample = Photo {
            bytes: stage.sample.clone(),
            sha256: stage.sample_sha256.clone(),
        };
        phone.send_photo(&sample).await?;
        while phone.pull().await? {}
        Ok(phone)
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
                Task::Pull => self.pull_nothing().await,
            };
            match done {
                Ok(taken) if began + taken <= until => work.latencies.push(taken),
                Ok(_) => {}
                Err(failure) => {
                    *work.failures.entry(failure).or_default() += 1;
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

    async fn hand_in_with_photo(&self) -> Result<Duration, Failure> {
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

    async fn pull_nothing(&mut self) -> Result<Duration, Failure> {
        let began = Instant::now();
        if self.pull().await? {
            return Err(Failure("there was something new".to_owned()));
        }
        Ok(began.elapsed())
    }

    async fn send_audit(&self, audit: Audit) -> Result<(), Failure> {
        let Audit { id, bytes, sha256 } = audit;
        let digest = STANDARD.encode(hex::decode(&sha256).unwrap_or_default());
        let audit = id.to_string();
        self.note(Note::Sent {
            phone: self.index,
            audit: audit.clone(),
            sha256: sha256.clone(),
        });
        let answer = self
            .api
            .request(Method::PUT, &format!("/audits/{audit}"))
            .header("content-type", "application/json")
            .header("content-digest", format!("sha-256=:{digest}:"))
            .body(bytes)
            .send()
            .await?;
        let answer = accepted(answer).await?;
        let status = answer.status();
        let receipt: Value = answer.json().await?;
        if status != StatusCode::CREATED {
            let reason = receipt["reason"].as_str().unwrap_or("for no reason");
            return Err(Failure(format!("{} {reason}", status.as_u16())));
        }
        let number = receipt["number"].as_i64();
        self.note(Note::Acked {
            phone: self.index,
            audit,
            sha256,
            number: number.ok_or_else(|| Failure("a receipt without number".to_owned()))?,
        });
        Ok(())
    }

    /// tus: begins, then sends chunk after chunk from where the server stands.
    async fn send_photo(&self, photo: &Photo) -> Result<(), Failure> {
        let metadata = format!(
            "sha256 {},filetype {}",
            STANDARD.encode(&photo.sha256),
            STANDARD.encode("image/jpeg")
        );
        let answer = self
            .api
            .request(Method::POST, "/photos")
            .header("tus-resumable", "1.0.0")
            .header("upload-length", photo.bytes.len())
            .header("upload-metadata", metadata)
            .send()
            .await?;
        let answer = accepted(answer).await?;
        let mut at = offset(&answer)?;
        while at < photo.bytes.len() {
            let end = photo.bytes.len().min(at + CHUNK_BYTES);
            let answer = self
                .api
                .request(Method::PATCH, &format!("/photos/{}", photo.sha256))
                .header("tus-resumable", "1.0.0")
                .header("upload-offset", at)
                .header("content-type", "application/offset+octet-stream")
                .body(photo.bytes[at..end].to_vec())
                .send()
                .await?;
            at = offset(&accepted(answer).await?)?;
        }
        Ok(())
    }

    /// One page; whether there was anything in it.
    async fn pull(&mut self) -> Result<bool, Failure> {
        let path = if self.cursor.is_empty() {
            "/sync/changes".to_owned()
        } else {
            format!("/sync/changes?cursor={}", self.cursor)
        };
        let page = self.api.get(&path).await?;
        match page["cursor"].as_str() {
            Some(cursor) => cursor.clone_into(&mut self.cursor),
            None => return Err(Failure("changes without a cursor".to_owned())),
        }
        Ok(page["changes"].as_array().is_none_or(|all| !all.is_empty()))
    }

    fn note(&self, note: Note) {
        // The ledger's end is told when it is closed.
        let _ = self.notes.send(note);
    }
}

fn offset(answer: &reqwest::Response) -> Result<usize, Failure> {
    answer
        .headers()
        .get("upload-offset")
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .ok_or_else(|| Failure("tus without an offset".to_owned()))
}
