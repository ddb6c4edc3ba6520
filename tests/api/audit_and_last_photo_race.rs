//! An audit and the last bytes of its photo at the same moment: neither misses the other, so no audit that has everything
//! stays incomplete.
//!
//! Not here: one after the other (`shopper_hands_in_an_audit.rs`).

use plainclothes::domain::ids::Sha256;
use serde_json::json;

use crate::harness::{Outside, World, picture};

/// Races in the suite.
const RACES: usize = 90;
/// So many phones at a time.
const AT_ONCE: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_audit_that_has_everything_is_complete_whoever_came_first() {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let outside = Outside::of(&world).await;
    let race = |at: usize| {
        let (world, shopper) = (&world, shopper.clone());
        async move {
            let shade = u8::try_from(at % 32).unwrap();
            let width = 20 + u32::try_from(at / 32).unwrap();
            let photos = [picture(width, 20, shade), picture(width, 21, shade)];
            let named: Vec<String> = photos.iter().map(|p| Sha256::of(p).to_string()).collect();
            let mut audit = world.good_audit(world.locations[at % 3]).await;
            audit.document["answers"]["receipt"] = json!({"photos": named});
            audit.document["photos"] = photos
                .iter()
                .zip(&named)
                .map(|(photo, sha256)| {
                    json!({"sha256": sha256, "size_bytes": photo.len(), "type": "image/jpeg"})
                })
                .collect();
            for (photo, sha256) in photos.iter().zip(&named) {
                shopper
                    .begin_photo(sha256, photo.len())
                    .await
                    .status_is(201);
                shopper
                    .send_chunk(sha256, 0, &photo[..9])
                    .await
                    .status_is(204);
            }
            let (receipt, first, second) = futures::join!(
                late(at % 4, shopper.hand_in(&audit)),
                shopper.send_chunk(&named[0], 9, &photos[0][9..]),
                shopper.send_chunk(&named[1], 9, &photos[1][9..]),
            );
            first.status_is(204);
            second.status_is(204);
            let missing = receipt.expect(201)["photos_missing"]
                .as_array()
                .unwrap()
                .len();
            (audit, missing)
        }
    };
    let mut orders = [0; 3];
    for from in (0..RACES).step_by(AT_ONCE) {
        let group = (from..RACES.min(from + AT_ONCE)).map(race);
        for (_, missing) in futures::future::join_all(group).await {
            orders[missing] += 1;
        }
    }
    let counts = outside.counts().await;
    assert_eq!(counts["audit"], i64::try_from(RACES).unwrap());
    let reviewer = world.reviewer().await;
    let mut after = String::new();
    let mut seen = 0;
    loop {
        let page = reviewer
            .get(&format!("/audits?limit=100{after}"))
            .await
            .expect(200);
        for item in page["items"].as_array().unwrap() {
            assert_eq!(item["complete"], true, "{item}; orders {orders:?}");
            seen += 1;
        }
        let Some(next) = page["next"].as_str() else {
            break;
        };
        after = format!("&after={next}");
    }
    assert_eq!(seen, RACES);
    // Both orders came about, or the race was none.
    assert!(orders[0] > 0 && orders[2] + orders[1] > 0, "{orders:?}");
}

/// Lets the others go first for a moment.
async fn late<F: Future>(moments: usize, future: F) -> F::Output {
    for _ in 0..moments {
        tokio::task::yield_now().await;
    }
    future.await
}
