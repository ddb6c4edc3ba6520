//! R12: clients that hang up after some bytes of their request, or while they wait for the answer.
//!
//! Shows that nothing acknowledged to others is lost by it, that what was abandoned is there once or not at all, and that
//! no transaction stays open. Does not show at which await the server was: that is a matter of time, drawn from the dice.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::api::{Api, content_digest};
use crate::dice::Dice;
use crate::document::{Audit, Photo};
use crate::judge::Verdict;
use crate::ledger::Note;
use crate::scenarios::{Size, hand_in};
use crate::sql::{Session, Sql};
use crate::table::{End, Row};
use crate::world::{SHOPPERS, Scene, World};

/// Long enough for any honest transaction to be over.
const OPEN_FOR: &str = "1 second";
const WRITE_MAX: Duration = Duration::from_secs(2);

/// # Errors
/// When the server does not answer those who wait.
pub async fn run(world: &World, size: Size) -> anyhow::Result<Vec<Row>> {
    let each = size.pick(240, 5_000, 50_000) / SHOPPERS;
    let mut scene = world.scene("hangups", SHOPPERS).await?;
    let phones: Vec<_> = (0..SHOPPERS)
        .map(|phone| (phone, scene.dice.fork()))
        .collect();
    let scene = Arc::new(scene);
    let address = world.server.address;
    let mut tasks = Vec::new();
    for (phone, mut dice) in phones {
        let scene = Arc::clone(&scene);
        tasks.push(tokio::spawn(async move {
            for _ in 0..each {
                one(&scene, phone, address, &mut dice).await?;
            }
            anyhow::Ok(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    let write = write_at_once(world, &scene).await?;
    let open = open_transactions(&world.sql).await?;
    let verdict = world.judge(&scene).await?;
    let mut wrong = Vec::new();
    if open > 0 {
        wrong.push(format!("{open} transactions stay open"));
    }
    if write > WRITE_MAX {
        wrong.push(format!("the next write took {write:?}"));
    }
    let row = Row {
        promise: "R12",
        database: world.database(),
        scenario: "clients that hang up".to_owned(),
        size: format!("{} hang-ups", each * SHOPPERS),
        faults: (each * SHOPPERS) as u64,
        end: End::of(&verdict, &wrong),
        extra: vec![
            format!("{open} open transactions"),
            format!("next write {} ms", write.as_millis()),
        ],
        verdict,
    };
    Ok(vec![row, control(world, &scene).await?])
}

/// One request that is abandoned, and now and then one that is not.
async fn one(
    scene: &Scene,
    phone: usize,
    address: SocketAddr,
    dice: &mut Dice,
) -> anyhow::Result<()> {
    let device = &scene.devices[phone];
    let photo = Photo::unique(dice, 16);
    let audit = scene.occasions[phone].audit(dice.uuid(), &photo)?;
    let work = audit.id.to_string();
    scene.ledger.note(&Note::Sent {
        phone,
        work: work.clone(),
        audit: work.clone(),
        sha256: audit.sha256.clone(),
    })?;
    let bytes = if dice.chance(700) {
        put_request(device, &audit)
    } else {
        device.begin_photo(&photo).await?.accepted()?;
        patch_request(device, &photo)
    };
    abandon(address, &bytes, dice).await?;
    // A third is sent again properly, at once, while the abandoned request may still be at work; the rest stays as it is.
    if dice.chance(333) {
        hand_in(&scene.ledger, phone, device, &audit, &work)
            .await?
            .accepted()?;
    }
    Ok(())
}

fn put_request(device: &Api, audit: &Audit) -> Vec<u8> {
    let (id, token, length) = (audit.id, &device.token, audit.text.len());
    let digest = content_digest(audit.text.as_bytes());
    let text = &audit.text;
    format!(
        "PUT /api/v1/audits/{id} HTTP/1.1\r\nhost: server\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-digest: {digest}\r\ncontent-length: {length}\r\n\r\n{text}"
    )
    .into_bytes()
}

fn patch_request(device: &Api, photo: &Photo) -> Vec<u8> {
    let (sha256, token, length) = (&photo.sha256, &device.token, photo.bytes.len());
    let head = format!(
        "PATCH /api/v1/photos/{sha256} HTTP/1.1\r\nhost: server\r\nauthorization: Bearer {token}\r\n\
         tus-resumable: 1.0.0\r\nupload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\n\
         content-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), &photo.bytes].concat()
}

/// Half of them break off within the request, the others up to 30 ms after its last byte.
async fn abandon(address: SocketAddr, bytes: &[u8], dice: &mut Dice) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    if dice.chance(500) {
        let end = dice.below(bytes.len() as u64) as usize;
        stream.write_all(&bytes[..end]).await?;
    } else {
        stream.write_all(bytes).await?;
        tokio::time::sleep(Duration::from_micros(dice.below(30_000))).await;
    }
    Ok(())
}

/// How long an audit takes now. On SQLite an open transaction would hold it up.
async fn write_at_once(world: &World, scene: &Scene) -> anyhow::Result<Duration> {
    let mut dice = Dice::new(world.given.seed, "write at once");
    let photo = Photo::unique(&mut dice, 16);
    let audit = scene.occasions[0].audit(dice.uuid(), &photo)?;
    let began = Instant::now();
    let work = audit.id.to_string();
    hand_in(&scene.ledger, 0, &scene.devices[0], &audit, &work)
        .await?
        .accepted()?;
    Ok(began.elapsed())
}

/// Transactions that nobody goes on with. SQLite has no list of them: there it is the next write that shows it.
async fn open_transactions(sql: &Sql) -> anyhow::Result<i64> {
    if let Sql::Sqlite(_) = sql {
        return Ok(0);
    }
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    sql.number(&format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
         AND state LIKE 'idle in transaction%' AND state_change < now() - interval '{OPEN_FOR}'"
    ))
    .await
}

/// A transaction that somebody began and left.
async fn control(world: &World, scene: &Scene) -> anyhow::Result<Row> {
    let mut session = Session::open(&world.sql)?;
    let (caught, words) = match &world.sql {
        Sql::Postgres(_) => {
            session.run("BEGIN; SELECT count(*) FROM audit;").await?;
            let open = open_transactions(&world.sql).await?;
            (open == 1, format!("{open} open transactions"))
        }
        Sql::Sqlite(_) => {
            session.run("BEGIN IMMEDIATE;").await?;
            let write = write_control(world, scene);
            let late = tokio::time::timeout(WRITE_MAX, write).await.is_err();
            (
                late,
                format!("a write waits longer than {WRITE_MAX:?}: {late}"),
            )
        }
    };
    session.run("ROLLBACK;").await?;
    Ok(Row {
        promise: "R12",
        database: world.database(),
        scenario: "control: a transaction left open".to_owned(),
        size: "1 transaction".to_owned(),
        faults: 1,
        end: End::of_control(caught),
        extra: vec![words],
        verdict: Verdict::default(),
    })
}

async fn write_control(world: &World, scene: &Scene) -> anyhow::Result<()> {
    let mut dice = Dice::new(world.given.seed, "write while locked");
    let photo = Photo::unique(&mut dice, 16);
    scene.devices[0].begin_photo(&photo).await?.accepted()?;
    Ok(())
}
