//! Breaks a running server on purpose, in ways that are promised to do no harm, and counts what was lost, doubled or altered.
//!
//! It drives the real program, a real PostgreSQL and a real S3 from outside, with a ledger of what was acknowledged. README.md
//! says what each scenario shows and what it does not. Ends with 1 when a promise is broken or a control was not caught.

mod api;
mod dice;
mod document;
mod judge;
mod ledger;
mod process;
mod proxy;
mod scenarios;
mod sql;
mod table;
mod tools;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

use crate::scenarios::{Size, feed, hangups, races, replays, unsafe_lines};
use crate::table::{End, Row};
use crate::world::{Given, World};

/// Shows which promises of reliability a server keeps, with faults of every kind and a ledger outside of it.
#[derive(Debug, Parser)]
#[command(name = "plainclothes-faults", version)]
struct Arguments {
    /// The server's program
    #[arg(long, default_value = "target/debug/plainclothes")]
    bin: PathBuf,
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
        let databases = ["sqlite", "postgresql"];
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
    println!("{}", table::sum(&rows));
    if let Err(error) = done {
        eprintln!("plainclothes-faults: {error:#}");
        return ExitCode::from(2);
    }
    let is_good = |row: &Row| row.end.is_good() || matches!(row.end, End::Left(_));
    if rows.is_empty() || !rows.iter().all(is_good) {
        println!("repeat it with: make faults seed={}", arguments.seed);
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Every scenario that is wanted, on one world for each database.
async fn everything(
    arguments: &Arguments,
    given: &Given,
    rows: &mut Vec<Row>,
) -> anyhow::Result<()> {
    for on_postgres in [false, true] {
        let database = if on_postgres { "postgresql" } else { "sqlite" };
        let any = ["R1", "R2", "R5", "R6", "R7", "R8", "R11", "R12"]
            .iter()
            .any(|promise| arguments.wants(promise, database));
        if any {
            let mut world = World::start(given, on_postgres).await?;
            on_one(arguments, database, &mut world, rows).await?;
        }
    }
    Ok(())
}

async fn on_one(
    arguments: &Arguments,
    database: &str,
    world: &mut World,
    rows: &mut Vec<Row>,
) -> anyhow::Result<()> {
    let size = arguments.size;
    let wants = |promise| arguments.wants(promise, database);
    if wants("R7") {
        show(rows, vec![replays::run(world, size).await?]);
    }
    if wants("R8") {
        show(rows, feed::run(world, size).await?);
    }
    if wants("R11") {
        show(rows, races::run(world, size).await?);
    }
    if wants("R12") {
        show(rows, hangups::run(world, size).await?);
    }
    if wants("controls") || wants("R1") || wants("R6") || wants("R7") {
        show(rows, unsafe_lines::run(world).await?);
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this is what people read")]
fn show(rows: &mut Vec<Row>, new: Vec<Row>) {
    for row in new {
        println!("{}", row.line());
        rows.push(row);
    }
}
