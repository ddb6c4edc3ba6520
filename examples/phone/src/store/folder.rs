//! A phone's memory as a folder. A native app would rather use its database; what has to hold is the same.
//!
//! ```text
//! state.json                  who is signed in, how far the feed was read, visits, feedback, intents that wait
//! outbox/<audit>.json         the exact bytes of a finished audit: written once, never again
//! outbox/<audit>.state.json   how it stands: its photos, its receipt
//! photos/<sha256>  checklists/<sha256>  pictures/<sha256>
//! ```
//!
//! Every file is written beside its place, synced, moved into its place, and the folder is synced: a kill at any moment
//! leaves the old file or the new one. An audit is finished at the moment at which `outbox/<audit>.json` is in its place; what
//! else was written for one that is not there is swept up when the folder is opened.

use std::collections::HashSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use uuid::Uuid;

use super::{Shelf, State, Store};
use crate::outbox::OutboxItem;

const STATE: &str = "state.json";
const OUTBOX: &str = "outbox";
const ITEM_SUFFIX: &str = ".state.json";
const TEXT_SUFFIX: &str = ".json";
/// Of files that are being written.
const UNFINISHED_SUFFIX: &str = ".part";

/// Belongs to one process at a time: two would send everything twice.
#[derive(Debug)]
pub struct FolderStore {
    folder: PathBuf,
    _lock: File,
}

impl FolderStore {
    /// Makes the folder when there is none.
    ///
    /// # Errors
    /// As the disk has them; [`io::ErrorKind::WouldBlock`] when another process has the folder open.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder.join(OUTBOX))?;
        // The session's token lies in it.
        #[cfg(unix)]
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        for shelf in [Shelf::Photos, Shelf::Checklists, Shelf::Pictures] {
            fs::create_dir_all(folder.join(name(shelf)))?;
        }
        sync(folder)?;
        let lock = File::create(folder.join("lock"))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::Error(error) => error,
            TryLockError::WouldBlock => io::Error::new(
                io::ErrorKind::WouldBlock,
                "another process has this phone open",
            ),
        })?;
        Ok(Self {
            folder: folder.to_owned(),
            _lock: lock,
        })
    }

    fn text_path(&self, audit: Uuid) -> PathBuf {
        self.folder
            .join(OUTBOX)
            .join(format!("{audit}{TEXT_SUFFIX}"))
    }

    fn item_path(&self, audit: Uuid) -> PathBuf {
        self.folder
            .join(OUTBOX)
            .join(format!("{audit}{ITEM_SUFFIX}"))
    }

    fn shelf_path(&self, shelf: Shelf, sha256: &str) -> PathBuf {
        self.folder.join(name(shelf)).join(sha256)
    }

    fn items(&self) -> io::Result<Vec<OutboxItem>> {
        let mut items = Vec::new();
        for path in files(&self.folder.join(OUTBOX))? {
            if !path.to_string_lossy().ends_with(ITEM_SUFFIX) {
                continue;
            }
            let item: OutboxItem = serde_json::from_slice(&fs::read(&path)?)?;
            if self.text_path(item.audit).exists() {
                items.push(item);
            } else {
                // It was being finished, or removed, when the phone went out.
                fs::remove_file(path)?;
            }
        }
        Ok(items)
    }

    /// Removes what was being written, and photos that no audit names.
    fn sweep(&self, items: &[OutboxItem]) -> io::Result<()> {
        let named: HashSet<&str> = items
            .iter()
            .flat_map(|item| item.photos.iter().map(|photo| photo.sha256.as_str()))
            .collect();
        let photos = self.folder.join(name(Shelf::Photos));
        let shelves =
            [Shelf::Checklists, Shelf::Pictures].map(|shelf| self.folder.join(name(shelf)));
        let others = [self.folder.clone(), self.folder.join(OUTBOX)];
        for folder in others.iter().chain(&shelves).chain([&photos]) {
            for path in files(folder)? {
                let file_name = path.file_name().unwrap_or_default().to_string_lossy();
                let is_orphan = *folder == photos && !named.contains(&*file_name);
                if is_orphan || file_name.ends_with(UNFINISHED_SUFFIX) {
                    fs::remove_file(&path)?;
                }
            }
        }
        Ok(())
    }
}

impl Store for FolderStore {
    fn load(&mut self) -> io::Result<(State, Vec<OutboxItem>)> {
        let state = match fs::read(self.folder.join(STATE)) {
            Ok(text) => serde_json::from_slice(&text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => State::default(),
            Err(error) => return Err(error),
        };
        let items = self.items()?;
        self.sweep(&items)?;
        Ok((state, items))
    }

    fn save_state(&mut self, state: &State) -> io::Result<()> {
        write_json(&self.folder.join(STATE), state)
    }

    fn add_audit(&mut self, item: &OutboxItem, text: &[u8]) -> io::Result<()> {
        self.save_item(item)?;
        write(&self.text_path(item.audit), text)
    }

    fn text(&self, audit: Uuid) -> io::Result<Vec<u8>> {
        fs::read(self.text_path(audit))
    }

    fn save_item(&mut self, item: &OutboxItem) -> io::Result<()> {
        write_json(&self.item_path(item.audit), item)
    }

    fn remove_audit(&mut self, audit: Uuid) -> io::Result<()> {
        fs::remove_file(self.text_path(audit))?;
        fs::remove_file(self.item_path(audit))?;
        sync(&self.folder.join(OUTBOX))
    }

    fn put(&mut self, shelf: Shelf, sha256: &str, bytes: &[u8]) -> io::Result<()> {
        write(&self.shelf_path(shelf, sha256), bytes)
    }

    fn get(&self, shelf: Shelf, sha256: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.shelf_path(shelf, sha256)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn has(&self, shelf: Shelf, sha256: &str) -> bool {
        self.shelf_path(shelf, sha256).exists()
    }

    fn remove(&mut self, shelf: Shelf, sha256: &str) -> io::Result<()> {
        match fs::remove_file(self.shelf_path(shelf, sha256)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => sync(&self.folder.join(name(shelf))),
        }
    }
}

fn name(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Photos => "photos",
        Shelf::Checklists => "checklists",
        Shelf::Pictures => "pictures",
    }
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn write_json(path: &Path, value: &impl Serialize) -> io::Result<()> {
    write(path, &serde_json::to_vec(value)?)
}

/// The file is there with these bytes when this returns, and was as before until then.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(UNFINISHED_SUFFIX);
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), sync)
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kept::Kept;
    use crate::outbox::FinishedAudit;

    const TEXT: &[u8] =
        br#"{ "audit":"0199a000-0000-7000-8000-000000000001",  "finished_at":"t" }"#;

    fn opened(folder: &Path) -> Kept {
        Kept::load(Box::new(FolderStore::open(folder).unwrap())).unwrap()
    }

    fn audit() -> FinishedAudit {
        FinishedAudit::from_text(TEXT.to_vec(), vec![b"photo".to_vec()]).unwrap()
    }

    /// Every file below `folder`, by its path.
    fn all_files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let folders = [OUTBOX, "photos", "checklists", "pictures", "."];
        let found = folders.map(|name| files(&folder.join(name)).unwrap());
        let found = found.into_iter().flatten();
        found
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect()
    }

    #[test]
    fn what_was_finished_comes_back_byte_for_byte() {
        let folder = tempfile::tempdir().unwrap();
        let id = audit().audit;
        opened(folder.path()).finish(audit()).unwrap();
        let mut kept = opened(folder.path());
        assert_eq!(kept.text(id).unwrap(), TEXT);
        let item = kept.item(id).unwrap().clone();
        assert_eq!(
            kept.photo(&item.photos[0].sha256).unwrap().unwrap(),
            b"photo"
        );
        kept.finish(audit()).unwrap();
        assert_eq!(kept.outbox(), [item]);
        let other = FinishedAudit {
            text: b"{}".to_vec(),
            ..audit()
        };
        assert!(kept.finish(other).is_err());
    }

    /// Takes away the last file that finishing writes, then the last two, as a kill before that moment would.
    #[test]
    fn an_audit_is_finished_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let id = audit().audit;
        opened(folder.path()).finish(audit()).unwrap();
        let whole = all_files(folder.path());
        let store = FolderStore::open(folder.path()).unwrap();
        let steps = [store.text_path(id), store.item_path(id)];
        drop(store);
        for killed_before in 0..steps.len() {
            let unwritten = &steps[..=killed_before];
            unwritten
                .iter()
                .for_each(|path| fs::remove_file(path).unwrap());
            let mut unfinished = steps[killed_before].clone().into_os_string();
            unfinished.push(UNFINISHED_SUFFIX);
            fs::write(unfinished, b"{ half").unwrap();
            assert!(opened(folder.path()).outbox().is_empty());
            // Nothing of it lies about, and finishing it again makes the same files.
            assert_eq!(all_files(folder.path()).len(), 1, "but for the lock");
            opened(folder.path()).finish(audit()).unwrap();
            assert_eq!(all_files(folder.path()), whole);
        }
    }

    #[test]
    fn belongs_to_one_process() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderStore::open(folder.path()).unwrap();
        let second = FolderStore::open(folder.path()).unwrap_err();
        assert_eq!(second.kind(), io::ErrorKind::WouldBlock);
        drop(first);
        FolderStore::open(folder.path()).unwrap();
    }
}
