//! From a published audit to the bytes of its PDF. The paper tells what the view tells, and adds what it is compared
//! with: the region's average and the visit before.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::NaiveDate;

use super::file_name::file_name;
use super::pdf::{AuditReport, ReportQuestion, ReportSection, Scores};
use super::repo;
use super::sections::NumberedPhoto;
use super::service::{self, Opened};
use super::views::{PublishedQuestion, PublishedSection};
use crate::accounts::Scope;
use crate::app::App;
use crate::domain::checklist::Text;
use crate::domain::ids::{AgencyId, PublishedAuditId};
use crate::domain::photo::RenditionSize;
use crate::error::{Error, Result};
use crate::photos::published::published;
use crate::rankings::Period;
use crate::rankings::rollup::{Dimension, WHOLE};
use crate::rankings::service::{Averages, Wanted};

/// The region's average is taken over so many days, up to and including the day of the visit.
const REGION_AVERAGE_DAYS: u64 = 90;

/// A PDF with the name to save it under.
#[derive(Debug)]
pub struct Paper {
    pub file_name: String,
    /// The day of publication in UTC.
    pub published_on: NaiveDate,
    pub bytes: Vec<u8>,
}

/// Makes the PDF of an audit in `language`, else in the client's, else in the checklist's first.
///
/// # Errors
/// [`Error::NotFound`] for what the scope does not reach or is not published.
pub async fn print(
    app: &App,
    scope: &Scope,
    id: PublishedAuditId,
    language: Option<&str>,
) -> Result<Paper> {
    let db = app.db.reader();
    let opened = service::open(app, scope, id, language).await?;
    let campaign = crate::campaigns::service::find(db, scope, opened.row.campaign_id).await?;
    let previous = repo::before(db, scope, &opened.row).await?;
    let beside = Beside {
        campaign_name: campaign.name,
        region: region_averages(app, scope, &opened).await?,
        previous_total_micros: previous.and_then(|previous| previous.total_micros),
        photos: renditions(app, scope.agency, &opened.photos).await?,
    };
    let report = report(&opened, beside);
    let file_name = file_name(
        &[
            &report.client_name,
            &report.location_name,
            &report.local_day,
        ],
        "pdf",
    );
    let published_on = opened.detail.audit.published_on.parse().map_err(|_| {
        let day = &opened.detail.audit.published_on;
        Error::Internal(format!("an audit published on the day '{day}'"))
    })?;
    let permit = app
        .imaging
        .clone()
        .acquire_owned()
        .await
        .map_err(|_| Error::Overloaded)?;
    let printer = app.clone();
    let bytes = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        printer.pdf.render(&report)
    })
    .await
    .map_err(|error| Error::Internal(error.to_string()))?
    .map_err(|error| Error::Internal(format!("PDF of published audit {id}: {error}")))?;
    Ok(Paper {
        file_name,
        published_on,
        bytes,
    })
}

async fn region_averages(app: &App, scope: &Scope, opened: &Opened) -> Result<Averages> {
    let row = &opened.row;
    let day: NaiveDate = row
        .local_day
        .parse()
        .map_err(|_| Error::Internal(format!("an audit on the day '{}'", row.local_day)))?;
    let wanted = Wanted {
        client: row.client_id,
        slug: &row.checklist_slug,
        period: Period::ending(day, REGION_AVERAGE_DAYS),
    };
    crate::rankings::service::region_averages(app.db.reader(), scope, wanted, opened.region).await
}

/// What is published of each photo, in order; empty where there is none, which the paper shows as missing.
async fn renditions(app: &App, agency: AgencyId, photos: &[NumberedPhoto]) -> Result<Vec<Vec<u8>>> {
    let mut renditions = Vec::with_capacity(photos.len());
    for photo in photos {
        let size = RenditionSize::Large;
        let bytes = match published(app, agency, photo.sha256, size, None).await {
            Ok(photo) => photo.map(|photo| photo.bytes).unwrap_or_default(),
            Err(Error::NotFound | Error::WrongState(_)) => Bytes::new(),
            Err(error) => return Err(error),
        };
        renditions.push(bytes.into());
    }
    Ok(renditions)
}

/// What stands on paper beside what is on screen.
struct Beside {
    campaign_name: String,
    region: Averages,
    previous_total_micros: Option<i64>,
    photos: Vec<Vec<u8>>,
}

fn report(opened: &Opened, beside: Beside) -> AuditReport {
    let audit = &opened.detail.audit;
    let say = |texts: &BTreeMap<String, String>| {
        Text(texts.clone())
            .in_language(&opened.language, &opened.version.checklist.languages)
            .to_owned()
    };
    let average = |dimension| beside.region.mean_micros(WHOLE, dimension);
    AuditReport {
        reference: audit.id.to_string(),
        client_name: audit.client_name.clone(),
        client_color: opened.client.color.clone(),
        location_name: audit.location_name.clone(),
        location_city: audit.location_city.clone(),
        region_name: audit.region_name.clone(),
        campaign_name: beside.campaign_name,
        checklist_title: say(&audit.checklist_title),
        local_day: audit.local_day.clone(),
        language: opened.language.clone(),
        scores: Scores {
            total_micros: audit.total_micros,
            service_micros: audit.service_micros,
            experience_micros: audit.experience_micros,
            balanced_micros: audit.balanced_micros,
        },
        region_mean: Scores {
            total_micros: average(Dimension::Total),
            service_micros: average(Dimension::Service),
            experience_micros: average(Dimension::Experience),
            balanced_micros: average(Dimension::Balanced),
        },
        previous_total_micros: beside.previous_total_micros,
        failed: audit.failed,
        passed: opened.passed,
        recovery_micros: opened.detail.recovery_micros,
        sections: opened
            .detail
            .sections
            .iter()
            .map(|section| printed(section, &say))
            .collect(),
        photos: beside.photos,
    }
}

fn printed(
    section: &PublishedSection,
    say: &impl Fn(&BTreeMap<String, String>) -> String,
) -> ReportSection {
    let question = |question: &PublishedQuestion| ReportQuestion {
        text: say(&question.text),
        answer: question.answer.clone(),
        earned_milli: question.earned_milli,
        possible_milli: question.possible_milli,
        scored: question.scored,
        not_applicable: question.not_applicable,
        comment: question.comment.clone(),
        // The report counts its photos from 0.
        photos: question
            .photos
            .iter()
            .filter_map(|number| usize::try_from(*number).ok()?.checked_sub(1))
            .collect(),
    };
    ReportSection {
        title: say(&section.title),
        scores: Scores {
            total_micros: section.micros,
            service_micros: section.service_micros,
            experience_micros: section.experience_micros,
            balanced_micros: None,
        },
        questions: section.questions.iter().map(question).collect(),
    }
}
