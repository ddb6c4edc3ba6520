//! R9: an old backup is put back while phones hold audits that it does not have.
//!
//! A backup is made while phones hand in; they go on for a time, all of it acknowledged; then the server is stopped and the
//! backup put back. The phones see another epoch and offer what they hold, so that everything that was ever acknowledged has
//! to be there again in the end, once. The control puts the backup back behind the server's back, with the old epoch: then
//! phones believe that the server has everything, and what came after the backup is lost.
//!
//! On PostgreSQL the backup is a dump by the project's own script, the database is dropped, and the dump is put back into an
//! empty one by the script for that, which renews the epoch. Its control is the same script with a program that does not.

use std::time::Instant;

use anyhow::Context as _;

use crate::judge::Verdict;
use crate::scenarios::Size;
use crate::scenarios::crashes::Run;
use crate::scripts::Scripts;
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
    has_to_lose(run, world).await
}

/// # Errors
/// That a dump cannot be made or put back.
pub async fn of_dumps(world: &mut World, size: Size) -> anyhow::Result<Row> {
    let cycles = size.pick(2, 10, 50);
    let at = world.server.url();
    let scripts = Scripts::new(world, "dumps", true)?;
    let mut run = Run::begin(world, "dumps", &at).await?;
    for _ in 0..cycles {
        dump_and_put_back(world, &scripts, &mut run).await?;
    }
    let name = "an old dump in an empty database";
    run.end(world, "R9", name, cycles, None).await
}

/// # Errors
/// As above.
pub async fn control_of_dumps(world: &mut World) -> anyhow::Result<Row> {
    let at = world.server.url();
    let scripts = Scripts::new(world, "dumps-of-control", false)?;
    let mut run = Run::begin(world, "dumps-control", &at).await?;
    dump_and_put_back(world, &scripts, &mut run).await?;
    has_to_lose(run, world).await
}

async fn dump_and_put_back(
    world: &mut World,
    scripts: &Scripts,
    run: &mut Run,
) -> anyhow::Result<()> {
    run.let_work().await;
    let dump = scripts.nightly().await?;
    run.let_work().await;
    run.let_work().await;
    world.server.stop().await?;
    let began = Instant::now();
    let postgres = world.postgres.as_ref().context("this is not PostgreSQL")?;
    postgres.empty().await?;
    scripts.restore(&dump).await?;
    world.server.start().await?;
    run.ready.push(began.elapsed());
    Ok(())
}

async fn has_to_lose(run: Run, world: &World) -> anyhow::Result<Row> {
    let name = "the same without a new epoch";
    let row = run.end(world, "R9", name, 1, None).await?;
    let Verdict { lost, altered, .. } = row.verdict;
    Ok(Row {
        end: End::of_control(lost + altered > 0),
        ..row
    })
}
