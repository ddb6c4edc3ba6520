//! 'This is what I still hold': the answer says, item by item, what the server lacks.

use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait as _, Set};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

use crate::accounts::ShopperScope;
use crate::app::App;
use crate::audits::receipt::Receipt;
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
    pub photos_needed: Vec<Sha256>,
    /// For photos that were begun: the byte to go on from.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub partial: BTreeMap<Sha256, u64>,
}

/// Answers an offer, and remembers the outbox figures.
///
/// # Errors
/// As the database has them.
pub async fn answer(app: &App, shopper: ShopperScope, offer: OfferRequest) -> Result<OfferAnswer> {
    remember(app, shopper, offer.outbox).await?;
    let mut items = Vec::with_capacity(offer.items.len());
    for item in offer.items {
        let known = crate::audits::service::standing(app, shopper, item.audit, item.sha256).await?;
        let wanted = crate::photos::service::wanted(app, shopper, &item.photos).await?;
        let state = match &known {
            None => "unknown",
            Some(known) if known.quarantined => "quarantined",
            Some(_) if wanted.needed.is_empty() => "complete",
            Some(_) => "stored",
        };
        items.push(OfferedItem {
            audit: item.audit,
            state: state.to_owned(),
            receipt: known.map(|known| known.receipt),
            photos_needed: wanted.needed,
            partial: wanted.partial,
        });
    }
    Ok(OfferAnswer {
        epoch: app.installation.epoch.to_string(),
        items,
    })
}

async fn remember(app: &App, shopper: ShopperScope, figures: OutboxFigures) -> Result<()> {
    use outbox_report::Column;
    let row = outbox_report::ActiveModel {
        person_id: Set(shopper.person),
        agency_id: Set(shopper.agency),
        audits: Set(figures.audits.max(0)),
        photos: Set(figures.photos.max(0)),
        photo_bytes: Set(figures.photo_bytes.max(0)),
        oldest: Set(figures.oldest.map(|text| text.chars().take(40).collect())),
        reported_at_ms: Set(app.clock.now_ms()),
    };
    app.db
        .write(move |txn| {
            Box::pin(async move {
                outbox_report::Entity::insert(row)
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
