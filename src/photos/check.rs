//! Holds the bucket against the database: is everything there that should be, whole, and nothing else?
//!
//! Both are read in the order of the keys, a page at a time, so neither has to fit in memory. The program may be running
//! meanwhile: what does not fit is looked at once more before it is told. No object is ever removed here.

use std::cmp::Ordering;
use std::time::Duration;

use futures::StreamExt as _;

use super::expected::{Expected, Wanted, is_due};
use super::jobs::{PublishPhoto, RemakeRenditions};
use super::repo;
use crate::app::App;
use crate::db::entities::photo;
use crate::domain::ids::{AgencyId, Sha256};
use crate::error::{Error, Result};
use crate::jobs::Job;
use crate::objects::{Listed, ObjectError, ObjectKey, ObjectKind};

/// Objects that are read at the same time.
const READS: usize = 4;
/// An upload in parts that is younger may still be going on.
const UNFINISHED_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// How thoroughly to look, and whether to mend.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// Read about so many objects, spread over all, and compare their digests; every one when absent.
    pub sample: Option<u64>,
    /// Make again what can be made again.
    pub mend: bool,
}

/// Something that is not as it should be.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    pub name: String,
    pub what: What,
    pub mended: Mended,
}

#[derive(Debug, PartialEq, Eq)]
pub enum What {
    /// The database has it and the bucket does not.
    Missing,
    /// Nobody here knows it.
    Foreign,
    /// It is there with another size or another digest; which, in words.
    Damaged(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mended {
    /// It was not asked for, or there is nothing here to mend it with.
    No,
    /// It is there again.
    Done,
    /// A job will make it.
    Ordered,
}

/// What was looked at, and what came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    pub objects: u64,
    pub bytes: u64,
    /// Of these, the ones that were read from end to end.
    pub read: u64,
    /// Photos that are still in the database and not in the bucket yet.
    pub waiting: u64,
    pub missing: u64,
    pub foreign: u64,
    pub damaged: u64,
    pub mended: u64,
    /// Uploads in parts that were never finished: nothing is missing for them, but they take room.
    pub unfinished: u64,
}

impl Checked {
    /// How much was wrong, mended or not.
    pub fn wrong(&self) -> u64 {
        self.missing + self.foreign + self.damaged
    }
}

/// Looks at every object and every photo, and tells what is wrong to `tell`.
///
/// # Errors
/// As the database and the objects have them: then nothing is said of what was not looked at.
pub async fn check(app: &App, how: How, tell: impl FnMut(Finding)) -> Result<Checked> {
    let read_every = match how.sample {
        None => Some(1),
        Some(0) => None,
        Some(sample) => {
            let due = repo::objects_due(app.db.reader()).await?;
            Some(due.div_ceil(sample).max(1))
        }
    };
    let mut check = Check {
        app,
        how,
        tell,
        read_every,
        checked: Checked::default(),
    };
    check.compare().await?;
    check.unfinished().await?;
    if check.checked.mended > 0 {
        app.jobs.wake();
    }
    Ok(check.checked)
}

struct Check<'a, T> {
    app: &'a App,
    how: How,
    tell: T,
    /// Each so manieth object is read; none when absent.
    read_every: Option<u64>,
    checked: Checked,
}

impl<T: FnMut(Finding)> Check<'_, T> {
    /// The two lists side by side, as the teeth of a zip.
    async fn compare(&mut self) -> Result<()> {
        let mut expected = Expected::new(self.app).await?;
        let mut after = String::new();
        loop {
            let page = self.app.objects.list(&after).await?;
            let mut to_read = Vec::new();
            for listed in &page {
                self.checked.objects += 1;
                self.checked.bytes += listed.content_bytes;
                loop {
                    let next = expected.peek(self.app).await?;
                    let order = next.map_or(Ordering::Greater, |wanted| {
                        wanted.key.as_str().cmp(&listed.name)
                    });
                    match order {
                        Ordering::Greater => {
                            to_read.extend(self.unexpected(listed).await?);
                            break;
                        }
                        Ordering::Equal => {
                            if let Some(wanted) = expected.take() {
                                to_read.extend(self.measured(listed, wanted).await?);
                            }
                            break;
                        }
                        Ordering::Less => self.absent(expected.take()).await?,
                    }
                }
            }
            self.read(to_read).await?;
            match page.last() {
                Some(last) => after.clone_from(&last.name),
                None => break,
            }
        }
        while expected.peek(self.app).await?.is_some() {
            self.absent(expected.take()).await?;
        }
        Ok(())
    }

    /// In the bucket, and not among what a row tells of, or not when it was read.
    async fn unexpected(&mut self, listed: &Listed) -> Result<Option<Wanted>> {
        if let Some((key, agency, sha256, kind)) = ObjectKey::parse(&listed.name)
            && let Some(photo) = repo::photo(self.app.db.reader(), agency, sha256).await?
            && may_be_there(&photo, kind)
        {
            return self.measured(listed, Wanted { key, kind, photo }).await;
        }
        // They can be asked for anew: whether all of them are there is not looked at.
        if crate::bundles::service::knows_object(self.app, &listed.name).await? {
            return Ok(None);
        }
        self.checked.foreign += 1;
        (self.tell)(Finding {
            name: listed.name.clone(),
            what: What::Foreign,
            mended: Mended::No,
        });
        Ok(None)
    }

    /// In both. Gives it back if it is one of those to be read.
    async fn measured(&mut self, listed: &Listed, wanted: Wanted) -> Result<Option<Wanted>> {
        let size_bytes = wanted.photo.size_bytes as u64;
        let wrong_size = match wanted.kind {
            ObjectKind::Evidence => listed.content_bytes != size_bytes,
            ObjectKind::Rendition(_) | ObjectKind::Published(..) => listed.content_bytes == 0,
        };
        if wrong_size {
            let found = format!("{} bytes", listed.content_bytes);
            let what = match wanted.kind {
                ObjectKind::Evidence => format!("{found} instead of {size_bytes}"),
                ObjectKind::Rendition(_) | ObjectKind::Published(..) => found,
            };
            self.wrong(&wanted, What::Damaged(what)).await?;
            return Ok(None);
        }
        let is_read = self
            .read_every
            .is_some_and(|every| self.checked.objects.is_multiple_of(every));
        Ok(is_read.then_some(wanted))
    }

    async fn read(&mut self, to_read: Vec<Wanted>) -> Result<()> {
        let objects = &self.app.objects;
        let mut reads = futures::stream::iter(to_read)
            .map(async |wanted| (objects.check(&wanted.key).await, wanted))
            .buffered(READS);
        while let Some((outcome, wanted)) = reads.next().await {
            self.checked.read += 1;
            match outcome {
                Ok(_) => {}
                Err(ObjectError::NotFound) => self.absent(Some(wanted)).await?,
                Err(error @ (ObjectError::Corrupt { .. } | ObjectError::TooLarge { .. })) => {
                    let what = match error {
                        ObjectError::Corrupt { found, .. } => format!("its digest is {found}"),
                        other => other.to_string(),
                    };
                    self.wrong(&wanted, What::Damaged(what)).await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Told of by a row, and not in the bucket.
    async fn absent(&mut self, wanted: Option<Wanted>) -> Result<()> {
        let Some(mut wanted) = wanted else {
            return Ok(());
        };
        let (agency, sha256) = (wanted.photo.agency_id, wanted.photo.sha256);
        if !is_due(&wanted.photo, wanted.kind) {
            if wanted.kind != ObjectKind::Evidence {
                return Ok(());
            }
            if chunks_of(self.app, &wanted.photo).await?.is_some() {
                self.checked.waiting += 1;
                return Ok(());
            }
        }
        // it may have come, or gone with its photo, while we looked
        let Some(photo) = repo::photo(self.app.db.reader(), agency, sha256).await? else {
            return Ok(());
        };
        wanted.photo = photo;
        if self.app.objects.head(&wanted.key).await?.is_none() {
            self.wrong(&wanted, What::Missing).await?;
        }
        Ok(())
    }

    async fn wrong(&mut self, wanted: &Wanted, what: What) -> Result<()> {
        match what {
            What::Missing => self.checked.missing += 1,
            What::Foreign => self.checked.foreign += 1,
            What::Damaged(_) => self.checked.damaged += 1,
        }
        let mended = match self.how.mend {
            true => mend(self.app, wanted).await?,
            false => Mended::No,
        };
        self.checked.mended += u64::from(mended != Mended::No);
        (self.tell)(Finding {
            name: wanted.key.to_string(),
            what,
            mended,
        });
        Ok(())
    }

    async fn unfinished(&mut self) -> Result<()> {
        let objects = &self.app.objects;
        let now_ms = self.app.clock.now_ms();
        for upload in objects.unfinished(now_ms, UNFINISHED_AGE).await? {
            self.checked.unfinished += 1;
            if self.how.mend {
                objects.give_up(&upload.key, &upload.upload).await?;
            }
        }
        Ok(())
    }
}

/// An object is written before its row says so; what is published of older redactions is removed by a job.
fn may_be_there(photo: &photo::Model, kind: ObjectKind) -> bool {
    match kind {
        ObjectKind::Evidence | ObjectKind::Rendition(_) => true,
        ObjectKind::Published(version, _) => version == photo.redaction_version,
    }
}

async fn mend(app: &App, wanted: &Wanted) -> Result<Mended> {
    let photo = &wanted.photo;
    match wanted.kind {
        ObjectKind::Evidence => {
            let Some(bytes) = chunks_of(app, photo).await? else {
                return Ok(Mended::No);
            };
            app.objects
                .put(&wanted.key, bytes.into(), &photo.media_type)
                .await?;
            Ok(Mended::Done)
        }
        ObjectKind::Rendition(_) | ObjectKind::Published(..) => {
            let evidence = ObjectKey::evidence(photo.agency_id, photo.sha256);
            if app.objects.head(&evidence).await?.is_none() {
                return Ok(Mended::No);
            }
            match wanted.kind {
                ObjectKind::Published(version, _) => {
                    let job = PublishPhoto {
                        agency: photo.agency_id,
                        sha256: photo.sha256,
                        version,
                    };
                    order(app, photo.agency_id, job).await?;
                }
                _ => {
                    let job = RemakeRenditions {
                        agency: photo.agency_id,
                        sha256: photo.sha256,
                    };
                    order(app, photo.agency_id, job).await?;
                }
            }
            Ok(Mended::Ordered)
        }
    }
}

async fn order(app: &App, agency: AgencyId, job: impl Job + Send + Sync + 'static) -> Result<()> {
    let inner = app.clone();
    app.db
        .write(move |txn| {
            Box::pin(async move {
                crate::jobs::enqueue(txn, &*inner.clock, agency, &job).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// The photo's bytes, if an upload of it still has them.
async fn chunks_of(app: &App, photo: &photo::Model) -> Result<Option<Vec<u8>>> {
    let db = app.db.reader();
    for upload in repo::finished_uploads(db, photo.agency_id, photo.sha256).await? {
        let bytes = repo::chunks(db, upload.id).await?;
        if bytes.len() as i64 == photo.size_bytes && Sha256::of(&bytes) == photo.sha256 {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}
