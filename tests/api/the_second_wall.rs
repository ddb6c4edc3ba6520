//! PostgreSQL shows a request the rows of its caller's agency and no others, whatever a query forgets to ask for.
//!
//! Only there: SQLite has no such thing. `make test` runs these in its stage on PostgreSQL.

use plainclothes::accounts::service::create_agency;
use plainclothes::db::entities::{agency, audit, feed, feed_entry, person, upload_chunk, visit};
use plainclothes::db::tenancy::{self, Tenancy};
use plainclothes::db::{DbError, Reader};
use plainclothes::domain::ids::{AgencyId, PersonId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait as _, Database, EntityTrait,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, Set, Statement,
};

use crate::harness::{Outside, World, database, picture, polled};

/// How many rows a query without any condition sees.
async fn all<E: EntityTrait>(reader: &Reader, tenancy: Tenancy) -> u64
where
    E::Model: Sync,
{
    tenancy::scope(tenancy, async { E::find().count(reader).await.unwrap() }).await
}

/// A world in which something has been handed in, and an agency beside it that has a person.
async fn two_agencies() -> (World, AgencyId) {
    let world = World::new().await;
    let shopper = world.shopper().await;
    let photo = picture(64, 64, 1);
    let handed_in = world
        .good_audit(world.locations[0])
        .await
        .with_photo(&photo);
    shopper.hand_in(&handed_in).await.status_is(201);
    shopper
        .begin_photo(
            &plainclothes::domain::ids::Sha256::of(&photo).to_string(),
            photo.len(),
        )
        .await
        .status_is(201);
    let sha256 = plainclothes::domain::ids::Sha256::of(&photo).to_string();
    shopper
        .send_chunk(&sha256, 0, &photo[..50])
        .await
        .status_is(204);
    let other = create_agency(&world.app, "Other Eyes").await.unwrap();
    (world, other)
}

#[tokio::test]
#[ignore = "only on PostgreSQL: the stage api-on-postgres runs it"]
async fn a_query_that_forgets_the_agency_sees_its_own_rows_all_the_same() {
    let (world, other) = two_agencies().await;
    let reader = world.app.db.reader();
    let own = Tenancy::Agency(world.agency);
    for (tenancy, agencies, has_rows) in [
        (Tenancy::Everything, 2, true),
        (own, 1, true),
        (Tenancy::Agency(other), 1, false),
        (Tenancy::Nobody, 0, false),
    ] {
        assert_eq!(all::<agency::Entity>(reader, tenancy).await, agencies);
        let counts = [
            all::<visit::Entity>(reader, tenancy).await,
            all::<audit::Entity>(reader, tenancy).await,
            all::<person::Entity>(reader, tenancy).await,
            all::<feed::Entity>(reader, tenancy).await,
            all::<feed_entry::Entity>(reader, tenancy).await,
            all::<upload_chunk::Entity>(reader, tenancy).await,
        ];
        assert!(
            counts.iter().all(|count| (*count > 0) == has_rows),
            "{tenancy:?} sees {counts:?}"
        );
    }
}

#[tokio::test]
#[ignore = "only on PostgreSQL: the stage api-on-postgres runs it"]
async fn a_write_reaches_no_other_agencys_rows() {
    let (world, other) = two_agencies().await;
    let db = world.app.db.clone();
    let moved = tenancy::scope(Tenancy::Agency(other), async {
        db.write(|txn| {
            Box::pin(async move {
                let all = visit::Entity::update_many()
                    .col_expr(visit::Column::Rev, Expr::value(99))
                    .exec(txn)
                    .await?;
                Ok::<_, DbError>(all.rows_affected)
            })
        })
        .await
    });
    assert_eq!(moved.await.unwrap(), 0);

    let somebody = tenancy::scope(Tenancy::Everything, async {
        person::Entity::find()
            .filter(person::Column::AgencyId.eq(world.agency))
            .order_by_asc(person::Column::Id)
            .one(world.app.db.reader())
            .await
            .unwrap()
            .unwrap()
    })
    .await;
    let mut planted = somebody.into_active_model();
    planted.id = Set(PersonId(uuid::Uuid::from_u128(99)));
    planted.email = Set("planted@example.com".to_owned());
    let planted = tenancy::scope(Tenancy::Agency(other), async {
        db.write(|txn| {
            Box::pin(async move { Ok::<_, DbError>(planted.insert(txn).await.map(drop)?) })
        })
        .await
    });
    let refused = planted.await.unwrap_err().to_string();
    assert!(refused.contains("row-level security"), "{refused}");
}

#[tokio::test]
#[ignore = "only on PostgreSQL: the stage api-on-postgres runs it"]
async fn a_connection_that_was_told_nothing_gets_an_error_and_no_rows() {
    let (world, _) = two_agencies().await;
    let Some(server) = database::server() else {
        panic!("set PLAINCLOTHES_TEST_DATABASE, as make test does");
    };
    let url = world.app.config.database_url();
    let (_, name) = url.rsplit_once('/').unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    let (_, host) = base.rsplit_once('@').unwrap();
    let untold = Database::connect(format!("postgres://plainclothes_app@{host}/{name}"))
        .await
        .unwrap();
    let error = visit::Entity::find().count(&untold).await.unwrap_err();
    assert!(error.to_string().contains("plainclothes.agency"), "{error}");
    for forbidden in [
        "CREATE TABLE mine (n INT)",
        "ALTER TABLE visit DISABLE ROW LEVEL SECURITY",
        "DROP POLICY agency_1 ON visit",
        "DELETE FROM journal",
        "UPDATE journal SET action = 'x'",
    ] {
        assert!(
            untold.execute_unprepared(forbidden).await.is_err(),
            "the application may {forbidden}"
        );
    }
}

#[tokio::test]
#[ignore = "only on PostgreSQL: the stage api-on-postgres runs it"]
async fn every_table_has_its_policy_and_it_holds_for_the_owner_too() {
    let world = World::new().await;
    let outside = Outside::of(&world).await;
    let query = "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname = 'public' AND c.relkind = 'r' \
                 AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1";
    let rows = outside
        .db
        .query_all_raw(Statement::from_string(
            outside.db.get_database_backend(),
            query,
        ))
        .await
        .unwrap();
    let open: Vec<String> = rows
        .iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect();
    let common = [
        "housekeeping",
        "installation",
        "receipt_key",
        "seaql_migrations",
    ];
    assert_eq!(open, common, "tables that show everybody's rows");
}

/// A connection that is told whom it serves, and is abandoned in the middle of that, must serve nobody else.
#[tokio::test]
#[ignore = "only on PostgreSQL: the stage api-on-postgres runs it"]
async fn callers_that_hang_up_leave_no_connection_that_shows_the_wrong_rows() {
    let (world, other) = two_agencies().await;
    let reader = world.app.db.reader();
    let own = Tenancy::Agency(world.agency);
    for cut in 0..400 {
        // In turns, so that a connection has to be told anew nearly each time.
        let (tenancy, visits) = match cut % 2 {
            0 => (own, 1),
            _ => (Tenancy::Agency(other), 0),
        };
        let counting = tenancy::scope(tenancy, visit::Entity::find().count(reader));
        let _ = polled(counting, cut % 7).await;
        assert_eq!(all::<visit::Entity>(reader, tenancy).await, visits);
        let opposite = match cut % 2 {
            0 => Tenancy::Agency(other),
            _ => own,
        };
        assert_eq!(all::<visit::Entity>(reader, opposite).await, 1 - visits);
    }
}
