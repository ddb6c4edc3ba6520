//! `plainclothes outbox …`: work that was exported from a phone.

use std::path::PathBuf;

use bytes::BytesMut;
use clap::Subcommand;
use tokio::io::AsyncReadExt as _;

use super::{operator, the_agency};
use crate::app::App;
use crate::domain::ids::AgencyId;
use crate::error::Error;
use crate::outbox::service::import;

const READ_AT_ONCE_BYTES: usize = 64 * 1024;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Take in a file that a phone has exported, in the name of its shopper; ends with 1 when anything was refused
    Import {
        /// The file, one JSON value a line
        file: PathBuf,
        /// The agency's id; may be left out when there is only one
        #[arg(long)]
        agency: Option<AgencyId>,
    },
}

pub(super) async fn run(app: &App, command: Command) -> anyhow::Result<()> {
    let Command::Import { file, agency } = command;
    let scope = operator(the_agency(app, agency).await?);
    let name = file.display().to_string();
    let opened = tokio::fs::File::open(&file)
        .await
        .map_err(|error| anyhow::anyhow!("cannot read {name}: {error}"))?;
    let pieces = futures::stream::try_unfold(opened, |mut file| async move {
        let mut piece = BytesMut::with_capacity(READ_AT_ONCE_BYTES);
        match file.read_buf(&mut piece).await {
            Ok(0) => Ok(None),
            Ok(_) => Ok(Some((piece.freeze(), file))),
            Err(error) => Err(Error::malformed(format!(
                "the file cannot be read: {error}"
            ))),
        }
    });
    let imported = import(app, &scope, Box::pin(pieces))
        .await
        .map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
    for one in &imported.audits {
        say!(
            "audit {} {}{}",
            one.audit,
            one.outcome,
            because(one.detail.as_deref())
        );
    }
    for one in &imported.photos {
        say!(
            "photo {} {}{}",
            one.sha256,
            one.outcome,
            because(one.detail.as_deref())
        );
    }
    for one in &imported.lines_refused {
        say!("line {} cannot be read: {}", one.line, one.detail);
    }
    anyhow::ensure!(
        imported.is_whole(),
        "not everything in {name} could be taken in"
    );
    Ok(())
}

fn because(detail: Option<&str>) -> String {
    detail
        .map(|detail| format!(": {detail}"))
        .unwrap_or_default()
}
