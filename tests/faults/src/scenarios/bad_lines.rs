//! R6: lines as they are in basements, trains and hotels, one phone on each.
//!
//! Time is compressed five times: rate up; delay, the time between cuts and the phone's patience down. What it waits between
//! rounds is forty times shorter than in a pocket. Shows that
//! everything is delivered, and how many bytes of photos cross the line for that. Does not show what TLS and the radio add.

use std::sync::Arc;
use std::time::Duration;

use crate::proxy::{Fault, Policy, Proxy};
use crate::scenarios::Size;
use crate::scenarios::phones::{Crowd, Day, Habits};
use crate::table::{End, Row};
use crate::world::World;

/// Bytes of photos over the line for each byte of a photo.
const RATIO_MAX: f64 = 1.15;
/// A line is judged by itself from so many audits on. With fewer, a single chunk sent twice is more than the promise allows
/// for, and it is kept or broken by chance: then all lines are judged together.
const AUDITS_TO_JUDGE_ALONE: u64 = 10;
/// More, and the time that the server itself takes would count for too much.
const COMPRESSED: u32 = 5;

struct BadLine {
    name: &'static str,
    policy: Policy,
    /// A captive portal comes and goes.
    with_portal: bool,
}

fn lines() -> Vec<BadLine> {
    let slow = Policy {
        latency: Duration::from_millis(500) / COMPRESSED,
        rate_bytes_per_s: Some(50_000 / 8 * u64::from(COMPRESSED)),
        ..Policy::default()
    };
    let lifetime = Some(Duration::from_secs(5) / COMPRESSED);
    let line = |name, policy, with_portal| BadLine {
        name,
        policy,
        with_portal,
    };
    let dropping = [(Fault::DropReply, 100)];
    let twice = [
        (Fault::Duplicate, 100),
        (Fault::CorruptRequest, 20),
        (Fault::CorruptReply, 20),
    ];
    vec![
        line("2G", slow.clone(), false),
        line(
            "2G cut every 5 s",
            Policy {
                lifetime,
                ..slow.clone()
            },
            false,
        ),
        line(
            "2G, 10 % replies dropped",
            Policy {
                faults: dropping.to_vec(),
                ..slow.clone()
            },
            false,
        ),
        line("2G with portal", slow.clone(), true),
        line(
            "2G, 10 % sent twice, 4 % damaged",
            Policy {
                faults: twice.to_vec(),
                ..slow.clone()
            },
            false,
        ),
        line(
            "2G, all of these, cut every 10 s",
            Policy {
                lifetime: lifetime.map(|lifetime| 2 * lifetime),
                faults: dropping.to_vec(),
                ..slow
            },
            true,
        ),
    ]
}

/// # Errors
/// When the server does not answer the judge.
pub async fn run(world: &World, size: Size) -> anyhow::Result<Row> {
    let habits = Habits {
        compressed: COMPRESSED,
        // Waiting carries no bytes: shorter, so that a run ends.
        pauses_compressed: 8 * COMPRESSED,
        padding_bytes: size.pick((90_000, 120_000), (60_000, 250_000), (60_000, 250_000)),
        audits: Some(size.pick(2, 10, 100)),
        delivers_for: Duration::from_secs(180) * size.pick(1, 5, 30),
    };
    let lines = lines();
    let mut scene = world.scene("bad-lines", lines.len()).await?;
    let mut proxies = Vec::new();
    for line in &lines {
        let proxy = Proxy::start(world.server.address, scene.dice.fork()).await?;
        proxy.set(line.policy.clone());
        proxies.push(Arc::new(proxy));
    }
    let scene = Arc::new(scene);
    let urls: Vec<String> = proxies.iter().map(|proxy| proxy.url.clone()).collect();
    let portals: Vec<_> = lines
        .iter()
        .zip(&proxies)
        .filter(|(line, _)| line.with_portal)
        .map(|(line, proxy)| tokio::spawn(portal(Arc::clone(proxy), line.policy.clone())))
        .collect();
    let crowd = Crowd::start(world, &scene, &urls, &habits)?;
    let days = crowd.end_by_themselves().await?;
    portals.iter().for_each(tokio::task::JoinHandle::abort);
    let verdict = world.judge(&scene).await?;
    let mut wrong = Vec::new();
    let mut extra = Vec::new();
    let mut judge = |name: &str, sent_bytes: u64, photo_bytes: u64, audits: u64| {
        let ratio = sent_bytes as f64 / photo_bytes.max(1) as f64;
        extra.push(format!("{name} {ratio:.3} ×"));
        if ratio > RATIO_MAX && audits >= AUDITS_TO_JUDGE_ALONE {
            wrong.push(format!("{name}: {ratio:.3} × the bytes of its photos"));
        }
    };
    for ((line, proxy), day) in lines.iter().zip(&proxies).zip(&days) {
        judge(line.name, proxy.patch_bytes(), day.photo_bytes, day.audits);
    }
    let all = Day::of_all(&days);
    let sent_bytes = proxies.iter().map(|proxy| proxy.patch_bytes()).sum();
    judge("together", sent_bytes, all.photo_bytes, all.audits);
    for (line, day) in lines.iter().zip(&days) {
        wrong.extend(day.wrong().map(|words| format!("{}: {words}", line.name)));
    }
    Ok(Row {
        promise: "R6",
        database: world.database(),
        scenario: "bad lines, one phone on each".to_owned(),
        size: format!("{} audits", all.audits),
        faults: proxies
            .iter()
            .map(|proxy| proxy.tally().faults_total())
            .sum(),
        end: End::of(&verdict, &wrong),
        extra,
        verdict,
    })
}

/// A minute of portal at the beginning and again every few minutes, compressed.
async fn portal(proxy: Arc<Proxy>, policy: Policy) {
    loop {
        proxy.set(Policy {
            faults: vec![(Fault::Portal, 1000)],
            ..policy.clone()
        });
        tokio::time::sleep(Duration::from_secs(30) / COMPRESSED).await;
        proxy.set(policy.clone());
        tokio::time::sleep(Duration::from_secs(60) / COMPRESSED).await;
    }
}
