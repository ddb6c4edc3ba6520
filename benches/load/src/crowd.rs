//! Thousands of phones on one server, as on an ordinary day: each pulls once a minute and hands in twice a day. Every one is the
//! reference client and runs whole rounds; time is compressed, and rounds begin when they are due, however long others take.
//!
//! What is not as on an ordinary day: the phones share few accounts and few connections, and remember nothing on a disk.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use plainclothes_phone::{
    End, FinishedAudit, Line, MemoryStore, Observer, Patience, Phone, RoundEnd, Shelf, sha256,
};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use uuid::Uuid;

use crate::Arguments;
use crate::api::Api;
use crate::check::{self, Verdict};
use crate::document::{Occasion, Template};
use crate::figures::{percentile_ms, rounded};
use crate::ledger::{Ledger, Note};
use crate::machine::{Cores, Cpu, MemoryWatch, load_average};
use crate::stage::{self, Stage};

const MINUTES_BETWEEN_AUDITS: u64 = 12 * 60;
/// Memory is told for so many parts of the run.
const PARTS: u32 = 10;

/// What came of a crowd.
#[derive(Debug)]
pub struct Figures {
    label: String,
    phones: usize,
    accounts: usize,
    connections: usize,
    compress: u32,
    took: Duration,
    rounds: Rounds,
    /// The most in each tenth of the run, in MiB; empty when the server's process is not known.
    server_mib: Vec<f64>,
    cores: Cores,
    load_average: f64,
    pub verdict: Verdict,
}

/// Rounds that were run; durations in ascending order once all are in.
#[derive(Debug, Default)]
struct Rounds {
    /// Those in which nothing was handed in.
    pulls: Vec<Duration>,
    /// Those in which an audit was.
    audits: Vec<Duration>,
    /// How long each round waited for a connection after it was due.
    late: Vec<Duration>,
    failures: BTreeMap<String, u64>,
}

/// The account's part of the ledger.
struct Noting {
    account: usize,
    notes: Sender<Note>,
}

impl Observer for Noting {
    fn sent(&self, audit: Uuid, sha256: &str) {
        // The ledger's end is told when it is closed.
        let _ = self.notes.send(Note::Sent {
            phone: self.account,
            audit: audit.to_string(),
            sha256: sha256.to_owned(),
        });
    }

    fn acknowledged(&self, audit: Uuid, sha256: &str, receipt: &str, _: u16) {
        let receipt: Value = serde_json::from_str(receipt).unwrap_or_default();
        let _ = self.notes.send(Note::Acked {
            phone: self.account,
            audit: audit.to_string(),
            sha256: sha256.to_owned(),
            number: receipt["number"].as_i64().unwrap_or_default(),
        });
    }

    fn photo_acknowledged(&self, _: &str) {}
}

/// What the phones of one account have in common.
struct Account {
    api: Api,
    template: Template,
    checklists: Vec<(String, Arc<[u8]>)>,
}

/// One phone of the crowd.
struct Member {
    phone: Phone,
    template: Template,
    /// The minute of each half day in which it hands in.
    hands_in_at: u64,
}

/// Sets up the crowd, lets it work, and judges.
///
/// # Errors
/// What the server says while things are set up.
pub async fn measure(arguments: Arguments) -> anyhow::Result<Figures> {
    let stage = stage::set_up(&arguments.url, None).await?;
    let (ledger, notes) = Ledger::open(&arguments.ledger)?;
    let client = Client::builder()
        .pool_max_idle_per_host(arguments.connections)
        .build()?;
    let mut accounts = Vec::new();
    for index in 0..arguments.accounts.max(1) {
        accounts.push(account(&stage, &client, index, &arguments).await?);
    }
    let slots = Arc::new(Semaphore::new(arguments.connections.max(1)));
    let count = arguments.crowd.unwrap_or_default();
    let mut members = Vec::new();
    for index in 0..count {
        let which = index % accounts.len();
        let noting = Noting {
            account: which,
            notes: notes.clone(),
        };
        members.push(member(&stage, &client, &accounts[which], noting, index)?);
    }
    drop(notes);
    // Their first round, which fetches all that there is, is not measured: phones are not all new on the same day.
    let members = catch_up(members, &slots).await?;
    let listed_before = stage.listed().await?;
    let memory = arguments.server_pid.map(MemoryWatch::begin);
    let load_average = load_average()?;
    let before = Cpu::read(arguments.server_pid)?;
    let began = Instant::now();
    let minute = Duration::from_secs(60) / arguments.compress.max(1);
    let sample = Arc::new(stage.sample.bytes.to_vec());
    let tasks: Vec<_> = members
        .into_iter()
        .enumerate()
        .map(|(index, member)| {
            // Spread over the minute.
            let first = minute.mul_f64(index as f64 / count as f64);
            let days_work = member.work(
                began + first,
                minute,
                arguments.minutes,
                Arc::clone(&slots),
                Arc::clone(&sample),
            );
            tokio::spawn(days_work)
        })
        .collect();
    let server_mib = watch(memory, minute * u32::try_from(arguments.minutes)? / PARTS).await;
    let mut rounds = Rounds::default();
    for task in tasks {
        rounds.add(task.await?);
    }
    let took = began.elapsed();
    let cores = Cpu::read(arguments.server_pid)?.cores_since(&before, took);
    rounds.finish();
    let entries = ledger.close()?;
    let apis: Vec<Api> = accounts.into_iter().map(|account| account.api).collect();
    let held = check::ask(&apis, &stage.sample.sha256, &entries).await?;
    let listed = stage.listed().await? - listed_before;
    Ok(Figures {
        label: arguments.label,
        phones: count,
        accounts: apis.len(),
        connections: arguments.connections,
        compress: arguments.compress,
        took,
        rounds,
        server_mib,
        cores,
        load_average,
        verdict: check::compare(&entries, &held, listed),
    })
}

/// Signs in, gets a visit, delivers the photo that all its audits name, and fetches the checklists once for all its phones.
async fn account(
    stage: &Stage,
    client: &Client,
    index: usize,
    arguments: &Arguments,
) -> anyhow::Result<Account> {
    let email = stage::email(index);
    let api = Api::sign_in_with(client.clone(), &stage.url, &email, &arguments.password).await?;
    let visit = stage.new_visit(index).await?;
    let template = Template::new(Occasion {
        visit: &visit,
        checklist: &stage.checklist,
        at: &stage.at,
        photo_bytes: stage.sample.bytes.len(),
    })?;
    let line = Line::new(client.clone(), &stage.url, Patience::default());
    let mut first = Phone::with(Box::new(MemoryStore::default()), line)?;
    first.use_session(api.session.me.user, api.session.token.clone())?;
    first.finish(handed_in(&template, &stage.sample.bytes)?)?;
    let round = first.round().await;
    anyhow::ensure!(is_good(&round), "{email}: {:?}", round.last_failure);
    let mut checklists = Vec::new();
    for visit in first.visits() {
        if let Some(bytes) = first.checklist(&visit.checklist_sha256)? {
            checklists.push((visit.checklist_sha256, bytes.into()));
        }
    }
    Ok(Account {
        api,
        template,
        checklists,
    })
}

fn handed_in(template: &Template, sample: &[u8]) -> anyhow::Result<FinishedAudit> {
    let audit = template.audit(&sha256(sample));
    FinishedAudit::from_text(audit.bytes, vec![sample.to_vec()])
}

fn member(
    stage: &Stage,
    client: &Client,
    account: &Account,
    noting: Noting,
    index: usize,
) -> anyhow::Result<Member> {
    let mut store = MemoryStore::default();
    for (name, bytes) in &account.checklists {
        store.share(Shelf::Checklists, name, Arc::clone(bytes));
    }
    let line = Line::new(client.clone(), &stage.url, Patience::default());
    let mut phone = Phone::with(Box::new(store), line)?;
    let session = &account.api.session;
    phone.use_session(session.me.user, session.token.clone())?;
    phone.observe(Arc::new(noting));
    Ok(Member {
        phone,
        template: account.template.clone(),
        hands_in_at: index as u64 % MINUTES_BETWEEN_AUDITS,
    })
}

fn is_good(round: &RoundEnd) -> bool {
    round.end == End::Done && round.aside == 0
}

async fn catch_up(members: Vec<Member>, slots: &Arc<Semaphore>) -> anyhow::Result<Vec<Member>> {
    let tasks = members.into_iter().map(|mut member| {
        let slots = Arc::clone(slots);
        tokio::spawn(async move {
            let _slot = slots.acquire_owned().await?;
            let round = member.phone.round().await;
            anyhow::ensure!(is_good(&round), "first round: {:?}", round.last_failure);
            Ok(member)
        })
    });
    let mut ready = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        ready.push(task.await??);
    }
    Ok(ready)
}

async fn watch(memory: Option<MemoryWatch>, part: Duration) -> Vec<f64> {
    let mut parts = Vec::new();
    for _ in 0..PARTS {
        tokio::time::sleep(part).await;
        parts.extend(memory.as_ref().map(MemoryWatch::take_most_mib));
    }
    parts
}

impl Member {
    async fn work(
        mut self,
        first: Instant,
        minute: Duration,
        minutes: u64,
        slots: Arc<Semaphore>,
        sample: Arc<Vec<u8>>,
    ) -> Rounds {
        let mut rounds = Rounds::default();
        let mut due = first;
        for now in 0..minutes {
            tokio::time::sleep_until(due).await;
            let hands_in = now % MINUTES_BETWEEN_AUDITS == self.hands_in_at;
            if hands_in
                && let Err(error) =
                    handed_in(&self.template, &sample).and_then(|audit| self.phone.finish(audit))
            {
                rounds.failed(format!("finishing: {error}"));
            }
            let Ok(_slot) = slots.acquire().await else {
                return rounds;
            };
            let began = Instant::now();
            rounds.late.push(began - due);
            let round = self.phone.round().await;
            if !is_good(&round) {
                let why = round.last_failure.map(|failure| failure.kind());
                rounds.failed(why.unwrap_or_else(|| format!("{:?}", round.end)));
            } else if hands_in {
                rounds.audits.push(began.elapsed());
            } else {
                rounds.pulls.push(began.elapsed());
            }
            due += minute;
        }
        rounds
    }
}

impl Rounds {
    fn failed(&mut self, why: String) {
        *self.failures.entry(why).or_default() += 1;
    }

    fn add(&mut self, others: Self) {
        self.pulls.extend(others.pulls);
        self.audits.extend(others.audits);
        self.late.extend(others.late);
        for (why, times) in others.failures {
            *self.failures.entry(why).or_default() += times;
        }
    }

    fn finish(&mut self) {
        for all in [&mut self.pulls, &mut self.audits, &mut self.late] {
            all.sort_unstable();
        }
    }
}

impl Figures {
    fn per_second(&self, count: usize) -> f64 {
        count as f64 / self.took.as_secs_f64()
    }

    /// One line of JSON.
    pub fn json(&self) -> Value {
        let times = |all: &[Duration]| {
            json!({
                "count": all.len(),
                "per_second": rounded(self.per_second(all.len()), 2),
                "p50_ms": rounded(percentile_ms(all, 50), 2),
                "p99_ms": rounded(percentile_ms(all, 99), 2),
            })
        };
        json!({
            "label": self.label,
            "task": "crowd",
            "phones": self.phones,
            "accounts": self.accounts,
            "connections": self.connections,
            "compress": self.compress,
            "seconds": rounded(self.took.as_secs_f64(), 1),
            "pulls": times(&self.rounds.pulls),
            "rounds_with_an_audit": times(&self.rounds.audits),
            "late_p99_ms": rounded(percentile_ms(&self.rounds.late, 99), 2),
            "errors": self.rounds.failures.values().sum::<u64>(),
            "errors_of_each_kind": self.rounds.failures,
            "sent": self.verdict.sent,
            "acknowledged": self.verdict.acknowledged,
            "lost": self.verdict.lost,
            "doubled": self.verdict.doubled,
            "altered": self.verdict.altered,
            "server_mib_of_each_tenth": self.server_mib.iter().map(|mib| rounded(*mib, 1)).collect::<Vec<_>>(),
            "cores_of_server": self.cores.server.map(|cores| rounded(cores, 2)),
            "cores_of_generator": rounded(self.cores.generator, 2),
            "cores_of_machine": rounded(self.cores.machine, 2),
            "load_average": self.load_average,
        })
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rounds, verdict, ..
        } = self;
        writeln!(
            f,
            "{}: {} phones ({} accounts with {} devices each, {} connections), time {} times as fast, {:.0} s",
            self.label,
            self.phones,
            self.accounts,
            self.phones / self.accounts.max(1),
            self.connections,
            self.compress,
            self.took.as_secs_f64()
        )?;
        for (name, all) in [
            ("pulls", &rounds.pulls),
            ("rounds with an audit", &rounds.audits),
        ] {
            writeln!(
                f,
                "  {name:<22} {:>8} {:>8.1}/s  p50 {:.1} ms  p99 {:.1} ms",
                all.len(),
                self.per_second(all.len()),
                percentile_ms(all, 50),
                percentile_ms(all, 99),
            )?;
        }
        writeln!(
            f,
            "  waited for a connection p99 {:.1} ms; errors {:?}; acked {}, lost {}, doubled {}, altered {}",
            percentile_ms(&rounds.late, 99),
            rounds.failures,
            verdict.acknowledged,
            verdict.lost,
            verdict.doubled,
            verdict.altered
        )?;
        let mib: Vec<String> = self
            .server_mib
            .iter()
            .map(|mib| format!("{mib:.0}"))
            .collect();
        write!(
            f,
            "  server MiB in each tenth: {}; cores s/g/all {:.2}/{:.2}/{:.2}; load average {:.1}",
            mib.join(" "),
            self.cores.server.unwrap_or_default(),
            self.cores.generator,
            self.cores.machine,
            self.load_average
        )
    }
}
