//! A phone at the command line, to try the protocol by hand.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use plainclothes_phone::{End, FinishedAudit, Phone, RoundEnd};

/// One shopper's phone: its memory is a folder.
#[derive(Debug, Parser)]
#[command(name = "plainclothes-phone", version)]
struct Arguments {
    /// The phone's memory; made when it is not there
    #[arg(long)]
    folder: PathBuf,
    /// The server, such as http://127.0.0.1:8080
    #[arg(long)]
    server: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Begin a session; the password is read from standard input
    SignIn { email: String },
    /// Run one round
    Sync,
    /// What is in the outbox, and how it stands
    Status,
    /// What the server has given this shopper to do
    Visits,
    /// Take a finished audit document into the outbox, byte for byte
    Finish {
        file: PathBuf,
        /// A photo that the document names
        #[arg(long)]
        photo: Vec<PathBuf>,
    },
    /// Write everything that is held to standard output, to be taken in with `plainclothes outbox import`
    Export,
}

#[tokio::main]
#[expect(clippy::print_stderr, reason = "this is what people read")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("plainclothes-phone: {error:#}");
            ExitCode::from(2)
        }
    }
}

#[expect(clippy::print_stdout, reason = "this is what was asked for")]
async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let mut phone = Phone::open(&arguments.folder, &arguments.server)?;
    match arguments.command {
        Command::SignIn { email } => {
            let password = std::io::read_to_string(std::io::stdin())?;
            phone.sign_in(&email, password.trim_end()).await?;
        }
        Command::Sync => {
            let round = phone.round().await;
            println!("{}", in_words(&round));
            return Ok(match round.end {
                End::Done if round.aside == 0 => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            });
        }
        Command::Status => {
            for item in phone.outbox() {
                println!("{}", serde_json::to_string(&item)?);
            }
        }
        Command::Visits => {
            for visit in phone.visits() {
                let ready = if visit.ready_offline {
                    "ready"
                } else {
                    "not ready"
                };
                println!(
                    "{} {} ({ready} offline) {}",
                    visit.id, visit.state, visit.json
                );
            }
        }
        Command::Finish { file, photo } => {
            let text = read(&file)?;
            let photos = photo.iter().map(read).collect::<anyhow::Result<_>>()?;
            println!("{}", phone.finish(FinishedAudit::from_text(text, photos)?)?);
        }
        Command::Export => phone.export(std::io::stdout().lock())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn read(path: &PathBuf) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn in_words(round: &RoundEnd) -> String {
    let end = match round.end {
        End::Done => "done".to_owned(),
        End::Offline => "offline".to_owned(),
        End::SignedOut => "signed out: use sign-in".to_owned(),
        End::Busy { retry_after } => {
            format!("the server is busy, back in {} s", retry_after.as_secs())
        }
    };
    let mut words = vec![end];
    if round.aside > 0 {
        words.push(format!("{} to be tried again", round.aside));
    }
    if round.update_required {
        words.push("this client is too old to pull".to_owned());
    }
    for refused in &round.refused {
        words.push(format!("refused {}: {:?}", refused.id, refused.detail));
    }
    words.extend(round.last_failure.as_ref().map(ToString::to_string));
    words.join("; ")
}
