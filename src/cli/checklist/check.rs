//! `plainclothes checklist check`: everything that is wrong with files, said at once.
//!
//! Not here: how it looks (`report.rs`).

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::report::{self, Style};
use crate::checklists::picture_folder::PictureFolder;
use crate::checklists::service::NewPicture;
use crate::cli::ALREADY_TOLD;
use crate::domain::checklist::{
    CHECKLIST_BYTES_MAX, Checked, Checklist, ChecklistProblem, NoPictures, Pictures, Severity,
    source_text,
};

/// A file and what came of it.
pub(super) struct Looked {
    /// As it was named by the caller.
    pub name: String,
    /// Empty when it could not be read.
    pub source: String,
    /// There when it is sound.
    pub checklist: Option<Checklist>,
    pub problems: Vec<ChecklistProblem>,
    /// Those that it names and that lie beside it.
    pub pictures: Vec<NewPicture>,
}

/// Looks at `files`, of which `-` is standard input, and says what is wrong with them.
///
/// # Errors
/// [`ALREADY_TOLD`] when something is; also when nobody takes what is said.
pub(super) fn run(files: &[PathBuf], as_json: bool) -> anyhow::Result<()> {
    let looked: Vec<Looked> = files.iter().map(|file| look(file)).collect();
    let mut out = std::io::stdout().lock();
    if as_json {
        writeln!(out, "{}", report::json(&looked))?;
    } else {
        let style = Style::of_stdout();
        for file in &looked {
            write!(out, "{}", style.report(file))?;
            if let Some(checklist) = &file.checklist {
                let (slug, version) = (&checklist.checklist, checklist.version);
                writeln!(
                    out,
                    "{}: {slug} version {version}, {}",
                    file.name,
                    checklist.sha256()
                )?;
            }
        }
        writeln!(out, "{}", summary(&looked))?;
    }
    if looked.iter().all(|file| file.checklist.is_some()) {
        Ok(())
    } else {
        Err(ALREADY_TOLD.into())
    }
}

fn look(file: &Path) -> Looked {
    let name = file.display().to_string();
    let from_stdin = file == Path::new("-");
    let bytes = if from_stdin {
        read_at_most(std::io::stdin().lock())
    } else {
        File::open(file).and_then(read_at_most)
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => {
            let problem = ChecklistProblem::of_file(format!("it cannot be read: {error}"));
            return Looked {
                name,
                source: String::new(),
                checklist: None,
                problems: vec![problem],
                pictures: Vec::new(),
            };
        }
    };
    let folder = PictureFolder::beside(file);
    let pictures: &dyn Pictures = if from_stdin { &NoPictures } else { &folder };
    let (source, checked) = match source_text(&bytes) {
        Ok(source) => (source.to_owned(), Checklist::check_yaml(source, pictures)),
        Err(problem) => (
            String::from_utf8_lossy(&bytes).into_owned(),
            Checked {
                checklist: None,
                problems: vec![problem],
            },
        ),
    };
    Looked {
        name,
        source,
        checklist: checked.checklist,
        problems: checked.problems,
        pictures: folder.into_pictures(),
    }
}

/// One byte more than a checklist can have tells that there are too many.
fn read_at_most(reader: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader
        .take(CHECKLIST_BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// `4 files, 1 not sound: 2 errors, 1 warning`
fn summary(files: &[Looked]) -> String {
    let count = |number: usize, what: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("{number} {what}{plural}")
    };
    let of = |severity: Severity, what: &str| {
        let problems = files.iter().flat_map(|file| &file.problems);
        let number = problems
            .filter(|problem| problem.severity == severity)
            .count();
        (number > 0).then(|| count(number, what))
    };
    let sound = files.iter().filter(|file| file.checklist.is_some()).count();
    let verdict = match files.len() - sound {
        0 => "sound".to_owned(),
        broken if broken == files.len() => "not sound".to_owned(),
        broken => format!("{broken} not sound"),
    };
    let problems = [
        of(Severity::Error, "error"),
        of(Severity::Warning, "warning"),
    ];
    let problems: Vec<String> = problems.into_iter().flatten().collect();
    let mark = if problems.is_empty() { "" } else { ": " };
    format!(
        "{}, {verdict}{mark}{}",
        count(files.len(), "file"),
        problems.join(", ")
    )
}

/// A sound checklist with the pictures that lie beside it, or what is wrong; that the file cannot be read is a problem, too.
pub(super) type Parsed = Result<(Checklist, Vec<NewPicture>), Vec<ChecklistProblem>>;

/// Reads a checklist file for whoever publishes it.
pub(super) fn read(file: &Path) -> Parsed {
    let looked = look(file);
    match looked.checklist {
        Some(checklist) => Ok((checklist, looked.pictures)),
        None => Err(looked.problems),
    }
}
