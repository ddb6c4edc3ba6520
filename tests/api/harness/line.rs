//! A real line to the server: bytes over TCP on loopback, which can be cut in the middle of anything.

use std::net::SocketAddr;

use axum::Router;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The program listening on a port of its own, until this is dropped.
pub struct Listening {
    address: SocketAddr,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Listening {
    pub async fn start(router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(axum::serve(listener, router).into_future());
        Self { address, server }
    }

    /// Connects and sends the beginning of a request: its head, and as much of its body as is given.
    pub async fn begin(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Line {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let mut head = format!("{method} /api/v1{path} HTTP/1.1\r\nhost: localhost\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        stream.flush().await.unwrap();
        Line { stream }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A connection with a request under way.
pub struct Line {
    stream: TcpStream,
}

impl Line {
    /// Sends more of the body.
    pub async fn go_on(&mut self, body: &[u8]) {
        self.stream.write_all(body).await.unwrap();
    }

    /// Says that nothing more will be sent, and returns what the server answers to that.
    pub async fn end(mut self) -> String {
        self.stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        // A server that resets the connection has also answered.
        let _ = self.stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Resets the connection, as one does whose phone is switched off.
    pub fn reset(self) {
        self.stream.set_zero_linger().unwrap();
    }
}
