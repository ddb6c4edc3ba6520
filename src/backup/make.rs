//! Making a backup, beside a running server.

use std::path::Path;

use super::{DATABASE, FORMAT, MANIFEST, Manifest, OBJECTS, database_file, files, objects_folder};
use crate::clock::Clock;
use crate::config::Config;
use crate::objects::{self, ObjectKey};

/// Whether a file of the objects belongs into a backup. Bundles of PDFs do not: they can be asked for again, and a folder that
/// holds one backup after the other would keep every one of them for good.
fn is_kept(file: &Path) -> bool {
    objects::key_in(file).map_or(true, |key| ObjectKey::parse_bundle(&key).is_none())
}

/// Copies database and objects of a SQLite installation into `to`. A folder that holds an earlier backup becomes this one;
/// objects that it has already are not copied again.
///
/// # Errors
/// That the installation is not on SQLite; whatever files and database say. Then `to` has no manifest and is no backup.
pub async fn make(config: &Config, clock: &dyn Clock, to: &Path) -> anyhow::Result<Manifest> {
    let from = database_file(config)?;
    anyhow::ensure!(from.is_file(), "there is no database at {}", from.display());
    std::fs::create_dir_all(to)
        .map_err(|error| anyhow::anyhow!("cannot make {}: {error}", to.display()))?;
    let manifest = to.join(MANIFEST);
    match std::fs::remove_file(&manifest) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            anyhow::bail!("cannot write to {}: {error}", to.display())
        }
        _ => files::sync(to)?,
    }
    let copy = to.join(format!("{DATABASE}.new"));
    let _ = std::fs::remove_file(&copy);
    crate::db::copy_sqlite(&from, &copy).await?;
    let (objects, to) = (objects_folder(config), to.to_owned());
    let (made_at, version) = (
        clock
            .now()
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        env!("CARGO_PKG_VERSION").to_owned(),
    );
    tokio::task::spawn_blocking(move || {
        std::fs::File::open(&copy)?.sync_all()?;
        std::fs::rename(&copy, to.join(DATABASE))?;
        let (database_bytes, database_sha256) = files::measure(&to.join(DATABASE))?;
        let objects = match objects {
            Some(folder) => Some(files::tree(&folder, &to.join(OBJECTS), &is_kept)?),
            None => None,
        };
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            made_at,
            version,
            database_bytes,
            database_sha256,
            objects,
        };
        files::write(&to.join(MANIFEST), &serde_json::to_vec_pretty(&manifest)?)?;
        Ok(manifest)
    })
    .await?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{AgencyId, BundleId, Sha256};
    use crate::objects::Objects;
    use uuid::Uuid;

    #[tokio::test]
    async fn evidence_is_kept_and_bundles_are_not() {
        let (here, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let objects = Objects::embedded(here.path()).unwrap();
        let agency = AgencyId(Uuid::from_u128(1));
        let evidence = ObjectKey::evidence(agency, Sha256::of(b"photo"));
        let bundle = ObjectKey::bundle(agency, BundleId(Uuid::from_u128(2)), Uuid::from_u128(3), 0);
        for (key, content) in [(&evidence, "photo"), (&bundle, "zip")] {
            let put = objects.put(key, content.into(), "text/plain").await;
            put.unwrap();
        }
        let from = here.path().join("objects");
        assert_eq!(files::tree(&from, to.path(), &|_| true).unwrap().count, 2);
        let again = tempfile::tempdir().unwrap();
        assert_eq!(files::tree(&from, again.path(), &is_kept).unwrap().count, 1);
    }
}
