//! Breaks a running server on purpose, in ways that are promised to do no harm, and counts what was lost, doubled or altered.
//!
//! It drives the real program, a real PostgreSQL and a real S3 from outside, with a ledger of what was acknowledged. README.md
//! says what each scenario shows and what it does not. Ends with 1 when a promise is broken or a control was not caught.

mod api;
mod dice;
mod disk;
mod document;
mod judge;
mod ledger;
mod process;
mod proxy;
mod scenarios;
mod scripts;
mod sql;
mod table;
mod tools;
mod world;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

use crate::dice::Dice;
use crate::proxy::Proxy;
use crate::scenarios::{
    Size, bad_lines, crashes, feed, full_disk, hangups, nodes, objects_away, power_cuts, races,
    read_only, replays, restores, unsafe_lines,
};
use crate::table::{End, Row};
use crate::tools::Garage;
use crate::world::{Base, Given, World};

/// Shows which promises of reliability a server keeps, with faults of every kind and a ledger outside of it.
#[derive(Debug, Parser)]
#[command(name = "plainclothes-faults", version)]
struct Arguments {
    /// The server's program
    #[arg(long, default_value = "target/debug/plainclothes")]
    bin: PathBuf,
    /// The server's program of an earlier version: nodes are upgraded from it to `bin`
    #[arg(long)]
    before: Option<PathBuf>,
    /// Where the project's tools lie
    #[arg(long, default_value = "tests/tools")]
    tools: PathBuf,
    /// An empty folder on a disk, for databases, logs and ledgers; it is left behind
    #[arg(long)]
    folder: PathBuf,
    /// How much is done
    #[arg(long, value_enum, default_value = "small")]
    size: Size,
    /// What chance follows from; the same number draws the same faults
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only scenarios of one promise, such as R7, or on one database, such as sqlite
    #[arg(long)]
    only: Vec<String>,
}

impl Arguments {
    /// Words on `--only` narrow promises, or databases, or both.
    fn wants(&self, promise: &str, database: &str) -> bool {
        let named = |word: &str| self.only.iter().any(|only| only.eq_ignore_ascii_case(word));
        let databases = [SQLITE, POSTGRESQL];
        let is_database = |only: &&String| {
            databases
                .iter()
                .any(|database| only.eq_ignore_ascii_case(database))
        };
        let any_database = self.only.iter().any(|only| is_database(&only));
        let any_promise = self.only.iter().any(|only| !is_database(&only));
        (!any_database || named(database)) && (!any_promise || named(promise))
    }
}

#[tokio::main]
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is what people read"
)]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let given = Given {
        program: arguments.bin.clone(),
        tools: arguments.tools.clone(),
        folder: arguments.folder.clone(),
        seed: arguments.seed,
    };
    let began = Instant::now();
    println!("seed {}, size {:?}", arguments.seed, arguments.size);
    println!("{}", table::HEAD);
    let mut rows = Vec::new();
    let done = tokio::select! {
        done = everything(&arguments, &given, &mut rows) => done,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("stopped")),
    };
    println!("{} s", began.elapsed().as_secs());
    // Once more at the end, where somebody who sees only the last lines of a log finds it.
    for row in rows.iter().filter(|row| row.end.is_bad()) {
        println!("broken: {}", row.line());
    }
    println!("{}", table::sum(&rows));
    if let Err(error) = done {
        eprintln!("plainclothes-faults: {error:#}");
        return ExitCode::from(2);
    }
    if rows.is_empty() || rows.iter().any(|row| row.end.is_bad()) {
        println!("repeat it with: make faults seed={}", arguments.seed);
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Every scenario that is wanted, on one world for each database: SQLite with the objects inside the process, PostgreSQL
/// with Garage where there is one.
async fn everything(
    arguments: &Arguments,
    given: &Given,
    rows: &mut Vec<Row>,
) -> anyhow::Result<()> {
    const PROMISES: [&str; 11] = [
        "R1", "R2", "R4", "R5", "R6", "R7", "R8", "R9", "R11", "R12", "R18",
    ];
    let any = |database| {
        PROMISES
            .iter()
            .any(|promise| arguments.wants(promise, database))
    };
    if any(SQLITE) {
        let mut world = World::start(given, Base::Sqlite, Vec::new()).await?;
        if arguments.wants("R5", SQLITE) {
            let row = objects_away::inside(&world, arguments.size).await;
            show_one(rows, "R5", "SQLite", row);
        }
        on_both(arguments, SQLITE, &mut world, rows).await;
        // Last: the control leaves a database that has lost something.
        if arguments.wants("R9", SQLITE) {
            let row = restores::run(&mut world, arguments.size).await;
            show_one(rows, "R9", "SQLite", row);
            let row = restores::control(&mut world).await;
            show_one(rows, "R9", "SQLite", row);
        }
    }
    if arguments.wants("R4", SQLITE) {
        show_one(
            rows,
            "R4",
            "SQLite",
            full_disk::run(given, arguments.size).await,
        );
    }
    if any(POSTGRESQL) {
        on_postgres(arguments, given, rows).await?;
    }
    for (name, shown, base) in [
        (SQLITE, "SQLite", Base::Sqlite),
        (POSTGRESQL, "PostgreSQL", Base::Postgres),
    ] {
        if arguments.wants("R3", name) {
            let row = power_cuts::run(given, base, arguments.size).await;
            show(rows, "R3", shown, row);
        }
    }
    Ok(())
}

const SQLITE: &str = "sqlite";
const POSTGRESQL: &str = "postgresql";

async fn on_postgres(
    arguments: &Arguments,
    given: &Given,
    rows: &mut Vec<Row>,
) -> anyhow::Result<()> {
    if arguments.size > Size::Small && !Garage::is_here(&given.tools).await {
        Garage::install(&given.tools).await?;
    }
    let mut garage = None;
    if Garage::is_here(&given.tools).await {
        let started = Garage::start(&given.tools, given.folder.join("garage")).await?;
        let dice = Dice::new(given.seed, "the line to Garage");
        let proxy = Proxy::start(started.address()?, dice).await?;
        garage = Some((started, proxy));
    }
    let settings = garage
        .as_ref()
        .map(|(garage, proxy)| garage.settings(&proxy.url));
    let mut world = World::start(given, Base::Postgres, settings.unwrap_or_default()).await?;
    if arguments.wants("R5", POSTGRESQL) {
        let row = match &garage {
            Some((garage, proxy)) => {
                objects_away::behind(&world, proxy, garage, arguments.size).await
            }
            None => Ok(Row {
                promise: "R5",
                database: "PostgreSQL",
                scenario: "a real S3 server behind a bad line".to_owned(),
                size: String::new(),
                faults: 0,
                verdict: judge::Verdict::default(),
                extra: Vec::new(),
                end: End::Left(
                    "there is no Garage (tests/tools/garage install): R5 against the embedded store only".to_owned(),
                ),
            }),
        };
        show_one(rows, "R5", "PostgreSQL", row);
    }
    if arguments.wants("R2", POSTGRESQL) {
        let row = crashes::kill_postgres(&mut world, arguments.size).await;
        show_one(rows, "R2", "PostgreSQL", row);
    }
    on_both(arguments, POSTGRESQL, &mut world, rows).await;
    // Last, as above.
    if arguments.wants("R9", POSTGRESQL) {
        let row = restores::of_dumps(&mut world, arguments.size).await;
        show_one(rows, "R9", "PostgreSQL", row);
        let row = restores::control_of_dumps(&mut world).await;
        show_one(rows, "R9", "PostgreSQL", row);
    }
    drop(world);
    let settings = garage
        .as_ref()
        .map(|(garage, _)| garage.settings(&garage.endpoint));
    let settings = settings.unwrap_or_default();
    on_several_nodes(arguments, given, settings.clone(), rows).await;
    if let Some(before) = &arguments.before
        && arguments.wants("R18", POSTGRESQL)
    {
        let row = upgrade(before, given, settings).await;
        show_one(rows, "R18", "PostgreSQL", row);
    }
    Ok(())
}

/// Three nodes with one PostgreSQL and one S3: Garage, or, where there is none, a folder that they share.
async fn on_several_nodes(
    arguments: &Arguments,
    given: &Given,
    settings: Vec<(&'static str, String)>,
    rows: &mut Vec<Row>,
) {
    const NAME: &str = "PostgreSQL";
    let (size, wants) = (arguments.size, |promise| {
        arguments.wants(promise, POSTGRESQL)
    });
    if !["R1", "R2", "R18"].into_iter().any(wants) {
        return;
    }
    let mut cluster = match nodes::Cluster::start(given, settings).await {
        Ok(cluster) => cluster,
        Err(error) => return show_one(rows, "R18", NAME, Err(error)),
    };
    if wants("R1") {
        show_one(rows, "R1", NAME, cluster.kill_nodes(size).await);
    }
    if wants("R18") {
        show_one(rows, "R18", NAME, cluster.replace_nodes(size).await);
    }
    if wants("R2") {
        show_one(rows, "R2", NAME, cluster.kill_postgres(size).await);
        show_one(rows, "R2", NAME, cluster.fail_over().await);
    }
}

/// From an earlier program to the one that is looked at, on a cluster of its own.
async fn upgrade(
    before: &Path,
    given: &Given,
    settings: Vec<(&'static str, String)>,
) -> anyhow::Result<Row> {
    let earlier = Given {
        program: before.to_owned(),
        folder: given.folder.join("upgrade"),
        ..given.clone()
    };
    let cluster = nodes::Cluster::start(&earlier, settings).await?;
    cluster.upgrade(&given.program).await
}

async fn on_both(arguments: &Arguments, database: &str, world: &mut World, rows: &mut Vec<Row>) {
    let size = arguments.size;
    let name = world.database();
    let wants = |promise| arguments.wants(promise, database);
    if wants("R1") {
        let row = crashes::kill_server(world, size).await;
        show_one(rows, "R1", name, row);
    }
    if wants("R4") {
        let row = read_only::run(world, size).await;
        show_one(rows, "R4", name, row);
    }
    // The line does not know which database is behind the server: once is enough for a small run.
    if wants("R6") && (database == SQLITE || size > Size::Small) {
        show_one(rows, "R6", name, bad_lines::run(world, size).await);
    }
    if wants("R7") {
        show_one(rows, "R7", name, replays::run(world, size).await);
    }
    if wants("R8") {
        show(rows, "R8", name, feed::run(world, size).await);
    }
    if wants("R11") {
        show(rows, "R11", name, races::run(world, size).await);
    }
    if wants("R12") {
        show(rows, "R12", name, hangups::run(world, size).await);
    }
    for control in unsafe_lines::controls() {
        if wants(control.promise) {
            show_one(rows, control.promise, name, control.run(world).await);
        }
    }
}

fn show_one(
    rows: &mut Vec<Row>,
    promise: &'static str,
    database: &'static str,
    new: anyhow::Result<Row>,
) {
    show(rows, promise, database, new.map(|row| vec![row]));
}

/// Prints and keeps rows. A scenario that could not be judged is a row, too, and a broken one: the others go on.
#[expect(clippy::print_stdout, reason = "this is what people read")]
fn show(
    rows: &mut Vec<Row>,
    promise: &'static str,
    database: &'static str,
    new: anyhow::Result<Vec<Row>>,
) {
    let unjudged = |error: anyhow::Error| Row {
        promise,
        database,
        scenario: "could not be judged".to_owned(),
        size: String::new(),
        faults: 0,
        verdict: judge::Verdict::default(),
        extra: Vec::new(),
        end: End::Broken(format!("{error:#}")),
    };
    for row in new.unwrap_or_else(|error| vec![unjudged(error)]) {
        println!("{}", row.line());
        rows.push(row);
    }
}
