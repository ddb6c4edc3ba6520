//! R5: the S3 server is away, slow, answers with errors, breaks off and damages, while phones hand in.
//!
//! Shows that phones notice nothing of it, that afterwards every photo moves there by itself, and that what is read from
//! there then is what was handed in. Against Garage behind the fault proxy; where there is no Garage, the folder of the
//! server inside the process is taken away for a time instead, and the table says so.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::proxy::{Fault, Policy, Proxy};
use crate::scenarios::Size;
use crate::scenarios::phones::{Crowd, Day, Habits};
use crate::table::{End, Row};
use crate::tools::Garage;
use crate::world::{Scene, World};

const PHONES: usize = 4;
/// Jobs wait longer after each failure.
const DRAINED_WITHIN: Duration = Duration::from_secs(150);

const HABITS: Habits = Habits {
    compressed: 20,
    pauses_compressed: 20,
    padding_bytes: (1_000, 120_000),
    audits: None,
    delivers_for: Duration::from_secs(30),
};

fn troubles() -> Vec<(&'static str, Policy)> {
    let down = Policy {
        down: true,
        ..Policy::default()
    };
    let slow = Policy {
        latency: Duration::from_millis(300),
        rate_bytes_per_s: Some(50_000),
        ..Policy::default()
    };
    let cut = [(Fault::CutReply, 300), (Fault::CutRequest, 300)];
    let corrupt = [(Fault::CorruptReply, 300), (Fault::CorruptRequest, 300)];
    vec![
        ("down", down),
        ("slow", slow),
        ("500", Policy::always(Fault::Status(500))),
        ("503", Policy::of(&[(Fault::Status(503), 700)])),
        ("cut", Policy::of(&cut)),
        ("corrupt", Policy::of(&corrupt)),
        ("silent", Policy::always(Fault::Blackhole)),
    ]
}

/// `proxy` stands between the server and Garage.
///
/// # Errors
/// When the server does not answer the judge.
pub async fn behind(
    world: &World,
    proxy: &Proxy,
    garage: &Garage,
    size: Size,
) -> anyhow::Result<Row> {
    let scene = Arc::new(world.scene("objects-away", PHONES).await?);
    let urls = vec![world.server.url(); PHONES];
    let before = proxy.tally().faults_total();
    let crowd = Crowd::start(world, &scene, &urls, &HABITS)?;
    let mut names = Vec::new();
    for _ in 0..size.pick(1, 10, 100) {
        proxy.set(Policy::default());
        garage.keys_are_good(false).await?;
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        garage.keys_are_good(true).await?;
        names.push("keys refused");
        for (name, policy) in troubles() {
            proxy.set(policy);
            proxy.cut_all();
            tokio::time::sleep(Duration::from_millis(1_500)).await;
            names.push(name);
        }
    }
    let days = crowd.end().await?;
    let backlog = backlog(world, &scene).await?;
    proxy.set(Policy::default());
    proxy.cut_all();
    let faults = proxy.tally().faults_total() - before;
    let phases = names.len();
    names.truncate(troubles().len() + 1);
    let scenario = format!("Garage {}", names.join(", "));
    end(world, &scene, &days, scenario, phases, faults, backlog).await
}

/// The embedded server's folder is moved away and back.
///
/// # Errors
/// When the server does not answer the judge.
pub async fn inside(world: &World, size: Size) -> anyhow::Result<Row> {
    let scene = Arc::new(world.scene("objects-away", PHONES).await?);
    let urls = vec![world.server.url(); PHONES];
    let crowd = Crowd::start(world, &scene, &urls, &HABITS)?;
    let folder = world.server.data_dir().join("objects");
    let aside = world.server.data_dir().join("objects-aside");
    let phases = size.pick(2, 10, 100);
    for _ in 0..phases {
        std::fs::rename(&folder, &aside)?;
        // A file in its place, so that the folder cannot simply be made anew.
        std::fs::write(&folder, b"")?;
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        std::fs::remove_file(&folder)?;
        std::fs::rename(&aside, &folder)?;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let days = crowd.end().await?;
    let backlog = backlog(world, &scene).await?;
    let scenario = "embedded objects' folder gone".to_owned();
    end(
        world,
        &scene,
        &days,
        scenario,
        phases,
        phases as u64,
        backlog,
    )
    .await
}

async fn end(
    world: &World,
    scene: &Scene,
    days: &[Day],
    scenario: String,
    phases: usize,
    faults: u64,
    backlog: i64,
) -> anyhow::Result<Row> {
    let began = Instant::now();
    let left = drained(world, scene).await?;
    let drained = began.elapsed();
    let day = Day::of_all(days);
    let verdict = world.judge(scene).await?;
    let dead = "SELECT count(*) FROM job WHERE state = 'dead'";
    let dead = world.sql.number(dead).await?;
    let mut wrong: Vec<String> = day.wrong().into_iter().collect();
    if !day.failures.is_empty() {
        wrong.push(format!("phones noticed: {:?}", day.failures));
    }
    if left + dead > 0 {
        wrong.push(format!(
            "{left} photos did not move, {dead} jobs were given up"
        ));
    }
    if backlog == 0 {
        wrong.push("nothing waited: the fault was none".to_owned());
    }
    Ok(Row {
        promise: "R5",
        database: world.database(),
        scenario,
        size: format!("{phases} phases"),
        faults,
        end: End::of(&verdict, &wrong),
        extra: vec![
            format!("{backlog} photos waited"),
            format!("all moved after {:.1} s", drained.as_secs_f64()),
        ],
        verdict,
    })
}

/// Photos of this scene that are not in the objects yet.
async fn backlog(world: &World, scene: &Scene) -> anyhow::Result<i64> {
    scene.photos_where(&world.sql, "NOT in_objects").await
}

/// Waits until all photos have moved; how many have not, when that takes too long.
async fn drained(world: &World, scene: &Scene) -> anyhow::Result<i64> {
    let began = Instant::now();
    loop {
        let left = backlog(world, scene).await?;
        if left == 0 || began.elapsed() > DRAINED_WITHIN {
            return Ok(left);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
