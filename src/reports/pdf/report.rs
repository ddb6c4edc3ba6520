//! What an audit PDF is made from: owned strings and whole numbers.
//! Not the audit as it came in: nothing here names or hints at the shopper, so nothing of the
//! shopper can reach the paper. Not formatted either: words and decimal marks come later.

/// Everything that one audit PDF prints. Scores are millionths of 1 (875000 = 87.5 %).
#[derive(Debug, Clone, Default)]
pub struct AuditReport {
    /// Id under which the audit was published; printed so that people can refer to it.
    pub reference: String,
    pub client_name: String,
    /// `#rrggbb`; anything else is taken as a dark grey.
    pub client_color: String,
    pub location_name: String,
    pub location_city: String,
    pub region_name: String,
    pub campaign_name: String,
    pub checklist_title: String,
    /// `YYYY-MM-DD`, the day at the location; another text is printed as it is.
    pub local_day: String,
    /// Language tag of the questions ('nl', 'de-AT'); labels fall back to English.
    pub language: String,
    pub scores: Scores,
    /// Mean of the location's region over the period that the caller compares with.
    pub region_mean: Scores,
    /// Total of the visit before this one at the same location.
    pub previous_total_micros: Option<i64>,
    /// Something critical failed the audit, whatever its score.
    pub failed: bool,
    /// `None` where the checklist has no pass mark.
    pub passed: Option<bool>,
    /// How well things were put right; only of a second leg.
    pub recovery_micros: Option<i64>,
    pub sections: Vec<ReportSection>,
    /// JPEG renditions. One that cannot be read is shown as missing, not refused.
    pub photos: Vec<Vec<u8>>,
}

/// The scores that stand side by side; `None` where there was nothing to score.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scores {
    pub total_micros: Option<i64>,
    pub service_micros: Option<i64>,
    pub experience_micros: Option<i64>,
    /// The lower of service and experience, where both exist.
    pub balanced_micros: Option<i64>,
}

/// One section of the checklist with its questions in order.
#[derive(Debug, Clone, Default)]
pub struct ReportSection {
    pub title: String,
    pub scores: Scores,
    pub questions: Vec<ReportQuestion>,
}

/// One question that was shown to the shopper, answered or not.
#[derive(Debug, Clone, Default)]
pub struct ReportQuestion {
    pub text: String,
    /// The answer in words, in the report's language; empty where none was given.
    pub answer: String,
    /// Thousandths of a point.
    pub earned_milli: i64,
    /// Thousandths of a point; 0 where the question adds nothing to what is possible.
    pub possible_milli: i64,
    pub scored: bool,
    pub not_applicable: bool,
    pub comment: Option<String>,
    /// Positions in [`AuditReport::photos`], from 0; printed from 1.
    pub photos: Vec<usize>,
}
