//! R11: an audit and the last byte of its photo arrive at the same moment, again and again.
//!
//! Shows that no audit stays marked incomplete when both have come. Does not show: several photos, or several nodes.

use crate::document::Photo;
use crate::ledger::Note;
use crate::scenarios::{Size, hand_in};
use crate::sql::{Session, Sql};
use crate::table::{End, Row};
use crate::world::{SHOPPERS, Scene, World};

/// Here every photo has come.
const INCOMPLETE: &str = "NOT complete";

/// # Errors
/// When the server does not answer: nothing is broken on purpose here.
pub async fn run(world: &World, size: Size) -> anyhow::Result<Vec<Row>> {
    let races_each = size.pick(160, 5_000, 100_000) / SHOPPERS;
    let mut scene = world.scene("races", SHOPPERS).await?;
    let phones: Vec<_> = (0..SHOPPERS)
        .map(|phone| (phone, scene.dice.fork()))
        .collect();
    let scene = std::sync::Arc::new(scene);
    let mut tasks = Vec::new();
    for (phone, mut dice) in phones {
        let scene = std::sync::Arc::clone(&scene);
        tasks.push(tokio::spawn(async move {
            for _ in 0..races_each {
                race(&scene, phone, &mut dice).await?;
            }
            anyhow::Ok(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    let stuck = scene.audits_where(&world.sql, INCOMPLETE).await?;
    let verdict = world.judge(&scene).await?;
    let (is_right, said) = world.server.verify_completeness().await?;
    let mut wrong = Vec::new();
    if stuck != 0 {
        wrong.push(format!("{stuck} audits stay incomplete"));
    }
    if !is_right {
        wrong.push(said.clone());
    }
    let mut rows = vec![Row {
        promise: "R11",
        database: world.database(),
        scenario: "an audit and its photo at the same moment".to_owned(),
        size: format!("{} races", races_each * SHOPPERS),
        faults: 0,
        end: End::of(&verdict, &wrong),
        extra: vec![format!("{stuck} left incomplete"), said],
        verdict,
    }];
    if let Sql::Postgres(_) = world.sql {
        rows.push(control(world, &scene).await?);
    }
    Ok(rows)
}

async fn race(scene: &Scene, phone: usize, dice: &mut crate::dice::Dice) -> anyhow::Result<()> {
    let device = &scene.devices[phone];
    let photo = Photo::unique(dice, 16);
    let audit = scene.occasions[phone].audit(dice.uuid(), &photo)?;
    device.begin_photo(&photo).await?.accepted()?;
    let work = audit.id.to_string();
    // Who is first is drawn anew each time: a head start of up to 3 ms for one of them.
    let head_start = std::time::Duration::from_micros(dice.below(3_000));
    let photo_waits = dice.chance(500);
    let (handed_in, uploaded) = tokio::join!(
        async {
            if !photo_waits {
                tokio::time::sleep(head_start).await;
            }
            hand_in(&scene.ledger, phone, device, &audit, &work).await
        },
        async {
            if photo_waits {
                tokio::time::sleep(head_start).await;
            }
            device.patch_photo(&photo, 0, photo.bytes.len()).await
        }
    );
    handed_in?.accepted()?;
    uploaded?.accepted()?;
    scene.ledger.note(&Note::Photo {
        phone,
        sha256: photo.sha256,
    })?;
    Ok(())
}

/// A row that a lost race would have left behind.
async fn control(world: &World, scene: &Scene) -> anyhow::Result<Row> {
    let mut session = Session::open(&world.sql)?;
    let newest = "SELECT id FROM audit ORDER BY submission_number DESC LIMIT 1";
    let flip = |to| format!("UPDATE audit SET complete = {to} WHERE id = ({newest});");
    session.run(&flip(false)).await?;
    let stuck = scene.audits_where(&world.sql, INCOMPLETE).await?;
    let (is_right, said) = world.server.verify_completeness().await?;
    session.run(&flip(true)).await?;
    Ok(Row {
        promise: "R11",
        database: world.database(),
        scenario: "control: a row marked incomplete by hand".to_owned(),
        size: "1 row".to_owned(),
        faults: 1,
        end: End::of_control(stuck == 1 && !is_right),
        extra: vec![format!("{stuck} left incomplete"), said],
        verdict: crate::judge::Verdict::default(),
    })
}
