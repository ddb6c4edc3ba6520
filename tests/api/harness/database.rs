//! A database for one test.

use std::path::Path;

use sea_orm::{ConnectionTrait as _, Database};

/// The address of a new, empty database: a file in `folder`, or a database on the server that the environment names.
pub async fn fresh(folder: &Path) -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "which database to test on is the runner's choice"
    )]
    let Ok(server) = std::env::var("PLAINCLOTHES_TEST_DATABASE") else {
        return format!("sqlite://{}", folder.join("test.db").display());
    };
    let name = format!("test_{}", uuid::Uuid::new_v4().simple());
    let admin = Database::connect(&server)
        .await
        .expect("the PostgreSQL server for tests answers");
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    let (base, _) = server.rsplit_once('/').expect("postgres://host/database");
    format!("{base}/{name}")
}
