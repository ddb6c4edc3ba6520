//! Many published audits at once, by their ids: which match, whether somebody still reaches them, whether they would look
//! the same. Not here: what is done with them (`bundles/`).

use super::repo;
use super::service::{self, Asked};
use crate::accounts::Scope;
use crate::app::App;
use crate::domain::ids::{AgencyId, PublishedAuditId};
use crate::error::Result;
use crate::http::views::Window;

/// Ids in one statement.
const AT_ONCE: usize = 500;

/// Audits that match.
#[derive(Debug)]
pub struct Selected {
    /// Latest visit first.
    pub ids: Vec<PublishedAuditId>,
    /// How many match; more than `ids` has when there are too many.
    pub total: u64,
    /// Of `ids`, the first and the last local day.
    pub days: Option<(String, String)>,
}

/// The published audits that match, at most `most`.
///
/// # Errors
/// [`crate::error::Error::NotFound`] for anything named that the scope does not reach.
pub async fn select(app: &App, scope: &Scope, asked: Asked, most: u64) -> Result<Selected> {
    let filter = service::filter(app, scope, asked).await?;
    let window = Window {
        skip: 0,
        take: most,
    };
    let (rows, total) = repo::list(app.db.reader(), scope, &filter, window).await?;
    let day = |row: &repo::Published| row.local_day.clone();
    Ok(Selected {
        days: rows.last().map(day).zip(rows.first().map(day)),
        ids: rows.into_iter().map(|row| row.published_id).collect(),
        total,
    })
}

/// Whether the scope reaches every one of these.
///
/// # Errors
/// As the database has them.
pub async fn still_reached(app: &App, scope: &Scope, ids: &[PublishedAuditId]) -> Result<bool> {
    for some in ids.chunks(AT_ONCE) {
        if repo::count(app.db.reader(), scope, some).await? < some.len() as u64 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How often the photos of these audits have been redacted, all together: while this number stays, what is published of
/// them looks the same.
///
/// # Errors
/// As the database has them.
pub async fn redactions(app: &App, agency: AgencyId, ids: &[PublishedAuditId]) -> Result<i64> {
    let mut sum = 0;
    for some in ids.chunks(AT_ONCE) {
        sum += repo::redactions(app.db.reader(), agency, some).await?;
    }
    Ok(sum)
}
