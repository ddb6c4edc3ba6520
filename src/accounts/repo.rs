//! People, their grants and their sessions in the database.
//!
//! Signing in is the one thing that happens before there is a scope; the finders for it say so in their names.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DatabaseTransaction,
    EntityTrait as _, FromQueryResult, JoinType, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::caller::{Grant, Role, Scope};
use crate::db::DbError;
use crate::db::entities::{client, outbox_report, person, region, role_grant, session};
use crate::domain::ids::{AgencyId, ClientId, PersonId, RegionId, SessionId, Sha256};

pub async fn person_signing_in(
    db: &impl ConnectionTrait,
    email: &str,
) -> Result<Option<person::Model>, DbError> {
    Ok(person::Entity::find()
        .filter(person::Column::Email.eq(email))
        .one(db)
        .await?)
}

/// A session that has not been ended, with who holds it and what they may do.
#[derive(Debug)]
pub struct Held {
    pub session: SessionId,
    pub person: PersonId,
    pub agency: AgencyId,
    pub created_at_ms: i64,
    pub last_seen_at_ms: i64,
    pub person_disabled: bool,
    pub grants: Vec<Grant>,
}

#[derive(FromQueryResult)]
struct HeldRow {
    session: SessionId,
    person: PersonId,
    agency: AgencyId,
    created_at_ms: i64,
    last_seen_at_ms: i64,
    disabled_at_ms: Option<i64>,
    role: Option<String>,
    client: Option<ClientId>,
    region: Option<RegionId>,
}

/// One statement for each request of everybody, and one more for each region that somebody manages.
pub async fn session_by_token(
    db: &impl ConnectionTrait,
    token: Sha256,
) -> Result<Option<Held>, DbError> {
    let holder = session::Entity::belongs_to(person::Entity)
        .from(session::Column::PersonId)
        .to(person::Column::Id);
    let grants = session::Entity::belongs_to(role_grant::Entity)
        .from(session::Column::PersonId)
        .to(role_grant::Column::PersonId);
    let rows = session::Entity::find()
        .select_only()
        .column_as(session::Column::Id, "session")
        .column_as(session::Column::PersonId, "person")
        .column_as(person::Column::AgencyId, "agency")
        .column(session::Column::CreatedAtMs)
        .column(session::Column::LastSeenAtMs)
        .column(person::Column::DisabledAtMs)
        .column(role_grant::Column::Role)
        .column_as(role_grant::Column::ClientId, "client")
        .column_as(role_grant::Column::RegionId, "region")
        .join(JoinType::InnerJoin, holder.into())
        .join(JoinType::LeftJoin, grants.into())
        .filter(session::Column::TokenSha256.eq(token))
        .filter(session::Column::EndedAtMs.is_null())
        .order_by_asc(role_grant::Column::Id)
        .into_model::<HeldRow>()
        .all(db)
        .await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let mut held = Held {
        session: first.session,
        person: first.person,
        agency: first.agency,
        created_at_ms: first.created_at_ms,
        last_seen_at_ms: first.last_seen_at_ms,
        person_disabled: first.disabled_at_ms.is_some(),
        grants: Vec::with_capacity(rows.len()),
    };
    for row in rows {
        let Some(role) = row.role else { continue };
        held.grants
            .push(grant(db, &role, row.client, row.region).await?);
    }
    Ok(Some(held))
}

async fn grant(
    db: &impl ConnectionTrait,
    role: &str,
    client: Option<ClientId>,
    region: Option<RegionId>,
) -> Result<Grant, DbError> {
    let Some(role) = Role::parse(role) else {
        return Err(DbError::Corrupt(format!("unknown role {role}")));
    };
    let regions = match region {
        Some(region) => Some(region_and_below(db, region).await?),
        None => None,
    };
    Ok(Grant {
        role,
        client,
        regions,
    })
}

/// What a person may do now; nothing when their account is closed.
pub async fn grants_of(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    person: PersonId,
) -> Result<Vec<Grant>, DbError> {
    let holder = role_grant::Entity::belongs_to(person::Entity)
        .from(role_grant::Column::PersonId)
        .to(person::Column::Id);
    let rows = role_grant::Entity::find()
        .join(JoinType::InnerJoin, holder.into())
        .filter(role_grant::Column::PersonId.eq(person))
        .filter(person::Column::AgencyId.eq(agency))
        .filter(person::Column::DisabledAtMs.is_null())
        .order_by_asc(role_grant::Column::Id)
        .all(db)
        .await?;
    let mut grants = Vec::with_capacity(rows.len());
    for row in rows {
        grants.push(grant(db, &row.role, row.client_id, row.region_id).await?);
    }
    Ok(grants)
}

/// Whether a person has a role anywhere.
pub async fn has_role(
    db: &impl ConnectionTrait,
    person: PersonId,
    role: Role,
) -> Result<bool, DbError> {
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::PersonId.eq(person))
        .filter(role_grant::Column::Role.eq(role.as_str()))
        .count(db)
        .await?;
    Ok(grants > 0)
}

async fn region_and_below(
    db: &impl ConnectionTrait,
    region: RegionId,
) -> Result<Vec<RegionId>, DbError> {
    let rows = region::Entity::find()
        .filter(region::Column::Path.contains(format!("{region}/")))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// A person's grants with the names of what they reach, for showing.
pub async fn named_grants_of(
    db: &impl ConnectionTrait,
    person: PersonId,
) -> Result<
    Vec<(
        role_grant::Model,
        Option<client::Model>,
        Option<region::Model>,
    )>,
    DbError,
> {
    let rows = role_grant::Entity::find()
        .filter(role_grant::Column::PersonId.eq(person))
        .order_by_asc(role_grant::Column::Id)
        .all(db)
        .await?;
    let mut named = Vec::with_capacity(rows.len());
    for row in rows {
        let client = match row.client_id {
            Some(id) => client::Entity::find_by_id(id).one(db).await?,
            None => None,
        };
        let region = match row.region_id {
            Some(id) => region::Entity::find_by_id(id).one(db).await?,
            None => None,
        };
        named.push((row, client, region));
    }
    Ok(named)
}

pub async fn people(
    db: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Vec<person::Model>, DbError> {
    Ok(person::Entity::find()
        .filter(person::Column::AgencyId.eq(scope.agency))
        .order_by_asc(person::Column::DisplayName)
        .all(db)
        .await?)
}

pub async fn display_names(
    db: &impl ConnectionTrait,
    scope: &Scope,
    people: Vec<PersonId>,
) -> Result<BTreeMap<PersonId, String>, DbError> {
    let rows: Vec<(PersonId, String)> = person::Entity::find()
        .select_only()
        .columns([person::Column::Id, person::Column::DisplayName])
        .filter(person::Column::AgencyId.eq(scope.agency))
        .filter(person::Column::Id.is_in(people))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

pub async fn outbox_reports(
    db: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Vec<outbox_report::Model>, DbError> {
    Ok(outbox_report::Entity::find()
        .filter(outbox_report::Column::AgencyId.eq(scope.agency))
        .all(db)
        .await?)
}

pub async fn insert_person(
    db: &impl ConnectionTrait,
    person: person::ActiveModel,
) -> Result<(), DbError> {
    person::Entity::insert(person)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn insert_grant(
    db: &impl ConnectionTrait,
    grant: role_grant::ActiveModel,
) -> Result<(), DbError> {
    role_grant::Entity::insert(grant)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn insert_session(
    db: &impl ConnectionTrait,
    session: session::ActiveModel,
) -> Result<(), DbError> {
    session.insert(db).await?;
    Ok(())
}

pub async fn end_session(
    db: &impl ConnectionTrait,
    session: SessionId,
    now_ms: i64,
) -> Result<(), DbError> {
    set_session(db, session, session::Column::EndedAtMs, now_ms).await
}

pub async fn touch_session(
    db: &impl ConnectionTrait,
    session: SessionId,
    now_ms: i64,
) -> Result<(), DbError> {
    set_session(db, session, session::Column::LastSeenAtMs, now_ms).await
}

async fn set_session(
    db: &impl ConnectionTrait,
    session: SessionId,
    column: session::Column,
    now_ms: i64,
) -> Result<(), DbError> {
    session::Entity::update_many()
        .col_expr(column, Expr::value(now_ms))
        .filter(session::Column::Id.eq(session))
        .exec(db)
        .await?;
    Ok(())
}

/// Remembers how often a password was wrong since it was last right.
pub async fn set_sign_in_failures(
    db: &impl ConnectionTrait,
    person: PersonId,
    failures: i32,
    now_ms: i64,
) -> Result<(), DbError> {
    person::Entity::update_many()
        .col_expr(person::Column::FailedSignIns, Expr::value(failures))
        .col_expr(person::Column::LastFailureAtMs, Expr::value(now_ms))
        .filter(person::Column::Id.eq(person))
        .exec(db)
        .await?;
    Ok(())
}

pub async fn person(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PersonId,
) -> Result<Option<person::Model>, DbError> {
    Ok(person::Entity::find_by_id(id)
        .filter(person::Column::AgencyId.eq(scope.agency))
        .one(db)
        .await?)
}

pub async fn lock_person(txn: &DatabaseTransaction, id: PersonId) -> Result<(), DbError> {
    // NO KEY UPDATE: rows that refer to the person can still be inserted.
    person::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(txn)
        .await?;
    Ok(())
}
