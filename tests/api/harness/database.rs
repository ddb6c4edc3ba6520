//! A database for one test.

use std::path::Path;

use plainclothes::config::Config;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};

/// Owns the tables of every test on PostgreSQL.
const OWNER: &str = "plainclothes_owner";
/// Whom the program signs in as there, which is not the owner.
const APPLICATION: &str = "plainclothes_app";

/// The PostgreSQL server to test on, as somebody who may do everything; none for SQLite.
pub fn server() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "which database to test on is the runner's choice"
    )]
    std::env::var("PLAINCLOTHES_TEST_DATABASE").ok()
}

/// Whether the program reaches that server through pgbouncer, whose address this is.
fn pooler() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "which database to test on is the runner's choice"
    )]
    std::env::var("PLAINCLOTHES_TEST_POOLER").ok()
}

/// Points `config` to a new, empty database: a file in `folder`, or a database on the server that the environment names.
pub async fn fresh(folder: &Path, config: &mut Config) {
    let Some(server) = server() else {
        let file = folder.join("test.db");
        config.database_url = Some(format!("sqlite://{}", file.display()));
        return;
    };
    let name = format!("test_{}", uuid::Uuid::new_v4().simple());
    let admin = Database::connect(&server)
        .await
        .expect("the PostgreSQL server for tests answers");
    for role in [OWNER, APPLICATION] {
        create_role(&admin, role).await;
    }
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name} OWNER {OWNER}"))
        .await
        .unwrap();
    config.database_owner_url = Some(address(&server, OWNER, &name));
    config.database_pooled = pooler().is_some();
    let reached = pooler().unwrap_or(server);
    config.database_url = Some(address(&reached, APPLICATION, &name));
}

/// Tests run side by side, and roles are the whole server's.
async fn create_role(admin: &DatabaseConnection, role: &str) {
    let made = admin
        .execute_unprepared(&format!("CREATE ROLE {role} LOGIN"))
        .await;
    if let Err(error) = made {
        let text = error.to_string();
        assert!(
            text.contains("already exists") || text.contains("duplicate key"),
            "{text}"
        );
    }
}

fn address(server: &str, role: &str, name: &str) -> String {
    let (base, _) = server.rsplit_once('/').expect("postgres://host/database");
    let (_, host) = base.rsplit_once('@').expect("postgres://user@host");
    format!("postgres://{role}@{host}/{name}")
}

/// The same database for somebody who sees everything: for looking at it from outside of the program.
pub fn for_the_admin(config: &Config) -> String {
    let url = config.database_url();
    match (server(), url.rsplit_once('/')) {
        (Some(server), Some((_, name))) => {
            let (base, _) = server.rsplit_once('/').expect("postgres://host/database");
            format!("{base}/{name}")
        }
        _ => url,
    }
}
