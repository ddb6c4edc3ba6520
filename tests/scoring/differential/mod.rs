//! The server's rules and the phone's, on the same random checklists and answers: they have to say the same.
//!
//! Compared are
//! * the whole score, trace and recovery included, as JSON;
//! * which questions are shown;
//! * whether the audit may be handed in. The phone says no when it finds something lacking (`web/src/domain/check.ts`), or
//!   more photos than an audit may have; the server says no when the audit that the phone makes of the answers does not
//!   hold to the version's JSON Schema, cannot be read, or fails `audit::check`. For answers that a phone's controls can
//!   make ([`AnswerSet::enterable`](crate::arbitrary::AnswerSet)) the two say the same. For any others the phone lets
//!   through whatever the server would take, but not the reverse: what no control makes, no control has to hold back.
//!
//! Not here: the cases whose figures were worked out by hand (`tests/golden.rs`).

mod phone;

use std::cell::{Cell, RefCell};

use plainclothes::domain::audit::{AuditDocument, check};
use plainclothes::domain::checklist::conditions::shown;
use plainclothes::domain::checklist::schema::audit_schema;
use plainclothes::domain::scoring::score;
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestError, TestRunner};
use serde::Deserialize as _;
use serde_json::{Value as Json, json};

use crate::arbitrary::{Audits, audits};
use phone::Phone;

/// Checklists, each with up to six sets of answers. `PLAINCLOTHES_TEST_CASES` asks for another number.
const CASES: u32 = 4_500;
/// Pairs of a checklist and a set of answers that these come to at least.
const PAIRS_MIN: usize = 20_000;
/// Seeds of what was once found; they are tried first. Commit the line with what mends it.
const REGRESSIONS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/scoring/differential/regressions.txt"
);

#[test]
fn server_and_phone_say_the_same() {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long to look is the runner's choice"
    )]
    let asked = std::env::var("PLAINCLOTHES_TEST_CASES").ok();
    let cases = asked.map_or(CASES, |cases| cases.parse().expect("a number of cases"));
    let phone = RefCell::new(Phone::start());
    let pairs = Cell::new(0);
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(REGRESSIONS))),
        ..Config::default()
    });
    let result = runner.run(&audits(), |audits| {
        pairs.set(pairs.get() + audits.sets.len());
        compare(&audits, &mut phone.borrow_mut()).map_err(TestCaseError::fail)
    });
    match result {
        Ok(()) => assert!(
            pairs.get() >= PAIRS_MIN || cases < CASES,
            "only {} pairs",
            pairs.get()
        ),
        Err(TestError::Fail(_, found)) => {
            let mut smallest = found;
            let differs = |audits: &Audits| compare(audits, &mut phone.borrow_mut()).is_err();
            while let Some(smaller) = smallest.smaller().find(&differs) {
                smallest = smaller;
            }
            let reason = compare(&smallest, &mut phone.borrow_mut()).unwrap_err();
            panic!(
                "{reason}\n\nThe smallest example found:\n{smallest:?}\nIts seed is the last line of {REGRESSIONS}: the next \
                 `cargo test --workspace --test scoring` tries it first."
            )
        }
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

fn compare(audits: &Audits, phone: &mut Phone) -> Result<(), String> {
    let checklist = &audits.checklist;
    let answers: Vec<&Json> = audits.sets.iter().map(|set| &set.answers).collect();
    let schema = audit_schema(checklist);
    let validator = jsonschema::draft202012::new(&schema).map_err(|error| error.to_string())?;
    let said = phone.ask(&json!({
        "document": checklist,
        "sha256": schema["properties"]["checklist"]["const"],
        "sets": answers,
    }))?;
    for (set, said) in audits.sets.iter().zip(said) {
        let answers = set.read();
        let shown = shown(checklist, &answers);
        let shown: Vec<&str> = checklist
            .questions()
            .map(|question| question.id.as_str())
            .filter(|id| shown.contains(id))
            .collect();
        let ours = json!({"score": score(checklist, &answers), "shown": shown});
        let theirs = json!({"score": said["score"], "shown": said["shown"]});
        let mut differences = Vec::new();
        differ("", &ours, &theirs, &mut differences);
        if !differences.is_empty() {
            return Err(format!(
                "server and phone differ:\n{}\nanswers: {}",
                differences.join("\n"),
                set.answers
            ));
        }
        let refused = refused(&validator, checklist, &said["audit"]);
        let held_back = said["lacking"] != json!([]);
        if held_back && refused.is_none() || set.enterable && !held_back && refused.is_some() {
            return Err(format!(
                "the phone finds lacking {}, the server refuses {refused:?}\nanswers: {}\naudit: {}",
                said["lacking"], set.answers, said["audit"]
            ));
        }
    }
    Ok(())
}

/// Why the server does not take the audit, if it does not.
fn refused(
    validator: &jsonschema::Validator,
    checklist: &plainclothes::domain::checklist::Checklist,
    audit: &Json,
) -> Option<String> {
    if let Some(error) = validator.iter_errors(audit).next() {
        return Some(format!("{}: {error}", error.instance_path()));
    }
    let audit = match AuditDocument::deserialize(audit) {
        Ok(audit) => audit,
        Err(error) => return Some(error.to_string()),
    };
    let problem = check(checklist, &audit).into_iter().next()?;
    Some(format!("{}: {}", problem.pointer, problem.message))
}

/// Where two values are not the same, with both.
fn differ(pointer: &str, ours: &Json, theirs: &Json, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Json::Object(one), Json::Object(other)) => {
            for (name, ours) in one {
                let theirs = other.get(name).unwrap_or(&Json::Null);
                differ(&format!("{pointer}/{name}"), ours, theirs, found);
            }
            for name in other.keys().filter(|name| !one.contains_key(*name)) {
                found.push(format!("{pointer}/{name}: only the phone has it"));
            }
        }
        (Json::Array(one), Json::Array(other)) if one.len() == other.len() => {
            for (index, (ours, theirs)) in one.iter().zip(other).enumerate() {
                differ(&format!("{pointer}/{index}"), ours, theirs, found);
            }
        }
        _ if ours == theirs => {}
        _ => found.push(format!("{pointer}: server {ours}, phone {theirs}")),
    }
}
