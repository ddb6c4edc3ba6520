//! A copy of a SQLite installation that can be put back: `plainclothes backup`, `plainclothes restore`.
//!
//! ```text
//! manifest.json     what is here; written last, so a backup without it is none
//! plainclothes.db   the database at one moment
//! objects/…         the objects of the server inside the process, as they lie in its folder
//! ```
//!
//! The database is copied first and the objects afterwards: evidence is never changed and never taken away, so whatever the
//! copied database names is there by the time its object is copied. Renditions can be made again; bundles of PDFs are left out. Not here: PostgreSQL and S3, which have tools of their
//! own for this (`deploy/README.md`); what a phone does after a restore (`docs/sync.md`).

mod files;
mod lock;
mod make;
mod restore;

pub use lock::{Serving, hold, hold_alone};
pub use make::make;
pub use restore::restore;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::Config;

const FORMAT: &str = "plainclothes-backup-1";
const MANIFEST: &str = "manifest.json";
const DATABASE: &str = "plainclothes.db";
const OBJECTS: &str = "objects";

/// What a backup is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: String,
    /// RFC 3339.
    pub made_at: String,
    /// Of the program that made it.
    pub version: String,
    pub database_bytes: u64,
    pub database_sha256: String,
    /// Absent when the objects are in S3, which is backed up by its own means.
    pub objects: Option<files::Copied>,
}

/// The file that `config` keeps its rows in.
fn database_file(config: &Config) -> anyhow::Result<PathBuf> {
    let url = config.database_url();
    let path = url.strip_prefix("sqlite://").ok_or_else(|| {
        anyhow::anyhow!(
            "this installation is on PostgreSQL: back it up with PostgreSQL's own tools, as deploy/README.md \
             shows, and run 'plainclothes epoch renew' after a restore"
        )
    })?;
    Ok(PathBuf::from(path))
}

/// Where the objects lie, when they lie here.
fn objects_folder(config: &Config) -> Option<PathBuf> {
    // The server inside keeps complete objects in a folder of that name, beside what is being written.
    let here = config.data_dir.join("objects").join("objects");
    config.s3.is_none().then_some(here)
}

fn read_manifest(folder: &Path) -> anyhow::Result<Manifest> {
    let path = folder.join(MANIFEST);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        anyhow::anyhow!(
            "there is no complete backup in {}: its {MANIFEST} cannot be read ({error})",
            folder.display()
        )
    })?;
    let manifest: Manifest = serde_json::from_str(&text)
        .map_err(|error| anyhow::anyhow!("{} is damaged: {error}", path.display()))?;
    anyhow::ensure!(
        manifest.format == FORMAT,
        "the backup is of the format {}; this program reads {FORMAT}",
        manifest.format
    );
    Ok(manifest)
}
