//! What stands in `deploy/` against what the program has: every setting is explained with its true default, every picture and
//! alert asks for a figure that exists, and every file can be read by whoever it is for.
//!
//! Not here: whether Caddy, Kubernetes, systemd and Prometheus accept their files; `tests/tools/check-deploy` asks them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use plainclothes::config::{Config, Limits, S3Config};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Groups of settings that are a table of their own.
const GROUPS: [&str; 2] = ["s3", "limits"];

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The fields that `T` knows, which it names itself when it is given one that it does not know.
fn fields<T: DeserializeOwned>() -> BTreeSet<String> {
    let refused = serde_json::from_value::<T>(json!({"no such setting": 1})).err();
    let refused = refused.expect("unknown settings are refused").to_string();
    let known = refused.split("expected").nth(1).unwrap();
    known
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// Every setting as the environment names it, with its default; no default is an empty text.
fn settings() -> BTreeMap<String, String> {
    let required = json!({"region": "", "bucket": "", "access_key": null, "secret_key": null});
    let s3: S3Config = serde_json::from_value(required).unwrap();
    let mut defaults = serde_json::to_value(Config::default()).unwrap();
    defaults["s3"] = serde_json::to_value(s3).unwrap();
    let mut all = BTreeMap::new();
    let mut note = |group: Option<&str>, field: &str, value: &Value| {
        let name = group.into_iter().chain([field]).collect::<Vec<_>>();
        let name = format!("PLAINCLOTHES_{}", name.join("_").to_uppercase());
        let value = match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        all.insert(name, value);
    };
    for field in fields::<Config>() {
        if !GROUPS.contains(&field.as_str()) {
            note(None, &field, &defaults[&field]);
        }
    }
    for (group, fields) in [("s3", fields::<S3Config>()), ("limits", fields::<Limits>())] {
        for field in fields {
            note(Some(group), &field, &defaults[group][&field]);
        }
    }
    all
}

#[test]
fn the_example_of_settings_has_each_one_with_its_default() {
    let mut written = BTreeMap::new();
    for line in read("deploy/plainclothes.env.example").lines() {
        assert!(
            line.is_empty() || line.starts_with('#'),
            "copied as it is, the example changes nothing: {line}"
        );
        if let Some((name, value)) = line.strip_prefix('#').and_then(|line| line.split_once('='))
            && name.starts_with("PLAINCLOTHES_")
        {
            let before = written.insert(name.to_owned(), value.to_owned());
            assert!(before.is_none(), "{name} stands there twice");
        }
    }
    let known = settings();
    for (name, default) in &known {
        match written.get(name) {
            None => panic!("deploy/plainclothes.env.example lacks {name}={default}"),
            Some(value) => assert_eq!(value, default, "the default of {name}"),
        }
    }
    for name in written.keys() {
        assert!(known.contains_key(name), "there is no setting {name}");
    }
}

/// All files below `folder` with one of these endings.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, endings));
        } else if endings
            .iter()
            .any(|ending| path.to_string_lossy().ends_with(ending))
        {
            found.push(path);
        }
    }
    found
}

fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy")
}

#[test]
fn what_is_set_for_containers_are_settings() {
    let known = settings();
    // Not the program's own: what make-env writes for compose.yaml and for the database's first start.
    let others = [
        "PLAINCLOTHES_CONFIG",
        "PLAINCLOTHES_SITE",
        "PLAINCLOTHES_NODES",
        "PLAINCLOTHES_IMAGE",
        "PLAINCLOTHES_BACKUP_IMAGE",
        "PLAINCLOTHES_OWNER_PASSWORD",
        "PLAINCLOTHES_APP_PASSWORD",
        "PLAINCLOTHES_BACKUP_PASSWORD",
    ];
    let endings = [
        ".yaml",
        ".env.example",
        "Dockerfile",
        ".service",
        "Caddyfile",
    ];
    let mut seen = 0;
    for file in files(&deploy(), &endings) {
        let text = fs::read_to_string(&file).unwrap();
        for (at, _) in text.match_indices("PLAINCLOTHES_") {
            let name: String = text[at..]
                .chars()
                .take_while(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || *c == '_')
                .collect();
            let is_known = known.contains_key(&name) || others.contains(&name.as_str());
            assert!(is_known, "{}: there is no {name}", file.display());
            seen += 1;
        }
    }
    assert!(seen > 50, "only {seen} settings were found");
}

#[test]
fn every_file_can_be_read() {
    let yaml = files(&deploy(), &[".yaml", ".yml"]);
    assert!(yaml.len() > 10, "{} files", yaml.len());
    for file in yaml {
        let text = fs::read_to_string(&file).unwrap();
        let read = serde_saphyr::from_multiple::<Value>(&text);
        let documents = read.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(!documents.is_empty(), "{} says nothing", file.display());
    }
    for file in files(&deploy(), &[".json"]) {
        let text = fs::read_to_string(&file).unwrap();
        let read = serde_json::from_str::<Value>(&text);
        read.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}

/// What backup scripts tell Prometheus themselves.
const OF_THE_SCRIPTS: &str = "backup_finished_timestamp_seconds";

/// Names of figures in `text`, without what all begin with, and what the formats add.
fn figures(text: &str) -> BTreeSet<String> {
    const PREFIX: &str = "plainclothes_";
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices(PREFIX) {
        let name: String = text[at + PREFIX.len()..]
            .chars()
            .take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_')
            .collect();
        let plain = ["_bucket", "_sum", "_count", "_total", "_info"]
            .iter()
            .find_map(|end| name.strip_suffix(end));
        found.insert(plain.unwrap_or(&name).to_owned());
    }
    found
}

#[test]
fn pictures_and_alerts_ask_for_figures_that_exist() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let source: String = files(&source, &[".rs"])
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    // Figures are entered in a register by their names without the prefix.
    let is_made = |name: &str| source.contains(&format!("\"{name}\""));
    let dashboard = figures(&read("deploy/grafana/plainclothes.json"));
    assert!(dashboard.len() > 20, "{} figures", dashboard.len());
    let alerts = figures(&read("deploy/prometheus/alerts.yaml"));
    for name in dashboard.union(&alerts) {
        assert!(
            is_made(name) || name == OF_THE_SCRIPTS,
            "nothing in src/ makes plainclothes_{name}"
        );
    }
}
