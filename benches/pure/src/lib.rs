//! The rules, built from the server's own source without the rest of it, and something to measure them with.
//!
//! Not here: the measurements (`benches/pure.rs`), and what a server makes of them (`../load`).

#[path = "../../../src/domain/mod.rs"]
pub mod domain;
#[path = "../../../src/photos/imaging/mod.rs"]
pub mod imaging;
pub mod samples;
