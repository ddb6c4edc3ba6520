//! The dependency rule, read from the imports: `domain` knows nothing but itself, plumbing knows no feature, a feature calls
//! another's service and never its repo, handlers hold no query.
//!
//! Not here: which crates may be used (`clippy.toml` bans single functions).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

const FEATURES: [&str; 17] = [
    "accounts",
    "clients",
    "checklists",
    "campaigns",
    "visits",
    "sync",
    "audits",
    "photos",
    "comparisons",
    "review",
    "quarantine",
    "outbox",
    "rankings",
    "reports",
    "bundles",
    "queue",
    "webhooks",
];
const PLUMBING: [&str; 5] = ["db", "objects", "jobs", "http", "outward"];

/// Where a rule bends, and why.
const EXCEPTIONS: [(&str, &str, &str); 11] = [
    ("http/router.rs", "", "every route stands on one page"),
    (
        "http/serve.rs",
        "crate::photos::jobs",
        "starts the worker with the program's jobs",
    ),
    ("http/assets.rs", "crate::app", "plumbing is given the app"),
    (
        "review/decide.rs",
        "crate::audits::repo",
        "a decision is on an audit: one transaction over both",
    ),
    (
        "review/service.rs",
        "crate::audits::repo",
        "a reviewer reads audits as they are",
    ),
    (
        "review/service.rs",
        "crate::photos::repo",
        "and the facts of their photos",
    ),
    (
        "review/decide.rs",
        "crate::visits::repo",
        "a decision moves the visit",
    ),
    (
        "quarantine/repo.rs",
        "crate::audits::repo",
        "what is found there is what an arrival marked so",
    ),
    (
        "quarantine/settle.rs",
        "crate::audits::repo",
        "settling is on a submission and may make an audit of it",
    ),
    (
        "quarantine/settle.rs",
        "crate::visits::repo",
        "and locks the visit that it places work in",
    ),
    (
        "audits/placing.rs",
        "crate::visits::repo",
        "an audit moves its visit in the same transaction",
    ),
];

fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                let text = fs::read_to_string(&path).unwrap();
                // A file that is nothing but tests holds to no rule but its own.
                let only_tests = text.contains("test]\n") && !text.contains("#[cfg(test)]");
                if !only_tests {
                    found.push((name, text));
                }
            }
        }
    }
    assert!(found.len() > 50);
    found
}

/// Every `crate::…` path that a file names outside its comments and tests, braces unfolded one level deep.
fn imports(text: &str) -> Vec<String> {
    let code: String = text
        .split("#[cfg(test)]")
        .next()
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "_:{}, \n".contains(c)));
        let path = &rest[..end.unwrap_or(rest.len())];
        match path.split_once('{') {
            Some((stem, inside)) if !stem.contains('\n') => {
                let inside = inside.split('}').next().unwrap_or_default();
                found.extend(
                    inside
                        .split(',')
                        .map(|name| format!("{stem}{}", name.trim())),
                );
            }
            _ => {
                let end = path.find(|c: char| c.is_whitespace() || c == ',' || c == '}');
                found.push(path[..end.unwrap_or(path.len())].to_owned());
            }
        }
    }
    found
}

fn excepted(file: &str, import: &str) -> bool {
    EXCEPTIONS
        .iter()
        .any(|(of, path, _)| file == *of && import.starts_with(path))
}

fn complaints(rule: impl Fn(&str, &str) -> Option<String>) -> Vec<String> {
    let mut found = Vec::new();
    for (file, text) in files() {
        for import in imports(&text) {
            if let Some(why) = rule(&file, &import).filter(|_| !excepted(&file, &import)) {
                found.push(format!("src/{file}: {import}: {why}"));
            }
        }
    }
    found
}

#[test]
fn the_rules_know_nothing_but_themselves() {
    let found = complaints(|file, import| {
        (file.starts_with("domain/") && !import.starts_with("crate::domain"))
            .then(|| "domain imports nothing of ours but itself".to_owned())
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
    for (file, text) in files()
        .iter()
        .filter(|(file, _)| file.starts_with("domain/"))
    {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for foreign in [
            "sea_orm", "axum", "tokio", "std::fs", "std::net", "utoipa", "async fn",
        ] {
            let named = code
                .lines()
                .any(|line| !line.trim_start().starts_with("//") && line.contains(foreign));
            assert!(
                !named,
                "src/{file} names {foreign}: the rules know no framework"
            );
        }
    }
}

#[test]
fn plumbing_knows_no_feature() {
    let found = complaints(|file, import| {
        let plumbing = PLUMBING
            .iter()
            .any(|name| file.starts_with(&format!("{name}/")));
        let feature = FEATURES.iter().find(|name| {
            import == format!("crate::{name}") || import.starts_with(&format!("crate::{name}::"))
        })?;
        plumbing.then(|| format!("plumbing knows no feature, and {feature} is one"))
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_feature_calls_anothers_service_and_never_its_repo() {
    let found = complaints(|file, import| {
        let own = FEATURES
            .iter()
            .find(|name| file.starts_with(&format!("{name}/")))?;
        let other = FEATURES
            .iter()
            .find(|name| import.starts_with(&format!("crate::{name}::repo")))?;
        (own != other).then(|| format!("{own} calls {other}'s service, never its repo"))
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn handlers_hold_no_query() {
    for (file, text) in files()
        .iter()
        .filter(|(file, _)| file.ends_with("routes.rs"))
    {
        for word in ["sea_orm", "::repo", "EntityTrait", "db.write", "db.reader"] {
            assert!(
                !text.contains(word),
                "src/{file} names {word}: a handler translates and calls the service"
            );
        }
    }
}

#[test]
fn every_file_opens_with_what_it_is() {
    for (file, text) in files() {
        assert!(
            text.starts_with("//! "),
            "src/{file} has to open with what it is and what it is not"
        );
    }
}

/// The functions of a file, each from its signature to the next one's.
fn functions(text: &str) -> Vec<&str> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut starts: Vec<usize> = code.match_indices("fn ").map(|(at, _)| at).collect();
    starts.retain(|at| {
        let line = code[..*at].rsplit('\n').next().unwrap_or_default();
        line.split_whitespace()
            .all(|word| word.starts_with("pub") || word == "async" || word == "const")
    });
    starts.push(code.len());
    starts
        .windows(2)
        .map(|pair| &code[pair[0]..pair[1]])
        .collect()
}

fn names_any(text: &str, words: &[&str]) -> bool {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .any(|line| words.iter().any(|word| line.contains(word)))
}

/// A BEGIN whose future is dropped leaves a connection inside a transaction (sqlx 0.9.0). In `db` they are in tasks that
/// nobody drops; nobody else begins.
#[test]
fn transactions_begin_in_one_place() {
    let mut beginners: Vec<String> = files()
        .into_iter()
        .filter(|(file, _)| !file.starts_with("domain/"))
        .filter(|(_, text)| names_any(text, &[".begin(", ".begin_with", ".transaction("]))
        .map(|(file, _)| file)
        .collect();
    beginners.sort();
    assert_eq!(
        beginners,
        [
            "db/mod.rs",
            "db/postgres.rs",
            "db/reader.rs",
            "db/schema.rs",
            "db/to_postgres.rs",
            "db/walled.rs",
            "db/writer.rs"
        ]
    );
}

const WRITES_FEED: [&str; 11] = [
    "feed::ActiveModel",
    "feed::Entity::insert",
    "feed::Entity::update",
    "feed::Entity::delete",
    "feed_entry::ActiveModel",
    "feed_entry::Entity::insert",
    "feed_entry::Entity::update",
    "feed_entry::Entity::delete",
    "INTO feed",
    "UPDATE feed",
    "FROM feed",
];

#[test]
fn one_place_moves_the_feeds() {
    let writers: Vec<String> = files()
        .into_iter()
        .filter(|(_, text)| names_any(text, &WRITES_FEED))
        .map(|(file, _)| file)
        .collect();
    assert_eq!(writers, ["db/feed.rs"]);
}

/// What changes a row that phones are told of: within its own feature, and as others call it.
const WRITES_SYNCED: [&str; 9] = [
    "visit::Entity::insert",
    "visit::Entity::update",
    "visits::repo::insert(",
    "visits::repo::change(",
    "repo::change(",
    "feedback::Entity::insert",
    "feedback::Entity::update",
    "feedback_row::Entity::insert",
    "feedback_row::Entity::update",
];

/// Functions that change such a row and are not the ones who tell of it.
const TOLD_BY_THEIR_CALLERS: [(&str, &str, &str); 4] = [
    (
        "visits/repo.rs",
        "insert",
        "a repo writes, its service tells",
    ),
    (
        "visits/repo.rs",
        "change",
        "a repo writes, its service tells",
    ),
    (
        "visits/repo.rs",
        "set_version_of_open",
        "an open visit is in nobody's feed",
    ),
    (
        "visits/service.rs",
        "insert",
        "makes the row for `create`, which tells",
    ),
];

/// Whoever changes a visit or a feedback publishes it, or hands the change to a caller who does.
#[test]
fn whoever_changes_what_phones_hold_tells_them() {
    let mut writers = 0;
    for (file, text) in files() {
        let file = file.as_str();
        let own: &[&str] = match file {
            "visits/service.rs" => &["repo::insert("],
            _ => &[],
        };
        for function in functions(&text) {
            if !names_any(function, &WRITES_SYNCED) && !names_any(function, own) {
                continue;
            }
            writers += 1;
            let name = function[3..].split(['(', '<']).next().unwrap_or_default();
            let tells = ["publish(", "FeedChange", "Settled"]
                .iter()
                .any(|word| function.contains(word));
            let excepted = TOLD_BY_THEIR_CALLERS
                .iter()
                .any(|(of, called, _)| (*of, *called) == (file, name));
            assert!(
                tells || excepted,
                "src/{file}: {name} changes what phones hold and publishes nothing"
            );
        }
    }
    assert!(writers >= 9, "only {writers} writers were found");
}
