//! Objects as files: one file each, complete and on the disk before it can be seen, or not there at all.
//!
//! A file holds two lines of text and then the content, so that `head -2` shows what it is and `tail -n +3` gives the
//! content back without this program. Its place is the digest of its name: names of any length and any characters fit.
//!
//! ```text
//! temporary/<process>-<number>      being written; swept at start
//! objects/<2 hex>/<2 hex>/<64 hex>  complete
//! ```
//!
//! Not here: S3, buckets, digests of content. Everything blocks: call it where that is allowed.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::domain::ids::Sha256;

const FORMAT: &str = "plainclothes object 1\n";
/// A name of 1 KiB with every byte escaped, and metadata of 2 KiB, fit several times.
const DESCRIPTION_BYTES_MAX: u64 = 32 << 10;

/// What is kept beside the content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Description {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Of the content; the file's place is not made of it.
    pub sha256: Sha256,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// What is known of an object without reading its content.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub description: Description,
    pub content_bytes: u64,
    pub modified: SystemTime,
}

/// Whether a put may replace what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Existing {
    Replace,
    /// Then the put fails with [`ErrorKind::AlreadyExists`]; of many at once, exactly one succeeds.
    Keep,
}

pub(super) struct Folder {
    root: PathBuf,
    next_temporary: AtomicU64,
    /// The folders under `objects` that are known to be on the disk, not only in memory.
    settled: Mutex<HashSet<PathBuf>>,
}

impl Folder {
    /// Makes the folder if it is missing, removes what a crash left unfinished, and tries to write.
    pub fn open(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        let folder = Self {
            root: root.canonicalize()?,
            next_temporary: AtomicU64::new(0),
            settled: Mutex::default(),
        };
        for made in [folder.objects(), folder.temporary()] {
            fs::create_dir_all(&made)?;
        }
        for above in folder.root.ancestors().take(2) {
            sync_folder(above)?;
        }
        folder.sweep()?;
        folder.try_to_write()?;
        Ok(folder)
    }

    /// Fails if the folder cannot be written at the moment.
    pub fn try_to_write(&self) -> io::Result<()> {
        let mut temporary = self.new_temporary()?;
        temporary.file.write_all(FORMAT.as_bytes())
    }

    /// Writes `content` under the description's name. On return it survives a power cut. On an error, what was there is
    /// there still, unless only the last step failed: then the new content is there, whole, but might not survive.
    pub fn put(
        &self,
        description: &Description,
        content: &[Bytes],
        existing: Existing,
    ) -> io::Result<()> {
        let mut temporary = self.new_temporary()?;
        let mut line = serde_json::to_vec(description)?;
        line.push(b'\n');
        temporary.file.write_all(FORMAT.as_bytes())?;
        temporary.file.write_all(&line)?;
        for part in content {
            temporary.file.write_all(part)?;
        }
        temporary.file.sync_all()?;

        let place = self.place(&description.name);
        let parent = self.settle(&place)?;
        match existing {
            // a link is never made over a file that is there
            Existing::Keep => fs::hard_link(&temporary.path, &place)?,
            Existing::Replace => {
                fs::rename(&temporary.path, &place)?;
                temporary.is_renamed = true;
            }
        }
        sync_folder(&parent)
    }

    /// Fails with [`ErrorKind::NotFound`] if there is none.
    pub fn head(&self, name: &str) -> io::Result<Found> {
        self.read_description(name).map(|(found, _)| found)
    }

    /// The part of the content that `part` chooses, once the size in bytes is known.
    pub fn get<E: From<io::Error>>(
        &self,
        name: &str,
        part: impl FnOnce(u64) -> Result<Range<u64>, E>,
    ) -> Result<(Found, Range<u64>, Bytes), E> {
        let (found, mut content) = self.read_description(name)?;
        let range = part(found.content_bytes)?;
        let read = || {
            content.seek_relative(range.start as i64)?;
            let mut bytes = Vec::with_capacity((range.end - range.start) as usize);
            content
                .take(range.end - range.start)
                .read_to_end(&mut bytes)?;
            Ok::<_, io::Error>(Bytes::from(bytes))
        };
        let bytes = read()?;
        Ok((found, range, bytes))
    }

    /// It is no error if there is none.
    pub fn delete(&self, name: &str) -> io::Result<()> {
        let place = self.place(name);
        match fs::remove_file(&place) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
            Ok(()) => place.parent().map_or(Ok(()), sync_folder),
        }
    }

    /// The first `count_max` objects by name that begin with `prefix` and come after `after`. Reads every description there is.
    pub fn list(&self, prefix: &str, after: &str, count_max: usize) -> io::Result<Vec<Found>> {
        let mut first = BTreeMap::new();
        for outer in fs::read_dir(self.objects())? {
            for inner in fs::read_dir(outer?.path())? {
                for file in fs::read_dir(inner?.path())? {
                    let found = match read_description(&file?.path()) {
                        Ok((found, _)) => found,
                        // deleted since its folder was read
                        Err(error) if error.kind() == ErrorKind::NotFound => continue,
                        Err(error) => return Err(error),
                    };
                    let name = found.description.name.clone();
                    if name.starts_with(prefix) && name.as_str() > after {
                        first.insert(name, found);
                    }
                    if first.len() > count_max {
                        first.pop_last();
                    }
                }
            }
        }
        Ok(first.into_values().collect())
    }

    fn objects(&self) -> PathBuf {
        self.root.join("objects")
    }

    fn temporary(&self) -> PathBuf {
        self.root.join("temporary")
    }

    fn place(&self, name: &str) -> PathBuf {
        let hash = Sha256::of(name.as_bytes()).to_string();
        let mut place = self.objects();
        place.extend([&hash[..2], &hash[2..4], &hash]);
        place
    }

    fn read_description(&self, name: &str) -> io::Result<(Found, BufReader<File>)> {
        let (found, content) = read_description(&self.place(name))?;
        if found.description.name != name {
            return Err(damaged("it holds another object"));
        }
        Ok((found, content))
    }

    /// Sees to it that the folder of `place` is there, and on the disk: without that, a power cut could take the folder
    /// and with it files that were synced. Another writer's folder is synced again rather than waited for.
    fn settle(&self, place: &Path) -> io::Result<PathBuf> {
        let inner = place.parent().unwrap_or(&self.root);
        let is_settled = self.settled().contains(inner);
        if !is_settled {
            fs::create_dir_all(inner)?;
            for above in inner.ancestors().skip(1).take(2) {
                sync_folder(above)?;
            }
            self.settled().insert(inner.to_owned());
        }
        Ok(inner.to_owned())
    }

    fn settled(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        // a set of names is never half changed
        self.settled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn new_temporary(&self) -> io::Result<Temporary> {
        loop {
            let number = self.next_temporary.fetch_add(1, Ordering::Relaxed);
            let name = format!("{}-{number}", std::process::id());
            let path = self.temporary().join(name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    // tells the sweep of another process that somebody is at it; where there are no locks, it sweeps nothing
                    let _ = file.try_lock();
                    return Ok(Temporary {
                        path,
                        file,
                        is_renamed: false,
                    });
                }
                // of a process elsewhere that shares the folder and has the same number
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            }
        }
    }

    /// Removes unfinished files that no process is writing any more.
    fn sweep(&self) -> io::Result<()> {
        for entry in fs::read_dir(self.temporary())? {
            let path = entry?.path();
            let is_abandoned = File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
            if is_abandoned {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }
}

/// A file that is being written. Its name goes when it is dropped, unless it has become the name of an object.
struct Temporary {
    path: PathBuf,
    file: File,
    is_renamed: bool,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_renamed {
            // what cannot be removed now is swept at the next start
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The key of the object that a file holds.
///
/// # Errors
/// That it cannot be read, or holds none.
pub fn key_in(path: &Path) -> io::Result<String> {
    let name = read_description(path)?.0.description.name;
    // The bucket stands before it, and has no slash.
    let key = name.split_once('/').map(|(_, key)| key.to_owned());
    key.ok_or_else(|| damaged("its name has no bucket"))
}

fn read_description(path: &Path) -> io::Result<(Found, BufReader<File>)> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    let mut content = BufReader::new(file);
    let mut lines = Vec::new();
    let mut bounded = (&mut content).take(DESCRIPTION_BYTES_MAX);
    bounded.read_until(b'\n', &mut lines)?;
    if lines != FORMAT.as_bytes() {
        return Err(damaged("it does not begin as it should"));
    }
    bounded.read_until(b'\n', &mut lines)?;
    let description = serde_json::from_slice(&lines[FORMAT.len()..]).map_err(damaged)?;
    let found = Found {
        description,
        content_bytes: about.len() - lines.len() as u64,
        modified: about.modified()?,
    };
    Ok((found, content))
}

fn damaged(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, reason)
}

/// Entries of a folder are as volatile as content until the folder itself is synced.
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
