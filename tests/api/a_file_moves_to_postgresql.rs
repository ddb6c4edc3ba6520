//! A SQLite installation becomes a PostgreSQL one, and no phone notices.
//!
//! `make test` runs this in its stage on PostgreSQL.

use plainclothes::app::App;
use plainclothes::config::Config;
use plainclothes::db::to_postgres::to_postgres;
use plainclothes::domain::ids::Sha256;
use serde_json::json;

use crate::harness::{Actor, AuditOnPhone, PASSWORD, World, database, picture};

#[tokio::test]
#[ignore = "only on PostgreSQL: the stage api-on-postgres runs it"]
async fn with_every_row_and_phones_go_on_where_they_were() {
    let world = World::with_config(|config| {
        let file = config.data_dir.join("moves.db");
        config.database_url = Some(format!("sqlite://{}", file.display()));
        config.database_owner_url = None;
        config.database_pooled = false;
    })
    .await;
    let shopper = world.shopper().await;
    let photo = picture(200, 100, 7);
    let audit = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    let receipt = shopper.hand_in(&audit).await.expect(201);
    shopper.send_photo(&photo).await;
    world.run_jobs().await;
    let half = picture(220, 100, 8);
    let half_sha256 = Sha256::of(&half).to_string();
    shopper
        .begin_photo(&half_sha256, half.len())
        .await
        .status_is(201);
    shopper
        .send_chunk(&half_sha256, 0, &half[..70])
        .await
        .status_is(204);
    let next_visit = world.visit(world.locations[1]).await;
    let changes = shopper.get("/sync/changes").await.expect(200);
    let cursor = changes["cursor"].as_str().unwrap();

    let mut to = Config {
        data_dir: world.app.config.data_dir.clone(),
        ..Config::default()
    };
    database::fresh(&to.data_dir.clone(), &mut to).await;
    let file = world.app.config.data_dir.join("moves.db");
    let mut tables = Vec::new();
    let told = |table: &plainclothes::db::to_postgres::Moved| {
        tables.push((table.table, table.rows));
        Ok(())
    };
    to_postgres(&file, &to.database(), told).await.unwrap();
    assert!(tables.contains(&("submission", 1)), "{tables:?}");
    assert!(tables.contains(&("upload_chunk", 1)), "{tables:?}");
    let again = to_postgres(&file, &to.database(), |_| Ok(())).await;
    let refused = again.unwrap_err().to_string();
    assert!(refused.contains("in use already"), "{refused}");

    let app = App::start(to, world.clock.clone()).await.unwrap();
    let router = plainclothes::http::router::router(app);
    let moved = Actor::signed_in(router, "shopper@example.org", PASSWORD).await;
    assert_eq!(moved.hand_in(&audit).await.expect(200), receipt);
    let on = moved
        .get(&format!("/sync/changes?cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!((&on["reset"], &on["changes"]), (&json!(false), &json!([])));
    moved
        .send_chunk(&half_sha256, 70, &half[70..])
        .await
        .status_is(204);
    let sha256 = Sha256::of(&photo);
    assert_eq!(moved.get(&format!("/photos/{sha256}")).await.bytes, photo);
    // The numbers go on where they were.
    let next = AuditOnPhone::good(
        &next_visit,
        &json!(world.checklist),
        "2026-09-14T13:30:00+02:00",
    );
    let numbered = moved.hand_in(&next).await.expect(201);
    assert!(numbered["number"].as_i64() > receipt["number"].as_i64());
}
