//! The line between phones and server: passes bytes until it is told to break.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::commands::From;

/// Stays for the whole test.
#[derive(Debug)]
pub struct Proxy {
    pub url: String,
    line: Arc<Line>,
}

#[derive(Debug)]
struct Line {
    server: SocketAddr,
    /// How many bytes still pass.
    left: AtomicI64,
    /// How many will from the next audit on, if it is not negative.
    left_from_audit: AtomicI64,
    is_broken: watch::Sender<bool>,
}

impl Proxy {
    pub async fn open(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let line = Arc::new(Line {
            server,
            left: AtomicI64::new(i64::MAX),
            left_from_audit: AtomicI64::new(-1),
            is_broken: watch::Sender::new(false),
        });
        let accepting = Arc::clone(&line);
        tokio::spawn(async move {
            loop {
                let (phone, _) = listener.accept().await.unwrap();
                tokio::spawn(Arc::clone(&accepting).join(phone));
            }
        });
        Self { url, line }
    }

    pub fn break_after(&self, bytes: u64, from: From) {
        let left = match from {
            From::TheBeginning => &self.line.left,
            From::TheFirstAudit => &self.line.left_from_audit,
        };
        left.store(bytes.cast_signed(), Ordering::SeqCst);
    }

    /// Returns when it is broken.
    pub async fn broken(&self) {
        let mut broken = self.line.is_broken.subscribe();
        let _ = broken.wait_for(|is_broken| *is_broken).await;
    }

    /// Connections that broke stay broken; new ones pass.
    pub fn mend(&self) {
        self.line.left.store(i64::MAX, Ordering::SeqCst);
        self.line.left_from_audit.store(-1, Ordering::SeqCst);
        self.line.is_broken.send_replace(false);
    }
}

impl Line {
    async fn join(self: Arc<Self>, phone: TcpStream) {
        let mut broken = self.is_broken.subscribe();
        if *broken.borrow() {
            return;
        }
        let Ok(server) = TcpStream::connect(self.server).await else {
            return;
        };
        let (from_phone, to_phone) = phone.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::select! {
            () = self.pass(from_phone, to_server) => {}
            () = self.pass(from_server, to_phone) => {}
            _ = broken.wait_for(|is_broken| *is_broken) => {}
        }
    }

    async fn pass(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            // A request's head comes in one piece.
            if buffer[..count].starts_with(b"PUT ") {
                let from_here = self.left_from_audit.swap(-1, Ordering::SeqCst);
                if from_here >= 0 {
                    self.left.store(from_here, Ordering::SeqCst);
                }
            }
            let left = self.left.fetch_sub(count as i64, Ordering::SeqCst);
            let passing = usize::try_from(left).unwrap_or(0).min(count);
            if to.write_all(&buffer[..passing]).await.is_err() {
                return;
            }
            if passing < count {
                self.is_broken.send_replace(true);
                return;
            }
        }
    }
}
