//! The demo agency: two brands, 24 locations, three months of audits, and visits that can be made today.
//!
//! Read `places.rs` for what is there and `plan.rs` for what happened; `history.rs` plays it through the same services as
//! real use, so that nothing in a demo has come about in another way than it would. All but ids and dates is the same
//! every time.

mod answers;
mod camera;
mod cast;
mod dice;
mod drawing;
mod due;
mod filling;
mod history;
mod places;
mod plan;
mod stage;
mod till;
mod words;

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::Duration;

use crate::accounts::Role;
use crate::app::App;
use crate::clock::{Clock, ManualClock};

/// The agency was founded so long ago.
const FOUNDED: Duration = Duration::days(100);

/// Creates the demo agency when there is no agency at all, and returns what whoever started it has to know: a sign-in for
/// each role. Of a demo that is there already it says the same; of a real agency, nothing.
///
/// A start that is interrupted leaves half an agency, which later starts do not touch: empty the data folder then.
///
/// # Errors
/// As the services have them.
pub async fn seed_if_empty(app: &App) -> anyhow::Result<Option<String>> {
    if !crate::accounts::service::agencies(app).await?.is_empty() {
        let is_demo = cast::is_here(app).await?;
        return Ok(is_demo.then(|| welcome(&app.config.public_url)));
    }
    tracing::info!("making the demo agency; this takes some seconds");
    let now = app.clock.now();
    let clock = Arc::new(ManualClock::new(now - FOUNDED));
    let past = app.with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
    let cast = cast::hire(&past).await?;
    let stage = stage::set_up(&past, &cast.admin, now).await?;
    cast::invite(&past, cast.admin.agency, stage.shown.0, stage.shown.1).await?;
    history::play(&past, &clock, &cast, &stage.spots, plan::outings(now)?).await?;
    due::assign(app, &cast, &stage).await?;
    due::read_feedback(app, &cast).await?;
    Ok(Some(welcome(&app.config.public_url)))
}

fn welcome(public_url: &str) -> String {
    let url = public_url.trim_end_matches('/');
    let mut text = format!(
        "\n  A demo agency is ready. Everybody's password is {}\n\n",
        cast::PASSWORD
    );
    for (role, email) in cast::SIGN_INS {
        let page = if role == Role::Shopper {
            "field"
        } else {
            "desk"
        };
        let (role, password) = (role.as_str(), cast::PASSWORD);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {role:<9} {email:<22} {password}   {url}/{page}/");
    }
    text
}

#[cfg(test)]
mod tests;
