//! A stream of bytes as lines, one in memory at a time, under a cap for each and for all.

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt as _};

use crate::error::{Error, Limit, Result};

/// Lines as they come.
pub(super) struct Lines<S> {
    stream: S,
    line_bytes_max: u64,
    bytes_left: u64,
    bytes_max: u64,
    buffer: BytesMut,
    /// How much of the buffer holds no end of a line.
    searched: usize,
}

impl<S: Stream<Item = Result<Bytes>> + Unpin> Lines<S> {
    pub fn new(stream: S, bytes_max: u64, line_bytes_max: u64) -> Self {
        Self {
            stream,
            line_bytes_max,
            bytes_left: bytes_max,
            bytes_max,
            buffer: BytesMut::new(),
            searched: 0,
        }
    }

    /// The next line without its end; the last one may have none.
    ///
    /// # Errors
    /// [`Error::TooLarge`] with the name of the cap; whatever the stream says.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            let found = self.buffer[self.searched..]
                .iter()
                .position(|byte| *byte == b'\n');
            if let Some(at) = found {
                let end = self.searched + at;
                let line = self.buffer.split_to(end + 1).freeze().slice(..end);
                self.searched = 0;
                return Ok(Some(line));
            }
            self.searched = self.buffer.len();
            if self.searched as u64 > self.line_bytes_max {
                return Err(too_large(
                    "outbox_import_line_bytes_max",
                    self.line_bytes_max,
                ));
            }
            let Some(more) = self.stream.next().await else {
                self.searched = 0;
                let rest = self.buffer.split();
                return Ok((!rest.is_empty()).then(|| rest.freeze()));
            };
            let more = more?;
            self.bytes_left = self
                .bytes_left
                .checked_sub(more.len() as u64)
                .ok_or_else(|| too_large("outbox_import_bytes_max", self.bytes_max))?;
            self.buffer.extend_from_slice(&more);
        }
    }
}

fn too_large(name: &'static str, value: u64) -> Error {
    Error::TooLarge(Limit {
        name,
        value,
        unit: "bytes",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(pieces: &[&'static str], bytes_max: u64, line_max: u64) -> Result<Vec<Bytes>> {
        let pieces: Vec<Result<Bytes>> = pieces
            .iter()
            .map(|piece| Ok(Bytes::from_static(piece.as_bytes())))
            .collect();
        let mut lines = Lines::new(futures::stream::iter(pieces), bytes_max, line_max);
        let mut all = Vec::new();
        while let Some(line) = lines.next().await? {
            all.push(line);
        }
        Ok(all)
    }

    #[tokio::test]
    async fn lines_are_the_same_however_they_come() {
        let expected = ["one", "", "three"];
        for pieces in [
            vec!["one\n\nthree"],
            vec!["o", "n", "e", "\n", "\n", "thr", "ee\n"],
            vec!["one\n\nth", "ree"],
        ] {
            assert_eq!(
                all(&pieces, 100, 100).await.unwrap(),
                expected,
                "{pieces:?}"
            );
        }
    }

    #[tokio::test]
    async fn each_cap_is_named() {
        let named = |result: Result<Vec<Bytes>>| match result {
            Err(Error::TooLarge(limit)) => limit.name,
            other => panic!("{other:?}"),
        };
        let line = all(&["abcd", "efgh", "\n"], 100, 5).await;
        assert_eq!(named(line), "outbox_import_line_bytes_max");
        let whole = all(&["ab\n", "cd\n", "ef\n"], 8, 5).await;
        assert_eq!(named(whole), "outbox_import_bytes_max");
    }
}
