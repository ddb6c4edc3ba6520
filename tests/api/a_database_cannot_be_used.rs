//! Whoever starts the program with a database that cannot be used is told which setting it is, and what is wrong with it. One
//! that takes no writes for a time is waited for. Phones that meet that are in `tests/faults` (R4).

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use plainclothes::app::App;
use plainclothes::config::Config;
use plainclothes::db::entities::submission;
use plainclothes::db::{Address, Db};
use sea_orm::{
    ConnectionTrait as _, Database, DatabaseConnection, EntityTrait as _, PaginatorTrait as _,
};

use crate::harness::{World, database};

#[tokio::test]
#[ignore = "only on PostgreSQL: the stage api-on-postgres runs it"]
async fn a_wrong_database_or_role_is_told_with_its_setting() {
    let server = database::server().expect("PLAINCLOTHES_TEST_DATABASE names a server");
    let (_, host) = server.rsplit_once('@').unwrap();
    let (host, _) = host.rsplit_once('/').unwrap();
    let told = async |address: &Address| Db::open(address).await.unwrap_err().to_string();

    let no_database = Address::of(&format!("postgres://postgres:secret@{host}/nowhere"), 4);
    assert_eq!(
        told(&no_database).await,
        format!(
            "PostgreSQL cannot be used at postgres://postgres@{host}/nowhere (database_url): \
             database \"nowhere\" does not exist"
        )
    );
    let no_owner = Address {
        owner_url: Some(format!("postgres://nobody@{host}/postgres")),
        ..Address::of(&server, 4)
    };
    assert_eq!(
        told(&no_owner).await,
        format!(
            "PostgreSQL cannot be used at postgres://nobody@{host}/postgres (database_owner_url): \
             role \"nobody\" does not exist"
        )
    );
}

/// Nobody can write to this file, or into this folder, until this is dropped.
struct ReadOnly(PathBuf);

impl ReadOnly {
    /// None where nothing keeps this user from writing.
    fn make(path: &Path) -> Option<Self> {
        let made = Self(path.to_owned());
        made.set("a-w", "+i");
        // What permissions do not do for root, the file system does.
        let open = || match path.is_dir() {
            true => std::fs::write(path.join("trial"), b"").is_ok(),
            false => std::fs::File::options().append(true).open(path).is_ok(),
        };
        (!open()).then_some(made)
    }

    fn set(&self, mode: &str, attribute: &str) {
        for (tool, word) in [("chmod", mode), ("chattr", attribute)] {
            let _ = Command::new(tool).arg(word).arg(&self.0).output();
        }
    }
}

impl Drop for ReadOnly {
    fn drop(&mut self) {
        self.set("u+w", "-i");
        self.set("u+w", "-i");
    }
}

fn start(folder: &Path) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_plainclothes"));
    program.args(["migrate", "--data-dir"]).arg(folder);
    // The runner's settings are not the program's.
    program.env_clear().output().unwrap()
}

#[test]
fn a_sqlite_database_that_is_none_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("plainclothes.db");
    std::fs::create_dir(&database).unwrap();
    is_refused(&start(folder.path()), &database);
}

fn is_refused(ended: &Output, database: &Path) {
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8_lossy(&ended.stderr);
    let begins = format!(
        "plainclothes: the database {} cannot be ",
        database.display()
    );
    assert!(said.starts_with(&begins), "{said}");
    let asks = "the file or its folder read-only for this user?";
    assert!(said.trim_end().ends_with(asks), "{said}");
}

#[test]
fn a_sqlite_database_that_cannot_be_written_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("plainclothes.db");
    let new = folder.path().join("new");
    std::fs::create_dir(&new).unwrap();
    assert!(start(folder.path()).status.success());
    for (locked, used, named) in [
        (&database, folder.path(), &database),
        (&new, new.as_path(), &new.join("plainclothes.db")),
    ] {
        let _locked = ReadOnly::make(locked).expect(
            "nothing keeps this user from writing here: run the tests as another user than root, or with TMPDIR on a \
             file system that has `chattr +i` (ext4, xfs, btrfs)",
        );
        is_refused(&start(used), named);
    }
    assert!(start(folder.path()).status.success(), "and works again");
}

/// The database of a world, as an operator changes it.
struct Operator {
    admin: DatabaseConnection,
    config: Config,
    name: String,
}

impl Operator {
    async fn of(world: &World) -> Self {
        let config = world.app.config.clone();
        let url = database::for_the_admin(&config);
        let (_, name) = url.rsplit_once('/').unwrap();
        Self {
            admin: Database::connect(&url).await.unwrap(),
            name: name.to_owned(),
            config,
        }
    }

    /// For connections that are made from now on, as PostgreSQL has it.
    async fn let_write(&self, allowed: bool) {
        let word = if allowed { "off" } else { "on" };
        let Self { name, .. } = self;
        self.admin
            .execute_unprepared(&format!(
                "BEGIN READ WRITE; ALTER DATABASE {name} SET default_transaction_read_only = {word}; COMMIT"
            ))
            .await
            .unwrap();
    }

    async fn end_connections(&self) {
        self.admin
            .execute_unprepared(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .await
            .unwrap();
    }
}

#[tokio::test]
#[ignore = "only on PostgreSQL: the stage api-on-postgres runs it"]
async fn a_database_that_takes_no_writes_is_waited_for() {
    const TRIES: usize = 5;
    let world = World::new().await;
    let shopper = world.shopper().await;
    let audit = world.good_audit(world.locations[0]).await;
    let operator = Operator::of(&world).await;

    operator.let_write(false).await;
    operator.end_connections().await;
    for _ in 0..TRIES {
        let refused = shopper.hand_in(&audit).await;
        refused.problem(503, "unavailable", "later");
        let seconds: u32 = refused.header("retry-after").parse().unwrap();
        assert!(seconds > 0);
    }
    shopper.get("/sync/changes").await.status_is(200);
    let started = App::start(operator.config.clone(), world.clock.clone()).await;
    let why = started.unwrap_err().to_string();
    assert!(why.contains("takes no writes"), "{why}");
    assert!(why.contains("default_transaction_read_only"), "{why}");
    let kept = submission::Entity::find().count(&operator.admin).await;
    assert_eq!(kept.unwrap(), 0);

    operator.let_write(true).await;
    if operator.config.database_pooled {
        // The pooler's connections are its own, and are what they were when it made them.
        operator.end_connections().await;
    }
    // Each connection of that time may fail once more; then there is none.
    let mut answer = shopper.hand_in(&audit).await;
    let most = operator.config.database_connections_max * 4;
    for _ in 0..most {
        if answer.status == 201 {
            break;
        }
        answer.problem(503, "unavailable", "later");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        answer = shopper.hand_in(&audit).await;
    }
    answer.status_is(201);
}
