//! The settings sheet: what the form is called, and which edition of it this is.
//!
//! Not here: its default language (`languages.rs` is given it).

use super::Options;
use super::finding::{Findings, Place, quoted};
use super::names::slug_from;
use super::table::{Entry, Table};

pub(super) const COLUMNS: &[&str] = &[
    "form_title",
    "form_id",
    "version",
    "default_language",
    "industry",
    "instance_name",
    "public_key",
    "submission_url",
    "style",
    "auto_send",
    "auto_delete",
    "allow_choice_duplicates",
    "instance_xmlns",
    "namespaces",
    "name",
    "id_string",
    "title",
    "set_form_title",
    "set_form_id",
];

#[derive(Debug)]
pub(super) struct Head {
    pub slug: String,
    pub title: String,
    pub version: u32,
    pub industry: String,
}

impl Head {
    pub fn read(
        settings: Option<&Table<'_>>,
        options: &Options<'_>,
        findings: &mut Findings,
    ) -> Self {
        let entry = settings.and_then(|table| table.entries().next());
        let entry = entry.as_ref();
        let get = |names: [&str; 3]| {
            entry.and_then(|entry| names.into_iter().find_map(|name| entry.get(name)))
        };
        let title = get(["form_title", "title", "set_form_title"]);
        let id = get(["form_id", "id_string", "set_form_id"]);
        let named = id.or(title).map_or((options.file_stem, None), |field| {
            (field.text, Some(field.place()))
        });
        let place = named.1.unwrap_or_else(|| Place::sheet("settings"));
        let slug = match (options.slug, slug_from(named.0)) {
            (Some(slug), _) => slug.to_owned(),
            (None, slug) => {
                let slug = slug.unwrap_or_else(|| "form".to_owned());
                if slug != named.0 {
                    findings.changed(
                        place,
                        format!("name of the form, {}", quoted(named.0)),
                        &format!("a checklist's name is a slug; it is called `{slug}`"),
                        "name it with --slug",
                    );
                }
                slug
            }
        };
        if let Some(entry) = entry {
            tell_others(entry, findings);
        }
        if let Some(second) = settings.and_then(|table| table.entries().nth(1)) {
            findings.lost(
                second.place(),
                "a second row of settings".to_owned(),
                "a form has one",
                "",
            );
        }
        Self {
            title: title.map_or_else(|| slug.clone(), |field| field.text.to_owned()),
            version: entry.map_or(1, |entry| version(entry, findings)),
            industry: industry(entry, findings),
            slug,
        }
    }
}

fn version(entry: &Entry<'_>, findings: &mut Findings) -> u32 {
    let Some(field) = entry.get("version") else {
        return 1;
    };
    let version: Option<u32> = field.text.parse().ok();
    version
        .filter(|version| (1..=999_999).contains(version))
        .unwrap_or_else(|| {
            findings.changed(
                field.place(),
                format!("version {}", quoted(field.text)),
                "versions of a checklist are whole numbers from 1 to 999999; this one is 1",
                "write the right number into the file",
            );
            1
        })
}

fn industry(entry: Option<&Entry<'_>>, findings: &mut Findings) -> String {
    let field = entry.and_then(|entry| entry.get("industry"));
    let slug = field.and_then(|field| slug_from(field.text));
    let unchanged = field.is_some_and(|field| slug.as_deref() == Some(field.text));
    let industry = slug.unwrap_or_else(|| "general".to_owned());
    if !unchanged {
        findings.note(
            field.map_or_else(|| Place::sheet("settings"), |field| field.place()),
            "the industry".to_owned(),
            &format!("a checklist names one; it is `{industry}`"),
            "write another one into the file, or into a column `industry` of the settings",
        );
    }
    industry
}

/// Settings for other programs.
fn tell_others(entry: &Entry<'_>, findings: &mut Findings) {
    for field in entry.fields() {
        let (why, todo) = match field.heading.name.as_str() {
            "instance_name" => ("filled checklists are known by their visit", ""),
            "public_key" | "submission_url" | "auto_send" | "auto_delete" => {
                ("where answers go is up to the server", "")
            }
            _ => continue,
        };
        let what = format!("setting `{}`", field.heading.name);
        findings.lost(field.place(), what, why, todo);
    }
}
