//! R3: the machine loses power while phones hand in.
//!
//! The server's data, and PostgreSQL's, lie on a file system in an image file. All processes are killed, the image is copied
//! as it is at that moment, and the copy is mounted in its place: what had been written to files and not yet handed to the
//! disk is gone. Shows that an acknowledgement waits for the disk, for rows and for objects. Does not show a disk that loses
//! or reorders what it was handed. The controls do the same with a program whose syncs do nothing, and with a PostgreSQL
//! that does not sync.

use crate::disk::Disk;
use crate::judge::Verdict;
use crate::scenarios::Size;
use crate::scenarios::crashes::Run;
use crate::sql::Session;
use crate::table::{End, Row};
use crate::world::{Base, Given, World};

const PROMISE: &str = "R3";
/// Debian's library that makes every sync succeed and do nothing.
const SYNCS_DO_NOTHING: &str = "libeatmydata.so";

/// The promise and then its control, on a disk of their own.
///
/// # Errors
/// That the server does not come back.
pub async fn run(given: &Given, base: Base, size: Size) -> anyhow::Result<Vec<Row>> {
    let name = match base {
        Base::Sqlite => "disk-sqlite",
        _ => "disk-postgres",
    };
    let image = given.folder.join(format!("{name}.img"));
    let disk = match Disk::make(image, given.folder.join(name)).await {
        Ok(disk) => disk,
        Err(error) => {
            let why = format!("no image can be mounted here: {error:#}");
            return Ok(vec![left_out(base, why)]);
        }
    };
    let on_disk = Given {
        folder: disk.folder.clone(),
        ..given.clone()
    };
    let mut world = World::start(&on_disk, base, Vec::new()).await?;
    // What was set up before is not what is looked at: PostgreSQL's folder is made without syncs.
    disk.sync().await?;
    let cycles = size.pick(4, 30, 300);
    let ledger = given.folder.join(format!("{name}.ledger"));
    let at = world.server.url();
    let mut run = Run::begin_with_ledger(&world, "power-cuts", &at, &ledger).await?;
    for _ in 0..cycles {
        run.let_work().await;
        cut(&mut world, &disk, &mut run).await?;
    }
    let row = run.end(&world, PROMISE, "power cut", cycles, None).await?;
    let kept = Row {
        size: format!("{cycles} cuts"),
        ..row
    };
    let ledger = given.folder.join(format!("{name}-control.ledger"));
    let control = control(&mut world, &disk, &ledger).await?;
    Ok(vec![kept, control])
}

/// Kills everything, and starts it from what the disk has.
async fn cut(world: &mut World, disk: &Disk, run: &mut Run) -> anyhow::Result<()> {
    world.server.kill().await?;
    if let Some(postgres) = &world.postgres {
        postgres.kill().await?;
    }
    disk.lose_power().await?;
    let began = std::time::Instant::now();
    if let Some(postgres) = &world.postgres {
        postgres.again().await?;
    }
    world.server.start().await?;
    run.ready.push(began.elapsed());
    Ok(())
}

/// The same where nothing waits for the disk: seen as loss, or as a database that does not start any more.
async fn control(world: &mut World, disk: &Disk, ledger: &std::path::Path) -> anyhow::Result<Row> {
    let scenario = if world.postgres.is_some() {
        let mut session = Session::open(&world.sql)?;
        session.run("ALTER SYSTEM SET fsync = off;").await?;
        session.run("SELECT pg_reload_conf();").await?;
        "control: PostgreSQL does not sync"
    } else {
        world.server.stop().await?;
        let preload = ("LD_PRELOAD", SYNCS_DO_NOTHING.to_owned());
        world.server.settings.push(preload);
        world.server.start().await?;
        "control: syncs do nothing"
    };
    let at = world.server.url();
    let mut run = Run::begin_with_ledger(world, "power-cut-control", &at, ledger).await?;
    disk.sync().await?;
    run.let_work().await;
    run.let_work().await;
    let size = "1 cut".to_owned();
    if let Err(error) = cut(world, disk, &mut run).await {
        return Ok(Row {
            promise: PROMISE,
            database: world.database(),
            scenario: scenario.to_owned(),
            size,
            faults: 1,
            verdict: Verdict::default(),
            extra: vec![format!("it does not start again: {error:#}")],
            end: End::Caught,
        });
    }
    let row = run.end(world, PROMISE, scenario, 1, None).await?;
    Ok(Row {
        scenario: scenario.to_owned(),
        size,
        end: End::of_control(row.verdict.lost + row.verdict.altered > 0),
        ..row
    })
}

fn left_out(base: Base, why: String) -> Row {
    Row {
        promise: PROMISE,
        database: match base {
            Base::Sqlite => "SQLite",
            _ => "PostgreSQL",
        },
        scenario: "power cut".to_owned(),
        size: String::new(),
        faults: 0,
        verdict: Verdict::default(),
        extra: Vec::new(),
        end: End::Left(why),
    }
}
