//! The exchanges of one connection, one after the other, each with what happens to it.
//!
//! Not here: when a connection is cut from outside (`mod.rs`).

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::Shared;
use super::head::{Framing, Head};
use super::lane::{Lane, cut};
use super::policy::Fault;
use crate::dice::Dice;

/// Both directions of a connection, as its policy has them.
struct Line {
    up: Lane,
    down: Lane,
    latency: Duration,
}

/// Nothing that is swallowed has to be slow.
const FREE: Lane = Lane {
    rate_bytes_per_s: None,
    budget_bytes: None,
    meter: None,
    free_at: None,
};

type Upstream = BufReader<TcpStream>;

/// Serves a connection until one side closes it.
///
/// # Errors
/// `ConnectionAborted` when it was cut on purpose; others as the connections have them.
pub async fn all(shared: &Shared, client: TcpStream, mut dice: Dice) -> io::Result<()> {
    client.set_nodelay(true)?;
    let policy = shared.policy();
    let mut line = Line {
        up: policy.lane(&mut dice),
        down: policy.lane(&mut dice),
        latency: policy.latency,
    };
    tokio::time::sleep(line.latency * 2).await;
    let mut client = BufReader::new(client);
    let mut upstream = None;
    while let Some(request) = Head::read(&mut client).await? {
        let fault = shared.policy().draw(&mut dice, &request);
        shared.tally(|tally| {
            tally.exchanges += 1;
            if let Some(fault) = fault {
                *tally.faults.entry(fault.name()).or_default() += 1;
            }
        });
        one(
            shared,
            &mut client,
            &mut upstream,
            &mut line,
            &request,
            fault,
            &mut dice,
        )
        .await?;
    }
    Ok(())
}

async fn one(
    shared: &Shared,
    client: &mut BufReader<TcpStream>,
    upstream: &mut Option<Upstream>,
    line: &mut Line,
    request: &Head,
    fault: Option<Fault>,
    dice: &mut Dice,
) -> io::Result<()> {
    if let Some(answer) = fault.and_then(|fault| own_answer(fault, request)) {
        line.up.meter = meter(shared, request);
        swallow(client, request.request_framing(), &mut line.up).await?;
        line.up.meter = None;
        return client.get_mut().write_all(&answer).await;
    }
    tokio::time::sleep(line.latency).await;
    if upstream.is_none() {
        let stream = TcpStream::connect(shared.upstream).await?;
        stream.set_nodelay(true)?;
        *upstream = Some(BufReader::new(stream));
    }
    let Some(server) = upstream else {
        return Ok(());
    };
    match fault {
        Some(Fault::Blackhole) => {
            line.up.meter = meter(shared, request);
            swallow(client, request.request_framing(), &mut line.up).await?;
            return std::future::pending().await;
        }
        Some(Fault::Duplicate) => {
            line.up.meter = meter(shared, request);
            let body = gather(client, request.request_framing(), &mut line.up).await?;
            line.up.meter = None;
            for is_last in [false, true] {
                server.get_mut().write_all(&request.bytes).await?;
                server.get_mut().write_all(&body).await?;
                if !is_last {
                    let answer = final_head(server).await?;
                    let framing = answer.answer_framing(&request.method());
                    swallow(server, framing, &mut FREE.clone()).await?;
                }
            }
        }
        _ => send(shared, client, server, line, request, fault, dice).await?,
    }
    let answer = final_head(server).await?;
    let framing = answer.answer_framing(&request.method());
    tokio::time::sleep(line.latency).await;
    match fault {
        Some(Fault::DropReply) => {
            swallow(server, framing, &mut FREE.clone()).await?;
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Some(Fault::Alter) => return alter(server, client, &answer, framing).await,
        Some(Fault::CutReply) => {
            let middle = dice.below(length(framing).max(1));
            line.down.budget_bytes = Some(answer.bytes.len() as u64 + middle);
        }
        _ => {}
    }
    let flip = (fault == Some(Fault::CorruptReply)).then(|| dice.below(length(framing)));
    line.down.carry(client.get_mut(), &answer.bytes).await?;
    line.down
        .carry_body(server, client.get_mut(), framing, flip)
        .await?;
    if framing == Framing::UntilClosed {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

async fn send(
    shared: &Shared,
    client: &mut BufReader<TcpStream>,
    server: &mut Upstream,
    line: &mut Line,
    request: &Head,
    fault: Option<Fault>,
    dice: &mut Dice,
) -> io::Result<()> {
    let framing = request.request_framing();
    if fault == Some(Fault::CutRequest) {
        let middle = dice.below(length(framing).max(1));
        line.up.budget_bytes = Some(request.bytes.len() as u64 + middle);
    }
    let flip = (fault == Some(Fault::CorruptRequest)).then(|| dice.below(length(framing)));
    line.up.carry(server.get_mut(), &request.bytes).await?;
    line.up.meter = meter(shared, request);
    line.up
        .carry_body(client, server.get_mut(), framing, flip)
        .await?;
    line.up.meter = None;
    if line.up.budget_bytes == Some(0) {
        return Err(cut());
    }
    Ok(())
}

/// Counts the content of photos, and nothing else: to be set while a body is carried.
fn meter(shared: &Shared, request: &Head) -> Option<Arc<AtomicU64>> {
    (request.method() == "PATCH").then(|| Arc::clone(&shared.patch_bytes))
}

/// Where a fault that needs a place in a body may fall. Bodies without a length are short ones here.
fn length(framing: Framing) -> u64 {
    match framing {
        Framing::Length(length) => length,
        Framing::Chunked | Framing::UntilClosed => 64,
    }
}

/// The head of the answer proper, after any `100 Continue`.
async fn final_head(server: &mut Upstream) -> io::Result<Head> {
    loop {
        match Head::read(server).await? {
            None => return Err(io::ErrorKind::UnexpectedEof.into()),
            Some(head) if head.status() >= 200 => return Ok(head),
            Some(_) => {}
        }
    }
}

async fn swallow<R: AsyncRead + Unpin>(
    from: &mut BufReader<R>,
    framing: Framing,
    lane: &mut Lane,
) -> io::Result<()> {
    lane.carry_body(from, &mut tokio::io::sink(), framing, None)
        .await?;
    Ok(())
}

/// A whole body with its framing.
async fn gather<R: AsyncRead + Unpin>(
    from: &mut BufReader<R>,
    framing: Framing,
    lane: &mut Lane,
) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    lane.carry_body(from, &mut body, framing, None).await?;
    Ok(body)
}

fn own_answer(fault: Fault, request: &Head) -> Option<Vec<u8>> {
    let (status, kind, body) = match fault {
        Fault::Portal => {
            let page = "<!doctype html><title>Welcome</title><p>Please accept our terms.";
            ("200 OK".to_owned(), "text/html", page.to_owned())
        }
        Fault::Status(status) => (format!("{status} Broken"), "text/plain", String::new()),
        Fault::Acknowledge => (
            "201 Created".to_owned(),
            "application/json",
            receipt(request),
        ),
        _ => return None,
    };
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    Some(text.into_bytes())
}

/// Looks like one, and is worth nothing.
fn receipt(request: &Head) -> String {
    let path = request.path();
    let audit = path.rsplit('/').next().unwrap_or_default();
    format!(r#"{{"audit":"{audit}","number":1,"state":"complete","photos_missing":[]}}"#)
}

/// Gives the receipt another number. Meant for answers with a length, as receipts are.
async fn alter(
    server: &mut Upstream,
    client: &mut (impl AsyncWrite + Unpin),
    client_head: &Head,
    framing: Framing,
) -> io::Result<()> {
    let body = gather(server, framing, &mut FREE.clone()).await?;
    let text = String::from_utf8_lossy(&body);
    let changed = match text.split_once("\"number\":") {
        Some((before, after)) => format!("{before}\"number\":1{after}"),
        None => text.into_owned(),
    };
    let length = [("content-length", changed.len().to_string())];
    let head = client_head.with(&["content-length", "content-digest"], &length);
    client.write_all(&head.bytes).await?;
    client.write_all(changed.as_bytes()).await
}
