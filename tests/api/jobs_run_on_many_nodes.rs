//! The queue under several nodes: each job is settled once, by whoever holds it; what fails comes back; what is slow holds
//! up nothing else.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chrono::Duration;
use futures::future::BoxFuture;
use plainclothes::app::App;
use plainclothes::db::entities::job;
use plainclothes::error::{Error, Result};
use plainclothes::jobs::{self, Handler, Job};
use plainclothes::objects::ObjectError;
use sea_orm::{DatabaseTransaction, EntityTrait as _};
use serde::Serialize;
use tokio::sync::{Semaphore, mpsc, watch};

use crate::harness::World;

/// A job of a kind that many of may run at the same time.
#[derive(Serialize)]
struct Many(u32);
impl Job for Many {
    const KIND: &'static str = "webhook.deliver";
}

/// A job of another kind.
#[derive(Serialize)]
struct Other(u32);
impl Job for Other {
    const KIND: &'static str = "photo.renditions";
}

async fn enqueue<J: Job + Send + Sync + 'static>(world: &World, jobs: Vec<J>) {
    let (app, agency) = (world.app.clone(), world.agency);
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            for job in &jobs {
                jobs::enqueue(txn, &*app.clock, agency, job).await?;
            }
            Ok::<_, Error>(())
        })
    })
    .await
    .unwrap();
}

async fn rows(world: &World) -> Vec<job::Model> {
    job::Entity::find()
        .all(world.app.db.reader())
        .await
        .unwrap()
}

/// Another node on the same database.
async fn node(world: &World) -> App {
    App::start(world.app.config.clone(), world.clock.clone())
        .await
        .unwrap()
}

type Outcomes = Box<dyn Fn(&str, &str) -> Result<()> + Send + Sync>;

/// Says what was run, waits for leave where there is a gate, and ends as it is told to.
struct Told {
    ran: mpsc::UnboundedSender<(String, String)>,
    /// Runs of this kind need a permit to end.
    gate: Option<(&'static str, Arc<Semaphore>)>,
    outcome: Outcomes,
    gave_up: Mutex<Vec<String>>,
}

impl std::fmt::Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Told")
    }
}

impl Handler for Told {
    fn run<'a>(&'a self, _: &'a App, kind: &'a str, payload: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.ran
                .send((kind.to_owned(), payload.to_owned()))
                .unwrap();
            if let Some((_, gate)) = self.gate.as_ref().filter(|(of, _)| *of == kind) {
                gate.acquire().await.unwrap().forget();
            }
            (self.outcome)(kind, payload)
        })
    }

    fn gave_up<'a>(
        &'a self,
        _: &'a DatabaseTransaction,
        _: i64,
        _: &'a str,
        _: &'a str,
        why: &'a str,
    ) -> BoxFuture<'a, Result<()>> {
        self.gave_up.lock().unwrap().push(why.to_owned());
        Box::pin(async { Ok(()) })
    }
}

type Ran = mpsc::UnboundedReceiver<(String, String)>;

fn told(
    gate: Option<(&'static str, Arc<Semaphore>)>,
    outcome: impl Fn(&str, &str) -> Result<()> + Send + Sync + 'static,
) -> (Arc<Told>, Ran) {
    let (ran, heard) = mpsc::unbounded_channel();
    let told = Told {
        ran,
        gate,
        outcome: Box::new(outcome),
        gave_up: Mutex::default(),
    };
    (Arc::new(told), heard)
}

fn failure(why: &str) -> Result<()> {
    Err(Error::Internal(why.to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_run_each_job_once() {
    const JOBS: u32 = 150;
    let world = World::new().await;
    enqueue(&world, (0..JOBS).map(Many).collect()).await;
    let (handler, mut heard) = told(None, |_, _| Ok(()));
    let (stop, stopped) = watch::channel(false);
    let mut nodes = Vec::new();
    for app in [node(&world).await, node(&world).await] {
        nodes.push(tokio::spawn(jobs::work(
            app,
            handler.clone(),
            stopped.clone(),
        )));
    }
    let mut ran: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..JOBS {
        let (_, payload) = heard.recv().await.unwrap();
        *ran.entry(payload).or_default() += 1;
    }
    stop.send(true).unwrap();
    for node in nodes {
        node.await.unwrap();
    }
    drop(handler);
    assert!(heard.recv().await.is_none(), "a job was run once more");
    assert_eq!(ran.len(), JOBS as usize);
    assert!(ran.values().all(|times| *times == 1));
    assert!(rows(&world).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_lost_a_job_cannot_settle_it() {
    let world = World::new().await;
    enqueue(&world, vec![Many(1)]).await;
    let gate = Arc::new(Semaphore::new(0));
    let (slow, mut heard) = told(Some((Many::KIND, Arc::clone(&gate))), |_, _| Ok(()));
    let first = node(&world).await;
    let slow: Arc<dyn Handler> = slow;
    let running = tokio::spawn(async move { jobs::run_due(&first, &slow).await });
    heard.recv().await.unwrap();

    let (quick, _heard) = told(None, |_, _| failure("the second node could not"));
    let quick: Arc<dyn Handler> = quick;
    let second = node(&world).await;
    assert_eq!(
        jobs::run_due(&second, &quick).await.unwrap(),
        0,
        "it is held"
    );
    world.clock.advance(Duration::seconds(61));
    assert_eq!(jobs::run_due(&second, &quick).await.unwrap(), 1);

    // The first one comes to its end now, and would have removed the job.
    gate.add_permits(1);
    running.await.unwrap().unwrap();
    let left = rows(&world).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].attempts, 2);
    assert_eq!(
        left[0].last_error.as_deref(),
        Some("the second node could not")
    );
}

#[tokio::test]
async fn what_is_asked_for_again_while_it_runs_is_run_again() {
    let world = World::new().await;
    enqueue(&world, vec![Many(1), Many(2)]).await;
    enqueue(&world, vec![Many(1)]).await;
    assert_eq!(rows(&world).await.len(), 2, "the same job is one job");
    let gate = Arc::new(Semaphore::new(0));
    let (handler, mut heard) = told(Some((Many::KIND, Arc::clone(&gate))), |_, _| Ok(()));
    let handler: Arc<dyn Handler> = handler;
    let app = world.app.clone();
    let running = tokio::spawn(async move { jobs::run_due(&app, &handler).await });
    let (_, first) = heard.recv().await.unwrap();
    let again = Many(first.parse().unwrap());
    enqueue(&world, vec![again]).await;
    gate.add_permits(10);
    assert_eq!(running.await.unwrap().unwrap(), 3);
    assert!(rows(&world).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_kind_holds_up_no_other() {
    let world = World::new().await;
    enqueue(&world, (0..20).map(Other).collect()).await;
    let gate = Arc::new(Semaphore::new(0));
    let (handler, mut heard) = told(Some((Other::KIND, Arc::clone(&gate))), |_, _| Ok(()));
    let (stop, stopped) = watch::channel(false);
    let app = world.app.clone();
    let working = tokio::spawn(jobs::work(app, handler, stopped));
    assert_eq!(heard.recv().await.unwrap().0, Other::KIND);
    enqueue(&world, (0..20).map(Many).collect()).await;
    world.app.jobs.wake();
    let mut others = 0;
    while others < 20 {
        let (kind, _) = heard.recv().await.unwrap();
        // Those that stand at the gate are within their bound: no more of them begin.
        assert_eq!(kind, Many::KIND);
        others += 1;
    }
    gate.add_permits(20);
    stop.send(true).unwrap();
    working.await.unwrap();
}

#[tokio::test]
async fn a_panic_is_a_failed_attempt_and_an_outage_gives_nothing_up() {
    let world = World::new().await;
    enqueue(&world, vec![Many(1)]).await;
    enqueue(&world, vec![Other(1)]).await;
    let (handler, _heard) = told(None, |kind, _| {
        assert!(kind != Many::KIND, "as badly as that");
        Err(Error::Objects(ObjectError::Unavailable {
            trouble: plainclothes::objects::Trouble::NoAnswer,
            detail: "no answer".to_owned(),
        }))
    });
    let told = Arc::clone(&handler);
    let handler: Arc<dyn Handler> = handler;
    for _ in 0..40 {
        jobs::run_due(&world.app, &handler).await.unwrap();
        world.clock.advance(Duration::hours(5));
    }
    let left: BTreeMap<String, job::Model> = rows(&world)
        .await
        .into_iter()
        .map(|job| (job.kind.clone(), job))
        .collect();
    let (panicked, outage) = (&left[Many::KIND], &left[Other::KIND]);
    assert_eq!((panicked.state.as_str(), panicked.attempts), ("dead", 16));
    assert_eq!(
        panicked.last_error.as_deref(),
        Some("the job panicked: as badly as that")
    );
    assert_eq!(outage.state, "ready");
    assert_eq!(
        told.gave_up.lock().unwrap().len(),
        1,
        "told once, when it was given up"
    );

    // Asked for again, what was given up is a job like any other.
    enqueue(&world, vec![Many(1)]).await;
    let again = rows(&world).await;
    let again = again.iter().find(|job| job.kind == Many::KIND).unwrap();
    assert_eq!((again.state.as_str(), again.attempts), ("ready", 0));
}
