//! Bodies of requests that are damaged, deep, huge or coded.

use std::io::{Cursor, Read as _, Write as _};

use axum::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Hostile, hostile};
use crate::harness::{AuditOnPhone, Call};

const MIB: usize = 1024 * 1024;
const REFUSED: &[u16] = &[400];
const KEPT: &[u16] = &[202];
/// Text that one reader may take for JSON and another may not.
const REFUSED_OR_KEPT: &[u16] = &[400, 202];
const TOO_LARGE: &[u16] = &[413];

/// Instead of an audit.
pub fn of_audits(sound: &AuditOnPhone) -> Vec<Hostile> {
    let text = sound.document.to_string();
    let with = |from: &str, to: &str| {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        changed.into_bytes()
    };
    let bytes = text.clone().into_bytes();
    let joined = |first: &[u8], then: &[u8]| [first, then].concat();
    let answers = |count: usize| {
        let mut document = sound.document.clone();
        for at in 0..count {
            document["answers"][format!("q{at}")] = json!({"value": true});
        }
        document.to_string().into_bytes()
    };
    let photos = |count: usize| {
        let mut document = sound.document.clone();
        let list = (0..count).map(
            |at| json!({"sha256": format!("{at:064x}"), "size_bytes": 1, "type": "image/jpeg"}),
        );
        document["photos"] = Value::Array(list.collect());
        document.to_string().into_bytes()
    };
    let deep = |open: &str, close: &str, depth: usize| {
        [open.repeat(depth), "1".to_owned(), close.repeat(depth)]
            .concat()
            .into_bytes()
    };
    let list: Vec<(&str, Vec<u8>, &'static [u16])> = vec![
        ("nothing", Vec::new(), REFUSED),
        ("only spaces", vec![b' '; 1000], REFUSED),
        ("cut short", bytes[..bytes.len() / 2].to_vec(), REFUSED),
        ("something after it", joined(&bytes, b" {}"), REFUSED),
        (
            "a byte order mark",
            joined(b"\xEF\xBB\xBF", &bytes),
            REFUSED,
        ),
        (
            "UTF-16",
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            REFUSED,
        ),
        (
            "bytes that are no text",
            joined(&bytes[..30], b"\xFF\xFE\xC0\x80"),
            REFUSED,
        ),
        (
            "text that is no UTF-8 inside",
            {
                let at = text.find("\"en\"").unwrap() + 1;
                let mut bytes = bytes.clone();
                bytes[at] = 0xFF;
                bytes
            },
            REFUSED_OR_KEPT,
        ),
        ("NUL bytes", vec![0; 5000], REFUSED),
        (
            "a NUL in a string",
            with("\"en\"", "\"e\\u0000n\""),
            &[201, 202, 400],
        ),
        (
            "half a character",
            with("\"en\"", "\"\\ud800\""),
            REFUSED_OR_KEPT,
        ),
        ("null", b"null".to_vec(), KEPT),
        ("a list", b"[]".to_vec(), KEPT),
        ("a number", b"7".to_vec(), KEPT),
        ("an object without anything", b"{}".to_vec(), KEPT),
        (
            "lists within lists",
            deep("[", "]", 400_000),
            REFUSED_OR_KEPT,
        ),
        (
            "objects within objects",
            deep("{\"a\":", "}", 150_000),
            REFUSED_OR_KEPT,
        ),
        (
            "an answer that is deep",
            with("45000", &"[".repeat(200_000)),
            REFUSED_OR_KEPT,
        ),
        (
            "more than a float holds",
            with("45000", "1e999"),
            REFUSED_OR_KEPT,
        ),
        (
            "a number of many digits",
            with("45000", &"9".repeat(500_000)),
            REFUSED_OR_KEPT,
        ),
        (
            "a number with a long tail",
            with("45000", &format!("0.{}", "3".repeat(500_000))),
            REFUSED_OR_KEPT,
        ),
        ("NaN", with("45000", "NaN"), REFUSED),
        (
            "a duration of all time",
            with("600000", "9223372036854775807"),
            &[201, 202],
        ),
        (
            "a duration beyond all time",
            with("600000", "18446744073709551616"),
            REFUSED_OR_KEPT,
        ),
        (
            "a member twice",
            with("\"language\":", "\"language\":\"fr\",\"language\":"),
            &[201, 202, 400],
        ),
        (
            "an answer twice",
            with("\"clean\":", "\"clean\":{\"value\":0},\"clean\":"),
            &[200, 201, 202, 400],
        ),
        (
            "a prototype",
            with("\"clean\":", "\"__proto__\":{\"value\":1},\"clean\":"),
            KEPT,
        ),
        (
            "a long string",
            with("\"en\"", &format!("\"{}\"", "e".repeat(900_000))),
            &[201, 202],
        ),
        (
            "a long name",
            with(
                "\"clean\":",
                &format!("\"{}\":{{}},\"clean\":", "q".repeat(900_000)),
            ),
            KEPT,
        ),
        ("very many answers", answers(30_000), KEPT),
        ("very many photos", photos(7_000), &[202, 413]),
        (
            "a date of another age",
            with("2026-09-14T12:30:00+02:00", "+262143-01-01T00:00:00Z"),
            REFUSED_OR_KEPT,
        ),
        ("a byte too much", vec![b' '; MIB + 1], TOO_LARGE),
        ("far too much", vec![b'['; 8 * MIB], TOO_LARGE),
    ];
    let put = |bytes: Vec<u8>| {
        Call::new(Method::PUT, format!("/audits/{}", sound.id))
            .header("content-type", "application/json")
            .body(bytes)
    };
    let mut all: Vec<Hostile> = list
        .into_iter()
        .map(|(name, bytes, allowed)| hostile(name, put(bytes), allowed))
        .collect();
    for (name, coding) in [("gzip", "gzip"), ("a coding of nobody", "magic")] {
        let bomb = put(bomb(64 * MIB)).header("content-encoding", coding);
        all.push(hostile(&format!("a bomb in {name}"), bomb, &[413, 415]));
        let damaged = put(b"\x1f\x8bnothing".to_vec()).header("content-encoding", coding);
        all.push(hostile(&format!("damaged {name}"), damaged, &[400, 415]));
    }
    let twice = put(bomb(1000)).header("content-encoding", "gzip, gzip");
    all.push(hostile("coded twice", twice, &[400, 413, 415]));
    let digest = put(b"{}".to_vec()).header("content-digest", "sha-256=:AAAA:");
    all.push(hostile("a digest of something else", digest, REFUSED));
    all
}

/// To the other addresses that a phone calls.
pub fn of_a_phone() -> Vec<Hostile> {
    let post = |path: &str, body: &Value| Call::json(Method::POST, path, body);
    let raw = |path: &str, body: String| Call::new(Method::POST, path).body(body.into_bytes());
    let begin = |length: &str, metadata: &str| {
        Call::new(Method::POST, "/photos")
            .header("tus-resumable", "1.0.0")
            .header("upload-length", length)
            .header("upload-metadata", metadata)
    };
    let outbox = json!({"audits": i64::MAX, "photos": i64::MIN, "photo_bytes": -1, "oldest": "x".repeat(100_000)});
    let item = json!({"audit": Uuid::nil(), "sha256": "0".repeat(64), "photos": []});
    let items = json!({"items": vec![item; 501], "outbox": outbox});
    let command = json!({"id": Uuid::nil(), "kind": "visit.accept", "subject": Uuid::nil()});
    let name = "sha256 MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMA==";
    vec![
        hostile(
            "figures of an outbox that cannot be",
            post("/sync/offer", &json!({"items": [], "outbox": outbox})),
            &[200, 400],
        ),
        hostile("too many offers", post("/sync/offer", &items), TOO_LARGE),
        hostile(
            "a deep offer",
            raw("/sync/offer", "[".repeat(900_000)),
            REFUSED,
        ),
        hostile(
            "an offer beyond the cap",
            raw("/sync/offer", " ".repeat(2 * MIB)),
            TOO_LARGE,
        ),
        hostile(
            "too many commands",
            post("/sync/commands", &json!({"commands": vec![command; 201]})),
            TOO_LARGE,
        ),
        hostile(
            "commands of nothing",
            raw("/sync/commands", "\u{feff}{}".to_owned()),
            REFUSED,
        ),
        hostile(
            "a cursor of another world",
            Call::new(
                Method::GET,
                format!("/sync/changes?cursor={}", "A".repeat(5000)),
            ),
            &[200],
        ),
        hostile(
            "a password without end",
            post(
                "/sessions",
                &json!({"email": "a@b.c", "password": "p".repeat(900_000)}),
            ),
            &[400, 401],
        ),
        hostile("no bytes", begin("0", name), &[201, 400, 422]),
        hostile("less than no bytes", begin("-1", name), REFUSED),
        hostile(
            "all bytes there are",
            begin("18446744073709551615", name),
            TOO_LARGE,
        ),
        hostile(
            "metadata of nothing",
            begin("10", "sha256 ////, ,,,"),
            REFUSED,
        ),
    ]
}

/// Checklists that are no checklists.
pub fn of_an_admin() -> Vec<Hostile> {
    let check = |text: String| {
        Call::new(Method::POST, "/checklists/check")
            .header("content-type", "application/yaml")
            .body(text.into_bytes())
    };
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 1..12 {
        let one = format!("*a{}", at - 1);
        laughs.push_str(&format!("a{at}: &a{at} [{}]\n", vec![one; 9].join(", ")));
    }
    let told: &[u16] = &[200, 400, 413];
    vec![
        hostile("a billion laughs", check(laughs), told),
        hostile("a deep checklist", check("[".repeat(200_000)), told),
        hostile(
            "a deep checklist by lines",
            check(
                (0..400)
                    .map(|at| format!("{}a:\n", " ".repeat(at)))
                    .collect(),
            ),
            told,
        ),
        hostile(
            "a long line",
            check(format!("checklist: {}", "x".repeat(900_000))),
            told,
        ),
        hostile(
            "NULs in a checklist",
            check("\0\0checklist: a\0".to_owned()),
            told,
        ),
        hostile(
            "a number without end",
            check(format!("version: {}", "9".repeat(100_000))),
            told,
        ),
    ]
}

/// `size_bytes` zeros, in gzip: a thousandth of that.
fn bomb(size_bytes: usize) -> Vec<u8> {
    let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    gzip.extend(deflated(size_bytes));
    // Nobody gets as far as the sum and the length.
    gzip.extend([0; 8]);
    gzip
}

/// The raw DEFLATE of so many zeros.
pub fn deflated(size_bytes: usize) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("zeros", options).unwrap();
    let block = vec![0; MIB];
    let mut left = size_bytes;
    while left > 0 {
        let now = left.min(MIB);
        archive.write_all(&block[..now]).unwrap();
        left -= now;
    }
    let bytes = archive.finish().unwrap().into_inner();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut raw = Vec::new();
    let mut file = archive.by_index_raw(0).unwrap();
    file.read_to_end(&mut raw).unwrap();
    raw
}
