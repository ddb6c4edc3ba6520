//! Tests of the demo as a whole; those of its parts stand beside them.

mod filling;
mod whole;
