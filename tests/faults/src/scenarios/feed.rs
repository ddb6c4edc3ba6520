//! R8: sixteen writers move the visits of a few shoppers to and fro, while their phones pull page by page.
//!
//! Shows that pages, applied in order, come to exactly what the server has, and that the check agrees after every last
//! page. The control reads by a sequence instead, straight on PostgreSQL, and has to miss rows.
//! Does not show: several nodes, or tombstones that were pruned.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::api::Api;
use crate::dice::Dice;
use crate::judge::Verdict;
use crate::scenarios::Size;
use crate::sql::{Session, Sql};
use crate::table::{End, Row};
use crate::world::{World, text};

const WRITERS: usize = 16;
const READERS: usize = 4;
/// All writers stop so often, and what each phone holds is compared with the database.
const QUIET_POINTS: u64 = 4;
/// Small, so that pages end in the middle of things.
const PAGE: usize = 7;
/// Often enough to read in the middle of the writers, and no busier.
const POLLED_EVERY: std::time::Duration = std::time::Duration::from_millis(5);

/// # Errors
/// When the server does not answer: nothing is broken on purpose here.
pub async fn run(world: &World, size: Size) -> anyhow::Result<Vec<Row>> {
    let commits = size.pick(400, 20_000, 1_000_000);
    let mut scene = world.scene("feed", READERS).await?;
    let mut readers: Vec<Reader> = scene.devices.iter().cloned().map(Reader::new).collect();
    let work = Arc::new(Work {
        admin: world.admin.clone(),
        shoppers: world.shoppers[..READERS].to_vec(),
        new_visit: world.new_visit("")?,
        visits: Mutex::default(),
        left: AtomicU64::new(0),
        committed: AtomicU64::new(0),
        done: AtomicBool::new(false),
    });
    let mut verdict = Verdict::default();
    let mut wrong = Vec::new();
    for _ in 0..QUIET_POINTS {
        work.left.store(commits / QUIET_POINTS, Ordering::SeqCst);
        work.done.store(false, Ordering::SeqCst);
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| tokio::spawn(Arc::clone(&work).write(scene.dice.fork())))
            .collect();
        let pulling: Vec<_> = readers
            .drain(..)
            .map(|reader| tokio::spawn(reader.pull_until(Arc::clone(&work))))
            .collect();
        for writer in writers {
            writer.await??;
        }
        work.done.store(true, Ordering::SeqCst);
        for task in pulling {
            readers.push(task.await??);
        }
        for (reader, shopper) in readers.iter().zip(&world.shoppers) {
            compare(world, &work, reader, shopper, &mut verdict).await?;
        }
    }
    let disagreed: u64 = readers.iter().map(|reader| reader.disagreed).sum();
    let resets: u64 = readers.iter().map(|reader| reader.resets).sum();
    if disagreed + resets > 0 {
        wrong.push(format!("{disagreed} checks disagreed, {resets} resets"));
    }
    let checks: u64 = readers.iter().map(|reader| reader.checks).sum();
    let pages: u64 = readers.iter().map(|reader| reader.pages).sum();
    let committed = work.committed.load(Ordering::SeqCst);
    verdict.sent = committed;
    verdict.acknowledged = committed;
    let mut rows = vec![Row {
        promise: "R8",
        database: world.database(),
        scenario: format!("feeds of {READERS} phones under {WRITERS} writers"),
        size: format!("{committed} commits"),
        faults: 0,
        end: End::of(&verdict, &wrong),
        extra: vec![format!(
            "{pages} pages, {disagreed} of {checks} checks disagreed"
        )],
        verdict,
    }];
    if let Sql::Postgres(_) = world.sql {
        rows.push(by_sequence(world, size).await?);
    }
    Ok(rows)
}

/// What the writers share.
struct Work {
    admin: Api,
    shoppers: Vec<String>,
    new_visit: Value,
    /// All that were made here.
    visits: Mutex<Vec<String>>,
    left: AtomicU64,
    committed: AtomicU64,
    done: AtomicBool,
}

impl Work {
    async fn write(self: Arc<Self>, mut dice: Dice) -> anyhow::Result<()> {
        let take_one = |left: u64| left.checked_sub(1);
        let order = Ordering::SeqCst;
        while self.left.try_update(order, order, take_one).is_ok() {
            let shopper = &self.shoppers[dice.below(READERS as u64) as usize];
            let visit = self.any_visit(&mut dice);
            let answer = match (visit, dice.below(10)) {
                (Some(visit), 0..5) => {
                    let body = json!({"shopper": shopper});
                    let path = format!("/visits/{visit}/assign");
                    self.admin.post(&path, &body).await?
                }
                (Some(visit), 5..7) => {
                    let body = json!({"reason": "not needed"});
                    let path = format!("/visits/{visit}/withdraw");
                    self.admin.post(&path, &body).await?
                }
                _ => self.create(shopper).await?,
            };
            // 409: another writer has withdrawn it.
            if answer.status != 409 {
                answer.accepted()?;
                self.committed.fetch_add(1, order);
            }
        }
        Ok(())
    }

    fn any_visit(&self, dice: &mut Dice) -> Option<String> {
        let visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        // Mostly the newest: old ones are withdrawn by now, and several writers meet on these.
        let newest = visits.len().saturating_sub(24);
        let index = newest + dice.below((visits.len() - newest) as u64) as usize;
        visits.get(index).cloned()
    }

    async fn create(&self, shopper: &str) -> anyhow::Result<crate::api::Answer> {
        let mut visit = self.new_visit.clone();
        visit["shopper"] = shopper.into();
        let answer = self.admin.post("/visits", &visit).await?.accepted()?;
        let id = text(&answer.json(), "/id")?;
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        visits.push(id);
        Ok(answer)
    }
}

/// A phone that does nothing but pull.
struct Reader {
    device: Api,
    cursor: Option<String>,
    /// By kind and id: revision and value.
    held: BTreeMap<(String, String), (i64, Value)>,
    pages: u64,
    checks: u64,
    disagreed: u64,
    resets: u64,
}

impl Reader {
    fn new(device: Api) -> Self {
        Self {
            device,
            cursor: None,
            held: BTreeMap::new(),
            pages: 0,
            checks: 0,
            disagreed: 0,
            resets: 0,
        }
    }

    async fn pull_until(mut self, work: Arc<Work>) -> anyhow::Result<Self> {
        loop {
            // Looked at before pulling, so that the last pull comes after the last write.
            let is_last = work.done.load(Ordering::SeqCst);
            while self.pull().await? {}
            if is_last {
                return Ok(self);
            }
            tokio::time::sleep(POLLED_EVERY).await;
        }
    }

    /// Applies one page; whether there is more.
    async fn pull(&mut self) -> anyhow::Result<bool> {
        let path = match &self.cursor {
            Some(cursor) => format!("/sync/changes?limit={PAGE}&cursor={cursor}"),
            None => format!("/sync/changes?limit={PAGE}"),
        };
        let page = self.device.get(&path).await?.accepted()?.json();
        self.pages += 1;
        if page["reset"] == true {
            self.resets += 1;
            self.held.clear();
        }
        for change in page["changes"].as_array().context("no changes")? {
            let key = (text(change, "/kind")?, text(change, "/id")?);
            if change["op"] == "put" {
                let rev = change["rev"].as_i64().context("no revision")?;
                self.held.insert(key, (rev, change["value"].clone()));
            } else {
                self.held.remove(&key);
            }
        }
        self.cursor = Some(text(&page, "/cursor")?);
        if page["more"] == true {
            return Ok(true);
        }
        self.checks += 1;
        let count = page["check"]["count"].as_u64();
        let sum = page["check"]["sum"].as_str().unwrap_or_default();
        if count != Some(self.held.len() as u64) || sum != self.sum() {
            self.disagreed += 1;
        }
        Ok(false)
    }

    /// As `docs/sync.md` has it.
    fn sum(&self) -> String {
        let mut sum = 0;
        for ((kind, id), (rev, _)) in &self.held {
            let digest = Sha256::digest(format!("{kind}:{id}:{rev}"));
            let mut first = [0; 8];
            first.copy_from_slice(&digest[..8]);
            sum ^= u64::from_be_bytes(first);
        }
        format!("{sum:016x}")
    }
}

/// Compares what a phone holds with the rows of the visits that were made here, and with a snapshot of the server's.
async fn compare(
    world: &World,
    work: &Work,
    reader: &Reader,
    shopper: &str,
    verdict: &mut Verdict,
) -> anyhow::Result<()> {
    let (id, of) = (world.sql.id("id"), world.sql.id("shopper_id"));
    let shopper = shopper.replace('-', "");
    let query =
        format!("SELECT {id}, rev FROM visit WHERE {of} = '{shopper}' AND state = 'assigned'");
    let rows = world.sql.rows(&query).await?;
    let mut there: BTreeMap<String, String> = BTreeMap::new();
    for row in rows {
        let mut cells = row.into_iter();
        there.insert(
            cells.next().unwrap_or_default(),
            cells.next().unwrap_or_default(),
        );
    }
    let made: Vec<String> = {
        let visits = work.visits.lock().unwrap_or_else(PoisonError::into_inner);
        visits.iter().map(|id| id.replace('-', "")).collect()
    };
    there.retain(|id, _| made.contains(id));
    let mut fresh = Reader::new(reader.device.clone());
    while fresh.pull().await? {}
    let mut held = reader.held.clone();
    for (key, value) in &fresh.held {
        match held.remove(key) {
            None => miss(verdict, &format!("{key:?} is in the snapshot")),
            Some(ours) if ours != *value => {
                verdict.altered += 1;
                verdict.findings.push(format!("{key:?} is another"));
            }
            Some(_) => {}
        }
    }
    verdict.doubled += held.len() as u64;
    for (id, rev) in there {
        let held = reader
            .held
            .iter()
            .any(|((_, held), (of, _))| held.replace('-', "") == id && of.to_string() == rev);
        if !held {
            miss(verdict, &format!("visit {id} at {rev} is in the table"));
        }
    }
    Ok(())
}

fn miss(verdict: &mut Verdict, words: &str) {
    verdict.lost += 1;
    if verdict.lost < 4 {
        verdict
            .findings
            .push(format!("{words} and not on the phone"));
    }
}

/// Control: rows numbered by a sequence and committed in whatever order, read from the highest number that was seen.
async fn by_sequence(world: &World, size: Size) -> anyhow::Result<Row> {
    let each = size.pick(40, 200, 500);
    let mut reader = Session::open(&world.sql)?;
    reader
        .run("CREATE TABLE fault_control (seq bigserial PRIMARY KEY);")
        .await?;
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        let mut session = Session::open(&world.sql)?;
        writers.push(tokio::spawn(async move {
            for _ in 0..each {
                session
                    .run("BEGIN; INSERT INTO fault_control DEFAULT VALUES; SELECT pg_sleep(random() * 0.004); COMMIT;")
                    .await?;
            }
            anyhow::Ok(())
        }));
    }
    let (mut last, mut seen) = (0_i64, 0_i64);
    loop {
        let is_last = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let query = format!("SELECT seq FROM fault_control WHERE seq > {last} ORDER BY seq;");
        for line in reader.run(&query).await? {
            last = line.parse()?;
            seen += 1;
        }
        if is_last {
            break;
        }
    }
    for writer in writers {
        writer.await??;
    }
    let committed = world
        .sql
        .number("SELECT count(*) FROM fault_control")
        .await?;
    reader.run("DROP TABLE fault_control;").await?;
    let missed = u64::try_from(committed - seen)?;
    Ok(Row {
        promise: "R8",
        database: world.database(),
        scenario: "control: a sequence as the cursor".to_owned(),
        size: format!("{committed} commits"),
        faults: 0,
        end: End::of_control(missed > 0),
        extra: Vec::new(),
        verdict: Verdict {
            sent: u64::try_from(committed)?,
            acknowledged: u64::try_from(committed)?,
            lost: missed,
            ..Verdict::default()
        },
    })
}
