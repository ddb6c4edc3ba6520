//! The audit PDF: an [`AuditReport`] in, the bytes of a tagged A4 document out, by Typst as a
//! library. Not a reader of the database and not a judge of who may have the report: it prints
//! what it is given, and it is given nothing of the shopper.
//!
//! In reading order: `report` what goes in, `words` and `format` how it is said, `colour`, `text`
//! and `jpeg` what makes it safe to print, `inputs` the values for `template.typ`, `world` where
//! Typst finds them.
//!
//! The same report gives the same bytes: no clock, no chance, no author, no date of creation.

mod colour;
mod format;
mod inputs;
mod jpeg;
mod report;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
mod text;
mod words;
mod world;

use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

pub use report::{AuditReport, ReportQuestion, ReportSection, Scores};
use world::{Desk, PHOTOS_MAX, ReportWorld};

/// Why there is no PDF. Each is a defect of the program: no report that can be built is refused.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    #[error("a file name of the report was refused: {0}")]
    Slot(String),
    #[error("the report could not be laid out: {0}")]
    Layout(String),
    #[error("the report could not be written as a PDF: {0}")]
    Export(String),
}

/// Makes audit PDFs. Holds template and fonts; make one and share it. Blocks the thread for the
/// time of a render, so keep it off threads that must answer.
pub struct PdfRenderer {
    desk: Desk,
    accessible: PdfOptions,
    tagged: PdfOptions,
}

impl std::fmt::Debug for PdfRenderer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PdfRenderer").finish_non_exhaustive()
    }
}

impl PdfRenderer {
    pub fn new() -> Result<Self, PdfError> {
        let standards = PdfStandards::new(&[PdfStandard::Ua_1])
            .map_err(|error| PdfError::Export(error.message().to_string()))?;
        Ok(Self {
            desk: Desk::new()?,
            accessible: PdfOptions {
                standards,
                ..options()
            },
            tagged: options(),
        })
    }

    /// The bytes of the PDF: PDF/UA-1, or tagged without that claim where a text has characters
    /// that none of the fonts can draw (the standard forbids them; the reader sees boxes, and
    /// copies the true characters).
    pub fn render(&self, report: &AuditReport) -> Result<Vec<u8>, PdfError> {
        let result = self
            .lay_out(report)
            .and_then(|document| self.export(&document));
        // Typst remembers each piece of a layout for the sake of editors that show it again; here
        // nothing of one client's report is to outlive its bytes.
        comemo::evict(0);
        result
    }

    fn lay_out(&self, report: &AuditReport) -> Result<PagedDocument, PdfError> {
        let photos: Vec<_> = report
            .photos
            .iter()
            .enumerate()
            .map(|(n, photo)| jpeg::bare(photo).filter(|_| n < PHOTOS_MAX))
            .collect();
        let shown: Vec<bool> = photos.iter().map(Option::is_some).collect();
        let world = ReportWorld::new(&self.desk, inputs::inputs(report, &shown), photos)?;
        typst::compile::<PagedDocument>(&world)
            .output
            .map_err(|errors| PdfError::Layout(first_message(&errors)))
    }

    fn export(&self, document: &PagedDocument) -> Result<Vec<u8>, PdfError> {
        typst_pdf::pdf(document, &self.accessible)
            .or_else(|_| typst_pdf::pdf(document, &self.tagged))
            .map_err(|errors| PdfError::Export(first_message(&errors)))
    }
}

/// No creator, no date, and an identifier that follows from the document alone.
fn options() -> PdfOptions {
    PdfOptions {
        creator: Smart::Custom(None),
        ..PdfOptions::default()
    }
}

fn first_message(errors: &[SourceDiagnostic]) -> String {
    errors
        .first()
        .map(|error| error.message.to_string())
        .unwrap_or_default()
}
