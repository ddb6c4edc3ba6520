//! As much of HTTP/1.1 as a proxy needs to tell one exchange from the next: heads, and where bodies end.
//!
//! Not here: what is done to an exchange (`exchange.rs`).

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _};

/// Ours are a few hundred bytes; more than this is no HTTP.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// The head of a request or of an answer, as it came.
#[derive(Clone, Debug)]
pub struct Head {
    pub bytes: Vec<u8>,
}

/// Where a body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    Length(u64),
    Chunked,
    UntilClosed,
}

impl Head {
    /// The next head; nothing when the other side has closed.
    ///
    /// # Errors
    /// As the connection has them, and for what is too long to be a head.
    pub async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        loop {
            let before = bytes.len();
            if from.read_until(b'\n', &mut bytes).await? == 0 {
                return if bytes.is_empty() {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
            if matches!(&bytes[before..], b"\r\n" | b"\n") && before > 0 {
                return Ok(Some(Self { bytes }));
            }
            if bytes.len() > HEAD_BYTES_MAX {
                return Err(io::Error::other("that is no HTTP"));
            }
        }
    }

    /// `GET /path HTTP/1.1` or `HTTP/1.1 200 OK`.
    pub fn first_line(&self) -> String {
        let line = self.bytes.split(|byte| *byte == b'\r').next();
        String::from_utf8_lossy(line.unwrap_or_default()).into_owned()
    }

    pub fn method(&self) -> String {
        self.word(0)
    }

    pub fn path(&self) -> String {
        self.word(1)
    }

    /// Of an answer; 0 for what has none.
    pub fn status(&self) -> u16 {
        self.word(1).parse().unwrap_or(0)
    }

    fn word(&self, index: usize) -> String {
        let line = self.first_line();
        line.split(' ').nth(index).unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.bytes);
        text.split("\r\n").skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    }

    /// The same without some headers, and with others at the end.
    #[must_use]
    pub fn with(&self, without: &[&str], add: &[(&str, String)]) -> Self {
        let text = String::from_utf8_lossy(&self.bytes);
        let mut lines: Vec<String> = text
            .trim_end()
            .split("\r\n")
            .filter(|line| {
                let key = line.split(':').next().unwrap_or_default();
                !without.iter().any(|name| key.eq_ignore_ascii_case(name))
            })
            .map(str::to_owned)
            .collect();
        lines.extend(add.iter().map(|(key, value)| format!("{key}: {value}")));
        let bytes = format!("{}\r\n\r\n", lines.join("\r\n")).into_bytes();
        Self { bytes }
    }

    pub fn request_framing(&self) -> Framing {
        self.framing().unwrap_or(Framing::Length(0))
    }

    pub fn answer_framing(&self, method: &str) -> Framing {
        let status = self.status();
        if method == "HEAD" || status < 200 || status == 204 || status == 304 {
            return Framing::Length(0);
        }
        self.framing().unwrap_or(Framing::UntilClosed)
    }

    fn framing(&self) -> Option<Framing> {
        let coding = self.header("transfer-encoding").unwrap_or_default();
        if coding.to_ascii_lowercase().contains("chunked") {
            return Some(Framing::Chunked);
        }
        self.header("content-length")
            .and_then(|length| length.parse().ok())
            .map(Framing::Length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn head(text: &str) -> Head {
        let mut bytes = text.as_bytes();
        Head::read(&mut bytes).await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn a_head_ends_where_its_body_begins() {
        let mut bytes: &[u8] = b"PUT /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc";
        let head = Head::read(&mut bytes).await.unwrap().unwrap();
        assert_eq!((head.method(), head.path()), ("PUT".into(), "/a".into()));
        assert_eq!(head.request_framing(), Framing::Length(3));
        assert_eq!(bytes, b"abc");
    }

    #[tokio::test]
    async fn bodies_end_as_http_says() {
        let answer = head("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n").await;
        assert_eq!(answer.answer_framing("GET"), Framing::Length(9));
        assert_eq!(answer.answer_framing("HEAD"), Framing::Length(0));
        let answer = head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
        assert_eq!(answer.answer_framing("GET"), Framing::Chunked);
        let answer = head("HTTP/1.1 204 No Content\r\n\r\n").await;
        assert_eq!(answer.answer_framing("PATCH"), Framing::Length(0));
        let request = head("GET / HTTP/1.1\r\n\r\n").await;
        assert_eq!(request.request_framing(), Framing::Length(0));
    }

    #[tokio::test]
    async fn headers_can_be_taken_out_and_put_in() {
        let answer = head("HTTP/1.1 200 OK\r\nContent-Digest: x\r\nA: b\r\n\r\n").await;
        let changed = answer.with(&["content-digest"], &[("Content-Length", "4".to_owned())]);
        let text = String::from_utf8(changed.bytes).unwrap();
        assert_eq!(text, "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 4\r\n\r\n");
    }

    #[tokio::test]
    async fn a_torn_head_is_an_error() {
        assert!(Head::read(&mut &b"GET / HT"[..]).await.is_err());
        assert!(Head::read(&mut &b""[..]).await.unwrap().is_none());
    }
}
