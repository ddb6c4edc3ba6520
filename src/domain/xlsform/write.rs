//! A draft as the YAML of a checklist.
//!
//! Not here: whether the checklist holds together (`domain/checklist` says that of the text).

use std::fmt::Write as _;

use super::decimal::written;
use super::draft::{
    Choice, Condition, Dimension, Draft, Kind, Question, Required, Scalar, Section, Test, Texts,
};

/// The YAML, and how many keys and values it has.
pub(super) fn yaml(draft: &Draft) -> (String, usize) {
    let mut out = Writer::default();
    out.line(
        0,
        "# Made from an XLSForm by `plainclothes checklist import`.",
    );
    out.line(0, &format!("checklist: {}", word(&draft.slug)));
    out.line(0, &format!("version: {}", draft.version));
    let tags = |tags: &[String]| {
        let tags: Vec<String> = tags.iter().map(|tag| word(tag)).collect();
        tags.join(", ")
    };
    out.line(0, &format!("languages: [{}]", tags(&draft.languages)));
    if !draft.partial_languages.is_empty() {
        let partial = tags(&draft.partial_languages);
        out.line(0, &format!("partial_languages: [{partial}]"));
    }
    let title = out.texts(&draft.title);
    out.line(0, &format!("title: {title}"));
    out.line(0, &format!("industry: {}", word(&draft.industry)));
    out.text.push('\n');
    out.line(0, "scoring:");
    // A form has no such button.
    out.line(2, "not_applicable: not_allowed");
    out.text.push('\n');
    out.line(0, "sections:");
    for section in &draft.sections {
        out.section(section);
    }
    (out.text, out.nodes)
}

#[derive(Default)]
struct Writer {
    text: String,
    /// Keys and values, rounded up.
    nodes: usize,
}

impl Writer {
    fn line(&mut self, indent: usize, text: &str) {
        self.nodes += 2;
        let _ = writeln!(self.text, "{:indent$}{text}", "");
    }

    fn texts(&mut self, texts: &Texts) -> String {
        self.nodes += 2 * texts.len();
        let entries: Vec<String> = texts
            .iter()
            .map(|(tag, words)| format!("{}: {}", word(tag), quoted(words)))
            .collect();
        format!("{{{}}}", entries.join(", "))
    }

    fn section(&mut self, section: &Section) {
        self.line(2, &format!("- id: {}", word(&section.id)));
        let title = self.texts(&section.title);
        self.line(4, &format!("title: {title}"));
        self.line(4, &format!("weight: {}", section.weight));
        self.line(4, "questions:");
        for question in &section.questions {
            self.question(question);
        }
    }

    fn question(&mut self, question: &Question) {
        self.line(6, &format!("- id: {}", word(&question.id)));
        self.line(8, &format!("type: {}", question.kind.name()));
        let text = self.texts(&question.text);
        self.line(8, &format!("text: {text}"));
        if !question.help.is_empty() {
            let help = self.texts(&question.help);
            self.line(8, &format!("help: {help}"));
        }
        let dimension = match question.dimension {
            None => "none".to_owned(),
            Some(Dimension::Service) => "service".to_owned(),
            Some(Dimension::Experience) => "experience".to_owned(),
            Some(Dimension::Both {
                service,
                experience,
            }) => format!("{{service: {service}, experience: {experience}}}"),
        };
        if question.kind != Kind::Heading {
            self.line(8, &format!("dimension: {dimension}"));
        }
        if let Some(points) = question.points {
            self.line(8, &format!("points: {}", written(points)));
        }
        if question.expects_no {
            self.line(8, "expect: false");
        }
        match &question.required {
            _ if question.kind == Kind::Heading => {}
            Required::Always => self.line(8, "required: true"),
            Required::Never => self.line(8, "required: false"),
            Required::If(condition) => {
                let condition = self.condition(condition);
                self.line(8, &format!("required_if: {condition}"));
            }
        }
        if let Some(condition) = &question.show_if {
            let condition = self.condition(condition);
            self.line(8, &format!("show_if: {condition}"));
        }
        if let Some(decimals) = question.decimals {
            self.line(8, &format!("decimals: {decimals}"));
        }
        for (key, bound) in [("minimum", question.minimum), ("maximum", question.maximum)] {
            if let Some(bound) = bound {
                self.line(8, &format!("{key}: {}", written(bound)));
            }
        }
        if let Some(most) = question.characters_max {
            self.line(8, &format!("characters_max: {most}"));
        }
        if question.kind == Kind::Photo {
            self.line(8, "photo: {min: 1, max: 1}");
        }
        if !question.options.is_empty() {
            self.line(8, "options:");
        }
        for option in &question.options {
            self.option(option);
        }
    }

    fn option(&mut self, option: &Choice) {
        self.nodes += 6;
        let text = self.texts(&option.text);
        let points = option
            .points
            .map(|points| format!(", points: {}", written(points)))
            .unwrap_or_default();
        let exclusive = if option.exclusive {
            ", exclusive: true"
        } else {
            ""
        };
        let id = word(&option.id);
        self.line(
            10,
            &format!("- {{id: {id}{points}{exclusive}, text: {text}}}"),
        );
    }

    fn condition(&mut self, condition: &Condition) -> String {
        self.nodes += 5;
        let mut list = |parts: &[Condition]| {
            let parts: Vec<String> = parts.iter().map(|part| self.condition(part)).collect();
            parts.join(", ")
        };
        match condition {
            Condition::All(parts) => format!("{{all: [{}]}}", list(parts)),
            Condition::Any(parts) => format!("{{any: [{}]}}", list(parts)),
            Condition::Not(part) => format!("{{not: {}}}", self.condition(part)),
            Condition::Question { id, test } => {
                format!("{{question: {}, {}}}", word(id), written_test(test))
            }
        }
    }
}

fn written_test(test: &Test) -> String {
    match test {
        Test::Equals(Scalar::Bool(value)) => format!("equals: {value}"),
        Test::Equals(Scalar::Number(milli)) => format!("equals: {}", written(*milli)),
        Test::Equals(Scalar::Text(text)) => format!("equals: {}", word(text)),
        Test::Contains(option) => format!("contains: {}", word(option)),
        Test::AtLeast(milli) => format!("at_least: {}", written(*milli)),
        Test::AtMost(milli) => format!("at_most: {}", written(*milli)),
        Test::Answered(wanted) => format!("answered: {wanted}"),
    }
}

/// Bare where every reader of YAML takes it for text; in quotes otherwise.
fn word(text: &str) -> String {
    const TAKEN: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let bare = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
        && !TAKEN.contains(&text);
    if bare { text.to_owned() } else { quoted(text) }
}

/// Everything that is not plainly printable is escaped, so that no reader can take it for something else.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control()
                || matches!(
                    c,
                    '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
                ) =>
            {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_yaml_could_misread() {
        for (text, written) in [
            ("tea", "tea"),
            ("none-of_2", "none-of_2"),
            ("no", "\"no\""),
            ("1", "\"1\""),
            ("-a", "\"-a\""),
            ("", "\"\""),
            ("true", "\"true\""),
            ("nl-BE", "\"nl-BE\""),
        ] {
            assert_eq!(word(text), written);
        }
        assert_eq!(quoted("a\"b\\\n\u{85}ü"), "\"a\\\"b\\\\\\n\\u0085ü\"");
    }
}
