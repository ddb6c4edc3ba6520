//! What the phone makes of answers that a server in good health does not give: from captive portals, of servers of another age, and
//! on lines that damage what they carry. The server here is a script.
//!
//! Not here: the real server (`state_machine`).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use plainclothes_phone::{End, FinishedAudit, Phone, PhotoStanding, Standing, sha256};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

const EPOCH: &str = "epoch-one";

/// A request as the script sees it.
struct Seen {
    /// Such as `PUT /audits/0199…`.
    what: String,
    head: String,
    body: Vec<u8>,
}

struct Said {
    status: u16,
    headers: String,
    body: String,
}

fn said(status: u16, body: impl ToString) -> Said {
    Said {
        status,
        headers: "Server-Time: 2026-11-22T12:00:00.000Z\r\n".to_owned(),
        body: body.to_string(),
    }
}

fn problem(status: u16, code: &str, retry: &str) -> Said {
    said(
        status,
        json!({"code": code, "detail": "as the script says", "retry": retry}),
    )
}

fn at_offset(status: u16, offset: usize) -> Said {
    let mut said = said(status, "");
    said.headers += &format!("Upload-Offset: {offset}\r\n");
    said
}

/// Answers as a server in good health would.
#[derive(Default)]
struct Usual {
    /// Receipts by audit.
    audits: Mutex<HashMap<String, String>>,
    /// Each came in one chunk.
    photos: Mutex<HashSet<String>>,
}

impl Usual {
    fn answer(&self, seen: &Seen) -> Said {
        let (method, path) = seen.what.split_once(' ').unwrap();
        match (method, path.split('?').next().unwrap()) {
            ("GET", "/sync/hello") => said(
                200,
                json!({"service": "plainclothes", "epoch": EPOCH, "encodings": []}),
            ),
            ("GET", "/sync/changes") => said(
                200,
                json!({"epoch": EPOCH, "reset": false, "cursor": "c", "more": false, "changes": [],
                    "check": {"count": 0, "sum": "0000000000000000"}}),
            ),
            ("POST", "/sync/offer") => self.offer(&serde_json::from_slice(&seen.body).unwrap()),
            ("PUT", path) => {
                let receipt = receipt(path, &sha256(&seen.body));
                let audit = path.trim_start_matches("/audits/").to_owned();
                self.audits.lock().unwrap().insert(audit, receipt.clone());
                said(201, receipt)
            }
            ("POST", "/photos") => at_offset(201, 0),
            ("PATCH", path) => {
                let name = path.trim_start_matches("/photos/").to_owned();
                self.photos.lock().unwrap().insert(name);
                at_offset(204, seen.body.len())
            }
            _ => problem(404, "not_found", "park"),
        }
    }

    fn offer(&self, offer: &Value) -> Said {
        let (audits, photos) = (self.audits.lock().unwrap(), self.photos.lock().unwrap());
        let items = offer["items"].as_array().unwrap().iter();
        let items = items.map(|item| {
            let receipt = audits.get(item["audit"].as_str().unwrap());
            let receipt: Option<Value> = receipt.map(|text| serde_json::from_str(text).unwrap());
            let state = if receipt.is_some() { "stored" } else { "unknown" };
            let mut needed = item["photos"].as_array().unwrap().clone();
            needed.retain(|name| !photos.contains(name.as_str().unwrap()));
            json!({"audit": item["audit"], "state": state, "receipt": receipt, "photos_needed": needed})
        });
        said(
            200,
            json!({"epoch": EPOCH, "items": items.collect::<Vec<_>>()}),
        )
    }
}

fn receipt(path: &str, sha256: &str) -> String {
    let audit = path.trim_start_matches("/audits/");
    json!({"audit": audit, "sha256": sha256, "epoch": EPOCH, "number": 1, "received_at": "t",
        "state": "stored", "photos_missing": [photo_name()]})
    .to_string()
}

fn photo_name() -> String {
    sha256(PHOTO)
}

const PHOTO: &[u8] = b"\xff\xd8 a photo";

/// A phone with an audit in its outbox, a server that follows a script, and what it has seen.
struct Scene {
    phone: Phone,
    seen: Arc<Mutex<Vec<String>>>,
    _folder: TempDir,
}

impl Scene {
    /// `script` answers, or leaves it to [`Usual`].
    async fn set(script: impl Fn(&Seen) -> Option<Said> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (script, all) = (Arc::new(script), Arc::clone(&seen));
        let usual = Arc::new(Usual::default());
        tokio::spawn(async move {
            loop {
                let (line, _) = listener.accept().await.unwrap();
                let (script, all) = (Arc::clone(&script), Arc::clone(&all));
                let usual = Arc::clone(&usual);
                tokio::spawn(answer(line, move |seen| {
                    all.lock().unwrap().push(seen.what.clone());
                    script(seen).unwrap_or_else(|| usual.answer(seen))
                }));
            }
        });
        let folder = tempfile::tempdir().unwrap();
        let mut phone = Phone::open(folder.path(), &url).unwrap();
        phone.use_session(Uuid::nil(), "token".to_owned()).unwrap();
        let document = json!({"audit": Uuid::new_v4(), "text": "long ".repeat(200)});
        let audit = FinishedAudit::new(&document, vec![PHOTO.to_vec()]).unwrap();
        phone.finish(audit).unwrap();
        Self {
            phone,
            seen,
            _folder: folder,
        }
    }

    fn times(&self, what: &str) -> usize {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|one| one.starts_with(what)).count()
    }
}

/// One request a connection.
async fn answer(mut line: TcpStream, script: impl Fn(&Seen) -> Said) -> Option<()> {
    let mut bytes = Vec::new();
    let (head, body_at) = loop {
        line.read_buf(&mut bytes)
            .await
            .ok()
            .filter(|count| *count > 0)?;
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break (String::from_utf8_lossy(&bytes[..at]).into_owned(), at + 4);
        }
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    while bytes.len() < body_at + length {
        line.read_buf(&mut bytes)
            .await
            .ok()
            .filter(|count| *count > 0)?;
    }
    let mut words = head.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    let what = format!("{method} {}", path.trim_start_matches("/api/v1"));
    let body = bytes[body_at..].to_vec();
    let said = script(&Seen {
        what,
        head: head.clone(),
        body,
    });
    let Said {
        status,
        headers,
        body,
    } = said;
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    );
    line.write_all(text.as_bytes()).await.ok()
}

#[tokio::test]
async fn a_page_of_a_captive_portal_is_no_answer() {
    let mut scene = Scene::set(|_| {
        Some(Said {
            status: 200,
            headers: "Content-Type: text/html\r\n".to_owned(),
            body: "<h1>Welcome to our café</h1>".to_owned(),
        })
    })
    .await;
    assert_eq!(scene.phone.round().await.end, End::Offline);
    assert_eq!(scene.phone.outbox()[0].state, Standing::Waiting);
    assert_eq!(scene.times("PUT"), 0);
}

#[tokio::test]
async fn another_service_is_nobody() {
    let hello = json!({"service": "other"});
    let mut scene =
        Scene::set(move |seen| (seen.what == "GET /sync/hello").then(|| said(200, &hello))).await;
    assert_eq!(scene.phone.round().await.end, End::Offline);
    assert_eq!(scene.times("PUT"), 0);
}

#[tokio::test]
async fn a_client_too_old_to_pull_hands_in_all_the_same() {
    let mut scene = Scene::set(|seen| {
        let is_pull = seen.what.starts_with("GET /sync/changes?protocol=1");
        is_pull.then(|| problem(426, "update_required", "after_update"))
    })
    .await;
    let round = scene.phone.round().await;
    assert_eq!(
        (round.end, round.aside, round.update_required),
        (End::Done, 1, true)
    );
    assert_eq!(scene.phone.outbox()[0].photos[0].state, PhotoStanding::Sent);
}

#[tokio::test]
async fn a_receipt_for_something_else_acknowledges_nothing() {
    let mut scene = Scene::set(|seen| {
        let path = seen.what.strip_prefix("PUT ")?;
        Some(said(201, receipt(path, &sha256(b"something else"))))
    })
    .await;
    let round = scene.phone.round().await;
    assert_eq!((round.end, round.aside), (End::Done, 1));
    assert_eq!(scene.phone.outbox()[0].state, Standing::Waiting);
    assert_eq!(scene.phone.outbox()[0].receipt, None);
}

fn base64(bytes: &[u8]) -> String {
    format!("ed25519:{}", STANDARD.encode(bytes))
}

/// A server that signs with a key of its own, and says of its keys what `hello` makes of it, which is told how often it was
/// asked before.
async fn signing(hello: impl Fn(usize, &str) -> Option<Said> + Send + Sync + 'static) -> Scene {
    let key = SigningKey::from_bytes(&[7; 32]);
    let (asked, usual) = (Mutex::new(0), Usual::default());
    Scene::set(move |seen| {
        if seen.what == "GET /sync/hello" {
            let mut asked = asked.lock().unwrap();
            *asked += 1;
            return hello(*asked - 1, &base64(key.verifying_key().as_bytes()));
        }
        let Some(path) = seen.what.strip_prefix("PUT ") else {
            return Some(usual.answer(seen));
        };
        let mut receipt: Value = serde_json::from_str(&receipt(path, &sha256(&seen.body))).unwrap();
        receipt["signature"] = json!(base64(&key.sign(receipt.to_string().as_bytes()).to_bytes()));
        let audit = path.trim_start_matches("/audits/").to_owned();
        let mut audits = usual.audits.lock().unwrap();
        audits.insert(audit, receipt.to_string());
        Some(said(201, receipt))
    })
    .await
}

fn telling(keys: &[&str]) -> Option<Said> {
    let hello = json!({"service": "plainclothes", "epoch": EPOCH, "encodings": [],
        "receipt_key": keys[0], "receipt_keys": keys});
    Some(said(200, hello))
}

fn another_key() -> String {
    base64(SigningKey::from_bytes(&[9; 32]).verifying_key().as_bytes())
}

#[tokio::test]
async fn any_key_that_the_server_tells_will_do() {
    let mut scene = signing(|_, key| telling(&[&another_key(), key])).await;
    let round = scene.phone.round().await;
    assert_eq!((round.end, round.aside), (End::Done, 0));
    assert!(scene.phone.outbox()[0].receipt.is_some());
    assert_eq!((scene.times("GET /sync/hello"), scene.times("PUT")), (1, 1));
}

#[tokio::test]
async fn of_a_key_that_is_younger_than_the_hello_the_server_is_asked_once_more() {
    let mut scene = signing(|before, key| match before {
        0 => telling(&[&another_key()]),
        _ => telling(&[key, &another_key()]),
    })
    .await;
    let round = scene.phone.round().await;
    assert_eq!((round.end, round.aside), (End::Done, 0));
    assert!(scene.phone.outbox()[0].receipt.is_some());
    assert_eq!((scene.times("GET /sync/hello"), scene.times("PUT")), (2, 2));
}

#[tokio::test]
async fn a_receipt_that_no_key_has_signed_acknowledges_nothing() {
    let mut scene = signing(|_, _| telling(&[&another_key()])).await;
    let round = scene.phone.round().await;
    assert_eq!((round.end, round.aside), (End::Done, 1));
    assert_eq!((scene.times("GET /sync/hello"), scene.times("PUT")), (2, 2));
    assert_eq!(scene.phone.outbox()[0].state, Standing::Waiting);
    assert_eq!(scene.phone.outbox()[0].receipt, None);
}

/// Whoever signs for the server and does not tell a key for it gains nothing by being asked again.
#[tokio::test]
async fn whoever_is_asked_once_more_has_to_be_the_server() {
    let page = || Said {
        status: 200,
        headers: "Content-Type: text/html\r\n".to_owned(),
        body: "<h1>Welcome to our café</h1>".to_owned(),
    };
    let without_keys = || said(200, json!({"service": "plainclothes", "epoch": EPOCH}));
    let not_found = || problem(404, "not_found", "park");
    for answer in [page, without_keys, not_found] {
        let mut scene = signing(move |before, _| match before {
            0 => telling(&[&another_key()]),
            _ => Some(answer()),
        })
        .await;
        for _ in 0..2 {
            assert_eq!(scene.phone.round().await.end, End::Offline);
            assert_eq!(scene.phone.outbox()[0].state, Standing::Waiting);
        }
        assert_eq!(scene.times("PUT"), 1);
    }
}

#[tokio::test]
async fn a_damaged_audit_is_sent_again_at_once_and_not_for_ever() {
    let mut scene = Scene::set(|seen| {
        let is_audit = seen.what.starts_with("PUT");
        is_audit.then(|| problem(400, "digest_mismatch", "now"))
    })
    .await;
    let round = scene.phone.round().await;
    assert_eq!((round.end, round.aside), (End::Done, 1));
    assert_eq!(scene.times("PUT"), 5);
    assert_eq!(scene.phone.outbox()[0].state, Standing::Waiting);
}

#[tokio::test]
async fn what_is_refused_is_parked_and_kept_until_it_is_tried_again() {
    let mut scene = Scene::set(|seen| {
        let is_audit = seen.what.starts_with("PUT");
        is_audit.then(|| problem(413, "too_large", "park"))
    })
    .await;
    assert_eq!(scene.phone.round().await.end, End::Done);
    let item = scene.phone.outbox().remove(0);
    assert_eq!(item.state, Standing::Parked);
    assert_eq!(item.trouble.unwrap().code, "too_large");
    scene.phone.round().await;
    assert_eq!(scene.times("PUT"), 1);
    scene.phone.unpark(item.audit).unwrap();
    scene.phone.round().await;
    assert_eq!(scene.times("PUT"), 2);
    assert!(scene.phone.text(item.audit).is_ok());
}

#[tokio::test]
async fn a_photo_that_arrives_as_another_is_begun_anew_once_and_then_parked() {
    let mut scene = Scene::set(|seen| {
        let is_chunk = seen.what.starts_with("PATCH");
        is_chunk.then(|| problem(422, "photo_digest_mismatch", "now"))
    })
    .await;
    assert_eq!(scene.phone.round().await.end, End::Done);
    assert_eq!(scene.times("PATCH"), 2);
    let item = scene.phone.outbox().remove(0);
    assert_eq!(item.photos[0].state, PhotoStanding::Parked);
    assert_eq!(
        scene.phone.traffic().photo_bytes_sent,
        2 * PHOTO.len() as u64
    );
}

#[tokio::test]
async fn a_server_that_is_busy_is_left_alone_for_as_long_as_it_says() {
    let mut scene = Scene::set(|seen| {
        let mut said = problem(503, "overloaded", "later");
        said.headers += "Retry-After: 7\r\n";
        seen.what.starts_with("PUT").then_some(said)
    })
    .await;
    let retry_after = Duration::from_secs(7);
    assert_eq!(scene.phone.round().await.end, End::Busy { retry_after });
    assert_eq!(scene.times("PATCH"), 0);
}

#[tokio::test]
async fn when_there_is_no_room_for_photos_audits_still_go() {
    let mut scene = Scene::set(|seen| {
        let is_photo = seen.what.starts_with("POST /photos");
        is_photo.then(|| problem(507, "storage_full", "later"))
    })
    .await;
    let round = scene.phone.round().await;
    assert_eq!((round.end, round.aside), (End::Done, 1));
    assert!(scene.phone.outbox()[0].receipt.is_some());
}

#[tokio::test]
async fn goes_on_uncompressed_when_the_server_has_forgotten_gzip() {
    let hello = json!({"service": "plainclothes", "epoch": EPOCH, "encodings": ["gzip"]});
    let mut scene = Scene::set(move |seen| {
        let is_coded = seen.head.contains("content-encoding: gzip");
        match seen.what.as_str() {
            "GET /sync/hello" => Some(said(200, &hello)),
            _ if is_coded => Some(problem(415, "unsupported_media_type", "park")),
            _ => None,
        }
    })
    .await;
    assert_eq!(scene.phone.round().await.end, End::Done);
    assert!(scene.phone.outbox()[0].receipt.is_some());
    assert_eq!(scene.times("PUT"), 2);
}

/// The server was restored from a backup that has none of this.
#[tokio::test]
async fn a_new_epoch_is_offered_everything_that_is_held() {
    let servers = Arc::new(Mutex::new((Usual::default(), EPOCH)));
    let server = Arc::clone(&servers);
    let mut scene = Scene::set(move |seen| {
        let server = server.lock().unwrap();
        let mut said = server.0.answer(seen);
        said.body = said.body.replace(EPOCH, server.1);
        Some(said)
    })
    .await;
    scene.phone.round().await;
    scene.phone.round().await;
    assert_eq!(scene.times("PUT"), 1);
    *servers.lock().unwrap() = (Usual::default(), "epoch-two");
    scene.phone.round().await;
    assert_eq!(scene.times("PUT"), 2);
    let round = scene.phone.round().await;
    assert_eq!(
        (round.end, round.aside, scene.times("PUT")),
        (End::Done, 0, 2)
    );
}

#[tokio::test]
async fn a_server_that_forgets_at_once_is_not_fed_for_ever() {
    let mut scene = Scene::set(|seen| {
        let is_offer = seen.what == "POST /sync/offer";
        is_offer.then(|| Usual::default().offer(&serde_json::from_slice(&seen.body).unwrap()))
    })
    .await;
    for round in 1..=2 {
        let end = scene.phone.round().await;
        assert_eq!((end.end, end.aside), (End::Done, 1));
        assert_eq!(scene.times("PUT"), round);
    }
}
