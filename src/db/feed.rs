//! The feeds that phones pull. The only code that moves a feed.
//!
//! A feed's row is locked from the bump of its head until COMMIT, so the order of heads is the order of commits and
//! a reader that has seen head N has seen everything up to N. Call [`publish`] as the last step of a transaction:
//! the lock is then held for the commit alone.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};
use sha2::Digest as _;
use uuid::Uuid;

use super::entities::{feed, feed_entry};
use super::{Db, DbError};
use crate::domain::ids::PersonId;

/// What kind of thing an entry is about; the name is what phones see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Visit,
    Feedback,
}

impl Kind {
    /// The word on the wire and in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Feedback => "feedback",
        }
    }
}

/// What has become of a thing, for one reader.
#[derive(Clone, Debug)]
pub enum Op {
    /// It is there, in this state (JSON text).
    Put(String),
    /// The reader may no longer see it, and why.
    Del(&'static str),
}

/// One movement of one person's feed.
#[derive(Clone, Debug)]
pub struct FeedChange {
    pub person: PersonId,
    pub kind: Kind,
    pub id: Uuid,
    pub rev: i64,
    pub op: Op,
}

/// Writes `changes` and bumps the head of every feed concerned, persons in ascending order (the lock order).
///
/// The caller holds the lock on each thing that a change is about, or has just made it: what a feed said of it before
/// cannot change under our hands, and is read before the feed itself is locked.
///
/// # Errors
/// As the database has them.
pub async fn publish(
    txn: &DatabaseTransaction,
    mut changes: Vec<FeedChange>,
    now_ms: i64,
) -> Result<(), DbError> {
    changes.sort_by_key(|change| change.person);
    for of_one in changes.chunk_by(|a, b| a.person == b.person) {
        publish_to_one(txn, of_one[0].person, of_one, now_ms).await?;
    }
    Ok(())
}

async fn publish_to_one(
    txn: &DatabaseTransaction,
    person: PersonId,
    changes: &[FeedChange],
    now_ms: i64,
) -> Result<(), DbError> {
    let mut live = live_entries(txn, person, changes).await?;
    let mut moved = Moved::by(changes.len());
    for change in changes {
        let name = (change.kind.as_str(), change.id);
        if let Some(rev) = live.remove(&name) {
            moved.leaves(entry_sum(name.0, name.1, rev));
        }
        if let Op::Put(_) = change.op {
            moved.enters(entry_sum(name.0, name.1, change.rev));
            live.insert(name, change.rev);
        }
    }
    let head = bump(txn, person, moved).await?;
    for (change, seq) in changes.iter().zip(head - moved.entries + 1..) {
        upsert(txn, change, seq, now_ms).await?;
    }
    Ok(())
}

/// By how much a feed moves.
#[derive(Clone, Copy, Debug)]
struct Moved {
    entries: i64,
    live_count: i64,
    /// XOR of everything that leaves or enters.
    live_sum: i64,
}

impl Moved {
    fn by(entries: usize) -> Self {
        Self {
            entries: entries as i64,
            live_count: 0,
            live_sum: 0,
        }
    }

    fn leaves(&mut self, sum: i64) {
        self.live_count -= 1;
        self.live_sum ^= sum;
    }

    fn enters(&mut self, sum: i64) {
        self.live_count += 1;
        self.live_sum ^= sum;
    }
}

/// The revisions of those things among `changes` that the feed holds as put.
async fn live_entries(
    txn: &DatabaseTransaction,
    person: PersonId,
    changes: &[FeedChange],
) -> Result<HashMap<(&'static str, Uuid), i64>, DbError> {
    use feed_entry::Column;
    let rows: Vec<(String, Uuid, i64)> = feed_entry::Entity::find()
        .select_only()
        .columns([Column::Kind, Column::EntityId, Column::Rev])
        .filter(Column::PersonId.eq(person))
        .filter(Column::EntityId.is_in(changes.iter().map(|change| change.id)))
        .filter(Column::Op.eq("put"))
        .into_tuple()
        .all(txn)
        .await?;
    let kinds = [Kind::Visit, Kind::Feedback].map(Kind::as_str);
    let named = |word: &str| kinds.into_iter().find(|kind| *kind == word);
    Ok(rows
        .into_iter()
        .filter_map(|(kind, id, rev)| Some(((named(&kind)?, id), rev)))
        .collect())
}

/// Takes the lock on a person's feed and moves it; makes the feed when it is the first time. Returns the new head.
async fn bump(txn: &DatabaseTransaction, person: PersonId, moved: Moved) -> Result<i64, DbError> {
    use feed::Column::{Head, LiveCount, LiveSum, PersonId};
    // XOR in words that both databases have: the bits of either, less the bits of both.
    let sum = Expr::col(LiveSum).bit_or(moved.live_sum);
    let sum = sum.sub(Expr::col(LiveSum).bit_and(moved.live_sum));
    let update = Query::update()
        .table(feed::Entity)
        .value(Head, Expr::col(Head).add(moved.entries))
        .value(LiveCount, Expr::col(LiveCount).add(moved.live_count))
        .value(LiveSum, sum)
        .and_where(PersonId.eq(person))
        .returning_col(Head)
        .to_owned();
    loop {
        if let Some(row) = txn.query_one(&update).await? {
            return Ok(row.try_get_by_index(0)?);
        }
        let first = feed::ActiveModel {
            person_id: Set(person),
            head: Set(0),
            live_count: Set(0),
            live_sum: Set(0),
            pruned_to: Set(0),
            pulled_seq: Set(0),
        };
        feed::Entity::insert(first)
            .on_conflict(OnConflict::column(PersonId).do_nothing().to_owned())
            .exec_without_returning(txn)
            .await?;
    }
}

async fn upsert(
    txn: &DatabaseTransaction,
    change: &FeedChange,
    seq: i64,
    now_ms: i64,
) -> Result<(), DbError> {
    let (op, reason, value) = match &change.op {
        Op::Put(value) => ("put", None, Some(value.clone())),
        Op::Del(reason) => ("del", Some((*reason).to_owned()), None),
    };
    let entry = feed_entry::ActiveModel {
        person_id: Set(change.person),
        kind: Set(change.kind.as_str().to_owned()),
        entity_id: Set(change.id),
        seq: Set(seq),
        rev: Set(change.rev),
        op: Set(op.to_owned()),
        reason: Set(reason),
        value: Set(value),
        changed_at_ms: Set(now_ms),
    };
    use feed_entry::Column;
    feed_entry::Entity::insert(entry)
        .on_conflict(
            OnConflict::columns([Column::PersonId, Column::Kind, Column::EntityId])
                .update_columns([
                    Column::Seq,
                    Column::Rev,
                    Column::Op,
                    Column::Reason,
                    Column::Value,
                    Column::ChangedAtMs,
                ])
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Forgets the tombstones that were set before `before_ms` in the feeds of at most `persons_max` people, and returns in
/// how many there were any. A cursor from before the newest of them starts a new snapshot from now on.
///
/// # Errors
/// As the database has them.
pub async fn prune(db: &Db, before_ms: i64, persons_max: u64) -> Result<u64, DbError> {
    let persons: Vec<PersonId> = feed_entry::Entity::find()
        .select_only()
        .column(feed_entry::Column::PersonId)
        .filter(old_tombstones(before_ms))
        .distinct()
        .limit(persons_max)
        .into_tuple()
        .all(db.reader())
        .await?;
    for person in &persons {
        let person = *person;
        db.write(move |txn| Box::pin(async move { prune_one(txn, person, before_ms).await }))
            .await?;
    }
    Ok(persons.len() as u64)
}

/// `op` is written out: the index holds tombstones alone, and a parameter could be anything.
fn old_tombstones(before_ms: i64) -> Condition {
    Condition::all()
        .add(Expr::cust("op = 'del'"))
        .add(feed_entry::Column::ChangedAtMs.lt(before_ms))
}

async fn prune_one(
    txn: &DatabaseTransaction,
    person: PersonId,
    before_ms: i64,
) -> Result<(), DbError> {
    // Locked first: a reader in one moment sees either the tombstones or that they are gone.
    let Some(feed) = feed::Entity::find_by_id(person)
        .lock_exclusive()
        .one(txn)
        .await?
    else {
        return Ok(());
    };
    let newest: Option<i64> = feed_entry::Entity::find()
        .select_only()
        .column(feed_entry::Column::Seq)
        .filter(feed_entry::Column::PersonId.eq(person))
        .filter(old_tombstones(before_ms))
        .order_by_desc(feed_entry::Column::Seq)
        .into_tuple()
        .one(txn)
        .await?;
    let Some(newest) = newest else {
        return Ok(());
    };
    feed_entry::Entity::delete_many()
        .filter(feed_entry::Column::PersonId.eq(person))
        .filter(old_tombstones(before_ms))
        .exec(txn)
        .await?;
    feed::Entity::update_many()
        .col_expr(
            feed::Column::PrunedTo,
            Expr::value(Ord::max(newest, feed.pruned_to)),
        )
        .filter(feed::Column::PersonId.eq(person))
        .exec(txn)
        .await?;
    Ok(())
}

/// Notes that a phone holds everything up to `seq`; how far phones are behind is told from it, and nothing else.
///
/// # Errors
/// As the database has them.
pub async fn note_pulled(db: &Db, person: PersonId, seq: i64) -> Result<(), DbError> {
    db.write(move |txn| {
        Box::pin(async move {
            feed::Entity::update_many()
                .col_expr(feed::Column::PulledSeq, Expr::value(seq))
                .filter(feed::Column::PersonId.eq(person))
                .filter(feed::Column::PulledSeq.lt(seq))
                .exec(txn)
                .await?;
            Ok(())
        })
    })
    .await
}

/// What one live entry adds (by XOR) to its feed's check sum: the first eight bytes, big endian, of
/// SHA-256(`kind:id:rev`). XOR keeps the sum independent of order and cheap to maintain.
pub fn entry_sum(kind: &str, id: Uuid, rev: i64) -> i64 {
    let digest = sha2::Sha256::digest(format!("{kind}:{id}:{rev}"));
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}
