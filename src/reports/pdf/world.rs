//! Where Typst finds what it typesets: one template, the fonts, and the photos of one report, all
//! in memory. Not a file system: no path outside these can be read, no package fetched, no clock
//! asked.

use std::fmt::Write;

use sha2::{Digest, Sha256};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use super::PdfError;
use super::jpeg::BarePhoto;

/// Photos that one report can show. Typst numbers file names once for the whole process and has
/// 65,535 numbers, so the names are slots that every report uses again.
pub const PHOTOS_MAX: usize = 1000;

/// The parts that do not change from report to report.
pub struct Desk {
    template: Source,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Desk {
    /// Parses template and fonts.
    pub fn new() -> Result<Self, PdfError> {
        let fonts: Vec<Font> = [
            notosans::REGULAR_TTF,
            notosans::BOLD_TTF,
            // Arabic, Hebrew, Armenian, Georgian and many signs
            dejavu::sans::regular(),
            epaint_default_fonts::NOTO_EMOJI_REGULAR,
        ]
        .into_iter()
        .flat_map(|data| Font::iter(Bytes::new(data)))
        .collect();
        Ok(Self {
            template: Source::new(slot("report.typ")?, include_str!("template.typ").to_owned()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
        })
    }
}

/// What one report is typeset from.
pub struct ReportWorld<'a> {
    desk: &'a Desk,
    library: LazyHash<Library>,
    /// Every file beside the template: each photo, and the frame that names it.
    files: Vec<(FileId, Bytes)>,
}

impl<'a> ReportWorld<'a> {
    /// A world in which the template reads `inputs` as `sys.inputs` and the photo at position
    /// `n` as the image `photo-n.svg`.
    pub fn new(
        desk: &'a Desk,
        inputs: Dict,
        photos: Vec<Option<BarePhoto>>,
    ) -> Result<Self, PdfError> {
        let mut files = Vec::with_capacity(photos.len() * 2);
        for (n, photo) in photos.into_iter().enumerate() {
            if let Some(photo) = photo {
                let name = format!("photo-{n}.jpg");
                files.push((
                    slot(&format!("photo-{n}.svg"))?,
                    Bytes::from_string(frame(&name, &photo)),
                ));
                files.push((slot(&name)?, Bytes::new(photo.bytes)));
            }
        }
        let library = Library::builder().with_inputs(inputs).build();
        Ok(Self {
            desk,
            library: LazyHash::new(library),
            files,
        })
    }
}

impl World for ReportWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.desk.book
    }

    fn main(&self) -> FileId {
        self.desk.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.desk.template.id() {
            Ok(self.desk.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = self.files.iter().find(|(name, _)| *name == id);
        found
            .map(|(_, bytes)| bytes.clone())
            .ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.desk.fonts.get(index).cloned()
    }

    /// Paper carries the day of the visit, never the moment it was printed.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn slot(name: &str) -> Result<FileId, PdfError> {
    let path = VirtualPath::new(name).map_err(|error| PdfError::Slot(format!("{error:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// An SVG that is nothing but the photo. Typst would decode a JPEG only to learn its size; inside
/// an SVG it goes into the PDF as it is, which saves milliseconds and megabytes a photo.
///
/// Typst knows an SVG by its text alone and remembers what it has drawn, so the text carries the
/// photo's digest: without it one report could be given the photo of another.
fn frame(name: &str, photo: &BarePhoto) -> String {
    let (width, height) = (photo.width_px, photo.height_px);
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><image href="{name}" width="{width}" height="{height}"/><!-- "#
    );
    for byte in Sha256::digest(&photo.bytes) {
        let _ = write!(svg, "{byte:02x}");
    }
    svg.push_str(" --></svg>");
    svg
}
