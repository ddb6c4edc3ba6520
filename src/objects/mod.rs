//! Bytes that are too large for a database, kept in S3: photos as they were taken, and their renditions.
//!
//! There is one way to them, the S3 protocol: [`Objects`] speaks it to a server elsewhere, or to one inside this process
//! that keeps a file for each object in a folder. Read in this order: `key` (what objects are called), `client` (what can
//! be done with them, and how a put is proven) with `reading` and `parts`, `probe` (is it there, and what is wrong),
//! `listing`, `presigned` (addresses for browsers), `connection` (which server, whose keys), `embedded` (the server
//! inside), `server` (S3 on a folder), `folder` (files).
//!
//! Not here: which photos there are, whose they are and who may see them. The database knows that; this knows bytes.

mod calls;
mod client;
mod connection;
mod digests;
mod embedded;
mod error;
mod folder;
mod key;
mod listing;
mod parts;
mod presigned;
mod probe;
mod reading;
mod server;
#[cfg(test)]
mod tests;

pub use client::Objects;
pub use connection::{Keys, RemoteS3};
pub use error::{ObjectError, Trouble};
pub use folder::key_in;
pub use key::{ObjectKey, ObjectKind};
pub use listing::Listed;
pub use parts::Unfinished;
pub use presigned::ADDRESS_LIFE;
pub use probe::watch;

/// The largest object that is written or read: four times the largest photo.
const OBJECT_BYTES_MAX: u64 = 64 << 20;
