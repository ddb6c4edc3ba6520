//! What-ifs and their scores in the database.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::accounts::Scope;
use crate::db::DbError;
use crate::db::entities::{audit, what_if, what_if_score};
use crate::domain::ids::{AgencyId, AuditId, ClientId, WhatIfId};

/// Which audits a what-if is about: the published ones of a checklist, of one client or of all.
#[derive(Clone, Debug)]
pub struct About {
    pub agency: AgencyId,
    pub slug: String,
    pub client: Option<ClientId>,
}

impl About {
    fn audits(&self) -> sea_orm::Select<audit::Entity> {
        let found = audit::Entity::find()
            .filter(audit::Column::AgencyId.eq(self.agency))
            .filter(audit::Column::ChecklistSlug.eq(&self.slug))
            .filter(audit::Column::PublishedId.is_not_null())
            .filter(audit::Column::SupersededBy.is_null());
        match self.client {
            Some(client) => found.filter(audit::Column::ClientId.eq(client)),
            None => found,
        }
    }
}

pub async fn count(db: &impl ConnectionTrait, about: &About) -> Result<u64, DbError> {
    Ok(about.audits().count(db).await?)
}

/// The next audits by id.
pub async fn batch(
    db: &impl ConnectionTrait,
    about: &About,
    after: Option<AuditId>,
    most: u64,
) -> Result<Vec<audit::Model>, DbError> {
    let mut found = about.audits();
    if let Some(after) = after {
        found = found.filter(audit::Column::Id.gt(after));
    }
    Ok(found
        .order_by_asc(audit::Column::Id)
        .limit(most)
        .all(db)
        .await?)
}

pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Vec<what_if::Model>, DbError> {
    Ok(what_if::Entity::find()
        .filter(what_if::Column::AgencyId.eq(scope.agency))
        .order_by_desc(what_if::Column::CreatedAtMs)
        .order_by_asc(what_if::Column::Id)
        .all(db)
        .await?)
}

pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: WhatIfId,
) -> Result<Option<what_if::Model>, DbError> {
    Ok(what_if::Entity::find_by_id(id)
        .filter(what_if::Column::AgencyId.eq(scope.agency))
        .one(db)
        .await?)
}

/// For the job, which nobody's scope narrows.
pub async fn by_id(
    db: &impl ConnectionTrait,
    id: WhatIfId,
) -> Result<Option<what_if::Model>, DbError> {
    Ok(what_if::Entity::find_by_id(id).one(db).await?)
}

pub async fn insert(
    txn: &DatabaseTransaction,
    row: what_if::ActiveModel,
) -> Result<what_if::Model, DbError> {
    Ok(what_if::Entity::insert(row)
        .exec_with_returning(txn)
        .await?)
}

/// How far it has come.
pub async fn set_state(
    txn: &DatabaseTransaction,
    id: WhatIfId,
    state: &str,
    audits_done: u64,
    finished_at_ms: Option<i64>,
) -> Result<(), DbError> {
    use what_if::Column;
    what_if::Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::AuditsDone, Expr::value(signed(audits_done)))
        .col_expr(Column::FinishedAtMs, Expr::value(finished_at_ms))
        .filter(Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}

/// Counts fit what a database counts with.
pub fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Keeps scores; those that are there already stay.
pub async fn insert_scores(
    txn: &DatabaseTransaction,
    rows: Vec<what_if_score::ActiveModel>,
) -> Result<(), DbError> {
    use what_if_score::Column::{AuditId, WhatIfId};
    if rows.is_empty() {
        return Ok(());
    }
    what_if_score::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([WhatIfId, AuditId])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

pub async fn scores(
    db: &impl ConnectionTrait,
    id: WhatIfId,
) -> Result<Vec<what_if_score::Model>, DbError> {
    Ok(what_if_score::Entity::find()
        .filter(what_if_score::Column::WhatIfId.eq(id))
        .all(db)
        .await?)
}

pub async fn delete(txn: &DatabaseTransaction, id: WhatIfId) -> Result<(), DbError> {
    what_if_score::Entity::delete_many()
        .filter(what_if_score::Column::WhatIfId.eq(id))
        .exec(txn)
        .await?;
    what_if::Entity::delete_by_id(id).exec(txn).await?;
    Ok(())
}
