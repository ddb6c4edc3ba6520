//! What comes out of scoring: the published numbers and the trace that explains them.
//!
//! Not here: how they come about (`mod.rs`, `points.rs`).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// Millionths of 1: 875 000 is 87.5 %. A published score lies between [`Micros::ZERO`] and [`Micros::ONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(pub i64);

impl Micros {
    pub const ZERO: Self = Self(0);
    pub const ONE: Self = Self(1_000_000);
}

impl From<Micros> for i64 {
    fn from(micros: Micros) -> Self {
        micros.0
    }
}

/// As a percentage with one decimal, rounded half up: `87.5 %`. The only place where a score is rounded for people.
impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 + 500).div_euclid(1_000);
        let sign = if tenths < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{} %", tenths.abs() / 10, tenths.abs() % 10)
    }
}

/// The score of an audit by one engine and one checklist version. None where there was nothing to score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    pub engine: u32,
    pub total_micros: Option<Micros>,
    pub service_micros: Option<Micros>,
    pub experience_micros: Option<Micros>,
    /// The smaller of service and experience, where both exist.
    pub balanced_micros: Option<Micros>,
    /// How well things were put right: the questions marked `recovery` alone. The outer None: there are no such questions,
    /// and nothing is written; the inner one: nothing of them was scored.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub recovery_micros: Option<Option<Micros>>,
    pub failed: bool,
    /// None without a pass mark, and without a total.
    pub passed: Option<bool>,
    pub sections: Vec<SectionScore>,
    /// Every question, in order.
    pub trace: Vec<TraceLine>,
}

/// `null` is something that was written.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<Micros>>, D::Error> {
    Option::deserialize(value).map(Some)
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionScore {
    pub id: String,
    pub micros: Option<Micros>,
    pub service_micros: Option<Micros>,
    pub experience_micros: Option<Micros>,
    pub failed: bool,
}

/// What one question added, in thousandths of a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceLine {
    pub question: String,
    pub earned_milli: i64,
    pub possible_milli: i64,
    pub why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Scored,
    /// Scored, but adding nothing to what is possible.
    Bonus,
    /// Asked, but nothing that could earn.
    NotScored,
    Hidden,
    Unanswered,
    /// Optional, and the checklist counts that as nothing earned.
    UnansweredZero,
    NaExcluded,
    NaPass,
    NaZero,
    NaFail,
}

#[cfg(test)]
mod tests {
    use super::Micros;

    #[test]
    fn is_shown_as_a_percentage() {
        assert_eq!(Micros(875_000).to_string(), "87.5 %");
        assert_eq!(Micros(666_667).to_string(), "66.7 %");
        assert_eq!(Micros(999_500).to_string(), "100.0 %");
        assert_eq!(Micros(999_499).to_string(), "99.9 %");
        assert_eq!(Micros::ZERO.to_string(), "0.0 %");
    }
}
