//! Whether the disk under SQLite has room to spare: photos stop first, so that audits, which are small, still find some.
//!
//! Not here: what is done when there is none at all ([`super::DbError::Full`]); a database on another machine, which keeps
//! an eye on its own disk.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::walled::lock;

/// A disk is not asked more often.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Looks at one disk.
#[derive(Debug)]
pub struct Room {
    /// None when the database is elsewhere.
    folder: Option<PathBuf>,
    disk_free_bytes_min: u64,
    looked: Mutex<Option<(Instant, bool)>>,
}

impl Room {
    pub fn new(folder: Option<PathBuf>, disk_free_bytes_min: u64) -> Self {
        Self {
            folder,
            disk_free_bytes_min,
            looked: Mutex::new(None),
        }
    }

    /// Whether more than small things may be written; also when the disk cannot be asked.
    pub fn is_there(&self) -> bool {
        let Some(folder) = &self.folder else {
            return true;
        };
        let mut looked = lock(&self.looked);
        match *looked {
            Some((at, is_there)) if at.elapsed() < LOOK_EVERY => is_there,
            _ => {
                let is_there = rustix::fs::statvfs(folder).map_or(true, |disk| {
                    disk.f_bavail.saturating_mul(disk.f_frsize) >= self.disk_free_bytes_min
                });
                *looked = Some((Instant::now(), is_there));
                is_there
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_has_room_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let here = Some(folder.path().to_owned());
        assert!(Room::new(here.clone(), 1).is_there());
        assert!(!Room::new(here, u64::MAX).is_there());
        assert!(Room::new(None, u64::MAX).is_there());
    }
}
