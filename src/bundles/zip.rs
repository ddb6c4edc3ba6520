//! A ZIP file that is given away in pieces while it is written. Entries are stored as they are: PDFs are compressed already.
//!
//! The writer goes back within an entry, to note its length and checksum at its head, and never further: what lies before
//! the entry that is open can be given away. Not here: where the pieces go.

use std::collections::HashSet;
use std::io::{self, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use chrono::{Datelike as _, NaiveDate};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::error::{Error, Result};

/// A ZIP file that is being written.
pub struct Zip {
    writer: ZipWriter<Tail>,
    tail: Tail,
    /// Where the entry that is open begins: what lies before it will not change.
    open_at: u64,
    names: HashSet<String>,
}

impl Zip {
    pub fn new() -> Self {
        Self::beginning_at(0)
    }

    /// One before which `at` bytes lie already.
    fn beginning_at(at: u64) -> Self {
        let tail = Tail(Arc::new(Mutex::new(Window {
            begins_at: at,
            position: at,
            bytes: BytesMut::new(),
        })));
        Self {
            writer: ZipWriter::new(tail.clone()),
            tail,
            open_at: at,
            names: HashSet::new(),
        }
    }

    /// Adds a file. One whose name is taken gets another: `dam-2026-09-14.pdf`, then `dam-2026-09-14-2.pdf`. It is dated
    /// with a day and nothing more.
    pub fn add(&mut self, name: &str, day: NaiveDate, content: &[u8]) -> Result<()> {
        self.open_at = self.tail.window().end();
        let name = self.free(name);
        let year = u16::try_from(day.year()).unwrap_or_default();
        let date = DateTime::from_date_and_time(year, day.month() as u8, day.day() as u8, 0, 0, 0);
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(content.len() as u64 >= u64::from(u32::MAX))
            .last_modified_time(date.unwrap_or_default())
            .unix_permissions(0o644);
        self.writer
            .start_file(name, options)
            .map_err(io::Error::from)
            .and_then(|()| self.writer.write_all(content))
            .map_err(failed)
    }

    /// The next `bytes` of the file, once they are written for good.
    pub fn take(&mut self, bytes: usize) -> Option<Bytes> {
        let mut window = self.tail.window();
        let fixed = self.open_at.saturating_sub(window.begins_at);
        (fixed >= bytes as u64).then(|| window.split(bytes))
    }

    /// Writes the directory, and returns the rest of the file in pieces of `bytes` and a shorter one.
    pub fn finish(self, bytes: usize) -> Result<Vec<Bytes>> {
        self.writer
            .finish()
            .map_err(io::Error::from)
            .map_err(failed)?;
        let mut window = self.tail.window();
        let mut pieces = Vec::new();
        while !window.bytes.is_empty() {
            let next = bytes.min(window.bytes.len());
            pieces.push(window.split(next));
        }
        Ok(pieces)
    }

    fn free(&mut self, name: &str) -> String {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let mut free = name.to_owned();
        let mut number = 1;
        while !self.names.insert(free.clone()) {
            number += 1;
            free = format!("{stem}-{number}.{extension}");
        }
        free
    }
}

fn failed(error: io::Error) -> Error {
    Error::Internal(format!("a bundle cannot be written: {error}"))
}

/// The end of a file, of which what came before is gone.
#[derive(Clone)]
struct Tail(Arc<Mutex<Window>>);

struct Window {
    begins_at: u64,
    position: u64,
    bytes: BytesMut,
}

impl Tail {
    fn window(&self) -> MutexGuard<'_, Window> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Window {
    fn end(&self) -> u64 {
        self.begins_at + self.bytes.len() as u64
    }

    fn split(&mut self, bytes: usize) -> Bytes {
        self.begins_at += bytes as u64;
        self.bytes.split_to(bytes).freeze()
    }
}

impl Write for Tail {
    fn write(&mut self, content: &[u8]) -> io::Result<usize> {
        let mut window = self.window();
        let at = (window.position - window.begins_at) as usize;
        let over = content.len().min(window.bytes.len() - at);
        window.bytes[at..at + over].copy_from_slice(&content[..over]);
        window.bytes.extend_from_slice(&content[over..]);
        window.position += content.len() as u64;
        Ok(content.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Tail {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut window = self.window();
        let position = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => window.position.checked_add_signed(by),
            SeekFrom::End(by) => window.end().checked_add_signed(by),
        };
        let within = window.begins_at..=window.end();
        let position = position.filter(|at| within.contains(at)).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidInput,
                "what lies there was given away",
            )
        })?;
        window.position = position;
        Ok(position)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    const PIECE: usize = 100;

    fn day() -> NaiveDate {
        "2026-09-15".parse().unwrap()
    }

    /// The pieces that come while these are added, and the rest.
    fn written(mut zip: Zip, files: &[(String, Vec<u8>)]) -> Vec<Bytes> {
        let mut pieces = Vec::new();
        for (name, content) in files {
            zip.add(name, day(), content).unwrap();
            pieces.extend(std::iter::from_fn(|| zip.take(PIECE)));
            let left = zip.tail.window().bytes.len();
            assert!(left < PIECE + content.len() + 200, "{left} bytes are kept");
        }
        let rest = zip.finish(PIECE).unwrap();
        pieces.extend(rest);
        pieces
    }

    fn some(count: usize) -> Vec<(String, Vec<u8>)> {
        let file = |n: usize| (format!("{n}.pdf"), vec![n as u8; 7 + 31 * (n % 12)]);
        (0..count).map(file).collect()
    }

    #[test]
    fn what_was_put_in_comes_out_and_all_pieces_but_the_last_are_whole() {
        let files = some(40);
        let pieces = written(Zip::new(), &files);
        let (last, whole) = pieces.split_last().unwrap();
        assert!(whole.len() > 50 && whole.iter().all(|piece| piece.len() == PIECE));
        assert!((1..=PIECE).contains(&last.len()));
        let mut read = zip::ZipArchive::new(Cursor::new(pieces.concat())).unwrap();
        assert_eq!(read.len(), files.len());
        for (name, content) in &files {
            let mut entry = read.by_name(name).unwrap();
            let mut found = Vec::new();
            // Compares the checksum, too.
            entry.read_to_end(&mut found).unwrap();
            assert_eq!(&found, content);
            assert_eq!(entry.compression(), CompressionMethod::Stored);
            let date = entry.last_modified().unwrap();
            assert_eq!(date.to_string(), "2026-09-15 00:00:00");
        }
        assert_eq!(pieces.concat(), written(Zip::new(), &files).concat());
    }

    #[test]
    fn heads_say_how_long_entries_are_so_that_it_can_be_read_from_its_beginning() {
        let files = some(3);
        let bytes = written(Zip::new(), &files).concat();
        let mut from_the_beginning = Cursor::new(bytes);
        for (name, content) in &files {
            let entry = zip::read::read_zipfile_from_stream(&mut from_the_beginning);
            let mut entry = entry.unwrap().unwrap();
            assert_eq!(
                (entry.name().unwrap().as_ref(), entry.size()),
                (name.as_str(), content.len() as u64)
            );
            io::copy(&mut entry, &mut io::sink()).unwrap();
        }
    }

    #[test]
    fn names_that_are_taken_are_numbered() {
        let mut zip = Zip::new();
        for name in ["a-1.pdf", "a-1.pdf", "a-1-2.pdf", "a-1.pdf"] {
            zip.add(name, day(), name.as_bytes()).unwrap();
        }
        let bytes = zip.finish(PIECE).unwrap().concat();
        let read = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let names: Vec<_> = read.file_names().map(|name| name.unwrap()).collect();
        assert_eq!(names, ["a-1.pdf", "a-1-2.pdf", "a-1-2-2.pdf", "a-1-3.pdf"]);
    }

    #[test]
    fn there_may_be_more_entries_than_a_plain_directory_counts() {
        let files: Vec<(String, Vec<u8>)> =
            (0..66_000).map(|n| (format!("{n}.pdf"), vec![1])).collect();
        let bytes = written(Zip::new(), &files).concat();
        let mut read = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(read.len(), 66_000);
        assert_eq!(read.by_name("65999.pdf").unwrap().size(), 1);
    }

    /// Zeros, and then something.
    struct After {
        zeros: u64,
        then: Vec<u8>,
        at: u64,
    }

    impl Read for After {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = if self.at < self.zeros {
                let count = (self.zeros - self.at).min(into.len() as u64) as usize;
                into[..count].fill(0);
                count
            } else {
                let rest = &self.then[(self.at - self.zeros) as usize..];
                let count = rest.len().min(into.len());
                into[..count].copy_from_slice(&rest[..count]);
                count
            };
            self.at += count as u64;
            Ok(count)
        }
    }

    impl Seek for After {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            let at = match to {
                SeekFrom::Start(at) => at,
                SeekFrom::Current(by) => self.at.checked_add_signed(by).unwrap(),
                SeekFrom::End(by) => (self.zeros + self.then.len() as u64)
                    .checked_add_signed(by)
                    .unwrap(),
            };
            self.at = at;
            Ok(at)
        }
    }

    #[test]
    fn entries_may_lie_beyond_four_gigabytes() {
        let zeros = 5 << 30;
        let then = written(Zip::beginning_at(zeros), &some(3)).concat();
        assert!(then.windows(4).any(|four| four == b"PK\x06\x06"));
        let far = After { zeros, then, at: 0 };
        let mut read = zip::ZipArchive::new(far).unwrap();
        let mut entry = read.by_name("2.pdf").unwrap();
        assert!(entry.header_start() > zeros);
        let mut found = Vec::new();
        entry.read_to_end(&mut found).unwrap();
        assert_eq!(found, vec![2; 69]);
    }
}
