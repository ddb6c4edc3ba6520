//! How rankings look to those who read them.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::service::{Asked, Line, Table};
use super::summary::{SectionLine, Summary};
use crate::clients::views::LocationRow;
use crate::domain::ids::{ClientId, LocationId, PublishedAuditId, RegionId};
use crate::domain::ranking::{self, INTERVAL_LEVEL, Method};
use crate::reports::service::Past;

/// Where each location stands, among those that the caller may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ranking {
    pub client: ClientId,
    pub checklist_slug: String,
    /// Language → title.
    pub checklist_title: BTreeMap<String, String>,
    /// Local days, both included.
    pub from: String,
    pub to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionId>,
    /// With fewer visits a location is listed without a place.
    pub visits_min: u32,
    /// Published audits behind the table.
    pub audits: i64,
    /// The probability that an interval is meant to hold.
    pub interval_level: f64,
    pub model: RankingModel,
    /// By rank; those with fewer visits than asked for last.
    pub rows: Vec<RankingRow>,
}

/// What was found out about all locations together.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankingModel {
    /// Mean of the locations' estimates.
    pub mean_micros: i64,
    /// Variance between locations, in (percentage points)².
    pub tau2: f64,
    /// Variance between visits to one location, in (percentage points)².
    pub sigma2: f64,
    /// `reml` or `fallback`.
    pub method: &'static str,
    /// What a reader should know before trusting the table.
    pub note: &'static str,
}

/// One location in the table.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankingRow {
    pub location: LocationId,
    pub name: String,
    pub city: String,
    pub region: RegionId,
    pub region_name: String,
    /// Published audits that have a total.
    pub n: u32,
    /// Raw means.
    pub mean_micros: i64,
    #[schema(required)]
    pub service_micros: Option<i64>,
    #[schema(required)]
    pub experience_micros: Option<i64>,
    #[schema(required)]
    pub balanced_micros: Option<i64>,
    /// The estimate of the true mean and its 90 % interval.
    pub estimate_micros: i64,
    pub low_micros: i64,
    pub high_micros: i64,
    /// None with fewer visits than asked for; the same holds for all below but `visits_needed`.
    #[schema(required)]
    pub rank: Option<u32>,
    /// The 90 % interval of the rank.
    #[schema(required)]
    pub rank_low: Option<u32>,
    #[schema(required)]
    pub rank_high: Option<u32>,
    /// Locations that cannot be told apart share a band; 1 is the best.
    #[schema(required)]
    pub tie_band: Option<u32>,
    /// Probability of being in the best and the worst tenth.
    #[schema(required)]
    pub p_top: Option<f64>,
    #[schema(required)]
    pub p_bottom: Option<f64>,
    /// How many more visits would place it; 0 when placed.
    pub visits_needed: u32,
    /// Since the previous period of the same length.
    #[schema(required)]
    pub movement: Option<RankingMovement>,
}

/// A change and how sure it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankingMovement {
    pub estimate_change_micros: i64,
    /// That the true change has this direction: 0.5 (no idea) to 1.
    pub probability: f64,
}

/// One location in a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocationSummary {
    pub location: LocationRow,
    pub client_name: String,
    pub checklist_slug: String,
    /// None without a scored visit.
    #[schema(required)]
    pub ranking_row: Option<RankingRow>,
    /// Locations that have a place.
    pub of: usize,
    pub sections: Vec<SectionSummary>,
    /// Published audits of the period, oldest first; at most the latest 500.
    pub history: Vec<HistoryEntry>,
}

/// One section of one location.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionSummary {
    pub id: String,
    /// Language → title.
    pub title: BTreeMap<String, String>,
    /// Audits in which it has a score.
    pub n: i64,
    #[schema(required)]
    pub mean_micros: Option<i64>,
    #[schema(required)]
    pub service_micros: Option<i64>,
    #[schema(required)]
    pub experience_micros: Option<i64>,
    /// Over all audits in the location's region and below; none when no other location there has been scored.
    #[schema(required)]
    pub region_mean_micros: Option<i64>,
}

/// One published audit of a location.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryEntry {
    pub audit: PublishedAuditId,
    pub local_day: String,
    #[schema(required)]
    pub total_micros: Option<i64>,
    #[schema(required)]
    pub service_micros: Option<i64>,
    #[schema(required)]
    pub experience_micros: Option<i64>,
    pub failed: bool,
}

/// A table as it is asked for and found.
pub fn ranking(asked: Asked, table: Table) -> Ranking {
    let (from, to) = asked.period.local_days();
    Ranking {
        client: asked.client,
        checklist_slug: asked.slug,
        checklist_title: table.title.0,
        from,
        to,
        region: asked.region,
        visits_min: table.visits_min,
        audits: table.audits,
        interval_level: INTERVAL_LEVEL,
        model: model(&table.model),
        rows: table.lines.into_iter().map(row).collect(),
    }
}

fn model(model: &ranking::Model) -> RankingModel {
    RankingModel {
        mean_micros: model.mean_micros,
        tau2: model.tau2,
        sigma2: model.sigma2,
        method: match model.method {
            Method::Reml => "reml",
            Method::Fallback => "fallback",
        },
        note: model.note,
    }
}

fn row(line: Line) -> RankingRow {
    let (row, located) = (line.row, line.located);
    let place = row.place.as_ref();
    RankingRow {
        location: row.location,
        name: located.location.name,
        city: located.location.city,
        region: located.region.id,
        region_name: located.region.name,
        n: row.n,
        mean_micros: row.mean_micros,
        service_micros: line.service_micros,
        experience_micros: line.experience_micros,
        balanced_micros: line.balanced_micros,
        estimate_micros: row.estimate_micros,
        low_micros: row.low_micros,
        high_micros: row.high_micros,
        rank: place.map(|place| place.rank),
        rank_low: place.map(|place| place.rank_low),
        rank_high: place.map(|place| place.rank_high),
        tie_band: place.map(|place| place.tie_band),
        p_top: place.map(|place| place.p_top),
        p_bottom: place.map(|place| place.p_bottom),
        visits_needed: row.visits_needed,
        movement: row.movement.map(|movement| RankingMovement {
            estimate_change_micros: movement.estimate_change_micros,
            probability: movement.probability,
        }),
    }
}

/// A location as it was summed up.
pub fn summary(slug: String, summary: Summary) -> LocationSummary {
    LocationSummary {
        location: summary.located.into(),
        client_name: summary.client_name,
        checklist_slug: slug,
        ranking_row: summary.line.map(row),
        of: summary.of,
        sections: summary.sections.into_iter().map(section).collect(),
        history: summary.history.into_iter().map(entry).collect(),
    }
}

fn section(line: SectionLine) -> SectionSummary {
    SectionSummary {
        id: line.id,
        title: line.title.0,
        n: line.n,
        mean_micros: line.mean_micros,
        service_micros: line.service_micros,
        experience_micros: line.experience_micros,
        region_mean_micros: line.region_mean_micros,
    }
}

fn entry(past: Past) -> HistoryEntry {
    HistoryEntry {
        audit: past.published_id,
        local_day: past.local_day,
        total_micros: past.total_micros,
        service_micros: past.service_micros,
        experience_micros: past.experience_micros,
        failed: past.failed,
    }
}
