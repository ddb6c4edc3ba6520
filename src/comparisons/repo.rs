//! Audits with their photos, and pairs of them, in the database. Looks are the program's own and reach a whole agency; what a
//! reviewer asks for takes their scope.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::accounts::Scope;
use crate::db::DbError;
use crate::db::entities::{
    audit, audit_photo, campaign, client, location, person, photo, photo_pair, submission,
};
use crate::domain::ids::{AgencyId, AuditId, PersonId, PhotoPairId, Sha256};
use crate::http::views::Window;

pub const OPEN: &str = "open";
pub const DISMISSED: &str = "dismissed";
/// One of the audits was corrected; its successor is looked at instead.
pub const DROPPED: &str = "dropped";

/// Audits that name one photo, of which at most so many are looked at, the latest.
const NAMING_MAX: u64 = 100;

pub async fn audit(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    id: AuditId,
) -> Result<Option<audit::Model>, DbError> {
    Ok(audit::Entity::find_by_id(id)
        .filter(audit::Column::AgencyId.eq(agency))
        .one(db)
        .await?)
}

/// Several audits, their rows locked in the order of their ids until the transaction ends.
pub async fn lock_audits(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    ids: &BTreeSet<AuditId>,
) -> Result<Vec<audit::Model>, DbError> {
    let mut locked = Vec::with_capacity(ids.len());
    for id in ids {
        let row = audit::Entity::find_by_id(*id)
            .filter(audit::Column::AgencyId.eq(agency))
            .lock_exclusive()
            .one(txn)
            .await?;
        locked.extend(row);
    }
    Ok(locked)
}

pub async fn set_flags(
    txn: &DatabaseTransaction,
    id: AuditId,
    flags: String,
) -> Result<(), DbError> {
    audit::Entity::update_many()
        .col_expr(audit::Column::Flags, Expr::value(flags))
        .filter(audit::Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}

/// The photos that an audit names, in its order, with their rows where they have come.
pub async fn photos(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    audit: AuditId,
) -> Result<Vec<(audit_photo::Model, Option<photo::Model>)>, DbError> {
    let named = audit_photo::Entity::find()
        .filter(audit_photo::Column::AuditId.eq(audit))
        .order_by_asc(audit_photo::Column::Position)
        .all(db)
        .await?;
    let rows = photo::Entity::find()
        .filter(photo::Column::AgencyId.eq(agency))
        .filter(photo::Column::Sha256.is_in(named.iter().map(|one| one.sha256)))
        .all(db)
        .await?;
    let rows: BTreeMap<Sha256, photo::Model> =
        rows.into_iter().map(|row| (row.sha256, row)).collect();
    Ok(named
        .into_iter()
        .map(|one| {
            let row = rows.get(&one.sha256).filter(|_| one.stored).cloned();
            (one, row)
        })
        .collect())
}

/// Which audits name these photos and have them, latest first.
pub async fn naming(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    sha256s: &[Sha256],
) -> Result<Vec<(AuditId, Sha256)>, DbError> {
    if sha256s.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows: Vec<(AuditId, Sha256)> = audit_photo::Entity::find()
        .select_only()
        .columns([audit_photo::Column::AuditId, audit_photo::Column::Sha256])
        .filter(audit_photo::Column::AgencyId.eq(agency))
        .filter(audit_photo::Column::Sha256.is_in(sha256s.iter().copied()))
        .filter(audit_photo::Column::Stored.eq(true))
        .order_by_desc(audit_photo::Column::AuditId)
        .limit(NAMING_MAX)
        .into_tuple()
        .all(db)
        .await?;
    rows.dedup();
    Ok(rows)
}

/// Those of the audits that were not corrected since.
pub async fn standing(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    ids: BTreeSet<AuditId>,
) -> Result<BTreeMap<AuditId, audit::Model>, DbError> {
    let rows = audit::Entity::find()
        .filter(audit::Column::AgencyId.eq(agency))
        .filter(audit::Column::Id.is_in(ids))
        .filter(audit::Column::SupersededBy.is_null())
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The documents of a visit's audits by one shopper, as they came.
pub async fn documents_of_visit(
    db: &impl ConnectionTrait,
    of: &audit::Model,
) -> Result<Vec<(AuditId, Vec<u8>)>, DbError> {
    let audits: Vec<(AuditId, i64)> = audit::Entity::find()
        .select_only()
        .columns([audit::Column::Id, audit::Column::SubmissionNumber])
        .filter(audit::Column::VisitId.eq(of.visit_id))
        .filter(audit::Column::ShopperId.eq(of.shopper_id))
        .into_tuple()
        .all(db)
        .await?;
    let bodies: Vec<(i64, Vec<u8>)> = submission::Entity::find()
        .select_only()
        .columns([submission::Column::Number, submission::Column::Body])
        .filter(submission::Column::Number.is_in(audits.iter().map(|(_, number)| *number)))
        .into_tuple()
        .all(db)
        .await?;
    let mut bodies: BTreeMap<i64, Vec<u8>> = bodies.into_iter().collect();
    Ok(audits
        .into_iter()
        .filter_map(|(id, number)| Some((id, bodies.remove(&number)?)))
        .collect())
}

pub async fn location(
    db: &impl ConnectionTrait,
    of: &audit::Model,
) -> Result<location::Model, DbError> {
    location::Entity::find_by_id(of.location_id)
        .one(db)
        .await?
        .ok_or_else(|| DbError::Corrupt(format!("the location of audit {} is gone", of.id)))
}

/// Keeps pairs; those that are known stay as they are.
pub async fn insert_pairs(
    txn: &DatabaseTransaction,
    rows: Vec<photo_pair::ActiveModel>,
) -> Result<(), DbError> {
    use photo_pair::Column::{AuditId, OtherAuditId, OtherSha256, Sha256};
    if rows.is_empty() {
        return Ok(());
    }
    photo_pair::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([AuditId, Sha256, OtherAuditId, OtherSha256])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

fn of_audit(id: AuditId) -> Condition {
    Condition::any()
        .add(photo_pair::Column::AuditId.eq(id))
        .add(photo_pair::Column::OtherAuditId.eq(id))
}

/// Takes back the open pairs of an audit that was corrected.
pub async fn drop_pairs(txn: &DatabaseTransaction, audit: AuditId) -> Result<(), DbError> {
    photo_pair::Entity::update_many()
        .col_expr(photo_pair::Column::State, Expr::value(DROPPED))
        .filter(of_audit(audit))
        .filter(photo_pair::Column::State.eq(OPEN))
        .exec(txn)
        .await?;
    Ok(())
}

/// Whether some pair of the audit still says something against it.
pub async fn has_pairs(db: &impl ConnectionTrait, audit: AuditId) -> Result<bool, DbError> {
    let found = photo_pair::Entity::find()
        .filter(of_audit(audit))
        .filter(photo_pair::Column::State.is_not_in([DISMISSED, DROPPED]))
        .limit(1)
        .one(db)
        .await?;
    Ok(found.is_some())
}

pub async fn pair(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PhotoPairId,
) -> Result<Option<photo_pair::Model>, DbError> {
    Ok(photo_pair::Entity::find_by_id(id)
        .filter(photo_pair::Column::AgencyId.eq(scope.agency))
        .one(db)
        .await?)
}

/// Writes what a reviewer made of a pair.
pub async fn decide(
    txn: &DatabaseTransaction,
    id: PhotoPairId,
    state: &str,
    by: PersonId,
    now_ms: i64,
    note: String,
) -> Result<(), DbError> {
    photo_pair::Entity::update_many()
        .col_expr(photo_pair::Column::State, Expr::value(state))
        .col_expr(photo_pair::Column::DecidedBy, Expr::value(by))
        .col_expr(photo_pair::Column::DecidedAtMs, Expr::value(now_ms))
        .col_expr(photo_pair::Column::Note, Expr::value(note))
        .filter(photo_pair::Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}

/// One page of pairs, latest first; without `state` all but those that were taken back.
pub async fn pairs(
    db: &impl ConnectionTrait,
    scope: &Scope,
    state: Option<&str>,
    window: Window,
) -> Result<(Vec<photo_pair::Model>, u64), DbError> {
    let found = photo_pair::Entity::find().filter(photo_pair::Column::AgencyId.eq(scope.agency));
    let found = match state {
        Some(state) => found.filter(photo_pair::Column::State.eq(state)),
        None => found.filter(photo_pair::Column::State.ne(DROPPED)),
    };
    let total = found.clone().count(db).await?;
    let rows = found
        .order_by_desc(photo_pair::Column::FoundAtMs)
        .order_by_asc(photo_pair::Column::Id)
        .offset(window.skip)
        .limit(window.take)
        .all(db)
        .await?;
    Ok((rows, total))
}

/// The pairs of an audit, but for those that were taken back; at most `most`.
pub async fn pairs_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    audit: AuditId,
    most: u64,
) -> Result<Vec<photo_pair::Model>, DbError> {
    Ok(photo_pair::Entity::find()
        .filter(photo_pair::Column::AgencyId.eq(scope.agency))
        .filter(of_audit(audit))
        .filter(photo_pair::Column::State.ne(DROPPED))
        .order_by_asc(photo_pair::Column::FoundAtMs)
        .order_by_asc(photo_pair::Column::Id)
        .limit(most)
        .all(db)
        .await?)
}

/// An audit with the names that are shown beside it.
#[derive(Clone, Debug)]
pub struct Named {
    pub audit: audit::Model,
    pub client_name: String,
    pub location: location::Model,
    pub campaign_name: String,
    pub shopper_name: String,
}

/// These audits with the names beside them, in five questions however many they are.
pub async fn named(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: BTreeSet<AuditId>,
) -> Result<BTreeMap<AuditId, Named>, DbError> {
    let audits = audit::Entity::find()
        .filter(audit::Column::AgencyId.eq(scope.agency))
        .filter(audit::Column::Id.is_in(ids))
        .all(db)
        .await?;
    let clients = client::Entity::find()
        .filter(client::Column::Id.is_in(audits.iter().map(|audit| audit.client_id)))
        .all(db)
        .await?;
    let locations = location::Entity::find()
        .filter(location::Column::Id.is_in(audits.iter().map(|audit| audit.location_id)))
        .all(db)
        .await?;
    let campaigns = campaign::Entity::find()
        .filter(campaign::Column::Id.is_in(audits.iter().map(|audit| audit.campaign_id)))
        .all(db)
        .await?;
    let people = names(db, audits.iter().map(|audit| audit.shopper_id)).await?;
    let clients: BTreeMap<_, _> = clients.into_iter().map(|row| (row.id, row.name)).collect();
    let locations: BTreeMap<_, _> = locations.into_iter().map(|row| (row.id, row)).collect();
    let campaigns: BTreeMap<_, _> = campaigns
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    audits
        .into_iter()
        .map(|audit| {
            let named = (|| {
                Some(Named {
                    client_name: clients.get(&audit.client_id)?.clone(),
                    location: locations.get(&audit.location_id)?.clone(),
                    campaign_name: campaigns.get(&audit.campaign_id)?.clone(),
                    shopper_name: people.get(&audit.shopper_id)?.clone(),
                    audit: audit.clone(),
                })
            })();
            let gone =
                || DbError::Corrupt(format!("audit {} names something that is gone", audit.id));
            Ok((audit.id, named.ok_or_else(gone)?))
        })
        .collect()
}

/// What people are called.
pub async fn names(
    db: &impl ConnectionTrait,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<BTreeMap<PersonId, String>, DbError> {
    let rows: Vec<(PersonId, String)> = person::Entity::find()
        .select_only()
        .columns([person::Column::Id, person::Column::DisplayName])
        .filter(person::Column::Id.is_in(people))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}
