//! `plainclothes objects check`: what is missing, foreign or damaged is found, and what can be made again is.

use axum::http::Method;
use plainclothes::accounts::Role;
use plainclothes::domain::ids::{AgencyId, Sha256};
use plainclothes::domain::photo::RenditionSize;
use plainclothes::objects::ObjectKey;
use plainclothes::photos::check::{Checked, Finding, How, Mended, What, check};

use serde_json::json;

use crate::harness::{World, damage, picture};

const ALL: How = How {
    sample: None,
    mend: false,
};
const MEND: How = How {
    sample: None,
    mend: true,
};

async fn looked(world: &World, how: How) -> (Checked, Vec<Finding>) {
    let mut found = Vec::new();
    let checked = check(&world.app, how, |finding| found.push(finding)).await;
    (checked.unwrap(), found)
}

/// A world with these photos, all of them moved and shown.
async fn with_photos(shades: &[u8]) -> (World, Vec<Sha256>) {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let mut photos = Vec::new();
    for shade in shades {
        let photo = picture(400, 300, *shade);
        shopper.send_photo(&photo).await;
        photos.push(Sha256::of(&photo));
    }
    world.run_jobs().await;
    (world, photos)
}

fn finding(key: &ObjectKey, what: What, mended: Mended) -> Finding {
    Finding {
        name: key.to_string(),
        what,
        mended,
    }
}

#[tokio::test]
async fn what_agrees_is_counted_and_what_waits_is_not_missing() {
    let (world, photos) = with_photos(&[1, 2]).await;
    let (checked, found) = looked(&world, ALL).await;
    assert_eq!(found, []);
    assert_eq!((checked.objects, checked.read, checked.wrong()), (6, 6, 0));
    assert!(checked.bytes > 0);

    for (sample, read) in [(0, 0), (1, 1), (2, 2), (3, 3), (6, 6), (1000, 6)] {
        let how = How {
            sample: Some(sample),
            mend: false,
        };
        let (checked, _) = looked(&world, how).await;
        assert_eq!((checked.objects, checked.read), (6, read), "{sample}");
    }

    let waiting = picture(400, 300, 9);
    world.shopper().await.send_photo(&waiting).await;
    let (checked, found) = looked(&world, ALL).await;
    assert_eq!((found, checked.waiting, checked.objects), (vec![], 1, 6));

    // written, and stopped before the row said so
    let key = ObjectKey::evidence(world.agency, Sha256::of(&waiting));
    let put = world.app.objects.put(&key, waiting.into(), "image/jpeg");
    put.await.unwrap();
    let (checked, found) = looked(&world, ALL).await;
    assert_eq!((found, checked.objects), (vec![], 7));
    world.run_jobs().await;
    let (checked, found) = looked(&world, ALL).await;
    assert_eq!((found, checked.waiting, checked.objects), (vec![], 0, 9));
    assert_eq!(photos.len(), 2);
}

#[tokio::test]
async fn what_is_missing_foreign_or_damaged_is_found() {
    let (world, photos) = with_photos(&[1, 2, 3]).await;
    let objects = &world.app.objects;
    let evidence = |photo| ObjectKey::evidence(world.agency, photo);
    let small = |photo| ObjectKey::rendition(world.agency, photo, RenditionSize::Small);
    let large = |photo| ObjectKey::rendition(world.agency, photo, RenditionSize::Large);
    objects.delete(&evidence(photos[0])).await.unwrap();
    objects.delete(&large(photos[1])).await.unwrap();
    damage(&world, &evidence(photos[1])).await;
    damage(&world, &small(photos[2])).await;
    let stranger = picture(400, 300, 77);
    let unknown = evidence(Sha256::of(&stranger));
    let elsewhere = ObjectKey::evidence(AgencyId(uuid::Uuid::max()), Sha256::of(&stranger));
    for key in [&unknown, &elsewhere] {
        let put = objects.put(key, stranger.clone().into(), "image/jpeg");
        put.await.unwrap();
    }

    let (checked, found) = looked(&world, ALL).await;
    assert_eq!(
        (checked.missing, checked.foreign, checked.damaged),
        (2, 2, 2)
    );
    assert_eq!((found.len(), checked.mended), (6, 0), "{found:?}");
    let has = |key: &ObjectKey, what: What| found.contains(&finding(key, what, Mended::No));
    assert!(has(&evidence(photos[0]), What::Missing), "{found:?}");
    assert!(has(&large(photos[1]), What::Missing), "{found:?}");
    assert!(has(&unknown, What::Foreign), "{found:?}");
    assert!(has(&elsewhere, What::Foreign), "{found:?}");
    let damaged = |key: &ObjectKey| {
        let named = found.iter().find(|one| one.name == key.as_str());
        matches!(named.map(|one| &one.what), Some(What::Damaged(_)))
    };
    assert!(damaged(&evidence(photos[1])), "{found:?}");
    assert!(damaged(&small(photos[2])), "{found:?}");

    // names and sizes alone do not show a changed byte
    let by_names = How {
        sample: Some(0),
        mend: false,
    };
    let (checked, _) = looked(&world, by_names).await;
    assert_eq!(
        (checked.missing, checked.foreign, checked.damaged),
        (2, 2, 0)
    );
}

#[tokio::test]
async fn renditions_are_made_again_and_evidence_comes_back_from_chunks() {
    let (world, photos) = with_photos(&[1, 2, 3]).await;
    let objects = &world.app.objects;
    let evidence = |photo| ObjectKey::evidence(world.agency, photo);
    let small = |photo| ObjectKey::rendition(world.agency, photo, RenditionSize::Small);
    let before = objects.get(&small(photos[0])).await.unwrap();
    objects.delete(&small(photos[0])).await.unwrap();
    damage(&world, &small(photos[1])).await;
    objects.delete(&evidence(photos[2])).await.unwrap();

    // nobody has the evidence any more
    let (checked, found) = looked(&world, MEND).await;
    assert_eq!((checked.wrong(), checked.mended), (3, 2), "{found:?}");
    let gone = finding(&evidence(photos[2]), What::Missing, Mended::No);
    assert!(found.contains(&gone), "{found:?}");
    world.run_jobs().await;
    assert_eq!(objects.get(&small(photos[0])).await.unwrap(), before);

    // somebody else has taken the same photo, and it has not moved yet
    world
        .person("second@example.org", Role::Shopper, None, None)
        .await;
    let second = world.sign_in("second@example.org").await;
    second.send_photo(&picture(400, 300, 3)).await;
    let (checked, found) = looked(&world, MEND).await;
    let back = finding(&evidence(photos[2]), What::Missing, Mended::Done);
    assert_eq!((found, checked.wrong()), (vec![back], 1));
    let (checked, found) = looked(&world, ALL).await;
    assert_eq!((found, checked.wrong()), (vec![], 0));
}

#[tokio::test]
async fn a_published_copy_is_made_again_when_damaged_and_foreign_when_its_version_is_over() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let photo = picture(400, 300, 1);
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    shopper.hand_in(&audit).await.status_is(201);
    shopper.send_photo(&photo).await;
    world.run_jobs().await;
    let photo = Sha256::of(&photo);
    let covered = json!({"seen_version": 0, "redactions": [
        {"left_micros": 100_000, "top_micros": 100_000, "width_micros": 200_000, "height_micros": 200_000}
    ]});
    let path = format!("{}/photos/{photo}/redactions", audit.path());
    let (headers, body) = ([("content-type", "application/json")], covered.to_string());
    let answer = reviewer.send(Method::PUT, &path, &headers, body.into_bytes());
    answer.await.status_is(200);
    world.run_jobs().await;

    let objects = &world.app.objects;
    let published = |version, size| ObjectKey::published(world.agency, photo, version, size);
    let (large, small) = (
        published(1, RenditionSize::Large),
        published(1, RenditionSize::Small),
    );
    let (checked, found) = looked(&world, ALL).await;
    assert_eq!((found, checked.objects), (vec![], 5));
    let made = objects.get(&small).await.unwrap();

    // one that is gone is made when somebody asks for it: it is not missing
    objects.delete(&large).await.unwrap();
    damage(&world, &small).await;
    let over = published(0, RenditionSize::Small);
    let to_come = published(2, RenditionSize::Small);
    let of_nobody = ObjectKey::published(world.agency, Sha256::of(b"x"), 1, RenditionSize::Small);
    for key in [&over, &to_come, &of_nobody] {
        objects.put(key, made.clone(), "image/jpeg").await.unwrap();
    }
    let (checked, found) = looked(&world, ALL).await;
    assert_eq!(
        (checked.missing, checked.foreign, checked.damaged),
        (0, 3, 1),
        "{found:?}"
    );
    for key in [&over, &to_come, &of_nobody] {
        assert!(
            found.contains(&finding(key, What::Foreign, Mended::No)),
            "{found:?}"
        );
    }
    let (checked, found) = looked(&world, MEND).await;
    assert_eq!((checked.wrong(), checked.mended), (4, 1), "{found:?}");
    let ordered = found.iter().find(|one| one.name == small.as_str()).unwrap();
    assert_eq!(ordered.mended, Mended::Ordered);
    world.run_jobs().await;
    assert_eq!(objects.get(&small).await.unwrap(), made);
    assert!(objects.head(&large).await.unwrap().is_some());
    // nothing foreign is ever removed but what another version replaced
    assert!(objects.head(&of_nobody).await.unwrap().is_some());
    let (checked, found) = looked(&world, ALL).await;
    assert_eq!((checked.missing, checked.damaged), (0, 0), "{found:?}");
}
