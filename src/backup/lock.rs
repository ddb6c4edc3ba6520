//! Whether a server is using a SQLite database at the moment: it holds a lock on a file beside it for as long as it runs.
//!
//! Servers share the lock; a restore needs it alone. The system takes it away from a process that dies.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::database_file;
use crate::config::Config;

/// Held for as long as the database is used.
#[derive(Debug)]
pub struct Serving {
    _file: Option<File>,
}

/// Says that a server is using the database; PostgreSQL needs no such thing.
///
/// # Errors
/// That it is being restored, or that a restore was cut short; that the folder cannot be written.
pub fn hold(config: &Config) -> anyhow::Result<Serving> {
    let Ok(database) = database_file(config) else {
        return Ok(Serving { _file: None });
    };
    let file = open(&database)?;
    if let Err(error) = file.try_lock_shared() {
        return Err(refused(&error, "it is being restored or moved"));
    }
    anyhow::ensure!(
        !unfinished(&database).exists(),
        "the database cannot be used: a restore into {} was cut short; run 'plainclothes restore' once more",
        database.display()
    );
    Ok(Serving { _file: Some(file) })
}

/// What a restore works on; it is there from the first step to the last.
pub(super) fn unfinished(database: &Path) -> PathBuf {
    database.with_extension("restoring")
}

/// Makes sure that no server is using the database in the file, nor will while this is held.
///
/// # Errors
/// That one is.
pub fn hold_alone(database: &Path) -> anyhow::Result<Serving> {
    let file = open(database)?;
    match file.try_lock() {
        Ok(()) => Ok(Serving { _file: Some(file) }),
        Err(error) => Err(refused(&error, "a server is using it: stop it first")),
    }
}

fn open(database: &Path) -> anyhow::Result<File> {
    let folder = database.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .map_err(|error| anyhow::anyhow!("cannot make the folder {}: {error}", folder.display()))?;
    let path = database.with_extension("lock");
    let file = File::options().create(true).append(true).open(&path);
    file.map_err(|error| anyhow::anyhow!("cannot write {}: {error}", path.display()))
}

fn refused(error: &TryLockError, why: &str) -> anyhow::Error {
    match error {
        TryLockError::WouldBlock => anyhow::anyhow!("the database cannot be used: {why}"),
        TryLockError::Error(error) => anyhow::anyhow!("the database cannot be locked: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_share_it_and_a_restore_wants_it_alone() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            data_dir: folder.path().to_owned(),
            ..Config::default()
        };
        let database = database_file(&config).unwrap();
        let servers = [hold(&config).unwrap(), hold(&config).unwrap()];
        let refused = hold_alone(&database).unwrap_err().to_string();
        assert!(refused.contains("stop it first"), "{refused}");
        drop(servers);
        let alone = hold_alone(&database).unwrap();
        assert!(hold(&config).is_err());
        drop(alone);
        hold(&config).unwrap();
    }
}
