//! Which database this is: its epoch.
//!
//! Not here: when the epoch is renewed, which is after a restore (`backup/`); the keys of receipts (`receipt_keys.rs`).

use rand::RngExt as _;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use super::receipt_keys;
use crate::clock::Clock;
use crate::db::entities::installation;
use crate::db::{Db, DbError};

const ONLY_ROW: i32 = 1;

/// Read once at the start; every node on the same database reads the same.
#[derive(Clone, Debug)]
pub struct Installation {
    pub epoch: Uuid,
}

/// Says that this database is not the one that phones knew. Nodes that run already have to be started anew.
///
/// # Errors
/// As the database has them; that there is no installation yet.
pub async fn renew_epoch(db: &Db) -> Result<Uuid, DbError> {
    let epoch = Uuid::from_bytes(rand::rng().random());
    db.write(move |txn| {
        Box::pin(async move {
            let renewed = installation::Entity::update_many()
                .col_expr(installation::Column::Epoch, Expr::value(epoch))
                .filter(installation::Column::Id.eq(ONLY_ROW))
                .exec(txn)
                .await?;
            match renewed.rows_affected {
                1 => Ok(epoch),
                _ => Err(DbError::Corrupt("no installation row".to_owned())),
            }
        })
    })
    .await
}

impl Installation {
    /// Reads the row, making it, and the first key of receipts, when this database is new. Several nodes may try at once;
    /// one wins.
    ///
    /// # Errors
    /// As the database has them.
    pub async fn load_or_create(db: &Db, clock: &dyn Clock) -> Result<Self, DbError> {
        let row = installation::ActiveModel {
            id: Set(ONLY_ROW),
            epoch: Set(Uuid::from_bytes(rand::rng().random())),
            created_at_ms: Set(clock.now_ms()),
        };
        let row = db
            .write(move |txn| {
                Box::pin(async move {
                    let made = installation::Entity::insert(row)
                        .on_conflict(
                            OnConflict::column(installation::Column::Id)
                                .do_nothing()
                                .to_owned(),
                        )
                        .exec_without_returning(txn)
                        .await?;
                    if made == 1 {
                        receipt_keys::make_the_first(txn).await?;
                    }
                    installation::Entity::find_by_id(ONLY_ROW)
                        .one(txn)
                        .await?
                        .ok_or_else(|| DbError::Corrupt("no installation row".to_owned()))
                })
            })
            .await?;
        Ok(Self { epoch: row.epoch })
    }
}
