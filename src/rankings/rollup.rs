//! The sums behind every ranking: `n`, `Σ y` and `Σ y²` for each location, checklist family, section, dimension and day.
//!
//! They are added to in the transaction that publishes an audit, so a ranking never reads audits. A published audit is
//! never taken back (a correction after approval goes to quarantine), so nothing is ever subtracted.

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, OnConflict};
use sea_orm::{DatabaseTransaction, EntityTrait as _, Set};

use crate::db::DbError;
use crate::db::entities::rollup::Column;
use crate::db::entities::{audit, rollup};
use crate::domain::scoring::{Micros, Score};

/// Stands for the whole audit where a section's id stands otherwise.
pub const WHOLE: &str = "";

/// Which of the scores that stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    Total,
    Service,
    Experience,
    /// Of whole audits only.
    Balanced,
}

impl Dimension {
    /// All dimensions.
    pub const ALL: [Self; 4] = [Self::Total, Self::Service, Self::Experience, Self::Balanced];

    /// The word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Service => "service",
            Self::Experience => "experience",
            Self::Balanced => "balanced",
        }
    }

    /// The dimension of that name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|dimension| dimension.as_str() == word)
    }
}

/// Adds the scores of an audit that is being published.
///
/// # Errors
/// As the database has them.
pub async fn add(
    txn: &DatabaseTransaction,
    audit: &audit::Model,
    score: &Score,
) -> Result<(), DbError> {
    let rows: Vec<rollup::ActiveModel> = parts(score)
        .into_iter()
        .map(|(section, dimension, micros)| rollup::ActiveModel {
            location_id: Set(audit.location_id),
            checklist_slug: Set(audit.checklist_slug.clone()),
            section_id: Set(section.to_owned()),
            dimension: Set(dimension.as_str().to_owned()),
            local_day: Set(audit.local_day.clone()),
            agency_id: Set(audit.agency_id),
            client_id: Set(audit.client_id),
            n: Set(1),
            sum_micros: Set(micros.0),
            sum_squares: Set(micros.0 * micros.0),
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let plus = |column: Column| {
        let new = Expr::col((Alias::new("excluded"), column));
        (column, Expr::col((rollup::Entity, column)).add(new))
    };
    let sums = OnConflict::columns([
        Column::LocationId,
        Column::ChecklistSlug,
        Column::SectionId,
        Column::Dimension,
        Column::LocalDay,
    ])
    .values([
        plus(Column::N),
        plus(Column::SumMicros),
        plus(Column::SumSquares),
    ])
    .to_owned();
    rollup::Entity::insert_many(rows)
        .on_conflict(sums)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// What there is to add, each section and dimension once. In one order for every audit: two publications that touch the
/// same rows lock them in the same order and cannot wait for each other.
fn parts(score: &Score) -> Vec<(&str, Dimension, Micros)> {
    use Dimension::{Balanced, Experience, Service, Total};
    let whole = [
        (WHOLE, Total, score.total_micros),
        (WHOLE, Service, score.service_micros),
        (WHOLE, Experience, score.experience_micros),
        (WHOLE, Balanced, score.balanced_micros),
    ];
    let sections = score.sections.iter().flat_map(|section| {
        let id = section.id.as_str();
        [
            (id, Total, section.micros),
            (id, Service, section.service_micros),
            (id, Experience, section.experience_micros),
        ]
    });
    let mut parts: Vec<_> = whole
        .into_iter()
        .chain(sections)
        .filter_map(|(section, dimension, micros)| Some((section, dimension, micros?)))
        .collect();
    parts.sort_by_key(|(section, dimension, _)| (*section, *dimension));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::scoring::SectionScore;

    fn section(id: &str, micros: Option<i64>, service_micros: Option<i64>) -> SectionScore {
        SectionScore {
            id: id.to_owned(),
            micros: micros.map(Micros),
            service_micros: service_micros.map(Micros),
            experience_micros: None,
            failed: false,
        }
    }

    fn score(sections: Vec<SectionScore>) -> Score {
        Score {
            engine: 1,
            total_micros: Some(Micros(800_000)),
            service_micros: Some(Micros(700_000)),
            experience_micros: None,
            balanced_micros: None,
            recovery_micros: None,
            failed: true,
            passed: None,
            sections,
            trace: Vec::new(),
        }
    }

    #[test]
    fn what_has_no_score_adds_nothing() {
        let score = score(vec![section("food", None, None)]);
        let expected = [
            (WHOLE, Dimension::Total, Micros(800_000)),
            (WHOLE, Dimension::Service, Micros(700_000)),
        ];
        assert_eq!(parts(&score), expected);
    }

    #[test]
    fn the_order_does_not_follow_the_checklist() {
        let one = section("a", Some(1), Some(2));
        let two = section("b", Some(3), None);
        let forward = score(vec![one.clone(), two.clone()]);
        let backward = score(vec![two, one]);
        assert_eq!(parts(&forward), parts(&backward));
    }

    #[test]
    fn words_lead_back_to_dimensions() {
        for dimension in Dimension::ALL {
            assert_eq!(Dimension::parse(dimension.as_str()), Some(dimension));
        }
        assert_eq!(Dimension::parse("all"), None);
    }
}
