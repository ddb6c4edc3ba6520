//! What is covered of a photo before anybody outside sees it.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};

use crate::db::DbError;
use crate::db::entities::photo;
use crate::domain::ids::{AgencyId, Sha256};

/// A photo of the agency, its row locked until the transaction ends.
pub async fn lock_photo(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    sha256: Sha256,
) -> Result<Option<photo::Model>, DbError> {
    Ok(photo::Entity::find_by_id((agency, sha256))
        .lock_exclusive()
        .one(txn)
        .await?)
}

/// Writes what is to be covered from now on; `redactions` as JSON.
pub async fn set_redactions(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    sha256: Sha256,
    redactions: String,
    version: i32,
) -> Result<(), DbError> {
    photo::Entity::update_many()
        .col_expr(photo::Column::Redactions, Expr::value(redactions))
        .col_expr(photo::Column::RedactionVersion, Expr::value(version))
        .filter(photo::Column::AgencyId.eq(agency))
        .filter(photo::Column::Sha256.eq(sha256))
        .exec(txn)
        .await?;
    Ok(())
}
