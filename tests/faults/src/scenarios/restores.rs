//! R9: an old backup is put back while phones hold audits that it does not have.
//!
//! A backup is made while phones hand in; they go on for a time, all of it acknowledged; then the server is stopped and the
//! backup put back. The phones see another epoch and offer what they hold, so that everything that was ever acknowledged has
//! to be there again in the end, once. The control puts the backup back behind the server's back, with the old epoch: then
//! phones believe that the server has everything, and what came after the backup is lost.

use std::time::Instant;

use crate::judge::Verdict;
use crate::scenarios::Size;
use crate::scenarios::crashes::Run;
use crate::table::{End, Row};
use crate::world::World;

/// # Errors
/// That a backup cannot be made or put back.
pub async fn run(world: &mut World, size: Size) -> anyhow::Result<Row> {
    let cycles = size.pick(3, 15, 50);
    let at = world.server.url();
    let folder = world.folder.join("backup");
    let folder = folder.to_string_lossy().into_owned();
    let mut run = Run::begin(world, "restores", &at).await?;
    for _ in 0..cycles {
        run.let_work().await;
        world.server.run(&["backup", &folder]).await?;
        run.let_work().await;
        run.let_work().await;
        world.server.stop().await?;
        let began = Instant::now();
        world.server.run(&["restore", &folder, "--force"]).await?;
        world.server.start().await?;
        run.ready.push(began.elapsed());
    }
    run.end(world, "R9", "an old backup is put back", cycles, None)
        .await
}

/// # Errors
/// As above.
pub async fn control(world: &mut World) -> anyhow::Result<Row> {
    let at = world.server.url();
    let folder = world.folder.join("backup-of-control");
    let mut run = Run::begin(world, "restores-control", &at).await?;
    run.let_work().await;
    let words = folder.to_string_lossy().into_owned();
    world.server.run(&["backup", &words]).await?;
    run.let_work().await;
    run.let_work().await;
    world.server.stop().await?;
    let database = world.server.data_dir().join("plainclothes.db");
    for end in ["-wal", "-shm"] {
        let mut name = database.clone().into_os_string();
        name.push(end);
        let _ = tokio::fs::remove_file(name).await;
    }
    tokio::fs::copy(folder.join("plainclothes.db"), &database).await?;
    let back = world.server.start().await?;
    run.ready.push(back);
    let name = "the same without a new epoch";
    let row = run.end(world, "R9", name, 1, None).await?;
    let Verdict { lost, altered, .. } = row.verdict;
    Ok(Row {
        end: End::of_control(lost + altered > 0),
        ..row
    })
}
