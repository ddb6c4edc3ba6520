//! Every stored score is computed anew and is the same; what was tampered with is found.

use plainclothes::audits::replay::{Difference, replay};
use plainclothes::error::Error;
use sea_orm::ConnectionTrait as _;

use crate::harness::World;

async fn differences(world: &World) -> (u64, Vec<Difference>) {
    let mut found = Vec::new();
    let replayed = replay(&world.app, |one| found.push(one), |_| {})
        .await
        .unwrap();
    assert_eq!(replayed.differences as usize, found.len());
    (replayed.audits, found)
}

async fn tamper(world: &World, sql: &'static str) {
    world
        .app
        .db
        .write(move |txn| {
            Box::pin(async move {
                txn.execute_unprepared(sql).await?;
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn nothing_differs_until_somebody_changes_a_row() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    for location in world.locations {
        let audit = world.good_audit(location).await;
        shopper.hand_in(&audit).await.expect(201);
    }
    assert_eq!(differences(&world).await, (3, Vec::new()));

    for (sql, back, told) in [
        (
            "UPDATE audit SET total_micros = 810000",
            "UPDATE audit SET total_micros = 800000",
            "total is stored as 810000 and comes out as 800000",
        ),
        (
            "UPDATE audit SET score = replace(score, '\"engine\":1', '\"engine\":99')",
            "UPDATE audit SET score = replace(score, '\"engine\":99', '\"engine\":1')",
            "there is no engine 99",
        ),
        (
            "UPDATE audit SET score = replace(score, '\"earned_milli\":5000', '\"earned_milli\":5001')",
            "UPDATE audit SET score = replace(score, '\"earned_milli\":5001', '\"earned_milli\":5000')",
            "question clean earned 5001 of 10000 (Scored) and now 5000 of 10000 (Scored), in thousandths of a point",
        ),
        (
            "UPDATE audit SET failed = NOT failed",
            "UPDATE audit SET failed = NOT failed",
            "'failed' is stored as true and comes out as false",
        ),
    ] {
        tamper(&world, sql).await;
        let (audits, found) = differences(&world).await;
        assert_eq!((audits, found.len()), (3, 3), "{sql}");
        assert!(found.iter().all(|one| one.what == told), "{found:?}");
        tamper(&world, back).await;
    }
    assert_eq!(differences(&world).await, (3, Vec::new()));
    tamper(&world, "UPDATE submission SET body = sha256").await;
    let (_, found) = differences(&world).await;
    assert_eq!(found.len(), 3);
    assert!(found[0].what.contains("no longer has the SHA-256"));
}
