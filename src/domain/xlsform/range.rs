//! The `parameters` column: the ends of a range, and what else forms put there.
//!
//! Not here: the question itself (`question.rs`).

use super::decimal::{self, Decimal, Milli};
use super::finding::{Findings, quoted};
use super::table::Entry;

/// In thousandths, ends included.
#[derive(Debug)]
pub(super) struct Range {
    pub minimum: Milli,
    pub maximum: Milli,
    pub decimals: u32,
}

/// `start=0 end=10 step=1`, which are also the defaults.
pub(super) fn read(entry: &Entry<'_>, findings: &mut Findings) -> Range {
    let given = parameters(entry.text("parameters"));
    let mut number = |name: &str, default: &'static str| {
        let text = given.iter().find(|(key, _)| key == name);
        let text = text.map_or(default, |(_, value)| value.as_str());
        let read = decimal::read(text).filter(|decimal| decimal.exact);
        if read.is_none()
            && let Some(field) = entry.get("parameters")
        {
            let what = format!("{name} {}", quoted(text));
            let why = format!("it is no number that can be kept; {default} is taken");
            findings.changed(field.place(), what, &why, "");
        }
        read.or_else(|| decimal::read(default))
            .map_or(0, |decimal: Decimal| decimal.floor)
    };
    let (start, end, step) = (
        number("start", "0"),
        number("end", "10"),
        number("step", "1"),
    );
    let decimals = [start, end, step]
        .map(decimals)
        .into_iter()
        .max()
        .unwrap_or(0);
    let smallest = 1000 / 10_i64.pow(decimals);
    if step != smallest
        && let Some(field) = entry.get("parameters")
    {
        let what = format!("step {}", decimal::written(step));
        let why = "numbers between the steps can be given too";
        findings.changed(field.place(), what, why, "");
    }
    Range {
        minimum: start.min(end),
        maximum: start.max(end),
        decimals,
    }
}

/// What parameters of other types ask for.
pub(super) fn tell_parameters(entry: &Entry<'_>, findings: &mut Findings) {
    let Some(field) = entry.get("parameters") else {
        return;
    };
    for (key, value) in parameters(field.text) {
        let what = format!("{key}={value}");
        match key.as_str() {
            "max-pixels" | "quality" => {
                findings.note(
                    field.place(),
                    what,
                    "the phone decides how large photos are",
                    "",
                );
            }
            "randomize" | "seed" => {
                let why = "options stand in the order of the list";
                findings.lost(field.place(), what, why, "");
            }
            _ => findings.lost(field.place(), what, "it is not known", ""),
        }
    }
}

fn parameters(text: &str) -> Vec<(String, String)> {
    // Spaces around `=` are allowed.
    let text = text.replace([',', ';'], " ");
    let mut tight = String::new();
    for word in text.split_whitespace() {
        let joins = tight.is_empty() || tight.ends_with('=') || word.starts_with('=');
        if !joins {
            tight.push(' ');
        }
        tight.push_str(word);
    }
    tight
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(|word| match word.split_once('=') {
            Some((key, value)) => (key.to_lowercase(), value.to_owned()),
            None => (word.to_lowercase(), String::new()),
        })
        .collect()
}

fn decimals(milli: Milli) -> u32 {
    match milli {
        _ if milli % 1000 == 0 => 0,
        _ if milli % 100 == 0 => 1,
        _ if milli % 10 == 0 => 2,
        _ => 3,
    }
}
