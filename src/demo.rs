//! The demo agency (being written).
use crate::app::App;
/// Seeds.
pub async fn seed_if_empty(_app: &App) -> anyhow::Result<Option<String>> { Ok(None) }
