//! Uploads, photos, what is known of their likeness, and what is covered of them, in the database.
//!
//! Uploads are a shopper's own; everything else is the agency's. Not here: which audits name a photo (`comparisons/repo.rs`).

mod likeness;
mod photos;
mod redactions;
mod uploads;

pub use likeness::{
    Examined, Marks, features, fine_prints, having, near, set_examined, unexamined,
};
pub use photos::{insert_photo, not_shown, objects_due, photo, photos_after, set_in_objects};
pub use redactions::{lock_photo, set_redactions};
pub use uploads::{
    append_chunk, chunks, delete_chunks, delete_upload, delivered_by_anybody, expired,
    finished_uploads, insert_upload, lock_upload, upload, upload_by_id, uploads,
};
