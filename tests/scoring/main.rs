//! What holds for every checklist and for all answers, looked for with random ones of both.
//!
//! Not here: cases whose figures were worked out by hand (`tests/golden.rs`).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod arbitrary;
mod differential;
mod properties;
