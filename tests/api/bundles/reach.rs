//! What is in a bundle, who gets it, and until when they may.

use axum::http::Method;
use image::RgbImage;
use plainclothes::accounts::Role;
use plainclothes::bundles::jobs::{MakeBundle, make};
use plainclothes::db::entities::role_grant;
use plainclothes::domain::ids::{PersonId, RegionId, Sha256};
use plainclothes::error::Error;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{asked, bucket, bundle, change, fetched, files, names, published, with_three};
use crate::harness::{World, jpeg, scene};

/// Gives the only role that somebody has another reach.
async fn reach(world: &World, person: PersonId, region: RegionId) {
    let moved = world.app.db.write(move |txn| {
        Box::pin(async move {
            role_grant::Entity::update_many()
                .col_expr(role_grant::Column::RegionId, Expr::value(region))
                .filter(role_grant::Column::PersonId.eq(person))
                .exec(txn)
                .await?;
            Ok::<_, Error>(())
        })
    });
    moved.await.unwrap();
}

/// A photo that no coding makes small.
fn noise(seed: u32) -> Vec<u8> {
    let mut state = seed;
    let picture = RgbImage::from_fn(1280, 1280, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, r, g, b] = state.to_be_bytes();
        image::Rgb([r, g, b])
    });
    jpeg(&picture, 85)
}

#[tokio::test]
async fn a_client_gets_all_its_pdfs_in_one_file_and_nothing_else() {
    let world = World::new().await;
    world.reviewer().await;
    let client = world.client().await;
    let mut secrets = vec![
        "shopper@example.org".to_owned(),
        world.shopper_id.to_string(),
    ];
    for seed in 0..6 {
        let photo = noise(seed);
        let audit = published(&world, seed as usize % 3, Some(&photo)).await;
        secrets.push(audit.id.to_string());
        secrets.push(audit.document["visit"].as_str().unwrap().to_owned());
    }
    let body = json!({"client": world.client, "from": "2026-09-01", "to": "2026-09-30"});
    let answer = client.post("/bundles", &body).await;
    let made = answer.expect(202);
    let path = format!("/bundles/{}", made["id"].as_str().unwrap());
    assert_eq!(answer.header("location"), format!("/api/v1{path}"));
    assert_eq!(
        (&made["state"], &made["audits_total"], &made["audits_done"]),
        (&json!("waiting"), &json!(6), &json!(0))
    );
    assert_eq!(made["filter"]["client_name"], "Café Noord");
    fetched(&client, &path)
        .await
        .problem(409, "wrong_state", "park");

    assert_eq!(world.run_jobs().await, 1);
    let ready = client.get(&path).await.expect(200);
    assert_eq!(
        (&ready["state"], &ready["audits_done"], &ready["is_own"]),
        (&json!("ready"), &json!(6), &json!(true))
    );
    assert_eq!(ready["expires_at"], "2026-09-21T10:00:00.000Z");
    let gzip = [("accept-encoding", "gzip, br")];
    let zip_path = format!("{path}/bundle.zip");
    let answer = client.send(Method::GET, &zip_path, &gzip, Vec::new()).await;
    answer.status_is(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(answer.header("content-encoding"), "");
    assert_eq!(
        answer.header("content-length"),
        answer.bytes.len().to_string()
    );
    assert_eq!(ready["size_bytes"], answer.bytes.len());
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"cafe-noord-2026-09-14.zip\""
    );
    assert!(
        bundle(&world, &path).await.pieces > 1,
        "{}",
        answer.bytes.len()
    );

    let found = files(&answer.bytes);
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    let expected = [
        "cafe-noord-dam-2026-09-14-2.pdf",
        "cafe-noord-dam-2026-09-14.pdf",
        "cafe-noord-harbour-2026-09-14-2.pdf",
        "cafe-noord-harbour-2026-09-14.pdf",
        "cafe-noord-pier-2026-09-14-2.pdf",
        "cafe-noord-pier-2026-09-14.pdf",
    ];
    assert_eq!(names, expected);
    // Each is what the client gets one by one, to the byte.
    let mut one_by_one = Vec::new();
    let list = client.get("/published-audits").await.expect(200);
    for item in list["items"].as_array().unwrap() {
        let id = item["id"].as_str().unwrap();
        let path = format!("/published-audits/{id}/report.pdf");
        one_by_one.push(client.get(&path).await.bytes);
    }
    let mut together: Vec<Vec<u8>> = found.into_values().collect();
    one_by_one.sort();
    together.sort();
    assert!(one_by_one == together);
    let told = format!("{:?} {ready}", answer.headers);
    for secret in &secrets {
        assert!(!told.contains(secret), "tells {secret}");
        let mut parts = answer.bytes.windows(secret.len());
        assert!(
            !parts.any(|part| part == secret.as_bytes()),
            "holds {secret}"
        );
    }
    // Its own asker is named to them.
    let mut parts = answer.bytes.windows(6);
    assert!(!parts.any(|part| part == b"CANARY"));

    // The bucket holds nothing that nobody knows, and a second run changes nothing.
    assert_eq!(bucket(&world).await.wrong(), 0);
    let job = MakeBundle {
        bundle: bundle(&world, &path).await.id,
    };
    make(&world.app, job).await.unwrap();
    assert!(fetched(&client, &path).await.bytes == answer.bytes);
}

#[tokio::test]
async fn everybody_gets_their_part_and_nobody_anothers_file() {
    let world = with_three().await;
    let (client, admin) = (world.client().await, world.admin().await);
    let reviewer = world.sign_in("reviewer@example.org").await;
    let (north, south) = (
        world.manager(world.north).await,
        world.manager(world.south).await,
    );
    let own = asked(&south, json!({})).await;
    let of_client = asked(&client, json!({"region": world.north})).await;
    let of_reviewer = asked(&reviewer, json!({"campaign": world.campaign})).await;
    let of_north = json!({"location": world.locations[1], "client": world.client});
    let of_north = asked(&north, of_north).await;
    world.run_jobs().await;
    assert_eq!(
        names(&south, &own).await,
        ["cafe-noord-harbour-2026-09-14.pdf"]
    );
    let two = [
        "cafe-noord-dam-2026-09-14.pdf",
        "cafe-noord-pier-2026-09-14.pdf",
    ];
    assert_eq!(names(&client, &of_client).await, two);
    assert_eq!(names(&reviewer, &of_reviewer).await.len(), 3);
    assert_eq!(names(&north, &of_north).await, two[1..]);
    let file_name = |bundle: &Value| bundle["file_name"].as_str().unwrap().to_owned();
    let got = client.get(&of_client).await.expect(200);
    assert_eq!(file_name(&got), "cafe-noord-north-2026-09-14.zip");
    let got = reviewer.get(&of_reviewer).await.expect(200);
    assert_eq!(file_name(&got), "cafe-noord-autumn-2026-09-14.zip");
    assert_eq!(got["filter"]["campaign_name"], "Autumn");

    let of_campaign = format!("/published-audits?campaign={}", world.campaign);
    assert_eq!(south.get(&of_campaign).await.expect(200)["total"], 1);
    let of_none = format!("/published-audits?campaign={}", uuid::Uuid::new_v4());
    south.get(&of_none).await.problem(404, "not_found", "park");

    // What is out of reach is not there.
    for body in [
        json!({"region": world.north}),
        json!({"location": world.locations[0]}),
        json!({"client": uuid::Uuid::new_v4()}),
        json!({"campaign": uuid::Uuid::new_v4()}),
    ] {
        south
            .post("/bundles", &body)
            .await
            .problem(404, "not_found", "park");
    }
    let shopper = world.shopper().await;
    shopper.post("/bundles", &json!({})).await.status_is(403);

    // Another's bundle is not there either, whoever asks; but for an admin.
    for stranger in [&south, &client, &north] {
        for path in [of_reviewer.clone(), format!("{of_reviewer}/bundle.zip")] {
            let answer = stranger.get(&path).await;
            answer.problem(404, "not_found", "park");
        }
        let delete = stranger.send(Method::DELETE, &of_reviewer, &[], Vec::new());
        delete.await.status_is(404);
    }
    fetched(&reviewer, &of_client).await.status_is(404);
    let own_only = client.get("/bundles").await.expect(200);
    assert_eq!(own_only["items"].as_array().unwrap().len(), 1);
    assert_eq!(names(&admin, &own).await.len(), 1);
    let all = admin.get("/bundles").await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 4);
    let mine = all["items"].as_array().unwrap().iter();
    assert!(mine.clone().all(|one| one["is_own"] == false));
    assert!(
        mine.map(|one| one["asked_by"].as_str().unwrap())
            .any(|name| name.starts_with("reviewer@"))
    );
}

#[tokio::test]
async fn who_may_see_less_by_now_fetches_less() {
    let world = with_three().await;
    let person = world
        .person(
            "boss@example.org",
            Role::Manager,
            Some(world.client),
            Some(world.north),
        )
        .await;
    let boss = world.sign_in("boss@example.org").await;
    let before = asked(&boss, json!({})).await;
    world.run_jobs().await;
    assert_eq!(names(&boss, &before).await.len(), 2);

    // Between asking and making: what is out of reach is left out, and when that is all of it, there is no file.
    let waiting = asked(&boss, json!({})).await;
    reach(&world, person, world.south).await;
    world.run_jobs().await;
    let failed = boss.get(&waiting).await.expect(200);
    assert_eq!(
        (&failed["state"], &failed["audits_left_out"]),
        (&json!("failed"), &json!(2))
    );
    // After making: the file is whole or not given at all.
    let told = boss.get(&before).await.expect(200);
    assert_eq!(told["stale"], "out_of_reach");
    fetched(&boss, &before)
        .await
        .problem(409, "wrong_state", "park");

    reach(&world, person, world.north).await;
    let half = asked(&boss, json!({})).await;
    change(
        &world,
        "UPDATE location SET region_id = (SELECT id FROM region WHERE name = 'South') WHERE name = 'Dam'",
    )
    .await;
    world.run_jobs().await;
    let ready = boss.get(&half).await.expect(200);
    assert_eq!(
        (
            &ready["state"],
            &ready["audits_left_out"],
            &ready["audits_done"]
        ),
        (&json!("ready"), &json!(1), &json!(2))
    );
    assert_eq!(
        names(&boss, &half).await,
        ["cafe-noord-pier-2026-09-14.pdf"]
    );

    // Whose account is closed gets nothing made.
    let last = asked(&boss, json!({})).await;
    change(
        &world,
        "UPDATE person SET disabled_at_ms = 1 WHERE email = 'boss@example.org'",
    )
    .await;
    world.run_jobs().await;
    let admin = world.admin().await;
    assert_eq!(admin.get(&last).await.expect(200)["state"], "failed");
}

#[tokio::test]
async fn what_was_covered_since_is_not_given_uncovered() {
    let world = World::new().await;
    let reviewer = world.reviewer().await;
    let photo = jpeg(&scene(11, 1000, 800), 90);
    let audit = published(&world, 0, Some(&photo)).await;
    let client = world.client().await;
    let before = asked(&client, json!({})).await;
    world.run_jobs().await;
    let old = fetched(&client, &before).await;
    old.status_is(200);

    let cover = format!("{}/photos/{}/redactions", audit.path(), Sha256::of(&photo));
    let body = json!({"seen_version": 0, "redactions": [
        {"left_micros": 0, "top_micros": 0, "width_micros": 500_000, "height_micros": 1_000_000}]});
    let json = [("content-type", "application/json")];
    let covered = reviewer.send(Method::PUT, &cover, &json, body.to_string().into_bytes());
    covered.await.status_is(200);
    let refused = fetched(&client, &before)
        .await
        .problem(409, "wrong_state", "park");
    assert!(refused["detail"].as_str().unwrap().contains("covered"));
    assert_eq!(client.get(&before).await.expect(200)["stale"], "covered");

    let after = asked(&client, json!({})).await;
    world.run_jobs().await;
    let new = fetched(&client, &after).await;
    new.status_is(200);
    assert!(files(&new.bytes) != files(&old.bytes));
}
