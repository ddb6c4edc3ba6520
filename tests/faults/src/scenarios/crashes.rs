//! R1 and R2: `kill -9` of the server, and of PostgreSQL with all its processes, while phones hand in.
//!
//! Shows that what was acknowledged survives the death of a process, and how soon it is ready again. Does not show what
//! happens when the machine loses power: what the operating system has not written yet is still there.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::scenarios::Size;
use crate::scenarios::phones::{Crowd, Day, Habits};
use crate::table::{End, Row};
use crate::world::{Scene, World};

/// R2's promise.
pub(super) const READY_MAX: Duration = Duration::from_secs(5);
const PHONES: usize = 4;
/// On a machine that does nothing else it takes some 50 ms until an audit has come through.
const WORK_MAX: Duration = Duration::from_secs(5);

const HABITS: Habits = Habits {
    compressed: 20,
    pauses_compressed: 20,
    padding_bytes: (1_000, 60_000),
    audits: None,
    delivers_for: Duration::from_secs(60),
};

/// # Errors
/// That the server does not come back.
pub async fn kill_server(world: &mut World, size: Size) -> anyhow::Result<Row> {
    let cycles = size.pick(8, 100, 1_000);
    let at = world.server.url();
    let mut run = Run::begin(world, "kill-server", &at).await?;
    for _ in 0..cycles {
        run.let_work().await;
        world.server.kill().await?;
        run.ready.push(world.server.start().await?);
    }
    run.end(world, "R1", "kill -9 of the server", cycles, None)
        .await
}

/// # Errors
/// That PostgreSQL or the server does not come back.
pub async fn kill_postgres(world: &mut World, size: Size) -> anyhow::Result<Row> {
    let cycles = size.pick(3, 30, 300);
    let at = world.server.url();
    let mut run = Run::begin(world, "kill-postgres", &at).await?;
    for _ in 0..cycles {
        run.let_work().await;
        let postgres = world.postgres.as_ref().context("this is not PostgreSQL")?;
        postgres.kill().await?;
        let back = postgres.again().await?;
        run.ready.push(world.server.ready(back).await?);
    }
    run.end(
        world,
        "R2",
        "kill -9 of PostgreSQL",
        cycles,
        Some(READY_MAX),
    )
    .await
}

/// Phones at work while something dies again and again.
pub(super) struct Run {
    scene: Arc<Scene>,
    crowd: Crowd,
    pub dice: crate::dice::Dice,
    /// How long it took each time until all was ready again.
    pub ready: Vec<Duration>,
}

impl Run {
    /// Phones on a line to `url`.
    pub async fn begin(world: &World, name: &str, url: &str) -> anyhow::Result<Self> {
        let ledger = world.folder.join(format!("{name}.ledger"));
        Self::begin_with_ledger(world, name, url, &ledger).await
    }

    /// The same with the ledger in another place.
    pub async fn begin_with_ledger(
        world: &World,
        name: &str,
        url: &str,
        ledger: &std::path::Path,
    ) -> anyhow::Result<Self> {
        let mut scene = world.scene_with_ledger(name, PHONES, ledger).await?;
        let dice = scene.dice.fork();
        let scene = Arc::new(scene);
        let urls = vec![url.to_owned(); PHONES];
        Ok(Self {
            crowd: Crowd::start(world, &scene, &urls, &HABITS)?,
            scene,
            dice,
            ready: Vec::new(),
        })
    }

    pub fn scene(&self) -> Arc<Scene> {
        Arc::clone(&self.scene)
    }

    /// Between a twentieth of a second and a whole one, and until another audit has come through: a server that is killed
    /// before it has done anything has nothing to lose.
    pub async fn let_work(&mut self) {
        let before = self.scene.ledger.acknowledged();
        tokio::time::sleep(Duration::from_millis(self.dice.between(50, 1_000))).await;
        let waited = Instant::now();
        while self.scene.ledger.acknowledged() == before && waited.elapsed() < WORK_MAX {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    pub async fn end(
        mut self,
        world: &World,
        promise: &'static str,
        scenario: &str,
        cycles: usize,
        ready_max: Option<Duration>,
    ) -> anyhow::Result<Row> {
        let day = Day::of_all(&self.crowd.end().await?);
        let verdict = world.judge(&self.scene).await?;
        self.ready.sort_unstable();
        let slowest = self.ready.last().copied().unwrap_or_default();
        let median = self.ready[self.ready.len() / 2];
        let mut wrong: Vec<String> = day.wrong().into_iter().collect();
        if ready_max.is_some_and(|most| slowest > most) {
            wrong.push(format!("ready again only after {slowest:?}"));
        }
        let lines_lost: u64 = day.failures.values().sum();
        Ok(Row {
            promise,
            database: world.database(),
            scenario: format!("{scenario}, {PHONES} phones"),
            size: format!("{cycles} kills"),
            faults: cycles as u64,
            end: End::of(&verdict, &wrong),
            extra: vec![
                format!("{lines_lost} of {} rounds broken", day.rounds),
                format!(
                    "ready in {} ms, at most {}",
                    median.as_millis(),
                    slowest.as_millis()
                ),
            ],
            verdict,
        })
    }
}
