//! How long the rules take: from the bytes of an audit to its score, and from the text of a checklist to its schema.
//!
//! Not here: what a server makes of them, with a database and a network between (`benches/run`).

use std::hint::black_box;

use criterion::{
    BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};
use plainclothes_bench_pure::domain::audit::{AuditDocument, check};
use plainclothes_bench_pure::domain::checklist::Checklist;
use plainclothes_bench_pure::domain::checklist::schema::audit_schema;
use plainclothes_bench_pure::domain::ranking::{LocationSums, rank};
use plainclothes_bench_pure::domain::scoring::{Score, score};
use plainclothes_bench_pure::samples::{Sample, largest, usual};

fn validator(checklist: &Checklist) -> jsonschema::Validator {
    jsonschema::draft202012::new(&audit_schema(checklist)).expect("it refers to nothing but itself")
}

/// All that a server does with an audit's bytes before it keeps them.
fn take_in(sample: &Sample, validator: &jsonschema::Validator) -> Score {
    let value: serde_json::Value = serde_json::from_slice(&sample.audit).expect("JSON");
    let document: AuditDocument = serde_json::from_slice(&sample.audit).expect("an audit");
    let errors: Vec<String> = validator
        .iter_errors(&value)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let problems = check(&sample.checklist, &document);
    assert!(problems.is_empty(), "{problems:#?}");
    score(&sample.checklist, &document.answers)
}

fn audits(group: &mut BenchmarkGroup<'_, WallTime>, sample: &Sample) {
    let validator = validator(&sample.checklist);
    let value: serde_json::Value = serde_json::from_slice(&sample.audit).expect("JSON");
    let document: AuditDocument = serde_json::from_slice(&sample.audit).expect("an audit");
    group.bench_function("parse, validate, check and score an audit", |bencher| {
        bencher.iter(|| take_in(black_box(sample), &validator));
    });
    group.bench_function("validate alone", |bencher| {
        bencher.iter(|| validator.iter_errors(black_box(&value)).count());
    });
    group.bench_function("check alone", |bencher| {
        bencher.iter(|| check(&sample.checklist, black_box(&document)));
    });
    group.bench_function("score alone", |bencher| {
        bencher.iter(|| score(&sample.checklist, black_box(&document.answers)));
    });
}

fn checklists(group: &mut BenchmarkGroup<'_, WallTime>, sample: &Sample) {
    let canonical = sample.checklist.canonical_bytes();
    group.bench_function("read and check the YAML", |bencher| {
        bencher.iter(|| Checklist::parse_yaml(black_box(&sample.yaml)));
    });
    group.bench_function("read the canonical bytes", |bencher| {
        bencher.iter(|| Checklist::from_canonical(black_box(&canonical)));
    });
    group.bench_function("compile the schema", |bencher| {
        bencher.iter(|| validator(black_box(&sample.checklist)));
    });
}

fn rules(criterion: &mut Criterion) {
    for sample in [usual(), largest()] {
        let questions = sample.checklist.questions().count();
        let mut group = criterion.benchmark_group(format!("{questions} questions"));
        audits(&mut group, &sample);
        checklists(&mut group, &sample);
        group.finish();
    }
}

/// A chain of 300 locations in six regions with three visits each, which differ by less than chance makes them.
fn ranking(criterion: &mut Criterion) {
    let location = |location: u32| {
        let visits =
            [0_i64, 90_000, 40_000].map(|more| 700_000 + i64::from(location % 37) * 4_000 + more);
        LocationSums {
            location,
            group: location % 6,
            n: 3,
            sum_micros: visits.iter().sum(),
            sum_sq: visits.iter().map(|micros| i128::from(*micros).pow(2)).sum(),
        }
    };
    let now: Vec<_> = (0..300).map(location).collect();
    criterion.bench_function("rank 300 locations with 10 000 draws", |bencher| {
        bencher.iter(|| rank(black_box(&now), &[], 3));
    });
}

criterion_group! {
    name = pure;
    config = Criterion::default().without_plots();
    targets = rules, ranking
}
criterion_main!(pure);
