//! `plainclothes objects …`: is what the database speaks of in the bucket, and nothing else?

use clap::Subcommand;

use crate::app::App;
use crate::photos::check::{Finding, How, Mended, What, check};

/// When more is wrong than that, no longer list would tell it better.
const FINDINGS_TOLD_MAX: usize = 1_000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Hold the bucket against the database: what is missing, foreign or damaged? Ends with 1 when anything is. The server
    /// may be running meanwhile
    Check {
        /// Read only about so many objects, spread over all, and compare their digests (0: names and sizes only)
        /// [default: read every object]
        #[arg(long)]
        sample: Option<u64>,
        /// Make missing and damaged renditions again, put evidence back that is still in the database, and clear away
        /// uploads in parts that were never finished
        #[arg(long)]
        mend: bool,
    },
}

pub(super) async fn run(app: &App, command: &Command) -> anyhow::Result<()> {
    let Command::Check { sample, mend } = *command;
    let mut told = Vec::new();
    let mut left_out = 0;
    let checked = check(app, How { sample, mend }, |finding| {
        if told.len() < FINDINGS_TOLD_MAX {
            told.push(finding);
        } else {
            left_out += 1;
        }
    })
    .await?;
    for finding in told {
        say!("{}", line(&finding));
    }
    if left_out > 0 {
        say!("… and {left_out} more");
    }
    if checked.unfinished > 0 {
        let mended = if mend { ", cleared away" } else { "" };
        say!(
            "{} uploads in parts were begun a day ago or earlier and never finished{mended}",
            checked.unfinished
        );
    }
    say!(
        "{} objects of {} bytes looked at, {} of them read; {} photos wait to be moved; {} missing, {} foreign, {} damaged, {} mended or about to be",
        checked.objects,
        checked.bytes,
        checked.read,
        checked.waiting,
        checked.missing,
        checked.foreign,
        checked.damaged,
        checked.mended
    );
    let wrong = checked.wrong();
    anyhow::ensure!(wrong == 0, "{wrong} objects are not as they should be");
    Ok(())
}

fn line(finding: &Finding) -> String {
    let name = finding.name.escape_debug();
    let what = match &finding.what {
        What::Missing => "missing",
        What::Foreign => "foreign",
        What::Damaged(_) => "damaged",
    };
    let more = match (&finding.what, finding.mended) {
        (What::Damaged(how), Mended::No) => format!(" ({how})"),
        (_, Mended::No) => String::new(),
        (_, Mended::Done) => ": put back".to_owned(),
        (_, Mended::Ordered) => ": a job makes it again".to_owned(),
    };
    format!("{what} {name}{more}")
}
