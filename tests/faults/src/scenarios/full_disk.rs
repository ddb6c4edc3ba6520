//! R4: the disk fills up while phones hand in, and has room again.
//!
//! The server's data lie on a small file system of their own, which is filled by a file until photos are refused, and then to
//! the last byte. Shows that audits are taken while photos wait, that a full disk is answered soon and loses nothing, and that
//! all goes on by itself once there is room. The file system is in memory, which can be made anywhere by root: it does not
//! show what a disk does that tells of its errors late.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::process::Command;

use crate::document::Photo;
use crate::scenarios::crashes::Run;
use crate::scenarios::{Size, hand_in};
use crate::table::{End, Row};
use crate::world::{Base, Given, World};

const DISK_MIB: u64 = 1_500;
/// Less than the server wants for photos, more than it needs for audits.
const LEFT_FOR_AUDITS_MIB: u64 = 100;
/// R4's promises.
const ANSWER_MAX: Duration = Duration::from_secs(1);
const HEALED_MAX: Duration = Duration::from_secs(10);

/// What is free within SQLite's own files still takes some audits.
const FILLED_BY_MAX: usize = 2_000;
const REFUSED_ENOUGH: u64 = 5;

/// A small file system in memory; it is taken away with this value.
struct Disk {
    folder: PathBuf,
}

impl Disk {
    async fn mount(folder: PathBuf) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let mut mount = Command::new("mount");
        let size = format!("size={DISK_MIB}m");
        let mounted = mount
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(&folder)
            .output()
            .await?;
        let said = String::from_utf8_lossy(&mounted.stderr).trim().to_owned();
        anyhow::ensure!(mounted.status.success(), "{said}");
        Ok(Self { folder })
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }

    /// Fills it until so much is left.
    async fn fill(&self, left_mib: u64) -> anyhow::Result<()> {
        let free = free_mib(&self.folder).await?;
        let mib = free.saturating_sub(left_mib).to_string();
        let mut dd = Command::new("dd");
        let filled = dd
            .args(["if=/dev/zero", "bs=1M", "oflag=append", "conv=notrunc"])
            .arg(format!("of={}", self.ballast().display()))
            // The last file takes what there is and stops.
            .arg(if left_mib == 0 {
                "count=100000".to_owned()
            } else {
                format!("count={mib}")
            })
            .output()
            .await?;
        anyhow::ensure!(
            filled.status.success() || left_mib == 0,
            "{}",
            String::from_utf8_lossy(&filled.stderr)
        );
        Ok(())
    }

    fn empty(&self) -> std::io::Result<()> {
        std::fs::remove_file(self.ballast())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount")
            .arg("-l")
            .arg(&self.folder)
            .status();
    }
}

async fn free_mib(folder: &Path) -> anyhow::Result<u64> {
    let said = Command::new("df")
        .args(["-m", "--output=avail"])
        .arg(folder)
        .output()
        .await?;
    let text = String::from_utf8(said.stdout)?;
    let last = text.lines().last().context("df says nothing")?;
    Ok(last.trim().parse()?)
}

/// # Errors
/// That the server does not run.
pub async fn run(given: &Given, size: Size) -> anyhow::Result<Row> {
    let disk = match Disk::mount(given.folder.join("small-disk")).await {
        Ok(disk) => disk,
        Err(error) => {
            return Ok(Row {
                promise: "R4",
                database: "SQLite",
                scenario: "the disk is full".to_owned(),
                size: String::new(),
                faults: 0,
                verdict: crate::judge::Verdict::default(),
                extra: Vec::new(),
                end: End::Left(format!("no file system can be mounted here: {error:#}")),
            });
        }
    };
    let on_disk = Given {
        folder: disk.folder.clone(),
        ..given.clone()
    };
    let world = World::start(&on_disk, Base::Sqlite, Vec::new()).await?;
    let cycles = size.pick(2, 10, 100);
    // The ledger has to find room.
    let mut run = Run::begin_with_ledger(
        &world,
        "full-disk",
        &world.server.url(),
        &given.folder.join("full-disk.ledger"),
    )
    .await?;
    let scene = run.scene();
    let (device, occasion) = (&scene.devices[0], &scene.occasions[0]);
    let mut wrong = Vec::new();
    let (mut slowest, mut refused_photos, mut refused) = (Duration::ZERO, 0_u64, 0_u64);
    for _ in 0..cycles {
        run.let_work().await;
        disk.fill(LEFT_FOR_AUDITS_MIB).await?;
        // As long as the server believes what it saw of the disk.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let photo = Photo::unique(&mut run.dice, 2_000);
        let audit = occasion.audit(run.dice.uuid(), &photo)?;
        let taken = hand_in(&scene.ledger, 0, device, &audit, &audit.id.to_string()).await?;
        if taken.status != 201 {
            wrong.push(format!(
                "an audit was answered {} while there was room for it",
                taken.status
            ));
        }
        let begun = device.begin_photo(&photo).await?;
        if begun.status == 507 {
            refused_photos += 1;
        } else {
            wrong.push(format!(
                "a photo was answered {} on a disk that is nearly full",
                begun.status
            ));
        }
        disk.fill(0).await?;
        let before = refused;
        for _ in 0..FILLED_BY_MAX {
            if refused - before >= REFUSED_ENOUGH {
                break;
            }
            let photo = Photo::unique(&mut run.dice, 2_000);
            let audit = occasion.audit(run.dice.uuid(), &photo)?;
            let began = Instant::now();
            let answer = hand_in(&scene.ledger, 0, device, &audit, &audit.id.to_string()).await?;
            slowest = slowest.max(began.elapsed());
            match answer.status {
                503 | 507 => refused += 1,
                200..=299 => {}
                other => wrong.push(format!("a full disk was answered {other}")),
            }
        }
        disk.empty()?;
        let emptied = Instant::now();
        let photo = Photo::unique(&mut run.dice, 2_000);
        let audit = occasion.audit(run.dice.uuid(), &photo)?;
        while device.put_audit(&audit).await?.status >= 500
            || device.begin_photo(&photo).await?.status >= 500
        {
            anyhow::ensure!(emptied.elapsed() < HEALED_MAX * 3, "it does not heal");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Handed in above until it was taken: noted now, once.
        hand_in(&scene.ledger, 0, device, &audit, &audit.id.to_string()).await?;
        run.ready.push(emptied.elapsed());
    }
    if slowest > ANSWER_MAX {
        wrong.push(format!("a full disk was answered only after {slowest:?}"));
    }
    if run.ready.iter().any(|healed| *healed > HEALED_MAX) {
        wrong.push("it healed too late".to_owned());
    }
    if refused == 0 {
        wrong.push("nothing was refused: the disk was not full".to_owned());
    }
    let mut row = run
        .end(&world, "R4", "the disk is full", cycles, None)
        .await?;
    row.extra.push(format!(
        "{refused_photos} photos and {refused} audits refused, the slowest after {} ms",
        slowest.as_millis()
    ));
    if let (false, End::Kept) = (wrong.is_empty(), &row.end) {
        row.end = End::Broken(wrong.join("; "));
    }
    Ok(row)
}
