//! The keys that a checklist file may have, by where they stand.
//!
//! `checklists/checklist.schema.json` names the same keys for editors; the tests below hold the two together.

pub(super) const DOCUMENT: &[&str] = &[
    "checklist",
    "version",
    "languages",
    "partial_languages",
    "title",
    "industry",
    "brief",
    "scenario",
    "follows",
    "scoring",
    "sections",
];
pub(super) const SCORING: &[&str] = &[
    "not_applicable",
    "unanswered_optional",
    "bonus_cap",
    "pass_mark",
];
pub(super) const SECTION: &[&str] = &["id", "title", "weight", "questions"];
pub(super) const QUESTION: &[&str] = &[
    "id",
    "type",
    "text",
    "help",
    "dimension",
    "required",
    "required_if",
    "not_applicable",
    "bonus",
    "show_if",
    "points",
    "expect",
    "critical",
    "options",
    "steps",
    "bands",
    "max_points",
    "expected",
    "tolerance",
    "currency",
    "unit",
    "decimals",
    "minimum",
    "maximum",
    "words_min",
    "characters_max",
    "timer",
    "photo",
    "recovery",
    "trap",
    "pictures",
    "since",
    "within",
];
pub(super) const DIMENSION: &[&str] = &["service", "experience"];
pub(super) const OPTION: &[&str] = &["id", "text", "points", "critical", "exclusive"];
pub(super) const PICTURE: &[&str] = &["file", "text"];
pub(super) const FOLLOWS: &[&str] = &["checklist", "days_max"];
pub(super) const STEP: &[&str] = &["text", "points"];
pub(super) const BAND: &[&str] = &["up_to", "points"];
pub(super) const PHOTO: &[&str] = &["min", "max", "if"];
pub(super) const CRITICAL: &[&str] = &["cap_audit_at"];
pub(super) const CONDITION: &[&str] = &[
    "all",
    "any",
    "not",
    "question",
    "equals",
    "not_equals",
    "one_of",
    "contains",
    "at_least",
    "at_most",
    "answered",
];
