//! Which database this is (its epoch) and the key that signs receipts.
//!
//! Not here: when the epoch is renewed, which is after a restore (`backup/`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use rand::RngExt as _;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use crate::clock::Clock;
use crate::db::entities::installation;
use crate::db::{Db, DbError};

const ONLY_ROW: i32 = 1;

/// Read once at the start; every node on the same database reads the same.
#[derive(Clone, Debug)]
pub struct Installation {
    pub epoch: Uuid,
    receipt_key: SigningKey,
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
    /// Reads the row, making it when this database is new. Several nodes may try at once; one wins.
    ///
    /// # Errors
    /// As the database has them.
    pub async fn load_or_create(db: &Db, clock: &dyn Clock) -> Result<Self, DbError> {
        let key: [u8; 32] = rand::rng().random();
        let row = installation::ActiveModel {
            id: Set(ONLY_ROW),
            epoch: Set(Uuid::from_bytes(rand::rng().random())),
            receipt_key: Set(key.to_vec()),
            created_at_ms: Set(clock.now_ms()),
        };
        let row = db
            .write(move |txn| {
                Box::pin(async move {
                    installation::Entity::insert(row)
                        .on_conflict(
                            OnConflict::column(installation::Column::Id)
                                .do_nothing()
                                .to_owned(),
                        )
                        .exec_without_returning(txn)
                        .await?;
                    installation::Entity::find_by_id(ONLY_ROW)
                        .one(txn)
                        .await?
                        .ok_or_else(|| DbError::Corrupt("no installation row".to_owned()))
                })
            })
            .await?;
        let key: [u8; 32] = row
            .receipt_key
            .try_into()
            .map_err(|_| DbError::Corrupt("the receipt key has not 32 bytes".to_owned()))?;
        Ok(Self {
            epoch: row.epoch,
            receipt_key: SigningKey::from_bytes(&key),
        })
    }

    /// `ed25519:` and the base64 signature of `bytes`; the same bytes always give the same text.
    pub fn sign(&self, bytes: &[u8]) -> String {
        format!(
            "ed25519:{}",
            STANDARD.encode(self.receipt_key.sign(bytes).to_bytes())
        )
    }

    /// `ed25519:` and the public half in base64, for whoever wants to check a receipt.
    pub fn public_key(&self) -> String {
        format!(
            "ed25519:{}",
            STANDARD.encode(self.receipt_key.verifying_key().to_bytes())
        )
    }
}
