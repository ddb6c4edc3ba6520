//! 'This is what I still hold': the answer says, item by item, what the server lacks.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

use crate::accounts::ShopperScope;
use crate::app::App;
use crate::audits::receipt::Receipt;
use crate::audits::service::SettledForShopper;
use crate::db::entities::outbox_report;
use crate::domain::ids::{AuditId, Sha256};
use crate::error::Result;

/// What a phone still holds.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OfferRequest {
    pub items: Vec<OfferItem>,
    pub outbox: OutboxFigures,
}

/// One finished audit on the phone, with the photos that it names.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OfferItem {
    pub audit: AuditId,
    pub sha256: Sha256,
    pub photos: Vec<Sha256>,
}

/// How much is left to send, for the agency's view of what is still on phones.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OutboxFigures {
    pub audits: i64,
    pub photos: i64,
    pub photo_bytes: i64,
    pub oldest: Option<String>,
}

/// What the server lacks.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferAnswer {
    pub epoch: String,
    pub items: Vec<OfferedItem>,
}

/// What the server lacks of one audit.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferedItem {
    pub audit: AuditId,
    /// unknown, stored, complete or quarantined.
    pub state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// What a reviewer has made of it, if it was put into quarantine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<SettledForShopper>,
    pub photos_needed: Vec<Sha256>,
    /// For photos that were begun: the byte to go on from.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub partial: BTreeMap<Sha256, u64>,
}

/// Answers an offer, and remembers the outbox figures. Asks the database for all items together.
///
/// # Errors
/// As the database has them.
pub async fn answer(app: &App, shopper: ShopperScope, offer: OfferRequest) -> Result<OfferAnswer> {
    remember(app, shopper, offer.outbox).await?;
    let named: Vec<(AuditId, Sha256)> = offer
        .items
        .iter()
        .map(|item| (item.audit, item.sha256))
        .collect();
    let mut known = crate::audits::service::standing(app, shopper, &named).await?;
    let photos: BTreeSet<Sha256> = offer
        .items
        .iter()
        .flat_map(|item| item.photos.iter().copied())
        .collect();
    let begun = crate::photos::service::begun(app, shopper, photos).await?;
    let mut items = Vec::with_capacity(offer.items.len());
    for item in offer.items {
        let known = known.remove(&(item.audit, item.sha256));
        let wanted = begun.wanted(&item.photos);
        let state = match &known {
            None => "unknown",
            Some(known) if known.quarantined => "quarantined",
            Some(_) if wanted.needed.is_empty() => "complete",
            Some(_) => "stored",
        };
        let (receipt, settled) =
            known.map_or((None, None), |known| (Some(known.receipt), known.settled));
        items.push(OfferedItem {
            audit: item.audit,
            state: state.to_owned(),
            receipt,
            settled,
            photos_needed: wanted.needed,
            partial: wanted.partial,
        });
    }
    Ok(OfferAnswer {
        epoch: app.installation.epoch.to_string(),
        items,
    })
}

/// Figures that say what the last ones said are written again only after so long, to show that the phone is alive.
const REPORT_AGAIN_AFTER_MS: i64 = 60 * 60 * 1000;

async fn remember(app: &App, shopper: ShopperScope, figures: OutboxFigures) -> Result<()> {
    use outbox_report::Column;
    let report = outbox_report::Model {
        person_id: shopper.person,
        agency_id: shopper.agency,
        audits: figures.audits.max(0),
        photos: figures.photos.max(0),
        photo_bytes: figures.photo_bytes.max(0),
        oldest: figures.oldest.map(|text| text.chars().take(40).collect()),
        reported_at_ms: app.clock.now_ms(),
    };
    let last = outbox_report::Entity::find_by_id(shopper.person)
        .one(app.db.reader())
        .await?;
    if let Some(last) = last
        && report.reported_at_ms - last.reported_at_ms < REPORT_AGAIN_AFTER_MS
        && last
            == (outbox_report::Model {
                reported_at_ms: last.reported_at_ms,
                ..report.clone()
            })
    {
        return Ok(());
    }
    app.db
        .write(move |txn| {
            Box::pin(async move {
                outbox_report::Entity::insert(report.into_active_model().reset_all())
                    .on_conflict(
                        OnConflict::column(Column::PersonId)
                            .update_columns([
                                Column::Audits,
                                Column::Photos,
                                Column::PhotoBytes,
                                Column::Oldest,
                                Column::ReportedAtMs,
                            ])
                            .to_owned(),
                    )
                    .exec_without_returning(txn)
                    .await?;
                Ok(())
            })
        })
        .await
}
