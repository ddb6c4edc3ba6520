//! `plainclothes checklist import`: a form in a spreadsheet becomes a checklist file.
//!
//! Not here: what of a form becomes what (`domain/xlsform`).

mod cells;
mod unpack;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::domain::xlsform::{self, Finding, FindingKind, Imported, Options};

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// An XLSForm (.xlsx) with a sheet `survey`, and usually `choices` and `settings`
    form: PathBuf,
    /// Where to write the checklist [default: standard output]
    #[arg(long)]
    out: Option<PathBuf>,
    /// What the checklist is called [default: made from the form's id, title or file name]
    #[arg(long)]
    slug: Option<String>,
    /// Write one JSON object to standard output: the findings, and the YAML unless --out is given
    #[arg(long)]
    json: bool,
    /// End with 1 when something in the form has no counterpart
    #[arg(long)]
    strict: bool,
}

/// # Errors
/// When there is no checklist to write, or `--strict` and something is lost.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is what was asked for"
)]
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let imported = import(&arguments.form, arguments.slug.as_deref())?;
    if let Some(out) = &arguments.out {
        std::fs::write(out, &imported.yaml)
            .map_err(|error| anyhow::anyhow!("{} cannot be written: {error}", out.display()))?;
    }
    if arguments.json {
        println!("{}", as_json(&imported, arguments.out.as_deref()));
    } else {
        for finding in &imported.findings {
            eprintln!("{finding}");
        }
        if arguments.out.is_none() {
            print!("{}", imported.yaml);
        }
    }
    let lost = imported
        .findings
        .iter()
        .filter(|finding| finding.kind == FindingKind::Lost)
        .count();
    anyhow::ensure!(
        !arguments.strict || lost == 0,
        "{lost} things in the form have no counterpart"
    );
    Ok(())
}

fn import(form: &Path, slug: Option<&str>) -> anyhow::Result<Imported> {
    let in_file = |error: anyhow::Error| anyhow::anyhow!("{}: {error:#}", form.display());
    if let Some(slug) = slug {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let sound = slug.len() <= 64
            && slug
                .split('-')
                .all(|word| !word.is_empty() && word.chars().all(plain));
        anyhow::ensure!(
            sound,
            "--slug is lower-case letters, digits and single hyphens, such as coffee-bar"
        );
    }
    let file = std::fs::File::open(form)
        .map_err(|error| anyhow::anyhow!("{} cannot be read: {error}", form.display()))?;
    let bytes = unpack::limited(file).map_err(in_file)?;
    let plain = unpack::plain(&bytes).map_err(in_file)?;
    drop(bytes);
    let (workbook, mut findings) = cells::read(plain).map_err(in_file)?;
    let stem = form.file_stem().unwrap_or_default().to_string_lossy();
    let options = Options {
        slug,
        file_stem: &stem,
    };
    let imported = xlsform::import(&workbook, &options).map_err(|error| in_file(error.into()))?;
    findings.extend(imported.findings);
    Ok(Imported {
        yaml: imported.yaml,
        findings,
    })
}

fn as_json(imported: &Imported, out: Option<&Path>) -> serde_json::Value {
    let finding = |finding: &Finding| {
        let place = &finding.place;
        json!({
            "kind": match finding.kind {
                FindingKind::Lost => "lost",
                FindingKind::Changed => "changed",
                FindingKind::Note => "note",
            },
            "sheet": place.sheet,
            "row": place.row,
            "column": place.column.map(xlsform::letters),
            "heading": place.heading,
            "what": finding.what,
            "why": finding.why,
            "todo": finding.todo,
        })
    };
    let findings: Vec<_> = imported.findings.iter().map(finding).collect();
    let mut object = json!({ "findings": findings });
    match out {
        Some(out) => object["out"] = json!(out.display().to_string()),
        None => object["yaml"] = json!(imported.yaml),
    }
    object
}
