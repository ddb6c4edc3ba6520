//! The outbox of a phone that cannot send any more, brought to the server as a file: the same work by the same code as if the
//! phone had handed it in.

mod lines;
pub mod routes;
pub mod service;
