//! R7: the same audit many times, in parallel, out of order, from two devices, and its id with other bytes.
//!
//! Shows that exactly one of the copies is the first, that all get the same receipt byte for byte, and that other bytes
//! under the same id are kept without touching the first. Does not show: what happens across a restart (R1).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::api::{Answer, Api};
use crate::document::{Audit, Photo};
use crate::judge::receipt;
use crate::ledger::Note;
use crate::scenarios::{Size, hand_in};
use crate::table::{End, Row};
use crate::world::{Scene, World};

const PARALLEL: usize = 32;
/// How many earlier audits are sent again after each.
const REPLAYS: u64 = 4;
const PHONES: usize = 4;

/// # Errors
/// When the server does not answer: nothing is broken on purpose here.
pub async fn run(world: &World, size: Size) -> anyhow::Result<Row> {
    let rounds = size.pick(16, 500, 5000);
    let mut scene = world.scene("replays", PHONES).await?;
    let mut run = Run::default();
    let mut earlier = Vec::new();
    for round in 0..rounds {
        let phone = round % PHONES;
        let devices = [scene.devices[phone].clone(), world.device(phone).await?];
        let photo = Photo::unique(&mut scene.dice, 2_000);
        let audit = scene.occasions[phone].audit(scene.dice.uuid(), &photo)?;
        let photo_first = scene.dice.chance(500);
        if photo_first {
            run.upload_together(&scene, phone, &devices, &photo).await?;
        }
        // Either all copies are alike, or two kinds of bytes race for the id.
        let kinds = if scene.dice.chance(500) {
            vec![audit.clone(), audit.other_bytes()]
        } else {
            vec![audit.clone()]
        };
        run.race(&scene, phone, &devices, &kinds).await?;
        if kinds.len() == 1 {
            run.reuse(&scene, phone, &devices[1], &audit.other_bytes())
                .await?;
        }
        if !photo_first {
            run.upload_together(&scene, phone, &devices, &photo).await?;
        }
        earlier.push((phone, audit));
        for _ in 0..REPLAYS {
            let (phone, audit) = &earlier[scene.dice.below(earlier.len() as u64) as usize];
            hand_in_again(&scene, *phone, audit).await?;
            run.requests += 1;
        }
    }
    let verdict = world.judge(&scene).await?;
    Ok(Row {
        promise: "R7",
        database: world.database(),
        scenario: format!("replays, {PARALLEL} in parallel, two devices"),
        size: format!("{} requests", run.requests),
        faults: run.copies,
        end: End::of(&verdict, &run.wrong),
        extra: vec![format!("{} races of other bytes", run.contests)],
        verdict,
    })
}

async fn hand_in_again(scene: &Scene, phone: usize, audit: &Audit) -> anyhow::Result<()> {
    let work = audit.id.to_string();
    hand_in(&scene.ledger, phone, &scene.devices[phone], audit, &work)
        .await?
        .accepted()?;
    Ok(())
}

#[derive(Default)]
struct Run {
    requests: u64,
    /// Requests beyond the one that would have been enough.
    copies: u64,
    contests: u64,
    wrong: Vec<String>,
}

impl Run {
    /// All kinds at once, many copies of each, over both devices.
    async fn race(
        &mut self,
        scene: &Scene,
        phone: usize,
        devices: &[Api; 2],
        kinds: &[Audit],
    ) -> anyhow::Result<()> {
        for audit in kinds {
            scene.ledger.note(&Note::Sent {
                phone,
                work: audit.id.to_string(),
                audit: audit.id.to_string(),
                sha256: audit.sha256.clone(),
            })?;
        }
        let kinds: Arc<[Audit]> = kinds.into();
        let tasks: Vec<_> = (0..PARALLEL)
            .map(|copy| {
                let (device, kinds) = (devices[copy % 2].clone(), Arc::clone(&kinds));
                tokio::spawn(async move {
                    let kind = copy / 2 % kinds.len();
                    anyhow::Ok((kind, device.put_audit(&kinds[kind]).await?.accepted()?))
                })
            })
            .collect();
        let mut answers: BTreeMap<usize, Vec<Answer>> = BTreeMap::new();
        for task in tasks {
            let (kind, answer) = task.await??;
            answers.entry(kind).or_default().push(answer);
        }
        self.requests += PARALLEL as u64;
        self.copies += PARALLEL as u64 - 1;
        self.contests += u64::from(kinds.len() > 1);
        self.compare(scene, phone, &kinds, &answers)
    }

    fn compare(
        &mut self,
        scene: &Scene,
        phone: usize,
        kinds: &[Audit],
        answers: &BTreeMap<usize, Vec<Answer>>,
    ) -> anyhow::Result<()> {
        let created = answers.values().flatten().filter(|one| one.status == 201);
        let created = created.count();
        if created != 1 {
            self.wrong
                .push(format!("{created} of {PARALLEL} were the first"));
        }
        for (kind, answers) in answers {
            let first = receipt(&answers[0].text());
            let audit = &kinds[*kind];
            for answer in answers {
                let again = receipt(&answer.text());
                if again != first {
                    self.wrong
                        .push(format!("two receipts: {first} and {again}"));
                }
            }
            scene.ledger.note(&Note::Acked {
                phone,
                audit: audit.id.to_string(),
                sha256: audit.sha256.clone(),
                receipt: first,
            })?;
        }
        Ok(())
    }

    /// The id with other bytes, once the first is in its place.
    async fn reuse(
        &mut self,
        scene: &Scene,
        phone: usize,
        device: &Api,
        other: &Audit,
    ) -> anyhow::Result<()> {
        let work = other.id.to_string();
        for _ in 0..2 {
            let answer = hand_in(&scene.ledger, phone, device, other, &work).await?;
            let reason = answer.json()["reason"].clone();
            if answer.status != 202 || reason != "audit_id_reused" {
                let status = answer.status;
                self.wrong
                    .push(format!("an id with other bytes: {status} {reason}"));
            }
        }
        self.requests += 2;
        self.copies += 2;
        Ok(())
    }

    /// One photo from both devices at once, at the same offset.
    async fn upload_together(
        &mut self,
        scene: &Scene,
        phone: usize,
        devices: &[Api; 2],
        photo: &Photo,
    ) -> anyhow::Result<()> {
        devices[0].begin_photo(photo).await?.accepted()?;
        let length = photo.bytes.len();
        let (one, other) = tokio::join!(
            devices[0].patch_photo(photo, 0, length),
            devices[1].patch_photo(photo, 0, length)
        );
        let mut statuses = [one?.status, other?.status];
        statuses.sort_unstable();
        if statuses != [204, 409] {
            self.wrong
                .push(format!("one photo from two devices: {statuses:?}"));
        }
        scene.ledger.note(&Note::Photo {
            phone,
            sha256: photo.sha256.clone(),
        })?;
        self.requests += 3;
        self.copies += 1;
        Ok(())
    }
}
