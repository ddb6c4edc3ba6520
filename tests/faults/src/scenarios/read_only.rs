//! R4, too: nothing can be written any more while phones hand in, and then it can again.
//!
//! On SQLite the file of the database and its log are made immutable under the running server, as a file system that has met
//! an error makes them. On PostgreSQL `default_transaction_read_only` is switched on for the whole server, as operators and
//! hosts do it when a disk is nearly full. Shows that whoever hands in meanwhile is told 503 and when to come again, that
//! nothing is acknowledged, and that all goes on by itself.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::process::Command;

use crate::api::Answer;
use crate::document::Photo;
use crate::judge::Verdict;
use crate::scenarios::crashes::Run;
use crate::scenarios::{Size, hand_in};
use crate::sql::Sql;
use crate::table::{End, Row};
use crate::world::World;

const HEALED_MAX: Duration = Duration::from_secs(10);
/// Settings reach the connections that there are when each next has something to do.
const NOTICED_MAX: Duration = Duration::from_secs(5);
const PROBES: usize = 5;
const NAME: &str = "the database takes no writes";

/// What keeps the server from writing.
enum Lock {
    /// These files.
    Files(Vec<PathBuf>),
    Postgres(Sql),
}

impl Lock {
    fn of(world: &World) -> Self {
        match &world.sql {
            Sql::Sqlite(path) => {
                let log = PathBuf::from(format!("{}-wal", path.display()));
                Self::Files(vec![path.clone(), log])
            }
            postgres => Self::Postgres(postgres.clone()),
        }
    }

    async fn set(&mut self, locked: bool) -> anyhow::Result<()> {
        match self {
            Self::Files(files) => {
                let mut chattr = Command::new("chattr");
                chattr.arg(if locked { "+i" } else { "-i" }).args(files);
                let output = chattr.output().await?;
                let said = String::from_utf8_lossy(&output.stderr);
                anyhow::ensure!(output.status.success(), "{}", said.trim());
            }
            Self::Postgres(postgres) => {
                let word = if locked { "on" } else { "off" };
                let set = format!("ALTER SYSTEM SET default_transaction_read_only = {word}");
                postgres.rows(&set).await?;
                postgres.rows("SELECT pg_reload_conf()").await?;
            }
        }
        Ok(())
    }
}

/// # Errors
/// That the server cannot be judged.
pub async fn run(world: &mut World, size: Size) -> anyhow::Result<Row> {
    let cycles = size.pick(2, 10, 100);
    let at = world.server.url();
    let mut lock = Lock::of(world);
    if let Err(error) = lock.set(true).await {
        lock.set(false).await.ok();
        return Ok(left_out(
            world,
            &format!("nothing can be locked here: {error:#}"),
        ));
    }
    lock.set(false).await?;
    let mut run = Run::begin(world, "read-only", &at).await?;
    let (mut wrong, mut refused) = (Vec::new(), 0);
    for _ in 0..cycles {
        run.let_work().await;
        lock.set(true).await?;
        let looked = while_locked(world, &mut run, &mut wrong).await;
        lock.set(false).await?;
        refused += looked?;
        let unlocked = Instant::now();
        while !probe(&mut run).await?.is_taken() {
            if unlocked.elapsed() > HEALED_MAX {
                wrong.push(format!("takes nothing {HEALED_MAX:?} after it could"));
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        run.ready.push(unlocked.elapsed());
    }
    let row = run.end(world, "R4", NAME, cycles, None).await?;
    let mut extra = row.extra;
    extra.push(format!("{refused} refused"));
    let end = match wrong.is_empty() {
        true => row.end,
        false => End::of(&row.verdict, &wrong),
    };
    Ok(Row {
        size: format!("{cycles} times"),
        end,
        extra,
        ..row
    })
}

/// Hands in until it is refused, and some times more: each has to be told to come again. How many were.
async fn while_locked(
    world: &World,
    run: &mut Run,
    wrong: &mut Vec<String>,
) -> anyhow::Result<usize> {
    let locked = Instant::now();
    let mut first = probe(run).await?;
    while first.is_taken() && locked.elapsed() < NOTICED_MAX {
        first = probe(run).await?;
    }
    let mut answers = vec![first];
    for _ in 1..PROBES {
        answers.push(probe(run).await?);
    }
    let is_right = |answer: &&Answer| answer.status == 503 && answer.asks_again;
    for answer in answers.iter().filter(|answer| !is_right(answer)) {
        wrong.push(format!("locked: {} {}", answer.status, answer.text()));
    }
    // Whoever only reads is served.
    let reading = run.scene().devices[0].get("/sync/changes").await?;
    if reading.status != 200 {
        wrong.push(format!("a pull: {} {}", reading.status, reading.text()));
    }
    let ready = reqwest::get(format!("{}/readyz", world.server.url())).await?;
    if !ready.status().is_success() {
        wrong.push(format!("not ready: {}", ready.status()));
    }
    Ok(answers.iter().filter(is_right).count())
}

/// Hands in an audit of its own, once.
async fn probe(run: &mut Run) -> anyhow::Result<Answer> {
    let scene = run.scene();
    let photo = Photo::unique(&mut run.dice, 2_000);
    let audit = scene.occasions[0].audit(run.dice.uuid(), &photo)?;
    let work = audit.id.to_string();
    hand_in(&scene.ledger, 0, &scene.devices[0], &audit, &work).await
}

fn left_out(world: &World, why: &str) -> Row {
    Row {
        promise: "R4",
        database: world.database(),
        scenario: NAME.to_owned(),
        size: String::new(),
        faults: 0,
        verdict: Verdict::default(),
        extra: Vec::new(),
        end: End::Left(why.to_owned()),
    }
}
