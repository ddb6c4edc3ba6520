//! The same photo in two audits, or nearly the same, is found whoever handed it in and in whatever order things came; and what
//! its camera wrote is held against the audit.

use image::DynamicImage;
use plainclothes::accounts::Role;
use plainclothes::domain::ids::LocationId;
use plainclothes::error::Error;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::harness::{Actor, AuditOnPhone, World, jpeg, picture, scene, with_camera};

/// A photo that is handed in with a good audit of a new visit, and looked at.
async fn handed_in(world: &World, shopper: &Actor, at: LocationId, photo: &[u8]) -> AuditOnPhone {
    let audit = world.good_audit(at).await.with_photo(photo);
    shopper.hand_in(&audit).await.status_is(201);
    shopper.send_photo(photo).await;
    world.run_jobs().await;
    audit
}

async fn flags(reviewer: &Actor, audit: &AuditOnPhone) -> Value {
    reviewer.get(&audit.path()).await.expect(200)["flags"].clone()
}

async fn open_pairs(reviewer: &Actor) -> Vec<Value> {
    let list = reviewer.get("/photo-pairs?state=open").await.expect(200);
    list["items"].as_array().unwrap().clone()
}

/// Makes somebody else the one whom visits are given to.
async fn another_shopper(world: &mut World) -> Actor {
    world.shopper_id = world
        .person("other@example.org", Role::Shopper, None, None)
        .await;
    world.sign_in("other@example.org").await
}

#[tokio::test]
async fn one_photo_in_the_audits_of_two_shoppers_is_shown_as_a_pair() {
    let mut world = World::new().await;
    let (first, reviewer) = (world.shopper().await, world.reviewer().await);
    let photo = picture(60, 40, 3);
    let [dam, pier, _] = world.locations;
    let earlier = handed_in(&world, &first, dam, &photo).await;
    assert_eq!(flags(&reviewer, &earlier).await, json!([]));
    let second = another_shopper(&mut world).await;
    let visit = world.visit(pier).await;
    let later = AuditOnPhone::good(&visit, &json!(world.checklist), "2026-09-14T14:40:00+02:00")
        .with_photo(&photo);
    second.hand_in(&later).await.status_is(201);
    second.send_photo(&photo).await;
    world.run_jobs().await;

    let pairs = open_pairs(&reviewer).await;
    assert_eq!(pairs.len(), 1);
    let pair = &pairs[0];
    assert_eq!(
        pair["reason"],
        "the same photo stands in an audit of another shopper at another location, 2 h 10 min earlier"
    );
    assert_eq!(
        (
            &pair["same_file"],
            &pair["later"]["audit"],
            &pair["earlier"]["audit"]
        ),
        (&json!(true), &json!(later.id), &json!(earlier.id))
    );
    for audit in [&earlier, &later] {
        let opened = reviewer.get(&audit.path()).await.expect(200);
        assert_eq!(opened["flags"], json!(["photo_reused"]));
        assert_eq!(opened["photo_pairs"][0]["id"], pair["id"]);
    }

    let path = format!("/photo-pairs/{}", pair["id"].as_str().unwrap());
    let note = json!({"note": "One receipt for both, as agreed."});
    let blank = reviewer
        .post(&format!("{path}/dismiss"), &json!({"note": " "}))
        .await;
    blank.problem(400, "malformed_request", "park");
    let dismissed = reviewer
        .post(&format!("{path}/dismiss"), &note)
        .await
        .expect(200);
    assert_eq!(
        (&dismissed["state"], &dismissed["note"]),
        (&json!("dismissed"), &note["note"])
    );
    assert!(open_pairs(&reviewer).await.is_empty());
    assert_eq!(flags(&reviewer, &earlier).await, json!([]));
    let again = reviewer.post(&format!("{path}/dismiss"), &note).await;
    again.problem(409, "wrong_state", "park");
    // looking again, as a job that runs twice does, opens nothing that was decided
    let job = plainclothes::comparisons::jobs::LookAtAudit {
        agency: world.agency,
        audit: plainclothes::domain::ids::AuditId(later.id),
    };
    plainclothes::comparisons::jobs::look_at_audit(&world.app, job)
        .await
        .unwrap();
    assert_eq!(flags(&reviewer, &later).await, json!([]));
    reviewer
        .post(&format!("{path}/confirm"), &note)
        .await
        .status_is(200);
    assert_eq!(flags(&reviewer, &later).await, json!(["photo_reused"]));
    let shopper = world.shopper().await;
    shopper
        .get("/photo-pairs")
        .await
        .problem(403, "not_allowed", "park");
}

#[tokio::test]
async fn nearly_the_same_photo_is_found_and_flat_ones_are_like_nothing() {
    let mut world = World::new().await;
    let (first, reviewer) = (world.shopper().await, world.reviewer().await);
    let [dam, pier, harbour] = world.locations;
    let taken = scene(4, 640, 480);
    handed_in(&world, &first, dam, &jpeg(&taken, 90)).await;
    handed_in(&world, &first, harbour, &jpeg(&scene(5, 640, 480), 90)).await;
    let second = another_shopper(&mut world).await;
    let brighter = DynamicImage::from(taken).brighten(15).resize(
        500,
        500,
        image::imageops::FilterType::Triangle,
    );
    let copy = handed_in(&world, &second, pier, &jpeg(&brighter.into_rgb8(), 70)).await;
    for shade in [2, 9] {
        handed_in(&world, &second, dam, &picture(60, 40, shade)).await;
    }
    let pairs = open_pairs(&reviewer).await;
    assert_eq!(pairs.len(), 1, "{pairs:?}");
    assert_eq!(pairs[0]["later"]["audit"], json!(copy.id));
    assert_eq!(pairs[0]["same_file"], false);
    assert!(pairs[0]["distance"].as_i64().unwrap() <= 6);
}

/// Somebody else's photo as it is handed in once more: written anew, smaller, and with this done to it.
fn disguised(taken: &DynamicImage, how: impl Fn(&DynamicImage) -> DynamicImage) -> Vec<u8> {
    let done = how(taken).brighten(8);
    let (width, height) = (done.width() * 4 / 5, done.height() * 4 / 5);
    let smaller = done.resize(width, height, image::imageops::FilterType::Triangle);
    jpeg(&smaller.into_rgb8(), 75)
}

#[tokio::test]
async fn a_copy_that_was_turned_mirrored_or_cropped_is_found_and_says_so() {
    let mut world = World::new().await;
    let (first, reviewer) = (world.shopper().await, world.reviewer().await);
    let [dam, pier, harbour] = world.locations;
    let taken = DynamicImage::from(scene(4, 640, 480));
    let original = handed_in(&world, &first, dam, &jpeg(&taken.to_rgb8(), 90)).await;
    for seed in 5..9 {
        handed_in(&world, &first, harbour, &jpeg(&scene(seed, 640, 480), 90)).await;
    }
    assert!(open_pairs(&reviewer).await.is_empty());
    let second = another_shopper(&mut world).await;
    type How = fn(&DynamicImage) -> DynamicImage;
    let copies: [(How, &str, i64, &str); 5] = [
        (
            |it| it.rotate90(),
            "quarter",
            100,
            "the same photo, turned by a quarter, stands",
        ),
        (
            |it| it.rotate180(),
            "upside_down",
            100,
            "the same photo, turned upside down, stands",
        ),
        (
            |it| it.fliph(),
            "mirrored",
            100,
            "the same photo, mirrored, stands",
        ),
        // 0.9 of one side and 0.92 of the other
        (
            |it| it.crop_imm(26, 38, 576, 442),
            "upright",
            83,
            "the same photo, cropped (83 % of it is left), stands",
        ),
        (
            |it| it.crop_imm(0, 24, 592, 456).rotate270().fliph(),
            "mirrored_quarter",
            88,
            "the same photo, mirrored and turned by a quarter and cropped (88 % of it is left), stands",
        ),
    ];
    for (how, turned, share, words) in copies {
        let copy = handed_in(&world, &second, pier, &disguised(&taken, how)).await;
        let with_original: Vec<Value> = open_pairs(&reviewer)
            .await
            .into_iter()
            .filter(|pair| {
                pair["later"]["audit"] == json!(copy.id)
                    && pair["earlier"]["audit"] == json!(original.id)
            })
            .collect();
        assert_eq!(with_original.len(), 1, "{turned}: {with_original:?}");
        let pair = &with_original[0];
        assert_eq!(pair["turned"], turned);
        let told = pair["share_percent"].as_i64().unwrap();
        assert!((told - share).abs() <= 1, "{turned}: {told} for {share}");
        let reason = pair["reason"].as_str().unwrap();
        assert!(
            reason
                .replace(&told.to_string(), &share.to_string())
                .starts_with(words),
            "{reason}"
        );
        assert_eq!(
            (&pair["same_file"], &pair["distance"]),
            (&json!(false), &Value::Null)
        );
        assert_eq!(flags(&reviewer, &copy).await, json!(["photo_reused"]));
    }
    // nobody but the original and its copies
    let listed = open_pairs(&reviewer).await;
    let in_pairs: std::collections::BTreeSet<String> = listed
        .iter()
        .flat_map(|pair| [&pair["later"]["audit"], &pair["earlier"]["audit"]])
        .map(Value::to_string)
        .collect();
    assert_eq!(in_pairs.len(), 1 + copies.len());
}

#[tokio::test]
async fn a_photo_that_was_read_before_there_were_features_gets_them_by_housekeeping() {
    let mut world = World::new().await;
    let (first, reviewer) = (world.shopper().await, world.reviewer().await);
    let [dam, pier, _] = world.locations;
    let taken = DynamicImage::from(scene(4, 640, 480));
    handed_in(&world, &first, dam, &jpeg(&taken.to_rgb8(), 90)).await;
    let as_before = world.app.db.write(|txn| {
        Box::pin(async move {
            txn.execute_unprepared("UPDATE photo SET examination = 1, features = NULL")
                .await?;
            txn.execute_unprepared("DELETE FROM photo_feature").await?;
            Ok::<_, Error>(())
        })
    });
    as_before.await.unwrap();
    let second = another_shopper(&mut world).await;
    handed_in(
        &world,
        &second,
        pier,
        &disguised(&taken, |it| it.rotate90()),
    )
    .await;
    assert!(open_pairs(&reviewer).await.is_empty());

    let done = plainclothes::housekeeping::run(&world.app).await.unwrap();
    assert_eq!(done.photos_to_read_anew, 1);
    world.run_jobs().await;
    let pairs = open_pairs(&reviewer).await;
    assert_eq!(pairs.len(), 1, "{pairs:?}");
    assert_eq!(pairs[0]["turned"], "quarter");
    let done = plainclothes::housekeeping::run(&world.app).await.unwrap();
    assert_eq!(done.photos_to_read_anew, 0);
}

#[tokio::test]
async fn a_photo_that_was_here_before_its_audit_is_found_and_a_correction_makes_no_pair() {
    let world = World::new().await;
    let (shopper, reviewer) = (world.shopper().await, world.reviewer().await);
    let [dam, pier, _] = world.locations;
    let photo = jpeg(&scene(6, 320, 240), 90);
    let first = handed_in(&world, &shopper, dam, &photo).await;
    // the same shopper names it again: there is nothing to send
    let second = world.good_audit(pier).await.with_photo(&photo);
    shopper.hand_in(&second).await.status_is(201);
    world.run_jobs().await;
    let pairs = open_pairs(&reviewer).await;
    assert_eq!(pairs.len(), 1);
    assert_eq!(
        pairs[0]["reason"],
        "the same photo stands in an audit of the same shopper at another location, at the same time"
    );

    let words = json!({"message": "Please look again."});
    reviewer
        .post(&format!("{}/return", first.path()), &words)
        .await
        .status_is(200);
    let mut correction = AuditOnPhone::good(
        &first.document["visit"],
        &first.document["checklist"],
        "2026-09-14T13:00:00+02:00",
    )
    .with_photo(&photo);
    correction.document["supersedes"] = json!(first.id);
    shopper.hand_in(&correction).await.status_is(201);
    world.run_jobs().await;
    let pairs = open_pairs(&reviewer).await;
    assert_eq!(pairs.len(), 1, "{pairs:?}");
    let of: Vec<&Value> = vec![&pairs[0]["later"]["audit"], &pairs[0]["earlier"]["audit"]];
    assert!(of.contains(&&json!(correction.id)) && of.contains(&&json!(second.id)));
}

#[tokio::test]
async fn what_the_camera_wrote_is_held_against_the_audit_and_never_reaches_a_client() {
    let world = World::new().await;
    let (shopper, reviewer, client) = (
        world.shopper().await,
        world.reviewer().await,
        world.client().await,
    );
    let plain = jpeg(&scene(7, 200, 150), 85);
    // the visit is at 12:30 on the Dam, in Amsterdam
    let fits = with_camera(&plain, "2026:09:14 12:25:00", (52_370, 4_895), "CANARY One");
    let audit = handed_in(&world, &shopper, world.locations[0], &fits).await;
    let opened = reviewer.get(&audit.path()).await.expect(200);
    assert_eq!(opened["flags"], json!([]));
    assert_eq!(
        opened["photos"][0]["camera"],
        json!({"taken_at": "2026-09-14T12:25:00", "latitude_deg": 52.37, "longitude_deg": 4.895, "device": "CANARY One"})
    );

    let elsewhere = jpeg(&scene(8, 200, 150), 85);
    let elsewhere = with_camera(
        &elsewhere,
        "2026:09:12 09:30:00",
        (52_091, 5_121),
        "CANARY Two",
    );
    let mut audit = world
        .good_audit(world.locations[1])
        .await
        .with_photo(&elsewhere);
    let also = jpeg(&scene(9, 200, 150), 85);
    let also = with_camera(&also, "2026:09:14 12:30:00", (52_370, 4_895), "CANARY One");
    let sha256 = plainclothes::domain::ids::Sha256::of(&also).to_string();
    let listed = json!({"sha256": sha256, "size_bytes": also.len(), "type": "image/jpeg"});
    audit.document["photos"]
        .as_array_mut()
        .unwrap()
        .push(listed);
    let answer = audit.document["answers"]["receipt"]["photos"].as_array_mut();
    answer.unwrap().push(json!(sha256));
    shopper.hand_in(&audit).await.status_is(201);
    for one in [&elsewhere, &also] {
        shopper.send_photo(one).await;
    }
    world.run_jobs().await;
    let opened = reviewer.get(&audit.path()).await.expect(200);
    assert_eq!(
        opened["flags"],
        json!(["photo_time", "photo_place", "photo_device"])
    );
    let said: Vec<&str> = opened["photo_doubts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|doubt| doubt["words"].as_str().unwrap())
        .collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert_eq!(
        said[0],
        "photo 1: by its camera it was taken 2 days 3 h before the visit began"
    );
    assert!(
        said[1].starts_with("photo 1: by its camera it was taken 34."),
        "{said:?}"
    );
    assert_eq!(
        said[2],
        "the photos come from 2 devices: CANARY One, CANARY Two"
    );

    reviewer
        .post(&format!("{}/approve", audit.path()), &json!({}))
        .await
        .status_is(200);
    let list = client.get("/published-audits").await;
    let id = list.expect(200)["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for path in ["", "/report.pdf", "/photos/1/1280", "/photos/2/320"] {
        let answer = client.get(&format!("/published-audits/{id}{path}")).await;
        answer.status_is(200);
        let text = String::from_utf8_lossy(&answer.bytes);
        for secret in ["CANARY", "2026:09:1", "09:30", "52.09", "Exif"] {
            assert!(!text.contains(secret), "{path} tells {secret}");
        }
    }
}
