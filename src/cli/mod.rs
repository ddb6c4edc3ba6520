//! The command line: everything an operator does, and what `--help` says about it.
//!
//! Not here: the work itself, which is the features'.

/// A line on standard output. A reader who has seen enough, as `head` has, ends the program quietly: see [`run`].
macro_rules! say {
    ($($words:tt)*) => {
        std::io::Write::write_fmt(
            &mut std::io::stdout(),
            format_args!("{}\n", format_args!($($words)*)),
        )?
    };
}

mod backup;
mod campaign;
mod checklist;
mod migrate;
mod objects;
mod outbox;
mod receipts;
mod verify;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::accounts::{Role, Scope, service as accounts};
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::{Config, Flags, LogFormat};
use crate::domain::ids::{AgencyId, PersonId};
use crate::traces::{self, Traces};

/// Sync server, phone client and desk of a mystery-shopping agency.
///
/// Settings come from, weakest first: built-in defaults, the file named by --config (TOML), the environment
/// (PLAINCLOTHES_LISTEN, PLAINCLOTHES_S3_ENDPOINT, PLAINCLOTHES_LIMITS_PHOTO_BYTES_MAX ...), and the flags below.
/// Without any of them the server listens on 127.0.0.1:8080 and keeps everything in ./data.
#[derive(Debug, Parser)]
#[command(name = "plainclothes", version)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Common {
    /// A configuration file (TOML)
    #[arg(long, global = true, env = "PLAINCLOTHES_CONFIG")]
    config: Option<PathBuf>,
    /// Where SQLite and the embedded objects lie [default: ./data]
    #[arg(long, global = true)]
    data_dir: Option<PathBuf>,
    /// sqlite:///path/to.db or postgres://user@host/name [default: SQLite in the data folder]
    #[arg(long, global = true)]
    database_url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server: the API, the phone client at /field/ and the desk at /desk/
    Serve {
        /// Where to listen [default: 127.0.0.1:8080]
        #[arg(long)]
        listen: Option<SocketAddr>,
        /// The address that people type, for cookies and links [default: http://localhost:8080]
        #[arg(long)]
        public_url: Option<String>,
        /// Create a demo agency when the database is empty, and print a sign-in for each role
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database's schema up to date and stop; or move to another database
    Migrate {
        #[command(subcommand)]
        to: Option<MigrateTo>,
    },
    /// Copy a SQLite installation, database and objects, into a folder; the server may run
    Backup {
        /// A new folder, or that of an earlier backup, which becomes this one
        folder: PathBuf,
    },
    /// Put a backup back; no server may run. Phones then offer everything that they still hold
    Restore {
        /// What `backup` made
        folder: PathBuf,
        /// Move a database that is there aside
        #[arg(long)]
        force: bool,
    },
    /// After a restore by PostgreSQL's own tools: let phones know that this is not the database they knew
    #[command(subcommand)]
    Epoch(EpochCommand),
    /// The key that signs receipts
    #[command(subcommand)]
    Receipts(receipts::Command),
    /// Check, publish and compare checklists
    #[command(subcommand)]
    Checklist(checklist::Command),
    /// List campaigns and move them to other checklist versions
    #[command(subcommand)]
    Campaign(campaign::Command),
    /// Make sure that what is stored is what it was
    #[command(subcommand)]
    Verify(verify::Command),
    /// Compare the bucket with the database
    #[command(subcommand)]
    Objects(objects::Command),
    /// Take in what phones have exported
    #[command(subcommand)]
    Outbox(outbox::Command),
    /// Add people
    #[command(subcommand)]
    Person(PersonCommand),
    /// Add an agency with its first admin
    Agency {
        /// What the agency is called
        name: String,
        /// The admin's email address
        #[arg(long)]
        admin_email: String,
        /// The admin's name
        #[arg(long, default_value = "Admin")]
        admin_name: String,
    },
    /// Print the OpenAPI document
    Openapi,
}

#[derive(Debug, Subcommand)]
enum MigrateTo {
    /// Move a SQLite database to the PostgreSQL of --database-url, which has to be empty; no server may run
    ToPostgres {
        /// The SQLite file
        from: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum EpochCommand {
    /// Draw a new epoch
    Renew,
}

#[derive(Debug, Subcommand)]
enum PersonCommand {
    /// Add somebody to an agency; the password is read from standard input
    Add {
        /// Email address, which is also what they sign in with
        email: String,
        /// What they are called
        #[arg(long)]
        name: String,
        /// shopper, reviewer, admin, manager or client
        #[arg(long)]
        role: String,
        /// The client whose people they are (manager and client)
        #[arg(long)]
        client: Option<uuid::Uuid>,
        /// The region that they manage (manager)
        #[arg(long)]
        region: Option<uuid::Uuid>,
        /// The agency's id; may be left out when there is only one
        #[arg(long)]
        agency: Option<AgencyId>,
    },
}

/// Runs the program and turns its end into an exit status: 0 done, 1 not done, 2 used wrongly.
#[expect(clippy::print_stderr, reason = "this is what an operator reads")]
pub fn run(cli: Cli) -> ExitCode {
    let result = match cli.command {
        Command::Openapi => print_openapi(),
        Command::Checklist(checklist::Command::Files(command)) => checklist::on_files(command),
        command => with_runtime(cli.common, command),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if nobody_listens(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let Ended { status, why } = error.downcast().unwrap_or_else(|error| Ended {
                status: 1,
                why: Some(error),
            });
            if let Some(why) = why {
                eprintln!("plainclothes: {why:#}");
            }
            ExitCode::from(status)
        }
    }
}

fn nobody_listens(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// An end with an exit status of its own, for commands that promise one.
#[derive(Debug, thiserror::Error)]
#[error("ended with {status}")]
struct Ended {
    status: u8,
    /// None when everything there was to say has been said.
    why: Option<anyhow::Error>,
}

/// Not done, and the reader knows why: there is nothing to add on standard error.
const ALREADY_TOLD: Ended = Ended {
    status: 1,
    why: None,
};

#[expect(clippy::print_stdout, reason = "this is what was asked for")]
fn print_openapi() -> anyhow::Result<()> {
    println!("{}", crate::http::router::openapi().to_pretty_json()?);
    Ok(())
}

fn with_runtime(common: Common, command: Command) -> anyhow::Result<()> {
    let mut flags = Flags {
        data_dir: common.data_dir,
        database_url: common.database_url,
        ..Flags::default()
    };
    if let Command::Serve {
        listen,
        public_url,
        demo,
    } = &command
    {
        flags.listen = *listen;
        flags.public_url.clone_from(public_url);
        flags.demo = demo.then_some(true);
    }
    let config = Config::load(common.config, flags)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let traces = {
        let _inside = runtime.enter();
        start_logging(&config)?
    };
    let result = runtime.block_on(perform(config, command));
    if let Some(traces) = traces {
        traces.end();
    }
    result
}

/// The log, and the traces if they are wanted.
fn start_logging(config: &Config) -> anyhow::Result<Option<Traces>> {
    let filter = EnvFilter::try_new(&config.log_filter)
        .map_err(|error| anyhow::anyhow!("log_filter cannot be used: {error}"))?;
    let traces = config.otlp_endpoint.as_deref().map(Traces::start);
    let traces = traces.transpose()?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match config.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    // Spans that are made for traces say nothing that the log's own do not.
    let own = filter_fn(|of| of.target() != traces::TARGET);
    tracing_subscriber::registry()
        .with(lines.with_filter(filter.and(own)))
        .with(traces.as_ref().map(Traces::layer))
        .init();
    Ok(traces)
}

#[expect(clippy::print_stdout, reason = "this is what was asked for")]
async fn perform(config: Config, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve { .. } => return serve(config).await,
        Command::Migrate {
            to: Some(MigrateTo::ToPostgres { from }),
        } => migrate::to_postgres(&config, &from).await?,
        Command::Backup { folder } => backup::backup(&config, &folder).await?,
        Command::Restore { folder, force } => backup::restore(&config, &folder, force).await?,
        Command::Epoch(EpochCommand::Renew) => backup::renew_epoch(config).await?,
        Command::Migrate { to: None } => {
            App::start(config, Arc::new(SystemClock)).await?;
            println!("The schema is up to date.");
        }
        Command::Checklist(checklist::Command::Versions(command)) => {
            let app = App::start(config, Arc::new(SystemClock)).await?;
            checklist::on_versions(&app, command).await?;
        }
        Command::Campaign(command) => {
            let app = App::start(config, Arc::new(SystemClock)).await?;
            campaign::run(&app, command).await?;
        }
        Command::Verify(command) => {
            let app = App::start(config, Arc::new(SystemClock)).await?;
            verify::run(&app, &command).await?;
        }
        Command::Objects(command) => {
            let app = App::start(config, Arc::new(SystemClock)).await?;
            objects::run(&app, &command).await?;
        }
        Command::Outbox(command) => {
            let app = App::start(config, Arc::new(SystemClock)).await?;
            outbox::run(&app, command).await?;
        }
        Command::Receipts(command) => {
            let app = App::start(config, Arc::new(SystemClock)).await?;
            receipts::run(&app, &command).await?;
        }
        Command::Person(PersonCommand::Add {
            email,
            name,
            role,
            client,
            region,
            agency,
        }) => {
            let role = Role::parse(&role).ok_or_else(|| {
                anyhow::anyhow!("--role is one of shopper, reviewer, admin, manager, client")
            })?;
            let app = App::start(config, Arc::new(SystemClock)).await?;
            let new = accounts::NewPerson {
                agency: the_agency(&app, agency).await?,
                email,
                display_name: name,
                password: password_from_stdin()?,
                locale: "en".to_owned(),
                role,
                client: client.map(Into::into),
                region: region.map(Into::into),
            };
            println!("{}", accounts::create_person(&app, new).await?);
        }
        Command::Agency {
            name,
            admin_email,
            admin_name,
        } => {
            let app = App::start(config, Arc::new(SystemClock)).await?;
            let agency = accounts::create_agency(&app, &name).await?;
            let admin = accounts::NewPerson {
                agency,
                email: admin_email,
                display_name: admin_name,
                password: password_from_stdin()?,
                locale: "en".to_owned(),
                role: Role::Admin,
                client: None,
                region: None,
            };
            accounts::create_person(&app, admin).await?;
            println!("{agency}");
        }
        Command::Openapi | Command::Checklist(checklist::Command::Files(_)) => {}
    }
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "sign-ins of the demo are for whoever started it"
)]
async fn serve(config: Config) -> anyhow::Result<()> {
    let listen = config.listen;
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .map_err(|error| anyhow::anyhow!("cannot listen on {listen}: {error}"))?;
    let _serving = crate::backup::hold(&config)?;
    let demo = config.demo;
    let public_url = config.public_url.clone();
    let app = App::start(config, Arc::new(SystemClock)).await?;
    if demo && let Some(welcome) = crate::demo::seed_if_empty(&app).await? {
        println!("{welcome}");
    }
    tracing::info!(%listen, public_url, "ready");
    crate::http::serve::serve(app, listener).await
}

/// Whoever sits at the machine: reaches the whole agency, and is nobody in particular in the journal.
fn operator(agency: AgencyId) -> Scope {
    Scope::of_agency(agency, PersonId(uuid::Uuid::nil()))
}

async fn the_agency(app: &App, named: Option<AgencyId>) -> anyhow::Result<AgencyId> {
    let all = accounts::agencies(app).await?;
    match (named, all.as_slice()) {
        (Some(id), all) if all.contains(&id) => Ok(id),
        (Some(id), _) => anyhow::bail!("there is no agency {id}"),
        (None, [only]) => Ok(*only),
        (None, []) => anyhow::bail!("there is no agency yet: see 'plainclothes agency --help'"),
        (None, _) => anyhow::bail!("there are several agencies: name one with --agency"),
    }
}

fn password_from_stdin() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    anyhow::ensure!(
        !password.is_empty(),
        "give the password on standard input, one line"
    );
    Ok(password)
}
