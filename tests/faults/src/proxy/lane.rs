//! One direction of a connection: how fast it is, how late, and after how many bytes it breaks.
//!
//! Not here: where bodies end (`head.rs`).

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _,
};

use tokio::time::Instant;

use super::head::Framing;

/// Small enough that a slow line is smooth, and that a cut falls into the middle of things.
const PIECE_BYTES: u64 = 1024;
/// A line that was idle does not carry faster afterwards; one whose timer was late does, for as long as that.
const SLACK: Duration = Duration::from_millis(20);

/// What one direction of one connection does to bytes.
#[derive(Clone, Debug)]
pub struct Lane {
    pub rate_bytes_per_s: Option<u64>,
    /// Bytes until it breaks; both directions of a connection have the same kind of budget, each its own.
    pub budget_bytes: Option<u64>,
    /// Counts what goes through, as it goes: a cut may end everything at any moment.
    pub meter: Option<Arc<AtomicU64>>,
    /// When the line has room for more: pauses are counted from here, so that late timers do not add up.
    pub free_at: Option<Instant>,
}

/// The line broke on purpose.
pub fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "cut on purpose")
}

impl Lane {
    /// Carries `bytes`, as slowly as the line is.
    ///
    /// # Errors
    /// [`cut`] when the budget ends, after what was left of it has been delivered; as the connection has them.
    pub async fn carry(
        &mut self,
        to: &mut (impl AsyncWrite + Unpin),
        bytes: &[u8],
    ) -> io::Result<()> {
        for piece in bytes.chunks(PIECE_BYTES as usize) {
            let left = self.budget_bytes.unwrap_or(u64::MAX);
            let part = &piece[..piece.len().min(usize::try_from(left).unwrap_or(usize::MAX))];
            if let Some(rate) = self.rate_bytes_per_s {
                let free_at = self
                    .free_at
                    .unwrap_or_else(Instant::now)
                    .max(Instant::now() - SLACK);
                let free_at = free_at + Duration::from_secs_f64(part.len() as f64 / rate as f64);
                tokio::time::sleep_until(free_at).await;
                self.free_at = Some(free_at);
            }
            to.write_all(part).await?;
            to.flush().await?;
            if let Some(meter) = &self.meter {
                meter.fetch_add(part.len() as u64, Ordering::Relaxed);
            }
            if let Some(budget) = &mut self.budget_bytes {
                *budget -= part.len() as u64;
            }
            if part.len() < piece.len() {
                return Err(cut());
            }
        }
        Ok(())
    }

    /// Carries a whole body, and returns how many bytes of content it had; `flip` names the byte to damage.
    ///
    /// # Errors
    /// As [`Lane::carry`] has them, and when the sender ends too early.
    pub async fn carry_body(
        &mut self,
        from: &mut (impl AsyncBufRead + Unpin),
        to: &mut (impl AsyncWrite + Unpin),
        framing: Framing,
        flip: Option<u64>,
    ) -> io::Result<u64> {
        let mut done = 0;
        loop {
            let length = match framing {
                Framing::Length(length) => length,
                Framing::UntilClosed => u64::MAX,
                Framing::Chunked => {
                    let mut line = Vec::new();
                    from.read_until(b'\n', &mut line).await?;
                    self.carry(to, &line).await?;
                    chunk_bytes(&line)?
                }
            };
            let mut left = length;
            while left > 0 {
                let mut piece = from.fill_buf().await?.to_vec();
                if piece.is_empty() {
                    return match framing {
                        Framing::UntilClosed => Ok(done),
                        _ => Err(io::ErrorKind::UnexpectedEof.into()),
                    };
                }
                piece.truncate(usize::try_from(left.min(PIECE_BYTES)).unwrap_or(usize::MAX));
                let count = piece.len();
                if let Some(at) = flip.and_then(|flip| flip.checked_sub(done))
                    && let Some(byte) = piece.get_mut(usize::try_from(at).unwrap_or(usize::MAX))
                {
                    *byte ^= 0x20;
                }
                from.consume(count);
                self.carry(to, &piece).await?;
                done += count as u64;
                left -= count as u64;
            }
            if framing != Framing::Chunked {
                return Ok(done);
            }
            let mut end = [0; 2];
            from.read_exact(&mut end).await?;
            self.carry(to, &end).await?;
            if length == 0 {
                return Ok(done);
            }
        }
    }
}

/// The size in a chunk's first line. Trailers are not expected: nobody here sends any.
fn chunk_bytes(line: &[u8]) -> io::Result<u64> {
    let text = String::from_utf8_lossy(line);
    let size = text.split(';').next().unwrap_or_default().trim();
    u64::from_str_radix(size, 16).map_err(|_| io::Error::other("a chunk without a size"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(budget_bytes: Option<u64>) -> Lane {
        Lane {
            rate_bytes_per_s: None,
            budget_bytes,
            meter: None,
            free_at: None,
        }
    }

    async fn whole(
        from: &mut &[u8],
        out: &mut Vec<u8>,
        framing: Framing,
        flip: Option<u64>,
    ) -> u64 {
        let mut lane = lane(None);
        lane.carry_body(from, out, framing, flip).await.unwrap()
    }

    #[tokio::test]
    async fn breaks_after_exactly_so_many_bytes() {
        let mut out = Vec::new();
        assert!(lane(Some(5)).carry(&mut out, b"abcdefgh").await.is_err());
        assert_eq!(out, b"abcde");
        let mut out = Vec::new();
        assert!(lane(Some(8)).carry(&mut out, b"abcdefgh").await.is_ok());
    }

    #[tokio::test]
    async fn a_body_ends_where_it_ends() {
        let mut from: &[u8] = b"abcdeNEXT";
        let mut out = Vec::new();
        let done = whole(&mut from, &mut out, Framing::Length(5), None).await;
        assert_eq!(done, 5);
        assert_eq!((out.as_slice(), from), (&b"abcde"[..], &b"NEXT"[..]));
        let mut from: &[u8] = b"3\r\nabc\r\n0\r\n\r\nNEXT";
        let mut out = Vec::new();
        let done = whole(&mut from, &mut out, Framing::Chunked, None).await;
        assert_eq!(done, 3);
        assert_eq!(out, b"3\r\nabc\r\n0\r\n\r\n");
        assert_eq!(from, b"NEXT");
    }

    #[tokio::test]
    async fn one_byte_is_damaged() {
        let mut from: &[u8] = b"abcde";
        let mut out = Vec::new();
        whole(&mut from, &mut out, Framing::Length(5), Some(2)).await;
        assert_eq!(out, b"abCde");
    }
}
