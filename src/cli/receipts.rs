//! `plainclothes receipts rotate`.

use clap::Subcommand;

use crate::app::App;
use crate::http::views::instant;
use crate::sync::receipt_keys;

const MINUTE_MS: i64 = 60 * 1000;

/// What is done to the key that signs receipts.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a new key, and tell phones of it from now on; servers run on and sign with it when its time has come
    Rotate {
        /// When it begins to sign
        #[arg(long, default_value_t = 24 * 60, value_parser = clap::value_parser!(u32).range(receipt_keys::ANNOUNCED_FOR_MS_MIN / MINUTE_MS..))]
        after_minutes: u32,
    },
}

pub(super) async fn run(app: &App, command: &Command) -> anyhow::Result<()> {
    let Command::Rotate { after_minutes } = command;
    let after_ms = i64::from(*after_minutes) * MINUTE_MS;
    let announced = receipt_keys::rotate(&app.db, app.clock.now_ms(), after_ms).await?;
    say!("new key: {}", announced.public_key);
    say!("it signs from {} on", instant(announced.signs_from_ms));
    Ok(())
}
