//! Puts a server under the load of many phones, from outside, and afterwards asks it for everything that it acknowledged.
//!
//! Not here: starting a server and making the phones' accounts (`benches/run`). Writes a table line for people to
//! standard error and one line of JSON to standard output. Ends with 1 when something was lost, doubled or altered.

mod api;
mod check;
mod crowd;
mod document;
mod figures;
mod ledger;
mod machine;
mod phone;
mod photo;
mod stage;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;

use crate::figures::{Figures, Run};
use crate::ledger::Ledger;
use crate::machine::{Cpu, MemoryWatch};
use crate::phone::{Phone, Task};

/// Measures a Plainclothes server that runs the demo agency, with phones that each send as fast as they are answered.
#[derive(Debug, Parser)]
#[command(name = "plainclothes-load", version)]
struct Arguments {
    /// The server, such as http://127.0.0.1:8080
    #[arg(long)]
    url: String,
    /// What the line of the table is called
    #[arg(long, default_value = "")]
    label: String,
    /// Phones at the same time; they are signed in as load-1@example.org, load-2@example.org ...
    #[arg(long, default_value_t = 32)]
    phones: usize,
    /// The password of all these
    #[arg(long, default_value = "plainclothes-load")]
    password: String,
    /// How long each run takes
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Runs, of which the medians are given
    #[arg(long, default_value_t = 3)]
    repeat: usize,
    /// Give each audit a photo of its own of so many bytes
    #[arg(long, conflicts_with = "pull")]
    photo_bytes: Option<usize>,
    /// Send nothing: ask again and again whether there is something new
    #[arg(long)]
    pull: bool,
    /// Ask again and again for so many changes; the phones are devices of load-1@example.org
    #[arg(long, conflicts_with_all = ["pull", "photo_bytes"], requires = "entities")]
    changes: Option<usize>,
    /// Among so many visits, which are made for it
    #[arg(long, requires = "changes")]
    entities: Option<usize>,
    /// Simulate so many phones instead: each pulls once a minute and hands in twice a day
    #[arg(long, value_name = "PHONES", conflicts_with_all = ["pull", "photo_bytes", "changes"])]
    crowd: Option<usize>,
    /// So long, in the phones' time
    #[arg(long, requires = "crowd", default_value_t = 10)]
    minutes: u64,
    /// So much faster than real time
    #[arg(long, requires = "crowd", default_value_t = 10)]
    compress: u32,
    /// The crowd's phones are devices of so many accounts, load-1@example.org and so on
    #[arg(long, requires = "crowd", default_value_t = 200)]
    accounts: usize,
    /// The crowd's requests at the same time
    #[arg(long, requires = "crowd", default_value_t = 64)]
    connections: usize,
    /// Where to note what was sent and what was acknowledged
    #[arg(long)]
    ledger: PathBuf,
    /// The server's process, to tell how much of the machine it takes
    #[arg(long)]
    server_pid: Option<u32>,
    /// Leave out the table's head: this is not its first line
    #[arg(long)]
    no_head: bool,
}

#[tokio::main]
#[expect(clippy::print_stderr, reason = "this is what people read")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let with_head = !arguments.no_head;
    let measured = if arguments.crowd.is_some() {
        crowd::measure(arguments).await.map(|figures| {
            eprintln!("{figures}");
            (figures.json(), figures.verdict)
        })
    } else {
        measure(arguments).await.map(|figures| {
            if with_head {
                eprintln!("{}", Figures::head());
            }
            eprintln!("{}", figures.row());
            (figures.json(), figures.verdict)
        })
    };
    match measured {
        Ok((json, verdict)) => {
            #[expect(clippy::print_stdout, reason = "this is what programs read")]
            {
                println!("{json}");
            }
            if verdict.is_clean() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("plainclothes-load: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn measure(arguments: Arguments) -> anyhow::Result<Figures> {
    let stage = stage::set_up(&arguments.url, arguments.photo_bytes).await?;
    let (ledger, notes) = Ledger::open(&arguments.ledger)?;
    let mut phones = Vec::new();
    for index in 0..arguments.phones {
        // All devices of one account see the same feed.
        let account = if arguments.changes.is_some() {
            0
        } else {
            index
        };
        let password = &arguments.password;
        phones.push(Phone::set_up(&stage, index, account, password, notes.clone()).await?);
    }
    drop(notes);
    let task = match (arguments.pull, arguments.photo_bytes, arguments.changes) {
        (true, ..) => Task::Pull,
        (_, Some(_), _) => Task::AuditsWithPhoto,
        (.., Some(count)) => Task::Changes { count },
        _ => Task::Audits,
    };
    if let (Some(count), Some(entities)) = (arguments.changes, arguments.entities) {
        prepare_changes(&stage, &mut phones, count, entities).await?;
    }
    let listed_before = stage.listed().await?;
    let mut runs = Vec::new();
    for _ in 0..arguments.repeat.max(1) {
        let run = run_once(&mut phones, task, arguments.seconds, arguments.server_pid).await?;
        runs.push(run);
    }
    let clients: Vec<_> = phones.into_iter().map(Phone::into_api).collect();
    // The last of the phones' ends of the channel is gone: the ledger ends too.
    let entries = ledger.close()?;
    let held = check::ask(&clients, &stage.sample.sha256, &entries).await?;
    let listed = stage.listed().await? - listed_before;
    Ok(Figures {
        label: arguments.label,
        task,
        phones: arguments.phones,
        seconds: arguments.seconds,
        photo_bytes: arguments.photo_bytes,
        verdict: check::compare(&entries, &held, listed),
        runs,
    })
}

/// Makes `entities` visits, lets the phones hear of them, and then changes `count` of them.
async fn prepare_changes(
    stage: &stage::Stage,
    phones: &mut [Phone],
    count: usize,
    entities: usize,
) -> anyhow::Result<()> {
    anyhow::ensure!(count <= entities, "--changes are among the --entities");
    let visits = stage.new_visits(0, entities).await?;
    for phone in phones.iter_mut() {
        phone.catch_up().await?;
    }
    // From all over the feed.
    let chosen = visits.chunks(entities / count.max(1));
    let chosen: Vec<String> = chosen
        .take(count)
        .filter_map(|some| some.first().cloned())
        .collect();
    stage.touch(0, &chosen).await
}

async fn run_once(
    phones: &mut Vec<Phone>,
    task: Task,
    seconds: u64,
    server_pid: Option<u32>,
) -> anyhow::Result<Run> {
    let load_average = machine::load_average()?;
    let memory = server_pid.map(MemoryWatch::begin);
    let before = Cpu::read(server_pid)?;
    let began = Instant::now();
    let until = began + Duration::from_secs(seconds);
    let tasks: Vec<_> = phones
        .drain(..)
        .map(|mut phone| {
            tokio::spawn(async move {
                let work = phone.work(task, until).await;
                (phone, work)
            })
        })
        .collect();
    let mut run = Run::new(seconds, load_average);
    for task in tasks {
        let (phone, work) = task.await?;
        phones.push(phone);
        run.add(work);
    }
    run.cores = Cpu::read(server_pid)?.cores_since(&before, began.elapsed());
    run.server_mib = memory.map(|memory| memory.take_most_mib());
    run.finish();
    Ok(run)
}
