//! Putting a backup back. What stood in its place is moved aside, never deleted.
//!
//! The copy gets its new epoch before it takes the place of the database: at no moment is there a database that has lost
//! something and that phones take for the one they knew. What a restore works on lies beside the database until the last
//! step is done, and no server starts while it is there: a restore that was cut short is run again.

use std::path::{Path, PathBuf};

use super::{
    DATABASE, Manifest, OBJECTS, database_file, files, lock, objects_folder, read_manifest,
};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Address, Db};

/// What was put back.
#[derive(Debug)]
pub struct Restored {
    pub manifest: Manifest,
    /// Where the database went that was there before.
    pub moved_aside: Option<PathBuf>,
    pub epoch: uuid::Uuid,
}

/// Puts the backup in `from` back, brings its schema up to date and renews the epoch, so that phones offer everything that
/// they still hold. Objects that are here beyond the backup's stay: an audit that comes back finds its photos.
///
/// # Errors
/// That a server is running, that there is a database already and `replace` was not said, that the backup is not what its
/// manifest says; whatever files and database say.
pub async fn restore(
    config: &Config,
    clock: &dyn Clock,
    from: &Path,
    replace: bool,
) -> anyhow::Result<Restored> {
    let database = database_file(config)?;
    let manifest = read_manifest(from)?;
    let alone = lock::hold_alone(&database)?;
    let (bytes, sha256) = measured(from.join(DATABASE)).await?;
    anyhow::ensure!(
        (bytes, &sha256) == (manifest.database_bytes, &manifest.database_sha256),
        "the backup's database has {bytes} bytes and the digest {sha256}; its manifest says {} and {}",
        manifest.database_bytes,
        manifest.database_sha256
    );
    anyhow::ensure!(
        replace || !database.exists(),
        "there is a database at {} already: --force moves it aside and puts the backup in its place",
        database.display()
    );
    let at = clock.now().format("%Y%m%dT%H%M%S%.3f").to_string();
    let (work, ready) = (
        lock::unfinished(&database),
        database.with_extension("restored"),
    );
    let epoch = match with_a_new_epoch(from.join(DATABASE), &work, &ready).await {
        Ok(epoch) => epoch,
        Err(error) => {
            // Nothing has changed yet: what is there can be served.
            remove_database(&work)?;
            return Err(error);
        }
    };
    let (source, objects) = (from.to_owned(), objects_folder(config));
    let moved_aside = tokio::task::spawn_blocking(move || {
        if let (Some(folder), true) = (objects, source.join(OBJECTS).is_dir()) {
            files::tree(&source.join(OBJECTS), &folder, &|_| true)?;
        }
        let aside = move_aside(&database, &at)?;
        std::fs::rename(&ready, &database)?;
        files::sync(database.parent().unwrap_or(Path::new(".")))?;
        remove_database(&work)?;
        std::io::Result::Ok(aside)
    })
    .await??;
    drop(alone);
    Ok(Restored {
        manifest,
        moved_aside,
        epoch,
    })
}

async fn measured(path: PathBuf) -> anyhow::Result<(u64, String)> {
    let measured = tokio::task::spawn_blocking(move || files::measure(&path)).await?;
    measured.map_err(|error| anyhow::anyhow!("the backup's database cannot be read: {error}"))
}

/// Copies the backup's database to `work`, brings its schema up to date, renews its epoch, and leaves the result in `ready`:
/// one file, on the disk.
async fn with_a_new_epoch(
    backup: PathBuf,
    work: &Path,
    ready: &Path,
) -> anyhow::Result<uuid::Uuid> {
    let (to, old) = (work.to_owned(), ready.to_owned());
    tokio::task::spawn_blocking(move || {
        remove_database(&to)?;
        remove_database(&old)?;
        files::file(&backup, &to)
    })
    .await??;
    let url = format!("sqlite://{}", work.display());
    let db = Db::open(&Address::of(&url, 1)).await?;
    let epoch = crate::sync::installation::renew_epoch(&db).await?;
    crate::db::copy_sqlite(work, ready).await?;
    std::fs::File::open(ready)?.sync_all()?;
    Ok(epoch)
}

/// The write-ahead log belongs to the database that it stands beside: it goes with it.
fn with_its_logs(database: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| {
        let mut name = database.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

fn move_aside(database: &Path, at: &str) -> std::io::Result<Option<PathBuf>> {
    if !database.exists() {
        return Ok(None);
    }
    let folder = database.with_extension(format!("replaced-{at}"));
    std::fs::create_dir(&folder)?;
    for path in with_its_logs(database) {
        if let (true, Some(name)) = (path.exists(), path.file_name()) {
            std::fs::rename(&path, folder.join(name))?;
        }
    }
    files::sync(&folder)?;
    Ok(Some(folder))
}

fn remove_database(database: &Path) -> std::io::Result<()> {
    for path in with_its_logs(database) {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
