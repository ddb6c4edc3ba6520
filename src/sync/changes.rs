//! Reading a feed from a cursor on.
//!
//! Not here: what moves a feed (`db/feed.rs`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::accounts::ShopperScope;
use crate::app::App;
use crate::db::entities::{feed, feed_entry};
use crate::error::Result;

/// A place in a feed. Opaque to phones; `v1.<epoch>.<seq>` inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor {
    epoch: Uuid,
    seq: i64,
}

impl Cursor {
    fn encode(self) -> String {
        URL_SAFE_NO_PAD.encode(format!("v1.{}.{}", self.epoch.simple(), self.seq))
    }

    fn decode(text: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (epoch, seq) = text.strip_prefix("v1.")?.split_once('.')?;
        let seq = seq.parse().ok().filter(|seq| *seq >= 0)?;
        Some(Self {
            epoch: epoch.parse().ok()?,
            seq,
        })
    }
}

/// One page of what has changed.
#[derive(Debug)]
pub struct Page {
    /// The cursor was not usable: what follows is the beginning of a full snapshot.
    pub reset: bool,
    pub cursor: String,
    pub more: bool,
    pub entries: Vec<feed_entry::Model>,
    pub live_count: i64,
    pub live_sum: i64,
}

/// Reads at most `limit` entries after `cursor`. A cursor that is unreadable, of another epoch, older than the
/// tombstones that are kept, or ahead of the feed starts a snapshot; it is never an error.
///
/// With nothing new this is one small indexed read.
///
/// # Errors
/// As the database has them.
pub async fn pull(
    app: &App,
    shopper: ShopperScope,
    cursor: Option<&str>,
    limit: u64,
) -> Result<Page> {
    let epoch = app.installation.epoch;
    let given = cursor
        .and_then(Cursor::decode)
        .filter(|cursor| cursor.epoch == epoch);
    let unreadable = cursor.is_some() && given.is_none();
    let head = feed::Entity::find_by_id(shopper.person)
        .one(app.db.reader())
        .await?;
    note_pulled(app, shopper, given, head.as_ref());
    if given.map(|cursor| cursor.seq) == head.as_ref().map(|feed| feed.head) && given.is_some() {
        return Ok(page(epoch, head, given, unreadable, Vec::new(), limit));
    }
    app.db
        .snapshot(move |txn| {
            Box::pin(async move {
                // The head again, now in one moment with the entries, so that the check sum agrees with them.
                let head = feed::Entity::find_by_id(shopper.person).one(txn).await?;
                let usable = given.filter(|cursor| is_usable(*cursor, head.as_ref()));
                let reset = unreadable || (given.is_some() && usable.is_none());
                let from = usable.map_or(0, |cursor| cursor.seq);
                let mut found = feed_entry::Entity::find()
                    .filter(feed_entry::Column::PersonId.eq(shopper.person))
                    .filter(feed_entry::Column::Seq.gt(from));
                if from == 0 {
                    found = found.filter(feed_entry::Column::Op.eq("put"));
                }
                let entries = found
                    .order_by_asc(feed_entry::Column::Seq)
                    .limit(limit + 1)
                    .all(txn)
                    .await?;
                Ok(page(epoch, head, usable, reset, entries, limit))
            })
        })
        .await
}

/// A cursor that a phone shows is as far as it has pulled. Noted once for each cursor, beside the answer: a pull neither
/// waits for it nor fails with it.
fn note_pulled(
    app: &App,
    shopper: ShopperScope,
    given: Option<Cursor>,
    head: Option<&feed::Model>,
) {
    if let (Some(cursor), Some(head)) = (given, head)
        && head.pulled_seq < cursor.seq
        && cursor.seq <= head.head
    {
        let (db, seq) = (app.db.clone(), cursor.seq);
        tokio::spawn(async move {
            if let Err(error) = crate::db::feed::note_pulled(&db, shopper.person, seq).await {
                tracing::debug!(%error, "how far a phone has pulled could not be noted");
            }
        });
    }
}

fn is_usable(cursor: Cursor, head: Option<&feed::Model>) -> bool {
    let (head, pruned_to) = head.map_or((0, 0), |feed| (feed.head, feed.pruned_to));
    cursor.seq <= head && (cursor.seq == 0 || cursor.seq >= pruned_to)
}

fn page(
    epoch: Uuid,
    head: Option<feed::Model>,
    from: Option<Cursor>,
    reset: bool,
    mut entries: Vec<feed_entry::Model>,
    limit: u64,
) -> Page {
    let more = entries.len() as u64 > limit;
    entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let reached = match (&entries.last(), &head) {
        (Some(last), _) if more => last.seq,
        (_, Some(head)) => head.head,
        _ => from.map_or(0, |cursor| cursor.seq),
    };
    Page {
        reset,
        cursor: Cursor {
            epoch,
            seq: reached,
        }
        .encode(),
        more,
        entries,
        live_count: head.as_ref().map_or(0, |feed| feed.live_count),
        live_sum: head.as_ref().map_or(0, |feed| feed.live_sum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let cursor = Cursor {
            epoch: Uuid::from_u128(7),
            seq: 42,
        };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        for bad in [
            "",
            "djE",
            "v1.x.1",
            "!!!",
            &URL_SAFE_NO_PAD.encode("v1.x.-1"),
        ] {
            assert_eq!(Cursor::decode(bad), None, "{bad}");
        }
    }
}
