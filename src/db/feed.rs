//! The feeds that phones pull. The only code that moves a feed.
//!
//! A feed's row is locked from the bump of its head until COMMIT, so the order of heads is the order of commits and
//! a reader that has seen head N has seen everything up to N. Call [`publish`] as the last step of a transaction:
//! the lock is then held for the commit alone.

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, QueryFilter as _, Set,
};
use sha2::Digest as _;
use uuid::Uuid;

use super::DbError;
use super::entities::{feed, feed_entry};
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
    let bumped = bump(txn, person, changes.len()).await?;
    let (mut seq, mut count, mut sum) = (
        bumped.head - changes.len() as i64,
        bumped.live_count,
        bumped.live_sum,
    );
    for change in changes {
        seq += 1;
        let before =
            feed_entry::Entity::find_by_id((person, change.kind.as_str().to_owned(), change.id))
                .one(txn)
                .await?;
        if let Some(before) = before.filter(|entry| entry.op == "put") {
            count -= 1;
            sum ^= entry_sum(&before.kind, before.entity_id, before.rev);
        }
        if let Op::Put(_) = change.op {
            count += 1;
            sum ^= entry_sum(change.kind.as_str(), change.id, change.rev);
        }
        upsert(txn, change, seq, now_ms).await?;
    }
    feed::Entity::update_many()
        .col_expr(feed::Column::LiveCount, Expr::value(count))
        .col_expr(feed::Column::LiveSum, Expr::value(sum))
        .filter(feed::Column::PersonId.eq(person))
        .exec(txn)
        .await?;
    Ok(())
}

/// Takes the lock on a person's feed and moves its head on by `by`; makes the feed when it is the first time.
async fn bump(
    txn: &DatabaseTransaction,
    person: PersonId,
    by: usize,
) -> Result<feed::Model, DbError> {
    let by = by as i64;
    let update = Query::update()
        .table(feed::Entity)
        .value(feed::Column::Head, Expr::col(feed::Column::Head).add(by))
        .and_where(feed::Column::PersonId.eq(person))
        .returning_all()
        .to_owned();
    loop {
        if let Some(row) = txn.query_one(&update).await? {
            use sea_orm::FromQueryResult as _;
            return Ok(feed::Model::from_query_result(&row, "")?);
        }
        let first = feed::ActiveModel {
            person_id: Set(person),
            head: Set(0),
            live_count: Set(0),
            live_sum: Set(0),
            pruned_to: Set(0),
        };
        feed::Entity::insert(first)
            .on_conflict(
                OnConflict::column(feed::Column::PersonId)
                    .do_nothing()
                    .to_owned(),
            )
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

/// What one live entry adds (by XOR) to its feed's check sum: the first eight bytes, big endian, of
/// SHA-256(`kind:id:rev`). XOR keeps the sum independent of order and cheap to maintain.
pub fn entry_sum(kind: &str, id: Uuid, rev: i64) -> i64 {
    let digest = sha2::Sha256::digest(format!("{kind}:{id}:{rev}"));
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}
