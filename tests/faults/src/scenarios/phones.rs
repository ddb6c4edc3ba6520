//! Phones that hand in audits with photos while something is broken: the project's reference client, with time compressed.
//!
//! Not here: what is broken.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use plainclothes_phone::{
    End, FinishedAudit, Line, MemoryStore, Observer, Patience, Phone, backoff,
};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::dice::Dice;
use crate::document::Photo;
use crate::judge::receipt;
use crate::ledger::{Ledger, Note};
use crate::world::{Scene, World};

/// At its end a phone has asked the server so often how things stand: in one round it learns of a new epoch, in the next it
/// offers what it holds.
const LAST_ROUNDS: u32 = 2;

/// A phone does not finish the next audit while so many are open.
const OPEN_MAX: usize = 3;

/// What the phones of a scenario do.
#[derive(Clone, Debug)]
pub struct Habits {
    /// How long it waits for answers is so many times shorter than in a pocket.
    pub compressed: u32,
    /// And how long it waits between rounds that failed.
    pub pauses_compressed: u32,
    /// How much noise is added to a photo's 29 KB, drawn between these.
    pub padding_bytes: (u64, u64),
    /// So many audits each; until it is told to stop when absent.
    pub audits: Option<u64>,
    /// How long it goes on trying to deliver what it has after that.
    pub delivers_for: Duration,
}

/// Phones at work. They are stopped when this is dropped.
#[derive(Debug)]
pub struct Crowd {
    stop: Arc<AtomicBool>,
    witnesses: Vec<Arc<Witness>>,
    tasks: Vec<JoinHandle<anyhow::Result<Day>>>,
}

/// What one phone has done.
#[derive(Clone, Debug, Default)]
pub struct Day {
    pub audits: u64,
    /// Audits that are not complete on the server, as far as the phone knows.
    pub open: u64,
    /// Audits that the phone shows under 'needs help'.
    pub parked: u64,
    /// Of all photos together.
    pub photo_bytes: u64,
    pub rounds: u64,
    /// Why rounds did not come to their end.
    pub failures: BTreeMap<String, u64>,
}

impl Day {
    /// Of several phones together.
    pub fn of_all(days: &[Self]) -> Self {
        let mut all = Self::default();
        for day in days {
            all.audits += day.audits;
            all.open += day.open;
            all.parked += day.parked;
            all.photo_bytes += day.photo_bytes;
            all.rounds += day.rounds;
            for (failure, count) in &day.failures {
                *all.failures.entry(failure.clone()).or_default() += count;
            }
        }
        all
    }

    /// What is wrong with it: everything has to be delivered in the end.
    pub fn wrong(&self) -> Option<String> {
        let Self { open, parked, .. } = self;
        (open + parked > 0).then(|| {
            let failures = &self.failures;
            format!("{open} audits not delivered, {parked} parked, after {failures:?}")
        })
    }
}

/// Writes what a phone is told into the ledger, before the phone itself notes it.
#[derive(Debug)]
struct Witness {
    scene: Arc<Scene>,
    phone: usize,
    is_broken: AtomicBool,
}

impl Witness {
    fn note(&self, note: &Note) {
        let ledger: &Ledger = &self.scene.ledger;
        if ledger.note(note).is_err() {
            self.is_broken.store(true, Ordering::SeqCst);
        }
    }
}

impl Observer for Witness {
    fn sent(&self, audit: Uuid, sha256: &str) {
        self.note(&Note::Sent {
            phone: self.phone,
            work: audit.to_string(),
            audit: audit.to_string(),
            sha256: sha256.to_owned(),
        });
    }

    fn acknowledged(&self, audit: Uuid, sha256: &str, text: &str, _: u16) {
        self.note(&Note::Acked {
            phone: self.phone,
            audit: audit.to_string(),
            sha256: sha256.to_owned(),
            receipt: receipt(text),
        });
    }

    fn photo_acknowledged(&self, sha256: &str) {
        self.note(&Note::Photo {
            phone: self.phone,
            sha256: sha256.to_owned(),
        });
    }
}

impl Crowd {
    /// Starts a phone for each address, each of another shopper of the scene.
    ///
    /// # Errors
    /// That a phone cannot be made.
    pub fn start(
        world: &World,
        scene: &Arc<Scene>,
        urls: &[String],
        habits: &Habits,
    ) -> anyhow::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (mut witnesses, mut tasks) = (Vec::new(), Vec::new());
        for (number, url) in urls.iter().enumerate() {
            let patience = Patience {
                answer: Patience::default().answer / habits.compressed,
                bytes_per_s: Patience::default().bytes_per_s * u64::from(habits.compressed),
            };
            let client = reqwest::Client::builder()
                .connect_timeout(patience.answer)
                .build()?;
            let line = Line::new(client, &world.server.url(), patience);
            let mut phone = Phone::with(Box::new(MemoryStore::default()), line)?;
            let token = scene.devices[number].token.clone();
            phone.use_session(world.shoppers[number].parse()?, token)?;
            let witness = Arc::new(Witness {
                scene: Arc::clone(scene),
                phone: number,
                is_broken: AtomicBool::new(false),
            });
            phone.observe(Arc::clone(&witness) as Arc<dyn Observer>);
            witnesses.push(witness);
            let holder = Holder {
                phone,
                url: url.clone(),
                scene: Arc::clone(scene),
                number,
                dice: Dice::new(
                    world.given.seed,
                    &format!("{} {} {number}", world.database(), scene.name),
                ),
                habits: habits.clone(),
                day: Day::default(),
            };
            tasks.push(tokio::spawn(holder.live(Arc::clone(&stop))));
        }
        Ok(Self {
            stop,
            witnesses,
            tasks,
        })
    }

    /// Lets every phone deliver what it has, and tells what each has done.
    ///
    /// # Errors
    /// That a ledger could not be written: then there can be no verdict.
    pub async fn end(self) -> anyhow::Result<Vec<Day>> {
        self.stop.store(true, Ordering::SeqCst);
        self.end_by_themselves().await
    }

    /// The same for phones that have a number of audits to make.
    ///
    /// # Errors
    /// That a ledger could not be written: then there can be no verdict.
    pub async fn end_by_themselves(mut self) -> anyhow::Result<Vec<Day>> {
        let mut days = Vec::new();
        for task in std::mem::take(&mut self.tasks) {
            days.push(task.await??);
        }
        let broken = |witness: &Arc<Witness>| witness.is_broken.load(Ordering::SeqCst);
        anyhow::ensure!(
            !self.witnesses.iter().any(broken),
            "the ledger cannot be written"
        );
        Ok(days)
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Somebody who makes visits with a phone.
struct Holder {
    phone: Phone,
    /// Of the line that it is on from its second round on.
    url: String,
    scene: Arc<Scene>,
    number: usize,
    dice: Dice,
    habits: Habits,
    day: Day,
}

impl Holder {
    async fn live(mut self, stop: Arc<AtomicBool>) -> anyhow::Result<Day> {
        let mut failures_in_a_row = 0;
        let mut give_up = None;
        let mut last_rounds = 0;
        // At home, on a good line: what visits need is fetched ahead of them.
        self.phone.round().await;
        self.phone.set_server(&self.url);
        loop {
            let is_over = stop.load(Ordering::SeqCst)
                || self
                    .habits
                    .audits
                    .is_some_and(|most| self.day.audits >= most);
            let outbox = self.phone.outbox();
            let open = outbox.iter().filter(|item| item.is_open()).count();
            if is_over {
                let until = *give_up.get_or_insert(Instant::now() + self.habits.delivers_for);
                let is_sure = open == 0 && last_rounds >= LAST_ROUNDS;
                if is_sure || Instant::now() >= until {
                    break;
                }
            } else if open < OPEN_MAX {
                self.finish()?;
            }
            let round = self.phone.round().await;
            self.day.rounds += 1;
            if let Some(failure) = &round.last_failure {
                *self.day.failures.entry(failure.kind()).or_default() += 1;
            }
            let pause = if round.end == End::Done && round.aside == 0 {
                failures_in_a_row = 0;
                last_rounds += u32::from(is_over);
                Duration::from_millis(5)
            } else {
                // As the app does it: a round that got something across is no failure.
                failures_in_a_row = if round.moved {
                    1
                } else {
                    failures_in_a_row + 1
                };
                let random = self.dice.below(1000) as f64 / 1000.0;
                backoff(failures_in_a_row.min(6), random, round.retry_after)
                    / self.habits.pauses_compressed
            };
            tokio::time::sleep(pause).await;
        }
        use plainclothes_phone::Standing;
        for item in self.phone.outbox() {
            match item.state {
                Standing::Parked => self.day.parked += 1,
                _ if item.is_open() => self.day.open += 1,
                _ => {}
            }
        }
        Ok(self.day)
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        let (least, most) = self.habits.padding_bytes;
        let padding = usize::try_from(self.dice.between(least, most))?;
        let photo = Photo::unique(&mut self.dice, padding);
        let audit = self.scene.occasions[self.number].audit(self.dice.uuid(), &photo)?;
        self.day.audits += 1;
        self.day.photo_bytes += photo.bytes.len() as u64;
        self.phone.finish(FinishedAudit {
            audit: audit.id,
            text: audit.text.into_bytes(),
            photos: vec![photo.bytes],
        })?;
        Ok(())
    }
}
