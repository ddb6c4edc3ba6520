//! Putting a backup back. What stood in its place is moved aside, never deleted.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{
    DATABASE, Manifest, OBJECTS, database_file, files, lock, objects_folder, read_manifest,
};
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;

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
    clock: Arc<dyn Clock>,
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
    let (source, objects) = (from.to_owned(), objects_folder(config));
    let moved_aside = tokio::task::spawn_blocking(move || {
        if let (Some(folder), true) = (objects, source.join(OBJECTS).is_dir()) {
            files::tree(&source.join(OBJECTS), &folder)?;
        }
        put_in_place(&source.join(DATABASE), &database, &at)
    })
    .await??;
    let app = App::start(config.clone(), clock).await?;
    let epoch = crate::sync::installation::renew_epoch(&app.db).await?;
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

/// The write-ahead log belongs to the database that it stands beside: it goes with it.
fn put_in_place(backup: &Path, database: &Path, at: &str) -> anyhow::Result<Option<PathBuf>> {
    let mut aside = None;
    if database.exists() {
        let folder = database.with_extension(format!("replaced-{at}"));
        std::fs::create_dir(&folder)?;
        for end in ["", "-wal", "-shm"] {
            let mut name = database.as_os_str().to_owned();
            name.push(end);
            let (path, file) = (PathBuf::from(&name), PathBuf::from(&name));
            if let (true, Some(file)) = (path.exists(), file.file_name()) {
                std::fs::rename(&path, folder.join(file))?;
            }
        }
        files::sync(&folder)?;
        aside = Some(folder);
    }
    files::file(backup, database)?;
    Ok(aside)
}
