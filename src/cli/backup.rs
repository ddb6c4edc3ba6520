//! `plainclothes backup`, `restore` and `epoch renew`.

use std::path::Path;
use std::sync::Arc;

use crate::app::App;
use crate::backup;
use crate::clock::SystemClock;
use crate::config::Config;

pub(super) async fn backup(config: &Config, to: &Path) -> anyhow::Result<()> {
    let made = backup::make(config, &SystemClock, to).await?;
    say!("database: {} bytes", made.database_bytes);
    match made.objects {
        Some(objects) => say!(
            "objects: {}, {} bytes ({} of them new in this folder)",
            objects.count,
            objects.bytes,
            objects.new
        ),
        None => say!("objects: in S3, not copied; back the bucket up by its own means"),
    }
    Ok(())
}

pub(super) async fn restore(config: &Config, from: &Path, replace: bool) -> anyhow::Result<()> {
    let done = backup::restore(config, &SystemClock, from, replace).await?;
    say!("put back: the backup of {}", done.manifest.made_at);
    if let Some(folder) = done.moved_aside {
        say!("what was there before: {}", folder.display());
    }
    if done.manifest.objects.is_none() {
        say!("the objects are in S3: 'plainclothes objects check' tells whether all are there");
    }
    say!("new epoch: {}", done.epoch);
    say!("phones will offer everything that they still hold as soon as the server runs");
    Ok(())
}

pub(super) async fn renew_epoch(config: Config) -> anyhow::Result<()> {
    let app = App::start(config, Arc::new(SystemClock)).await?;
    let epoch = crate::sync::installation::renew_epoch(&app.db).await?;
    say!("new epoch: {epoch}");
    say!("start every node of the server anew: each reads the epoch when it starts");
    Ok(())
}
