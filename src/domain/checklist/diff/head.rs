//! What changed in the head of a checklist: its names, languages, legs and scoring rules.
//!
//! Not here: sections and questions.

use super::words::{self, name, or_none};
use super::{Audience, TextOf, Versions, What};
use crate::domain::checklist::model::{Document, ScoringRules};

pub(super) fn compare(versions: &mut Versions<'_>) {
    let (before, after) = (versions.before, versions.after);
    let Document {
        // Follows from the rest.
        format: _,
        checklist,
        // Names the version; it is not what the version says.
        version: _,
        languages,
        partial_languages,
        title,
        industry,
        brief,
        scenario,
        follows,
        scoring,
        // Compared one by one, elsewhere.
        sections: _,
    } = before;
    versions.member(
        Audience::Score,
        "another checklist",
        [checklist, &after.checklist],
        Clone::clone,
        |before, after| What::Checklist { before, after },
    );
    versions.text(&TextOf::Title, "title", Some(title), Some(&after.title));
    versions.member(
        Audience::Agency,
        "industry",
        [industry, &after.industry],
        Clone::clone,
        |before, after| What::Industry { before, after },
    );
    let tags = |tags: &Vec<String>| match tags.as_slice() {
        [] => "none".to_owned(),
        tags => tags.join(", "),
    };
    versions.member(
        Audience::Shopper,
        "languages",
        [languages, &after.languages],
        tags,
        |before, after| What::Languages { before, after },
    );
    versions.member(
        Audience::Shopper,
        "partial languages",
        [partial_languages, &after.partial_languages],
        tags,
        |before, after| What::PartialLanguages { before, after },
    );
    versions.text(
        &TextOf::Brief,
        "brief",
        brief.as_ref(),
        after.brief.as_ref(),
    );
    versions.text(
        &TextOf::Scenario,
        "scenario",
        scenario.as_ref(),
        after.scenario.as_ref(),
    );
    versions.member(
        Audience::Shopper,
        "follows a visit of",
        [follows, &after.follows],
        |follows| or_none(follows.as_ref(), words::follows),
        |before, after| What::Follows { before, after },
    );
    rules(versions, scoring, &after.scoring);
}

fn rules(versions: &mut Versions<'_>, before: &ScoringRules, after: &ScoringRules) {
    let ScoringRules {
        not_applicable,
        unanswered_optional,
        bonus_cap,
        pass_mark_micros,
    } = before;
    versions.member(
        Audience::Agency,
        "not applicable where a question does not say",
        [not_applicable, &after.not_applicable],
        name,
        |before, after| What::InheritedNotApplicable { before, after },
    );
    versions.member(
        Audience::Score,
        "optional questions without an answer count as",
        [unanswered_optional, &after.unanswered_optional],
        name,
        |before, after| What::UnansweredOptional { before, after },
    );
    versions.member(
        Audience::Score,
        "bonus stops a section at 100 %",
        [bonus_cap, &after.bonus_cap],
        |cap| words::yes_or_no(*cap),
        |before, after| What::BonusCap { before, after },
    );
    versions.member(
        Audience::Score,
        "pass mark",
        [pass_mark_micros, &after.pass_mark_micros],
        |mark| or_none(mark.as_ref(), |mark| words::percent(*mark)),
        |before, after| What::PassMark { before, after },
    );
}
