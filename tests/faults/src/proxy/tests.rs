//! Each fault does what it says, seen from both sides of the line.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

/// A server that answers every request with its body, and counts them.
async fn echo() -> (SocketAddr, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&count);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let counter = Arc::clone(&counter);
            tokio::spawn(async move {
                let mut stream = tokio::io::BufReader::new(stream);
                while let Ok(Some(request)) = head::Head::read(&mut stream).await {
                    let head::Framing::Length(length) = request.request_framing() else {
                        return;
                    };
                    let mut body = vec![0; length as usize];
                    if stream.read_exact(&mut body).await.is_err() {
                        return;
                    }
                    counter.fetch_add(1, Ordering::SeqCst);
                    let head = format!("HTTP/1.1 201 Created\r\nContent-Length: {length}\r\n\r\n");
                    stream.get_mut().write_all(head.as_bytes()).await.unwrap();
                    stream.get_mut().write_all(&body).await.unwrap();
                }
            });
        }
    });
    (address, count)
}

#[tokio::test]
async fn photos_are_counted_once_for_each_time_they_cross_the_phones_line() {
    let faults = [None, Some(Fault::Duplicate), Some(Fault::Portal)];
    for fault in faults {
        let (address, _) = echo().await;
        let proxy = Proxy::start(address, Dice::new(3, "test")).await.unwrap();
        proxy.set(fault.map(Policy::always).unwrap_or_default());
        let client = reqwest::Client::new();
        for method in [reqwest::Method::PATCH, reqwest::Method::PUT] {
            let url = format!("{}/photos/p1", proxy.url);
            let sent = client.request(method, url).body("hello").send();
            sent.await.unwrap().bytes().await.unwrap();
        }
        assert_eq!(proxy.patch_bytes(), 5, "{fault:?}");
    }
}

struct Seen {
    /// Status and body, or nothing when no whole answer came.
    answer: Option<(u16, String)>,
    delivered: u64,
    tally: Tally,
}

async fn put(policy: Policy, body: &str) -> Seen {
    let (address, count) = echo().await;
    let proxy = Proxy::start(address, Dice::new(3, "test")).await.unwrap();
    proxy.set(policy);
    let request = reqwest::Client::new()
        .put(format!("{}/audits/a1", proxy.url))
        .body(body.to_owned())
        .timeout(Duration::from_millis(500));
    let answer = match request.send().await {
        Ok(answer) => {
            let status = answer.status().as_u16();
            answer.text().await.ok().map(|text| (status, text))
        }
        Err(_) => None,
    };
    Seen {
        answer,
        delivered: count.load(Ordering::SeqCst),
        tally: proxy.tally(),
    }
}

#[tokio::test]
async fn a_good_line_changes_nothing() {
    let seen = put(Policy::default(), "hello").await;
    assert_eq!(seen.answer, Some((201, "hello".to_owned())));
    assert_eq!((seen.delivered, seen.tally.faults_total()), (1, 0));
}

#[tokio::test]
async fn a_dropped_reply_was_delivered() {
    let seen = put(Policy::always(Fault::DropReply), "hello").await;
    assert_eq!(seen.answer, None);
    // reqwest may try again by itself on a connection that it had before; this one is new
    assert_eq!(seen.delivered, 1);
    assert_eq!(seen.tally.faults["reply dropped"], 1);
}

#[tokio::test]
async fn a_duplicate_arrives_twice_and_is_answered_once() {
    let seen = put(Policy::always(Fault::Duplicate), "hello").await;
    assert_eq!(seen.answer, Some((201, "hello".to_owned())));
    assert_eq!(seen.delivered, 2);
}

#[tokio::test]
async fn bodies_are_damaged_on_the_way() {
    for fault in [Fault::CorruptRequest, Fault::CorruptReply] {
        let (_, text) = put(Policy::always(fault), "hello").await.answer.unwrap();
        assert_ne!(text, "hello");
        assert_eq!(text.len(), 5);
    }
}

#[tokio::test]
async fn a_cut_request_does_not_arrive_whole_and_a_cut_reply_does() {
    let seen = put(Policy::always(Fault::CutRequest), "hello").await;
    assert_eq!((seen.answer, seen.delivered), (None, 0));
    let seen = put(Policy::always(Fault::CutReply), "hello").await;
    assert_eq!((seen.answer, seen.delivered), (None, 1));
}

#[tokio::test]
async fn what_the_proxy_answers_itself_is_not_delivered() {
    for (fault, status) in [
        (Fault::Portal, 200),
        (Fault::Status(500), 500),
        (Fault::Acknowledge, 201),
    ] {
        let seen = put(Policy::always(fault), "hello").await;
        assert_eq!(seen.answer.unwrap().0, status);
        assert_eq!(seen.delivered, 0);
    }
    let seen = put(Policy::always(Fault::Blackhole), "hello").await;
    assert_eq!((seen.answer, seen.delivered), (None, 0));
}

#[tokio::test]
async fn a_connection_breaks_after_its_bytes_or_its_time() {
    let policy = Policy {
        cut_after_bytes: Some((20, 20)),
        ..Policy::default()
    };
    let seen = put(policy, "hello").await;
    assert_eq!((seen.answer, seen.delivered), (None, 0));
    assert_eq!(seen.tally.faults["line cut"], 1);
    let policy = Policy {
        rate_bytes_per_s: Some(100),
        lifetime: Some(Duration::from_millis(100)),
        ..Policy::default()
    };
    let seen = put(policy, "hello").await;
    assert_eq!((seen.answer, seen.delivered), (None, 0));
    assert_eq!(seen.tally.faults["line cut"], 1);
}

#[tokio::test]
async fn an_altered_receipt_looks_whole() {
    let seen = put(Policy::always(Fault::Alter), r#"{"number":7}"#).await;
    assert_eq!(seen.answer, Some((201, r#"{"number":17}"#.to_owned())));
}

#[tokio::test]
async fn only_the_method_that_is_meant_is_hit() {
    let seen = put(Policy::always(Fault::Status(500)).only("PATCH"), "hello").await;
    assert_eq!(seen.answer, Some((201, "hello".to_owned())));
}
