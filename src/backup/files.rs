//! Copying files so that each is there whole and on the disk, or not at all. Everything blocks.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How much there was to copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    pub count: u64,
    pub bytes: u64,
    /// Of these, how many were not there yet.
    pub new: u64,
}

/// Copies every file under `from` that `to` does not have with the same length and time. What `to` has beyond that stays.
/// What goes away while it is copied is left out, since others may be at work in `from`; so is a new file that is not `wanted`.
pub fn tree(from: &Path, to: &Path, wanted: &impl Fn(&Path) -> bool) -> io::Result<Copied> {
    let mut copied = Copied::default();
    if !from.is_dir() {
        return Ok(copied);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            let below = tree(&entry.path(), &target, wanted)?;
            copied.count += below.count;
            copied.bytes += below.bytes;
            copied.new += below.new;
            continue;
        }
        match keep(&entry.path(), &target, wanted) {
            Ok(None) => {}
            Ok(Some((bytes, is_new))) => {
                copied.count += 1;
                copied.bytes += bytes;
                copied.new += u64::from(is_new);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    sync(to)?;
    Ok(copied)
}

/// Sees to it that `to` is what `from` is: its length in bytes, and whether it had to be copied. Nothing when it is not wanted.
fn keep(
    from: &Path,
    to: &Path,
    wanted: &impl Fn(&Path) -> bool,
) -> io::Result<Option<(u64, bool)>> {
    let is = fs::metadata(from)?;
    let is_there = fs::metadata(to)
        .is_ok_and(|has| has.len() == is.len() && has.modified().ok() == is.modified().ok());
    if !is_there {
        if !wanted(from) {
            return Ok(None);
        }
        file(from, to)?;
    }
    Ok(Some((is.len(), !is_there)))
}

/// Copies one file with its time, under another name until it is whole.
pub fn file(from: &Path, to: &Path) -> io::Result<()> {
    let part = to.with_extension("part");
    fs::copy(from, &part)?;
    let copy = File::options().write(true).open(&part)?;
    copy.set_modified(fs::metadata(from)?.modified()?)?;
    copy.sync_all()?;
    fs::rename(&part, to)?;
    sync(to.parent().unwrap_or(to))
}

/// Writes a small file whole.
pub fn write(to: &Path, content: &[u8]) -> io::Result<()> {
    let part = to.with_extension("part");
    fs::write(&part, content)?;
    File::open(&part)?.sync_all()?;
    fs::rename(&part, to)?;
    sync(to.parent().unwrap_or(to))
}

/// Makes names in a folder last.
pub fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Length and digest of a file.
pub fn measure(path: &Path) -> io::Result<(u64, String)> {
    let mut hasher = Sha256::new();
    let bytes = io::copy(&mut File::open(path)?, &mut Hashing(&mut hasher))?;
    Ok((bytes, hex::encode(hasher.finalize())))
}

struct Hashing<'h>(&'h mut Sha256);

impl io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_is_copied_and_nothing_is_taken_away() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir_all(from.path().join("a/b")).unwrap();
        fs::write(from.path().join("a/b/one"), "one").unwrap();
        let all = |_: &Path| true;
        fs::write(to.path().join("older"), "stays").unwrap();
        let first = tree(from.path(), to.path(), &all).unwrap();
        assert_eq!((first.count, first.bytes, first.new), (1, 3, 1));
        fs::write(from.path().join("a/two"), "22").unwrap();
        let second = tree(from.path(), to.path(), &all).unwrap();
        assert_eq!((second.count, second.bytes, second.new), (2, 5, 1));
        assert_eq!(fs::read(to.path().join("a/b/one")).unwrap(), b"one");
        assert_eq!(fs::read(to.path().join("older")).unwrap(), b"stays");
        let missing = tree(&from.path().join("nowhere"), to.path(), &all).unwrap();
        assert_eq!(missing, Copied::default());
        fs::write(from.path().join("a/unwanted"), "no").unwrap();
        let some = |path: &Path| !path.ends_with("unwanted");
        assert_eq!(tree(from.path(), to.path(), &some).unwrap().count, 2);
        assert!(!to.path().join("a/unwanted").exists());
        fs::remove_file(from.path().join("a/unwanted")).unwrap();
        // Listed, and gone when it is looked at.
        std::os::unix::fs::symlink("gone", from.path().join("a/three")).unwrap();
        assert_eq!(tree(from.path(), to.path(), &all).unwrap().count, 2);
    }
}
